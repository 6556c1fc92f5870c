//! The connection inside a transaction or snapshot.

use std::cell::RefCell;
use std::ops::ControlFlow;

use rusqlite::{CachedStatement, Statement, TransactionState};

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
    /// The statements that were run, with their texts. The cache of rusqlite is a hash of the whole text away,
    /// twice for each use.
    kept: RefCell<Vec<(Box<str>, CachedStatement<'c>)>>,
    most_kept: usize,
}

/// How many statements a transaction or snapshot keeps at hand. A change of a record has about a dozen.
const MOST_KEPT: usize = 24;

impl<'c> SqliteConnection<'c> {
    /// Wraps a connection for a closure.
    pub(super) fn new(raw: &'c rusqlite::Connection, mode: Mode) -> Self {
        Self { raw, mode, kept: RefCell::new(Vec::new()), most_kept: MOST_KEPT }
    }

    /// Wraps a connection for a closure that runs one statement, which is not worth keeping.
    pub(super) fn for_one_statement(raw: &'c rusqlite::Connection, mode: Mode) -> Self {
        Self { raw, mode, kept: RefCell::new(Vec::new()), most_kept: 0 }
    }

    /// Runs work with a statement whose parameters are bound.
    #[inline]
    fn with<T>(
        &self,
        sql: &str,
        parameters: &[Param<'_>],
        work: impl FnOnce(&mut CachedStatement<'c>) -> Result<T>,
    ) -> Result<T> {
        // SQLite ends a transaction by itself when the disk is full; what follows must not be committed alone.
        if self.mode == Mode::Write && self.raw.is_autocommit() {
            return Err(storage_error::rolled_back());
        }
        // It is taken out while it runs, so that the same text inside its own rows gets another statement.
        let (text, mut statement) = match self.take(sql) {
            Some((text, statement)) => (Some(text), statement),
            None => (None, self.raw.prepare_cached(sql).map_err(|failure| error::preparing(&failure))?),
        };
        bind(&mut statement, parameters)?;
        let outcome = work(&mut statement)?;
        let mut kept = self.kept.borrow_mut();
        if kept.len() < self.most_kept {
            kept.push((text.unwrap_or_else(|| sql.into()), statement));
        }
        Ok(outcome)
    }

    fn take(&self, sql: &str) -> Option<(Box<str>, CachedStatement<'c>)> {
        let mut kept = self.kept.borrow_mut();
        let found = kept.iter().position(|(text, _)| **text == *sql)?;
        Some(kept.swap_remove(found))
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

fn visit(statement: &mut Statement<'_>, each: &mut RowVisitor<'_>) -> Result<()> {
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
        self.with(sql, parameters, |statement| {
            self.guarded(|| statement.raw_execute().map_err(|failure| error::running(&failure)))
        })
    }

    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        match self.execute(sql, parameters)? {
            1 => Ok(self.raw.last_insert_rowid()),
            rows => Err(error::running(&rusqlite::Error::StatementChangedRows(rows))),
        }
    }

    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        self.with(sql, parameters, |statement| {
            if self.mode == Mode::Shared && !statement.readonly() {
                return self.guarded(|| visit(statement, each));
            }
            visit(statement, each)
        })
    }

    fn execute_batch(&self, sql: &str) -> Result<()> {
        if self.mode == Mode::Write && self.raw.is_autocommit() {
            return Err(storage_error::rolled_back());
        }
        self.guarded(|| self.raw.execute_batch(sql).map_err(|failure| error::preparing(&failure)))
    }

    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
        let mut steps = Vec::new();
        let text = format!("EXPLAIN QUERY PLAN {sql}");
        // Plans are asked for once; they would only push hot statements out of the cache.
        let mut statement = self.raw.prepare(&text).map_err(|failure| error::preparing(&failure))?;
        bind(&mut statement, parameters)?;
        visit(&mut statement, &mut |row| {
            steps.push(row.text(3)?.unwrap_or_default().to_owned());
            Ok(ControlFlow::Continue(()))
        })?;
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
