//! The record engine.

/// A typed identifier that a link field can hold.
pub trait LinkId: Copy + From<crate::ground::ids::RecordId> + Into<crate::ground::ids::RecordId> {
    /// The name of the record type that it points at.
    const TARGET: &'static str;
}
