//! Purposes: why personal data are processed, as a tree. The roots are built in and follow the Data Privacy Vocabulary;
//! a host registers its own below them. Whatever names a purpose names its key.

pub mod ids;
pub mod model;
mod rules;
pub mod tree;

pub use ids::ProcessingPurposeId;
pub use model::ProcessingPurpose;
pub use tree::{BUILT_IN, BuiltIn, KnownPurpose};
pub(crate) use tree::require;

crate::record::areas! {
    /// The purposes that the host has registered.
    processing_purposes: ProcessingPurpose;
}
