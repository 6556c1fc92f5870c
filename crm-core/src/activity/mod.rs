//! Activities: tasks, meetings, calls, notes, reminders, attachments, and the timeline on which they meet.

mod agenda;
pub mod attachments;
mod decisions;
pub mod ids;
mod meetings;
pub mod model;
pub mod options;
mod page;
mod queries;
mod reminders;
mod rules;
mod tasks;
pub mod timeline;

pub use agenda::{AgendaBucket, AgendaItem, AgendaQuery};
pub use ids::{AttachmentId, CallId, MeetingAttendeeId, MeetingId, NoteId, ReminderId, TaskId};
pub use meetings::BusyTime;
pub use model::{Attachment, Call, Meeting, MeetingAttendee, Note, Reminder, Task};
pub use options::{
    AttendeeResponse, AttendeeRole, CallDirection, EventStatus, ReminderMethod, TaskPriority, TaskStatus,
};
pub use reminders::ReminderQuery;
pub use tasks::{Due, FollowUp};
pub use timeline::{TimelineChange, TimelineItem, TimelineQuery, TimelineValue};

crate::record::areas! {
    /// The tasks.
    tasks: Task;
    /// The meetings.
    meetings: Meeting;
    /// Who takes part in which meeting.
    meeting_attendees: MeetingAttendee;
    /// The phone calls.
    calls: Call;
    /// The notes.
    notes: Note;
    /// What users want to be reminded of.
    reminders: Reminder;
    /// The files that belong to records.
    attachments: Attachment;
}
