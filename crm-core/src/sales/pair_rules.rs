//! What happens when a contact or a competitor is put to a deal.

use super::queries;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Operation;
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};

/// The rules of records that put something to a deal, once, or once in each role.
pub(super) struct PairRules {
    field: &'static str,
    role: Option<&'static str>,
}

/// The rules of the contacts of deals.
pub(super) const CONTACT_RULES: PairRules = PairRules { field: "person", role: Some("role") };
/// The rules of the competitors of deals.
pub(super) const COMPETITOR_RULES: PairRules = PairRules { field: "competitor", role: None };

impl Rules for PairRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        let moved = change.changes("deal")
            || change.changes(self.field)
            || self.role.is_some_and(|role| change.changes(role));
        let (Some(deal), Some(other)) = (change.after("deal").as_id(), change.after(self.field).as_id())
        else {
            return Ok(());
        };
        if change.operation != Operation::Delete
            && moved
            && queries::has_pair(
                unit.connection,
                change.record_type.name(),
                self.field,
                deal,
                other,
                self.role.map(|role| (role, change.after(role).as_text().unwrap_or_default())),
                change.id(),
            )?
        {
            let role = if self.role.is_some() { " in this role" } else { "" };
            let reason = format!("the deal has this {} already{role}", self.field);
            return Err(CrmError::new(ErrorKind::Duplicate, "deal.pair.exists", reason).at(self.field));
        }
        Ok(())
    }

    fn after(&self, unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        let Some(deal) = change.after("deal").as_id().filter(|_| self.field == "person") else {
            return Ok(());
        };
        let is_primary = |value: &Value| *value == Value::Boolean(true);
        let (before, after) = (is_primary(change.before("primary")), is_primary(change.after("primary")));
        let person = change.after("person").as_id();
        let gone = change.operation == Operation::Delete;
        if after && !gone {
            let deals = unit.record_type("deal")?;
            unit.set(&deals, deal, &[("person", person.map_or(Value::Null, Value::Id))])?;
            align_primary(unit, deal, person)?;
        } else if before && change.origin != Origin::Rule {
            // Somebody took the primary contact away. A deletion of the deal or the person does so by a rule,
            // and is to leave the deal as it is, so that it can be restored.
            // In another role the person is still there, and stays the primary contact.
            if gone
                && queries::contacts_of(unit.connection, deal)?.iter().any(|left| Some(left.person) == person)
            {
                return Ok(());
            }
            let deals = unit.record_type("deal")?;
            let current = unit.get(&deals, deal)?;
            if current.is_some_and(|current| current.get(&deals, "person").as_id() == person) {
                unit.set(&deals, deal, &[("person", Value::Null)])?;
            }
        }
        Ok(())
    }
}

/// Makes the contact with the deal's person the primary one, in all roles of the person, and no other.
pub(super) fn align_primary(
    unit: &mut UnitOfWork<'_>,
    deal: RecordId,
    person: Option<RecordId>,
) -> Result<()> {
    let contacts = unit.record_type("deal_contact")?;
    for contact in queries::contacts_of(unit.connection, deal)? {
        let primary = Some(contact.person) == person;
        if primary != contact.primary {
            unit.set(&contacts, contact.id, &[("primary", Value::Boolean(primary))])?;
        }
    }
    Ok(())
}
