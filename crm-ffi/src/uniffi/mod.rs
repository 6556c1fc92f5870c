//! Typed records and one object for each area, for Kotlin, Swift and Python.
//!
//! [`Database`] is the open database, [`Session`] says who acts and why, and every area hangs off a session:
//! `session.people().create(…)`. The types and areas in [`generated`] are written by `bindings/codegen` from the
//! operation table; what is here is written by hand. Every call goes through [`bridge`]: its arguments become the JSON
//! object that the operation takes, and what the operation writes is laid out as UniFFI's readers want it at once, without
//! values in between ([`Lowered`]).
//!
//! **Forms.** Identifiers, times (RFC 3339, UTC, microseconds), dates (ISO 8601) and decimals are text, because no type of
//! these languages holds them without loss; [`Money`] is an amount and a currency. What may be any JSON is a [`JsonText`].
//!
//! **Enumerations** may get new variants with a minor version, so a `when` or `switch` needs a branch for others. The
//! bindings are built together with the engine, so none is ever met that they do not know; a database with values from a
//! newer engine is refused when it is opened.

pub mod bridge;
mod database;
mod error;
mod events;
mod form;
#[rustfmt::skip]
#[allow(missing_docs, reason = "the macros of UniFFI write functions without")]
pub mod generated;
mod progress;
mod session;

pub use bridge::{Filter, JsonText};
pub use database::{Database, OpenOptions, library_version};
pub use error::{CrmError, Kind, Result};
pub use events::{Commit, Events};
pub use form::Lowered;
pub use generated::*;
pub use progress::ProgressListener;
pub use session::Session;
