//! The records of activities.
//!
//! An activity hangs on the record that it is about, and goes into the bin and comes back with it. The person and
//! the organisation beside it are further timelines on which it appears; when one of them goes, the activity stays.

use super::ids::{AttachmentId, CallId, MeetingAttendeeId, MeetingId, NoteId, ReminderId, TaskId};
use super::options::{
    AttendeeResponse, AttendeeRole, CallDirection, EventStatus, ReminderMethod, TaskPriority, TaskStatus,
};
use super::rules::{
    AttachmentRules, AttendeeRules, CallRules, MeetingRules, NoteRules, ReminderRules, TaskRules,
};
use crate::access::users::UserId;
use crate::contacts::{OrganisationId, PersonId};
use crate::ground::time::{Date, Timestamp};
use crate::record::{Meta, Record, Reference};

/// Something to be done. Its owner has to do it.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "task", plural = "tasks", id = TaskId, owned, sort_key("subject"), rules = TaskRules, subject = "person",
    on_erasure = anonymise,
    timeline(at = "occurs_at", subjects("about", "person", "organisation")), index("owner", "agenda_at")
)]
pub struct Task {
    /// What every record has.
    pub meta: Meta,
    /// What is to be done, in a line.
    #[field(personal = communication, search = title, max = 255)]
    pub subject: String,
    /// More about it.
    #[field(personal = communication, long, search = body, max = 100_000)]
    pub body: Option<String>,
    /// How far it is.
    #[field(default = TaskStatus::NotStarted)]
    pub status: TaskStatus,
    /// How much it matters.
    #[field(default = TaskPriority::Normal)]
    pub priority: TaskPriority,
    /// The day by whose end it is due. A task has this or `due_at`, not both.
    pub due_date: Option<Date>,
    /// The moment at which it is due.
    pub due_at: Option<Timestamp>,
    /// When it was completed. Set when the status becomes `completed`, and cleared when it is reopened.
    pub completed_at: Option<Timestamp>,
    /// The record that it is about.
    #[field(on_delete = cascade)]
    pub about: Option<Reference>,
    /// The person whom it concerns. Filled in when it is about a person.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// The organisation which it concerns. Filled in when it is about an organisation.
    #[field(on_delete = clear)]
    pub organisation: Option<OrganisationId>,
    /// The activity that it follows up.
    #[field(on_delete = clear)]
    pub follow_up_of: Option<Reference>,
    /// Where it stands on timelines: when it was completed, or else when it is due.
    #[field(read_only)]
    pub occurs_at: Option<Timestamp>,
    /// When it is due, while it is open.
    #[field(read_only)]
    pub agenda_at: Option<Timestamp>,
}

/// A meeting. Who takes part stands in its [`MeetingAttendee`]s.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "meeting", plural = "meetings", id = MeetingId, owned, sort_key("subject"), rules = MeetingRules,
    subject = "person", timeline(at = "starts_at", subjects("about", "person", "organisation")),
    index("owner", "agenda_at"), on_erasure = anonymise
)]
pub struct Meeting {
    /// What every record has.
    pub meta: Meta,
    /// What it is about, in a line.
    #[field(personal = communication, search = title, max = 255)]
    pub subject: String,
    /// More about it.
    #[field(personal = communication, long, search = body, max = 100_000)]
    pub body: Option<String>,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends: not before it starts, and at most 31 days later.
    pub ends_at: Timestamp,
    /// Whether it takes whole days, so that the times of day mean nothing.
    pub all_day: bool,
    /// Where it takes place.
    #[field(personal = location, search = detail, max = 255)]
    pub location: Option<String>,
    /// Whether it is to come, took place, or did not.
    #[field(default = EventStatus::Planned)]
    pub status: EventStatus,
    /// The record that it is about.
    #[field(on_delete = cascade)]
    pub about: Option<Reference>,
    /// The person whom it concerns. Filled in when it is about a person.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// The organisation which it concerns. Filled in when it is about an organisation.
    #[field(on_delete = clear)]
    pub organisation: Option<OrganisationId>,
    /// The activity that it follows up.
    #[field(on_delete = clear)]
    pub follow_up_of: Option<Reference>,
    /// The identifier that calendars know it by (UID of RFC 5545).
    #[field(indexed, max = 255)]
    pub uid: Option<String>,
    /// When it starts, while it is planned.
    #[field(read_only)]
    pub agenda_at: Option<Timestamp>,
}

/// That a user or a person takes part in a meeting. The meeting stands on their timelines through it.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "meeting_attendee", plural = "meeting_attendees", id = MeetingAttendeeId, rules = AttendeeRules,
    timeline(at = "starts_at", subjects("attendee")), index("attendee", "agenda_at"), index("meeting", "attendee")
)]
pub struct MeetingAttendee {
    /// What every record has.
    pub meta: Meta,
    /// The meeting.
    #[field(on_delete = cascade)]
    pub meeting: MeetingId,
    /// The user or person who takes part.
    #[field(on_delete = cascade)]
    pub attendee: Reference,
    /// What the attendee is in the meeting.
    #[field(default = AttendeeRole::Required)]
    pub role: AttendeeRole,
    /// What the attendee has answered.
    #[field(default = AttendeeResponse::None)]
    pub response: AttendeeResponse,
    /// When the attendee has answered.
    #[field(read_only)]
    pub responded_at: Option<Timestamp>,
    /// When the meeting starts.
    #[field(read_only)]
    pub starts_at: Option<Timestamp>,
    /// When the meeting ends.
    #[field(read_only)]
    pub ends_at: Option<Timestamp>,
    /// When the meeting starts, while it is planned and the attendee has not declined.
    #[field(read_only)]
    pub agenda_at: Option<Timestamp>,
}

/// A phone call that took place or is to take place.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "call", plural = "calls", id = CallId, owned, sort_key("subject"), rules = CallRules, subject = "person",
    on_erasure = anonymise,
    timeline(at = "starts_at", subjects("about", "person", "organisation")), index("owner", "agenda_at")
)]
pub struct Call {
    /// What every record has.
    pub meta: Meta,
    /// What it is about, in a line.
    #[field(personal = communication, search = title, max = 255)]
    pub subject: String,
    /// More about it.
    #[field(personal = communication, long, search = body, max = 100_000)]
    pub body: Option<String>,
    /// Who called whom.
    #[field(default = CallDirection::Outbound)]
    pub direction: CallDirection,
    /// When it starts; when it is entered, if nothing is said.
    pub starts_at: Option<Timestamp>,
    /// How long it lasted, in seconds.
    #[field(range(0, 2_678_400))]
    pub duration_seconds: Option<i64>,
    /// Whether it is to come, took place, or did not.
    #[field(default = EventStatus::Planned)]
    pub status: EventStatus,
    /// The number at the other end.
    #[field(personal = contact, phone, search = detail)]
    pub phone: Option<String>,
    /// What came of it, for example `Left a message`.
    #[field(personal = communication, search = detail, max = 255)]
    pub outcome: Option<String>,
    /// The record that it is about.
    #[field(on_delete = cascade)]
    pub about: Option<Reference>,
    /// The person whom it concerns. Filled in when it is about a person.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// The organisation which it concerns. Filled in when it is about an organisation.
    #[field(on_delete = clear)]
    pub organisation: Option<OrganisationId>,
    /// The activity that it follows up.
    #[field(on_delete = clear)]
    pub follow_up_of: Option<Reference>,
    /// When it starts, while it is planned.
    #[field(read_only)]
    pub agenda_at: Option<Timestamp>,
}

/// Something that somebody wrote down about a record.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "note", plural = "notes", id = NoteId, owned, rules = NoteRules, subject = "person",
    on_erasure = erase,
    timeline(at = "written_at", subjects("about", "person", "organisation"))
)]
pub struct Note {
    /// What every record has.
    pub meta: Meta,
    /// The text.
    #[field(personal = communication, long, required, search = body, max = 100_000)]
    pub body: String,
    /// The record that it is about.
    #[field(on_delete = cascade)]
    pub about: Reference,
    /// The person whom it concerns. Filled in when it is about a person.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// The organisation which it concerns. Filled in when it is about an organisation.
    #[field(on_delete = clear)]
    pub organisation: Option<OrganisationId>,
    /// Whether it stays in sight.
    pub pinned: bool,
    /// Whether it is for users only, and never shown to customers or partners.
    pub internal: bool,
    /// When it was written, if that was not when it was entered.
    pub written_at: Option<Timestamp>,
}

/// That a user wants to be reminded of a record.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "reminder", plural = "reminders", id = ReminderId, rules = ReminderRules, index("user", "pending_at")
)]
pub struct Reminder {
    /// What every record has.
    pub meta: Meta,
    /// The record to be reminded of: a task, a meeting, a call, or any other.
    #[field(on_delete = cascade)]
    pub about: Reference,
    /// The user to be reminded.
    #[field(on_delete = cascade)]
    pub user: UserId,
    /// How.
    #[field(default = ReminderMethod::Popup)]
    pub method: ReminderMethod,
    /// When. Follows the task, meeting or call when `seconds_before` is given.
    pub due_at: Option<Timestamp>,
    /// So many seconds before the task is due, or the meeting or call starts.
    #[field(range(0, 31_536_000))]
    pub seconds_before: Option<i64>,
    /// When it was sent, for a reminder by e-mail.
    pub sent_at: Option<Timestamp>,
    /// When the user has put it away.
    pub dismissed_at: Option<Timestamp>,
    /// When it is due, while it is neither sent nor dismissed and its activity is open.
    #[field(read_only, indexed)]
    pub pending_at: Option<Timestamp>,
}

/// A file that belongs to a record. Its content is added, and read, with
/// [`Records::add`](crate::Records::add) and [`Records::read_content`](crate::Records::read_content).
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "attachment", plural = "attachments", id = AttachmentId, sort_key("file_name"),
    rules = AttachmentRules, subject = "person", on_erasure = erase,
    timeline(at = "created_at", subjects("about", "person"))
)]
pub struct Attachment {
    /// What every record has.
    pub meta: Meta,
    /// The record that it belongs to.
    #[field(on_delete = cascade)]
    pub about: Reference,
    /// The person whom it concerns. Filled in when it belongs to a person.
    #[field(on_delete = clear)]
    pub person: Option<PersonId>,
    /// The name of the file, without a path.
    #[field(personal = technical, search = title, max = 255)]
    pub file_name: String,
    /// What sort of file it is (RFC 6838); `application/octet-stream` when nothing is said.
    #[field(max = 255)]
    pub media_type: Option<String>,
    /// What is in it.
    #[field(personal = communication, search = detail, max = 1_000)]
    pub description: Option<String>,
    /// How many bytes the content has.
    #[field(read_only)]
    pub size: Option<i64>,
    /// The SHA-256 of the content, in hexadecimal digits.
    #[field(personal = technical, read_only, indexed, max = 64)]
    pub sha256: Option<String>,
}
