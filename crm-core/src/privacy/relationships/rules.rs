//! What makes an event of a relationship valid.

use crate::error::{CrmError, Result};
use crate::journal::entry::Operation;
use crate::privacy::consent::CLOCK_SKEW_SECONDS;
use crate::privacy::standing;
use crate::privacy::values::time;
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};

/// The rules of events of relationships.
pub(crate) struct RelationshipEventRules;

impl Rules for RelationshipEventRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        if change.after("person").is_null() && change.after("organisation").is_null() {
            let reason = "an event is about a person or an organisation";
            return Err(CrmError::invalid("relationship_event.party", reason).at("person"));
        }
        match time(change, "occurred_at") {
            None => change.set("occurred_at", Value::Timestamp(work.now())),
            // The end of a contract may be agreed beforehand; all else has happened.
            Some(at)
                if at > work.now().plus_seconds(CLOCK_SKEW_SECONDS)
                    && *change.after("kind") != Value::Text("contract_end".to_owned()) =>
            {
                let reason = "lies in the future";
                Err(CrmError::invalid("relationship_event.future", reason).at("occurred_at"))
            }
            Some(_) => Ok(()),
        }
    }

    fn follow(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        standing::follow(work.connection, change)
    }
}
