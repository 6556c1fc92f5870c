//! An embeddable CRM engine.
#![forbid(unsafe_code)]

pub mod error;
pub mod ground;
pub mod record;
pub mod storage;

pub use error::{CrmError, ErrorKind, Result};
#[cfg(not(target_arch = "wasm32"))]
pub use ground::clock::SystemClock;
pub use ground::clock::{Clock, ManualClock};
pub use ground::country::CountryCode;
pub use ground::currency::Currency;
pub use ground::ids::RecordId;
pub use ground::money::{Money, Rounding};
pub use ground::random::{Random, SeededRandom};
pub use ground::time::{Date, Timestamp, parse_date};
pub use record::Reference;
pub use ground::zone::{DateUnit, Zone};
