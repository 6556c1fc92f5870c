//! The clock of a request: by when it must be acknowledged and answered.
//!
//! Everything here is a pure function of facts: the day on which the request came in the zone of the controller, what
//! happened to it since, a rule of [`regimes`] and a [`calendar`]. So the due date of any request, of any
//! past day, can be worked out again.
//!
//! ```
//! use crm_core::parse_date;
//! use crm_core::privacy::rights::clock::{Calendar, ClockRule, deadlines};
//! use crm_core::privacy::rights::{RightsRegime, SubjectRight};
//! let received = parse_date("2026-01-31")?;
//! let rule = ClockRule::find(RightsRegime::Gdpr, SubjectRight::Access, received).expect("the GDPR gives a month");
//! // There is no 31 February, and 28 February 2026 is a Saturday.
//! let germany = Calendar::of_country("DE");
//! assert_eq!(deadlines(rule, received, &[], &germany).due, Some(parse_date("2026-03-02")?));
//! # Ok::<(), crm_core::CrmError>(())
//! ```

pub mod calendar;
mod period;
pub mod regimes;

pub use calendar::Calendar;
pub use period::{Period, Roll};
pub use regimes::{ClockRule, Extension, PauseEffect};

use super::kinds::PauseReason;
use crate::ground::time::Date;

/// Something that moves the clock, on a day in the zone of the controller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockEvent {
    /// The requester was asked something.
    Pause(Date, PauseReason),
    /// The requester has answered.
    Resume(Date),
    /// The requester was told that it takes longer.
    Extend(Date),
}

/// By when a request must be acknowledged and answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// The last day on which the acknowledgement is in time, where one is due.
    pub acknowledge: Option<Date>,
    /// The last day on which the answer is in time, where the law gives a time. While the clock stands still, the day
    /// on which it would be if the requester answered on the day on which the clock was stopped.
    pub due: Option<Date>,
    /// The last day on which the requester can be told of an extension, while there is none and the law knows one.
    pub extend_by: Option<Date>,
    /// Whether the time was extended.
    pub extended: bool,
    /// Since when, and why, the clock stands still.
    pub paused: Option<(Date, PauseReason)>,
}

/// Where the time runs from and how many days of it do not count.
#[derive(Clone, Copy)]
struct Run {
    start: Date,
    stopped: u64,
    extended: bool,
}

/// The deadlines of a request that was received on a day, after what has happened to it, in the order in which it did.
///
/// A pause or an extension that comes after the time had run out moves nothing any more, nor does a pause for a reason
/// that the rule does not accept.
pub fn deadlines(rule: &ClockRule, received: Date, events: &[ClockEvent], calendar: &Calendar) -> Deadlines {
    let mut run = Run { start: received, stopped: 0, extended: false };
    let mut paused: Option<(Date, PauseReason)> = None;
    let in_time = |run: Run, day: Date| rule.due(run, calendar).is_none_or(|due| day <= due);
    for event in events {
        match *event {
            ClockEvent::Pause(day, reason) => {
                let accepted = rule.pause_effect(reason) != PauseEffect::None;
                if accepted && paused.is_none() && in_time(run, day) {
                    paused = Some((day, reason));
                }
            }
            ClockEvent::Resume(day) => {
                if let Some((since, reason)) = paused.take() {
                    run = run.after_pause(rule.pause_effect(reason), since, day);
                }
            }
            ClockEvent::Extend(day) => {
                if rule.extension.is_some() && !run.extended && in_time(run, day) {
                    run.extended = true;
                }
            }
        }
    }
    let due = rule.due(run, calendar);
    Deadlines {
        acknowledge: rule.acknowledge.map(|period| period.end(received, calendar)),
        due,
        extend_by: due.filter(|_| rule.extension.is_some() && !run.extended),
        extended: run.extended,
        paused,
    }
}

impl Run {
    /// The run after a pause from a day to a day.
    fn after_pause(self, effect: PauseEffect, since: Date, until: Date) -> Self {
        let between = u64::try_from((until - since).num_days()).unwrap_or(0);
        match effect {
            PauseEffect::None => self,
            PauseEffect::Days => Self { stopped: self.stopped + between, ..self },
            PauseEffect::DaysInclusive => Self { stopped: self.stopped + between + 1, ..self },
            PauseEffect::Restart => Self { start: until.max(self.start), stopped: 0, ..self },
        }
    }
}

impl ClockRule {
    /// The day on which a run is due.
    fn due(&self, run: Run, calendar: &Calendar) -> Option<Date> {
        let period = match (self.answer?, self.extension) {
            (answer, Some(extension)) if run.extended => answer.longer_by(extension.by),
            (answer, _) => answer,
        };
        let end = period::later(period.end(run.start, calendar), run.stopped);
        Some(self.roll.apply(end, calendar))
    }
}
