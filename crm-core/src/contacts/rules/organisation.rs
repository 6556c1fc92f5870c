//! What makes an organisation valid: its hierarchy is a tree of bounded height.

use super::{space_singly, stores};
use crate::contacts::hierarchy;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Operation;
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};

/// The rules of organisations.
pub(crate) struct OrganisationRules;

/// How many levels a hierarchy may have. Every walk through one is bounded by it.
pub(crate) const DEEPEST_HIERARCHY: u32 = 64;

impl Rules for OrganisationRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if !stores(change) {
            return Ok(());
        }
        if change.changes("name") || change.changes("legal_name") {
            space_singly(change, &["name", "legal_name"])?;
        }
        let Some(parent) = change.after("parent").as_id().filter(|_| change.changes("parent")) else {
            return Ok(());
        };
        let above = hierarchy::line_up(work.connection, parent)?;
        // What is new has nothing below it.
        let below = if change.operation == Operation::Update {
            hierarchy::height(work.connection, change.id())?
        } else {
            1
        };
        place(change.id(), &above, below)
    }
}

/// Whether an organisation with so many levels, its own among them, may stand under a line of organisations.
fn place(id: RecordId, above: &[RecordId], below: u32) -> Result<()> {
    if above.contains(&id) {
        let reason = "would make the organisation a part of itself";
        return Err(CrmError::invalid("organisation.parent.cycle", reason).at("parent"));
    }
    let levels = u32::try_from(above.len()).unwrap_or(u32::MAX).saturating_add(below);
    if levels > DEEPEST_HIERARCHY {
        let reason = format!("would make the hierarchy deeper than {DEEPEST_HIERARCHY} levels");
        return Err(CrmError::new(ErrorKind::Limit, "organisation.parent.too_deep", reason).at("parent"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_stands_in_a_tree() {
        let id = |n: u8| RecordId::from_bytes([n; 16]);
        let line = |n: u8| (1..=n).map(id).collect::<Vec<_>>();
        for (own, above, below, expected) in [
            (9, line(3), 1, None),
            (9, line(63), 1, Some("organisation.parent.cycle")),
            (99, line(63), 1, None),
            (99, line(63), 2, Some("organisation.parent.too_deep")),
            (99, line(64), 1, Some("organisation.parent.too_deep")),
            (3, line(3), 1, Some("organisation.parent.cycle")),
        ] {
            let found = place(id(own), &above, below);
            assert_eq!(found.as_ref().err().map(CrmError::code), expected, "{own} under {}", above.len());
        }
    }
}
