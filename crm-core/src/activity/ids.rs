//! The typed identifiers of activities.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`Task`](super::Task).
    TaskId => "task";
    /// The identifier of a [`Meeting`](super::Meeting).
    MeetingId => "meeting";
    /// The identifier of a [`MeetingAttendee`](super::MeetingAttendee).
    MeetingAttendeeId => "meeting_attendee";
    /// The identifier of a [`Call`](super::Call).
    CallId => "call";
    /// The identifier of a [`Note`](super::Note).
    NoteId => "note";
    /// The identifier of a [`Reminder`](super::Reminder).
    ReminderId => "reminder";
    /// The identifier of an [`Attachment`](super::Attachment).
    AttachmentId => "attachment";
}
