//! A database that fails on demand, for the tests that every step of an operation may fail and change nothing.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    Connection, ContentVisitor, Database, DatabaseKey, Dialect, Param, ReadMode, Residue, RowVisitor, error,
};
use crate::error::{CrmError, Result};

/// What is counted, and fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultPoint {
    /// A statement inside [`Database::write`], reading ones included.
    WriteStatement,
    /// The commit at the end of [`Database::write`].
    Commit,
    /// A statement inside [`Database::read`].
    ReadStatement,
}

/// The failure that is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full: `storage.full`.
    Full,
    /// Reading or writing fails: `storage.io`.
    Io,
    /// Somebody else holds the lock: `storage.busy`.
    Busy,
    /// The host interrupts: `storage.interrupted`.
    Interrupted,
    /// The file is damaged: `storage.corrupt`.
    Corrupt,
}

impl Fault {
    /// All failures, for tests that try each.
    pub const ALL: [Self; 5] = [Self::Full, Self::Io, Self::Busy, Self::Interrupted, Self::Corrupt];

    fn error(self) -> CrmError {
        match self {
            Self::Full => error::full(),
            Self::Io => error::io(),
            Self::Busy => error::busy(),
            Self::Interrupted => error::interrupted(),
            Self::Corrupt => error::corrupt(),
        }
    }
}

/// Wraps a database; the chosen step fails once, everything else goes through.
///
/// ```
/// use crm_core::storage::fault::{Fault, FaultPoint, FaultyDatabase};
/// use crm_core::storage::sqlite::{Options, SqliteDatabase};
/// use crm_core::storage::Database;
///
/// let database = FaultyDatabase::new(Box::new(SqliteDatabase::memory(Options::default())?));
/// let mut step = 1;
/// loop {
///     database.fail_at(FaultPoint::WriteStatement, step, Fault::Full);
///     let done = database.write(&mut |c| {
///         c.execute_batch("CREATE TABLE a (x INTEGER) STRICT")?;
///         c.execute_batch("CREATE TABLE b (x INTEGER) STRICT")
///     });
///     if !database.has_failed() {
///         break done?;
///     }
///     assert_eq!(done.unwrap_err().code(), "storage.full");
///     step += 1;
/// }
/// assert_eq!(step, 3);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub struct FaultyDatabase {
    inner: Box<dyn Database>,
    plan: Mutex<Option<Plan>>,
    counts: [AtomicU64; 3],
}

#[derive(Clone, Copy)]
struct Plan {
    point: FaultPoint,
    step: u64,
    fault: Fault,
    fired: bool,
}

impl FaultyDatabase {
    /// Wraps a database; nothing fails yet.
    pub fn new(inner: Box<dyn Database>) -> Self {
        Self { inner, plan: Mutex::new(None), counts: Default::default() }
    }

    /// Lets the `step`-th point from now on (counted from 1) fail once, and counts anew.
    pub fn fail_at(&self, point: FaultPoint, step: u64, fault: Fault) {
        self.reset();
        *self.plan() = Some(Plan { point, step, fault, fired: false });
    }

    /// Lets nothing fail any more, and counts anew.
    pub fn reset(&self) {
        *self.plan() = None;
        for count in &self.counts {
            count.store(0, Ordering::Relaxed);
        }
    }

    /// Whether the planned failure has happened.
    pub fn has_failed(&self) -> bool {
        self.plan().is_some_and(|plan| plan.fired)
    }

    /// How many points were passed since the last [`FaultyDatabase::fail_at`] or [`FaultyDatabase::reset`].
    pub fn count(&self, point: FaultPoint) -> u64 {
        self.counter(point).load(Ordering::Relaxed)
    }

    fn plan(&self) -> MutexGuard<'_, Option<Plan>> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn counter(&self, point: FaultPoint) -> &AtomicU64 {
        match point {
            FaultPoint::WriteStatement => &self.counts[0],
            FaultPoint::Commit => &self.counts[1],
            FaultPoint::ReadStatement => &self.counts[2],
        }
    }

    fn pass(&self, point: FaultPoint) -> Result<()> {
        let step = self.counter(point).fetch_add(1, Ordering::Relaxed) + 1;
        match &mut *self.plan() {
            Some(plan) if !plan.fired && plan.point == point && plan.step == step => {
                plan.fired = true;
                Err(plan.fault.error())
            }
            _ => Ok(()),
        }
    }
}

impl Database for FaultyDatabase {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.inner.read(mode, &mut |inner| {
            work(&FaultyConnection { inner, database: self, point: FaultPoint::ReadStatement })
        })
    }

    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.inner.write(&mut |inner| {
            work(&FaultyConnection { inner, database: self, point: FaultPoint::WriteStatement })?;
            // An error here makes the driver roll back, as it does when the commit itself fails.
            self.pass(FaultPoint::Commit)
        })
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

    fn remains(&self) -> &'static [Residue] {
        self.inner.remains()
    }

    fn contents(&self, each: &mut ContentVisitor<'_>) -> Result<()> {
        self.inner.contents(each)
    }

    fn files(&self) -> Vec<PathBuf> {
        self.inner.files()
    }

    fn is_encrypted(&self) -> bool {
        self.inner.is_encrypted()
    }

    fn rekey(&self, key: &DatabaseKey) -> Result<()> {
        self.inner.rekey(key)
    }

    fn close(&self) -> Result<()> {
        self.inner.close()
    }

    fn listen(&self, hear: Box<dyn Fn() + Send + Sync>) -> Result<bool> {
        self.inner.listen(hear)
    }
}

struct FaultyConnection<'c> {
    inner: &'c dyn Connection,
    database: &'c FaultyDatabase,
    point: FaultPoint,
}

impl Connection for FaultyConnection<'_> {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize> {
        self.database.pass(self.point)?;
        self.inner.execute(sql, parameters)
    }

    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        self.database.pass(self.point)?;
        self.inner.insert(sql, parameters)
    }

    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        self.database.pass(self.point)?;
        self.inner.query(sql, parameters, each)
    }

    fn execute_batch(&self, sql: &str) -> Result<()> {
        self.database.pass(self.point)?;
        self.inner.execute_batch(sql)
    }

    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
        self.inner.explain(sql, parameters)
    }

    fn format_version(&self) -> Result<u32> {
        self.database.pass(self.point)?;
        self.inner.format_version()
    }

    fn set_format_version(&self, version: u32) -> Result<()> {
        self.database.pass(self.point)?;
        self.inner.set_format_version(version)
    }

    fn is_aborted(&self) -> bool {
        self.inner.is_aborted()
    }
}
