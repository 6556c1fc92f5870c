//! Currencies: the codes of ISO 4217 with the number of their decimals.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{CrmError, Result};

/// A currency of ISO 4217, for example `EUR`.
///
/// Codes without a minor unit (gold, special drawing rights, the test code) are not currencies in which
/// money can be accounted and are unknown here.
///
/// ```
/// use crm_core::Currency;
/// assert_eq!(Currency::from_code("jpy")?.minor_units(), 0);
/// assert_eq!(Currency::from_code("XYZ").unwrap_err().code(), "currency.unknown");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency with this code of three letters, in upper or lower case.
    ///
    /// # Errors
    /// `currency.unknown` when ISO 4217 has no such currency.
    pub fn from_code(code: &str) -> Result<Self> {
        let unknown = || CrmError::invalid("currency.unknown", "is not a currency of ISO 4217 such as EUR");
        let mut bytes: [u8; 3] = code.as_bytes().try_into().map_err(|_| unknown())?;
        bytes.make_ascii_uppercase();
        Self(bytes).known_minor_units().map(|_| Self(bytes)).ok_or_else(unknown)
    }

    /// The code of three upper-case letters.
    pub fn code(&self) -> &str {
        // Only known codes are constructed, and those are ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// How many decimals the currency has: 2 for `EUR`, 0 for `JPY`, 3 for `BHD`, 4 for `CLF`.
    pub fn minor_units(self) -> u32 {
        self.known_minor_units().unwrap_or(2)
    }

    /// All known currencies, sorted by the number of their decimals.
    pub fn all() -> impl Iterator<Item = Self> {
        MINOR_UNITS.iter().flat_map(|(_, codes)| codes.iter()).filter_map(|code| Self::from_code(code).ok())
    }

    fn known_minor_units(self) -> Option<u32> {
        MINOR_UNITS
            .iter()
            .find(|(_, codes)| codes.binary_search_by(|code| code.as_bytes().cmp(&self.0)).is_ok())
            .map(|(decimals, _)| *decimals)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = CrmError;

    fn from_str(text: &str) -> Result<Self> {
        Self::from_code(text)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_code(&code).map_err(|error| serde::de::Error::custom(error.reason()))
    }
}

/// The currencies by their number of decimals, each row sorted.
///
/// Source: ISO 4217 list one (with the amendments up to the Caribbean guilder `XCG`, Zimbabwe Gold `ZWG`
/// and the euro in Bulgaria), codes from Debian's iso-codes 4.15.
const MINOR_UNITS: [(u32, &[&str]); 5] = [
    (
        2,
        &[
            "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BMD", "BND",
            "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHE", "CHF", "CHW", "CNY",
            "COP", "COU", "CRC", "CUP", "CVE", "CZK", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD",
            "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS",
            "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL",
            "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR",
            "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR",
            "RON", "RSD", "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP",
            "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "USD",
            "USN", "UYU", "UZS", "VED", "VES", "WST", "XCD", "XCG", "YER", "ZAR", "ZMW", "ZWG",
        ],
    ),
    (
        0,
        &[
            "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV",
            "XAF", "XOF", "XPF",
        ],
    ),
    (3, &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]),
    (4, &["CLF", "UYW"]),
    // Withdrawn since 2020; documents of earlier years still carry them.
    (2, &["ANG", "BGN", "CUC", "HRK", "SLL", "ZWL"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_decimals() {
        let check = |code: &str, expected: Result<u32, &str>| {
            let result = Currency::from_code(code);
            let decimals = result.as_ref().map(|currency| currency.minor_units());
            assert_eq!(decimals.map_err(CrmError::code), expected, "{code}");
        };
        for (code, decimals) in
            [("EUR", 2), ("usd", 2), ("JPY", 0), ("BHD", 3), ("CLF", 4), ("UYW", 4), ("ISK", 0)]
        {
            check(code, Ok(decimals));
        }
        for code in ["", "EU", "EURO", "XAU", "XXX", "XTS", "€", "ÄÖÜ", "E R"] {
            check(code, Err("currency.unknown"));
        }
    }

    #[test]
    fn table_is_sorted_and_complete() {
        for (_, codes) in MINOR_UNITS {
            assert!(codes.is_sorted(), "{codes:?}");
        }
        let mut all: Vec<_> = Currency::all().collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(count, all.len());
        assert_eq!(count, 170);
    }

    #[test]
    fn json() {
        let euro = Currency::from_code("EUR").unwrap();
        assert_eq!(serde_json::to_string(&euro).unwrap(), "\"EUR\"");
        assert_eq!(serde_json::from_str::<Currency>("\"EUR\"").unwrap(), euro);
        assert!(serde_json::from_str::<Currency>("\"EU\"").is_err());
    }
}
