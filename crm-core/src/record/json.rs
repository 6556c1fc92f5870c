//! Values as JSON, the same at every surface, in the journal and in exports.

use rust_decimal::Decimal;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value as Json};

use super::data::RecordData;
use super::descriptor::FieldKind;
use super::schema::{Field, RecordType, unknown_field};
use super::value::{Reference, Value};
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::json::{JsonText, TreeSink, read, write};
use crate::ground::money::Money;
use crate::ground::time::{Timestamp, parse_date};

/// Decimals and amounts of money are strings, so that no reader makes them inexact.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Number(value) => serializer.serialize_f64(*value),
            Self::Decimal(value) => serializer.collect_str(&value.normalize()),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Date(date) => serializer.collect_str(date),
            Self::Timestamp(at) => at.serialize(serializer),
            Self::Money(money) => money.serialize(serializer),
            Self::Id(id) => id.serialize(serializer),
            Self::Reference(reference) => reference.serialize(serializer),
            Self::Json(text) => JsonText(text).serialize(serializer),
        }
    }
}

/// A value as JSON, in the form in which it serialises.
pub fn to_json(value: &Value) -> Json {
    let mut tree = TreeSink::default();
    write(value, &mut tree).expect("every value has a form in JSON");
    tree.into_value()
}

/// The value of a field from JSON. Only the type is checked here; the validation of the record does the rest.
///
/// # Errors
/// `field.type`, naming the field and what it takes.
pub fn from_json(field: &Field, json: Json) -> Result<Value> {
    let name = field.name();
    let wrong = |takes: &str| CrmError::invalid("field.type", format!("takes {takes}")).at(name);
    let text = |json: Json, takes: &str| match json {
        Json::String(text) => Ok(text),
        _ => Err(wrong(takes)),
    };
    if json.is_null() {
        return Ok(Value::Null);
    }
    Ok(match field.kind() {
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Select(_)
        | FieldKind::Url
        | FieldKind::Email
        | FieldKind::Phone => Value::Text(text(json, "a text")?),
        FieldKind::Integer => Value::Integer(json.as_i64().ok_or_else(|| wrong("a whole number"))?),
        FieldKind::Number => Value::Number(json.as_f64().ok_or_else(|| wrong("a number"))?),
        FieldKind::Decimal { .. } => Value::Decimal(decimal(&json).ok_or_else(|| wrong("a decimal number"))?),
        FieldKind::Money => Value::Money(money(json).map_err(|error| error.within(name))?),
        FieldKind::Boolean => Value::Boolean(json.as_bool().ok_or_else(|| wrong("true or false"))?),
        FieldKind::Date => Value::Date(parse_date(&text(json, "a date")?).map_err(|error| error.at(name))?),
        FieldKind::Timestamp => Value::Timestamp(
            text(json, "a time stamp")?.parse::<Timestamp>().map_err(|error| error.at(name))?,
        ),
        FieldKind::Link { .. } => {
            Value::Id(text(json, "an identifier")?.parse::<RecordId>().map_err(|error| error.at(name))?)
        }
        FieldKind::Reference { .. } => Value::from(
            text(json, "type:id")?.parse::<Reference>().map_err(|error: CrmError| error.at(name))?,
        ),
        FieldKind::MultiSelect(_) | FieldKind::List | FieldKind::Parts(_) => match json {
            Json::Array(items) if items.is_empty() => Value::Null,
            Json::Array(_) => Value::Json(json.to_string()),
            _ => return Err(wrong("a list")),
        },
        FieldKind::Json => Value::Json(json.to_string()),
    })
}

/// A decimal from a JSON string or number, exactly as it is written.
fn decimal(json: &Json) -> Option<Decimal> {
    match json {
        Json::String(text) => text.parse().ok(),
        Json::Number(number) => {
            let text = number.to_string();
            text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
        }
        _ => None,
    }
}

fn money(json: Json) -> Result<Money> {
    let takes = "takes {\"amount\": \"12.50\", \"currency\": \"EUR\"} or \"12.50 EUR\"";
    match json {
        Json::String(text) => text.parse(),
        // Read by hand, because what serde reports has no code of its own.
        Json::Object(members) if members.len() == 2 => match (members.get("amount"), members.get("currency"))
        {
            (Some(Json::String(amount)), Some(Json::String(currency))) => {
                Money::parse(amount, currency.parse()?)
            }
            _ => read(Json::Object(members)).map_err(|_| CrmError::invalid("money.invalid", takes)),
        },
        json => read(json).map_err(|_| CrmError::invalid("money.invalid", takes)),
    }
}

/// A record as a JSON object: the system fields, then every field that has a value.
pub fn record_to_json(record_type: &RecordType, data: &RecordData) -> Map<String, Json> {
    let given = members(record_type, data);
    let mut object: Map<String, Json> =
        given.map(|(name, value)| (name.to_owned(), to_json(value))).collect();
    if !data.redacted.is_empty() {
        object.insert(REDACTIONS.to_owned(), serde_json::json!(data.redactions(record_type)));
    }
    object
}

/// Serialises a record in the form of [`record_to_json`].
pub(crate) fn serialize_record<S: Serializer>(
    record_type: &RecordType,
    data: &RecordData,
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(Some(members(record_type, data).count()))?;
    for (name, value) in members(record_type, data) {
        object.serialize_entry(name, value)?;
    }
    if !data.redacted.is_empty() {
        object.serialize_entry(REDACTIONS, &data.redactions(record_type))?;
    }
    object.end()
}

/// The fields that have a value.
fn members<'r>(
    record_type: &'r RecordType,
    data: &'r RecordData,
) -> impl Iterator<Item = (&'r str, &'r Value)> {
    let fields = record_type.fields.iter().map(Field::name);
    fields.zip(&data.values).filter(|(_, value)| !value.is_null())
}

/// The member of a record that names what is blank in it.
pub(crate) const REDACTIONS: &str = "redactions";

/// The changes that a JSON object asks for: positions and values. An explicit null clears a field (RFC 7396).
///
/// # Errors
/// `field.unknown`, `field.type`, `field.read_only`, naming the field.
pub fn changes_from_json(record_type: &RecordType, object: Map<String, Json>) -> Result<Vec<(usize, Value)>> {
    let mut changes = Vec::with_capacity(object.len());
    for (name, json) in object {
        let field = record_type.field(&name).ok_or_else(|| unknown_field(record_type.name(), &name))?;
        changes.push((field.position, from_json(field, json)?));
    }
    Ok(changes)
}
