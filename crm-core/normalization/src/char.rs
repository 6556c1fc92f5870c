//! What Unicode says of single characters.

pub use crate::recompose::compose;
pub use crate::tables::{canonical_combining_class, is_combining_mark};
