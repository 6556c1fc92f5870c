//! That erased data are gone from every byte of a file, also after a crash.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../engine_support/mod.rs"]
mod engine_support;
#[path = "../erasure_support/mod.rs"]
mod erasure_support;

mod crash;
mod proof;
