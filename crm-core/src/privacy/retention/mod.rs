//! Retention: how long records are kept, at most and at least.

pub mod floors;
pub mod ids;
pub(crate) mod keeping;
pub mod kinds;
pub mod model;
mod rules;

pub use ids::RetentionRuleId;
pub use kinds::{RetentionAction, StatutoryClass};
pub use model::RetentionRule;

crate::record::areas! {
    /// The rules of retention.
    retention_rules: RetentionRule;
}
