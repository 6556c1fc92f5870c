//! People, organisations and what links them.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../contacts_support/mod.rs"]
mod contacts_support;
#[path = "../engine_support/mod.rs"]
mod engine_support;

mod deleting;
mod lookup;
mod reading;
mod rules;
