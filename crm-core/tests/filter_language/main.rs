//! The filter language, lists and groups against a real database with a schema made by hand.
#![allow(clippy::explicit_counter_loop, reason = "the rows of the table are numbered on")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

mod bad;
#[path = "../engine_support/mod.rs"]
mod engine_support;
mod forms;
mod good;
mod groups;
mod paging;
mod support;
