//! Relative dates: periods around today, and points in time around now.

use chrono::{Days, Months};

use crate::error::{CrmError, Result};
use crate::ground::time::{Date, Timestamp, YEARS};
use crate::ground::zone::{DateUnit, Zone};
use chrono::Datelike;

/// Days relative to today. Both ends are included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// One day: today moved by so many days (-1 for yesterday), then by the shift.
    Day {
        /// -1, 0 or 1: yesterday, today, tomorrow.
        offset: i8,
        /// How far it is moved from there.
        shift: Option<Shift>,
    },
    /// The calendar unit that today lies in.
    This(DateUnit),
    /// The calendar unit before that.
    Last(DateUnit),
    /// The calendar unit after that.
    Next(DateUnit),
    /// From today minus so many units up to today.
    LastMany(u32, DateUnit),
    /// From today up to today plus so many units.
    NextMany(u32, DateUnit),
}

/// How far a day is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Shift {
    /// How many units; negative for earlier.
    pub count: i32,
    /// The unit. A month from 31 January is the last day of February.
    pub unit: DateUnit,
}

/// A point in time relative to now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Now {
    /// Seconds later than now; negative for earlier.
    pub seconds: i64,
}

impl Period {
    /// Today.
    pub const TODAY: Self = Self::Day { offset: 0, shift: None };

    /// Today moved by so many units; negative for earlier.
    pub fn today_plus(count: i32, unit: DateUnit) -> Self {
        Self::Day { offset: 0, shift: Some(Shift { count, unit }) }
    }

    /// The first and the last day, seen from a day.
    ///
    /// # Errors
    /// `filter.date_range` when it lies outside the years 1 to 9999.
    pub fn days(self, today: Date) -> Result<(Date, Date)> {
        let unit_of = |day: Date, unit: DateUnit| {
            let next = unit.next(day);
            let last = next.pred_opt().filter(|last| *last >= day).ok_or_else(out_of_range)?;
            Ok((unit.truncate(day), last))
        };
        let (first, last) = match self {
            Self::Day { offset, shift } => {
                let day = moved(today, i64::from(offset), DateUnit::Day)?;
                let day = match shift {
                    Some(shift) => moved(day, i64::from(shift.count), shift.unit)?,
                    None => day,
                };
                (day, day)
            }
            Self::This(unit) => unit_of(today, unit)?,
            Self::Last(unit) => unit_of(unit.truncate(today).pred_opt().ok_or_else(out_of_range)?, unit)?,
            Self::Next(unit) => unit_of(unit.next(today), unit)?,
            Self::LastMany(count, unit) => (moved(today, -i64::from(count), unit)?, today),
            Self::NextMany(count, unit) => (today, moved(today, i64::from(count), unit)?),
        };
        if YEARS.contains(&first.year()) && YEARS.contains(&last.year()) {
            Ok((first, last))
        } else {
            Err(out_of_range())
        }
    }
}

/// The times from the start of the first to the end of the last day: included, excluded.
pub(super) fn times(zone: Zone, first: Date, last: Date) -> (Timestamp, Timestamp) {
    let end = match last.succ_opt().filter(|next| YEARS.contains(&next.year())) {
        Some(next) => zone.start_of_day(next),
        None => Timestamp::MAX,
    };
    (zone.start_of_day(first), end)
}

fn out_of_range() -> CrmError {
    CrmError::invalid("filter.date_range", "lies outside the years 1 to 9999")
}

fn moved(day: Date, count: i64, unit: DateUnit) -> Result<Date> {
    let steps = count.unsigned_abs();
    let days = |factor: u64| {
        let days = Days::new(steps * factor);
        if count < 0 { day.checked_sub_days(days) } else { day.checked_add_days(days) }
    };
    let months = |factor: u64| {
        let months = Months::new(u32::try_from(steps * factor).ok()?);
        if count < 0 { day.checked_sub_months(months) } else { day.checked_add_months(months) }
    };
    match unit {
        DateUnit::Day => days(1),
        DateUnit::Week => days(7),
        DateUnit::Month => months(1),
        DateUnit::Quarter => months(3),
        DateUnit::Year => months(12),
    }
    .filter(|day| YEARS.contains(&day.year()))
    .ok_or_else(out_of_range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::time::parse_date;

    #[test]
    fn periods() {
        let today = parse_date("2026-11-21").unwrap(); // A Saturday.
        for (period, expected) in [
            (Period::TODAY, "2026-11-21 2026-11-21"),
            (Period::Day { offset: -1, shift: None }, "2026-11-20 2026-11-20"),
            (Period::today_plus(-7, DateUnit::Day), "2026-11-14 2026-11-14"),
            (Period::today_plus(3, DateUnit::Month), "2027-02-21 2027-02-21"),
            (Period::This(DateUnit::Week), "2026-11-16 2026-11-22"),
            (Period::Last(DateUnit::Week), "2026-11-09 2026-11-15"),
            (Period::Next(DateUnit::Week), "2026-11-23 2026-11-29"),
            (Period::Last(DateUnit::Month), "2026-10-01 2026-10-31"),
            (Period::Next(DateUnit::Quarter), "2027-01-01 2027-03-31"),
            (Period::This(DateUnit::Year), "2026-01-01 2026-12-31"),
            (Period::LastMany(30, DateUnit::Day), "2026-10-22 2026-11-21"),
            (Period::NextMany(2, DateUnit::Week), "2026-11-21 2026-12-05"),
        ] {
            let (first, last) = period.days(today).unwrap();
            assert_eq!(format!("{first} {last}"), expected, "{period:?}");
        }
    }

    #[test]
    fn the_end_of_a_month_is_kept_in_the_month() {
        let last = parse_date("2026-01-31").unwrap();
        let (day, _) = Period::today_plus(1, DateUnit::Month).days(last).unwrap();
        assert_eq!(day.to_string(), "2026-02-28");
    }

    #[test]
    fn what_lies_beyond_the_calendar_is_refused() {
        let today = parse_date("2026-11-21").unwrap();
        for period in [
            Period::LastMany(u32::MAX, DateUnit::Day),
            Period::NextMany(u32::MAX, DateUnit::Year),
            Period::today_plus(i32::MIN, DateUnit::Quarter),
            Period::today_plus(i32::MAX, DateUnit::Week),
        ] {
            assert_eq!(period.days(today).unwrap_err().code(), "filter.date_range");
        }
        let last_day = parse_date("9999-12-31").unwrap();
        assert!(Period::Next(DateUnit::Year).days(last_day).is_err());
        assert!(Period::This(DateUnit::Year).days(last_day).is_ok());
        let (_, end) = times(Zone::UTC, last_day, last_day);
        assert_eq!(end, Timestamp::MAX);
    }
}
