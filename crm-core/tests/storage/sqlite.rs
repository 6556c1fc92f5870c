//! SQLite files: what is refused, who waits for whom, and what stays on the disk.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::storage_support::Folder;
use crm_core::storage::sqlite::{Options, SqliteDatabase, Synchronous};
use crm_core::storage::{Connection, Database, Param, ReadMode, query_all, query_one};
use crm_core::{ErrorKind, Result};

const SCHEMA: &str = "CREATE TABLE item (row_id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount INTEGER NOT NULL) \
                      STRICT; CREATE INDEX item_name ON item (name)";
const INSERT: &str = "INSERT INTO item (name, amount) VALUES (?1, ?2)";

fn insert(c: &dyn Connection, name: &str, amount: i64) -> Result<i64> {
    c.insert(INSERT, &[Param::Text(name), Param::Integer(amount)])
}

fn open(path: &std::path::Path) -> SqliteDatabase {
    SqliteDatabase::open(path, Options::default()).unwrap()
}

/// A file with the table and so many rows.
fn filled(path: &std::path::Path, rows: i64) -> SqliteDatabase {
    let database = open(path);
    database
        .write(&mut |c| {
            c.execute_batch(SCHEMA)?;
            c.set_format_version(3)?;
            (0..rows).try_for_each(|row| insert(c, &format!("row {row}"), row).map(|_| ()))
        })
        .unwrap();
    database
}

fn count(database: &dyn Database) -> i64 {
    let mut found = None;
    database
        .read(ReadMode::Statement, &mut |c| {
            found = query_one(c, "SELECT COUNT(*) FROM item", &[], |row| row.integer(0))?.flatten();
            Ok(())
        })
        .unwrap();
    found.unwrap()
}

fn contains(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn a_refused_file_stays_as_it_was() {
    let foreign = |sql: &str| {
        let folder = Folder::new();
        rusqlite::Connection::open(folder.path("x")).unwrap().execute_batch(sql).unwrap();
        fs::read(folder.path("x")).unwrap()
    };
    let whole = {
        let folder = Folder::new();
        filled(&folder.path("x"), 500).close().unwrap();
        fs::read(folder.path("x")).unwrap()
    };
    let mut damaged = whole.clone();
    damaged[100..200].fill(0xAA);
    for (what, bytes, code) in [
        ("newer", whole.clone(), "storage.newer_version"),
        ("garbage", b"not a database at all. ".repeat(100), "storage.not_a_database"),
        ("short", b"hello".to_vec(), "storage.not_a_database"),
        ("foreign", foreign("CREATE TABLE a (x); PRAGMA user_version = 1"), "storage.not_ours"),
        ("foreign number", foreign("PRAGMA application_id = 5; CREATE TABLE a (x)"), "storage.not_ours"),
        ("cut off", whole[..whole.len() / 2].to_vec(), "storage.corrupt"),
        ("damaged", damaged, "storage.corrupt"),
    ] {
        let folder = Folder::new();
        fs::write(folder.path("crm.db"), bytes).unwrap();
        let before = folder.contents();
        let supported = if what == "newer" { 2 } else { 3 };
        let options = Options { supported, ..Options::default() };
        let error = SqliteDatabase::open(folder.path("crm.db"), options).unwrap_err();
        assert_eq!(error.code(), code, "{what}");
        assert!(folder.contents() == before, "{what} was touched");
        let error = SqliteDatabase::from_bytes(&before[0].1, options).unwrap_err();
        assert_eq!(error.code(), code, "{what} as bytes");
    }
}

#[test]
fn a_newer_number_that_is_still_in_the_log_is_found() {
    let folder = Folder::new();
    let database = filled(&folder.path("a.db"), 1);
    database.checkpoint().unwrap();
    database.write(&mut |c| c.set_format_version(9)).unwrap();
    fs::copy(folder.path("a.db"), folder.path("b.db")).unwrap();
    fs::copy(folder.path("a.db-wal"), folder.path("b.db-wal")).unwrap();
    let before = [fs::read(folder.path("b.db")).unwrap(), fs::read(folder.path("b.db-wal")).unwrap()];
    let error = SqliteDatabase::open(folder.path("b.db"), Options { supported: 8, ..Options::default() })
        .unwrap_err();
    assert_eq!((error.code(), error.kind()), ("storage.newer_version", ErrorKind::Incompatible));
    assert_eq!(error.details()["found"], 9);
    let after = [fs::read(folder.path("b.db")).unwrap(), fs::read(folder.path("b.db-wal")).unwrap()];
    assert!(before == after);
}

#[test]
fn an_empty_file_is_a_fresh_database() {
    let folder = Folder::new();
    fs::write(folder.path("crm.db"), b"").unwrap();
    filled(&folder.path("crm.db"), 2).close().unwrap();
    assert_eq!(count(&open(&folder.path("crm.db"))), 2);
}

#[test]
fn places_without_a_file_are_refused() {
    let folder = Folder::new();
    for (path, code) in [
        (folder.path("no folder/crm.db"), "storage.io"),
        (folder.path(""), "storage.io"),
        ("/proc/crm.db".into(), "storage.io"),
        (":memory:".into(), "storage.path"),
        ("".into(), "storage.path"),
    ] {
        let error = SqliteDatabase::open(&path, Options::default()).unwrap_err();
        assert_eq!(error.code(), code, "{}", path.display());
    }
    let missing = Options { read_only: true, ..Options::default() };
    assert_eq!(SqliteDatabase::open(folder.path("none.db"), missing).unwrap_err().code(), "storage.io");
    assert!(folder.contents().is_empty());
}

#[test]
fn settings_are_in_force() {
    let folder = Folder::new();
    let full = Options { synchronous: Synchronous::Full, cache_kib: 2048, ..Options::default() };
    for (database, journal, synchronous) in [
        (SqliteDatabase::open(folder.path("crm.db"), full).unwrap(), "wal", "2"),
        (SqliteDatabase::memory(full).unwrap(), "memory", "2"),
        (open(&folder.path("normal.db")), "wal", "1"),
    ] {
        let settings = database.settings().unwrap();
        for (name, expected) in [
            ("journal_mode", journal),
            ("synchronous", synchronous),
            ("foreign_keys", "1"),
            ("trusted_schema", "0"),
            ("secure_delete", "1"),
            ("temp_store", "2"),
            ("recursive_triggers", "1"),
            ("cell_size_check", "1"),
            ("busy_timeout", "5000"),
            ("application_id", "1129467185"),
            ("query_planner_stability", "1"),
            ("defensive", "1"),
            ("double_quoted_strings", "0"),
        ] {
            let found = settings.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str());
            assert_eq!(found, Some(expected), "{name}");
        }
    }
}

#[test]
fn a_second_handle_waits_and_gives_up() {
    let folder = Folder::new();
    let first = filled(&folder.path("crm.db"), 1);
    let patience = |busy_timeout_ms| {
        SqliteDatabase::open(folder.path("crm.db"), Options { busy_timeout_ms, ..Options::default() })
            .unwrap()
    };
    let (hurried, waiting, patient) = (patience(50), patience(60_000), patience(60_000));
    std::thread::scope(|scope| {
        let (release, released) = channel::<()>();
        let (hold, held) = channel();
        let first = &first;
        scope.spawn(move || {
            first.write(&mut |c| {
                insert(c, "first", 1)?;
                hold.send(()).unwrap();
                released.recv().unwrap();
                Ok(())
            })
        });
        held.recv().unwrap();
        let mut write = |c: &dyn Connection| insert(c, "second", 1).map(|_| ());
        let error = hurried.write(&mut write).unwrap_err();
        assert_eq!((error.code(), error.kind()), ("storage.busy", ErrorKind::Busy));
        assert_eq!(count(&hurried), 1, "readers do not wait");

        // The wait for somebody else's lock can be interrupted.
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::Acquire) {
                    std::thread::sleep(Duration::from_millis(10));
                    waiting.interrupt();
                }
            });
            let error = waiting.write(&mut write).unwrap_err();
            done.store(true, Ordering::Release);
            assert_eq!(error.code(), "storage.interrupted");
        });

        let later = scope.spawn(|| patient.write(&mut |c| insert(c, "later", 1).map(|_| ())));
        std::thread::sleep(Duration::from_millis(50));
        release.send(()).unwrap();
        later.join().unwrap().unwrap();
    });
    assert_eq!(count(&first), 3);
}

#[test]
fn threads_of_one_handle_wait_for_each_other() {
    let folder = Folder::new();
    for readers in [0, 1, 4] {
        let options = Options { readers, busy_timeout_ms: 60_000, ..Options::default() };
        let path = folder.next("crm.db");
        filled(&path, 0).close().unwrap();
        let database = SqliteDatabase::open(path, options).unwrap();
        let done = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let mut last = 0;
                    while !done.load(Ordering::Acquire) {
                        let mut pair = (0, 0);
                        database
                            .read(ReadMode::Snapshot, &mut |c| {
                                let sum = "SELECT COUNT(*), COALESCE(SUM(amount), 0) FROM item";
                                let read =
                                    || query_one(c, sum, &[], |row| Ok((row.integer(0)?, row.integer(1)?)));
                                let (first, second) = (read()?.unwrap(), read()?.unwrap());
                                assert_eq!(first, second, "a snapshot holds still");
                                pair = (first.0.unwrap(), first.1.unwrap());
                                Ok(())
                            })
                            .unwrap();
                        assert_eq!(pair.1, 0, "a write is seen whole");
                        assert!(pair.0 >= last, "time does not run back");
                        last = pair.0;
                    }
                });
            }
            for amount in 1..=100 {
                database
                    .write(&mut |c| {
                        insert(c, "plus", amount)?;
                        insert(c, "minus", -amount).map(|_| ())
                    })
                    .unwrap();
            }
            done.store(true, Ordering::Release);
        });
        assert_eq!(count(&database), 200);
        database.close().unwrap();
    }
}

#[test]
fn deleted_values_are_gone_from_the_disk() {
    let folder = Folder::new();
    let database = filled(&folder.path("crm.db"), 500);
    let needle = "Needleman-7f3a9";
    database.write(&mut |c| insert(c, needle, 1).map(|_| ())).unwrap();
    assert!(database.checkpoint().unwrap());
    assert!(contains(&fs::read(folder.path("crm.db")).unwrap(), needle));
    let delete = [Param::Text(needle)];
    database.write(&mut |c| c.execute("DELETE FROM item WHERE name = ?1", &delete).map(|_| ())).unwrap();
    assert!(database.checkpoint().unwrap());
    for (name, bytes) in folder.contents() {
        assert!(!contains(&bytes, needle), "{name}");
    }
    assert!(!contains(&database.export().unwrap(), needle));
}

#[test]
fn a_checkpoint_says_when_a_reader_holds_the_log() {
    let folder = Folder::new();
    let database = filled(&folder.path("crm.db"), 1);
    let hurried = Options { busy_timeout_ms: 30, ..Options::default() };
    let other = SqliteDatabase::open(folder.path("crm.db"), hurried).unwrap();
    database
        .read(ReadMode::Snapshot, &mut |c| {
            query_one(c, "SELECT COUNT(*) FROM item", &[], |_| Ok(()))?;
            other.write(&mut |c| insert(c, "later", 1).map(|_| ()))?;
            assert!(!other.checkpoint()?);
            Ok(())
        })
        .unwrap();
    assert!(other.checkpoint().unwrap());
}

#[test]
fn a_full_disk_changes_nothing() {
    for memory in [false, true] {
        let folder = Folder::new();
        let options = Options { max_pages: Some(40), ..Options::default() };
        let database = if memory {
            SqliteDatabase::memory(options).unwrap()
        } else {
            SqliteDatabase::open(folder.path("crm.db"), options).unwrap()
        };
        database.write(&mut |c| c.execute_batch(SCHEMA)).unwrap();
        let text = "x".repeat(3000);
        let mut rows = 0;
        let error = loop {
            match database.write(&mut |c| insert(c, &text, rows).map(|_| ())) {
                Ok(()) => rows += 1,
                Err(error) => break error,
            }
        };
        assert_eq!((error.code(), error.kind()), ("storage.full", ErrorKind::Full));
        assert!(rows > 5);
        assert_eq!(count(&database), rows);

        // A closure that goes on after the failure must not have its later changes committed.
        let swallowed = database.write(&mut |c| {
            let _ = (0..40).try_for_each(|row| insert(c, &text, row).map(|_| ()));
            c.execute("DELETE FROM item", &[])?;
            Ok(())
        });
        assert_eq!(swallowed.unwrap_err().code(), "storage.rolled_back");
        assert_eq!(count(&database), rows);
        assert!(database.integrity_check().unwrap().is_empty());
        database.write(&mut |c| c.execute("DELETE FROM item", &[]).map(|_| ())).unwrap();
        database.write(&mut |c| insert(c, "fits again", 1).map(|_| ())).unwrap();
    }
}

#[test]
fn a_crash_loses_only_what_was_not_committed() {
    let folder = Folder::new();
    // A small cache, so that the open transaction spills into the log.
    let options = Options { cache_kib: 64, ..Options::default() };
    filled(&folder.path("crm.db"), 100).close().unwrap();
    let database = SqliteDatabase::open(folder.path("crm.db"), options).unwrap();
    database.write(&mut |c| insert(c, "committed", 1).map(|_| ())).unwrap();
    let copy = |to: &str| {
        for suffix in ["", "-wal"] {
            fs::copy(folder.path(&format!("crm.db{suffix}")), folder.path(&format!("{to}{suffix}"))).unwrap();
        }
    };
    database
        .write(&mut |c| {
            for row in 0..5000 {
                insert(c, "not committed", row)?;
                if row == 10 {
                    copy("early.db");
                }
            }
            copy("late.db");
            Ok(())
        })
        .unwrap();
    // A log that was cut off in the middle of a page, as after a power cut.
    copy("torn.db");
    let log = fs::read(folder.path("torn.db-wal")).unwrap();
    fs::write(folder.path("torn.db-wal"), &log[..log.len() - 2000]).unwrap();
    for (name, expected) in [("early.db", 101), ("late.db", 101), ("torn.db", 101)] {
        let survivor = open(&folder.path(name));
        assert!(survivor.integrity_check().unwrap().is_empty(), "{name}");
        assert_eq!(count(&survivor), expected, "{name}");
    }
    assert_eq!(count(&database), 5101);
}

#[test]
fn a_backup_is_whole_compact_and_never_overwrites() {
    let folder = Folder::new();
    let database = filled(&folder.path("crm.db"), 1000);
    database
        .write(&mut |c| c.execute("DELETE FROM item WHERE amount >= ?1", &[Param::Integer(10)]).map(|_| ()))
        .unwrap();
    database.backup(&folder.path("copy.db")).unwrap();
    let error = database.backup(&folder.path("copy.db")).unwrap_err();
    assert_eq!(error.code(), "storage.backup.exists");
    assert_eq!(database.backup(&folder.path("none/copy.db")).unwrap_err().code(), "storage.io");
    let copy = fs::read(folder.path("copy.db")).unwrap();
    assert!(copy.len() < fs::read(folder.path("crm.db")).unwrap().len() || copy.len() < 50_000);
    assert!(!contains(&copy, "row 500"));
    let copy =
        SqliteDatabase::open(folder.path("copy.db"), Options { supported: 3, ..Options::default() }).unwrap();
    assert_eq!(count(&copy), 10);
    assert!(copy.integrity_check().unwrap().is_empty());

    let memory = SqliteDatabase::from_bytes(&database.export().unwrap(), Options::default()).unwrap();
    assert_eq!(count(&memory), 10);
    memory.backup(&folder.path("memory.db")).unwrap();
    assert_eq!(count(&open(&folder.path("memory.db"))), 10);
    // The bytes of a file that was closed in log mode open in memory too.
    database.close().unwrap();
    let bytes = fs::read(folder.path("crm.db")).unwrap();
    assert_eq!(count(&SqliteDatabase::from_bytes(&bytes, Options::default()).unwrap()), 10);
}

#[test]
fn damage_and_orphans_are_found() {
    let folder = Folder::new();
    filled(&folder.path("crm.db"), 2000).close().unwrap();
    let raw = rusqlite::Connection::open(folder.path("crm.db")).unwrap();
    raw.execute_batch(
        "PRAGMA foreign_keys = OFF; CREATE TABLE part (item INTEGER REFERENCES item (row_id));
         INSERT INTO part VALUES (99999); PRAGMA wal_checkpoint(TRUNCATE)",
    )
    .unwrap();
    drop(raw);
    let database = open(&folder.path("crm.db"));
    assert_eq!(database.integrity_check().unwrap(), ["foreign key: part, row 1 points at no row of item"]);
    database.close().unwrap();

    let mut bytes = fs::read(folder.path("crm.db")).unwrap();
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 4096].fill(0x55);
    fs::write(folder.path("crm.db"), bytes).unwrap();
    assert!(!open(&folder.path("crm.db")).integrity_check().unwrap().is_empty());
}

#[test]
fn a_file_that_is_only_read() {
    let folder = Folder::new();
    filled(&folder.path("crm.db"), 5).close().unwrap();
    let options = Options { read_only: true, ..Options::default() };
    let database = SqliteDatabase::open(folder.path("crm.db"), options).unwrap();
    assert_eq!(count(&database), 5);
    assert_eq!(database.write(&mut |_| Ok(())).unwrap_err().code(), "storage.read_only");
    database.close().unwrap();
}

#[test]
fn closing_waits_then_interrupts() {
    let folder = Folder::new();
    let options = Options { busy_timeout_ms: 100, ..Options::default() };
    filled(&folder.path("crm.db"), 5).close().unwrap();
    let database = SqliteDatabase::open(folder.path("crm.db"), options).unwrap();
    let long = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 500000000) \
                SELECT COUNT(*) FROM n";
    std::thread::scope(|scope| {
        let (inside, entered) = channel();
        let database = &database;
        let reader = scope.spawn(move || {
            database.read(ReadMode::Statement, &mut |c| {
                inside.send(()).unwrap();
                query_all(c, long, &[], |row| row.integer(0)).map(|_| ())
            })
        });
        entered.recv().unwrap();
        database.close().unwrap();
        assert_eq!(reader.join().unwrap().unwrap_err().code(), "storage.interrupted");
    });
    assert_eq!(database.read(ReadMode::Statement, &mut |_| Ok(())).unwrap_err().code(), "storage.closed");
    let names: Vec<_> = folder.contents().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["crm.db"], "neither log nor index is left");
}
