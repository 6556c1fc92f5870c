//! The purposes of sessions that are no roots: what they stand under, and the numbers by which the journal knows them.

use super::tree::{lineage, require};
use crate::error::{CrmError, ErrorKind, Result};
use crate::session::Purpose;
use crate::storage::{Connection, Param, query_one};

/// What the name of a purpose in the list of numbers begins with. No type and no field has a colon.
const PREFIX: &str = "purpose:";

/// The root of a purpose that a session is begun for.
///
/// # Errors
/// `purpose.unknown`; `purpose.inactive`.
pub(crate) fn session_root(connection: &dyn Connection, key: &str) -> Result<Purpose> {
    if !require(connection, key)?.active {
        let reason = "is not pursued any more";
        return Err(CrmError::new(ErrorKind::Rule, "purpose.inactive", reason));
    }
    lineage(connection, key)?.last().map_or(key, |root| root.key.as_str()).parse()
}

/// The number under which the journal stores a purpose that is no root; given once, and stable for ever.
pub(crate) fn number_of(connection: &dyn Connection, key: &str) -> Result<u32> {
    let name = format!("{PREFIX}{key}");
    let find = || {
        let sql = "SELECT number FROM crm_number WHERE name = ?1";
        query_one(connection, sql, &[Param::Text(&name)], |row| row.integer(0))
    };
    let number = match find()?.flatten() {
        Some(number) => Some(number),
        None => {
            let next = "INSERT INTO crm_number (name, number) SELECT ?1, max(number) + 1 FROM crm_number";
            connection.execute(next, &[Param::Text(&name)])?;
            find()?.flatten()
        }
    };
    number
        .and_then(|number| u32::try_from(number).ok())
        .ok_or_else(|| CrmError::internal("the number of a purpose is out of range"))
}

/// The key of the purpose with a number of the journal; `None` for a root and for a number that is not given.
pub(crate) fn key_of(connection: &dyn Connection, number: u32) -> Result<Option<String>> {
    if Purpose::from_number(number).is_some() {
        return Ok(None);
    }
    let sql = "SELECT name FROM crm_number WHERE number = ?1";
    let name = query_one(connection, sql, &[Param::Integer(number.into())], |row| {
        Ok(row.text(0)?.and_then(|name| name.strip_prefix(PREFIX)).map(str::to_owned))
    })?;
    Ok(name.flatten())
}
