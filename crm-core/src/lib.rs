//! An embeddable CRM engine.
#![forbid(unsafe_code)]

pub mod error;
pub mod ground;
pub mod interchange;
pub mod record;
pub mod storage;

pub use error::{CrmError, ErrorKind, Result};
#[cfg(not(target_arch = "wasm32"))]
pub use ground::clock::SystemClock;
pub use ground::clock::{Clock, ManualClock};
pub use ground::ids::RecordId;
pub use ground::random::{Random, SeededRandom};
pub use ground::time::{Date, Timestamp, parse_date};
