//! Reading records.

use super::columns::read_record;
use super::data::RecordData;
use super::schema::RecordType;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::storage::{Connection, Param, query_one};

/// The record with an identifier, whoever looks.
pub(crate) fn by_id(
    connection: &dyn Connection,
    record_type: &RecordType,
    id: RecordId,
) -> Result<Option<RecordData>> {
    query_one(connection, &record_type.statements().get, &[Param::Id(id)], |row| {
        read_record(record_type, row)
    })
}
