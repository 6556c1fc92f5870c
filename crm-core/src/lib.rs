//! An embeddable CRM engine.
#![forbid(unsafe_code)]

// `#[derive(Record)]` names its types by the name of the crate, here as in a host.
extern crate self as crm_core;

pub mod access;
pub mod activity;
pub mod config;
pub mod contacts;
pub mod crm;
pub mod customize;
pub mod error;
pub mod ground;
pub mod interchange;
pub mod journal;
pub mod privacy;
pub mod record;
pub mod sales;
pub mod search;
pub mod service;
pub mod session;
pub mod storage;

pub use config::Config;
pub use crm::Crm;
pub use error::{CrmError, ErrorKind, Result};
#[cfg(not(target_arch = "wasm32"))]
pub use ground::clock::SystemClock;
pub use ground::clock::{Clock, ManualClock};
pub use ground::country::CountryCode;
pub use ground::currency::Currency;
pub use ground::email::EmailAddress;
pub use ground::ids::RecordId;
pub use ground::money::{Money, Rounding};
pub use ground::name::{NameOrder, NameParts, PersonName, split_display_name};
pub use ground::phone::{PhoneFormat, PhoneKind, PhoneNumber};
pub use ground::random::{Random, SeededRandom};
pub use ground::time::{Date, Timestamp, parse_date};
pub use ground::zone::{DateUnit, Zone};
pub use record::{Records, Reference};
pub use session::{Actor, Purpose, Session};
