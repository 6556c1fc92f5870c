//! Operations of privacy, by topic.

pub(in crate::operation) mod consent;
pub(in crate::operation) mod erasure;
pub(in crate::operation) mod notices;
pub(in crate::operation) mod permits;
pub(in crate::operation) mod reading;
pub(in crate::operation) mod retention;
pub(in crate::operation) mod rights;
pub(in crate::operation) mod suppression;
