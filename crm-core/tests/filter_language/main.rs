//! The filter language, lists and groups against a real SQLite database with a schema made by hand.

mod bad;
mod forms;
mod good;
mod groups;
mod paging;
mod support;
