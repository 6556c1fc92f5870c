//! Pipelines, deals and their figures.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../engine_support/mod.rs"]
mod engine_support;
#[path = "../sales_support/mod.rs"]
mod sales_support;

mod deals;
mod figures;
mod totals;
