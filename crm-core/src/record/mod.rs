//! The record engine: one declaration of a record type, and everything that follows from it.

pub mod descriptor;
pub mod filter;
pub mod parts;
pub mod query;
pub mod rules;
pub mod schema;
pub mod statements;
pub mod unit;
pub mod value;

pub use descriptor::{
    DataClass, FieldDescriptor, FieldKind, OnDelete, SearchRole, SelectOption, Subject, Timeline,
    TypeDescriptor,
};
pub use schema::{Field, RecordType, Schema};
pub use value::{Reference, Value};

/// A typed identifier that a link field can hold.
pub trait LinkId: Copy + From<crate::ground::ids::RecordId> + Into<crate::ground::ids::RecordId> {
    /// The name of the record type that it points at.
    const TARGET: &'static str;
}
