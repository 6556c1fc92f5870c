//! One value of one field, whatever the record type.

use rust_decimal::Decimal;

use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::money::Money;
use crate::ground::time::{Date, Timestamp};

/// The value of a field. The engine moves records about as rows of these; the typed structs convert into
/// and out of them.
#[derive(Clone, Debug, Default, PartialEq)]
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
