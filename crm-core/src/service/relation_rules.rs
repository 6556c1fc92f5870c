//! What a link between cases, a participant and a category must meet.

use super::queries;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Operation;
use crate::record::rules::Rules;
use crate::record::tree;
use crate::record::unit::{Change, Origin, UnitOfWork};

/// The rules of [`CaseLink`](super::CaseLink).
pub(super) struct LinkRules;

/// The rules of [`CaseParticipant`](super::CaseParticipant).
pub(super) struct ParticipantRules;

/// The rules of [`CaseCategory`](super::CaseCategory): categories are a tree.
pub(super) struct CategoryRules;

impl Rules for CategoryRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        tree::check_place(unit, change, "parent")
    }
}

fn ends(change: &Change, fields: [&str; 2]) -> Option<(RecordId, RecordId)> {
    let written = matches!(change.operation, Operation::Create | Operation::Update);
    if !written || change.origin == Origin::Undo {
        return None;
    }
    Some((change.after(fields[0]).as_id()?, change.after(fields[1]).as_id()?))
}

impl Rules for LinkRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        let Some((first, second)) = ends(change, ["first", "second"]) else { return Ok(()) };
        if first == second {
            return Err(CrmError::invalid("case_link.itself", "is the first case, too").at("second"));
        }
        let kind = change.after("kind").as_text().unwrap_or_default();
        if queries::are_linked(unit.connection, (first, second), kind, change.id())? {
            let reason = "the two cases are linked in this way already";
            return Err(CrmError::new(ErrorKind::Duplicate, "case_link.exists", reason).at("second"));
        }
        Ok(())
    }
}

impl Rules for ParticipantRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        let Some((case, person)) = ends(change, ["case", "person"]) else { return Ok(()) };
        let role = change.after("role").as_text().unwrap_or_default();
        if queries::takes_part(unit.connection, case, person, role, change.id())? {
            let reason = "the person takes part in this role already";
            return Err(CrmError::new(ErrorKind::Duplicate, "case_participant.exists", reason).at("person"));
        }
        Ok(())
    }
}
