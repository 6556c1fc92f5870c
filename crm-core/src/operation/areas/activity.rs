//! Operations on tasks, meetings, reminders, agendas and timelines.

use crate::access::users::UserId;
use crate::activity::{
    AgendaItem, AgendaQuery, AttendeeResponse, BusyTime, Due, FollowUp, MeetingAttendee, MeetingAttendeeId,
    MeetingId, Reminder, ReminderId, ReminderQuery, Task, TaskId, TimelineItem, TimelineQuery,
};
use crate::error::CrmError;
use crate::ground::time::{Date, Timestamp};
use crate::operation::declare::operations;
use crate::record::query::{Cursor, DEFAULT_LIMIT};
use crate::record::{Page, Reference};

operations! {
    /// Completes a task.
    command "task.complete" (context, input {
        /// The task.
        id: TaskId,
    }) -> Task ["record.not_found"] {
        context.tasks().complete(input.id)
    }

    /// Opens a task again that was completed, deferred or cancelled.
    command "task.reopen" (context, input {
        /// The task.
        id: TaskId,
    }) -> Task ["record.not_found"] {
        context.tasks().reopen(input.id)
    }

    /// Creates a task that follows up a task, meeting or call: about the same record, person and organisation.
    command "task.follow_up" (context, input {
        /// The activity, such as `meeting:0192…`.
        of: Reference,
        /// What is to be done; the subject of the activity when nothing is said.
        subject: Option<String>,
        /// The day by whose end it is due.
        due_date: Option<Date>,
        /// The moment at which it is due.
        due_at: Option<Timestamp>,
        /// Who has to do it; the owner of the activity when nobody is named.
        owner: Option<UserId>,
    }) -> Task ["record.not_found", "type.unknown", "task.*"] {
        let due = match (input.due_date, input.due_at) {
            (Some(_), Some(_)) => {
                return Err(CrmError::invalid("input.both", "is given besides `due_date`").at("due_at"));
            }
            (Some(date), None) => Some(Due::On(date)),
            (None, Some(at)) => Some(Due::At(at)),
            (None, None) => None,
        };
        context.tasks().follow_up(&input.of, &FollowUp { subject: input.subject, due, owner: input.owner })
    }

    /// Notes what an attendee has answered to an invitation.
    command "meeting.respond" (context, input {
        /// The attendance.
        attendee: MeetingAttendeeId,
        /// The answer.
        response: AttendeeResponse,
    }) -> MeetingAttendee ["record.not_found"] {
        context.meetings().respond(input.attendee, input.response)
    }

    /// Lists when a user is busy with planned meetings.
    query "meeting.busy" (context, input {
        /// The user.
        user: UserId,
        /// From when.
        from: Timestamp,
        /// Until when.
        to: Timestamp,
        /// A meeting that is not looked at, because it is the one to be moved.
        except: Option<MeetingId>,
    }) -> Vec<BusyTime> ["meeting.*"] {
        context.meetings().busy(input.user, input.from, input.to, input.except)
    }

    /// Lists the reminders that are due by a moment and neither sent nor dismissed, the earliest first.
    query "reminder.due" (context, input {
        /// The moment.
        until: Timestamp,
        /// Those of a user; of all users when nobody is named.
        user: Option<UserId>,
        /// How many at most, 1 to 1,000.
        limit: u32 = DEFAULT_LIMIT,
        /// Where to go on.
        cursor: Option<Cursor>,
    }) -> Page<Reminder> ["query.limit", "cursor.*"] {
        let (user, limit, cursor) = (input.user, input.limit, input.cursor);
        context.reminders().due(input.until, &ReminderQuery { user, limit, cursor })
    }

    /// Puts a reminder away.
    command "reminder.dismiss" (context, input {
        /// The reminder.
        id: ReminderId,
    }) -> Reminder ["record.not_found"] {
        context.reminders().dismiss(input.id)
    }

    /// Notes that the host has sent a reminder.
    command "reminder.mark_sent" (context, input {
        /// The reminder.
        id: ReminderId,
    }) -> Reminder ["record.not_found"] {
        context.reminders().mark_sent(input.id)
    }

    /// Puts a reminder off.
    command "reminder.snooze" (context, input {
        /// The reminder.
        id: ReminderId,
        /// Until when.
        until: Timestamp,
    }) -> Reminder ["record.not_found"] {
        context.reminders().snooze(input.id, input.until)
    }

    /// Lists the agenda of a user: open tasks that are due, planned calls and meetings, the earliest first.
    query "agenda.list" (context, input {
        /// The user.
        user: UserId,
        /// Only what is at this moment or before it.
        until: Option<Timestamp>,
        /// How many at most, 1 to 1,000.
        limit: u32 = DEFAULT_LIMIT,
        /// Where to go on.
        cursor: Option<Cursor>,
    }) -> Page<AgendaItem> ["query.limit", "cursor.*"] {
        let (until, limit, cursor) = (input.until, input.limit, input.cursor);
        context.agenda(input.user, &AgendaQuery { until, limit, cursor })
    }

    /// Lists the timeline of a record: its activities, messages and changes, the newest first.
    query "timeline.list" (context, input {
        /// The record, such as `person:0192…`.
        subject: Reference,
        /// Only these kinds: names of record types such as `note`, and `change`. All when there is none.
        kinds: Vec<String> = Vec::new(),
        /// Whether the timeline of an organisation has the activities of its people, too.
        with_people: bool = false,
        /// How many at most, 1 to 1,000.
        limit: u32 = DEFAULT_LIMIT,
        /// Where to go on.
        cursor: Option<Cursor>,
    }) -> Page<TimelineItem> ["record.not_found", "type.unknown", "timeline.people", "query.limit", "cursor.*"] {
        let (limit, cursor, kinds, with_people) = (input.limit, input.cursor, input.kinds, input.with_people);
        context.timeline(&input.subject, &TimelineQuery { limit, cursor, kinds, with_people })
    }
}
