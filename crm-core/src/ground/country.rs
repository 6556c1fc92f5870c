//! Countries: the codes of ISO 3166-1, with the names by which people call them.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{CrmError, Result};
use crate::ground::text::fold;

#[path = "country_table.rs"]
mod table;
use table::COUNTRIES;

/// A country of ISO 3166-1, by its code of two letters.
///
/// ```
/// use crm_core::CountryCode;
/// let germany = CountryCode::parse("Deutschland")?;
/// assert_eq!((germany.code(), germany.alpha_3(), germany.name()), ("DE", "DEU", "Germany"));
/// assert_eq!(CountryCode::parse("UK")?.code(), "GB");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl CountryCode {
    /// The country with this code of two letters, in upper or lower case.
    ///
    /// # Errors
    /// `country.unknown` when ISO 3166-1 has no such code.
    pub fn from_code(code: &str) -> Result<Self> {
        let mut bytes: [u8; 2] = code.as_bytes().try_into().map_err(|_| unknown())?;
        bytes.make_ascii_uppercase();
        match COUNTRIES.binary_search_by(|row| row.0.as_bytes().cmp(&bytes)) {
            Ok(_) => Ok(Self(bytes)),
            Err(_) => Err(unknown()),
        }
    }

    /// The country that somebody wrote as two or three letters, as an English or native name, or as a usual
    /// short name. Case, accents and dots do not matter.
    ///
    /// # Errors
    /// `country.unknown`.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if let Ok(found) = Self::from_code(text) {
            return Ok(found);
        }
        NAMES.get(&name_key(text)).copied().ok_or_else(unknown)
    }

    /// The code of two upper-case letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The code of three upper-case letters.
    pub fn alpha_3(self) -> &'static str {
        self.row().1
    }

    /// The English name.
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// The name in the main language of the country.
    pub fn native_name(self) -> &'static str {
        let row = self.row();
        if row.3.is_empty() { row.2 } else { row.3 }
    }

    /// All countries, in the order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        COUNTRIES.iter().filter_map(|row| Self::from_code(row.0).ok())
    }

    fn row(self) -> &'static (&'static str, &'static str, &'static str, &'static str) {
        let index = COUNTRIES.binary_search_by(|row| row.0.as_bytes().cmp(&self.0));
        // Only codes of the table are constructed.
        COUNTRIES.get(index.unwrap_or_default()).unwrap_or(&COUNTRIES[0])
    }
}

fn unknown() -> CrmError {
    CrmError::invalid("country.unknown", "is not a country of ISO 3166-1 such as DE or Germany")
}

/// Names and three-letter codes in folded form. Built at the first look-up by name.
static NAMES: LazyLock<HashMap<String, CountryCode>> = LazyLock::new(|| {
    let mut names = HashMap::with_capacity(COUNTRIES.len() * 3 + ALIASES.len());
    for country in CountryCode::all() {
        for name in [country.alpha_3(), country.name(), country.native_name()] {
            names.entry(name_key(name)).or_insert(country);
        }
    }
    for (name, code) in ALIASES {
        if let Ok(country) = CountryCode::from_code(code) {
            names.insert(name_key(name), country);
        }
    }
    names
});

fn name_key(name: &str) -> String {
    let folded = fold(name).replace('&', " and ");
    let words: Vec<_> = folded
        .split(|c: char| !crate::ground::text::is_word_character(c) && c != '.')
        .filter(|word| !word.is_empty() && *word != "the")
        .map(|word| if word == "st." { "saint".to_owned() } else { word.replace('.', "") })
        .collect();
    words.join(" ")
}

/// Usual names beside the English and the main native one.
const ALIASES: &[(&str, &str)] = &[
    ("UK", "GB"),
    ("Great Britain", "GB"),
    ("Britain", "GB"),
    ("England", "GB"),
    ("Scotland", "GB"),
    ("Wales", "GB"),
    ("Northern Ireland", "GB"),
    ("United Kingdom of Great Britain and Northern Ireland", "GB"),
    ("Großbritannien", "GB"),
    ("Vereinigtes Königreich", "GB"),
    ("Royaume-Uni", "GB"),
    ("Reino Unido", "GB"),
    ("USA", "US"),
    ("U.S.", "US"),
    ("United States of America", "US"),
    ("America", "US"),
    ("Vereinigte Staaten", "US"),
    ("États-Unis", "US"),
    ("Estados Unidos", "US"),
    ("Federal Republic of Germany", "DE"),
    ("Bundesrepublik Deutschland", "DE"),
    ("BRD", "DE"),
    ("Allemagne", "DE"),
    ("Alemania", "DE"),
    ("Germania", "DE"),
    ("Duitsland", "DE"),
    ("Niemcy", "DE"),
    ("Frankreich", "FR"),
    ("Francia", "FR"),
    ("Spanien", "ES"),
    ("Espagne", "ES"),
    ("Italien", "IT"),
    ("Italie", "IT"),
    ("Autriche", "AT"),
    ("Suisse", "CH"),
    ("Svizzera", "CH"),
    ("Svizra", "CH"),
    ("Suiza", "CH"),
    ("Belgique", "BE"),
    ("Belgien", "BE"),
    ("Holland", "NL"),
    ("The Netherlands", "NL"),
    ("Niederlande", "NL"),
    ("Pays-Bas", "NL"),
    ("Luxemburg", "LU"),
    ("Luxembourg", "LU"),
    ("Lëtzebuerg", "LU"),
    ("Dänemark", "DK"),
    ("Schweden", "SE"),
    ("Norwegen", "NO"),
    ("Norge", "NO"),
    ("Noreg", "NO"),
    ("Finnland", "FI"),
    ("Polen", "PL"),
    ("Tschechien", "CZ"),
    ("Czech Republic", "CZ"),
    ("Česká republika", "CZ"),
    ("Slovak Republic", "SK"),
    ("Slowakei", "SK"),
    ("Slowenien", "SI"),
    ("Ungarn", "HU"),
    ("Kroatien", "HR"),
    ("Griechenland", "GR"),
    ("Hellas", "GR"),
    ("Türkei", "TR"),
    ("Turkey", "TR"),
    ("Éire", "IE"),
    ("Republic of Ireland", "IE"),
    ("Irland", "IE"),
    ("Russian Federation", "RU"),
    ("Russland", "RU"),
    ("Republic of Korea", "KR"),
    ("Korea", "KR"),
    ("한국", "KR"),
    ("DPRK", "KP"),
    ("Viet Nam", "VN"),
    ("Burma", "MM"),
    ("Ivory Coast", "CI"),
    ("Swaziland", "SZ"),
    ("Macedonia", "MK"),
    ("Cabo Verde", "CV"),
    ("Timor-Leste", "TL"),
    ("East Timor", "TL"),
    ("UAE", "AE"),
    ("Emirates", "AE"),
    ("KSA", "SA"),
    ("Persia", "IR"),
    ("Islamic Republic of Iran", "IR"),
    ("Syrian Arab Republic", "SY"),
    ("Republic of Moldova", "MD"),
    ("Bosnia", "BA"),
    ("Hong Kong", "HK"),
    ("Macau", "MO"),
    ("Macao", "MO"),
    ("Palestine", "PS"),
    ("Vatican", "VA"),
    ("Holy See", "VA"),
    ("PRC", "CN"),
    ("People's Republic of China", "CN"),
    ("Mainland China", "CN"),
    ("ROC", "TW"),
    ("Democratic Republic of the Congo", "CD"),
    ("DR Congo", "CD"),
    ("DRC", "CD"),
    ("Republic of the Congo", "CG"),
    ("Congo", "CG"),
    ("Brasilien", "BR"),
    ("Mexiko", "MX"),
    ("Mexico", "MX"),
    ("Nippon", "JP"),
    ("India", "IN"),
    ("Bharat", "IN"),
    ("Aotearoa", "NZ"),
    ("Czech", "CZ"),
    ("Sri-Lanka", "LK"),
    ("Philippines", "PH"),
];

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for CountryCode {
    type Err = CrmError;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(text)
    }
}

impl Serialize for CountryCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for CountryCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let code = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::from_code(&code).map_err(|error| serde::de::Error::custom(error.reason()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_codes_and_names() {
        let check = |text: &str, expected: Result<&str, &str>| {
            let result = CountryCode::parse(text);
            assert_eq!(
                result.as_ref().map(CountryCode::code).map_err(|e| e.code().to_owned()),
                expected.map_err(str::to_owned),
                "{text}"
            );
        };
        for (text, code) in [
            ("de", "DE"),
            (" DEU ", "DE"),
            ("Germany", "DE"),
            ("DEUTSCHLAND", "DE"),
            ("UK", "GB"),
            ("U.K.", "GB"),
            ("United States", "US"),
            ("the United States of America", "US"),
            ("U.S.A.", "US"),
            ("Österreich", "AT"),
            ("Osterreich", "AT"),
            ("日本", "JP"),
            ("Россия", "RU"),
            ("España", "ES"),
            ("Suisse", "CH"),
            ("Turkey", "TR"),
            ("Türkiye", "TR"),
            ("Cote d’Ivoire", "CI"),
            ("Bosnia and Herzegovina", "BA"),
            ("St. Lucia", "LC"),
            ("Saint Lucia", "LC"),
            ("The Netherlands", "NL"),
            ("مصر", "EG"),
        ] {
            check(text, Ok(code));
        }
        for text in ["", "X", "ZZ", "Atlantis", "EU", "ÄÖ"] {
            check(text, Err("country.unknown"));
        }
    }

    #[test]
    fn table_is_sorted_and_aliases_exist() {
        assert!(COUNTRIES.is_sorted_by(|a, b| a.0 < b.0));
        assert_eq!(CountryCode::all().count(), 249);
        for (name, code) in ALIASES {
            assert!(CountryCode::from_code(code).is_ok(), "{name}");
        }
        for country in CountryCode::all() {
            for name in [country.alpha_3(), country.name()] {
                assert_eq!(CountryCode::parse(name), Ok(country), "{name}");
            }
        }
    }
}
