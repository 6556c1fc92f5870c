//! The agenda of a user: what is overdue, what is due today and what comes, in one list.

use super::options::EventStatus;
use super::page::{check_limit, cursor, find, place};
use crate::access::users::UserId;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::ground::zone::{DateUnit, Zone};
use crate::record::door::{Door, Reader, Snapshot, Transaction, read};
use crate::record::filter::compile::Selection;
use crate::record::filter::{OwnedParam, Statement, field};
use crate::record::list::with_context;
use crate::record::query::{Cursor, DEFAULT_LIMIT};
use crate::record::{Page, Redaction, Reference};
use crate::session::Session;
use crate::storage::{Param, ReadMode, query_all, query_one};

/// Which part of an agenda is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct AgendaQuery {
    /// The last moment; without it, all that comes.
    pub until: Option<Timestamp>,
    /// How many, 1 to 1,000.
    pub limit: u32,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

impl Default for AgendaQuery {
    fn default() -> Self {
        Self { until: None, limit: DEFAULT_LIMIT, cursor: None }
    }
}

/// Where something on an agenda stands from now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AgendaBucket {
    /// Its time is over.
    Overdue,
    /// It is due in what is left of today, in the user's time zone.
    Today,
    /// It is due on a later day.
    Upcoming,
}

/// A task, planned call or planned meeting on an agenda.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgendaItem {
    /// The task, call or meeting.
    pub record: Reference,
    /// Its subject.
    pub title: String,
    /// When it is due or starts. A task that is due on a day is due in its last microsecond.
    pub at: Timestamp,
    /// Where it stands from now.
    pub bucket: AgendaBucket,
    /// The fields that the session may not see.
    pub redactions: Vec<Redaction>,
}

/// Where a list ended: time, source and row.
type Place = (i64, usize, i64);

/// The sources of an agenda. Their order decides between items of the same moment.
const SOURCES: [Source; 4] = [
    Source { name: "meeting", owned: true },
    Source { name: "meeting_attendee", owned: false },
    Source { name: "call", owned: true },
    Source { name: "task", owned: true },
];

struct Source {
    name: &'static str,
    /// Whether it is found by the owner; by the attendee otherwise.
    owned: bool,
}

/// An item with its place in the order.
struct Found {
    place: Place,
    item: AgendaItem,
}

/// The agenda of a user: open tasks with a due date that the user owns, planned calls that the user owns, and planned
/// meetings that the user owns or takes part in and has not declined; the earliest first.
pub(super) fn agenda(door: &dyn Door, user: UserId, query: &AgendaQuery) -> Result<Page<AgendaItem>> {
    let limit = check_limit(query.limit)?;
    let list = format!("agenda of {user}");
    let after: Option<Place> = query.cursor.as_ref().map(|cursor| place(&list, cursor)).transpose()?;
    read(door, ReadMode::Snapshot, |reader| {
        let now = reader.now();
        let (_, tomorrow) = zone_of(reader, user)?.range_of(DateUnit::Day, now);
        let mut found = Vec::new();
        for (rank, source) in SOURCES.iter().enumerate() {
            let statement = statement(reader, rank, source, user, query, after)?;
            let rows = query_all(reader.connection, &statement.sql, &statement.params(), |row| {
                let at = row.timestamp(1)?.unwrap_or_default();
                let bucket = match at {
                    at if at < now => AgendaBucket::Overdue,
                    at if at < tomorrow => AgendaBucket::Today,
                    _ => AgendaBucket::Upcoming,
                };
                let name = if source.name == "meeting_attendee" { "meeting" } else { source.name };
                Ok(Found {
                    place: (at.micros(), rank, row.integer(0)?.unwrap_or_default()),
                    item: AgendaItem {
                        record: Reference::new(name, row.id(2)?.unwrap_or_default()),
                        title: row.text(3)?.unwrap_or_default().to_owned(),
                        at,
                        bucket,
                        redactions: Vec::new(),
                    },
                })
            })?;
            found.extend(rows);
        }
        sort::by_key(&mut found, |found| found.place);
        let more = found.len() > limit;
        found.truncate(limit);
        let next = match found.last() {
            Some(last) if more => Some(cursor(&list, &last.place)?),
            _ => None,
        };
        let mut items: Vec<AgendaItem> = found.into_iter().map(|found| found.item).collect();
        items.iter_mut().try_for_each(|item| redact(reader, item))?;
        Ok(Page { records: items, next })
    })
}

/// Blanks the subject of an item that the session may not see.
fn redact(reader: &Reader<'_>, item: &mut AgendaItem) -> Result<()> {
    let record_type = reader.schema.require(&item.record.record_type)?;
    if reader.scope.is_open_for(record_type) {
        return Ok(());
    }
    let shown = find(reader, record_type, "\"id\"", OwnedParam::Id(item.record.id))?;
    let Some(data) = shown else { return Ok(()) };
    item.title = data.get(record_type, "subject").as_text().unwrap_or_default().to_owned();
    item.redactions = data.redactions(record_type);
    Ok(())
}

/// The statement for one source: the number of the row, the time, the record and its subject.
fn statement(
    reader: &Reader<'_>,
    rank: usize,
    source: &Source,
    user: UserId,
    query: &AgendaQuery,
    after: Option<Place>,
) -> Result<Statement> {
    let attendee = Reference::new("user", user).to_string();
    with_context(reader, |context| {
        let record_type = reader.schema.require(source.name)?;
        let mut selection = Selection::new(record_type, context)?;
        if source.owned {
            let owner = selection.bind(OwnedParam::Id(RecordId::from(user)));
            selection.restrict_sql(format!("t.owner = {owner}"));
        } else {
            let attendee = selection.bind(OwnedParam::Text(attendee.clone()));
            selection.restrict_sql(format!("t.attendee = {attendee}"));
            let meetings = reader.schema.require("meeting")?;
            if reader.engine.access.predicate(reader.viewer, meetings).is_some() {
                // A path into a record that the session may not see gives nothing.
                selection.restrict(&field("meeting.status").equals(EventStatus::Planned.key()))?;
            }
        }
        if source.name == "meeting" {
            // An owner who is an attendee, too, has answered there.
            let attendee = selection.bind(OwnedParam::Text(attendee));
            selection.restrict_sql(format!(
                "NOT EXISTS (SELECT 1 FROM {} AS a WHERE a.meeting = t.\"id\" AND a.attendee = {attendee})",
                reader.table(reader.schema.require("meeting_attendee")?)
            ));
        }
        let until = selection.bind(OwnedParam::Timestamp(query.until.unwrap_or(Timestamp::MAX)));
        selection.restrict_sql(format!("t.agenda_at <= {until}"));
        if let Some((at, last_rank, row_id)) = after {
            let at = selection.bind(OwnedParam::Timestamp(Timestamp::from_micros(at)));
            selection.restrict_sql(format!("t.agenda_at >= {at}"));
            // Of the same moment, earlier sources are done with and later ones are still to come.
            if rank < last_rank {
                selection.restrict_sql(format!("t.agenda_at > {at}"));
            } else if rank == last_rank {
                let row_id = selection.bind(OwnedParam::Integer(row_id));
                selection.restrict_sql(format!("(t.agenda_at > {at} OR t.row_id > {row_id})"));
            }
        }
        let limit = selection.bind(OwnedParam::Integer(i64::from(query.limit) + 1));
        let columns = if source.owned {
            "SELECT t.row_id, t.agenda_at, t.\"id\", t.subject".to_owned()
        } else {
            format!(
                "SELECT t.row_id, t.agenda_at, t.meeting, (SELECT m.subject FROM {} AS m WHERE m.\"id\" = t.meeting)",
                reader.table(reader.schema.require("meeting")?)
            )
        };
        let mut statement = selection.statement(&columns)?;
        statement.sql = format!("{} ORDER BY t.agenda_at, t.row_id LIMIT {limit}", statement.sql);
        Ok(statement)
    })
}

/// The time zone in which the user's "today" is meant.
fn zone_of(reader: &Reader<'_>, user: UserId) -> Result<Zone> {
    let users = reader.table(reader.schema.require("user")?);
    let sql = format!("SELECT time_zone FROM {users} WHERE \"id\" = ?1");
    let zone = query_one(reader.connection, &sql, &[Param::Id(user.into())], |row| {
        Ok(row.text(0)?.and_then(|name| name.parse().ok()))
    })?;
    Ok(zone.flatten().unwrap_or(reader.engine.config.default_zone))
}

macro_rules! agenda_of {
    ($($door:ty),+) => {$(
        impl $door {
            /// The agenda of a user: open tasks that are due, planned calls and planned meetings, the earliest first.
            /// Meetings are there for who owns them and for who takes part and has not declined.
            ///
            /// # Errors
            /// `query.limit`, `cursor.invalid`, `cursor.other_query`.
            pub fn agenda(&self, user: impl Into<UserId>, query: &AgendaQuery) -> Result<Page<AgendaItem>> {
                agenda(self, user.into(), query)
            }
        }
    )+};
}
agenda_of!(Session, Transaction<'_, '_>, Snapshot<'_>, crate::record::door::Scope<'_>);
