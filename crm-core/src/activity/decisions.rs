//! What follows from the facts of an activity: pure decisions, without a database and without a clock.

use super::options::{AttendeeResponse, EventStatus, TaskStatus};
use crate::error::{CrmError, Result};
use crate::ground::time::{Date, Timestamp};
use crate::ground::zone::{DateUnit, Zone};

/// The longest meeting, in days. It bounds how far back a search for overlaps has to look.
pub(crate) const LONGEST_MEETING_DAYS: i64 = 31;

/// The moment by which a task is due: a date is over with its last microsecond.
///
/// # Errors
/// `task.due` when both are given.
pub(super) fn deadline(date: Option<Date>, at: Option<Timestamp>, zone: Zone) -> Result<Option<Timestamp>> {
    match (date, at) {
        (Some(_), Some(_)) => {
            Err(CrmError::invalid("task.due", "is given together with `due_at`").at("due_date"))
        }
        (Some(date), None) => {
            let next = zone.start_of_day(DateUnit::Day.next(date));
            Ok(Some(Timestamp::from_micros(next.micros().saturating_sub(1))))
        }
        (None, at) => Ok(at),
    }
}

/// The times of a task that follow from its status and its deadline.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TaskTimes {
    pub(super) completed: Option<Timestamp>,
    pub(super) occurs: Option<Timestamp>,
    pub(super) agenda: Option<Timestamp>,
}

/// Decides the times of a task.
pub(super) fn task_times(
    status: TaskStatus,
    completed_at: Option<Timestamp>,
    deadline: Option<Timestamp>,
    now: Timestamp,
) -> TaskTimes {
    let completed = (status == TaskStatus::Completed).then(|| completed_at.unwrap_or(now));
    TaskTimes { completed, occurs: completed.or(deadline), agenda: deadline.filter(|_| status.is_open()) }
}

/// Refuses a meeting that ends before it starts, or is too long to be one.
pub(super) fn check_span(starts_at: Timestamp, ends_at: Timestamp) -> Result<()> {
    if ends_at < starts_at {
        return Err(CrmError::invalid("meeting.span", "is before the start").at("ends_at"));
    }
    if ends_at > starts_at.plus_days(LONGEST_MEETING_DAYS) {
        let reason = format!("is more than {LONGEST_MEETING_DAYS} days after the start");
        return Err(CrmError::invalid("meeting.span", reason).at("ends_at"));
    }
    Ok(())
}

/// When an event stands on the agenda of somebody who has answered so.
pub(super) fn event_agenda(
    status: EventStatus,
    starts_at: Timestamp,
    response: AttendeeResponse,
) -> Option<Timestamp> {
    (status == EventStatus::Planned && response != AttendeeResponse::Declined).then_some(starts_at)
}

/// What a reminder must know about the record that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Occasion {
    /// When it is; `None` for a record without a time, or an activity without one.
    pub(super) at: Option<Timestamp>,
    /// Whether it is still to come.
    pub(super) open: bool,
}

/// The times of a reminder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReminderTimes {
    pub(super) due_at: Option<Timestamp>,
    pub(super) pending_at: Option<Timestamp>,
}

/// Decides the times of a reminder.
pub(super) fn reminder_times(
    occasion: Occasion,
    due_at: Option<Timestamp>,
    seconds_before: Option<i64>,
    is_done: bool,
) -> ReminderTimes {
    let due_at = match (seconds_before, occasion.at) {
        (Some(seconds), Some(at)) => Some(at.plus_seconds(-seconds)),
        // Without an occasion there is nothing to be reminded before.
        (Some(_), None) => None,
        (None, _) => due_at,
    };
    ReminderTimes { due_at, pending_at: due_at.filter(|_| occasion.open && !is_done) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::time::parse_date;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_due_at_its_end() {
        let check =
            |date: Option<&str>, moment: Option<&str>, zone: &str, expected: Result<Option<&str>, &str>| {
                let date = date.map(|date| parse_date(date).unwrap());
                let found = deadline(date, moment.map(at), zone.parse().unwrap());
                let found = found.map(|found| found.map(|found| found.to_string()));
                let expected = expected.map(|expected| expected.map(str::to_owned));
                assert_eq!(found.map_err(|error| error.code().to_owned()), expected.map_err(str::to_owned));
            };
        check(None, None, "UTC", Ok(None));
        check(Some("2026-11-21"), None, "UTC", Ok(Some("2026-11-21T23:59:59.999999Z")));
        check(Some("2026-11-21"), None, "Europe/Berlin", Ok(Some("2026-11-21T22:59:59.999999Z")));
        // The night in which the clocks are put back is an hour longer.
        check(Some("2026-10-25"), None, "Europe/Berlin", Ok(Some("2026-10-25T22:59:59.999999Z")));
        check(None, Some("2026-11-21T10:00:00Z"), "UTC", Ok(Some("2026-11-21T10:00:00Z")));
        check(Some("2026-11-21"), Some("2026-11-21T10:00:00Z"), "UTC", Err("task.due"));
    }

    #[test]
    fn times_follow_from_the_status() {
        let (now, due, before) =
            (at("2026-11-21T10:00:00Z"), at("2026-11-22T10:00:00Z"), at("2026-11-20T10:00:00Z"));
        for (status, completed, expected) in [
            (TaskStatus::NotStarted, None, (None, Some(due), Some(due))),
            (TaskStatus::InProgress, Some(before), (None, Some(due), Some(due))),
            (TaskStatus::Completed, None, (Some(now), Some(now), None)),
            (TaskStatus::Completed, Some(before), (Some(before), Some(before), None)),
            (TaskStatus::Deferred, None, (None, Some(due), None)),
            (TaskStatus::Cancelled, None, (None, Some(due), None)),
        ] {
            let times = task_times(status, completed, Some(due), now);
            assert_eq!((times.completed, times.occurs, times.agenda), expected, "{status}");
        }
    }

    #[test]
    fn spans_have_limits() {
        let start = at("2026-11-21T10:00:00Z");
        for (seconds, good) in [(0, true), (-1, false), (31 * 86_400, true), (31 * 86_400 + 1, false)] {
            assert_eq!(check_span(start, start.plus_seconds(seconds)).is_ok(), good, "{seconds}");
        }
    }

    #[test]
    fn reminders_follow_their_occasion() {
        let (due, event) = (at("2026-11-21T10:00:00Z"), at("2026-11-22T10:00:00Z"));
        let (open, closed) =
            (Occasion { at: Some(event), open: true }, Occasion { at: Some(event), open: false });
        let nowhere = Occasion { at: None, open: true };
        let hour = event.plus_seconds(-3600);
        for (occasion, due_at, before, done, expected) in [
            (open, Some(due), None, false, (Some(due), Some(due))),
            (open, Some(due), None, true, (Some(due), None)),
            (open, Some(due), Some(3600), false, (Some(hour), Some(hour))),
            (closed, Some(due), Some(3600), false, (Some(hour), None)),
            (nowhere, Some(due), Some(3600), false, (None, None)),
            (nowhere, Some(due), None, false, (Some(due), Some(due))),
        ] {
            let times = reminder_times(occasion, due_at, before, done);
            assert_eq!((times.due_at, times.pending_at), expected);
        }
    }
}
