//! JSON Schema (2020-12) of every operation and record: what the generator of the bindings reads.
//!
//! Only with the feature `schema`. Besides the usual keywords a property may have `x-kind` (the kind of a field),
//! `x-target` (the record type that a link points at), `x-class` (how personal it is), `x-at-creation` (only the engine
//! sets it, or a host that creates a record) and `x-filled` (the engine finds the value when a new record has none).

mod document;
mod fields;
mod ground;

pub(crate) use document::Records;
pub use document::document;
pub use fields::{FieldSchema, record_schema};

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value as Json};

/// Describes an input or an output.
pub(super) type Describe = fn(&mut SchemaGenerator) -> Schema;

/// One member of an input.
pub(super) struct Member {
    /// Its name.
    pub(super) name: &'static str,
    /// What it is.
    pub(super) documentation: &'static str,
    /// The value when nothing is said, if there is one.
    pub(super) default: Option<fn() -> Option<Json>>,
    /// What it takes.
    pub(super) schema: Describe,
}

/// The schema of an input with these members.
pub(super) fn input_schema(generator: &mut SchemaGenerator, members: &[Member]) -> Schema {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for member in members {
        let (mut property, nullable) = without_null((member.schema)(generator).to_value());
        if let Json::Object(property) = &mut property {
            property.insert("description".to_owned(), Json::from(text(member.documentation)));
            if let Some(default) = member.default.and_then(|default| default()) {
                property.insert("default".to_owned(), default);
            }
        }
        properties.insert(member.name.to_owned(), property);
        if !nullable && member.default.is_none() {
            required.push(member.name);
        }
    }
    json_schema!({
        "type": "object", "properties": properties, "required": required, "additionalProperties": false,
    })
}

/// A schema without the null that an `Option` adds, and whether there was one.
pub(super) fn without_null(schema: Json) -> (Json, bool) {
    let Json::Object(mut schema) = schema else { return (schema, false) };
    if let Some(Json::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
        return (Json::Object(schema), true);
    }
    if let Some(Json::Array(choices)) = schema.get_mut("anyOf") {
        let before = choices.len();
        choices.retain(|choice| choice["type"] != "null");
        if let ([only], true) = (choices.as_slice(), before == 2) {
            return (only.clone(), true);
        }
    }
    (Json::Object(schema), false)
}

/// The schema of a closed list of keys, each with its doc comment.
pub(crate) fn options(options: &[(&str, &str)]) -> Schema {
    let choices: Vec<Json> = options
        .iter()
        .map(|(key, documentation)| serde_json::json!({ "const": key, "description": text(documentation) }))
        .collect();
    json_schema!({ "type": "string", "oneOf": choices })
}

/// A doc comment as text: each line without the space in front.
pub(super) fn text(documentation: &str) -> String {
    let lines: Vec<&str> =
        documentation.trim_end().lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n")
}
