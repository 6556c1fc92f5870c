//! What a session may read, told field by field.

use super::policy::RedactionReason;
use crate::error::Result;
use crate::record::DataCategory;
use crate::record::DataClass;
use crate::record::door::{Door, Scope, read};
use crate::session::Session;
use crate::storage::ReadMode;

/// The personal fields of a record type, and which of them a session may read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadableType {
    /// The record type.
    pub record_type: String,
    /// Its personal fields, and whatever else the session may not read.
    pub fields: Vec<ReadableField>,
}

/// A field, and whether a session may read it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadableField {
    /// The name of the field.
    pub field: String,
    /// How personal it is.
    pub class: DataClass,
    /// What it is about.
    pub category: Option<DataCategory>,
    /// Why it may not be read, as a stable code; nothing when it may.
    pub redacted: Option<String>,
}

fn readable(door: &dyn Door, record_type: Option<&str>) -> Result<Vec<ReadableType>> {
    read(door, ReadMode::Snapshot, |reader| {
        let types = match record_type {
            Some(name) => vec![reader.schema.require(name)?],
            None => reader.schema.types().iter().collect(),
        };
        let mut all = Vec::new();
        for known in types {
            let fields = known.own_fields().iter().map(|field| ReadableField {
                field: field.name().to_owned(),
                class: field.descriptor.class,
                category: field.descriptor.category,
                redacted: reader.scope.reason(known, field).map(RedactionReason::code).map(str::to_owned),
            });
            let fields: Vec<_> = fields
                .filter(|field| field.class > DataClass::Ordinary || field.redacted.is_some())
                .collect();
            if !fields.is_empty() || record_type.is_some() {
                all.push(ReadableType { record_type: known.name().to_owned(), fields });
            }
        }
        Ok(all)
    })
}

macro_rules! readable_of {
    ($($door:ty),+) => {$(
        impl $door {
            /// Which personal fields the session may read, of one record type or of all that have such fields. Whose data are
            /// closed to its purpose shows only record by record.
            ///
            /// # Errors
            /// `type.unknown`.
            pub fn readable(&self, record_type: Option<&str>) -> Result<Vec<ReadableType>> {
                readable(self, record_type)
            }
        }
    )+};
}
readable_of!(Session, Scope<'_>);
