//! Typed readings of a property.

use super::DateOrTime;
use super::binary::{Binary, base64_binary, data_uri};
use super::escape::{split, unescape};
use super::media::media_type;
use super::property::{Coordinates, Parameter, Property};
use super::reader::{ParsedCard, read};
use crate::error::Result;
use crate::ground::number;

impl Property {
    /// Whether this is the property of a name in any case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The first parameter of a name in any case.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.is(name))
    }

    /// The first value of the parameter of a name.
    pub fn parameter_value(&self, name: &str) -> Option<&str> {
        self.parameter(name)?.values.first().map(String::as_str)
    }

    /// The value as plain text.
    pub fn text(&self) -> String {
        unescape(&self.value)
    }

    /// A structured value whose components are lists (N, ADR): split at `;`, each split at `,`.
    ///
    /// An absent component is an empty list: `N:Doe;;` gives `[["Doe"], [], []]`.
    pub fn components(&self) -> Vec<Vec<String>> {
        split(&self.value, ';').into_iter().map(plain_list).collect()
    }

    /// A structured value whose components are texts (ORG, and N and ADR of careless writers): split at `;` only.
    pub fn fields(&self) -> Vec<String> {
        split(&self.value, ';').into_iter().map(unescape).collect()
    }

    /// A list (CATEGORIES, NICKNAME): split at `,`. An empty value is an empty list.
    pub fn list(&self) -> Vec<String> {
        plain_list(&self.value)
    }

    /// The value as a URI, without the escapes that some writers put into it.
    pub fn uri(&self) -> String {
        unescape(self.value.trim())
    }

    /// The value as a date, a time or a part of one (BDAY, ANNIVERSARY, REV), in the forms of all versions.
    ///
    /// A year that Apple marks as a mere placeholder (X-APPLE-OMIT-YEAR) is left out. Text that is no date gives
    /// nothing; read it with [`text`](Self::text) then.
    pub fn date_or_time(&self) -> Option<DateOrTime> {
        let mut date = DateOrTime::parse(self.value.trim())?;
        if let Some(omitted) = self.parameter_value("X-APPLE-OMIT-YEAR") {
            if date.year.is_some_and(|year| year.to_string() == omitted) {
                date.year = None;
            }
        }
        Some(date)
    }

    /// The types in lower case, of all TYPE parameters, without `pref`: see [`preference`](Self::preference).
    pub fn types(&self) -> Vec<String> {
        self.type_values().map(str::to_ascii_lowercase).filter(|name| name != "pref").collect()
    }

    /// Whether the property has a type in any case.
    pub fn has_type(&self, name: &str) -> bool {
        self.type_values().any(|own| own.eq_ignore_ascii_case(name))
    }

    /// How preferred the property is, from 1 (most) to 100: PREF of 4.0, or 1 for `TYPE=pref` of 2.1 and 3.0.
    pub fn preference(&self) -> Option<u8> {
        let number = self.parameter_value("PREF").and_then(|text| text.trim().parse().ok());
        number.filter(|number| (1..=100).contains(number)).or_else(|| self.has_type("pref").then_some(1))
    }

    /// The bytes of an inline value: BASE64 of 2.1 and 3.0, or a `data:` URI. Nothing if the value is not inline.
    ///
    /// # Errors
    /// `vcard.base64` if the value cannot be decoded.
    pub fn binary(&self) -> Option<Result<Binary>> {
        if self.is_base64() {
            return Some(base64_binary(&self.value, media_type(self)));
        }
        data_uri(&self.uri()).map(|uri| uri.decode())
    }

    /// The place of GEO, in the forms `geo:46.77,-71.28` of 4.0 and `46.77;-71.28` of 3.0.
    pub fn coordinates(&self) -> Option<Coordinates> {
        let uri = self.uri();
        let (latitude, longitude) = match uri.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("geo:")) {
            Some(_) => uri.get(4..)?.split(';').next()?.split_once(',')?,
            None => uri.split_once(';')?,
        };
        let longitude = longitude.split(',').next()?;
        let (latitude, longitude) = (latitude.trim(), longitude.trim());
        let degrees =
            |text: &str, most: f64| number::parse(text).is_some_and(|degrees| degrees.abs() <= most);
        (degrees(latitude, 90.0) && degrees(longitude, 180.0))
            .then(|| Coordinates { latitude: latitude.to_owned(), longitude: longitude.to_owned() })
    }

    /// The card inside AGENT, or inside RELATED of 4.0. Nothing if the value is not a card.
    pub fn card(&self) -> Option<Result<ParsedCard>> {
        let text = self.text();
        let start = text.trim_start().get(..11)?;
        start.eq_ignore_ascii_case("BEGIN:VCARD").then(|| read(text.as_bytes()).next())?
    }

    /// Whether the value is BASE64 by its ENCODING.
    pub(super) fn is_base64(&self) -> bool {
        self.parameter_value("ENCODING").is_some_and(|encoding| encoding.eq_ignore_ascii_case("b"))
    }

    /// All values of all TYPE parameters; a quoted list (`TYPE="work,voice"`) counts as its parts.
    pub(super) fn type_values(&self) -> impl Iterator<Item = &str> {
        self.parameters
            .iter()
            .filter(|parameter| parameter.is("TYPE"))
            .flat_map(|parameter| &parameter.values)
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
    }
}

fn plain_list(raw: &str) -> Vec<String> {
    if raw.is_empty() { Vec::new() } else { split(raw, ',').into_iter().map(unescape).collect() }
}
