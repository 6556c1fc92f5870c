//! Periods of time as laws count them.

use chrono::{Days, Months};

use super::calendar::Calendar;
use crate::ground::time::Date;

/// A period from the day of an event, which itself does not count (Regulation 1182/71, Article 3(1); California Civil
/// Code 10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// So many calendar days.
    Days(u32),
    /// So many working days.
    WorkingDays(u32),
    /// So many calendar months: up to the same date, or the last day of a month that has no such date (Regulation
    /// 1182/71, Article 3(2)(c)).
    Months(u32),
}

/// What happens to a period that ends on a day on which nobody works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Roll {
    /// Nothing. Where a law says more, the earlier day is the safe one.
    None,
    /// It ends with the next working day (Regulation 1182/71, Article 3(4)).
    NextWorkingDay,
}

impl Period {
    /// The last day of the period.
    pub fn end(self, from: Date, calendar: &Calendar) -> Date {
        match self {
            Self::Days(days) => later(from, days.into()),
            Self::Months(months) => from.checked_add_months(Months::new(months)).unwrap_or(Date::MAX),
            Self::WorkingDays(days) => {
                let mut day = from;
                for _ in 0..days {
                    day = calendar.working_day_from(later(day, 1));
                }
                day
            }
        }
    }

    /// The period and another one of the same sort behind it, as one: three months from 31 January end on 30 April, and
    /// not two months after 28 February.
    pub(super) fn longer_by(self, more: Self) -> Self {
        match (self, more) {
            (Self::Days(days), Self::Days(more)) => Self::Days(days + more),
            (Self::WorkingDays(days), Self::WorkingDays(more)) => Self::WorkingDays(days + more),
            (Self::Months(months), Self::Months(more)) => Self::Months(months + more),
            (period, _) => period,
        }
    }
}

impl Roll {
    /// The day on which a period ends that would end on a day.
    pub fn apply(self, day: Date, calendar: &Calendar) -> Date {
        match self {
            Self::None => day,
            Self::NextWorkingDay => calendar.working_day_from(day),
        }
    }
}

/// So many days later.
pub(super) fn later(day: Date, days: u64) -> Date {
    day.checked_add_days(Days::new(days)).unwrap_or(Date::MAX)
}
