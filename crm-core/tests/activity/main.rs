//! Tasks, meetings, calls, notes, attachments, reminders and the timeline.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

#[path = "../engine_support/mod.rs"]
mod engine_support;
#[path = "../recording_support/mod.rs"]
mod recording_support;

mod attachments;
mod plans;
mod records;
mod timeline;
