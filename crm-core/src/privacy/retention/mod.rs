//! Retention: how long records are kept, at most and at least (GDPR Article 5(1)(e)).
//!
//! A [`RetentionRule`] says for records of a type from which event their time runs, how long it is, and what is done when
//! it is over. A rule that names a statutory class says at the same time how long such records must stay, and then keeps
//! them from erasures, too. Legal holds go before everything.

mod due;
pub mod floors;
pub mod ids;
pub(crate) mod keeping;
pub mod kinds;
pub mod model;
mod rules;
mod run;

pub use due::DueRecord;
pub use ids::RetentionRuleId;
pub use kinds::{RetentionAction, StatutoryClass};
pub use model::RetentionRule;
pub use run::{Retention, RetentionReport};

crate::record::areas! {
    /// The rules of retention.
    retention_rules: RetentionRule;
}
