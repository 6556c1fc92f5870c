//! What makes a suppression valid, and who may lift it.

use super::ids::SuppressionId;
use super::model::Suppression;
use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::entry::Operation;
use crate::privacy::address::NORMALISER_VERSION;
use crate::privacy::kinds::{SuppressionReason, SuppressionScope};
use crate::privacy::purposes;
use crate::privacy::standing;
use crate::privacy::values::{in_order, option, text};
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{Record, RecordData, Value};

/// The rules of suppressions.
pub(crate) struct SuppressionRules;

impl Rules for SuppressionRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        match (change.operation, change.origin) {
            (Operation::Create, Origin::Host) => {
                let reason = "is added by its address: suppression.add";
                Err(CrmError::new(ErrorKind::Rule, "suppression.by_address", reason).at("address_hash"))
            }
            (Operation::Create, _) => complete(work, change),
            (Operation::Update | Operation::Delete, Origin::Host) => Err(stays()),
            // An undo of what lifted it makes it hold again, and nothing else can be undone.
            (Operation::Update, Origin::Undo) if !change.after("lifted_at").is_null() => Err(stays()),
            (Operation::Delete, Origin::Undo) => Err(stays()),
            _ => Ok(()),
        }
    }

    fn follow(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        standing::follow(work.connection, change)
    }

    /// Whatever brought a suppression, for example an import: to take that back does not make the address welcome.
    fn undo_creation(&self, _work: &mut UnitOfWork<'_>, _record: &RecordData) -> Result<bool> {
        Ok(true)
    }
}

fn stays() -> CrmError {
    let reason = "a suppression stays as it is; it ends by its time, or is lifted";
    CrmError::new(ErrorKind::Rule, "suppression.append_only", reason)
}

fn complete(work: &UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    change.set("normaliser_version", Value::Integer(NORMALISER_VERSION))?;
    if change.after("effective_at").is_null() {
        change.set("effective_at", Value::Timestamp(work.now()))?;
    }
    in_order(change, "effective_at", "expires_at", "suppression.period")?;
    let scope: SuppressionScope = option(change, "scope")?.unwrap_or_default();
    let key = text(change, "scope_key");
    let wrong = |reason: &str| Err(CrmError::invalid("suppression.scope_key", reason).at("scope_key"));
    match (scope, key) {
        (SuppressionScope::Global | SuppressionScope::Controller, None) => Ok(()),
        (SuppressionScope::Global | SuppressionScope::Controller, Some(_)) => {
            wrong("is for the scopes brand, purpose and topic")
        }
        (_, None) => wrong("must be given for this scope"),
        (SuppressionScope::Purpose, Some(key)) => {
            purposes::require(work.connection, key).map(|_| ()).map_err(|error| error.at("scope_key"))
        }
        (SuppressionScope::Brand | SuppressionScope::Topic, Some(_)) => Ok(()),
    }
}

/// Whether somebody of ours may lift it: what the owner of the address has said, the owner takes back.
fn is_ours(reason: SuppressionReason) -> bool {
    !reason.is_lifted_by_consent()
}

/// Lifts a suppression that is not the word of the owner of the address.
pub(super) fn lift_ours(work: &mut UnitOfWork<'_>, id: SuppressionId) -> Result<Suppression> {
    let suppression: Suppression = work.require_record(id)?;
    if !is_ours(suppression.reason) {
        let reason = "is the word of the owner of the address, whose own consent lifts it";
        return Err(CrmError::new(ErrorKind::Rule, "suppression.of_the_owner", reason).at("reason"));
    }
    if suppression.lifted_at.is_some() {
        return Ok(suppression);
    }
    let record_type = work.record_type(Suppression::NAME)?;
    let now = Value::Timestamp(work.now());
    work.set(&record_type, id.into(), &[("lifted_at", now)])?.into_record(&record_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_the_owner_is_not_ours_to_lift() {
        use SuppressionReason::{
            Bounce, Complaint, Deceased, Erased, InternalDoNotCall, Manual, Minor, NationalRegister,
            Objection, Reassigned, Unsubscribe, Withdrawal,
        };
        for reason in [Bounce, Deceased, Manual, Minor, NationalRegister, Reassigned] {
            assert!(is_ours(reason), "{reason}");
        }
        for reason in [Complaint, Erased, InternalDoNotCall, Objection, Unsubscribe, Withdrawal] {
            assert!(!is_ours(reason), "{reason}");
        }
        assert_eq!(SuppressionReason::ALL.len(), 12);
    }
}
