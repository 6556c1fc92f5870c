//! Import and export: CSV, JSON Lines, vCard.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../engine_support/mod.rs"]
mod engine_support;
#[path = "../sales_support/mod.rs"]
mod sales_support;

mod csv;
mod custom;
mod faults;
mod history;
mod jsonl;
mod mappings;
mod roundtrip;
mod vcard;
mod vcard_conversion;
mod vcard_files;
mod vcard_laws;
