//! The few statements of activities that the record engine does not give.

use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::Reference;
use crate::storage::{Connection, Param, query_all, query_one};

/// The attendees of a meeting.
pub(super) fn attendees_of(connection: &dyn Connection, meeting: RecordId) -> Result<Vec<RecordId>> {
    let sql = "SELECT \"id\" FROM meeting_attendee WHERE meeting = ?1 ORDER BY row_id";
    query_all(connection, sql, &[Param::Id(meeting)], |row| Ok(row.id(0)?.unwrap_or_default()))
}

/// Whether somebody attends a meeting by another record than this one.
pub(super) fn attends(
    connection: &dyn Connection,
    meeting: RecordId,
    attendee: &Reference,
    except: RecordId,
) -> Result<bool> {
    let sql = "SELECT 1 FROM meeting_attendee WHERE meeting = ?1 AND attendee = ?2 AND \"id\" <> ?3";
    let attendee = attendee.to_string();
    let parameters = [Param::Id(meeting), Param::Text(&attendee), Param::Id(except)];
    Ok(query_one(connection, sql, &parameters, |_| Ok(()))?.is_some())
}

/// The reminders of a record.
pub(super) fn reminders_of(connection: &dyn Connection, about: &Reference) -> Result<Vec<RecordId>> {
    let sql = "SELECT \"id\" FROM reminder WHERE about = ?1 ORDER BY row_id";
    let about = about.to_string();
    query_all(connection, sql, &[Param::Text(&about)], |row| Ok(row.id(0)?.unwrap_or_default()))
}
