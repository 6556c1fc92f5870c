//! The keys of data subjects in the database.

use super::keys::WrappedKey;
use super::seal::SubjectKey;
use crate::crm::{Engine, lock};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::storage::{Connection, Param, query_one};

/// The key of a subject; `None` when it was destroyed or never there.
pub(crate) fn subject_key(
    engine: &Engine,
    connection: &dyn Connection,
    subject: RecordId,
) -> Result<Option<SubjectKey>> {
    if let Some(key) = lock(&engine.key_cache).get(subject) {
        return Ok(Some(key));
    }
    let wrapped = query_one(
        connection,
        "SELECT wrapped FROM crm_subject_key WHERE subject = ?1",
        &[Param::Id(subject)],
        |row| row.blob(0)?.map(WrappedKey::from_bytes).transpose(),
    )?;
    let Some(wrapped) = wrapped.flatten() else { return Ok(None) };
    let key = wrapped.open(&*engine.keys, subject)?;
    lock(&engine.key_cache).insert(subject, key.clone());
    Ok(Some(key))
}

/// Makes the key of a new subject and stores it wrapped under the key of the host.
pub(crate) fn create_subject_key(
    engine: &Engine,
    connection: &dyn Connection,
    subject: RecordId,
) -> Result<SubjectKey> {
    let key = SubjectKey::generate(&*engine.random);
    let wrapped = WrappedKey::wrap(&*engine.keys, &*engine.random, subject, &key)?;
    connection.execute(
        "INSERT INTO crm_subject_key (subject, wrapped) VALUES (?1, ?2)",
        &[Param::Id(subject), Param::Blob(wrapped.as_bytes())],
    )?;
    Ok(key)
}

/// Stores a key that is there already, wrapped under the key of the host, in place of the one that there may be.
pub(crate) fn store_subject_key(
    engine: &Engine,
    connection: &dyn Connection,
    subject: RecordId,
    key: &SubjectKey,
) -> Result<()> {
    let wrapped = WrappedKey::wrap(&*engine.keys, &*engine.random, subject, key)?;
    connection.execute(
        "INSERT INTO crm_subject_key (subject, wrapped) VALUES (?1, ?2) \
         ON CONFLICT (subject) DO UPDATE SET wrapped = excluded.wrapped",
        &[Param::Id(subject), Param::Blob(wrapped.as_bytes())],
    )?;
    Ok(())
}
