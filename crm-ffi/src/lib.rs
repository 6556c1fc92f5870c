//! The library of `crm-core` for other languages.
//!
//! [`c`] is the C ABI: handles, JSON and one buffer type. Its header is `include/crm.h`, written by cbindgen from the
//! comments here and committed; `tests/header.rs` fails when it is stale. [`uniffi`] has typed records and objects for Kotlin,
//! Swift and Python. Both live in one library: their symbols have different prefixes.
//!
//! This is the only crate with `unsafe`: at the edge, pointers become slices and texts once, and everything below is
//! ordinary Rust.

pub mod c;
mod commits;
#[cfg(feature = "uniffi")]
pub mod uniffi;

#[cfg(feature = "uniffi")]
::uniffi::setup_scaffolding!("crm");
