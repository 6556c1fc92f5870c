//! When holidays are, by tables of other people.

use chrono::NaiveDate;

use super::easter_sunday;

#[test]
fn easter_falls_where_the_tables_say() {
    for (year, month, day) in [
        (1818, 3, 22),
        (1943, 4, 25),
        (2000, 4, 23),
        (2024, 3, 31),
        (2025, 4, 20),
        (2026, 4, 5),
        (2027, 3, 28),
        (2038, 4, 25),
        (2285, 3, 22),
    ] {
        assert_eq!(easter_sunday(year), NaiveDate::from_ymd_opt(year, month, day), "{year}");
    }
}
