//! Time zones and the days, weeks, months, quarters and years that reports count in.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{CrmError, Result};
use crate::ground::time::{Date, Timestamp};
use crate::ground::zone_table;

/// A time zone of the IANA database, by its name.
///
/// ```
/// use crm_core::{Timestamp, Zone};
/// let berlin: Zone = "Europe/Berlin".parse()?;
/// let late: Timestamp = "2026-11-21T23:30:00Z".parse()?;
/// assert_eq!(berlin.date(late).to_string(), "2026-11-22");
/// assert_eq!(berlin.start_of_day(berlin.date(late)).to_string(), "2026-11-21T23:00:00Z");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Place);

/// UTC needs no look into the table.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Place {
    Utc,
    Listed(u16),
}

const UTC_NAME: &str = "UTC";

impl Zone {
    /// Coordinated universal time.
    pub const UTC: Self = Self(Place::Utc);

    /// The name in the IANA database.
    pub fn name(self) -> &'static str {
        match self.0 {
            Place::Utc => UTC_NAME,
            Place::Listed(zone) => zone_table::name(zone),
        }
    }

    /// The date on the wall calendar at a time.
    pub fn date(self, time: Timestamp) -> Date {
        self.wall(time).date()
    }

    /// The time on the wall clock at a time.
    pub fn time_of_day(self, time: Timestamp) -> NaiveTime {
        self.wall(time).time()
    }

    /// How far the wall clock is ahead of UTC at a time, in seconds.
    pub fn offset_seconds(self, time: Timestamp) -> i32 {
        match self.0 {
            Place::Utc => 0,
            Place::Listed(zone) => zone_table::offsets(zone).at(time.micros().div_euclid(1_000_000)),
        }
    }

    /// What the wall shows at a time.
    fn wall(self, time: Timestamp) -> NaiveDateTime {
        time.to_datetime().naive_utc() + TimeDelta::seconds(self.offset_seconds(time).into())
    }

    /// The first moment of a local day.
    ///
    /// When clocks are put forward over midnight, the day starts where the gap ends; a day that a zone left
    /// out altogether starts with the next one. When midnight comes twice, the day starts with the first.
    pub fn start_of_day(self, date: Date) -> Timestamp {
        self.at(date, NaiveTime::MIN)
    }

    /// The moment at which the wall clock shows a time of a day.
    ///
    /// A time that is skipped becomes the end of the gap, a time that comes twice the first of both.
    pub fn at(self, date: Date, time: NaiveTime) -> Timestamp {
        let wall = date.and_time(time).and_utc().timestamp_micros();
        Timestamp::from_micros(match self.0 {
            Place::Utc => wall,
            Place::Listed(zone) => zone_table::offsets(zone).of_wall(wall),
        })
    }

    /// The first moment of the local day, week, month, quarter or year that a time lies in.
    pub fn start_of(self, unit: DateUnit, time: Timestamp) -> Timestamp {
        self.start_of_day(unit.truncate(self.date(time)))
    }

    /// The local day, week, month, quarter or year that a time lies in: its first moment and the first moment
    /// of the next one.
    ///
    /// Ranges that follow each other never overlap and leave nothing out. (In a zone that once put its clocks
    /// back over midnight, Newfoundland until 2011, the repeated minutes belong to the new day.)
    pub fn range_of(self, unit: DateUnit, time: Timestamp) -> (Timestamp, Timestamp) {
        let first = unit.truncate(self.date(time));
        (self.start_of_day(first), self.start_of_day(unit.next(first)))
    }
}

impl Default for Zone {
    fn default() -> Self {
        Self::UTC
    }
}

impl FromStr for Zone {
    type Err = CrmError;

    fn from_str(name: &str) -> Result<Self> {
        if name == UTC_NAME {
            return Ok(Self::UTC);
        }
        zone_table::find(name).map(|zone| Self(Place::Listed(zone))).ok_or_else(|| {
            CrmError::invalid("zone.unknown", "is not a time zone of the IANA database such as Europe/Berlin")
        })
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        name.parse().map_err(|error: CrmError| serde::de::Error::custom(error.reason()))
    }
}

/// What a report counts in.
///
/// ```
/// use crm_core::{DateUnit, parse_date};
/// let day = parse_date("2026-11-21")?;
/// assert_eq!(DateUnit::Week.truncate(day), parse_date("2026-11-16")?);
/// assert_eq!(DateUnit::Week.label(day), "2026-W47");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DateUnit {
    /// A calendar day.
    Day,
    /// A week of ISO 8601: from Monday to Sunday, numbered so that week 1 holds the first Thursday.
    Week,
    /// A calendar month.
    Month,
    /// Three months from January, April, July or October.
    Quarter,
    /// A calendar year.
    Year,
}

impl DateUnit {
    /// All units, from the shortest to the longest.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// The name of the unit: `day`, `week`, `month`, `quarter` or `year`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// The unit with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.name() == name)
    }

    /// The first day of the unit that a date lies in.
    pub fn truncate(self, date: Date) -> Date {
        let first = |month| Date::from_ymd_opt(date.year(), month, 1).unwrap_or(date);
        match self {
            Self::Day => date,
            Self::Week => {
                let back = u64::from(date.weekday().num_days_from_monday());
                date.checked_sub_days(Days::new(back)).unwrap_or(date)
            }
            Self::Month => first(date.month()),
            Self::Quarter => first(date.month0() / 3 * 3 + 1),
            Self::Year => first(1),
        }
    }

    /// The first day of the next unit. Beyond chrono's last date it stays where it is.
    pub fn next(self, date: Date) -> Date {
        let start = self.truncate(date);
        match self {
            Self::Day => start.checked_add_days(Days::new(1)),
            Self::Week => start.checked_add_days(Days::new(7)),
            Self::Month => start.checked_add_months(Months::new(1)),
            Self::Quarter => start.checked_add_months(Months::new(3)),
            Self::Year => start.checked_add_months(Months::new(12)),
        }
        .unwrap_or(date)
    }

    /// The name of the unit that a date lies in: `2026-11-21`, `2026-W47`, `2026-11`, `2026-Q4`, `2026`.
    /// Labels sort by time.
    pub fn label(self, date: Date) -> String {
        match self {
            Self::Day => date.to_string(),
            Self::Week => {
                let week = date.iso_week();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
            Self::Month => format!("{:04}-{:02}", date.year(), date.month()),
            Self::Quarter => format!("{:04}-Q{}", date.year(), date.month0() / 3 + 1),
            Self::Year => format!("{:04}", date.year()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::time::parse_date;
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    #[test]
    fn names() {
        assert_eq!("Mars/Base".parse::<Zone>().unwrap_err().code(), "zone.unknown");
        assert_eq!(serde_json::to_string(&zone("Europe/Berlin")).unwrap(), "\"Europe/Berlin\"");
        assert!(serde_json::from_str::<Zone>("\"\"").is_err());
    }

    #[test]
    fn starts_of_days() {
        let check = |name: &str, date: &str, expected: &str| {
            let start = zone(name).start_of_day(parse_date(date).unwrap());
            assert_eq!(start.to_string(), expected, "{name} {date}");
        };
        check("UTC", "2026-01-01", "2026-01-01T00:00:00Z");
        check("Europe/Berlin", "2026-03-29", "2026-03-28T23:00:00Z");
        check("Europe/Berlin", "2026-03-30", "2026-03-29T22:00:00Z");
        check("Asia/Kathmandu", "2026-01-01", "2025-12-31T18:15:00Z");
        // The clocks went from 24:00 to 01:00: the day began at 01:00.
        check("America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z");
        check("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z");
        // From 23:30 to 00:30: the day began at 00:30.
        check("America/Toronto", "1919-03-31", "1919-03-31T04:30:00Z");
        // Midnight came twice in Havana.
        check("America/Havana", "2026-11-01", "2026-11-01T04:00:00Z");
        // Samoa left out 30 December 2011.
        check("Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z");
        check("Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z");
    }

    #[test]
    fn times_on_the_wall() {
        let check = |time: &str, expected: &str| {
            let date = parse_date(time.split('T').next().unwrap()).unwrap();
            let wall = time.split('T').nth(1).unwrap().parse().unwrap();
            assert_eq!(zone("Europe/Berlin").at(date, wall).to_string(), expected, "{time}");
        };
        check("2026-03-29T02:30:00", "2026-03-29T01:00:00Z");
        check("2026-03-29T02:30:00.5", "2026-03-29T01:00:00Z");
        check("2026-10-25T02:30:00", "2026-10-25T00:30:00Z");
        check("2026-07-01T12:00:00", "2026-07-01T10:00:00Z");
        assert_eq!(zone("Europe/Berlin").offset_seconds("2026-07-01T12:00:00Z".parse().unwrap()), 7200);
    }

    #[test]
    fn units() {
        let check = |unit: DateUnit, date: &str, start: &str, next: &str, label: &str| {
            let date = parse_date(date).unwrap();
            assert_eq!(unit.truncate(date).to_string(), start);
            assert_eq!(unit.next(date).to_string(), next);
            assert_eq!(unit.label(date), label);
        };
        check(DateUnit::Day, "2026-11-21", "2026-11-21", "2026-11-22", "2026-11-21");
        check(DateUnit::Week, "2026-11-21", "2026-11-16", "2026-11-23", "2026-W47");
        check(DateUnit::Week, "2027-01-01", "2026-12-28", "2027-01-04", "2026-W53");
        check(DateUnit::Month, "2026-12-31", "2026-12-01", "2027-01-01", "2026-12");
        check(DateUnit::Quarter, "2026-11-21", "2026-10-01", "2027-01-01", "2026-Q4");
        check(DateUnit::Year, "2028-02-29", "2028-01-01", "2029-01-01", "2028");
        let (from, to) =
            zone("Europe/Berlin").range_of(DateUnit::Month, "2026-03-31T22:30:00Z".parse().unwrap());
        assert_eq!(
            (from.to_string(), to.to_string()),
            ("2026-03-31T22:00:00Z".into(), "2026-04-30T22:00:00Z".into())
        );
    }

    proptest! {
        #[test]
        fn a_time_lies_in_its_own_unit(
            seconds in -2_000_000_000_i64..4_000_000_000,
            zone in proptest::sample::select(&chrono_tz::TZ_VARIANTS[..]),
        ) {
            let time = Timestamp::from_micros(seconds * 1_000_000);
            let zone = zone.name().parse::<Zone>().unwrap();
            for unit in [DateUnit::Day, DateUnit::Week, DateUnit::Month, DateUnit::Quarter, DateUnit::Year] {
                let (from, to) = zone.range_of(unit, time);
                prop_assert!(from <= time && from < to, "{} {} {} {}", zone, time, from, to);
            }
            let date = zone.date(time);
            prop_assert!(zone.date(zone.start_of_day(date)) >= date);
            prop_assert!(zone.date(Timestamp::from_micros(zone.start_of_day(date).micros() - 1)) < date);
        }
    }
}
