//! The typed identifiers of reading.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`ReadingRule`](super::ReadingRule).
    ReadingRuleId => "reading_rule";
    /// The identifier of a [`ReadLog`](super::ReadLog).
    ReadLogId => "read_log";
}
