//! Cases and their conversations.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../engine_support/mod.rs"]
mod engine_support;
#[path = "../service_support/mod.rs"]
mod service_support;

mod cases;
mod conversation;
mod merge;
