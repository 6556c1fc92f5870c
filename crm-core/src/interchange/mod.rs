//! Data in and out: the file formats that other programs speak.
//!
//! Each format is a pure layer of its own that knows nothing of the records; mapping to them is a separate step.

pub mod vcard;
