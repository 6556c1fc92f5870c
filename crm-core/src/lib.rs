//! A CRM engine to embed: contacts, pipelines, cases, activity, search and a provable journal on one SQLite file.
//!
//! Open a file, take a [`Session`] for an actor and a purpose, and work with typed records. Every change is
//! validated, journaled and indexed in one transaction; every record has a history, can be undone, deleted into a
//! bin and restored.
//!
//! ```
//! use crm_core::contacts::{Email, Organisation, Person};
//! use crm_core::record::query::Query;
//! use crm_core::sales::{self, Deal};
//! use crm_core::{Actor, Config, Crm, Purpose};
//!
//! # fn main() -> crm_core::Result<()> {
//! // `Crm::open("customers.db", …)` for a file.
//! let crm = Crm::memory(Config::default().country("DE")?.zone("Europe/Berlin")?)?;
//! let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
//!
//! // Contacts.
//! let acme = session.organisations().create(Organisation { name: "Acme GmbH".into(), ..Organisation::default() })?;
//! let ada = session.people().create(Person {
//!     given_name: Some("Ada".into()),
//!     family_name: Some("Lovelace".into()),
//!     organisation: Some(acme.meta.id.into()),
//!     emails: vec![Email::work("ada@example.com")],
//!     ..Person::default()
//! })?;
//!
//! // A pipeline, and a deal that moves through it.
//! let (pipeline, stages) = sales::template("New business");
//! let (pipeline, stages) = session.pipelines().create_with_stages(pipeline, stages)?;
//! let deal = session.deals().create(Deal {
//!     name: "Lighting for the new hall".into(),
//!     pipeline: pipeline.meta.id.into(),
//!     stage: stages[0].meta.id.into(),
//!     organisation: Some(acme.meta.id.into()),
//!     person: Some(ada.meta.id.into()),
//!     amount: Some("12500.00 EUR".parse()?),
//!     ..Deal::default()
//! })?;
//! session.deals().move_to(deal.meta.id, stages[1].meta.id)?;
//! let board = session.pipelines().board(pipeline.meta.id, None)?;
//! assert_eq!(board.columns[1].count, 1);
//!
//! // Filters are text, JSON or Rust, and reach through links.
//! let query = Query::new().filter(r#"organisation.name = "Acme GmbH" and emails.address is not null"#.parse()?);
//! assert_eq!(session.people().list(&query)?.records, [ada]);
//!
//! // History, undo and proof.
//! let moved = session.deals().history(deal.meta.id, None, 1)?.remove(0);
//! session.journal().undo(moved.sequence)?;
//! assert_eq!(session.deals().get(deal.meta.id)?.stage, stages[0].meta.id.into());
//! assert!(session.journal().verify()?.is_sound());
//! # Ok(())
//! # }
//! ```
//!
//! # Where to look
//! - [`contacts`], [`sales`], [`service`], [`activity`]: the record types and what is special to them.
//! - [`record::Records`]: what every record type can do. [`record::filter`]: the filter language.
//! - [`Session::search`], [`Session::journal`], [`Session::as_of`], [`Session::transaction`], [`Session::snapshot`].
//! - [`customize`]: custom fields and types. [`interchange`]: CSV, vCard, JSON Lines.
//! - [`Config`]: clock, randomness, keys, access, country, time zone. [`CrmError`]: the one error.
//!
//! # Threads, time and failure
//! A [`Crm`] may be used from any thread. The core is synchronous; [`Crm::interrupt`] stops what is running, and
//! nothing of it is stored. Times are UTC with microseconds. Bad input is an error with a stable code and the path of
//! the field, and changes nothing.
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
pub mod operation;
pub mod privacy;
pub mod record;
pub mod sales;
pub mod search;
pub mod service;
pub mod session;
pub mod storage;
pub mod surface;
#[cfg(any(feature = "postgres", feature = "sqlcipher"))]
pub mod transfer;

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
pub use ground::phone::PhoneNumber;
#[cfg(feature = "phone-details")]
pub use ground::phone::{PhoneFormat, PhoneKind};
pub use ground::random::{Random, SeededRandom};
pub use ground::time::{Date, Timestamp, parse_date};
pub use ground::zone::{DateUnit, Zone};
pub use record::{Records, Reference};
pub use session::{Actor, Purpose, Session};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
