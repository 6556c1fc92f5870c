//! Time: UTC time stamps with microseconds, and plain dates.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{CrmError, Result};

/// A calendar date without a time zone, `YYYY-MM-DD` in JSON.
pub type Date = chrono::NaiveDate;

/// A point in time: microseconds since 1970-01-01T00:00:00Z, RFC 3339 in JSON.
///
/// ```
/// use crm_core::Timestamp;
/// let t: Timestamp = "2026-11-21T11:30:00.25+01:00".parse()?;
/// assert_eq!(t.to_string(), "2026-11-21T10:30:00.250Z");
/// assert_eq!(t.micros(), 1_795_257_000_250_000);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Dates outside these years are refused: they are typing errors, and sort wrongly as text.
pub const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;

impl Timestamp {
    /// The first time stamp that is accepted: the start of year 1.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// The last time stamp that is accepted: the last microsecond of year 9999.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// The time stamp so many microseconds after 1970-01-01T00:00:00Z.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The time stamp as chrono's type. Out of range values are clamped to [`Timestamp::MIN`] and [`Timestamp::MAX`].
    pub fn to_datetime(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.clamp(Self::MIN.0, Self::MAX.0)).unwrap_or_default()
    }

    /// The date in UTC.
    pub fn date(self) -> Date {
        self.to_datetime().date_naive()
    }

    /// The time stamp in RFC 3339, with as few decimals of a second as it needs: none, three or six. By hand, because every
    /// record has two of them, and a format that is read for each costs more than all other fields.
    fn written(self, buffer: &mut [u8; LENGTH]) -> &str {
        let at = self.to_datetime();
        let micros = at.timestamp_subsec_micros();
        *buffer = *b"0000-00-00T00:00:00.000000Z";
        put(&mut buffer[..4], at.year().unsigned_abs());
        put(&mut buffer[5..7], at.month());
        put(&mut buffer[8..10], at.day());
        put(&mut buffer[11..13], at.hour());
        put(&mut buffer[14..16], at.minute());
        put(&mut buffer[17..19], at.second());
        put(&mut buffer[20..26], micros);
        let length = match micros {
            0 => 20,
            _ if micros.is_multiple_of(1_000) => 24,
            _ => LENGTH,
        };
        buffer[length - 1] = b'Z';
        std::str::from_utf8(&buffer[..length]).expect("digits and signs are ASCII")
    }

    /// The start of a day in UTC.
    pub fn start_of(date: Date) -> Self {
        Self(date.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros())
    }

    /// This time so many days later (or earlier, if negative).
    pub const fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(86_400_000_000)))
    }

    /// This time so many seconds later (or earlier, if negative).
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

/// The most bytes of a time stamp in RFC 3339.
const LENGTH: usize = "0000-00-00T00:00:00.000000Z".len();

/// Writes a number with leading zeros.
fn put(digits: &mut [u8], mut number: u32) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(value: DateTime<Utc>) -> Self {
        Self(value.timestamp_micros())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.written(&mut [0; LENGTH]))
    }
}

impl FromStr for Timestamp {
    type Err = CrmError;

    fn from_str(text: &str) -> Result<Self> {
        let invalid = || {
            CrmError::invalid("time.invalid", "is not an RFC 3339 time stamp such as 2026-11-21T10:00:00Z")
        };
        let stamp = Self(DateTime::parse_from_rfc3339(text).map_err(|_| invalid())?.timestamp_micros());
        if (Self::MIN..=Self::MAX).contains(&stamp) {
            Ok(stamp)
        } else {
            Err(CrmError::invalid("time.range", "lies outside the years 1 to 9999"))
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.written(&mut [0; LENGTH]))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|error: CrmError| serde::de::Error::custom(error.reason()))
    }
}

/// Parses a date in the form `YYYY-MM-DD`, years 1 to 9999.
///
/// ```
/// assert!(crm_core::parse_date("2026-02-29").is_err());
/// assert_eq!(crm_core::parse_date("2028-02-29")?.to_string(), "2028-02-29");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub fn parse_date(text: &str) -> Result<Date> {
    let invalid = || CrmError::invalid("date.invalid", "is not a date such as 2026-11-21");
    if text.len() != 10 || !text.is_ascii() {
        return Err(invalid());
    }
    let date = Date::parse_from_str(text, "%Y-%m-%d").map_err(|_| invalid())?;
    if YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(CrmError::invalid("date.range", "lies outside the years 1 to 9999"))
    }
}

#[cfg(test)]
mod tests {
    use chrono::SecondsFormat;
    use proptest::prelude::*;

    use super::Timestamp;

    fn check(micros: i64) {
        let at = Timestamp::from_micros(micros);
        let expected = at.to_datetime().to_rfc3339_opts(SecondsFormat::AutoSi, true);
        assert_eq!(at.to_string(), expected);
        assert_eq!(serde_json::to_value(at).unwrap(), expected);
    }

    #[test]
    fn is_written_in_rfc_3339_with_the_decimals_that_it_needs() {
        for micros in [i64::MIN, -1_000, -1, 0, 1, 999, 1_000, 1_500, 999_999, 1_000_000, i64::MAX] {
            check(micros);
        }
        check(Timestamp::MIN.micros());
        check(Timestamp::MAX.micros());
    }

    proptest! {
        #[test]
        fn any_time_is_written_as_chrono_writes_it(
            micros in Timestamp::MIN.micros()..=Timestamp::MAX.micros(),
            unit in prop::sample::select(vec![1, 1_000, 1_000_000]),
        ) {
            check(micros / unit * unit);
        }
    }
}
