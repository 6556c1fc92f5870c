//! The checks that every driver passes: what the engine relies on, each under its name.
//!
//! ```
//! use crm_core::storage::conformance;
//! use crm_core::storage::sqlite::{Options, SqliteDatabase};
//!
//! let passed = conformance::run(&|| Ok(Box::new(SqliteDatabase::memory(Options::default())?)))?;
//! assert!(passed.len() > 30);
//! # Ok::<(), crm_core::CrmError>(())
//! ```

mod buckets;
mod constraints;
mod lifecycle;
mod statements;
mod transactions;
mod values;

use super::{ColumnType, Connection, Database, Param, ReadMode, query_one};
use crate::error::{CrmError, Result};

/// One check: it gets a fresh, empty database.
type Check = (&'static str, fn(&dyn Database) -> Result<()>);

/// Runs every check, each on a fresh database from `make`; gives the names of the checks that were run.
///
/// # Errors
/// That of the first check that fails, with its name as the path.
pub fn run(make: &dyn Fn() -> Result<Box<dyn Database>>) -> Result<Vec<&'static str>> {
    let groups = [
        values::CHECKS,
        statements::CHECKS,
        constraints::CHECKS,
        buckets::CHECKS,
        transactions::CHECKS,
        lifecycle::CHECKS,
    ];
    let mut passed = Vec::new();
    for (name, check) in groups.into_iter().flatten() {
        let database = make()?;
        check(database.as_ref()).and_then(|()| database.close()).map_err(|error| error.within(name))?;
        passed.push(*name);
    }
    Ok(passed)
}

/// Fails the check unless both are equal.
#[expect(clippy::needless_pass_by_value, reason = "two hundred calls read better without `&`")]
fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(CrmError::internal(format!("{what}: found {found:?}, expected {expected:?}")))
}

/// Fails the check unless the result is an error with this code.
fn fails<T>(what: &str, result: Result<T>, code: &str) -> Result<CrmError> {
    match result {
        Err(error) if error.code() == code => Ok(error),
        Err(error) => Err(CrmError::internal(format!("{what}: found {error}, expected {code}"))),
        Ok(_) => Err(CrmError::internal(format!("{what}: went through, expected {code}"))),
    }
}

/// Makes a table with a row number and these columns.
fn create(connection: &dyn Connection, table: &str, columns: &[(&str, ColumnType, &str)]) -> Result<()> {
    let dialect = connection.dialect();
    let columns: Vec<String> = columns
        .iter()
        .map(|(name, kind, rest)| format!("{name} {} {rest}", dialect.column_type(*kind)))
        .collect();
    connection.execute_batch(&format!(
        "CREATE TABLE {table} ({}, {}){}",
        dialect.row_id_column(),
        columns.join(", "),
        dialect.table_suffix()
    ))
}

/// Makes the table `item (row_id, name, amount)` with these rows.
fn items(database: &dyn Database, rows: &[(&str, i64)]) -> Result<()> {
    database.write(&mut |c| {
        create(
            c,
            "item",
            &[("name", ColumnType::Text, "NOT NULL UNIQUE"), ("amount", ColumnType::Integer, "NOT NULL")],
        )?;
        for (name, amount) in rows {
            c.insert(INSERT_ITEM, &[Param::Text(name), Param::Integer(*amount)])?;
        }
        Ok(())
    })
}

const INSERT_ITEM: &str = "INSERT INTO item (name, amount) VALUES (?1, ?2)";
const COUNT_ITEMS: &str = "SELECT COUNT(*) FROM item";

/// Reads one whole number.
fn number(connection: &dyn Connection, sql: &str, parameters: &[Param<'_>]) -> Result<Option<i64>> {
    Ok(query_one(connection, sql, parameters, |row| row.integer(0))?.flatten())
}

/// The number of items, read on its own.
fn count(database: &dyn Database) -> Result<Option<i64>> {
    let mut found = None;
    database.read(ReadMode::Statement, &mut |c| {
        found = number(c, COUNT_ITEMS, &[])?;
        Ok(())
    })?;
    Ok(found)
}
