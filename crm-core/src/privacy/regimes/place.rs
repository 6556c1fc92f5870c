//! Places: countries and their parts, and the territories that rules hold in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::area_codes::AREA_CODES;
use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;

/// A country by ISO 3166-1, or a part of one by ISO 3166-2. JSON: `DE`, `US-CA`.
///
/// ```
/// use crm_core::privacy::regimes::Place;
/// let california: Place = "US-CA".parse()?;
/// assert_eq!(california.country(), "US");
/// assert_eq!(Place::of_north_american("+1 415 555 0100"), Some(california));
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    country: [u8; 2],
    /// Zeros where the part is not known, or does not matter.
    part: [u8; 3],
}

/// Where a rule holds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Territory {
    /// Wherever its regime holds.
    Whole,
    /// In these places.
    In(&'static [Place]),
    /// Wherever its regime holds but in these places.
    Outside(&'static [Place]),
}

impl Place {
    /// The place with a code, for constant tables: a code that is none does not compile there.
    pub(crate) const fn of(code: &str) -> Self {
        match Self::read(code.as_bytes()) {
            Some(place) => place,
            None => panic!("a table names a place that does not exist"),
        }
    }

    const fn read(code: &[u8]) -> Option<Self> {
        let mut place = Self { country: [0; 2], part: [0; 3] };
        let mut at = 0;
        while at < code.len() {
            match (at, code[at]) {
                (0 | 1, letter @ b'A'..=b'Z') => place.country[at] = letter,
                (2, b'-') if code.len() > 3 => {}
                (3..=5, letter @ (b'A'..=b'Z' | b'0'..=b'9')) => place.part[at - 3] = letter,
                _ => return None,
            }
            at += 1;
        }
        if code.len() >= 2 { Some(place) } else { None }
    }

    /// A place from the country and the part of it that a data subject names, such as `US` and `US-CA`. Nothing when
    /// neither is known.
    ///
    /// # Errors
    /// `place.unknown`.
    pub fn from_residence(country: Option<&str>, subdivision: Option<&str>) -> Result<Option<Self>> {
        subdivision.or(country).map(str::parse).transpose()
    }

    /// The state, province or country of a North American telephone number (E.164, `+1`), by its area code: where the
    /// regimes presume that its owner lives. The country calling code alone says neither the state nor the country, so
    /// a number with an area code that is not in the table gives nothing.
    pub fn of_north_american(number: &str) -> Option<Self> {
        let mut digits = number.bytes().filter(u8::is_ascii_digit);
        if digits.next() != Some(b'1') {
            return None;
        }
        let code = digits.take(3).fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
        let found = AREA_CODES.iter().find(|(_, codes)| codes.binary_search(&code).is_ok());
        found.map(|(place, _)| *place)
    }

    /// The code of the country.
    pub fn country(&self) -> &str {
        std::str::from_utf8(&self.country).unwrap_or_default()
    }

    /// The code of the part of the country, without that of the country; empty when it is not known.
    pub fn part(&self) -> &str {
        let length = self.part.iter().position(|byte| *byte == 0).unwrap_or(self.part.len());
        std::str::from_utf8(&self.part[..length]).unwrap_or_default()
    }

    /// Whether the part of the country is known.
    pub const fn has_part(self) -> bool {
        self.part[0] != 0
    }

    /// Whether both lie in one country.
    pub const fn same_country(self, other: Self) -> bool {
        self.country[0] == other.country[0] && self.country[1] == other.country[1]
    }

    /// Whether somebody in this place may be in a place of a table: an unknown part of a country may be any.
    pub fn may_be_in(self, listed: Self) -> bool {
        self.same_country(listed) && (!listed.has_part() || !self.has_part() || self.part == listed.part)
    }
}

impl Territory {
    /// Whether the territory may reach somebody in a place, who is where the regime holds.
    pub fn may_reach(self, place: Place) -> bool {
        match self {
            Self::Whole => true,
            Self::In(places) => places.iter().any(|listed| place.may_be_in(*listed)),
            Self::Outside(places) => !places.iter().any(|listed| place.may_be_in(*listed)),
        }
    }
}

impl From<CountryCode> for Place {
    fn from(country: CountryCode) -> Self {
        Self::of(country.code())
    }
}

impl FromStr for Place {
    type Err = CrmError;

    fn from_str(code: &str) -> Result<Self> {
        Self::read(code.as_bytes())
            .filter(|place| CountryCode::from_code(place.country()).is_ok())
            .ok_or_else(|| CrmError::invalid("place.unknown", "is no place of ISO 3166 such as DE or US-CA"))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.country())?;
        if self.has_part() { write!(f, "-{}", self.part()) } else { Ok(()) }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Place {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        code.parse().map_err(|error: CrmError| serde::de::Error::custom(error.reason()))
    }
}
