//! What makes a snapshot of a register valid.

use super::registers::forget;
use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::entry::Operation;
use crate::privacy::consent::CLOCK_SKEW_SECONDS;
use crate::privacy::values::time;
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};

/// The rules of snapshots.
pub(crate) struct RegisterRules;

impl Rules for RegisterRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        match time(change, "fetched_at") {
            None => change.set("fetched_at", Value::Timestamp(work.now()))?,
            Some(at) if at > work.now().plus_seconds(CLOCK_SKEW_SECONDS) => {
                let reason = "lies in the future";
                return Err(CrmError::invalid("register_snapshot.future", reason).at("fetched_at"));
            }
            Some(_) => {}
        }
        let complete = !change.before("completed_at").is_null();
        let fixed =
            ["registry", "address_type", "fetched_at"].into_iter().find(|field| change.changes(field));
        match fixed {
            Some(field) if complete && change.before.is_some() => {
                let reason = "is what calls have rested on; a newer state is another snapshot";
                Err(CrmError::new(ErrorKind::Rule, "register_snapshot.complete", reason).at(field))
            }
            _ => Ok(()),
        }
    }

    fn follow(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        if change.operation == Operation::Delete { forget(work.connection, change.id()) } else { Ok(()) }
    }
}
