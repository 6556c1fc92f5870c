//! The schema of a record, from its descriptor.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value as Json, json};

use super::without_null;
use crate::ground::money::Money;
use crate::record::Redaction;
use crate::record::descriptor::{FieldDescriptor, FieldKind, TypeDescriptor};
use crate::record::json::REDACTIONS;
use crate::record::schema::system_fields;

/// What the Rust type of a field says about its schema, if it says more than its kind.
pub type FieldSchema = fn(&mut SchemaGenerator) -> Option<Schema>;

/// The schema of a record, from its descriptor and the Rust types of its declared fields.
pub fn record_schema(
    descriptor: &TypeDescriptor,
    types: &[FieldSchema],
    generator: &mut SchemaGenerator,
) -> Schema {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for field in &system_fields() {
        properties.insert(field.name.to_string(), property(field, None));
    }
    for (field, of_type) in descriptor.fields.iter().zip(types) {
        let of_type = of_type(generator).or_else(|| match field.kind {
            FieldKind::Money => Some(generator.subschema_for::<Money>()),
            _ => None,
        });
        properties.insert(field.name.to_string(), property(field, of_type));
        if field.required && field.default.is_none() && !field.read_only && !field.filled {
            required.push(field.name.to_string());
        }
    }
    let mut redactions = generator.subschema_for::<Vec<Redaction>>();
    redactions.insert(
        "description".to_owned(),
        Json::from("The fields that the session may not see, with the reasons."),
    );
    redactions.insert("readOnly".to_owned(), Json::Bool(true));
    properties.insert(REDACTIONS.to_owned(), redactions.to_value());
    json_schema!({
        "type": "object",
        "description": descriptor.description,
        "x-record": descriptor.name,
        "properties": properties,
        "required": required,
        // Custom fields have names of their own.
        "patternProperties": { "^x_": {} },
        "additionalProperties": false,
    })
}

fn property(field: &FieldDescriptor, of_type: Option<Schema>) -> Json {
    let base = of_type.map_or_else(|| of_kind(field), |schema| without_null(schema.to_value()).0);
    let Json::Object(mut property) = base else { return base };
    property.insert("description".to_owned(), Json::from(field.description.as_ref()));
    property.insert("x-kind".to_owned(), Json::from(field.kind.name()));
    property.insert("x-class".to_owned(), json!(field.class));
    if let Some(category) = field.category {
        property.insert("x-category".to_owned(), json!(category));
    }
    if let FieldKind::Link { target, .. } = &field.kind
        && !target.is_empty()
    {
        property.insert("x-target".to_owned(), Json::from(target.as_ref()));
    }
    if let Some(default) = &field.default {
        property.insert("default".to_owned(), crate::record::json::to_json(default));
    }
    if field.read_only {
        property.insert("readOnly".to_owned(), Json::Bool(true));
    }
    if field.at_creation {
        property.insert("x-at-creation".to_owned(), Json::Bool(true));
    }
    if field.filled {
        property.insert("x-filled".to_owned(), Json::Bool(true));
    }
    Json::Object(property)
}

fn of_kind(field: &FieldDescriptor) -> Json {
    match &field.kind {
        FieldKind::Text | FieldKind::LongText => json!({ "type": "string", "maxLength": field.max_length }),
        FieldKind::Integer => match field.range {
            Some((least, greatest)) => {
                json!({ "type": "integer", "format": "int64", "minimum": least, "maximum": greatest })
            }
            None => json!({ "type": "integer", "format": "int64" }),
        },
        FieldKind::Number => json!({ "type": "number" }),
        FieldKind::Decimal { .. } => json!({ "type": "string", "format": "decimal" }),
        FieldKind::Money | FieldKind::Reference { .. } => json!({ "type": "string" }),
        FieldKind::Boolean => json!({ "type": "boolean" }),
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::Timestamp => json!({ "type": "string", "format": "date-time" }),
        FieldKind::Select(options) => {
            json!({ "type": "string", "enum": options.iter().map(|option| &option.key).collect::<Vec<_>>() })
        }
        FieldKind::Link { .. } => json!({ "type": "string", "format": "uuid" }),
        FieldKind::MultiSelect(_) | FieldKind::List => {
            json!({ "type": "array", "items": { "type": "string" } })
        }
        FieldKind::Url => json!({ "type": "string", "format": "uri" }),
        FieldKind::Email => json!({ "type": "string", "format": "email" }),
        FieldKind::Phone => json!({ "type": "string" }),
        FieldKind::Json => json!({}),
        FieldKind::Parts(_) => json!({ "type": "array" }),
    }
}
