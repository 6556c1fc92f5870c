//! The connection inside a transaction or snapshot.

use std::ops::ControlFlow;

use postgres::Row as ServerRow;

use super::error;
use super::link::{Form, Link};
use super::row::PostgresRow;
use super::setup;
use crate::error::Result;
use crate::storage::{Connection, Dialect, Param, RowVisitor};

/// What a connection was lent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Inside a write transaction.
    Write,
    /// To read: the server refuses changes.
    Read,
    /// To read, and to make temporary tables: the server refuses changes but between [`OPEN_SCRATCH`] and
    /// [`CLOSE_SCRATCH`].
    Scratch,
}

/// Begins to read with temporary tables. The transaction may write; what runs in it stands behind a savepoint that may
/// not, because a transaction that has read cannot begin to write.
pub(super) const BEGIN_SCRATCH: &str =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ WRITE; SAVEPOINT crm_scratch; SET TRANSACTION READ ONLY";
const OPEN_SCRATCH: &str = "RELEASE SAVEPOINT crm_scratch";
const CLOSE_SCRATCH: &str = "SAVEPOINT crm_scratch; SET TRANSACTION READ ONLY";

/// A connection to PostgreSQL, lent to one closure.
pub(super) struct PostgresConnection<'c> {
    link: &'c Link,
    mode: Mode,
}

impl<'c> PostgresConnection<'c> {
    /// Wraps a connection for a closure.
    pub(super) fn new(link: &'c Link, mode: Mode) -> Self {
        Self { link, mode }
    }
}

/// Whether statements touch nothing but what is temporary.
fn is_temporary(sql: &str) -> bool {
    sql.split(';').map(str::trim).filter(|statement| !statement.is_empty()).all(|statement| {
        statement.starts_with("CREATE TEMP ")
            || (statement.starts_with("DROP ") || statement.starts_with("CREATE "))
                && statement.contains("pg_temp.")
    })
}

fn visit(rows: &[ServerRow], each: &mut RowVisitor<'_>) -> Result<()> {
    for row in rows {
        if each(&PostgresRow::new(row))? == ControlFlow::Break(()) {
            break;
        }
    }
    Ok(())
}

impl Connection for PostgresConnection<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize> {
        self.link.require_sound()?;
        let changed = self.link.execute(sql, parameters)?;
        Ok(usize::try_from(changed).unwrap_or(usize::MAX))
    }

    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        self.link.require_sound()?;
        let rows = self.link.query(sql, Form::Insert, parameters)?;
        match rows.as_slice() {
            [row] => crate::storage::Row::integer(&PostgresRow::new(row), 0)?
                .ok_or_else(|| error::statement("an insert gave no row number")),
            rows => Err(error::statement(format!("an insert made {} rows instead of one", rows.len()))),
        }
    }

    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        self.link.require_sound()?;
        visit(&self.link.query(sql, Form::Plain, parameters)?, each)
    }

    fn execute_batch(&self, sql: &str) -> Result<()> {
        if self.mode == Mode::Scratch && is_temporary(sql) {
            self.link.require_sound()?;
            return self.link.batch(&format!("{OPEN_SCRATCH}; {sql}; {CLOSE_SCRATCH}"));
        }
        self.link.batch(sql)
    }

    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
        let rows = self.link.query(sql, Form::Explain, parameters)?;
        let mut steps = Vec::with_capacity(rows.len());
        visit(&rows, &mut |row| {
            steps.push(row.text(0)?.unwrap_or_default().to_owned());
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(steps)
    }

    fn format_version(&self) -> Result<u32> {
        setup::format_version(self)
    }

    fn set_format_version(&self, version: u32) -> Result<()> {
        setup::set_format_version(self, version)
    }

    fn is_aborted(&self) -> bool {
        self.link.is_aborted()
    }
}

#[cfg(test)]
mod tests {
    use super::is_temporary;

    #[test]
    fn temporary_things_are_told_from_others() {
        for (sql, expected) in [
            ("CREATE TEMP TABLE pick (item bigint)", true),
            ("CREATE TEMP TABLE a (x bigint); CREATE TEMP VIEW b AS SELECT 1;", true),
            ("CREATE UNIQUE INDEX \"a_row\" ON pg_temp.\"a\" (row_id)", true),
            ("DROP VIEW IF EXISTS pg_temp.a; DROP TABLE IF EXISTS pg_temp.b;", true),
            ("DROP TABLE pick", false),
            ("CREATE TABLE more (x bigint)", false),
            ("CREATE TEMP TABLE a (x bigint); DELETE FROM person", false),
        ] {
            assert_eq!(is_temporary(sql), expected, "{sql}");
        }
    }
}
