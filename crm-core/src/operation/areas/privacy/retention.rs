//! Operations on retention.

use serde_json::json;

use crate::operation::declare::operations;
use crate::privacy::retention::{DueRecord, RetentionReport, RetentionRuleId};

operations! {
    /// Lists the records whose time is over by the rules of retention, and what keeps them all the same.
    query(Administer) "retention.due" (context, input {
        /// Only by this rule.
        rule: Option<RetentionRuleId>,
        /// How many, at most 1,000.
        limit: u32 = 100,
    }) -> Vec<DueRecord> ["type.unknown", "field.unknown"] {
        context.session()?.retention().due(input.rule, input.limit)
    }

    /// Does with the records whose time is over what their rules say: erases, anonymises or queues them. It can be stopped;
    /// what was done stays done.
    command(Administer) "retention.run" (context, input {
        /// Only by this rule.
        rule: Option<RetentionRuleId>,
    }) -> RetentionReport ["type.unknown", "field.unknown"] {
        let mut progress = |report: &RetentionReport| context.report(&json!({ "due": report.due }));
        context.session()?.retention().run(input.rule, &mut progress)
    }
}
