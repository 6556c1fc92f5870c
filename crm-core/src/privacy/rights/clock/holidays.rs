//! Public holidays of whole countries, worked out from a table of rules, and what a host adds to them.
//!
//! A country that is not in the table has its weekends only, so that a time there ends too early and never too late.
//! The same goes for holidays of parts of a country: a host adds those of its own.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::period::later;
use crate::ground::time::Date;

/// When a holiday is.
#[derive(Clone, Copy, Debug)]
enum Day {
    /// On a date: month, day.
    Fixed(u32, u32),
    /// So many days after Easter Sunday.
    Easter(i64),
    /// On the first, second … of a weekday in a month: month, weekday, which.
    Nth(u32, Weekday, u8),
    /// On the last of a weekday in a month.
    Last(u32, Weekday),
    /// On the last of a weekday before a date: Victoria Day is the Monday before 25 May.
    Before(u32, u32, Weekday),
}

/// Where a holiday goes that falls on a weekend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shift {
    /// Nowhere.
    Stays,
    /// From a Saturday to the Friday, from a Sunday to the Monday (5 USC 6103(b); Executive Order 11582).
    Nearest,
    /// To the next day on which people work, behind other holidays (Banking and Financial Dealings Act 1971; Canada
    /// Labour Code 195).
    NextFree,
    /// From a Sunday to the Saturday (the King's Day of the Netherlands).
    SundayToSaturday,
}

/// A holiday of a country.
struct Holiday {
    day: Day,
    shift: Shift,
    /// The first and the last year that has it.
    years: (i32, i32),
}

const fn on(month: u32, day: u32) -> Holiday {
    Holiday { day: Day::Fixed(month, day), shift: Shift::Stays, years: (1, 9999) }
}

const fn easter(days: i64) -> Holiday {
    Holiday { day: Day::Easter(days), shift: Shift::Stays, years: (1, 9999) }
}

const fn nth(month: u32, weekday: Weekday, which: u8) -> Holiday {
    Holiday { day: Day::Nth(month, weekday, which), shift: Shift::Stays, years: (1, 9999) }
}

const fn last(month: u32, weekday: Weekday) -> Holiday {
    Holiday { day: Day::Last(month, weekday), shift: Shift::Stays, years: (1, 9999) }
}

const fn once(year: i32, month: u32, day: u32) -> Holiday {
    Holiday { day: Day::Fixed(month, day), shift: Shift::Stays, years: (year, year) }
}

impl Holiday {
    const fn since(self, year: i32) -> Self {
        Self { years: (year, self.years.1), ..self }
    }

    const fn until(self, year: i32) -> Self {
        Self { years: (self.years.0, year), ..self }
    }

    const fn shifting(self, shift: Shift) -> Self {
        Self { shift, ..self }
    }
}

const GOOD_FRIDAY: Holiday = easter(-2);
const EASTER_MONDAY: Holiday = easter(1);
const ASCENSION: Holiday = easter(39);
const WHIT_MONDAY: Holiday = easter(50);
const CORPUS_CHRISTI: Holiday = easter(60);
const MON: Weekday = Weekday::Mon;

/// The holidays of a country, with the source in the comment. Holidays that always fall on a Sunday are left out.
const COUNTRIES: &[(&str, &[Holiday])] = &[
    // The holidays of all Länder: Einigungsvertrag Article 2(2) and the acts of the Länder.
    (
        "DE",
        &[
            on(1, 1),
            GOOD_FRIDAY,
            EASTER_MONDAY,
            on(5, 1),
            ASCENSION,
            WHIT_MONDAY,
            on(10, 3),
            on(12, 25),
            on(12, 26),
            once(2017, 10, 31),
        ],
    ),
    // Code du travail L3133-1.
    (
        "FR",
        &[
            on(1, 1),
            EASTER_MONDAY,
            on(5, 1),
            on(5, 8),
            ASCENSION,
            WHIT_MONDAY,
            on(7, 14),
            on(8, 15),
            on(11, 1),
            on(11, 11),
            on(12, 25),
        ],
    ),
    // Feiertagsruhegesetz 1957, § 1; Arbeitsruhegesetz § 7(2).
    (
        "AT",
        &[
            on(1, 1),
            on(1, 6),
            EASTER_MONDAY,
            on(5, 1),
            ASCENSION,
            WHIT_MONDAY,
            CORPUS_CHRISTI,
            on(8, 15),
            on(10, 26),
            on(11, 1),
            on(12, 8),
            on(12, 25),
            on(12, 26),
        ],
    ),
    // Legge 260/1949, Article 2; 54/1977; 336/2000; 151/2025 (4 October from 2026).
    (
        "IT",
        &[
            on(1, 1),
            on(1, 6),
            EASTER_MONDAY,
            on(4, 25),
            on(5, 1),
            on(6, 2),
            on(8, 15),
            on(10, 4).since(2026),
            on(11, 1),
            on(12, 8),
            on(12, 25),
            on(12, 26),
        ],
    ),
    // Real Decreto 2001/1983, Article 45.
    (
        "ES",
        &[
            on(1, 1),
            on(1, 6),
            GOOD_FRIDAY,
            on(5, 1),
            on(8, 15),
            on(10, 12),
            on(11, 1),
            on(12, 6),
            on(12, 8),
            on(12, 25),
        ],
    ),
    // Algemene termijnenwet, Article 3.
    (
        "NL",
        &[
            on(1, 1),
            GOOD_FRIDAY,
            EASTER_MONDAY,
            on(4, 27).since(2014).shifting(Shift::SundayToSaturday),
            on(5, 5),
            ASCENSION,
            WHIT_MONDAY,
            on(12, 25),
            on(12, 26),
        ],
    ),
    // Koninklijk besluit of 18 April 1974, Article 1.
    (
        "BE",
        &[
            on(1, 1),
            EASTER_MONDAY,
            on(5, 1),
            ASCENSION,
            WHIT_MONDAY,
            on(7, 21),
            on(8, 15),
            on(11, 1),
            on(11, 11),
            on(12, 25),
        ],
    ),
    // Code du travail L. 232-2; 9 May from 2019.
    (
        "LU",
        &[
            on(1, 1),
            EASTER_MONDAY,
            on(5, 1),
            on(5, 9).since(2019),
            ASCENSION,
            WHIT_MONDAY,
            on(6, 23),
            on(8, 15),
            on(11, 1),
            on(12, 25),
            on(12, 26),
        ],
    ),
    // Ustawa o dniach wolnych od pracy of 1951, Article 1; 24 December from 2025.
    (
        "PL",
        &[
            on(1, 1),
            on(1, 6).since(2011),
            EASTER_MONDAY,
            on(5, 1),
            on(5, 3),
            CORPUS_CHRISTI,
            on(8, 15),
            on(11, 1),
            on(11, 11),
            on(12, 24).since(2025),
            on(12, 25),
            on(12, 26),
        ],
    ),
    // England and Wales: Banking and Financial Dealings Act 1971, Schedule 1, and proclamations.
    (
        "GB",
        &[
            GOOD_FRIDAY,
            EASTER_MONDAY,
            on(1, 1).shifting(Shift::NextFree),
            nth(5, MON, 1).until(2019),
            once(2020, 5, 8),
            nth(5, MON, 1).since(2021),
            last(5, MON).until(2021),
            once(2022, 6, 2),
            once(2022, 6, 3),
            last(5, MON).since(2023),
            last(8, MON),
            once(2022, 9, 19),
            once(2023, 5, 8),
            on(12, 25).shifting(Shift::NextFree),
            on(12, 26).shifting(Shift::NextFree),
        ],
    ),
    // 5 USC 6103.
    (
        "US",
        &[
            on(1, 1).shifting(Shift::Nearest),
            nth(1, MON, 3),
            nth(2, MON, 3),
            last(5, MON),
            on(6, 19).since(2021).shifting(Shift::Nearest),
            on(7, 4).shifting(Shift::Nearest),
            nth(9, MON, 1),
            nth(10, MON, 2),
            on(11, 11).shifting(Shift::Nearest),
            nth(11, Weekday::Thu, 4),
            on(12, 25).shifting(Shift::Nearest),
        ],
    ),
    // Canada Labour Code 166, 195; 30 September from 2021.
    (
        "CA",
        &[
            GOOD_FRIDAY,
            on(1, 1).shifting(Shift::NextFree),
            Holiday { day: Day::Before(5, 25, MON), shift: Shift::Stays, years: (1, 9999) },
            on(7, 1).shifting(Shift::NextFree),
            nth(9, MON, 1),
            on(9, 30).since(2021).shifting(Shift::NextFree),
            nth(10, MON, 2),
            on(11, 11).shifting(Shift::NextFree),
            on(12, 25).shifting(Shift::NextFree),
            on(12, 26).shifting(Shift::NextFree),
        ],
    ),
];

/// The days on which somebody works.
///
/// ```
/// use crm_core::parse_date;
/// use crm_core::privacy::rights::clock::Calendar;
/// let austria = Calendar::of_country("AT");
/// assert!(!austria.is_working_day(parse_date("2026-10-26")?));
/// assert_eq!(austria.working_day_from(parse_date("2026-10-24")?), parse_date("2026-10-27")?);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    country: Option<&'static str>,
    more: BTreeSet<Date>,
}

impl Calendar {
    /// The calendar of a country, ISO 3166-1 alpha-2. One that is not in the table has weekends only.
    pub fn of_country(code: &str) -> Self {
        let country = COUNTRIES.iter().map(|(known, _)| *known).find(|known| *known == code);
        Self { country, more: BTreeSet::new() }
    }

    /// The countries whose holidays are known.
    pub fn countries() -> impl Iterator<Item = &'static str> {
        COUNTRIES.iter().map(|(code, _)| *code)
    }

    /// The calendar with further days on which nobody works.
    pub fn with(mut self, days: impl IntoIterator<Item = Date>) -> Self {
        self.more.extend(days);
        self
    }

    /// Whether a day is neither on a weekend nor a holiday.
    pub fn is_working_day(&self, day: Date) -> bool {
        !is_weekend(day) && !self.is_holiday(day)
    }

    /// The day itself if it is a working day, or else the next one that is.
    pub fn working_day_from(&self, day: Date) -> Date {
        let mut day = day;
        while !self.is_working_day(day) && day < Date::MAX {
            day = later(day, 1);
        }
        day
    }

    /// Whether a day is a holiday, on a weekend or not.
    pub fn is_holiday(&self, day: Date) -> bool {
        // A holiday of the next year may be kept in this one: 1 January 2028 is a Saturday.
        self.more.contains(&day)
            || (day.year()..=day.year() + 1).any(|year| self.holidays_of(year).contains(&day))
    }

    /// The holidays of a year, as they are kept.
    pub fn holidays_of(&self, year: i32) -> BTreeSet<Date> {
        let rules = COUNTRIES
            .iter()
            .find(|(code, _)| Some(*code) == self.country)
            .map_or(&[][..], |(_, holidays)| *holidays);
        let mut kept = BTreeSet::new();
        for holiday in rules.iter().filter(|holiday| (holiday.years.0..=holiday.years.1).contains(&year)) {
            if let Some(day) = holiday.day.in_year(year) {
                kept.insert(holiday.shift.of(day, &kept));
            }
        }
        kept
    }
}

impl Day {
    fn in_year(self, year: i32) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Self::Easter(days) => easter_sunday(year).map(|sunday| sunday + chrono::TimeDelta::days(days)),
            Self::Nth(month, weekday, which) => {
                NaiveDate::from_weekday_of_month_opt(year, month, weekday, which)
            }
            Self::Last(month, weekday) => (4..=5)
                .rev()
                .find_map(|which| NaiveDate::from_weekday_of_month_opt(year, month, weekday, which)),
            Self::Before(month, day, weekday) => {
                let limit = NaiveDate::from_ymd_opt(year, month, day)?;
                (1..=7)
                    .filter_map(|days| limit.checked_sub_days(Days::new(days)))
                    .find(|day| day.weekday() == weekday)
            }
        }
    }
}

impl Shift {
    /// The day on which a holiday is kept; `kept` are those before it in the table.
    fn of(self, day: Date, kept: &BTreeSet<Date>) -> Date {
        let one = Days::new(1);
        match (self, day.weekday()) {
            (Self::Nearest, Weekday::Sat) | (Self::SundayToSaturday, Weekday::Sun) => day - one,
            (Self::Nearest, Weekday::Sun) => day + one,
            (Self::NextFree, _) => {
                let mut day = day;
                while is_weekend(day) || kept.contains(&day) {
                    day = day + one;
                }
                day
            }
            _ => day,
        }
    }
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// Easter Sunday of a year of the Gregorian calendar, by the algorithm of Meeus, Jones and Butcher (Meeus, Astronomical
/// Algorithms, chapter 8).
fn easter_sunday(year: i32) -> Option<Date> {
    let golden = year % 19;
    let (century, of_century) = (year / 100, year % 100);
    let skipped = (century + 8) / 25;
    let epact = (19 * golden + century - century / 4 - (century - skipped + 1) / 3 + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let correction = (golden + 11 * epact + 22 * weekday) / 451;
    let sum = epact + weekday - 7 * correction + 114;
    let (month, day) = (u32::try_from(sum / 31).ok()?, u32::try_from(sum % 31 + 1).ok()?);
    NaiveDate::from_ymd_opt(year, month, day)
}
