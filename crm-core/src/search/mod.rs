//! One search over all record types.

pub(crate) mod index;
