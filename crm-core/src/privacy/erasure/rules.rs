//! What makes legal holds valid, and that nobody touches what proves an erasure.

use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::entry::Operation;
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};

/// The rules of erasures.
pub(crate) struct ErasureRules;
/// The rules of legal holds.
pub(crate) struct LegalHoldRules;

impl Rules for ErasureRules {
    fn before(&self, _work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            let reason = "is the proof of an erasure and is not deleted";
            return Err(CrmError::new(ErrorKind::Rule, "erasure.proof", reason).at("id"));
        }
        // An undo of what the engine has noted would undo nothing of what was done.
        if change.origin == Origin::Undo || change.before.is_none() && change.origin == Origin::Host {
            let reason = "is written by the engine only";
            return Err(CrmError::new(ErrorKind::Rule, "erasure.proof", reason));
        }
        Ok(())
    }
}

impl Rules for LegalHoldRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        if change.after("from").is_null() {
            change.set("from", Value::Date(work.now().date()))?;
        }
        if change.after("person").is_null() == change.after("record").is_null() {
            let reason = "names a person or a record, and not both";
            return Err(CrmError::invalid("legal_hold.target", reason).at("person"));
        }
        match (change.after("from"), change.after("until")) {
            (Value::Date(from), Value::Date(until)) if until < from => {
                Err(CrmError::invalid("legal_hold.period", "ends before it begins").at("until"))
            }
            _ => Ok(()),
        }
    }
}
