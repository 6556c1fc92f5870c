//! Undo: a change that brings back what was before another.

use std::sync::Arc;

use serde_json::Value as Json;

use super::entry::{COLUMNS, Operation, StoredEntry, damaged};
use super::feed::stored_entries;
use super::history::stored_entry;
use super::writer::stored;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::record::json::from_json;
use crate::record::schema::RecordType;
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::value::Value;
use crate::storage::Param;

/// Undoes one change: a created record is deleted, a deleted one restored, changed fields get their old values.
///
/// # Errors
/// `journal.unknown` for a sequence that is not there; `undo.conflict` when a field was changed again since,
/// naming the fields; `undo.erased` when the old values were erased; `undo.purged` for a purge.
pub(crate) fn change(unit: &mut UnitOfWork<'_>, sequence: u64) -> Result<()> {
    let entry = stored_entry(unit.connection, stored(sequence)?)?.ok_or_else(|| {
        CrmError::new(ErrorKind::NotFound, "journal.unknown", "there is no such entry").at("sequence")
    })?;
    revert(unit, &entry)
}

/// Undoes all changes of a job, the last one first. Gives their number.
///
/// # Errors
/// `job.unknown`; as [`change`], and then nothing of the job is undone.
pub(crate) fn job(unit: &mut UnitOfWork<'_>, job: RecordId) -> Result<u64> {
    let sql = format!(
        "SELECT {COLUMNS} FROM crm_journal WHERE job = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3"
    );
    // What is appended meanwhile has greater numbers, so the pages do not move.
    let (mut before, mut undone) = (i64::MAX, 0);
    loop {
        let page = [Param::Id(job), Param::Integer(before), Param::Integer(PAGE)];
        let entries = stored_entries(unit.connection, &sql, &page)?;
        let Some(last) = entries.last() else { break };
        before = stored(last.header.sequence)?;
        for entry in &entries {
            revert(unit, entry)?;
            undone += 1;
        }
    }
    if undone == 0 {
        return Err(CrmError::new(ErrorKind::NotFound, "job.unknown", "there is no such job").at("job"));
    }
    Ok(undone)
}

/// How many entries of a job are held in memory at a time.
const PAGE: i64 = 500;

fn revert(unit: &mut UnitOfWork<'_>, entry: &StoredEntry) -> Result<()> {
    let record = entry.header.record;
    let record_type =
        unit.schema.by_number(entry.header.record_type.into()).cloned().ok_or_else(|| {
            CrmError::new(ErrorKind::NotFound, "type.unknown", "the record type was removed")
        })?;
    match entry.operation()? {
        Operation::Create | Operation::Restore => {
            // Undoing a job undoes the last change first, so what is gone already was deleted with another record.
            if let Some(there) = unit.get(&record_type, record)? {
                if !record_type.descriptor.rules.undo_creation(unit, &there)? {
                    unit.delete(&record_type, record, None, Origin::Undo)?;
                }
            }
        }
        Operation::Delete => {
            let gone = unit.get(&record_type, record)?.is_none();
            if gone {
                unit.restore(record)?;
            }
        }
        Operation::Update => update(unit, &record_type, entry)?,
        Operation::Purge => {
            let reason = "what was purged does not come back";
            return Err(CrmError::new(ErrorKind::NotFound, "undo.purged", reason).at("sequence"));
        }
    }
    Ok(())
}

fn update(unit: &mut UnitOfWork<'_>, record_type: &Arc<RecordType>, entry: &StoredEntry) -> Result<()> {
    let (fields, erased) = entry.payload(unit.engine, unit.connection)?;
    if erased {
        return Err(
            CrmError::new(ErrorKind::NotFound, "undo.erased", "the old values were erased").at("sequence")
        );
    }
    let mut reverts: Vec<(usize, Value, Value)> = Vec::with_capacity(fields.len());
    for (name, pair) in fields {
        let Some(field) = record_type.field(&name) else { continue };
        let Json::Array(pair) = pair else { return Err(damaged("holds an update without before and after")) };
        let [before, after] =
            <[Json; 2]>::try_from(pair).map_err(|_| damaged("holds an update of another shape"))?;
        reverts.push((field.position, from_json(field, before)?, from_json(field, after)?));
    }
    let current = unit.require(record_type, entry.header.record)?;
    let changed: Vec<&str> = reverts
        .iter()
        .filter(|(position, _, after)| current.values[*position] != *after)
        .map(|(position, ..)| record_type.fields[*position].name())
        .collect();
    if !changed.is_empty() {
        return Err(CrmError::new(ErrorKind::Conflict, "undo.conflict", "was changed again since")
            .at(changed[0])
            .detail("fields", changed));
    }
    unit.update(record_type, entry.header.record, None, Origin::Undo, &mut |data| {
        for (position, before, _) in &reverts {
            data.values[*position] = before.clone();
        }
        Ok(())
    })?;
    Ok(())
}
