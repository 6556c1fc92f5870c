//! The storage port and its SQLite driver.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../storage_support/mod.rs"]
mod storage_support;

mod conformance;
mod sqlite;
