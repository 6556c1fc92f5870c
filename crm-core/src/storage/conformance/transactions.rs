//! All or nothing, one state at a time, no nesting.

use super::{COUNT_ITEMS, Check, INSERT_ITEM, count, equal, fails, items, number};
use crate::error::{CrmError, Result};
use crate::storage::{Database, Param, ReadMode};

pub(super) const CHECKS: &[Check] = &[
    ("transactions.commit", commit),
    ("transactions.roll_back_on_error", roll_back_on_error),
    ("transactions.go_on_after_a_failed_statement", go_on_after_a_failed_statement),
    ("transactions.nested", nested),
    ("transactions.no_change_in_a_read", no_change_in_a_read),
    ("transactions.temporary_tables", temporary_tables),
    ("transactions.format_version", format_version),
    #[cfg(not(target_arch = "wasm32"))]
    ("transactions.roll_back_on_panic", roll_back_on_panic),
    #[cfg(not(target_arch = "wasm32"))]
    ("transactions.snapshot", snapshot),
];

fn commit(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    database.write(&mut |c| {
        c.insert(INSERT_ITEM, &[Param::Text("b"), Param::Integer(2)])?;
        equal("sees its own", number(c, COUNT_ITEMS, &[])?, Some(2))
    })?;
    equal("kept", count(database)?, Some(2))
}

fn roll_back_on_error(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    let result = database.write(&mut |c| {
        c.insert(INSERT_ITEM, &[Param::Text("b"), Param::Integer(2)])?;
        c.execute_batch("CREATE TABLE more (x INTEGER)")?;
        Err(CrmError::invalid("test.mine", "is mine"))
    });
    fails("own error", result, "test.mine")?;
    equal("nothing kept", count(database)?, Some(1))?;
    // Tables belong to the transaction too: the name is free again.
    database.write(&mut |c| c.execute_batch("CREATE TABLE more (x INTEGER)"))
}

fn go_on_after_a_failed_statement(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    database.write(&mut |c| {
        c.execute_batch("SAVEPOINT step")?;
        let again = c.insert(INSERT_ITEM, &[Param::Text("a"), Param::Integer(2)]);
        fails("again", again, "storage.unique")?;
        c.execute_batch("ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step")?;
        c.insert(INSERT_ITEM, &[Param::Text("b"), Param::Integer(2)]).map(|_| ())
    })?;
    equal("the rest is kept", count(database)?, Some(2))
}

fn nested(database: &dyn Database) -> Result<()> {
    items(database, &[])?;
    let inner_calls = || -> Result<()> {
        let read = database.read(ReadMode::Statement, &mut |_| Ok(()));
        fails("read inside", read, "storage.nested")?;
        fails("write inside", database.write(&mut |_| Ok(())), "storage.nested")?;
        fails("close inside", database.close(), "storage.nested")?;
        fails("check inside", database.integrity_check(), "storage.nested").map(|_| ())
    };
    database.write(&mut |_| inner_calls())?;
    for mode in [ReadMode::Statement, ReadMode::Snapshot] {
        database.read(mode, &mut |_| inner_calls())?;
    }
    equal("still open", count(database)?, Some(0))
}

fn no_change_in_a_read(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    for mode in [ReadMode::Statement, ReadMode::Snapshot, ReadMode::Scratch] {
        let insert = [Param::Text("b"), Param::Integer(2)];
        let result = database.read(mode, &mut |c| c.execute(INSERT_ITEM, &insert).map(|_| ()));
        fails("execute", result, "storage.read_only")?;
        let result =
            database.read(mode, &mut |c| number(c, "DELETE FROM item RETURNING amount", &[]).map(|_| ()));
        fails("query", result, "storage.read_only")?;
        let result = database.read(mode, &mut |c| c.execute_batch("CREATE TABLE more (x INTEGER)"));
        fails("batch", result, "storage.read_only")?;
    }
    equal("unchanged", count(database)?, Some(1))
}

fn temporary_tables(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1), ("b", 2)])?;
    // Twice, so that what the first read leaves behind would be met by the second.
    for _ in 0..2 {
        database.read(ReadMode::Scratch, &mut |c| {
            let temp = c.dialect().temporary();
            c.execute_batch("CREATE TEMP TABLE pick (item INTEGER PRIMARY KEY)")?;
            c.execute(
                "INSERT INTO pick (item) SELECT row_id FROM item WHERE amount > ?1",
                &[Param::Integer(1)],
            )?;
            let found = number(c, "SELECT amount FROM item JOIN pick ON item = row_id", &[])?;
            equal("joined", found, Some(2))?;
            c.execute_batch(&format!("DROP TABLE {temp}pick"))
        })?;
    }
    Ok(())
}

fn format_version(database: &dyn Database) -> Result<()> {
    let read = || {
        let mut version = 0;
        database.read(ReadMode::Statement, &mut |c| {
            version = c.format_version()?;
            Ok(())
        })?;
        Ok::<_, CrmError>(version)
    };
    equal("fresh", read()?, 0)?;
    database.write(&mut |c| c.set_format_version(7))?;
    equal("set", read()?, 7)?;
    let result = database.write(&mut |c| {
        c.set_format_version(8)?;
        equal("inside", c.format_version()?, 8)?;
        Err(CrmError::invalid("test.mine", "is mine"))
    });
    fails("own error", result, "test.mine")?;
    equal("rolled back", read()?, 7)
}

#[cfg(not(target_arch = "wasm32"))]
fn roll_back_on_panic(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    let unwound = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        database.write(&mut |c| {
            c.insert(INSERT_ITEM, &[Param::Text("b"), Param::Integer(2)])?;
            // Unlike `panic!`, this does not call the hook that prints.
            std::panic::resume_unwind(Box::new("on purpose"))
        })
    }));
    equal("unwound", unwound.is_err(), true)?;
    equal("nothing kept", count(database)?, Some(1))?;
    database.write(&mut |c| c.insert(INSERT_ITEM, &[Param::Text("b"), Param::Integer(2)]).map(|_| ()))
}

/// A reader keeps its state while somebody writes; a driver with one connection makes the writer wait instead.
#[cfg(not(target_arch = "wasm32"))]
fn snapshot(database: &dyn Database) -> Result<()> {
    use std::sync::mpsc::channel;
    use std::time::Duration;

    items(database, &[("a", 1)])?;
    std::thread::scope(|scope| {
        let (start, started) = channel();
        let (done, finished) = channel();
        let writer = scope.spawn(move || {
            // When the reader fails before its signal there is nothing to do.
            if started.recv().is_err() {
                return Ok(());
            }
            let result = database
                .write(&mut |c| c.insert(INSERT_ITEM, &[Param::Text("b"), Param::Integer(2)]).map(|_| ()));
            // The reader may have stopped waiting.
            let _ = done.send(());
            result
        });
        let read = database.read(ReadMode::Snapshot, &mut |c| {
            equal("before", number(c, COUNT_ITEMS, &[])?, Some(1))?;
            start.send(()).map_err(|_| CrmError::internal("the writer is gone"))?;
            // Either the write was committed by now or it waits for this read to end.
            let _ = finished.recv_timeout(Duration::from_millis(200));
            equal("during", number(c, COUNT_ITEMS, &[])?, Some(1))
        });
        drop(start);
        let write = writer.join().map_err(|_| CrmError::internal("the writer panicked"))?;
        read.and(write)
    })?;
    equal("after", count(database)?, Some(2))
}
