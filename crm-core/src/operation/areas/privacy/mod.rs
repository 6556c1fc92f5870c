//! The operations of privacy, part by part.

pub(in crate::operation) mod reading;
