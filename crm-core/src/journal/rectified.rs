//! What a rectification leaves of a wrong value: nothing but the hash of what it was sealed in.
//!
//! A sealed payload holds all personal fields of an entry and cannot be written anew, because the leaf of the entry
//! holds its hash. So the whole payload goes, and its hash stays in its place (see [`leaf`](super::leaf)): the tree,
//! its proofs and all heads stay what they are. Readers see such an entry as erased, and reads of the past show the
//! right value.

use serde_json::{Map, Value as Json};

use super::entry::COLUMNS;
use super::feed::stored_entries;
use super::leaf::payload_hash;
use super::shred;
use super::writer::stored;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::RecordType;
use crate::record::store::journal_purge;
use crate::record::unit::UnitOfWork;
use crate::storage::Param;

/// Deletes the sealed payloads of a record in which one of these fields has the wrong value, and journals that this was
/// done. Gives the number of entries.
pub(crate) fn shred(
    unit: &mut UnitOfWork<'_>,
    record_type: &RecordType,
    record: RecordId,
    wrong: &[(&str, Json)],
) -> Result<u64> {
    let sql = format!("SELECT {COLUMNS} FROM crm_journal WHERE record = ?1 AND sealed IS NOT NULL");
    let mut shredded = 0;
    for entry in stored_entries(unit.connection, &sql, &[Param::Id(record)])? {
        let (fields, _) = entry.payload(unit.engine, unit.connection)?;
        if wrong.iter().any(|(field, value)| holds(&fields, field, value)) {
            let hash = payload_hash(entry.sealed.as_deref().unwrap_or_default());
            shred::entry(unit.connection, stored(entry.header.sequence)?, &hash)?;
            shredded += 1;
        }
    }
    if shredded > 0 {
        journal_purge(unit, record_type, record)?;
    }
    Ok(shredded)
}

/// Whether a payload says that a field had a value: by itself, or before or after an update.
fn holds(fields: &Map<String, Json>, field: &str, value: &Json) -> bool {
    fields.get(field).is_some_and(|said| {
        said == value || said.as_array().is_some_and(|pair| pair.len() == 2 && pair.contains(value))
    })
}
