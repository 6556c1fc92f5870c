//! Interrupts, checks, copies and the end.

use super::{Check, INSERT_ITEM, count, equal, fails, items};
use crate::error::{CrmError, Result};
use crate::storage::{Database, Dialect, Param, ReadMode};

pub(super) const CHECKS: &[Check] = &[
    ("lifecycle.interrupt_before", interrupt_before),
    #[cfg(not(target_arch = "wasm32"))]
    ("lifecycle.interrupt_write", interrupt_write),
    #[cfg(not(target_arch = "wasm32"))]
    ("lifecycle.interrupt_read", interrupt_read),
    ("lifecycle.integrity_settings_checkpoint", integrity_settings_checkpoint),
    ("lifecycle.export", export),
    ("lifecycle.contents", contents),
    ("lifecycle.close", close),
];

/// An interrupt while nothing runs must not hit the next statement.
fn interrupt_before(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    database.interrupt();
    equal("read", count(database)?, Some(1))?;
    database.interrupt();
    database.write(&mut |c| {
        database.interrupt();
        c.insert(INSERT_ITEM, &[Param::Text("b"), Param::Integer(2)]).map(|_| ())
    })?;
    equal("written", count(database)?, Some(2))
}

/// Some seconds of work, if nobody interrupts it.
#[cfg(not(target_arch = "wasm32"))]
const LONG: &str = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 500000000) \
                    SELECT COUNT(*) FROM n";

/// Interrupts again and again while the work runs, so that the start of the statement is not missed.
#[cfg(not(target_arch = "wasm32"))]
fn interrupted(database: &dyn Database, work: &mut dyn FnMut() -> Result<()>) -> Result<()> {
    use std::sync::atomic::{AtomicBool, Ordering};

    let done = AtomicBool::new(false);
    let result = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Acquire) {
                std::thread::sleep(std::time::Duration::from_millis(20));
                database.interrupt();
            }
        });
        let result = work();
        done.store(true, Ordering::Release);
        result
    });
    fails("long work", result, "storage.interrupted").map(|_| ())
}

#[cfg(not(target_arch = "wasm32"))]
fn interrupt_write(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    interrupted(database, &mut || {
        database.write(&mut |c| {
            c.insert(INSERT_ITEM, &[Param::Text("b"), Param::Integer(2)])?;
            super::number(c, LONG, &[]).map(|_| ())
        })
    })?;
    equal("nothing changed", count(database)?, Some(1))?;
    items_again(database)
}

#[cfg(not(target_arch = "wasm32"))]
fn interrupt_read(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    for mode in [ReadMode::Statement, ReadMode::Snapshot] {
        interrupted(database, &mut || database.read(mode, &mut |c| super::number(c, LONG, &[]).map(|_| ())))?;
    }
    items_again(database)
}

#[cfg(not(target_arch = "wasm32"))]
fn items_again(database: &dyn Database) -> Result<()> {
    database.write(&mut |c| c.insert(INSERT_ITEM, &[Param::Text("c"), Param::Integer(3)]).map(|_| ()))?;
    equal("goes on", count(database)?, Some(2))
}

fn integrity_settings_checkpoint(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    equal("sound", database.integrity_check()?, Vec::new())?;
    equal("settings", database.settings()?.is_empty(), false)?;
    equal("checkpoint", database.checkpoint()?, true)
}

fn export(database: &dyn Database) -> Result<()> {
    items(database, &[("needle", 1)])?;
    if has_no_file(database) {
        fails("backup", database.backup(std::path::Path::new("nowhere")), "storage.unsupported")?;
        return fails("export", database.export(), "storage.unsupported").map(|_| ());
    }
    let bytes = database.export()?;
    // Of an encrypted database not even this much may be read.
    let readable = !database.is_encrypted();
    equal("holds the row", bytes.windows(6).any(|window| window == b"needle"), readable)
}

/// What is stored is shown, and what was deleted is not, once nobody can see it any more.
fn contents(database: &dyn Database) -> Result<()> {
    items(database, &[("needle", 1), ("other", 2)])?;
    let shows = |needle: &[u8]| {
        let mut bytes = Vec::new();
        database.contents(&mut |_, source| {
            source.read_to_end(&mut bytes).map(drop).map_err(|_| CrmError::internal("the contents end early"))
        })?;
        Ok::<bool, CrmError>(bytes.windows(needle.len()).any(|window| window == needle))
    };
    // Of an encrypted database not even this much may be read.
    let readable = !database.is_encrypted();
    equal("shows the row", shows(b"needle")?, readable)?;
    let delete = "DELETE FROM item WHERE name = ?1";
    database.write(&mut |c| c.execute(delete, &[Param::Text("needle")]).map(|_| ()))?;
    equal("checkpoint", database.checkpoint()?, true)?;
    equal("shows the deleted row", shows(b"needle")?, false)?;
    equal("shows the other row", shows(b"other")?, readable)
}

/// Whether a server holds the database.
fn has_no_file(database: &dyn Database) -> bool {
    match database.dialect() {
        Dialect::Sqlite => false,
        #[cfg(feature = "postgres")]
        Dialect::Postgres => true,
    }
}

fn close(database: &dyn Database) -> Result<()> {
    items(database, &[])?;
    database.close()?;
    database.close()?;
    database.interrupt();
    fails("read", database.read(ReadMode::Statement, &mut |_| Ok(())), "storage.closed")?;
    fails("write", database.write(&mut |_| Ok(())), "storage.closed")?;
    fails("integrity", database.integrity_check(), "storage.closed")?;
    fails("settings", database.settings(), "storage.closed")?;
    fails("export", database.export(), "storage.closed").map(|_| ())
}
