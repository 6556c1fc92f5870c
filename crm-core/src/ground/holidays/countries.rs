//! The public holidays of whole countries.

use chrono::Weekday;

use super::{Holiday, HolidayDay, Observance, easter, on};

const GOOD_FRIDAY: Holiday = easter(-2);
const EASTER_MONDAY: Holiday = easter(1);
const ASCENSION: Holiday = easter(39);
const WHIT_MONDAY: Holiday = easter(50);
const CORPUS_CHRISTI: Holiday = easter(60);
const MON: Weekday = Weekday::Mon;

const fn nth(month: u32, weekday: Weekday, which: u8) -> Holiday {
    Holiday::every_year(HolidayDay::Nth(month, weekday, which))
}

const fn last(month: u32, weekday: Weekday) -> Holiday {
    Holiday::every_year(HolidayDay::Last(month, weekday))
}

const fn once(year: i32, month: u32, day: u32) -> Holiday {
    Holiday { years: (year, year), ..on(month, day) }
}

/// The *jours fériés* of France. Source: Code du travail, art. L3133-1.
pub(crate) const FRANCE: &[Holiday] = &[
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
];

/// The holidays of a country, with the source in the comment. Holidays that always fall on a Sunday are left out.
pub(crate) const COUNTRIES: &[(&str, &[Holiday])] = &[
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
    ("FR", FRANCE),
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
            on(4, 27).since(2014).observed(Observance::SundayToSaturday),
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
            on(1, 1).observed(Observance::NextFree),
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
            on(12, 25).observed(Observance::NextFree),
            on(12, 26).observed(Observance::NextFree),
        ],
    ),
    // 5 USC 6103.
    (
        "US",
        &[
            on(1, 1).observed(Observance::Nearest),
            nth(1, MON, 3),
            nth(2, MON, 3),
            last(5, MON),
            on(6, 19).since(2021).observed(Observance::Nearest),
            on(7, 4).observed(Observance::Nearest),
            nth(9, MON, 1),
            nth(10, MON, 2),
            on(11, 11).observed(Observance::Nearest),
            nth(11, Weekday::Thu, 4),
            on(12, 25).observed(Observance::Nearest),
        ],
    ),
    // Canada Labour Code 166, 195; 30 September from 2021.
    (
        "CA",
        &[
            GOOD_FRIDAY,
            on(1, 1).observed(Observance::NextFree),
            Holiday::every_year(HolidayDay::Before(5, 25, MON)),
            on(7, 1).observed(Observance::NextFree),
            nth(9, MON, 1),
            on(9, 30).since(2021).observed(Observance::NextFree),
            nth(10, MON, 2),
            on(11, 11).observed(Observance::NextFree),
            on(12, 25).observed(Observance::NextFree),
            on(12, 26).observed(Observance::NextFree),
        ],
    ),
];
