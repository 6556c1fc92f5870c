//! Comparing the two databases of a copy, row by row, and their journals by proof.

use super::cell::Cell;
use super::plan::{BATCH, Source};
use super::run::Copy;
use super::tables::TABLES;
use super::{CopyReport, CopyStep};
use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::proof::TreeHead;
use crate::journal::verify;
use crate::record::Schema;

/// Compares every row of every table, recomputes the journal of the target, and compares its head with that of the
/// source.
///
/// # Errors
/// `copy.differs`, naming the table.
pub(super) fn compare(copy: &mut Copy<'_, '_>, schema: &Schema, head: &TreeHead) -> Result<CopyReport> {
    let mut records = 0;
    for record_type in schema.types() {
        records += table(copy, &Source::of_type(record_type))?;
    }
    for engine in TABLES {
        table(copy, &Source::of_engine(engine))?;
    }
    let found = Copy::read(copy.target, verify::all)?;
    if !found.is_sound() || found.head != *head {
        return Err(differs("crm_journal"));
    }
    Ok(CopyReport { records, head: found.head })
}

/// Compares a table; gives the number of its rows.
fn table(copy: &mut Copy<'_, '_>, table: &Source) -> Result<u64> {
    let mut rows = 0;
    let mut after: Vec<Cell> = Vec::new();
    loop {
        let page =
            |from| Copy::read(from, |connection| table.page(connection, &after, |row| table.cells(row)));
        let (ours, theirs) = (page(copy.source)?, page(copy.target)?);
        if ours != theirs {
            return Err(differs(&table.table));
        }
        rows += ours.len() as u64;
        copy.tell(CopyStep::Verification, &table.table, ours.len())?;
        match ours.last() {
            Some(last) if ours.len() == BATCH => after = table.key_of(last).to_vec(),
            _ => return Ok(rows),
        }
    }
}

fn differs(table: &str) -> CrmError {
    let reason = "the copy is not what it was made of";
    CrmError::new(ErrorKind::Corrupt, "copy.differs", reason).at(table.trim_matches('"'))
}
