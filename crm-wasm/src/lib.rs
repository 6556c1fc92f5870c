//! crm-core for the browser and Node: one database, sessions, and operations with JSON text in and out.
//!
//! The npm package `crm-core` in `bindings/web` is written on top of it; programs use that. What crosses the border
//! is text and bytes only. A failure before a call has a session is thrown as the text of the envelope that a failed
//! call gives: `{"error": {"code", "kind", "status", "path", "reason", "details"}}`.
#![forbid(unsafe_code)]

#[cfg(target_arch = "wasm32")]
mod database;
#[cfg(target_arch = "wasm32")]
mod events;
#[cfg(target_arch = "wasm32")]
mod failure;
#[cfg(target_arch = "wasm32")]
mod opfs;
#[cfg(target_arch = "wasm32")]
mod ports;
#[cfg(target_arch = "wasm32")]
mod session;

#[cfg(target_arch = "wasm32")]
pub use database::{Database, is_query, open, version};
#[cfg(target_arch = "wasm32")]
pub use opfs::{opfs_import, opfs_install, opfs_names, opfs_release, opfs_remove};
#[cfg(target_arch = "wasm32")]
pub use session::Session;
