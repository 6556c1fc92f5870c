//! Values as JSON, the same at every surface, in the journal and in exports.

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use super::data::RecordData;
use super::descriptor::FieldKind;
use super::schema::{Field, RecordType, unknown_field};
use super::value::{Reference, Value};
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::money::Money;
use crate::ground::time::{Timestamp, parse_date};

/// A value as JSON. Decimals and amounts of money are strings, so that no reader makes them inexact.
pub fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Boolean(value) => Json::Bool(*value),
        Value::Integer(value) => Json::from(*value),
        Value::Number(value) => Json::from(*value),
        Value::Decimal(value) => Json::String(value.normalize().to_string()),
        Value::Text(text) => Json::String(text.clone()),
        Value::Date(date) => Json::String(date.to_string()),
        Value::Timestamp(at) => Json::String(at.to_string()),
        Value::Money(money) => serde_json::to_value(money).unwrap_or(Json::Null),
        Value::Id(id) => Json::String(id.to_string()),
        Value::Reference(reference) => Json::String(reference.to_string()),
        Value::Json(json) => serde_json::from_str(json).unwrap_or(Json::Null),
    }
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
            _ => serde_json::from_value(Json::Object(members))
                .map_err(|_| CrmError::invalid("money.invalid", takes)),
        },
        json => serde_json::from_value(json).map_err(|_| CrmError::invalid("money.invalid", takes)),
    }
}

/// A record as a JSON object: the system fields, then every field that has a value.
pub fn record_to_json(record_type: &RecordType, data: &RecordData) -> Map<String, Json> {
    let mut object = Map::new();
    for (field, value) in record_type.fields.iter().zip(&data.values) {
        if !value.is_null() {
            object.insert(field.name().to_owned(), to_json(value));
        }
    }
    if !data.redacted.is_empty() {
        object.insert(REDACTIONS.to_owned(), serde_json::json!(data.redactions(record_type)));
    }
    object
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
