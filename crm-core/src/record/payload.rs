//! What a change leaves in the journal: the changed fields, ordinary ones in the open, personal ones to be sealed.

use std::fmt::{Arguments, Write};

use super::json::to_json;
use super::schema::{Field, system};
use super::unit::Change;
use super::value::Value;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;

/// The two JSON objects of an entry, `{"field": value}` or for an update `{"field": [before, after]}`. Empty text
/// stands for an empty object.
#[derive(Debug, Default)]
pub(super) struct Payload {
    pub(super) plain: String,
    pub(super) sealed: String,
}

/// How long most objects are at most.
const USUAL_BYTES: usize = 384;

pub(super) fn of(change: &Change, at: Timestamp) -> Payload {
    let mut payload = Payload::default();
    for field in &change.record_type.fields {
        let after = &change.after.values[field.position];
        let before = change.before.as_ref().map(|before| &before.values[field.position]);
        let part = match (change.operation, before) {
            _ if counted(field.position) => continue,
            (Operation::Update, Some(before)) if before == after => continue,
            (Operation::Update, Some(before)) => {
                let part = payload.member(field);
                part.push('[');
                write_json(part, before);
                part.push(',');
                write_json(part, after);
                part.push(']');
                continue;
            }
            _ if after.is_null() || follows_from_entry(change, field.position, at) => continue,
            _ => payload.member(field),
        };
        write_json(part, after);
    }
    payload.close();
    payload
}

impl Payload {
    /// The object that a field belongs to, with the name of the field at its end.
    fn member(&mut self, field: &Field) -> &mut String {
        let object = if field.is_personal() { &mut self.sealed } else { &mut self.plain };
        if object.is_empty() {
            // One allocation for most records, instead of one for every doubling.
            object.reserve(USUAL_BYTES);
            object.push('{');
        } else {
            object.push(',');
        }
        // Field names are identifiers in lower case; they need no escapes.
        object.push('"');
        object.push_str(field.name());
        object.push_str("\":");
        object
    }

    fn close(&mut self) {
        for part in [&mut self.plain, &mut self.sealed] {
            if !part.is_empty() {
                part.push('}');
            }
        }
    }
}

/// Fields that every entry says in its header.
fn counted(position: usize) -> bool {
    matches!(position, system::ID | system::VERSION | system::UPDATED_AT | system::UPDATED_BY)
}

/// When and by whom a record was created follows from the entry of its creation, unless it is a copy.
fn follows_from_entry(change: &Change, position: usize, at: Timestamp) -> bool {
    match position {
        system::CREATED_AT => {
            change.operation == Operation::Create && change.after.values[position] == Value::Timestamp(at)
        }
        system::CREATED_BY => {
            change.operation == Operation::Create
                && change.after.values[position] == change.after.values[system::UPDATED_BY]
        }
        _ => false,
    }
}

/// Writes a value as JSON, the common ones without a detour over a tree.
pub(crate) fn write_json(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Boolean(true) => out.push_str("true"),
        Value::Boolean(false) => out.push_str("false"),
        Value::Json(json) => out.push_str(json),
        Value::Text(text) if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') => {
            out.push('"');
            out.push_str(text);
            out.push('"');
        }
        Value::Integer(number) => write(out, format_args!("{number}")),
        Value::Id(id) => write(out, format_args!("\"{id}\"")),
        Value::Date(date) => write(out, format_args!("\"{date}\"")),
        Value::Timestamp(at) => write(out, format_args!("\"{at}\"")),
        Value::Money(money) => {
            let (amount, currency) = (money.to_decimal_string(), money.currency_code());
            write(out, format_args!("{{\"amount\":\"{amount}\",\"currency\":\"{currency}\"}}"));
        }
        other => out.push_str(&to_json(other).to_string()),
    }
}

fn write(out: &mut String, text: Arguments<'_>) {
    out.write_fmt(text).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::{Value, to_json, write_json};
    use crate::ground::currency::Currency;
    use crate::ground::ids::RecordId;
    use crate::ground::money::Money;
    use crate::ground::time::{Date, Timestamp};

    #[test]
    fn the_short_way_to_json_leads_to_the_same_text() {
        let euros = |minor| Value::Money(Money::new(minor, Currency::from_code("EUR").unwrap()));
        let yen = Value::Money(Money::new(-5, Currency::from_code("JPY").unwrap()));
        let text = |text: &str| Value::Text(text.to_owned());
        for value in [
            Value::Null,
            Value::Boolean(true),
            Value::Boolean(false),
            Value::Integer(i64::MIN),
            Value::Integer(0),
            Value::Number(0.5),
            Value::Decimal("12.50".parse().unwrap()),
            text(""),
            text("a \"quoted\" \\ word"),
            text("tab\tand\u{1}control"),
            text("Zoë ✓"),
            Value::Date(Date::from_ymd_opt(5, 1, 2).unwrap()),
            Value::Timestamp(Timestamp::from_micros(1_795_305_042_442_556)),
            Value::Timestamp(Timestamp::from_micros(-1_000)),
            euros(0),
            euros(-1),
            euros(9_958_400),
            yen,
            Value::Id(RecordId::from_bytes([0xab; 16])),
            Value::Json("[\"a\",{\"b\":1}]".to_owned()),
        ] {
            let mut written = String::new();
            write_json(&mut written, &value);
            assert_eq!(written, to_json(&value).to_string(), "{value:?}");
        }
    }
}
