//! The operations of privacy, topic by topic.

pub(in crate::operation) mod erasure;
pub(in crate::operation) mod retention;
