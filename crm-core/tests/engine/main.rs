//! What holds for records of every type.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../engine_support/mod.rs"]
mod engine_support;
#[path = "../sales_support/mod.rs"]
mod sales_support;

mod as_of;
mod bad_input;
mod search;
mod smoke;
