//! Shredding: the sealed payloads of entries are deleted, their hashes stay.
//!
//! The leaf of an entry holds the hash of the ciphertext, so the tree, its proofs and all heads that anybody keeps stay
//! what they are. To destroy the key would be enough to make the payload unreadable; the ciphertext goes all the same,
//! because encrypted personal data are still personal data, and copies of the key may be where nobody thinks of them.
//!
//! This is the one place that changes rows of the journal.

use std::ops::ControlFlow;

use super::entry::damaged;
use super::leaf::payload_hash;
use super::tree::Hash;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::storage::{Connection, Param};

/// Shreds what the entries of a record hold under the keys of these subjects. Gives the number of entries.
pub(crate) fn of_record(connection: &dyn Connection, record: RecordId, subjects: &[RecordId]) -> Result<u64> {
    let sql =
        "SELECT sequence, record, subject, sealed FROM crm_journal WHERE record = ?1 AND sealed IS NOT NULL";
    shred(connection, sql, record, |_, subject| subjects.contains(&subject))
}

/// Shreds what the entries of other records hold under the key of a subject, except those of some records. Gives the
/// number of entries.
pub(crate) fn of_subject(connection: &dyn Connection, subject: RecordId, except: &[RecordId]) -> Result<u64> {
    let sql = "SELECT sequence, record, subject, sealed FROM crm_journal \
               WHERE subject = ?1 AND subject <> record AND sealed IS NOT NULL";
    shred(connection, sql, subject, |record, _| !except.contains(&record))
}

fn shred(
    connection: &dyn Connection,
    sql: &str,
    key: RecordId,
    chosen: impl Fn(RecordId, RecordId) -> bool,
) -> Result<u64> {
    let mut entries = Vec::new();
    connection.query(sql, &[Param::Id(key)], &mut |row| {
        let id = |column| row.id(column)?.ok_or_else(|| damaged("lacks an identifier"));
        if chosen(id(1)?, id(2)?) {
            let sequence = row.integer(0)?.ok_or_else(|| damaged("lacks a number"))?;
            entries.push((sequence, payload_hash(row.blob(3)?.unwrap_or_default())));
        }
        Ok(ControlFlow::Continue(()))
    })?;
    for (sequence, hash) in &entries {
        entry(connection, *sequence, hash)?;
    }
    Ok(entries.len() as u64)
}

/// Shreds the sealed payload of one entry, of which the hash stays.
pub(super) fn entry(connection: &dyn Connection, sequence: i64, hash: &Hash) -> Result<()> {
    connection.execute(
        "UPDATE crm_journal SET sealed = NULL, sealed_hash = ?2 WHERE sequence = ?1",
        &[Param::Integer(sequence), Param::Blob(hash)],
    )?;
    Ok(())
}
