//! Public holidays on which a regime lets nobody be called.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Serialize;

use super::day::Day;

/// A holiday that comes every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holiday {
    /// On a day of a month.
    On(u32, u32),
    /// On a day of a month, and on the Monday after when it falls on a weekend.
    Observed(u32, u32),
    /// So many days after Easter Sunday.
    Easter(i32),
}

/// The holidays of a regime.
pub type Holidays = &'static [Holiday];

/// None that matters.
pub(super) const NONE: Holidays = &[];

/// The *jours fériés* of France. Source: Code du travail, art. L3133-1.
pub(super) const FRANCE: Holidays = &[
    Holiday::On(1, 1),
    Holiday::Easter(1),
    Holiday::On(5, 1),
    Holiday::On(5, 8),
    Holiday::Easter(39),
    Holiday::Easter(50),
    Holiday::On(7, 14),
    Holiday::On(8, 15),
    Holiday::On(11, 1),
    Holiday::On(11, 11),
    Holiday::On(12, 25),
];

/// The national holidays of Spain that no community can replace. Source: Real Decreto 2001/1983, art. 45.
pub(super) const SPAIN: Holidays = &[
    Holiday::On(1, 1),
    Holiday::Easter(-2),
    Holiday::On(5, 1),
    Holiday::On(8, 15),
    Holiday::On(10, 12),
    Holiday::On(11, 1),
    Holiday::On(12, 6),
    Holiday::On(12, 8),
    Holiday::On(12, 25),
];

/// The national public holidays of Australia. Source: Telecommunications (Telemarketing and Research Calls) Industry
/// Standard 2017, s. 5.
pub(super) const AUSTRALIA: Holidays = &[
    Holiday::Observed(1, 1),
    Holiday::Observed(1, 26),
    Holiday::Easter(-2),
    Holiday::Easter(1),
    Holiday::On(4, 25),
    Holiday::Observed(12, 25),
    Holiday::Observed(12, 26),
];

/// Whether a day is one of the holidays.
pub fn is_holiday(holidays: Holidays, day: Day) -> bool {
    let Some(date) = day.date().filter(|_| !holidays.is_empty()) else { return false };
    holidays.iter().any(|holiday| match *holiday {
        Holiday::On(month, of_month) => (date.month(), date.day()) == (month, of_month),
        Holiday::Observed(month, of_month) => is_observed(date, month, of_month),
        Holiday::Easter(offset) => easter(date.year()).is_some_and(|easter| easter.plus(offset) == day),
    })
}

/// Whether a date is a day of a month or the working day that stands for it. Where two holidays fall on one weekend,
/// the second is observed on the Tuesday.
fn is_observed(date: NaiveDate, month: u32, of_month: u32) -> bool {
    let Some(actual) = NaiveDate::from_ymd_opt(date.year(), month, of_month) else { return false };
    let days = match actual.weekday() {
        Weekday::Sat => 2,
        // Christmas Day takes the Monday or is it: Boxing Day has the Tuesday.
        Weekday::Sun if (month, of_month) == (12, 26) => 2,
        Weekday::Sun => 1,
        Weekday::Mon if (month, of_month) == (12, 26) => 1,
        _ => 0,
    };
    let after = date.signed_duration_since(actual).num_days();
    after == 0 || after == days
}

/// Easter Sunday of the Gregorian calendar (the anonymous algorithm; Meeus, Astronomical Algorithms, chapter 8).
fn easter(year: i32) -> Option<Day> {
    let golden = year.rem_euclid(19);
    let (century, of_century) = (year.div_euclid(100), year.rem_euclid(100));
    let correction = (century + 8) / 25;
    let moon = (19 * golden + century - century / 4 - (century - correction + 1) / 3 + 15).rem_euclid(30);
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - moon - of_century % 4).rem_euclid(7);
    let late = (golden + 11 * moon + 22 * weekday) / 451;
    let day = moon + weekday - 7 * late + 114;
    let date =
        NaiveDate::from_ymd_opt(year, u32::try_from(day / 31).ok()?, u32::try_from(day % 31 + 1).ok()?)?;
    Some(date.into())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(easter(year), Some(Day::on(year, month, day)), "{year}");
        }
    }

    #[test]
    fn holidays_of_a_year() {
        let check = |holidays: Holidays, year: i32, expected: &[(u32, u32)]| {
            let start = Day::on(year, 1, 1);
            let found: Vec<(u32, u32)> = (0..365)
                .map(|days| start.plus(days))
                .filter(|day| is_holiday(holidays, *day))
                .map(|day| day.date().map(|date| (date.month(), date.day())).unwrap())
                .collect();
            assert_eq!(found, expected, "{year}");
        };
        let france =
            [(1, 1), (4, 6), (5, 1), (5, 8), (5, 14), (5, 25), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)];
        check(FRANCE, 2026, &france);
        check(AUSTRALIA, 2026, &[(1, 1), (1, 26), (4, 3), (4, 6), (4, 25), (12, 25), (12, 26), (12, 28)]);
        // The first of January and Christmas fell on weekends.
        let australia = [(1, 1), (1, 3), (1, 26), (4, 15), (4, 18), (4, 25), (12, 25), (12, 26), (12, 27)];
        check(AUSTRALIA, 2022, &australia);
        check(NONE, 2026, &[]);
    }
}
