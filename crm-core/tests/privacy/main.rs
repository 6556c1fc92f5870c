//! Privacy as a host sees it, from purposes to erasure.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../engine_support/mod.rs"]
mod engine_support;
#[path = "../erasure_support/mod.rs"]
mod erasure_support;
#[path = "../privacy_support/mod.rs"]
mod privacy_support;

mod clocks;
mod consent;
mod disclosure;
mod erasure;
mod packages;
mod permits;
mod purposes;
mod reading;
mod retention;
mod rights;
mod subjects;
mod suppression;
