//! Reading the state of an earlier time.

/// An earlier state, prepared for reading.
pub(crate) struct Past;
