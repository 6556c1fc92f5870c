//! Properties and their parameters, and how to make them.

use super::Binary;
use super::escape::escape;

/// A parameter of a property, for example `TYPE=home,voice`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Upper case; an extension (`X-`) keeps its spelling. A bare word of 2.1 (`TEL;HOME`) is read as TYPE.
    pub name: String,
    /// The plain values: without quotes, RFC 6868 escapes undone.
    pub values: Vec<String>,
}

/// A property of a card.
///
/// The value is *raw*: one unfolded line of text, decoded from its character set and QUOTED-PRINTABLE, with the
/// escapes of 3.0 and 4.0 still in place (so that structured values can be split), BASE64 still encoded. The
/// accessors ([`text`](Self::text), [`fields`](Self::fields), [`list`](Self::list), ...) give plain values, the
/// `from_` constructors take them.
///
/// ```
/// use crm_core::interchange::vcard::Property;
/// let org = Property::from_fields("org", &["ABC, Inc.", "Sales"]).with_group("item1").with_type("work");
/// assert_eq!((org.name.as_str(), org.value.as_str()), ("ORG", "ABC\\, Inc.;Sales"));
/// assert_eq!(org.fields(), ["ABC, Inc.", "Sales"]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The group in its spelling, for example `item1` of `item1.TEL`.
    pub group: Option<String>,
    /// Upper case; an extension (`X-ABLabel`) keeps its spelling.
    pub name: String,
    /// The parameters in their order.
    pub parameters: Vec<Parameter>,
    /// The raw value.
    pub value: String,
}

/// A place on the earth, WGS 84, in decimal degrees as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coordinates {
    /// Degrees north, for example `46.772673`.
    pub latitude: String,
    /// Degrees east, for example `-71.282945`.
    pub longitude: String,
}

/// The canonical spelling of a property or parameter name.
pub(super) fn canonical(name: &str) -> String {
    let extension = name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("x-"));
    if extension { name.to_owned() } else { name.to_ascii_uppercase() }
}

/// Whether a text can be the name of a property, a group or a parameter: letters, digits, `-`, and `_`, which
/// the standard does not allow but files have.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// As a token; a group may have dots too, as in the nested groups of 2.1.
pub(super) fn is_group(text: &str) -> bool {
    text.split('.').all(is_token)
}

impl Parameter {
    /// A parameter with one value.
    pub fn new(name: &str, value: impl Into<String>) -> Self {
        Self { name: canonical(name), values: vec![value.into()] }
    }

    /// Whether this is the parameter of a name in any case.
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

impl Property {
    /// A property with a raw value, which must already be escaped.
    pub fn from_raw(name: &str, value: impl Into<String>) -> Self {
        Self { group: None, name: canonical(name), parameters: Vec::new(), value: value.into() }
    }

    /// A property with plain text, for example FN, NOTE, TITLE or EMAIL.
    pub fn from_text(name: &str, text: &str) -> Self {
        Self::from_raw(name, escape(text))
    }

    /// A property with a list of plain texts, for example CATEGORIES or NICKNAME.
    pub fn from_list<S: AsRef<str>>(name: &str, items: &[S]) -> Self {
        Self::from_raw(name, join(items, ","))
    }

    /// A structured property with one plain text for each component, for example ORG.
    pub fn from_fields<S: AsRef<str>>(name: &str, fields: &[S]) -> Self {
        Self::from_raw(name, join(fields, ";"))
    }

    /// A structured property whose components are lists, for example N or ADR.
    pub fn from_components<S: AsRef<str>, C: AsRef<[S]>>(name: &str, components: &[C]) -> Self {
        let parts: Vec<String> = components.iter().map(|items| join(items.as_ref(), ",")).collect();
        Self::from_raw(name, parts.join(";"))
    }

    /// A property with a URI, which is written as it is, marked with VALUE=uri.
    pub fn from_uri(name: &str, uri: &str) -> Self {
        Self::from_raw(name, uri).with_parameter("VALUE", "uri")
    }

    /// A property with bytes, for example PHOTO, in the manner of 4.0 (a `data:` URI).
    pub fn from_binary(name: &str, binary: &Binary) -> Self {
        Self::from_raw(name, binary.to_data_uri())
    }

    /// Puts the property into a group.
    pub fn with_group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }

    /// Adds a parameter with one value.
    pub fn with_parameter(mut self, name: &str, value: impl Into<String>) -> Self {
        self.parameters.push(Parameter::new(name, value));
        self
    }

    /// Adds a type, for example `home`, to the TYPE parameter.
    pub fn with_type(mut self, name: impl Into<String>) -> Self {
        self.add_type(name.into());
        self
    }

    /// Marks the property as preferred, from 1 (most) to 100.
    pub fn with_preference(self, preference: u8) -> Self {
        self.with_parameter("PREF", preference.to_string())
    }

    pub(super) fn add_type(&mut self, name: String) {
        match self.parameters.iter_mut().rev().find(|parameter| parameter.is("TYPE")) {
            Some(parameter) => parameter.values.push(name),
            None => self.parameters.push(Parameter::new("TYPE", name)),
        }
    }
}

fn join<S: AsRef<str>>(items: &[S], separator: &str) -> String {
    items.iter().map(|item| escape(item.as_ref())).collect::<Vec<_>>().join(separator)
}
