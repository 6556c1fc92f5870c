//! What a change leaves in the journal: the changed fields, ordinary ones in the open, personal ones to be sealed.

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
        object.push(if object.is_empty() { '{' } else { ',' });
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
        other => out.push_str(&to_json(other).to_string()),
    }
}
