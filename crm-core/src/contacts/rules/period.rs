//! Periods between two days, open at either end.

use crate::error::{CrmError, Result};
use crate::ground::time::Date;
use crate::record::Value;
use crate::record::unit::Change;
use crate::storage::Row;

/// From the first to the last day, both included. An absent day leaves that end open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
}

impl Period {
    /// The period of a record after a change.
    pub(super) fn after(change: &Change) -> Self {
        let day = |field| match change.after(field) {
            Value::Date(day) => Some(*day),
            _ => None,
        };
        Self { start: day("start_date"), end: day("end_date") }
    }

    /// The period in two columns of a row.
    pub(crate) fn read(row: &dyn Row, column: usize) -> Result<Self> {
        Ok(Self { start: row.date(column)?, end: row.date(column + 1)? })
    }

    /// Refuses a period that ends before it starts.
    pub(super) fn check(self, code: &'static str) -> Result<()> {
        match (self.start, self.end) {
            (Some(start), Some(end)) if end < start => {
                Err(CrmError::invalid(code, "lies before the first day").at("end_date"))
            }
            _ => Ok(()),
        }
    }

    /// Whether some day lies in both.
    pub(super) fn overlaps(self, other: Self) -> bool {
        let starts_in_time = |start: Option<Date>, end: Option<Date>| match (start, end) {
            (Some(start), Some(end)) => start <= end,
            _ => true,
        };
        starts_in_time(self.start, other.end) && starts_in_time(other.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::time::parse_date;
    use proptest::prelude::*;

    fn period(start: &str, end: &str) -> Period {
        Period { start: parse_date(start).ok(), end: parse_date(end).ok() }
    }

    #[test]
    fn periods_overlap_on_a_common_day() {
        for (left, right, expected) in [
            (("", ""), ("", ""), true),
            (("2020-01-01", ""), ("", "2019-12-31"), false),
            (("2020-01-01", ""), ("", "2020-01-01"), true),
            (("2020-01-01", "2020-06-30"), ("2020-07-01", ""), false),
            (("2020-01-01", "2020-06-30"), ("2020-06-30", "2021-01-01"), true),
            (("2020-01-01", "2022-01-01"), ("2021-01-01", "2021-02-01"), true),
        ] {
            let (left, right) = (period(left.0, left.1), period(right.0, right.1));
            assert_eq!(left.overlaps(right), expected, "{left:?} {right:?}");
            assert_eq!(right.overlaps(left), expected, "{right:?} {left:?}");
        }
        assert_eq!(
            period("2020-01-02", "2020-01-01").check("x").map_err(|e| e.path().map(str::to_owned)),
            Err(Some("end_date".to_owned()))
        );
        assert!(period("2020-01-01", "2020-01-01").check("x").is_ok());
    }

    proptest! {
        /// Overlapping is having a day in common, tried day by day.
        #[test]
        fn overlapping_is_having_a_common_day(a in 0_i64..12, b in 0_i64..12, c in 0_i64..12, d in 0_i64..12, open in 0_u8..16) {
            let first = parse_date("2024-02-25").unwrap();
            let day = |n: i64| first + chrono::TimeDelta::days(n);
            let make = |start: i64, end: i64, bits: u8| Period {
                start: (bits & 1 == 0).then(|| day(start.min(end))),
                end: (bits & 2 == 0).then(|| day(start.max(end))),
            };
            let (left, right) = (make(a, b, open), make(c, d, open >> 2));
            let has = |period: Period, day: Date| period.start.is_none_or(|s| s <= day) && period.end.is_none_or(|e| day <= e);
            let common = (-1..14).any(|n| has(left, day(n)) && has(right, day(n)));
            prop_assert_eq!(left.overlaps(right), common);
        }
    }
}
