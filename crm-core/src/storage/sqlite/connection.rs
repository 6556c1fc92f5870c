//! The connection inside a transaction or snapshot.

use std::ops::ControlFlow;

use rusqlite::{CachedStatement, TransactionState};

use super::error;
use super::pool::roll_back;
use super::row::{SqliteRow, bind};
use crate::error::{CrmError, Result};
use crate::storage::error as storage_error;
use crate::storage::{Connection, Dialect, Param, RowVisitor};

/// What a connection was lent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Inside a write transaction.
    Write,
    /// On a connection that was opened to read only: SQLite refuses changes.
    Reader,
    /// Reading on the connection that can also write: changes are refused here.
    Shared,
}

/// A connection of SQLite, lent to one closure.
pub(super) struct SqliteConnection<'c> {
    raw: &'c rusqlite::Connection,
    mode: Mode,
}

impl<'c> SqliteConnection<'c> {
    /// Wraps a connection for a closure.
    pub(super) fn new(raw: &'c rusqlite::Connection, mode: Mode) -> Self {
        Self { raw, mode }
    }

    /// A statement from the cache, with its parameters bound.
    #[inline]
    fn prepare(&self, sql: &str, parameters: &[Param<'_>]) -> Result<CachedStatement<'c>> {
        // SQLite ends a transaction by itself when the disk is full; what follows must not be committed alone.
        if self.mode == Mode::Write && self.raw.is_autocommit() {
            return Err(storage_error::rolled_back());
        }
        let mut statement = self.raw.prepare_cached(sql).map_err(|failure| error::preparing(&failure))?;
        bind(&mut statement, parameters)?;
        Ok(statement)
    }

    /// Runs something that may change data; on a shared connection only temporary tables may change.
    fn guarded<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        if self.mode != Mode::Shared {
            return work();
        }
        let alone = self.raw.is_autocommit();
        if alone {
            control(self.raw, "BEGIN")?;
        }
        let done = work();
        let state = self.raw.transaction_state(Some(c"main")).map_err(|failure| error::running(&failure));
        let refused = if matches!(state, Ok(TransactionState::Write)) {
            Some(storage_error::read_only())
        } else {
            None
        };
        if refused.is_some() || (alone && done.is_err()) {
            roll_back(self.raw);
        } else if alone {
            control(self.raw, "COMMIT")?;
        }
        match refused {
            Some(error) => Err(error),
            None => done,
        }
    }
}

/// Runs `BEGIN`, `COMMIT` and the like through the statement cache.
#[inline]
pub(super) fn control(raw: &rusqlite::Connection, sql: &'static str) -> Result<()> {
    let run = || raw.prepare_cached(sql)?.raw_execute();
    match run() {
        Ok(_) => Ok(()),
        Err(failure) => Err(error::running(&failure)),
    }
}

fn visit(statement: &mut CachedStatement<'_>, each: &mut RowVisitor<'_>) -> Result<()> {
    let mut rows = statement.raw_query();
    loop {
        match rows.next() {
            Ok(Some(row)) => {
                if each(&SqliteRow(row))? == ControlFlow::Break(()) {
                    return Ok(());
                }
            }
            Ok(None) => return Ok(()),
            Err(failure) => return Err(error::running(&failure)),
        }
    }
}

impl Connection for SqliteConnection<'_> {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize> {
        let mut statement = self.prepare(sql, parameters)?;
        self.guarded(|| statement.raw_execute().map_err(|failure| error::running(&failure)))
    }

    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        match self.execute(sql, parameters)? {
            1 => Ok(self.raw.last_insert_rowid()),
            rows => Err(error::running(&rusqlite::Error::StatementChangedRows(rows))),
        }
    }

    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        let mut statement = self.prepare(sql, parameters)?;
        let changes = !statement.readonly();
        if changes && self.mode == Mode::Shared {
            return self.guarded(|| visit(&mut statement, each));
        }
        visit(&mut statement, each)
    }

    fn execute_batch(&self, sql: &str) -> Result<()> {
        if self.mode == Mode::Write && self.raw.is_autocommit() {
            return Err(storage_error::rolled_back());
        }
        self.guarded(|| self.raw.execute_batch(sql).map_err(|failure| error::preparing(&failure)))
    }

    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
        let mut steps = Vec::new();
        let mut statement = self.prepare(&format!("EXPLAIN QUERY PLAN {sql}"), parameters)?;
        visit(&mut statement, &mut |row| {
            steps.push(row.text(3)?.unwrap_or_default().to_owned());
            Ok(ControlFlow::Continue(()))
        })?;
        // Plans are asked for once; they would only push hot statements out of the cache.
        statement.discard();
        Ok(steps)
    }

    fn format_version(&self) -> Result<u32> {
        format_version(self.raw)
    }

    fn set_format_version(&self, version: u32) -> Result<()> {
        let version =
            i32::try_from(version).map_err(|_| CrmError::internal("a schema number has 31 bits"))?;
        self.execute_batch(&format!("PRAGMA user_version = {version}"))
    }
}

/// The schema number of the main database.
pub(super) fn format_version(raw: &rusqlite::Connection) -> Result<u32> {
    let version: i64 = raw
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(|failure| error::running(&failure))?;
    // A negative number was not written by us; as the largest it is refused as newer.
    Ok(u32::try_from(version).unwrap_or(u32::MAX))
}
