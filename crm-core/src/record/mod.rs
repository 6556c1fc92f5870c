//! The record engine: one declaration of a record type, and everything that follows from it.

pub mod descriptor;
mod field_types;
pub mod parts;
pub mod rules;
pub mod schema;
pub(crate) mod select;
pub mod statements;
pub mod typed;
pub mod unit;
pub mod value;

pub use crm_core_derive::Record;
pub use descriptor::{
    DataClass, FieldDescriptor, FieldKind, OnDelete, SearchRole, SelectOption, Subject, Timeline,
    TypeDescriptor,
};
pub use schema::{Field, RecordType, Schema};
pub use typed::{FieldType, LinkId, Meta, Record, Redaction};
pub use value::{Reference, Value};

#[cfg(test)]
mod derive_tests;
