//! The library of `crm-core` for other languages.
//!
//! [`uniffi`] has typed records and objects for Kotlin, Swift and Python.

#[cfg(feature = "uniffi")]
pub mod uniffi;

#[cfg(feature = "uniffi")]
::uniffi::setup_scaffolding!("crm");
