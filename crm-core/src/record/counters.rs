//! Running counts, such as that of the cases.

use std::collections::BTreeMap;

use crate::error::{CrmError, Result};
use crate::ground::sort;
use crate::storage::{Connection, Param, query_all};

/// The numbers that were given last, by the names of the counts.
pub(crate) fn all(connection: &dyn Connection) -> Result<BTreeMap<String, u64>> {
    let rows = query_all(connection, "SELECT name, value FROM crm_counter", &[], |row| {
        let value = u64::try_from(row.integer(1)?.unwrap_or_default());
        let value = value.map_err(|_| CrmError::internal("a count is negative"))?;
        Ok((row.text(0)?.unwrap_or_default().to_owned(), value))
    })?;
    Ok(sort::map(rows))
}

/// Makes a count go on after a number. One that is further already stays, so that no number is given twice.
///
/// # Errors
/// `jsonl.invalid` for a number that no count can reach.
pub(crate) fn go_on_after(connection: &dyn Connection, name: &str, last: u64) -> Result<()> {
    let last = i64::try_from(last).ok().filter(|last| *last < i64::MAX);
    let last = last.ok_or_else(|| CrmError::invalid("jsonl.invalid", "is too large for a count"))?;
    connection.execute(
        "INSERT INTO crm_counter (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value \
         WHERE crm_counter.value < excluded.value",
        &[Param::Text(name), Param::Integer(last)],
    )?;
    Ok(())
}
