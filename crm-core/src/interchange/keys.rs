//! Keys of records in other systems: by them later imports find the record again, and links find their target.

use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::RecordType;
use crate::storage::{Connection, Param, query_all, query_one};

/// The record of a type that has a key in a source, if it still exists: an undone import leaves keys without one.
pub(crate) fn find(
    connection: &dyn Connection,
    record_type: &RecordType,
    source: &str,
    key: &str,
) -> Result<Option<RecordId>> {
    let sql = format!(
        "SELECT k.record FROM crm_external_key AS k WHERE k.source = ?1 AND k.record_type = ?2 AND k.external_key = ?3 \
         AND EXISTS (SELECT 1 FROM {} AS t WHERE t.\"id\" = k.record)",
        record_type.table
    );
    let parameters = [Param::Text(source), Param::Integer(record_type.number), Param::Text(key)];
    Ok(query_one(connection, &sql, &parameters, |row| row.id(0))?.flatten())
}

/// Remembers the key of a record. A key of a record that is gone goes over to this one.
pub(crate) fn remember(
    connection: &dyn Connection,
    record_type: &RecordType,
    source: &str,
    key: &str,
    record: RecordId,
) -> Result<()> {
    connection.execute(
        "INSERT INTO crm_external_key (source, record_type, external_key, record) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (source, record_type, external_key) DO UPDATE SET record = excluded.record",
        &[Param::Text(source), Param::Integer(record_type.number), Param::Text(key), Param::Id(record)],
    )?;
    Ok(())
}

/// The keys of a record, with their sources, in order.
pub(crate) fn of_record(connection: &dyn Connection, record: RecordId) -> Result<Vec<(String, String)>> {
    query_all(
        connection,
        "SELECT source, external_key FROM crm_external_key WHERE record = ?1 ORDER BY source, external_key",
        &[Param::Id(record)],
        |row| Ok((row.text(0)?.unwrap_or_default().to_owned(), row.text(1)?.unwrap_or_default().to_owned())),
    )
}
