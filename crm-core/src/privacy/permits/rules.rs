//! What makes permits valid: only a decision makes one.

use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::entry::Operation;
use crate::privacy::standing;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};

/// The rules of permits.
pub(crate) struct ContactPermitRules;

impl Rules for ContactPermitRules {
    fn before(&self, _work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        let by_host = matches!(change.origin, Origin::Host | Origin::Undo);
        if by_host && change.operation != Operation::Delete {
            let reason = "is made by a decision only";
            return Err(CrmError::new(ErrorKind::Forbidden, "contact_permit.by_decision", reason));
        }
        if by_host && !change.after("consumed_at").is_null() {
            let reason = "is the evidence of a contact";
            return Err(CrmError::new(ErrorKind::Forbidden, "contact_permit.evidence", reason));
        }
        Ok(())
    }

    fn follow(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        standing::follow(work.connection, change)
    }
}
