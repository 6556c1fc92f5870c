//! The typed identifiers of retention.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`RetentionRule`](super::RetentionRule).
    RetentionRuleId => "retention_rule";
}
