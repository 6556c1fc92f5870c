//! The records of reading: the host's rules, and the log.

use super::ids::{ReadLogId, ReadingRuleId};
use crate::ground::time::Timestamp;
use crate::privacy::disclosure::DisclosureId;
use crate::privacy::kinds::SpecialCategoryGround;
use crate::record::select::select;
use crate::record::{DataCategory, Meta, Record};

select! {
    /// What a reading rule does.
    pub enum ReadingEffect {
        /// The purpose may read it.
        Allow = "allow",
        /// The purpose may not read it, whatever else allows it.
        #[default]
        Deny = "deny",
        /// The purpose may read it only in a session with the gate for special categories open.
        Gate = "gate",
    }
}

/// What a purpose, and every purpose below it, may read or not, in addition to the built-in policy.
///
/// A rule names a field, or a category, or neither and means all personal fields. A denial goes before every permission.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "reading_rule",
    plural = "reading_rules",
    id = ReadingRuleId,
    rules = super::rules::ReadingRuleRules
)]
pub struct ReadingRule {
    /// What every record has.
    pub meta: Meta,
    /// The key of the purpose; those below it are meant, too.
    #[field(indexed, max = 100)]
    pub purpose: String,
    /// The record type; `*` for all.
    #[field(default = "*", max = 60)]
    pub record_type: String,
    /// The field, when only one is meant.
    #[field(max = 60)]
    pub field: Option<String>,
    /// The category, when only the fields of one are meant.
    pub category: Option<DataCategory>,
    /// What the rule does.
    #[field(default = ReadingEffect::Deny)]
    pub effect: ReadingEffect,
    /// The ground of Article 9(2) on which special categories are read for the purpose: with it, a rule that allows opens
    /// the gate for what it allows.
    pub special_ground: Option<SpecialCategoryGround>,
    /// Why, in words.
    #[field(long)]
    pub description: Option<String>,
}

/// One reading of personal data: who read whose data, for which purpose. Who and when are those of its creation.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "read_log", plural = "read_logs", id = ReadLogId, rules = super::rules::ReadLogRules)]
pub struct ReadLog {
    /// What every record has.
    pub meta: Meta,
    /// When it was read.
    #[field(indexed, filled)]
    pub read_at: Option<Timestamp>,
    /// The key of the purpose.
    #[field(indexed, max = 100)]
    pub purpose: String,
    /// What was done, for example `export.csv`.
    #[field(max = 60)]
    pub operation: String,
    /// The record type; `*` when the whole database was read.
    #[field(max = 60)]
    pub record_type: String,
    /// How many records were read.
    #[field(range(0, 9_000_000_000))]
    pub records: i64,
    /// The categories of the personal data.
    #[field(max = 40)]
    pub categories: Vec<String>,
    /// The identifiers of the people whose data were read. They outlive the people, and name nobody then.
    #[field(max = 1_000)]
    pub subjects: Vec<String>,
    /// To whom the data were given, when they left the database.
    #[field(on_delete = clear)]
    pub disclosure: Option<DisclosureId>,
}
