//! Encryption at rest, where the library is built with it, and the clear error where it is not.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../cipher_support/mod.rs"]
mod cipher_support;
#[path = "../engine_support/mod.rs"]
mod engine_support;
#[path = "../storage_support/mod.rs"]
mod storage_support;
#[path = "../vector_support/mod.rs"]
mod vector_support;

mod at_rest;
mod exchange;
mod rekey;
mod unsupported;
