//! All operations, records and types in one document.

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value as Json, json};

use super::ground::ANY;
use super::text;
use crate::error::CrmError;
use crate::operation::input::AnyRecord;
use crate::operation::table::{Operation, RECORD_OPERATIONS, table};
use crate::record::catalog::each_built_in;

/// The document: `version`, `records`, `operations` (those of every record type, then those of single areas) and the
/// types that they refer to in `$defs`. A program finds there everything that a surface offers.
///
/// ```
/// let document = crm_core::operation::schema::document();
/// let operations = document["operations"].as_array().expect("a list");
/// assert!(operations.iter().any(|operation| operation["name"] == "deal.move_to"));
/// assert_eq!(document["$defs"]["Money"]["type"], "object");
/// ```
pub fn document() -> Json {
    let mut generator = SchemaGenerator::default();
    let mut records = Records { generator: &mut generator, list: Vec::new() };
    each_built_in(&mut records);
    let list = records.list;
    generator.subschema_for::<CrmError>();
    generator.subschema_for::<AnyRecord>();

    let mut operations = Vec::new();
    for operation in RECORD_OPERATIONS {
        let described = described(operation, &mut generator);
        for (name, type_name, _) in &list {
            let mut described = rename(&described, type_name);
            described["name"] = Json::from(format!("{name}.{}", operation.name));
            described["record"] = Json::from(name.as_str());
            operations.push(described);
        }
    }
    operations
        .sort_by_key(|operation| list.iter().position(|(name, ..)| operation["record"] == name.as_str()));
    operations.extend(table().map(|operation| described(operation, &mut generator)));
    let definitions = definitions(generator.take_definitions(true), &list);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "version": env!("CARGO_PKG_VERSION"),
        "records": list.into_iter().map(|(.., record)| record).collect::<Vec<_>>(),
        "operations": operations,
        "$defs": definitions,
    })
}

/// Takes every built-in record type.
pub(crate) struct Records<'g> {
    generator: &'g mut SchemaGenerator,
    /// The names of the record and of its Rust type, and what the document says of it.
    list: Vec<(String, String, Json)>,
}

impl Records<'_> {
    pub(crate) fn take<R: crate::record::Record + JsonSchema>(&mut self) {
        let descriptor = R::descriptor();
        let type_name = R::schema_name().into_owned();
        self.generator.subschema_for::<R>();
        let record = json!({
            "name": descriptor.name, "plural": descriptor.plural, "type": type_name,
            "description": descriptor.description,
        });
        self.list.push((descriptor.name.into_owned(), type_name, record));
    }
}

fn described(operation: &Operation, generator: &mut SchemaGenerator) -> Json {
    json!({
        "name": operation.name,
        "record": Json::Null,
        "kind": operation.kind,
        "permission": operation.permission,
        "since": operation.since,
        "stability": operation.stability,
        "documentation": text(operation.documentation),
        "errors": operation.errors,
        "input": (operation.input)(generator),
        "output": (operation.output)(generator),
    })
}

/// The definitions, those of `AnyRecord` once for each record type.
fn definitions(all: Map<String, Json>, list: &[(String, String, Json)]) -> Map<String, Json> {
    let mut definitions = Map::new();
    for (name, definition) in all {
        if name == ANY {
            continue;
        }
        if !name.contains(ANY) {
            definitions.insert(name, definition);
            continue;
        }
        for (_, type_name, _) in list {
            definitions.insert(name.replace(ANY, type_name), rename(&definition, type_name));
        }
    }
    definitions.sort_keys();
    definitions
}

/// A schema with a record type in the place of `AnyRecord`.
fn rename(schema: &Json, type_name: &str) -> Json {
    match schema {
        Json::String(text) if text.starts_with("#/$defs/") => Json::from(text.replace(ANY, type_name)),
        Json::Array(items) => items.iter().map(|item| rename(item, type_name)).collect(),
        Json::Object(members) => {
            members.iter().map(|(name, member)| (name.clone(), rename(member, type_name))).collect()
        }
        other => other.clone(),
    }
}
