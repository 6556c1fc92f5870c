//! The change of the key of an encrypted database: what it waits for, what it refuses, and what a crash leaves.
#![cfg(feature = "sqlcipher")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::cipher_support::{count, crm, keys, session, words};
use crate::storage_support::Folder;
use crm_core::contacts::Person;
use crm_core::storage::sqlite::{Options, SqliteDatabase};
use crm_core::storage::{Database, DatabaseKey, ReadMode, query_one};
use crm_core::{Crm, ErrorKind};

const OLD: [u8; 32] = [0xA5; 32];
const NEW: [u8; 32] = [0x5A; 32];

fn code<T>(outcome: crm_core::Result<T>) -> String {
    outcome.map(drop).unwrap_err().code().to_owned()
}

#[test]
fn the_new_key_opens_and_the_old_one_does_not() {
    let folder = Folder::new();
    let path = folder.path("crm.db");
    let open = crm(&path, keys(Some(&OLD), Some(&NEW))).unwrap();
    words(&open);
    // Readers are open and have read; they must not go on under the old key.
    assert_eq!(count(&open), 1);
    open.backup(folder.path("before.db")).unwrap();
    open.rekey().unwrap();
    assert_eq!(count(&open), 1);
    words(&open);
    assert_eq!(count(&open), 2);
    assert_eq!(open.integrity_check().unwrap(), Vec::<String>::new());
    open.rekey().unwrap();
    open.backup(folder.path("after.db")).unwrap();
    let bytes = open.export_bytes().unwrap();
    open.close().unwrap();

    for (name, with, other) in [("crm.db", NEW, OLD), ("after.db", NEW, OLD), ("before.db", OLD, NEW)] {
        let path = folder.path(name);
        assert_eq!(code(crm(&path, keys(Some(&other), None))), "storage.key", "{name}");
        let people = if name == "before.db" { 1 } else { 2 };
        assert_eq!(count(&crm(&path, keys(Some(&with), None)).unwrap()), people, "{name}");
    }
    assert_eq!(code(Crm::from_bytes(&bytes, keys(Some(&OLD), None))), "storage.key");
    assert_eq!(count(&Crm::from_bytes(&bytes, keys(Some(&NEW), None)).unwrap()), 2);

    // A provider that has not let the new key take the old one's place yet opens it all the same, and may ask again.
    let open = crm(&path, keys(Some(&OLD), Some(&NEW))).unwrap();
    open.rekey().unwrap();
    assert_eq!(count(&open), 2);
}

#[test]
fn a_database_in_memory_changes_its_key_too() {
    let open = Crm::memory(keys(Some(&OLD), Some(&NEW))).unwrap();
    words(&open);
    let before = open.export_bytes().unwrap();
    open.rekey().unwrap();
    words(&open);
    let after = open.export_bytes().unwrap();
    assert_eq!(count(&Crm::from_bytes(&before, keys(Some(&OLD), None)).unwrap()), 1);
    assert_eq!(count(&Crm::from_bytes(&after, keys(Some(&NEW), None)).unwrap()), 2);
    assert_eq!(code(Crm::from_bytes(&after, keys(Some(&OLD), None))), "storage.key");
}

#[test]
fn what_cannot_change_its_key_says_why() {
    let folder = Folder::new();
    let path = folder.path("crm.db");
    let no_new = crm(&path, keys(Some(&OLD), None)).unwrap();
    assert_eq!(code(no_new.rekey()), "storage.key.next");
    no_new.close().unwrap();
    assert_eq!(code(Crm::memory(keys(None, Some(&NEW))).unwrap().rekey()), "storage.encryption.none");
    assert_eq!(code(Crm::memory(Default::default()).unwrap().rekey()), "storage.key.next");

    let (old, new) = (DatabaseKey::new(&OLD), DatabaseKey::new(&NEW));
    let only_read = Options { read_only: true, ..Options::default() };
    let database = SqliteDatabase::open_with_key(&path, Some(&old), only_read).unwrap();
    assert_eq!(code(database.rekey(&new)), "storage.read_only");
    assert_eq!(database.integrity_check().unwrap(), Vec::<String>::new());
    assert!(database.export().unwrap().len() > 4096);
    database.close().unwrap();
    let database = SqliteDatabase::open_with_key(&path, Some(&old), Options::default()).unwrap();
    let mut inside = None;
    database
        .read(ReadMode::Statement, &mut |_| {
            inside = Some(code(database.rekey(&new)));
            Ok(())
        })
        .unwrap();
    assert_eq!(inside.as_deref(), Some("storage.nested"));
    database.close().unwrap();
    assert_eq!(code(database.rekey(&new)), "storage.closed");
    crm(&path, keys(Some(&OLD), None)).unwrap();
}

/// Reads while the channel does not say anything; says when it is inside.
fn hold(
    database: &SqliteDatabase,
    inside: std::sync::mpsc::Sender<()>,
    release: std::sync::mpsc::Receiver<()>,
) {
    database
        .read(ReadMode::Snapshot, &mut |c| {
            query_one(c, "SELECT COUNT(*) FROM sqlite_schema", &[], |row| row.integer(0))?;
            inside.send(()).unwrap();
            release.recv().unwrap();
            // The snapshot is still whole.
            query_one(c, "SELECT COUNT(*) FROM sqlite_schema", &[], |row| row.integer(0)).map(drop)
        })
        .unwrap();
}

#[test]
fn a_reader_is_waited_for_and_then_given_up() {
    let folder = Folder::new();
    let path = folder.path("crm.db");
    let (old, new) = (DatabaseKey::new(&OLD), DatabaseKey::new(&NEW));
    let options = Options { busy_timeout_ms: 200, ..Options::default() };
    let database = SqliteDatabase::open_with_key(&path, Some(&old), options).unwrap();
    database.write(&mut |c| c.execute_batch("CREATE TABLE a (x)")).unwrap();
    let reads = || {
        database.read(ReadMode::Statement, &mut |c| c.query("SELECT x FROM a", &[], &mut |_| unreachable!()))
    };
    std::thread::scope(|scope| {
        let ((inside, entered), (release, released)) = (channel(), channel());
        let held = scope.spawn(|| hold(&database, inside, released));
        entered.recv().unwrap();
        let error = database.rekey(&new).unwrap_err();
        assert_eq!((error.code(), error.kind()), ("storage.busy", ErrorKind::Busy));
        reads().unwrap();
        database.write(&mut |c| c.execute_batch("CREATE TABLE b (x)")).unwrap();
        release.send(()).unwrap();
        held.join().unwrap();
    });
    std::thread::scope(|scope| {
        let ((inside, entered), (release, released)) = (channel(), channel());
        scope.spawn(|| hold(&database, inside, released));
        entered.recv().unwrap();
        let changed = scope.spawn(|| database.rekey(&new));
        std::thread::sleep(Duration::from_millis(50));
        release.send(()).unwrap();
        changed.join().unwrap().unwrap();
    });
    reads().unwrap();
    // An interrupt still reaches the connections, which are all new.
    database.interrupt();
    reads().unwrap();
    database.close().unwrap();
    assert_eq!(code(SqliteDatabase::open_with_key(&path, Some(&old), options)), "storage.key");
    SqliteDatabase::open_with_key(&path, Some(&new), options).unwrap();
}

/// Another handle, in this process or another, would go on under the old key.
#[test]
fn another_handle_is_in_the_way() {
    let folder = Folder::new();
    let path = folder.path("crm.db");
    let mut config = keys(Some(&OLD), Some(&NEW));
    config.sqlite.busy_timeout_ms = 100;
    let first = crm(&path, config.clone()).unwrap();
    words(&first);
    let second = crm(&path, config.clone()).unwrap();
    assert_eq!(count(&second), 1);
    assert_eq!(code(first.rekey()), "storage.busy");
    words(&second);
    words(&first);
    assert_eq!((count(&first), count(&second)), (3, 3));
    second.close().unwrap();
    first.rekey().unwrap();
    assert_eq!(count(&first), 3);
    first.close().unwrap();
    assert_eq!(code(crm(&path, keys(Some(&OLD), None))), "storage.key");
}

/// Not a test of its own: the program that [`a_crash_leaves_the_file_under_one_of_the_keys`] kills.
#[test]
#[ignore = "started by another test"]
fn changes_its_key_again_and_again() {
    let path = std::env::var_os("CRM_REKEY_PATH").expect("started by another test");
    let (mut from, mut to) = (OLD, NEW);
    loop {
        let open = crm(Path::new(&path), keys(Some(&from), Some(&to))).unwrap();
        open.rekey().unwrap();
        open.close().unwrap();
        (from, to) = (to, from);
    }
}

#[test]
fn a_crash_leaves_the_file_under_one_of_the_keys() {
    let folder = Folder::new();
    let path = folder.path("crm.db");
    let open = crm(&path, keys(Some(&OLD), None)).unwrap();
    let people = (0..2000).map(|n| Person { family_name: Some(format!("Person {n}")), ..Person::default() });
    for outcome in session(&open).people().create_all(people.collect()).unwrap() {
        outcome.unwrap();
    }
    open.close().unwrap();
    let mut found = [0, 0];
    let mut cut_off = 0;
    for round in 0..24 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "rekey::changes_its_key_again_and_again", "--ignored"])
            .env("CRM_REKEY_PATH", &path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(60 + 37 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        // What the crash left, beside the file itself.
        cut_off +=
            usize::from(folder.contents().iter().any(|(name, bytes)| name != "crm.db" && !bytes.is_empty()));
        let open = crm(&path, keys(Some(&OLD), Some(&NEW))).unwrap();
        assert_eq!(open.integrity_check().unwrap(), Vec::<String>::new(), "round {round}");
        assert_eq!(count(&open), 2000, "round {round}");
        assert!(session(&open).journal().verify().unwrap().is_sound());
        open.close().unwrap();
        let under_new = crm(&path, keys(Some(&NEW), None)).is_ok();
        found[usize::from(under_new)] += 1;
        // The next round begins with the old key, as the child does.
        if under_new {
            let back = crm(&path, keys(Some(&NEW), Some(&OLD))).unwrap();
            back.rekey().unwrap();
            back.close().unwrap();
        }
    }
    assert!(found[0] > 0 && found[1] > 0, "both keys were met: {found:?}");
    assert!(cut_off > 5, "the work was cut off only {cut_off} times");
    assert!(!fs::read(&path).unwrap().starts_with(b"SQLite format 3"));
}
