//! Clocks that run by months and years.

use chrono::Months;

use crate::ground::time::Timestamp;

/// The same time of the day so many months later. Where the month has no such day, it is the last one that it has: a
/// relationship of 31 August that lasts six months ends on 28 or 29 February, which is the stricter reading.
pub(super) fn months_after(time: Timestamp, months: u32) -> Timestamp {
    time.to_datetime().checked_add_months(Months::new(months)).map_or(Timestamp::MAX, Timestamp::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_where_the_calendar_ends_them() {
        for (time, months, expected) in [
            ("2026-01-15T10:00:00Z", 6, "2026-07-15T10:00:00Z"),
            ("2025-08-31T23:59:59Z", 6, "2026-02-28T23:59:59Z"),
            ("2027-08-31T00:00:00Z", 6, "2028-02-29T00:00:00Z"),
            ("2024-02-29T12:00:00Z", 24, "2026-02-28T12:00:00Z"),
            ("2024-02-29T12:00:00Z", 48, "2028-02-29T12:00:00Z"),
            ("9999-12-31T00:00:00Z", 1, "9999-12-31T23:59:59.999999Z"),
        ] {
            let time: Timestamp = time.parse().unwrap();
            assert_eq!(
                months_after(time, months).min(Timestamp::MAX).to_string(),
                expected,
                "{time} + {months}"
            );
        }
    }
}
