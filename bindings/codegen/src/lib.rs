//! Writes the bindings of crm-core from its operation table.
//!
//! [`Api::read`] turns the table and its JSON Schema into a small typed model; each writer turns the model into files
//! of one language. [`files()`] gives all of them, so that the same code generates and verifies.

pub mod c_header;
pub mod files;
pub mod markdown;
pub mod model;
pub mod names;
pub mod python;
pub mod typescript;
pub mod uniffi;

pub use files::{File, files};
pub use model::Api;
