//! The rules of activities: they bring the facts to the [decisions](super::decisions) and store what follows.

use super::attachments::{content, file_name};
use super::decisions::{Occasion, check_span, deadline, event_agenda, reminder_times, task_times};
use super::options::{AttendeeResponse, EventStatus, TaskStatus};
use super::queries;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp};
use crate::journal::entry::Operation;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{FieldType, RecordData, RecordType, Reference, Value};

/// The rules of tasks.
pub(super) struct TaskRules;
/// The rules of meetings.
pub(super) struct MeetingRules;
/// The rules of attendees.
pub(super) struct AttendeeRules;
/// The rules of calls.
pub(super) struct CallRules;
/// The rules of notes.
pub(super) struct NoteRules;
/// The rules of reminders.
pub(super) struct ReminderRules;
/// The rules of attachments.
pub(super) struct AttachmentRules;

impl Rules for TaskRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        fill_links(change)?;
        let (status, deadline) = task_facts(work, &change.record_type, &change.after)?;
        let times = task_times(status, moment(change.after("completed_at")), deadline, work.now());
        change.set("completed_at", times.completed.into_value())?;
        change.set("occurs_at", times.occurs.into_value())?;
        change.set("agenda_at", times.agenda.into_value())
    }

    fn after(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        follow_reminders(work, change, &["status", "due_date", "due_at"])
    }
}

impl Rules for MeetingRules {
    fn before(&self, _work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        fill_links(change)?;
        let (Some(starts_at), Some(ends_at)) =
            (moment(change.after("starts_at")), moment(change.after("ends_at")))
        else {
            return Ok(());
        };
        check_span(starts_at, ends_at)?;
        let status = EventStatus::from_value(change.after("status").clone())?;
        let agenda = event_agenda(status, starts_at, AttendeeResponse::None);
        change.set("agenda_at", agenda.into_value())
    }

    fn after(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        if change.operation != Operation::Update
            || !["starts_at", "ends_at", "status"].iter().any(|field| change.changes(field))
        {
            return Ok(());
        }
        let attendees = work.record_type("meeting_attendee")?;
        for id in queries::attendees_of(work.connection, change.id())? {
            let attendee = work.require(&attendees, id)?;
            let response = AttendeeResponse::from_value(attendee.get(&attendees, "response").clone())?;
            work.set(&attendees, id, &attendance(&change.record_type, &change.after, response)?)?;
        }
        follow_reminders(work, change, &["starts_at", "status"])
    }
}

impl Rules for AttendeeRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        if let Value::Reference(attendee) = change.after("attendee") {
            if !matches!(attendee.record_type.as_str(), "user" | "person") {
                return Err(
                    CrmError::invalid("attendee.type", "is neither a user nor a person").at("attendee")
                );
            }
            if let (true, Some(meeting)) = (change.changes("attendee"), change.after("meeting").as_id()) {
                if queries::attends(work.connection, meeting, attendee, change.id())? {
                    let reason = "attends the meeting already";
                    return Err(
                        CrmError::new(ErrorKind::Duplicate, "attendee.duplicate", reason).at("attendee")
                    );
                }
            }
        }
        let response = AttendeeResponse::from_value(change.after("response").clone())?;
        if change.changes("response") && change.origin != Origin::Undo && change.before.is_some() {
            change.set("responded_at", Value::Timestamp(work.now()))?;
        }
        let Some(meeting) = change.after("meeting").as_id() else { return Ok(()) };
        let unchanged = !change.changes("meeting") && !change.changes("response");
        if unchanged {
            return Ok(());
        }
        let meetings = work.record_type("meeting")?;
        let Some(data) = work.get(&meetings, meeting)? else { return Ok(()) };
        for (field, value) in attendance(&meetings, &data, response)? {
            change.set(field, value)?;
        }
        Ok(())
    }
}

impl Rules for CallRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        fill_links(change)?;
        let starts_at = moment(change.after("starts_at")).unwrap_or(work.now());
        let status = EventStatus::from_value(change.after("status").clone())?;
        change.set("starts_at", Value::Timestamp(starts_at))?;
        change.set("agenda_at", event_agenda(status, starts_at, AttendeeResponse::None).into_value())
    }

    fn after(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        follow_reminders(work, change, &["starts_at", "status"])
    }
}

impl Rules for NoteRules {
    fn before(&self, _work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        fill_links(change)
    }
}

impl Rules for ReminderRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        let occasion = match change.after("about") {
            Value::Reference(about) => occasion(work, about)?,
            _ => Occasion { at: None, open: true },
        };
        let due_at = moment(change.after("due_at"));
        let seconds_before = whole(change.after("seconds_before"));
        if due_at.is_none() && seconds_before.is_none() {
            let reason = "needs a time, or how long before the activity it is";
            return Err(CrmError::invalid("reminder.time", reason).at("due_at"));
        }
        let done = !change.after("sent_at").is_null() || !change.after("dismissed_at").is_null();
        let times = reminder_times(occasion, due_at, seconds_before, done);
        change.set("due_at", times.due_at.into_value())?;
        change.set("pending_at", times.pending_at.into_value())
    }
}

impl Rules for AttachmentRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        match change.operation {
            Operation::Delete => return Ok(()),
            Operation::Create if change.origin == Origin::Host => {
                let reason = "an attachment is made together with its content";
                return Err(CrmError::invalid("attachment.no_content", reason).at("size"));
            }
            Operation::Restore => {
                let size = whole(change.after("size")).unwrap_or_default();
                content::require(work.connection, change.id(), size)?;
            }
            _ => {}
        }
        fill_links(change)?;
        if let Some(name) = change.after("file_name").as_text() {
            let safe = file_name::safe(name);
            change.set("file_name", Value::Text(safe))?;
        }
        let media_type = match change.after("media_type").as_text() {
            Some(media_type) => file_name::media_type(media_type)?,
            None => file_name::UNKNOWN_MEDIA_TYPE.to_owned(),
        };
        change.set("media_type", Value::Text(media_type))
    }
}

/// Links an activity about a person or an organisation to it in the typed field, too: by it, lists find the
/// activity, and the journal seals its personal values under the key of the person.
fn fill_links(change: &mut Change) -> Result<()> {
    let Value::Reference(about) = change.after("about") else { return Ok(()) };
    let (name, id) = (about.record_type.clone(), about.id);
    let typed = matches!(name.as_str(), "person" | "organisation");
    if change.operation != Operation::Delete
        && typed
        && change.record_type.field(&name).is_some()
        && change.after(&name).is_null()
    {
        change.set(&name, Value::Id(id))?;
    }
    Ok(())
}

/// What an attendee knows of its meeting.
fn attendance(
    meetings: &RecordType,
    meeting: &RecordData,
    response: AttendeeResponse,
) -> Result<[(&'static str, Value); 3]> {
    let starts_at = meeting.get(meetings, "starts_at");
    let status = EventStatus::from_value(meeting.get(meetings, "status").clone())?;
    let agenda = moment(starts_at).and_then(|starts_at| event_agenda(status, starts_at, response));
    Ok([
        ("starts_at", starts_at.clone()),
        ("ends_at", meeting.get(meetings, "ends_at").clone()),
        ("agenda_at", agenda.into_value()),
    ])
}

/// The status and the deadline of a task.
fn task_facts(
    work: &UnitOfWork<'_>,
    tasks: &RecordType,
    task: &RecordData,
) -> Result<(TaskStatus, Option<Timestamp>)> {
    let status = TaskStatus::from_value(task.get(tasks, "status").clone())?;
    let zone = work.engine.config.default_zone;
    let deadline = deadline(date(task.get(tasks, "due_date")), moment(task.get(tasks, "due_at")), zone)?;
    Ok((status, deadline))
}

/// What a reminder must know about a record.
fn occasion(work: &UnitOfWork<'_>, about: &Reference) -> Result<Occasion> {
    let plain = Occasion { at: None, open: true };
    if !matches!(about.record_type.as_str(), "task" | "meeting" | "call") {
        return Ok(plain);
    }
    let record_type = work.record_type(&about.record_type)?;
    match work.get(&record_type, about.id)? {
        Some(data) => occasion_of(work, &record_type, &data),
        None => Ok(plain),
    }
}

fn occasion_of(work: &UnitOfWork<'_>, record_type: &RecordType, data: &RecordData) -> Result<Occasion> {
    if record_type.name() == "task" {
        let (status, at) = task_facts(work, record_type, data)?;
        return Ok(Occasion { at, open: status.is_open() });
    }
    let status = EventStatus::from_value(data.get(record_type, "status").clone())?;
    Ok(Occasion { at: moment(data.get(record_type, "starts_at")), open: status == EventStatus::Planned })
}

/// Keeps the reminders of an activity in step with its time and its status.
fn follow_reminders(work: &mut UnitOfWork<'_>, change: &Change, fields: &[&str]) -> Result<()> {
    if change.operation != Operation::Update || !fields.iter().any(|field| change.changes(field)) {
        return Ok(());
    }
    let about = Reference::new(change.record_type.name(), change.id());
    let reminders: Vec<RecordId> = queries::reminders_of(work.connection, &about)?;
    if reminders.is_empty() {
        return Ok(());
    }
    let occasion = occasion_of(work, &change.record_type, &change.after)?;
    let record_type = work.record_type("reminder")?;
    for id in reminders {
        let reminder = work.require(&record_type, id)?;
        let value = |field| reminder.get(&record_type, field);
        let done = !value("sent_at").is_null() || !value("dismissed_at").is_null();
        let times = reminder_times(occasion, moment(value("due_at")), whole(value("seconds_before")), done);
        let values = [("due_at", times.due_at.into_value()), ("pending_at", times.pending_at.into_value())];
        work.set(&record_type, id, &values)?;
    }
    Ok(())
}

pub(super) fn moment(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Timestamp(at) => Some(*at),
        _ => None,
    }
}

fn date(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        _ => None,
    }
}

pub(super) fn whole(value: &Value) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        _ => None,
    }
}
