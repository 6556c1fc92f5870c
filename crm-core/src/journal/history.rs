//! The history of one record, read from the journal.

use std::collections::BTreeSet;

use super::entry::{COLUMNS, Entry, StoredEntry, damaged};
use super::feed::{entries, stored_entries};
use super::writer::stored;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::door::Reader;
use crate::record::unit::UnitOfWork;
use crate::storage::{Connection, Param};

/// The entries of a record before a sequence, the latest first, at most `limit`.
pub(crate) fn of_record(
    reader: &Reader<'_>,
    record: RecordId,
    before: Option<u64>,
    limit: u32,
) -> Result<Vec<Entry>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM crm_journal WHERE record = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT ?3"
    );
    let before = before.map_or(Ok(i64::MAX), stored)?;
    entries(reader, &sql, &[Param::Id(record), Param::Integer(before), Param::Integer(limit.into())])
}

/// All entries of a record as they are stored, the latest first.
pub(crate) fn stored_of_record(connection: &dyn Connection, record: RecordId) -> Result<Vec<StoredEntry>> {
    let sql = format!("SELECT {COLUMNS} FROM crm_journal WHERE record = ?1 ORDER BY sequence DESC");
    stored_entries(connection, &sql, &[Param::Id(record)])
}

/// The entry with a sequence.
pub(crate) fn stored_entry(connection: &dyn Connection, sequence: i64) -> Result<Option<StoredEntry>> {
    let sql = format!("SELECT {COLUMNS} FROM crm_journal WHERE sequence = ?1");
    Ok(stored_entries(connection, &sql, &[Param::Integer(sequence)])?.pop())
}

/// The entry with a sequence that must be there.
pub(crate) fn stored_at(connection: &dyn Connection, sequence: i64) -> Result<StoredEntry> {
    stored_entry(connection, sequence)?.ok_or_else(|| damaged("lacks an entry that the database refers to"))
}

/// The names of the fields of a record that were changed after a version.
pub(crate) fn changed_since(unit: &UnitOfWork<'_>, record: RecordId, version: i64) -> Result<Vec<String>> {
    let sql =
        format!("SELECT {COLUMNS} FROM crm_journal WHERE record = ?1 AND version > ?2 ORDER BY sequence");
    let mut names = BTreeSet::new();
    for entry in stored_entries(unit.connection, &sql, &[Param::Id(record), Param::Integer(version)])? {
        names.extend(entry.payload(unit.engine, unit.connection)?.0.into_iter().map(|(name, _)| name));
    }
    Ok(names.into_iter().collect())
}
