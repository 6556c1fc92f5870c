//! Decisions about permits: the tables with their legal sources, and the laws.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../permit_support/mod.rs"]
mod permit_support;

mod decisions;
mod laws;
