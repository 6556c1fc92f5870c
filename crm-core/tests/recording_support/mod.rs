//! A database that writes down every statement, and what the database would do for each.
#![allow(dead_code, reason = "each test program uses a part")]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex};

use crm_core::storage::sqlite::Options;
use crm_core::storage::{Connection, Database, Dialect, Param, ReadMode, RowVisitor, SqliteDatabase};
use crm_core::{Config, Crm, Result};

/// What was written down so far.
#[derive(Clone, Default)]
pub(crate) struct Recorded(Statements);

/// The texts of statements, each with the number of its parameters.
type Statements = Arc<Mutex<BTreeSet<(String, usize)>>>;

impl Recorded {
    /// An empty database in memory that writes down every statement from now on.
    pub(crate) fn open(config: Config) -> (Crm, Self) {
        let inner = SqliteDatabase::memory(Options::default()).unwrap();
        let seen = Statements::default();
        let crm = Crm::on(Box::new(Recording { inner, seen: Arc::clone(&seen) }), config).unwrap();
        (crm, Self(seen))
    }

    /// Takes what was written down and begins anew.
    pub(crate) fn take(&self) -> BTreeSet<(String, usize)> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

/// The steps that the database takes for a statement. They do not depend on the values of the parameters.
pub(crate) fn plan(database: &dyn Database, sql: &str, parameters: usize) -> Vec<String> {
    let parameters = vec![Param::Null; parameters];
    let mut steps = Vec::new();
    let explained = database.read(ReadMode::Statement, &mut |connection| {
        steps = connection.explain(sql, &parameters)?;
        Ok(())
    });
    explained.unwrap_or_else(|error| panic!("{error}: {sql}"));
    steps
}

/// Writes down the text of every statement, and how many parameters it has.
struct Recording {
    inner: SqliteDatabase,
    seen: Statements,
}

struct RecordingConnection<'c> {
    inner: &'c dyn Connection,
    seen: &'c Statements,
}

impl RecordingConnection<'_> {
    fn note(&self, sql: &str, parameters: &[Param<'_>]) {
        self.seen.lock().unwrap().insert((sql.to_owned(), parameters.len()));
    }
}

impl Connection for RecordingConnection<'_> {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize> {
        self.note(sql, parameters);
        self.inner.execute(sql, parameters)
    }

    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        self.note(sql, parameters);
        self.inner.insert(sql, parameters)
    }

    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        self.note(sql, parameters);
        self.inner.query(sql, parameters, each)
    }

    fn execute_batch(&self, sql: &str) -> Result<()> {
        self.inner.execute_batch(sql)
    }

    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
        self.inner.explain(sql, parameters)
    }

    fn format_version(&self) -> Result<u32> {
        self.inner.format_version()
    }

    fn set_format_version(&self, version: u32) -> Result<()> {
        self.inner.set_format_version(version)
    }
}

impl Database for Recording {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.inner.read(mode, &mut |inner| work(&RecordingConnection { inner, seen: &self.seen }))
    }

    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.inner.write(&mut |inner| work(&RecordingConnection { inner, seen: &self.seen }))
    }

    fn interrupt(&self) {
        self.inner.interrupt();
    }

    fn backup(&self, target: &Path) -> Result<()> {
        self.inner.backup(target)
    }

    fn export(&self) -> Result<Vec<u8>> {
        self.inner.export()
    }

    fn integrity_check(&self) -> Result<Vec<String>> {
        self.inner.integrity_check()
    }

    fn settings(&self) -> Result<Vec<(String, String)>> {
        self.inner.settings()
    }

    fn checkpoint(&self) -> Result<bool> {
        self.inner.checkpoint()
    }

    fn close(&self) -> Result<()> {
        self.inner.close()
    }
}
