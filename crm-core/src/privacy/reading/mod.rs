//! Purpose-bound reading: what a session may read follows from the purpose that it names.
//!
//! Every personal field has a [category](crate::record::DataCategory). A table says which categories each built-in purpose
//! reads, [reading rules](ReadingRule) of the host refine it, a special category needs a gate of its own, and the
//! restriction or objection of a person closes that person's cells. A cell that a session may not read comes back blank and
//! is named with its reason; whatever asks about it (filter, order, group, search) is refused or passes the row over, so
//! that nothing is learned of it in another way. Purposes with allowed and prohibited data follow Byun and Li, *Purpose
//! based access control* (VLDB Journal 17, 2008); blank cells in place of lost rows follow LeFevre et al., *Limiting
//! disclosure in Hippocratic databases* (VLDB 2004).
//!
//! ```
//! use crm_core::contacts::Person;
//! use crm_core::{Actor, Config, Crm, Date, Purpose};
//! let crm = Crm::memory(Config::default())?;
//! let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement)?;
//! let ada = session.people().create(Person {
//!     given_name: Some("Ada".into()),
//!     description: Some("Called twice".into()),
//!     ..Person::default()
//! })?;
//! let marketing = crm.session(Actor::System, Purpose::DirectMarketing)?;
//! let seen = marketing.people().get(ada.meta.id)?;
//! assert_eq!((seen.given_name.as_deref(), seen.description), (Some("Ada"), None));
//! assert!(seen.meta.redactions.iter().any(|redaction| redaction.reason == "purpose.not_allowed"));
//! # Ok::<(), crm_core::CrmError>(())
//! ```

mod enforce;
mod guard;
pub mod ids;
mod log;
pub mod model;
mod policy;
mod readable;
mod rules;
pub(crate) mod scope;
pub(crate) mod small_groups;
pub(crate) mod suppression;

pub(crate) use enforce::{check_changes, hidden_in};
pub use ids::{ReadLogId, ReadingRuleId};
pub(crate) use log::Logged;
pub use log::ReadLogEntry;
pub use model::{ReadLog, ReadingEffect, ReadingRule};
pub use policy::{RedactionReason, allowed};
pub use readable::{ReadableField, ReadableType};

crate::record::areas! {
    /// What the host adds to the built-in policy of reading.
    reading_rules: ReadingRule;
    /// Who read whose data.
    read_logs: ReadLog;
}
