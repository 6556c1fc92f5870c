//! On which days somebody works: the holidays of a country, and what a host adds to them.
//!
//! A country that is not in the table has its weekends only, so that a time there ends too early and never too late.
//! The same goes for holidays of parts of a country: a host adds those of its own.

use std::collections::BTreeSet;

use super::period::later;
use crate::ground::holidays::{COUNTRIES, Holiday, is_holiday, is_weekend, kept_in};
use crate::ground::time::Date;

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

    /// Whether a day is a holiday or is kept as one, on a weekend or not.
    pub fn is_holiday(&self, day: Date) -> bool {
        self.more.contains(&day) || is_holiday(self.rules(), day)
    }

    /// The holidays of a year, as they are kept.
    pub fn holidays_of(&self, year: i32) -> BTreeSet<Date> {
        kept_in(self.rules(), year).into_iter().collect()
    }

    fn rules(&self) -> &'static [Holiday] {
        COUNTRIES
            .iter()
            .find(|(code, _)| Some(*code) == self.country)
            .map_or(&[][..], |(_, holidays)| *holidays)
    }
}
