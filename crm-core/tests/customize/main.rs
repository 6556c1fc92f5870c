//! Custom fields and custom record types.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../engine_support/mod.rs"]
mod engine_support;

mod fields;
mod schema;
