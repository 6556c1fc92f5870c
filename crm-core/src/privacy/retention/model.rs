//! The rules of retention.

use super::ids::RetentionRuleId;
use super::kinds::{RetentionAction, StatutoryClass};
use crate::record::{Meta, Record};

/// How long records of a type are kept (GDPR Article 5(1)(e)): at most so long after an event, and at least as long as
/// a statute says.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "retention_rule",
    plural = "retention_rules",
    id = RetentionRuleId,
    sort_key("name"),
    rules = super::rules::RetentionRules
)]
pub struct RetentionRule {
    /// What every record has.
    pub meta: Meta,
    /// What it is called.
    #[field(unique, search = title, max = 150)]
    pub name: String,
    /// The record type.
    #[field(max = 100)]
    pub record_type: String,
    /// Which records of the type, as a filter; all when there is none.
    #[field(long, max = 16_384)]
    pub filter: Option<String>,
    /// The key of the purpose for which they are held.
    #[field(max = 100)]
    pub purpose: Option<String>,
    /// The date or time field from which the time runs. A record without a value in it is never due.
    #[field(max = 100)]
    pub trigger: String,
    /// The ceiling in days.
    #[field(range(0, 36_500))]
    pub ceiling_days: Option<i64>,
    /// The ceiling in months; the last day of a month stands for days that it does not have.
    #[field(range(0, 1_200))]
    pub ceiling_months: Option<i64>,
    /// What a statute calls such records: they stay at least as long as it says, whoever wants them erased.
    pub statutory_class: Option<StatutoryClass>,
    /// Whose statute: ISO 3166-1 alpha-2, or ISO 3166-2 for a part of a country.
    #[field(max = 6)]
    pub jurisdiction: Option<String>,
    /// What is done when the time is over.
    #[field(default = RetentionAction::Review)]
    pub action: RetentionAction,
    /// Where the ceiling comes from: a law, a policy, an assessment.
    #[field(max = 1_000)]
    pub source: Option<String>,
    /// Whether it is followed.
    #[field(default = true)]
    pub active: Option<bool>,
}
