//! Permits: whether somebody may be contacted, and whether data of somebody may be processed.
//!
//! A decision is a pure function of facts, a dated [`RuleSet`](super::regimes::RuleSet) and a question; nothing in here
//! reads a database, a clock or chance. So a decision can be made again at any time, byte for byte.
//!
//! The order of the gates: hard stops that no grant overrides (erased, dead, suppressed, objected, restricted,
//! refused); the jurisdictions; age; what the regimes demand (legal basis, channel, registers, sale, special
//! categories); caps and hours, which put off; duties. Every gate is passed through, so the chain of reasons is always
//! whole. The strictest outcome wins: over all regimes that apply, over all people who share the address, over all
//! candidates for an unknown place or time zone.
//!
//! ```
//! use crm_core::privacy::permit::{Facts, ContactQuestion, may_contact};
//! use crm_core::privacy::regimes::RuleSet;
//! use crm_core::privacy::{ContactChannel, PermitOutcome, PurposeClass};
//! let question = ContactQuestion::new(
//!     &["newsletter", "direct_marketing"],
//!     PurposeClass::Marketing,
//!     ContactChannel::Email,
//!     "2026-11-28T10:00:00Z".parse()?,
//! );
//! let decision = may_contact(&RuleSet::all(), &Facts::default(), &question, &[]);
//! assert_eq!(decision.outcome, PermitOutcome::Refused);
//! # Ok::<(), crm_core::CrmError>(())
//! ```

mod age;
mod basis;
mod chain;
mod classes;
mod consent;
mod covering;
pub mod decision;
mod duties;
mod evaluate;
pub mod explanation;
pub mod facts;
mod grounds;
mod months;
mod process;
pub mod question;
pub mod reason;
pub mod replay;
mod rules;
mod sale;
mod scope;
mod screening;
mod stops;
mod timing;

#[cfg(test)]
mod tests;

pub use decision::{Decision, Reason};
pub use evaluate::{ExtraRule, may_contact};
pub use explanation::{DueObligation, ExplainedReason, Explanation};
pub use facts::{
    AddressFacts, Age, BasisFact, ConsentFact, ContactCap, ControllerFacts, Facts, ObjectionFact,
    RelationshipFact, ScreeningFact, SignalFact, SignalKind, SubjectFacts, SuppressionFact,
};
pub use process::may_process;
pub use question::{ContactQuestion, ContentFacts, ProcessQuestion};
pub use reason::{Effect, ReasonCode};
pub use replay::{Asked, Inputs, replay};
