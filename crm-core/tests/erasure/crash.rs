//! The process goes down in the middle of an erasure: at each step by itself, and killed from outside at any time.
//!
//! Either nothing was erased and everything is as it was, or the erasure is committed and is finished by whoever comes
//! next. In both cases nothing is left in any file in the end.
//!
//! By default a sample of the steps is tried, and all from the commit on; `CRM_CRASH_ALL=1` tries every one.
#![cfg(unix)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::erasure_support::{Folder, config, fill, left, session};
use crm_core::privacy::erasure::{ErasureOptions, ErasureState};
use crm_core::record::query::Query;
use crm_core::storage::sqlite::{Options, SqliteDatabase};
use crm_core::storage::{Connection, Database, Dialect, Param, ReadMode, RowVisitor};
use crm_core::{Crm, RecordId, Result};

/// A database whose process dies at a step: a statement of a write, a commit, the emptying of the log.
struct Dying {
    inner: SqliteDatabase,
    dies_at: u64,
    steps: AtomicU64,
}

impl Dying {
    fn step(&self) {
        if self.steps.fetch_add(1, Ordering::SeqCst) + 1 == self.dies_at {
            // No destructor runs, no file is closed: what SIGKILL does, at a chosen place.
            std::process::abort();
        }
    }
}

impl Database for Dying {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.inner.read(mode, work)
    }

    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        let outcome = self.inner.write(&mut |inner| {
            work(&DyingConnection { inner, database: self })?;
            self.step();
            Ok(())
        });
        self.step();
        outcome
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
        self.step();
        let outcome = self.inner.checkpoint();
        self.step();
        outcome
    }

    fn files(&self) -> Vec<PathBuf> {
        self.inner.files()
    }

    fn close(&self) -> Result<()> {
        self.inner.close()
    }
}

struct DyingConnection<'c> {
    inner: &'c dyn Connection,
    database: &'c Dying,
}

impl Connection for DyingConnection<'_> {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }

    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize> {
        self.database.step();
        self.inner.execute(sql, parameters)
    }

    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        self.database.step();
        self.inner.insert(sql, parameters)
    }

    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        // What only reads leaves the same bytes as the step before it.
        self.inner.query(sql, parameters, each)
    }

    fn execute_batch(&self, sql: &str) -> Result<()> {
        self.database.step();
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

/// Not a test: what the child process does, when it is told to.
#[test]
fn child() {
    let Ok(path) = std::env::var("CRM_CRASH_DATABASE") else { return };
    let number = |name: &str| std::env::var(name).unwrap();
    let inner = SqliteDatabase::open(&path, Options { busy_timeout_ms: 200, ..Options::default() }).unwrap();
    let dies_at = number("CRM_CRASH_STEP").parse().unwrap();
    let database = Arc::new(Dying { inner, dies_at, steps: AtomicU64::new(0) });
    let crm = Crm::on(Box::new(Arc::clone(&database)), config().0).unwrap();
    let session = session(&crm);
    let ada: RecordId = number("CRM_CRASH_PERSON").parse().unwrap();
    database.steps.store(0, Ordering::SeqCst);
    session.erasure().erase(ada, ErasureOptions::default()).unwrap();
    println!("steps={}", database.steps.load(Ordering::SeqCst));
}

fn child_of(folder: &Folder, ada: RecordId, step: u64) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "crash::child", "--nocapture"])
        .env("CRM_CRASH_DATABASE", folder.database())
        .env("CRM_CRASH_PERSON", ada.to_string())
        .env("CRM_CRASH_STEP", step.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// A filled database that was closed, and Ada.
fn prepared(folder: &Folder) -> (PathBuf, RecordId) {
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let ada = fill(&session(&crm)).ada;
    crm.close().unwrap();
    let copy = std::env::temp_dir().join(format!("crm-erasure-{}-prepared", std::process::id()));
    let copy = copy.with_extension(folder.0.file_name().unwrap());
    std::fs::rename(folder.database(), &copy).unwrap();
    (copy, ada)
}

/// A fresh copy of the database, alone in its folder.
fn reset(folder: &Folder, copy: &Path) {
    for entry in std::fs::read_dir(&folder.0).unwrap() {
        std::fs::remove_file(entry.unwrap().path()).unwrap();
    }
    std::fs::copy(copy, folder.database()).unwrap();
}

/// What must hold after a crash. Gives whether the erasure was committed.
fn check(folder: &Folder, ada: RecordId, at: &str) -> bool {
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let session = session(&crm);
    let verified = session.journal().verify().unwrap();
    assert!(verified.is_sound(), "{at}: {:?}", verified.findings);
    let committed = session.people().find(ada).unwrap().is_none();
    if committed {
        let finished = session.erasure().finish().unwrap();
        assert_eq!(finished.pending, 0, "{at}");
    } else {
        assert_eq!(crm.erasure_ledger().unwrap().len(), 0, "{at}: erased in half");
        assert_eq!(session.erasures().count(&crm_core::record::filter::Filter::all()).unwrap(), 0, "{at}");
        let entries = session.people().history(ada, None, 10).unwrap();
        assert!(entries.iter().all(|entry| !entry.erased), "{at}: the key or a payload is gone");
        session.erasure().erase(ada, ErasureOptions::default()).unwrap();
    }
    let erasures = session.erasures().list(&Query::new()).unwrap().records;
    assert_eq!(erasures.len(), 1, "{at}");
    assert_eq!(erasures[0].state, ErasureState::Completed, "{at}");
    assert!(
        erasures[0].certificate.as_ref().is_some_and(|document| document["key_destroyed"] == true),
        "{at}"
    );
    assert!(crm.integrity_check().unwrap().is_empty(), "{at}");
    crm.close().unwrap();
    assert_eq!(left(&folder.0), Vec::<String>::new(), "{at}");
    committed
}

#[test]
fn a_crash_at_any_step_erases_all_or_nothing() {
    let folder = Folder::new("crash-steps");
    let (copy, ada) = prepared(&folder);
    reset(&folder, &copy);
    let output = child_of(&folder, ada, 0).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let steps: u64 =
        text.lines().find_map(|line| line.split("steps=").nth(1)).unwrap().trim().parse().unwrap();
    assert!(steps > 100, "{steps}");
    check(&folder, ada, "no crash");
    let stride = if std::env::var("CRM_CRASH_ALL").is_ok() { 1 } else { steps / 12 };
    let mut tried = [0, 0];
    for step in (1..=steps).filter(|step| step % stride == 0 || *step + 16 > steps) {
        reset(&folder, &copy);
        let status = child_of(&folder, ada, step).status().unwrap();
        assert!(!status.success(), "step {step} was not reached");
        tried[usize::from(check(&folder, ada, &format!("step {step} of {steps}")))] += 1;
    }
    assert!(tried[0] > 5 && tried[1] > 5, "before and after the commit: {tried:?}");
    println!("{steps} steps, tried before and after the commit: {tried:?}");
    std::fs::remove_file(copy).unwrap();
}

#[test]
fn a_kill_at_any_time_erases_all_or_nothing() {
    let folder = Folder::new("crash-kill");
    let (copy, ada) = prepared(&folder);
    reset(&folder, &copy);
    let begun = std::time::Instant::now();
    child_of(&folder, ada, 0).output().unwrap();
    let whole = begun.elapsed();
    let rounds = if std::env::var("CRM_CRASH_ALL").is_ok() { 60 } else { 10 };
    let mut tried = [0, 0];
    for round in 1..=rounds {
        reset(&folder, &copy);
        let mut child = child_of(&folder, ada, 0).spawn().unwrap();
        // The look through the bytes at the end takes most of the time.
        std::thread::sleep(whole * round / (3 * rounds));
        // SIGKILL, unless it is done already.
        let _ = child.kill();
        child.wait().unwrap();
        tried[usize::from(check(&folder, ada, &format!("round {round}")))] += 1;
    }
    println!("killed before and after the commit: {tried:?}");
    std::fs::remove_file(copy).unwrap();
}
