//! Postal addresses: how each country writes them, the normal form of its postal codes, and a form to compare by.

use crate::ground::country::CountryCode;
use crate::ground::text::{fold, search_text};

/// The parts of a postal address. Absent parts are empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AddressParts<'a> {
    /// Street and number, or what stands in their place.
    pub street: &'a str,
    /// A second line: floor, flat, building, care of.
    pub street_2: &'a str,
    /// The post office box, with its words: `Postfach 1234`.
    pub po_box: &'a str,
    /// City, town or village.
    pub locality: &'a str,
    /// State, province, county or prefecture.
    pub region: &'a str,
    /// Postal code.
    pub postal_code: &'a str,
}

/// How the countries write the lines of an address.
///
/// `%S` street, `%2` second line, `%B` box, `%C` city, `%R` region, `%Z` postal code; `%n` a new line. Source: the
/// formats of Google's address data (chromium-i18n, as in libaddressinput) and the Universal Postal Union's
/// S42 sheets, reduced to these parts.
const FORMATS: &[(&str, &[&str])] = &[
    (
        "%S%n%2%n%B%n%Z %C",
        &[
            "AD", "AT", "BA", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "DZ", "EE", "FI", "FO", "FR", "GL",
            "GR", "HR", "IL", "IS", "KW", "LI", "LU", "MA", "MC", "MD", "ME", "MK", "NL", "NO", "PL", "PT",
            "RO", "RS", "SE", "SI", "SK", "SM", "TN", "UY", "VA", "XK",
        ],
    ),
    ("%S%n%2%n%B%n%Z %C %R", &["IT"]),
    ("%S%n%2%n%B%n%Z %C%n%R", &["AR", "ES", "MY", "PH", "PY"]),
    ("%S%n%2%n%B%n%Z %C, %R", &["MX"]),
    ("%S%n%2%n%B%n%Z %C/%R", &["TR"]),
    ("%S%n%2%n%B%n%C, %R %Z", &["US", "PR", "GU"]),
    ("%S%n%2%n%B%n%C %R %Z", &["AU", "CA"]),
    ("%S%n%2%n%B%n%C%n%R%n%Z", &["GB", "IE", "GG", "JE", "IM", "GI"]),
    ("%S%n%2%n%B%n%C %Z", &["NZ", "SG", "TH", "SA", "LB", "NP", "BD", "PK", "LK"]),
    ("%S%n%2%n%B%n%C %Z%n%R", &["IN", "ID", "VN", "NG", "EG"]),
    ("%S%n%2%n%B%n%C-%R%n%Z", &["BR"]),
    ("%S%n%2%n%B%n%C, %R%n%Z", &["CO", "PE", "UA"]),
    ("%S%n%2%n%B%n%C%n%Z", &["ZA", "LV", "LT", "GE", "KE"]),
    ("%C%n%S%n%2%n%B%n%Z", &["HU"]),
    ("%S%n%2%n%B%n%C%n%R%n%Z", &["RU", "BY", "KZ"]),
    // From the largest to the smallest, as their scripts write it.
    ("〒%Z%n%R%C%S%n%2%n%B", &["JP"]),
    ("%Z%n%R%C%S%n%2%n%B", &["CN", "TW"]),
    ("%R %C %S%n%2%n%B%n%Z", &["KR"]),
    ("%S%n%2%n%B%n%C%n%R", &["HK", "AE", "QA"]),
];

/// The format of countries that are not in the table.
const DEFAULT_FORMAT: &str = "%S%n%2%n%B%n%Z %C%n%R";

/// The lines of an address in the order of its country, without empty lines and without the country itself.
///
/// Addresses of Japan, China, Taiwan and Korea in Latin letters are written from the smallest part to the largest,
/// as their post offices ask for abroad.
///
/// ```
/// use crm_core::{CountryCode, ground::address::{AddressParts, format_lines}};
/// let parts = AddressParts { street: "1 Main St", locality: "Springfield", region: "IL", postal_code: "62701",
///     ..AddressParts::default() };
/// let lines = format_lines(&parts, Some(CountryCode::from_code("US")?));
/// assert_eq!(lines, ["1 Main St", "Springfield, IL 62701"]);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub fn format_lines(parts: &AddressParts<'_>, country: Option<CountryCode>) -> Vec<String> {
    let code = country.as_ref().map_or("", CountryCode::code);
    let latin = parts.street.is_ascii() && parts.locality.is_ascii();
    let format = match code {
        "JP" | "CN" | "TW" | "KR" if latin => "%S%n%2%n%B%n%C, %R %Z",
        _ => FORMATS
            .iter()
            .find(|(_, countries)| countries.contains(&code))
            .map_or(DEFAULT_FORMAT, |(format, _)| format),
    };
    format.split("%n").filter_map(|line| format_line(line, parts)).collect()
}

/// One line, or nothing if all its parts are empty. Text between parts is written only between two present ones.
fn format_line(format: &str, parts: &AddressParts<'_>) -> Option<String> {
    let mut out = String::new();
    let mut sections = format.split('%');
    let mut separator = sections.next().unwrap_or_default();
    for section in sections {
        let mut characters = section.chars();
        let value = match characters.next()? {
            'S' => parts.street,
            '2' => parts.street_2,
            'B' => parts.po_box,
            'C' => parts.locality,
            'R' => parts.region,
            _ => parts.postal_code,
        };
        let value = value.trim();
        if !value.is_empty() {
            if !out.is_empty() || separator == "〒" {
                out.push_str(separator);
            }
            out.push_str(value);
        }
        // A separator belongs to the part before it, and waits for the next one that is there.
        let after = characters.as_str();
        separator = if value.is_empty() && !after.is_empty() && out.is_empty() { "" } else { after };
    }
    (!out.is_empty()).then_some(out)
}

/// The normal form of a postal code: upper case, single spaces, and the space or hyphen where the country puts it.
/// A code that does not have its country's form stays as it is, apart from case and spaces.
///
/// ```
/// use crm_core::{CountryCode, ground::address::normal_postal_code};
/// assert_eq!(normal_postal_code("sw1a1aa", Some(CountryCode::from_code("GB")?)), "SW1A 1AA");
/// assert_eq!(normal_postal_code("D-10115", Some(CountryCode::from_code("DE")?)), "10115");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub fn normal_postal_code(text: &str, country: Option<CountryCode>) -> String {
    let plain = fold(text).to_uppercase();
    let Some(country) = country else {
        return plain;
    };
    let compact: String = plain.chars().filter(|c| c.is_alphanumeric()).collect();
    // Where letters are no part of the code, those in front are the country: D-10115, SE-114 55, LV-1010.
    let digits = compact.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let mask = POSTAL_MASKS
        .iter()
        .filter(|(countries, _)| countries.contains(&country.code()))
        .find_map(|(_, mask)| apply_mask(&compact, mask).or_else(|| apply_mask(digits, mask)));
    mask.unwrap_or(plain)
}

/// The forms of postal codes: `9` a digit, `A` a letter, `*` either; anything else stands for itself.
/// Sources: Universal Postal Union, general addressing issues; Royal Mail and Canada Post programmers' guides.
const POSTAL_MASKS: &[(&[&str], &str)] = &[
    (
        &[
            "DE", "FR", "IT", "ES", "FI", "EE", "HR", "MX", "MY", "TR", "UA", "TH", "ID", "MC", "SM", "VA",
            "RS", "ME", "BA", "MA", "KR", "SA", "EG", "PK", "PE",
        ],
        "99999",
    ),
    (
        &[
            "AT", "CH", "LI", "BE", "DK", "NO", "LU", "HU", "SI", "BG", "AU", "NZ", "ZA", "CY", "PH", "TN",
            "GE",
        ],
        "9999",
    ),
    (&["US"], "99999"),
    (&["US"], "99999-9999"),
    (&["NL"], "9999 AA"),
    (&["SE", "CZ", "SK", "GR"], "999 99"),
    (&["PL"], "99-999"),
    (&["PT"], "9999-999"),
    (&["BR"], "99999-999"),
    (&["JP"], "999-9999"),
    (&["CA"], "A9A 9A9"),
    (&["GB", "JE", "GG", "IM", "GI"], "A9 9AA"),
    (&["GB", "JE", "GG", "IM"], "A99 9AA"),
    (&["GB", "JE", "GG", "IM"], "AA9 9AA"),
    (&["GB", "JE", "GG", "IM"], "AA99 9AA"),
    (&["GB"], "A9A 9AA"),
    (&["GB"], "AA9A 9AA"),
    (&["IE"], "A** ****"),
    (&["RO", "RU", "CN", "IN", "KZ", "BY", "SG", "VN", "CO"], "999999"),
    (&["LV"], "LV-9999"),
    (&["LT"], "LT-99999"),
    (&["MD"], "MD-9999"),
    (&["AD"], "AD999"),
    (&["MT"], "AAA 9999"),
    (&["IL"], "9999999"),
    (&["TW"], "999"),
    (&["TW"], "99999"),
    (&["TW"], "999999"),
    (&["AR"], "A9999AAA"),
    (&["AR"], "9999"),
    (&["CL"], "9999999"),
];

/// The compact code in the form of the mask, if it fits. Fixed letters may be missing in the code.
fn apply_mask(compact: &str, mask: &str) -> Option<String> {
    let mut out = String::with_capacity(mask.len());
    let mut code = compact.chars().peekable();
    // In `AD999` and the like the letters before the digits are fixed; a pattern letter is `A` before another class.
    let fixed = ["LV-", "LT-", "MD-", "AD9"].iter().any(|start| mask.starts_with(start));
    for (index, wanted) in mask.chars().enumerate() {
        let literal = !matches!(wanted, '9' | 'A' | '*') || (fixed && index < 2);
        if literal {
            if code.peek() == Some(&wanted) {
                code.next();
            }
            out.push(wanted);
            continue;
        }
        let c = code.next()?;
        let fits = match wanted {
            '9' => c.is_ascii_digit(),
            'A' => c.is_ascii_uppercase(),
            _ => c.is_ascii_alphanumeric(),
        };
        if !fits {
            return None;
        }
        out.push(c);
    }
    code.next().is_none().then_some(out)
}

/// A form to compare addresses by: equal for spellings of the same place.
///
/// Folded, without punctuation, with the usual words for streets written out the short way, the house number in
/// place, postal code in normal form. The region is left out, because half of all addresses lack it, and so is
/// the second line.
///
/// ```
/// use crm_core::ground::address::{AddressParts, match_key};
/// let a = AddressParts { street: "Hauptstraße 5", locality: "Köln", ..AddressParts::default() };
/// let b = AddressParts { street: "Hauptstr. 5", locality: "KOLN", ..AddressParts::default() };
/// assert_eq!(match_key(&a, None), match_key(&b, None));
/// ```
pub fn match_key(parts: &AddressParts<'_>, country: Option<CountryCode>) -> String {
    let postal: String = normal_postal_code(parts.postal_code, country)
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    let street = if parts.street.trim().is_empty() { parts.po_box } else { parts.street };
    let code = country.as_ref().map_or("", CountryCode::code).to_ascii_lowercase();
    format!("{}|{}|{postal}|{code}", street_key(street), search_text(parts.locality))
}

fn street_key(street: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    for word in search_text(street).split(' ').filter(|word| !word.is_empty()) {
        let short = STREET_WORDS.iter().find(|(long, _)| *long == word).map_or(word, |(_, short)| short);
        let ending = STREET_ENDINGS.iter().find_map(|(long, short)| short_ending(word, long, short));
        let word = ending.unwrap_or_else(|| short.to_owned());
        // "12 a" and "12a" are one house number.
        let letter = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        match out.last_mut() {
            Some(last) if letter && last.bytes().all(|byte| byte.is_ascii_digit()) => last.push_str(&word),
            // "Haupt Straße" is "Hauptstraße" in German spelling.
            Some(last) if word == "str" && last.bytes().all(|byte| byte.is_ascii_lowercase()) => {
                last.push_str("str");
            }
            _ => out.push(word),
        }
    }
    out.join(" ")
}

fn short_ending(word: &str, long: &str, short: &str) -> Option<String> {
    word.strip_suffix(long).filter(|start| start.len() > 2).map(|start| format!("{start}{short}"))
}

/// Words for streets and directions with their usual abbreviations.
const STREET_WORDS: &[(&str, &str)] = &[
    ("street", "st"),
    ("saint", "st"),
    ("road", "rd"),
    ("avenue", "ave"),
    ("av", "ave"),
    ("avenida", "ave"),
    ("avda", "ave"),
    ("boulevard", "blvd"),
    ("bd", "blvd"),
    ("boul", "blvd"),
    ("drive", "dr"),
    ("lane", "ln"),
    ("court", "ct"),
    ("square", "sq"),
    ("place", "pl"),
    ("platz", "pl"),
    ("plaza", "pl"),
    ("terrace", "ter"),
    ("highway", "hwy"),
    ("parkway", "pkwy"),
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
    ("strasse", "str"),
    ("calle", "c"),
    ("rua", "r"),
    ("rue", "r"),
    ("ulica", "ul"),
    ("piazza", "pza"),
    ("number", "no"),
];

/// Endings of compound street names.
const STREET_ENDINGS: &[(&str, &str)] =
    &[("strasse", "str"), ("straat", "str"), ("platz", "pl"), ("plein", "pl")];

#[cfg(test)]
mod tests {
    use super::*;

    fn country(code: &str) -> Option<CountryCode> {
        (!code.is_empty()).then(|| CountryCode::from_code(code).unwrap())
    }

    #[test]
    fn lines_in_the_order_of_the_country() {
        let check = |code: &str, [street, locality, region, postal_code]: [&str; 4], expected: &[&str]| {
            let parts = AddressParts { street, locality, region, postal_code, ..AddressParts::default() };
            assert_eq!(format_lines(&parts, country(code)), expected, "{code}");
        };
        check("DE", ["Hauptstr. 5", "Köln", "NRW", "50667"], &["Hauptstr. 5", "50667 Köln"]);
        check("FR", ["1 rue X", "Paris", "", "75001"], &["1 rue X", "75001 Paris"]);
        check("US", ["1 Main St", "Springfield", "IL", "62701"], &["1 Main St", "Springfield, IL 62701"]);
        check("US", ["1 Main St", "Springfield", "", "62701"], &["1 Main St", "Springfield 62701"]);
        check("US", ["1 Main St", "", "IL", "62701"], &["1 Main St", "IL 62701"]);
        check("US", ["", "", "", ""], &[]);
        check("GB", ["10 Downing St", "London", "", "SW1A 2AA"], &["10 Downing St", "London", "SW1A 2AA"]);
        check("IT", ["Via Roma 1", "Milano", "MI", "20121"], &["Via Roma 1", "20121 Milano MI"]);
        check("BR", ["Rua A, 1", "São Paulo", "SP", "01000-000"], &["Rua A, 1", "São Paulo-SP", "01000-000"]);
        check(
            "JP",
            ["千代田1-1", "千代田区", "東京都", "100-0001"],
            &["〒100-0001", "東京都千代田区千代田1-1"],
        );
        check(
            "JP",
            ["1-1 Chiyoda", "Chiyoda-ku", "Tokyo", "100-0001"],
            &["1-1 Chiyoda", "Chiyoda-ku, Tokyo 100-0001"],
        );
        check("HU", ["Fő utca 1", "Budapest", "", "1011"], &["Budapest", "Fő utca 1", "1011"]);
        check("", ["Street 1", "Town", "Region", "123"], &["Street 1", "123 Town", "Region"]);
        let boxed = AddressParts {
            po_box: "Postfach 12",
            locality: "Köln",
            postal_code: "50667",
            ..AddressParts::default()
        };
        assert_eq!(format_lines(&boxed, country("DE")), ["Postfach 12", "50667 Köln"]);
    }

    #[test]
    fn every_country_has_one_format() {
        let mut seen = Vec::new();
        for (_, countries) in FORMATS {
            for code in *countries {
                assert!(!seen.contains(code), "{code}");
                seen.push(code);
            }
        }
    }

    #[test]
    fn postal_codes() {
        let check = |code: &str, text: &str, expected: &str| {
            let normal = normal_postal_code(text, country(code));
            assert_eq!(normal, expected, "{code} {text}");
            assert_eq!(normal_postal_code(&normal, country(code)), expected, "{code} {text} again");
        };
        check("GB", " sw1a1aa ", "SW1A 1AA");
        check("GB", "m1 1ae", "M1 1AE");
        check("GB", "B33-8TH", "B33 8TH");
        check("GB", "DN551PT", "DN55 1PT");
        check("DE", "D-10115", "10115");
        check("DE", "１０１１５", "10115");
        check("NL", "1234ab", "1234 AB");
        check("SE", "SE-11455", "114 55");
        check("PL", "00950", "00-950");
        check("PT", "1000205", "1000-205");
        check("US", "62701 1234", "62701-1234");
        check("US", "62701", "62701");
        check("CA", "k1a0b1", "K1A 0B1");
        check("JP", "1000001", "100-0001");
        check("LV", "1010", "LV-1010");
        check("LV", "lv1010", "LV-1010");
        check("AD", "AD500", "AD500");
        check("AD", "500", "AD500");
        check("IE", "d02af30", "D02 AF30");
        check("BR", "01310100", "01310-100");
        check("DE", "1011", "1011");
        check("", "ab  12", "AB 12");
    }

    #[test]
    fn keys_to_compare_by() {
        let key = |street, locality, postal_code, code| {
            let parts = AddressParts { street, locality, postal_code, ..AddressParts::default() };
            match_key(&parts, country(code))
        };
        for (a, b) in [
            (key("Hauptstraße 12 a", "Köln", "D-50667", "DE"), key("HAUPTSTR. 12A", "Koln", "50667", "DE")),
            (key("Berliner Straße 5", "Ulm", "", "DE"), key("Berliner Str. 5", "ulm", "", "DE")),
            (key("1 Main Street", "X", "", "US"), key("1 Main St.", "X", "", "US")),
            (key("Alexanderplatz 1", "Berlin", "", "DE"), key("Alexanderpl. 1", "Berlin", "", "DE")),
            (
                key("10, Downing  St", "London", "sw1a2aa", "GB"),
                key("10 Downing Street", "London", "SW1A 2AA", "GB"),
            ),
        ] {
            assert_eq!(a, b);
        }
        assert_ne!(key("Hauptstr. 1", "Köln", "", "DE"), key("Hauptstr. 11", "Köln", "", "DE"));
        assert_ne!(key("Hauptstr. 1", "Köln", "", "DE"), key("Hauptstr. 1", "Bonn", "", "DE"));
    }
}
