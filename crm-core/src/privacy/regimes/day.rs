//! Days in constant tables.

use chrono::{Datelike, NaiveDate};
use serde::{Serialize, Serializer};

use crate::ground::time::Date;

/// A calendar day as the number of days since 1970-01-01, so that it can stand in a constant table. JSON: `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(i32);

impl Day {
    /// Before all days.
    pub const ALWAYS: Self = Self(i32::MIN);
    /// After all days.
    pub const NEVER: Self = Self(i32::MAX);

    /// The day with a date. A date that does not exist does not compile in a table.
    pub const fn on(year: i32, month: u32, day: u32) -> Self {
        match NaiveDate::from_ymd_opt(year, month, day) {
            Some(date) => Self(date.to_epoch_days()),
            None => panic!("a table names a date that does not exist"),
        }
    }

    /// The day with a number of days since 1970-01-01.
    pub(crate) const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// The date; nothing for [`ALWAYS`](Self::ALWAYS) and [`NEVER`](Self::NEVER).
    pub fn date(self) -> Option<Date> {
        NaiveDate::from_epoch_days(self.0)
    }

    /// The number of the day in the week: 0 for Monday.
    pub(crate) const fn weekday(self) -> usize {
        // 1970-01-01 was a Thursday.
        (self.0.rem_euclid(7) as usize + 3) % 7
    }

    /// So many days later.
    pub(crate) const fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self(date.num_days_from_ce() - 719_163)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.date().serialize(serializer)
    }
}
