//! The C library of `crm-core`.
//!
//! [`c`] is the C ABI: handles, JSON and one buffer type. Its header is `include/crm.h`, written by cbindgen from the
//! comments here and committed; `tests/header.rs` fails when it is stale.
//!
//! This is the only crate with `unsafe`: at the edge, pointers become slices and texts once, and everything below is
//! ordinary Rust.

pub mod c;
