//! The bin: deleted records, until they are restored or purged. What they held is in the journal.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::data::RecordData;
use super::door::{Door, Reader, Scope, read};
use super::erase::is_erasure;
use super::json::from_json;
use super::schema::{RecordType, system};
use super::unit::{Change, Origin, UnitOfWork};
use super::value::Value;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;
use crate::journal::history;
use crate::session::Session;
use crate::storage::{Param, ReadMode, query_all, query_one};

/// A deleted record in the bin.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BinEntry {
    /// The record.
    pub record: RecordId,
    /// The name of its type.
    pub record_type: String,
    /// When it was deleted.
    pub deleted_at: Timestamp,
    /// The user who deleted it; nil for the system.
    pub deleted_by: RecordId,
    /// Entries with the same number were deleted together and come back together.
    pub batch: u64,
    /// The sequence of the deletion in the journal.
    pub sequence: u64,
}

/// The bin: what was deleted, whatever its type.
pub struct Bin<'d> {
    door: &'d dyn Door,
}

impl Bin<'_> {
    /// What was deleted, the latest first: at most `limit` (up to 1,000) entries before the sequence of an earlier one.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn list(&self, before: Option<u64>, limit: u32) -> Result<Vec<BinEntry>> {
        read(self.door, ReadMode::Snapshot, |reader| list(reader, before, limit.min(1_000)))
    }
}

impl Session {
    /// The bin. [`Records::restore`](super::Records::restore) brings a record back out of it.
    pub fn bin(&self) -> Bin<'_> {
        Bin { door: self }
    }
}

impl Scope<'_> {
    /// The bin.
    pub fn bin(&self) -> Bin<'_> {
        Bin { door: self }
    }
}

/// The bin, the latest deletion first: at most `limit` entries deleted before entry number `before` of the journal.
fn list(reader: &Reader<'_>, before: Option<u64>, limit: u32) -> Result<Vec<BinEntry>> {
    let schema = &reader.schema;
    let before = before.and_then(|sequence| i64::try_from(sequence).ok()).unwrap_or(i64::MAX);
    query_all(
        reader.connection,
        "SELECT record, record_type, deleted_at, deleted_by, batch, sequence FROM crm_bin WHERE sequence < ?1 ORDER BY sequence DESC LIMIT ?2",
        &[Param::Integer(before), Param::Integer(limit.into())],
        |row| {
            Ok(BinEntry {
                record: row.id(0)?.unwrap_or_default(),
                record_type: schema
                    .by_number(row.integer(1)?.unwrap_or_default())
                    .map(|known| known.name().to_owned())
                    .unwrap_or_default(),
                deleted_at: row.timestamp(2)?.unwrap_or_default(),
                deleted_by: row.id(3)?.unwrap_or_default(),
                batch: u64::try_from(row.integer(4)?.unwrap_or_default()).unwrap_or_default(),
                sequence: u64::try_from(row.integer(5)?.unwrap_or_default()).unwrap_or_default(),
            })
        },
    )
}

/// Brings a record back, with everything that was deleted together with it: the last deleted first, so that
/// links find their targets.
pub(super) fn restore(unit: &mut UnitOfWork<'_>, id: RecordId) -> Result<Vec<RecordData>> {
    let batch =
        query_one(unit.connection, "SELECT batch FROM crm_bin WHERE record = ?1", &[Param::Id(id)], |row| {
            Ok(row.integer(0)?.unwrap_or_default())
        })?
        .map_or_else(|| Err(not_in_bin(unit, id)?), Ok)?;
    let entries = query_all(
        unit.connection,
        "SELECT record, record_type, sequence FROM crm_bin WHERE batch = ?1 ORDER BY sequence DESC",
        &[Param::Integer(batch)],
        |row| {
            Ok((
                row.id(0)?.unwrap_or_default(),
                row.integer(1)?.unwrap_or_default(),
                row.integer(2)?.unwrap_or_default(),
            ))
        },
    )?;
    let mut restored = Vec::with_capacity(entries.len());
    for (record, number, sequence) in entries {
        let record_type = unit.schema.by_number(number).cloned().ok_or_else(|| {
            let reason = "its record type was deleted; restore the type first";
            CrmError::new(ErrorKind::NotFound, "type.unknown", reason).at("id")
        })?;
        let data = deleted_record(unit, &record_type, record, sequence)?;
        unit.connection.execute("DELETE FROM crm_bin WHERE record = ?1", &[Param::Id(record)])?;
        let change = Change {
            operation: Operation::Restore,
            record_type,
            before: None,
            after: data,
            origin: Origin::Undo,
            since: None,
        };
        restored.push(unit.carry_out(change, false)?);
    }
    Ok(restored)
}

/// The error for a record that the bin does not have: what was erased is told from what never was there, and from a
/// definition or a content that was purged on purpose.
fn not_in_bin(unit: &UnitOfWork<'_>, id: RecordId) -> Result<CrmError> {
    let sql = "SELECT operation, plain FROM crm_journal WHERE record = ?1 ORDER BY sequence DESC LIMIT 1";
    let last = query_one(unit.connection, sql, &[Param::Id(id)], |row| {
        let purge = row.integer(0)? == Some(Operation::Purge as i64);
        Ok(purge && is_erasure(row.text(1)?.unwrap_or_default()))
    })?;
    Ok(match last {
        Some(true) => erased(),
        _ => CrmError::new(ErrorKind::NotFound, "record.not_in_bin", "there is no such record in the bin")
            .at("id"),
    })
}

/// The error for a record that was erased.
pub(super) fn erased() -> CrmError {
    CrmError::new(ErrorKind::NotFound, "record.erased", "its personal values were erased").at("id")
}

/// The record as it was when it was deleted.
fn deleted_record(
    unit: &UnitOfWork<'_>,
    record_type: &Arc<RecordType>,
    id: RecordId,
    sequence: i64,
) -> Result<RecordData> {
    let entry = history::stored_at(unit.connection, sequence)?;
    let (fields, gone) = entry.payload(unit.engine, unit.connection)?;
    if gone {
        return Err(erased());
    }
    let mut data = from_fields(record_type, fields)?;
    data.values[system::ID] = Value::Id(id);
    data.stamp(entry.header.version + 1, unit.now, unit.actor());
    Ok(data)
}

/// A record from the fields of a journal entry. Fields that the type has no more are left out.
pub(crate) fn from_fields(record_type: &RecordType, fields: Map<String, Json>) -> Result<RecordData> {
    let mut data = RecordData::empty(record_type);
    for (name, json) in fields {
        if let Some(field) = record_type.field(&name) {
            data.values[field.position] = from_json(field, json)?;
        }
    }
    Ok(data)
}
