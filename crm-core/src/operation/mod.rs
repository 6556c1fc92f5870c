//! The operation table: everything that the engine can do, by name, with JSON in and JSON out.
//!
//! Surfaces that are not Rust (C, the browser, the generated clients) call operations instead of methods. Each is listed
//! once, with its documentation, its input, its output and its errors; dispatch, clients, headers and the reference
//! follow from the list.
//!
//! ```
//! use crm_core::{Actor, Config, Crm, Purpose};
//! use serde_json::json;
//! let crm = Crm::memory(Config::default())?;
//! let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
//! let ada = session.call("person.create", json!({"given_name": "Ada", "family_name": "Lovelace"}))?;
//! let page = session.call("person.list", json!({"filter": "family_name = \"Lovelace\""}))?;
//! assert_eq!(page["records"][0]["id"], ada["id"]);
//! # Ok::<(), crm_core::CrmError>(())
//! ```
//!
//! Operations of records exist for every record type, custom ones included: `person.create`, `x_asset.list`. See
//! [`table`].

mod areas;
mod batch;
mod context;
mod declare;
mod envelope;
mod input;
mod output;
mod query_input;
mod records;
#[cfg(feature = "schema")]
pub mod schema;
mod table;

pub use crate::ground::json::{Container, Sink, TextSink};
pub use context::Context;
pub use envelope::{MAX_INPUT, Progress, envelope, parse_input};
pub use table::{Kind, Operation, Permission, RECORD_OPERATIONS, Stability, find, table};
