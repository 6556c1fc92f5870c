//! Custom fields and custom record types.

pub(crate) mod definitions;
