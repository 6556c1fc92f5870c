//! Putting what was found into words.

use super::super::page::find;
use super::labels::{self, Names};
use super::sources::{ActivityKey, Found, Wanted};
use super::{CHANGE, TimelineItem};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::journal::entry::{Operation, StoredEntry};
use crate::record::descriptor::label_of;
use crate::record::door::Reader;
use crate::record::filter::OwnedParam;
use crate::record::schema::system;
use crate::record::{RecordData, RecordType, Reference};
use crate::storage::{Param, query_all};

/// The type whose entries stand for a record of another type: the meeting that is attended.
const ATTENDANCE: &str = "meeting_attendee";

/// Makes items, and looks each name up once.
pub(super) struct Presenter<'r> {
    reader: &'r Reader<'r>,
    wanted: &'r Wanted,
    names: Names<'r>,
}

impl<'r> Presenter<'r> {
    pub(super) fn new(reader: &'r Reader<'r>, wanted: &'r Wanted) -> Self {
        Self { reader, wanted, names: Names::new(reader) }
    }

    /// The item; `None` for what the session may not see, and for what stands on the timeline in another place.
    pub(super) fn item(&mut self, found: Found) -> Result<Option<TimelineItem>> {
        match found {
            Found::Activity(key) => self.activity(key),
            Found::Change(entry) => self.change(*entry).map(Some),
        }
    }

    fn activity(&mut self, (at, number, row): ActivityKey) -> Result<Option<TimelineItem>> {
        let schema = &self.reader.schema;
        let Some(mut record_type) = schema.by_number(number) else { return Ok(None) };
        let Some(mut data) = find(self.reader, record_type, "row_id", OwnedParam::Integer(row))? else {
            return Ok(None);
        };
        if record_type.name() == ATTENDANCE {
            let Some(meeting) = self.attended(record_type, &data)? else { return Ok(None) };
            record_type = schema.require("meeting")?;
            data = meeting;
        }
        let actor = data.at(system::CREATED_BY).as_id().unwrap_or_default();
        Ok(Some(TimelineItem {
            kind: record_type.name().to_owned(),
            at,
            title: labels::title(record_type, &data),
            text: labels::text(record_type, &data)?,
            record: Reference::new(record_type.name(), data.id()),
            actor: Some(actor).filter(|actor| !actor.is_nil()),
            actor_name: self.names.of_user(actor)?,
            operation: None,
            sequence: None,
            changes: Vec::new(),
            erased: false,
            redactions: data.redactions(record_type),
        }))
    }

    /// The meeting that an attendance stands for; `None` when the meeting stands on the timeline by itself, or by
    /// another attendance.
    fn attended(&self, attendances: &RecordType, attendance: &RecordData) -> Result<Option<RecordData>> {
        let Some(id) = attendance.get(attendances, "meeting").as_id() else { return Ok(None) };
        let meetings = self.reader.schema.require("meeting")?;
        let Some(meeting) = find(self.reader, meetings, "\"id\"", OwnedParam::Id(id))? else {
            return Ok(None);
        };
        for link in ["about", "person", "organisation"] {
            if let Some(linked) = meeting.get(meetings, link).as_id() {
                if self.is_subject(linked)? {
                    return Ok(None);
                }
            }
        }
        if self.wanted.with_people {
            // Of several people of the organisation, the attendance that comes first in the list counts.
            for other in earlier_attendees(self.reader, id, attendance.row_id)? {
                if self.is_subject(other)? {
                    return Ok(None);
                }
            }
        }
        Ok(Some(meeting))
    }

    /// Whether entries under this record are on the timeline that is asked for.
    fn is_subject(&self, id: RecordId) -> Result<bool> {
        if id == self.wanted.subject.id {
            return Ok(true);
        }
        if !self.wanted.with_people {
            return Ok(false);
        }
        let people = self.reader.schema.require("person")?;
        let person = find(self.reader, people, "\"id\"", OwnedParam::Id(id))?;
        Ok(person
            .is_some_and(|person| person.get(people, "organisation").as_id() == Some(self.wanted.subject.id)))
    }

    fn change(&mut self, entry: StoredEntry) -> Result<TimelineItem> {
        let reader = self.reader;
        let entry = entry.into_entry(reader)?;
        let record_type = reader.schema.find(&entry.record_type).map(AsRef::as_ref);
        let mut changes = Vec::new();
        // What a record was created with is the record; only changes of fields are told one by one.
        if entry.operation == Operation::Update {
            for change in entry.changes {
                changes.push(self.names.change(record_type, change)?);
            }
        }
        let done = match entry.operation {
            Operation::Create => "created",
            Operation::Update => "changed",
            Operation::Delete => "deleted",
            Operation::Restore => "restored",
            Operation::Purge => "purged",
        };
        let labels: Vec<&str> = changes.iter().map(|change| change.label.as_str()).collect();
        let what = if labels.is_empty() { label_of(&entry.record_type) } else { labels.join(", ") };
        let text = match (changes.is_empty(), entry.erased) {
            (false, false) => Some(labels::in_words(&changes)),
            (false, true) => Some(format!("{}; {ERASED}", labels::in_words(&changes))),
            (true, true) => Some(ERASED.to_owned()),
            (true, false) => None,
        };
        Ok(TimelineItem {
            kind: CHANGE.to_owned(),
            at: entry.at,
            title: format!("{what} {done}"),
            text,
            record: Reference::new(entry.record_type, entry.record),
            actor: Some(entry.actor).filter(|actor| !actor.is_nil()),
            actor_name: self.names.of_user(entry.actor)?,
            operation: Some(entry.operation),
            sequence: Some(entry.sequence),
            changes,
            erased: entry.erased,
            redactions: entry.redactions,
        })
    }
}

/// What stands where values were erased.
const ERASED: &str = "values erased";

/// Who attends a meeting by a later row than this one: the list goes from later rows to earlier ones.
fn earlier_attendees(reader: &Reader<'_>, meeting: RecordId, row: i64) -> Result<Vec<RecordId>> {
    let attendances = reader.table(reader.schema.require(ATTENDANCE)?);
    let sql = format!("SELECT attendee FROM {attendances} WHERE meeting = ?1 AND row_id > ?2");
    let found = query_all(reader.connection, &sql, &[Param::Id(meeting), Param::Integer(row)], |row| {
        Ok(row.text(0)?.and_then(|text| text.parse::<Reference>().ok()))
    })?;
    Ok(found.into_iter().flatten().map(|reference| reference.id).collect())
}
