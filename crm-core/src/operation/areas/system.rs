//! Operations on the database as a whole, and what a program may ask about it.

use serde_json::Value as Json;

use crate::error::CrmError;
use crate::ground::time::Timestamp;
use crate::operation::declare::operations;
use crate::record::door::Door;
use crate::record::json::to_json;
use crate::record::{DataCategory, DataClass, Field, FieldKind, OnDelete, RecordType, SelectOption};

/// A record type in force, as a program may ask for it.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct RecordTypeInfo {
    /// The name, singular.
    name: String,
    /// The name in the plural.
    plural: String,
    /// What it is for.
    description: String,
    /// Whether the host has added it.
    custom: bool,
    /// Its fields, those that every record has first.
    fields: Vec<FieldInfo>,
}

/// A field of a record type.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct FieldInfo {
    /// The name.
    name: String,
    /// What people read.
    label: String,
    /// What it is for.
    description: String,
    /// The kind, such as `text`, `money`, `link`.
    kind: &'static str,
    /// The record type that a link points at.
    target: Option<String>,
    /// What happens to the record when the target of the link is deleted.
    on_delete: Option<OnDelete>,
    /// The options of a select, in their order.
    options: Option<Vec<SelectOption>>,
    /// Whether a value must be given.
    required: bool,
    /// Whether no two records may have the same value.
    unique: bool,
    /// Whether lists are filtered and sorted by it at any size.
    indexed: bool,
    /// Whether lists can be sorted by it.
    sortable: bool,
    /// Whether only the engine sets it.
    read_only: bool,
    /// Whether it can be given all the same when a record is created.
    at_creation: bool,
    /// Whether the engine finds the value when a new record has none.
    filled: bool,
    /// Whether the host has added it.
    custom: bool,
    /// How personal it is.
    data_class: DataClass,
    /// What a personal field is about; nothing for an ordinary one.
    data_category: Option<DataCategory>,
    /// The longest text in characters, or the most items of a list.
    max_length: u32,
    /// The value that a new record gets when none is given.
    default: Option<Json>,
}

impl From<&Field> for FieldInfo {
    fn from(field: &Field) -> Self {
        let descriptor = &field.descriptor;
        let (target, on_delete) = match &descriptor.kind {
            FieldKind::Link { target, on_delete } => (Some(target.to_string()), Some(*on_delete)),
            FieldKind::Reference { on_delete } => (None, Some(*on_delete)),
            _ => (None, None),
        };
        let options = match &descriptor.kind {
            FieldKind::Select(options) | FieldKind::MultiSelect(options) => Some(options.clone()),
            _ => None,
        };
        Self {
            name: descriptor.name.to_string(),
            label: descriptor.label.to_string(),
            description: descriptor.description.to_string(),
            kind: descriptor.kind.name(),
            target: target.filter(|target| !target.is_empty()),
            on_delete,
            options,
            required: descriptor.required,
            unique: descriptor.unique,
            indexed: descriptor.indexed,
            sortable: descriptor.kind.is_sortable(),
            read_only: descriptor.read_only,
            at_creation: descriptor.at_creation,
            filled: descriptor.filled,
            custom: descriptor.custom,
            data_class: descriptor.class,
            data_category: descriptor.category,
            max_length: descriptor.max_length,
            default: descriptor.default.as_ref().map(to_json),
        }
    }
}

impl From<&RecordType> for RecordTypeInfo {
    fn from(record_type: &RecordType) -> Self {
        Self {
            name: record_type.name().to_owned(),
            plural: record_type.descriptor.plural.to_string(),
            description: record_type.descriptor.description.to_string(),
            custom: record_type.is_custom(),
            fields: record_type.fields.iter().map(FieldInfo::from).collect(),
        }
    }
}

/// What the library and the database say of themselves.
#[derive(serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) struct SystemInfo {
    /// The version of the library.
    version: &'static str,
    /// The time by the clock of the database.
    now: Timestamp,
    /// The time zone in which "today" is meant.
    zone: String,
    /// The country whose spelling of phone numbers and addresses is assumed.
    country: String,
}

operations! {
    /// Lists the record types in force with their fields, custom ones included.
    query "schema.list" (context, input {
        /// Only this type.
        record_type: Option<String>,
    }) -> Vec<RecordTypeInfo> ["type.unknown"] {
        let schema = crate::record::door::read(&**context, crate::storage::ReadMode::Snapshot, |reader| {
            Ok(std::sync::Arc::clone(&reader.schema))
        })?;
        match input.record_type {
            Some(name) => Ok(vec![(&**schema.require(&name)?).into()]),
            None => Ok(schema.types().iter().map(|record_type| (&**record_type).into()).collect()),
        }
    }

    /// Tells the version of the library, the time, the time zone and the country of the database.
    query "system.info" (context, input {}) -> SystemInfo [] {
        let engine = context.engine();
        Ok(SystemInfo {
            version: env!("CARGO_PKG_VERSION"),
            now: engine.clock.now(),
            zone: engine.config.default_zone.name().to_owned(),
            country: engine.config.default_country.to_string(),
        })
    }

    /// Moves the clock of a database that was opened with a clock that stands still: for tests.
    command(Administer) "clock.set" (context, input {
        /// The time.
        to: Timestamp,
    }) -> () ["clock.not_manual"] {
        if context.engine().clock.set_to(input.to) {
            return Ok(());
        }
        Err(CrmError::invalid("clock.not_manual", "the database goes by the clock of the machine"))
    }

    /// Checks the database file and its links. Gives the list of findings, empty when it is sound.
    query(Administer) "system.integrity_check" (context, input {}) -> Vec<String> [] {
        context.engine().database.integrity_check()
    }
}
