//! One value of one field, whatever the record type.

use rust_decimal::Decimal;

use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::money::Money;
use crate::ground::time::{Date, Timestamp};

/// The value of a field. The engine moves records about as rows of these; the typed structs convert into
/// and out of them.
///
/// Two documents are equal when they say the same: PostgreSQL keeps the members of an object in an order of its own.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub enum Value {
    /// No value.
    #[default]
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A binary floating-point number, never NaN or infinite.
    Number(f64),
    /// An exact decimal number.
    Decimal(Decimal),
    /// Text, the key of a select option, a URL, an e-mail address or a phone number.
    Text(String),
    /// A date.
    Date(Date),
    /// A point in time.
    Timestamp(Timestamp),
    /// An amount of money.
    Money(Money),
    /// A link to a record of the type that the field names.
    Id(RecordId),
    /// A link to a record of any type. Boxed, so that all other values, and with them records, stay small.
    Reference(Box<Reference>),
    /// A JSON document in its canonical text: lists, multi-select values, parts, free JSON.
    Json(String),
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Boolean(one), Self::Boolean(other)) => one == other,
            (Self::Integer(one), Self::Integer(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => one == other,
            (Self::Decimal(one), Self::Decimal(other)) => one == other,
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::Date(one), Self::Date(other)) => one == other,
            (Self::Timestamp(one), Self::Timestamp(other)) => one == other,
            (Self::Money(one), Self::Money(other)) => one == other,
            (Self::Id(one), Self::Id(other)) => one == other,
            (Self::Reference(one), Self::Reference(other)) => one == other,
            (Self::Json(one), Self::Json(other)) => one == other || is_same_document(one, other),
            _ => false,
        }
    }
}

/// Whether two texts are one document with its members in another order. Canonical texts of one document are equally
/// long, which tells most others apart without reading them.
fn is_same_document(one: &str, other: &str) -> bool {
    let parsed = |text| serde_json::from_str::<serde_json::Value>(text).ok();
    one.len() == other.len()
        && one.starts_with(['{', '['])
        && parsed(one).is_some_and(|one| Some(one) == parsed(other))
}

impl From<Reference> for Value {
    fn from(reference: Reference) -> Self {
        Self::Reference(Box::new(reference))
    }
}

impl Value {
    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The text, if this is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Json(text) => Some(text),
            _ => None,
        }
    }

    /// The identifier, if this is a link.
    pub fn as_id(&self) -> Option<RecordId> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Reference(reference) => Some(reference.id),
            _ => None,
        }
    }

    /// The word for the sort of this value, for error messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Number(_) => "number",
            Self::Decimal(_) => "decimal",
            Self::Text(_) => "text",
            Self::Date(_) => "date",
            Self::Timestamp(_) => "timestamp",
            Self::Money(_) => "money",
            Self::Id(_) => "link",
            Self::Reference(_) => "reference",
            Self::Json(_) => "json",
        }
    }
}

/// A link to a record of any type, written `type:id`, for example `deal:0192f0c1-2345-7abc-8def-0123456789ab`.
///
/// ```
/// use crm_core::Reference;
/// let reference: Reference = "deal:0192f0c1-2345-7abc-8def-0123456789ab".parse()?;
/// assert_eq!(reference.record_type, "deal");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The name of the record type.
    pub record_type: String,
    /// The identifier of the record.
    pub id: RecordId,
}

impl Reference {
    /// A reference to a record of a type.
    pub fn new(record_type: impl Into<String>, id: impl Into<RecordId>) -> Self {
        Self { record_type: record_type.into(), id: id.into() }
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.record_type, self.id)
    }
}

impl std::str::FromStr for Reference {
    type Err = CrmError;

    fn from_str(text: &str) -> Result<Self> {
        let (record_type, id) = text
            .split_once(':')
            .ok_or_else(|| CrmError::invalid("reference.invalid", "is not of the form type:id"))?;
        Ok(Self::new(record_type, id.parse::<RecordId>()?))
    }
}

impl serde::Serialize for Reference {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Reference {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|error: CrmError| serde::de::Error::custom(error.reason()))
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    #[test]
    fn documents_are_equal_when_they_say_the_same() {
        let json = |text: &str| Value::Json(text.to_owned());
        for (one, other, equal) in [
            (r#"{"a":1,"b":2}"#, r#"{"b":2,"a":1}"#, true),
            (r#"[{"a":1,"b":[1,2]}]"#, r#"[{"b":[1,2],"a":1}]"#, true),
            (r#"[1,2]"#, r#"[2,1]"#, false),
            (r#"{"a":1,"b":2}"#, r#"{"b":1,"a":2}"#, false),
            (r#"{"a":1}"#, r#"{"a":1,"b":2}"#, false),
            ("[1", "1]", false),
        ] {
            assert_eq!(json(one) == json(other), equal, "{one} {other}");
        }
        assert_ne!(json("null"), Value::Null);
        assert_ne!(Value::Text("[]".into()), json("[]"));
    }
}
