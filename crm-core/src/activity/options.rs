//! The options of the select fields of activities.

use crate::record::select::select;

select! {
    /// How far a task is.
    pub enum TaskStatus {
        /// Nobody has begun.
        #[default]
        NotStarted = "not_started",
        /// Somebody is at it.
        InProgress = "in_progress",
        /// It is done.
        Completed = "completed",
        /// It was put off and is not on the agenda.
        Deferred = "deferred",
        /// It will not be done.
        Cancelled = "cancelled",
    }

    /// How much a task matters.
    pub enum TaskPriority {
        /// It can wait.
        Low = "low",
        /// As usual.
        #[default]
        Normal = "normal",
        /// Before others.
        High = "high",
        /// At once.
        Urgent = "urgent",
    }

    /// Whether a meeting or call is to come, took place, or did not.
    pub enum EventStatus {
        /// It is to come.
        #[default]
        Planned = "planned",
        /// It took place.
        Held = "held",
        /// It did not take place.
        NotHeld = "not_held",
    }

    /// Who called whom.
    pub enum CallDirection {
        /// A user called.
        #[default]
        Outbound = "outbound",
        /// A user was called.
        Inbound = "inbound",
    }

    /// What somebody is in a meeting (ROLE and ORGANIZER of RFC 5545).
    pub enum AttendeeRole {
        /// Calls the meeting.
        Organiser = "organiser",
        /// Has to be there.
        #[default]
        Required = "required",
        /// May be there.
        Optional = "optional",
    }

    /// What an attendee has answered (PARTSTAT of RFC 5545).
    pub enum AttendeeResponse {
        /// Nothing yet.
        #[default]
        None = "none",
        /// Comes.
        Accepted = "accepted",
        /// Perhaps comes.
        Tentative = "tentative",
        /// Does not come.
        Declined = "declined",
    }

    /// How a user is reminded.
    pub enum ReminderMethod {
        /// On the screen.
        #[default]
        Popup = "popup",
        /// By e-mail, which the host sends.
        Email = "email",
    }
}

impl TaskStatus {
    /// Whether the task is on the agenda.
    pub fn is_open(self) -> bool {
        matches!(self, Self::NotStarted | Self::InProgress)
    }
}
