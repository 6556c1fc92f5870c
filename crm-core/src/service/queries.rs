//! The statements of service that the record engine does not give.

use super::kinds::StatusType;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::record::select;
use crate::storage::{Connection, Param, Row, query_all, query_one};

fn first_id(connection: &dyn Connection, sql: &str, parameters: &[Param<'_>]) -> Result<Option<RecordId>> {
    Ok(query_one(connection, sql, parameters, |row| row.id(0))?.flatten())
}

fn exists(connection: &dyn Connection, sql: &str, parameters: &[Param<'_>]) -> Result<bool> {
    Ok(query_one(connection, sql, parameters, |_| Ok(()))?.is_some())
}

fn status_type(row: &dyn Row, column: usize) -> Result<StatusType> {
    row.text(column)?.unwrap_or_default().parse().map_err(|_| {
        CrmError::new(crate::ErrorKind::Corrupt, "storage.value", "is no type of a status").at("status_type")
    })
}

/// The status that a case gets when only the type is named: the default one, else the first. There are few statuses,
/// and choosing here is cheaper than having the database sort them for every new case.
pub(super) fn default_status(connection: &dyn Connection, of: StatusType) -> Result<Option<RecordId>> {
    let statuses = query_all(
        connection,
        "SELECT \"id\", is_default, position, row_id FROM case_status WHERE status_type = ?1 AND active IS NOT FALSE",
        &[Param::Text(of.key())],
        |row| {
            let order = (!row.boolean(1)?.unwrap_or(false), row.integer(2)?, row.integer(3)?);
            Ok((order, row.id(0)?.unwrap_or_default()))
        },
    )?;
    Ok(statuses.into_iter().min().map(|(_, id)| id))
}

/// The type of a status, and whether cases may get it.
pub(super) fn status_of(connection: &dyn Connection, id: RecordId) -> Result<Option<(StatusType, bool)>> {
    query_one(
        connection,
        "SELECT status_type, active FROM case_status WHERE \"id\" = ?1",
        &[Param::Id(id)],
        |row| Ok((status_type(row, 0)?, row.boolean(1)?.unwrap_or(true))),
    )
}

/// Whether there is any status.
pub(super) fn any_status(connection: &dyn Connection) -> Result<bool> {
    exists(connection, "SELECT 1 FROM case_status LIMIT 1", &[])
}

/// Whether a status exists with this identifier or key, or lies in the bin.
pub(super) fn knows_status(connection: &dyn Connection, id: RecordId, key: &str) -> Result<bool> {
    let there = "SELECT 1 FROM case_status WHERE \"id\" = ?1 UNION ALL SELECT 1 FROM case_status WHERE \"key\" = ?2 \
                 UNION ALL SELECT 1 FROM crm_bin WHERE record = ?1 LIMIT 1";
    exists(connection, there, &[Param::Id(id), Param::Text(key)])
}

/// Whether any case has a status.
pub(super) fn status_is_used(connection: &dyn Connection, id: RecordId) -> Result<bool> {
    exists(connection, "SELECT 1 FROM \"case\" WHERE status = ?1 LIMIT 1", &[Param::Id(id)])
}

/// The other statuses of a type that are its default.
pub(super) fn other_defaults(
    connection: &dyn Connection,
    of: StatusType,
    id: RecordId,
) -> Result<Vec<RecordId>> {
    query_all(
        connection,
        "SELECT \"id\" FROM case_status WHERE status_type = ?1 AND is_default AND \"id\" <> ?2 ORDER BY row_id",
        &[Param::Text(of.key()), Param::Id(id)],
        |row| Ok(row.id(0)?.unwrap_or_default()),
    )
}

/// Where cases and messages are read from: the tables, or the views of their past.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    pub(super) cases: String,
    pub(super) messages: String,
}

impl Tables {
    /// The tables as they are now.
    pub(super) fn present() -> Self {
        Self { cases: "\"case\"".to_owned(), messages: "case_message".to_owned() }
    }
}

/// The case with a number; for one that was merged, the case that it was merged into.
pub(super) fn case_by_number(
    connection: &dyn Connection,
    tables: &Tables,
    number: &str,
) -> Result<Option<RecordId>> {
    first_id(
        connection,
        &format!("SELECT coalesce(merged_into, \"id\") FROM {} WHERE \"number\" = ?1", tables.cases),
        &[Param::Text(number)],
    )
}

/// The message that mail programs know by an identifier, and its case.
pub(super) fn message_by_message_id(
    connection: &dyn Connection,
    tables: &Tables,
    message_id: &str,
) -> Result<Option<(RecordId, RecordId)>> {
    query_one(
        connection,
        &format!(
            "SELECT \"id\", \"case\" FROM {} WHERE message_id = ?1 ORDER BY sent_at NULLS FIRST LIMIT 1",
            tables.messages
        ),
        &[Param::Text(message_id)],
        |row| Ok((row.id(0)?.unwrap_or_default(), row.id(1)?.unwrap_or_default())),
    )
}

/// Whether a person takes part in a case in a role, by another record than the given one.
pub(super) fn takes_part(
    connection: &dyn Connection,
    case: RecordId,
    person: RecordId,
    role: &str,
    except: RecordId,
) -> Result<bool> {
    exists(
        connection,
        "SELECT 1 FROM case_participant WHERE \"case\" = ?1 AND person = ?2 AND role = ?3 AND \"id\" <> ?4",
        &[Param::Id(case), Param::Id(person), Param::Text(role), Param::Id(except)],
    )
}

/// Whether two cases are linked in this kind, in either order, by another record than the given one.
pub(super) fn are_linked(
    connection: &dyn Connection,
    (first, second): (RecordId, RecordId),
    kind: &str,
    except: RecordId,
) -> Result<bool> {
    let sql = "SELECT 1 FROM case_link WHERE first = ?1 AND second = ?2 AND kind = ?3 AND \"id\" <> ?4";
    for (first, second) in [(first, second), (second, first)] {
        let parameters = [Param::Id(first), Param::Id(second), Param::Text(kind), Param::Id(except)];
        if exists(connection, sql, &parameters)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A link, when the record got it, when it got the next, and who set it.
pub(super) type Period = (RecordId, Timestamp, Option<Timestamp>, RecordId);

/// From when to when a record had which link: the link, the two times, who set it. The earliest first.
pub(super) fn periods(connection: &dyn Connection, record: RecordId, field: i64) -> Result<Vec<Period>> {
    query_all(
        connection,
        "SELECT link, entered_at, left_at, entered_by FROM crm_period WHERE record = ?1 AND field = ?2 \
         ORDER BY entered_at",
        &[Param::Id(record), Param::Integer(field)],
        |row| {
            Ok((
                row.id(0)?.unwrap_or_default(),
                row.timestamp(1)?.unwrap_or_default(),
                row.timestamp(2)?,
                row.id(3)?.unwrap_or_default(),
            ))
        },
    )
}

/// The option that a stored key stands for.
pub(super) fn option<S: select::Select>(key: &str) -> Result<S> {
    select::from_value(&crate::record::Value::Text(key.to_owned()))
}

/// The organisation that a person mainly works for.
pub(super) fn organisation_of(connection: &dyn Connection, person: RecordId) -> Result<Option<RecordId>> {
    first_id(connection, "SELECT organisation FROM person WHERE \"id\" = ?1", &[Param::Id(person)])
}
