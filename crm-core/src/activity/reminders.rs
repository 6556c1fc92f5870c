//! What can be done with reminders.

use super::ids::ReminderId;
use super::model::Reminder;
use crate::access::users::UserId;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::record::filter::field;
use crate::record::query::{Cursor, DEFAULT_LIMIT, Query};
use crate::record::{Page, Records, Value};

/// Which reminders are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ReminderQuery {
    /// Those of a user; of all users when nobody is named.
    pub user: Option<UserId>,
    /// How many, 1 to 1,000.
    pub limit: u32,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

impl Default for ReminderQuery {
    fn default() -> Self {
        Self { user: None, limit: DEFAULT_LIMIT, cursor: None }
    }
}

impl Records<'_, Reminder> {
    /// The reminders that are due by a moment and neither sent nor dismissed, the earliest first. A cursor goes on
    /// with the same moment.
    ///
    /// # Errors
    /// `query.limit`, `cursor.invalid`, `cursor.other_query`.
    pub fn due(&self, until: Timestamp, query: &ReminderQuery) -> Result<Page<Reminder>> {
        let mut wanted = Query::new()
            .filter(field("pending_at").at_most(until))
            .ascending("pending_at")
            .limit(query.limit);
        if let Some(user) = query.user {
            wanted = wanted.filter(field("user").equals(RecordId::from(user)));
        }
        wanted.cursor.clone_from(&query.cursor);
        self.list(&wanted)
    }

    /// Puts a reminder away.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn dismiss(&self, id: impl Into<ReminderId>) -> Result<Reminder> {
        let now = self.set.door.engine().clock.now();
        self.with(id.into(), &[("dismissed_at", Value::Timestamp(now))])
    }

    /// Notes that the host has sent a reminder by e-mail.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn mark_sent(&self, id: impl Into<ReminderId>) -> Result<Reminder> {
        let now = self.set.door.engine().clock.now();
        self.with(id.into(), &[("sent_at", Value::Timestamp(now))])
    }

    /// Reminds again at another moment. From now on the reminder does not follow its activity any more.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn snooze(&self, id: impl Into<ReminderId>, until: Timestamp) -> Result<Reminder> {
        let values = [
            ("due_at", Value::Timestamp(until)),
            ("seconds_before", Value::Null),
            ("dismissed_at", Value::Null),
            ("sent_at", Value::Null),
        ];
        self.with(id.into(), &values)
    }

    fn with(&self, id: ReminderId, values: &[(&str, Value)]) -> Result<Reminder> {
        self.set.set(id.into(), values)?.typed()
    }
}
