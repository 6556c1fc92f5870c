//! How far a copy is, kept in the target.

use serde_json::{Value as Json, json};

use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::proof::TreeHead;
use crate::journal::verify;
use crate::storage::{Connection, Param, query_one};

/// The row of `crm_meta` with the state.
const NAME: &str = "copy";

/// Where a copy stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The step of the plan.
    pub(super) step: usize,
    /// The row behind which it goes on, for steps that go over rows that are there already.
    pub(super) after: i64,
}

/// The state of a copy out of a source with this head; nothing in a target that is fresh.
///
/// # Errors
/// `copy.source_changed` when the copy began with another head; `copy.target_not_empty`.
pub(super) fn resume(connection: &dyn Connection, head: &TreeHead) -> Result<Option<Place>> {
    let sql = "SELECT value FROM crm_meta WHERE name = ?1";
    let kept = query_one(connection, sql, &[Param::Text(NAME)], |row| Ok(row.text(0)?.map(str::to_owned)))?;
    let Some(kept) = kept.flatten() else {
        let there = "SELECT 1 FROM crm_journal LIMIT 1";
        if query_one(connection, there, &[], |_| Ok(()))?.is_some() {
            let reason = "the target of a copy must be empty";
            return Err(CrmError::invalid("copy.target_not_empty", reason));
        }
        return Ok(None);
    };
    let kept: Json = serde_json::from_str(&kept).unwrap_or_default();
    if kept["head"] != json!(head) {
        return Err(source_changed());
    }
    let step = kept["step"].as_u64().and_then(|step| usize::try_from(step).ok()).unwrap_or_default();
    Ok(Some(Place { step, after: kept["after"].as_i64().unwrap_or_default() }))
}

/// Keeps the state, in the transaction that has brought the copy so far.
pub(super) fn keep(connection: &dyn Connection, head: &TreeHead, place: Place) -> Result<()> {
    let text = json!({ "head": head, "step": place.step, "after": place.after }).to_string();
    let sql = "INSERT INTO crm_meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    connection.execute(sql, &[Param::Text(NAME), Param::Text(&text)]).map(|_| ())
}

/// Forgets the state of a copy that is complete.
pub(super) fn forget(connection: &dyn Connection) -> Result<()> {
    connection.execute("DELETE FROM crm_meta WHERE name = ?1", &[Param::Text(NAME)]).map(|_| ())
}

/// The head of a journal.
pub(super) fn head(connection: &dyn Connection) -> Result<TreeHead> {
    verify::head(connection)
}

pub(super) fn source_changed() -> CrmError {
    let reason = "somebody has written into the database that is copied; begin anew with an empty target";
    CrmError::new(ErrorKind::Conflict, "copy.source_changed", reason)
}
