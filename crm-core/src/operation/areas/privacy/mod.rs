//! The operations of privacy.

pub(in crate::operation) mod rights;
