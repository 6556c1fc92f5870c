//! The C ABI: small, hand-written and frozen.
//!
//! Every function gives a status, reports its error as JSON in a buffer, and catches panics. Handles are numbers that
//! are never given twice, so a closed, foreign or invented handle is an error and never a dangling pointer.
//!
//! ```
//! use crm::c::{Buffer, buffer, call, database, session};
//! let (mut crm, mut session, mut out) = (0, 0, Buffer::EMPTY);
//! // SAFETY: The pointers come from slices and references that live through each call.
//! unsafe {
//!     assert_eq!(database::crm_open(std::ptr::null(), 0, &raw mut crm, &raw mut out), 0);
//!     assert_eq!(session::crm_session_open(crm, std::ptr::null(), 0, &raw mut session, &raw mut out), 0);
//!     let operation = b"person.count";
//!     let (name, length) = (operation.as_ptr().cast(), operation.len());
//!     let status = call::crm_call(session, name, length, std::ptr::null(), 0, &raw mut out);
//!     assert_eq!(status, 0);
//!     assert_eq!(out.as_bytes(), b"0");
//!     buffer::crm_buffer_free(&raw mut out);
//!     assert_eq!(database::crm_close(crm, &raw mut out), 0);
//! }
//! ```

pub mod buffer;
pub mod call;
pub mod database;
mod edge;
pub mod events;
mod handles;
pub mod library;
pub mod session;
pub mod status;

pub use buffer::Buffer;
pub use database::Database;
pub use events::Events;
pub use session::Session;
pub use status::Status;
