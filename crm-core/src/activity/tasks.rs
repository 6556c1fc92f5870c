//! What can be done with tasks.

use super::ids::TaskId;
use super::model::Task;
use super::options::TaskStatus;
use crate::contacts::{OrganisationId, PersonId};
use crate::error::{CrmError, Result};
use crate::ground::time::{Date, Timestamp};
use crate::record::door::read;
use crate::record::records::Records;
use crate::record::set::visible;
use crate::record::unit::not_found;
use crate::record::{FieldType, Meta, Reference, Value};
use crate::storage::ReadMode;

/// When a task is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// By the end of a day.
    On(Date),
    /// At a moment.
    At(Timestamp),
}

/// A task that follows up an activity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FollowUp {
    /// What is to be done; the subject of the activity when nothing is said.
    pub subject: Option<String>,
    /// When it is due.
    pub due: Option<Due>,
    /// Who has to do it; the owner of the activity when nobody is named.
    pub owner: Option<crate::access::users::UserId>,
}

impl Records<'_, Task> {
    /// Completes a task: it leaves the agenda, and stands on the timelines where it was done.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn complete(&self, id: impl Into<TaskId>) -> Result<Task> {
        self.with_status(id.into(), TaskStatus::Completed)
    }

    /// Opens a task again that was completed, deferred or cancelled. One that is open stays as it is.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn reopen(&self, id: impl Into<TaskId>) -> Result<Task> {
        let id = id.into();
        let task = self.get(id)?;
        if task.status.is_open() { Ok(task) } else { self.with_status(id, TaskStatus::InProgress) }
    }

    fn with_status(&self, id: TaskId, status: TaskStatus) -> Result<Task> {
        self.set.set(id.into(), &[("status", status.into_value())])?.typed()
    }

    /// Creates a task that follows up a task, meeting or call: about the same record, person and organisation.
    ///
    /// # Errors
    /// `task.follow_up` for a record that is no activity; `record.not_found`; as [`create`](Self::create).
    pub fn follow_up(&self, of: &Reference, follow_up: &FollowUp) -> Result<Task> {
        if !matches!(of.record_type.as_str(), "task" | "meeting" | "call") {
            return Err(CrmError::invalid("task.follow_up", "is no task, meeting or call").at("of"));
        }
        let task = read(self.set.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(&of.record_type)?;
            let data = visible(reader, record_type, of.id)?.ok_or_else(|| not_found(record_type.name()))?;
            let value = |field| data.get(record_type, field);
            let subject = follow_up.subject.clone();
            Ok(Task {
                meta: Meta {
                    owner: follow_up.owner.map(Into::into).or_else(|| value("owner").as_id()),
                    team: value("team").as_id(),
                    ..Meta::default()
                },
                subject: subject
                    .or_else(|| value("subject").as_text().map(str::to_owned))
                    .unwrap_or_default(),
                about: match value("about") {
                    Value::Reference(about) => Some((**about).clone()),
                    _ => None,
                },
                person: value("person").as_id().map(PersonId::from),
                organisation: value("organisation").as_id().map(OrganisationId::from),
                follow_up_of: Some(of.clone()),
                due_date: match follow_up.due {
                    Some(Due::On(date)) => Some(date),
                    _ => None,
                },
                due_at: match follow_up.due {
                    Some(Due::At(at)) => Some(at),
                    _ => None,
                },
                ..Task::default()
            })
        })?;
        self.create(task)
    }
}
