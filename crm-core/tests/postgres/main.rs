//! PostgreSQL: the driver against a server, and what erasing means there.
//!
//! `tests/postgres/run` starts the server.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../engine_support/mod.rs"]
mod engine_support;
#[path = "../erasure_support/mod.rs"]
mod erasure_support;
#[path = "../hot_support/mod.rs"]
mod hot_support;

mod driver;
mod erasure;
