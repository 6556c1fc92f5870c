//! Public holidays as rules, and the days on which they are kept.

mod countries;
#[cfg(test)]
mod tests;

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};
use serde::Serialize;

pub(crate) use countries::{COUNTRIES, FRANCE};

use super::time::Date;

/// A public holiday that comes every year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Holiday {
    /// When it is.
    pub day: HolidayDay,
    /// Where it goes when it falls on a weekend.
    pub observance: Observance,
    /// The first and the last year that has it.
    pub years: (i32, i32),
}

/// When in a year a holiday is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HolidayDay {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Observance {
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

/// A holiday on a date.
pub(crate) const fn on(month: u32, day: u32) -> Holiday {
    Holiday::every_year(HolidayDay::Fixed(month, day))
}

/// A holiday so many days after Easter Sunday.
pub(crate) const fn easter(days: i64) -> Holiday {
    Holiday::every_year(HolidayDay::Easter(days))
}

impl Holiday {
    const fn every_year(day: HolidayDay) -> Self {
        Self { day, observance: Observance::Stays, years: (1, 9999) }
    }

    const fn since(self, year: i32) -> Self {
        Self { years: (year, self.years.1), ..self }
    }

    const fn until(self, year: i32) -> Self {
        Self { years: (self.years.0, year), ..self }
    }

    /// The holiday, kept elsewhere when it falls on a weekend.
    pub(crate) const fn observed(self, observance: Observance) -> Self {
        Self { observance, ..self }
    }

    /// The day itself in a year, wherever it is kept.
    fn in_year(&self, year: i32) -> Option<Date> {
        (self.years.0..=self.years.1).contains(&year).then(|| self.day.in_year(year))?
    }
}

/// Whether a day is one of the holidays, or is kept as one.
pub(crate) fn is_holiday(holidays: &[Holiday], day: Date) -> bool {
    if holidays.iter().any(|holiday| holiday.in_year(day.year()) == Some(day)) {
        return true;
    }
    // Most countries move none, and their days need not be worked out.
    if holidays.iter().all(|holiday| holiday.observance == Observance::Stays) {
        return false;
    }
    // A holiday of the next year may be kept in this one: 1 January 2028 is a Saturday.
    let last = day.year() + i32::from(day.month() == 12);
    (day.year()..=last).any(|year| kept_in(holidays, year).contains(&day))
}

/// The days of a year on which the holidays are kept, in the order of the holidays.
pub(crate) fn kept_in(holidays: &[Holiday], year: i32) -> Vec<Date> {
    let mut kept = Vec::with_capacity(holidays.len());
    for holiday in holidays {
        if let Some(day) = holiday.in_year(year) {
            kept.push(holiday.observance.of(day, &kept));
        }
    }
    kept
}

/// Whether a day is a Saturday or a Sunday.
pub(crate) fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

impl HolidayDay {
    fn in_year(self, year: i32) -> Option<Date> {
        match self {
            Self::Fixed(month, day) => NaiveDate::from_ymd_opt(year, month, day),
            Self::Easter(days) => easter_sunday(year).map(|sunday| sunday + TimeDelta::days(days)),
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

impl Observance {
    /// The day on which a holiday is kept; `kept` are those before it in the table.
    fn of(self, day: Date, kept: &[Date]) -> Date {
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
