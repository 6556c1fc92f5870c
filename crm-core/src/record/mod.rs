//! The record engine: one declaration of a record type, and everything that follows from it.

pub mod bin;
pub mod catalog;
mod category;
pub(crate) mod columns;
pub(crate) mod counters;
pub mod data;
pub(crate) mod derived;
pub mod descriptor;
pub(crate) mod door;
pub mod dynamic;
pub(crate) mod erase;
mod field_types;
pub mod filter;
pub(crate) mod install;
pub mod json;
pub(crate) mod links;
pub(crate) mod list;
pub(crate) mod names;
pub mod parts;
pub mod pattern;
mod payload;
pub mod query;
pub(crate) mod read;
pub(crate) mod records;
pub(crate) mod reindex;
pub mod rules;
pub mod schema;
pub(crate) mod select;
pub(crate) mod set;
pub mod statements;
pub(crate) mod store;
pub(crate) mod tree;
pub mod typed;
pub mod typed_json;
pub mod unit;
pub(crate) mod validate;
pub mod value;

pub use category::DataCategory;
pub use crm_core_derive::Record;
pub use data::RecordData;
pub use descriptor::{
    DataClass, FieldDescriptor, FieldKind, OnDelete, OnErasure, SearchRole, SelectOption, Subject, Timeline,
    TypeDescriptor,
};
pub use door::{Scope, Snapshot, Transaction};
pub use dynamic::JsonRecords;
pub(crate) use records::areas;
pub use records::{Page, Records};
pub use schema::{Field, RecordType, Schema};
pub use typed::{FieldType, LinkId, Meta, Record, Redaction};
pub use value::{Reference, Value};

#[cfg(test)]
mod derive_tests;
