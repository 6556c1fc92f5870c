//! The two sources of a timeline, read in batches and merged.
//!
//! The order is by time, the newest first. Of the same moment, activities stand before changes; activities are
//! ordered by type and row, changes by their sequence.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::{CHANGE, TimelineQuery};
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::entry::{COLUMNS, StoredEntry};
use crate::journal::feed::stored_entries;
use crate::record::Reference;
use crate::record::door::Reader;
use crate::record::filter::compile::Selection;
use crate::record::filter::{OwnedParam, Statement};
use crate::record::list::with_context;
use crate::storage::{Param, query_all};

/// The entry of an activity: when, the number of its type, the number of its row.
pub(super) type ActivityKey = (Timestamp, i64, i64);

/// Where a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(super) struct Place {
    /// The time of the last item, in microseconds.
    at: i64,
    /// The type and the row of the last item; `None` when it was a change.
    activity: Option<(i64, i64)>,
    /// The sequence of the last change that was given.
    sequence: Option<i64>,
}

/// Something on the timeline that still has to be put into words.
pub(super) enum Found {
    Activity(ActivityKey),
    Change(Box<StoredEntry>),
}

/// What is asked for, resolved.
pub(super) struct Wanted {
    pub(super) subject: Reference,
    pub(super) with_people: bool,
    /// The numbers of the record types; `None` for all.
    types: Option<Vec<i64>>,
    changes: bool,
}

impl Wanted {
    pub(super) fn of(reader: &Reader<'_>, subject: &Reference, query: &TimelineQuery) -> Result<Self> {
        let mut types = Vec::new();
        for kind in query.kinds.iter().filter(|kind| *kind != CHANGE) {
            let record_type = reader.schema.require(kind).map_err(|error| error.within("kinds"))?;
            types.push(record_type.number);
            // Meetings stand on the timelines of those who attend through the attendance.
            if record_type.name() == "meeting" {
                types.push(reader.schema.require("meeting_attendee")?.number);
            }
        }
        let all = query.kinds.is_empty();
        Ok(Self {
            subject: subject.clone(),
            with_people: query.with_people,
            types: (!all).then_some(types),
            changes: all || query.kinds.iter().any(|kind| kind == CHANGE),
        })
    }
}

/// Both sources from a place on.
pub(super) struct Sources<'r> {
    reader: &'r Reader<'r>,
    wanted: &'r Wanted,
    batch: usize,
    activities: VecDeque<ActivityKey>,
    changes: VecDeque<StoredEntry>,
    /// Where the next batch of activities begins; `None` when there is no more.
    activities_from: Option<ActivityKey>,
    /// Where the next batch of changes begins: before this sequence, at this time or earlier.
    changes_from: Option<(i64, Timestamp)>,
    last_sequence: Option<i64>,
}

impl<'r> Sources<'r> {
    pub(super) fn after(
        reader: &'r Reader<'r>,
        wanted: &'r Wanted,
        place: Option<Place>,
        batch: usize,
    ) -> Self {
        let at = place.map_or(Timestamp::MAX, |place| Timestamp::from_micros(place.at));
        let last_sequence = place.and_then(|place| place.sequence);
        let activity = match place {
            None => (at, i64::MAX, i64::MAX),
            Some(Place { activity: Some((record_type, row)), .. }) => (at, record_type, row),
            // After a change come only activities of an earlier moment.
            Some(Place { activity: None, .. }) => (at, i64::MIN, i64::MIN),
        };
        let has_activities = wanted.types.as_ref().is_none_or(|types| !types.is_empty());
        let end = reader.as_of.map_or(i64::MAX, |past| i64::try_from(past.journal_end()).unwrap_or(i64::MAX));
        Self {
            reader,
            wanted,
            batch,
            activities: VecDeque::new(),
            changes: VecDeque::new(),
            activities_from: has_activities.then_some(activity),
            changes_from: wanted.changes.then_some((last_sequence.map_or(end, |last| last.min(end)), at)),
            last_sequence,
        }
    }

    /// The next of both, with its place.
    pub(super) fn next(&mut self) -> Result<Option<(Found, Place)>> {
        self.refill()?;
        let activity_first = match (self.activities.front(), self.changes.front()) {
            (Some((at, ..)), Some(change)) => *at >= change.header.at,
            (activity, _) => activity.is_some(),
        };
        if activity_first {
            let Some(key) = self.activities.pop_front() else { return Ok(None) };
            let place =
                Place { at: key.0.micros(), activity: Some((key.1, key.2)), sequence: self.last_sequence };
            return Ok(Some((Found::Activity(key), place)));
        }
        let Some(change) = self.changes.pop_front() else { return Ok(None) };
        self.last_sequence = i64::try_from(change.header.sequence).ok();
        let place = Place { at: change.header.at.micros(), activity: None, sequence: self.last_sequence };
        Ok(Some((Found::Change(Box::new(change)), place)))
    }

    fn refill(&mut self) -> Result<()> {
        if let (true, Some(from)) = (self.activities.is_empty(), self.activities_from) {
            let found = self.read_activities(from)?;
            self.activities_from = found.last().copied().filter(|_| found.len() == self.batch);
            self.activities = found.into();
            let mut before = None;
            self.activities.retain(|key| before.replace(*key) != Some(*key));
        }
        if let (true, Some((before, at))) = (self.changes.is_empty(), self.changes_from) {
            let found = read_changes(self.reader, self.wanted.subject.id, before, at, self.batch)?;
            let last = found.last().and_then(|change| i64::try_from(change.header.sequence).ok());
            self.changes_from = last.filter(|_| found.len() == self.batch).map(|last| (last, at));
            self.changes = found.into();
        }
        Ok(())
    }

    fn read_activities(&self, from: ActivityKey) -> Result<Vec<ActivityKey>> {
        let statement = activities(self.reader, self.wanted, from, self.batch)?;
        query_all(self.reader.connection, &statement.sql, &statement.params(), |row| {
            Ok((
                row.timestamp(0)?.unwrap_or_default(),
                row.integer(1)?.unwrap_or_default(),
                row.integer(2)?.unwrap_or_default(),
            ))
        })
    }
}

/// The statement for the activities behind a key.
///
/// With the people of an organisation, an activity that stands on several of their timelines is in it as often.
fn activities(reader: &Reader<'_>, wanted: &Wanted, from: ActivityKey, batch: usize) -> Result<Statement> {
    let limit = i64::try_from(batch).unwrap_or(i64::MAX);
    let entries = reader.timeline_table();
    let own = Statement {
        sql: format!(
            "{COLUMNS_OF_ENTRY} FROM {entries} AS l WHERE l.subject = ?5 AND {}{ORDER} ?4",
            behind(wanted, ["?1", "?2", "?3"])
        ),
        parameters: vec![
            OwnedParam::Timestamp(from.0),
            OwnedParam::Integer(from.1),
            OwnedParam::Integer(from.2),
            OwnedParam::Integer(limit),
            OwnedParam::Id(wanted.subject.id),
        ],
    };
    if !wanted.with_people {
        return Ok(own);
    }
    with_context(reader, |context| {
        let mut selection = Selection::new(reader.schema.require("person")?, context)?;
        let places: Vec<String> =
            own.parameters.into_iter().map(|parameter| selection.bind(parameter)).collect();
        let [at, record_type, row, limit, subject] = places.as_slice() else {
            return Err(CrmError::internal("a statement lost a parameter"));
        };
        let behind = behind(wanted, [at, record_type, row]);
        selection.restrict_sql(format!("t.organisation = {subject}"));
        selection.restrict_sql("l.subject = t.\"id\"".to_owned());
        selection.restrict_sql(behind.clone());
        // CROSS JOIN keeps SQLite from beginning with the timelines of everybody.
        let sql = format!(
            "SELECT * FROM ({COLUMNS_OF_ENTRY} FROM {entries} AS l WHERE l.subject = {subject} AND {behind}{ORDER} {limit}) AS own \
             UNION ALL SELECT * FROM ({COLUMNS_OF_ENTRY} FROM {} CROSS JOIN {entries} AS l WHERE {}{ORDER} {limit}) AS theirs\
             {ORDER} {limit}",
            selection.from(),
            selection.condition(),
        );
        selection.finish(sql)
    })
}

const COLUMNS_OF_ENTRY: &str = "SELECT l.at, l.record_type, l.record";
const ORDER: &str = " ORDER BY 1 DESC, 2 DESC, 3 DESC LIMIT";

/// The condition for the entries behind a key, of the types that are wanted.
fn behind(wanted: &Wanted, [at, record_type, row]: [&str; 3]) -> String {
    let mut condition = format!(
        "l.at <= {at} AND (l.at < {at} OR l.record_type < {record_type} \
         OR (l.record_type = {record_type} AND l.record < {row}))"
    );
    if let Some(types) = &wanted.types {
        let numbers: Vec<String> = types.iter().map(ToString::to_string).collect();
        condition = format!("{condition} AND l.record_type IN ({})", numbers.join(", "));
    }
    condition
}

fn read_changes(
    reader: &Reader<'_>,
    record: RecordId,
    before: i64,
    at: Timestamp,
    batch: usize,
) -> Result<Vec<StoredEntry>> {
    let sql = changes_sql();
    let limit = i64::try_from(batch).unwrap_or(i64::MAX);
    let parameters = [Param::Id(record), Param::Integer(before), Param::Timestamp(at), Param::Integer(limit)];
    stored_entries(reader.connection, &sql, &parameters)
}

/// The statement for the changes of the record `?1` before sequence `?2`, at time `?3` or earlier.
fn changes_sql() -> String {
    format!(
        "SELECT {COLUMNS} FROM crm_journal WHERE record = ?1 AND sequence < ?2 AND at <= ?3 \
         ORDER BY sequence DESC LIMIT ?4"
    )
}
