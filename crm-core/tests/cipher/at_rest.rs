//! Encryption at rest: what a key opens and what not, what lies on the disk, and how the key is changed.
#![cfg(feature = "sqlcipher")]

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use crate::cipher_support::{crm, keys, settings_of, words};
use crate::storage_support::Folder;
use crm_core::Crm;
use crm_core::storage::sqlite::{Options, SqliteDatabase};
use crm_core::storage::{Database, DatabaseKey, conformance};

const KEY: [u8; 32] = [0xA5; 32];
const OTHER: [u8; 32] = [0x5A; 32];

fn key() -> DatabaseKey {
    DatabaseKey::new(&KEY)
}

fn conforms(make: &dyn Fn() -> crm_core::Result<SqliteDatabase>) {
    let passed = conformance::run(&|| {
        let database = make()?;
        assert!(database.is_encrypted());
        Ok(Box::new(database))
    })
    .unwrap();
    assert!(passed.len() >= 35, "{passed:?}");
}

#[test]
fn every_way_to_have_an_encrypted_database_conforms() {
    let folder = Folder::new();
    let one = Options { readers: 0, ..Options::default() };
    let empty = SqliteDatabase::memory_with_key(Some(&key()), Options::default()).unwrap().export().unwrap();
    for options in [Options::default(), one] {
        conforms(&|| SqliteDatabase::open_with_key(folder.next("a.db"), Some(&key()), options));
    }
    conforms(&|| SqliteDatabase::memory_with_key(Some(&key()), Options::default()));
    conforms(&|| SqliteDatabase::from_bytes_with_key(&empty, Some(&key()), Options::default()));
}

#[test]
fn shared_vectors_pass_over_an_encrypted_file() {
    let folder = Folder::new();
    let (mut passed, mut failures) = (0, Vec::new());
    for file in crate::vector_support::files() {
        for case in &file.cases {
            let path = folder.next("vector.db");
            let more = BTreeMap::from([
                ("database_key", serde_json::json!("a5".repeat(32))),
                ("path", serde_json::json!(path)),
            ]);
            match case.run_with(&more) {
                Ok(()) => passed += 1,
                Err(problem) => failures.push(format!("{}: {}: {problem}", file.path, case.name)),
            }
            // A case that expects an error of the options may have no file.
            if let Ok(bytes) = fs::read(&path) {
                assert!(!bytes.starts_with(b"SQLite format 3"), "{}: {}", file.path, case.name);
                fs::remove_file(&path).unwrap();
            }
        }
    }
    assert!(failures.is_empty(), "{} vectors failed:\n{}", failures.len(), failures.join("\n"));
    assert!(passed >= 150, "{passed} vectors");
}

#[test]
fn what_does_not_open_says_why_and_stays_as_it_was() {
    let encrypted = |with: &[u8; 32]| {
        let folder = Folder::new();
        crm(&folder.path("x"), keys(Some(with), None)).unwrap().close().unwrap();
        fs::read(folder.path("x")).unwrap()
    };
    let plain = {
        let folder = Folder::new();
        crm(&folder.path("x"), keys(None, None)).unwrap().close().unwrap();
        fs::read(folder.path("x")).unwrap()
    };
    let whole = encrypted(&KEY);
    let mut flipped = whole.clone();
    flipped[200] ^= 1;
    for (what, bytes, with, code) in [
        ("wrong key", whole.clone(), Some(&OTHER), "storage.key"),
        ("no key", whole.clone(), None, "storage.key.missing"),
        ("plain", plain, Some(&KEY), "storage.encryption.plain"),
        ("text", b"not a database at all. ".repeat(400), Some(&KEY), "storage.not_a_database"),
        ("text without a key", b"not a database at all. ".repeat(400), None, "storage.not_a_database"),
        ("less than a page", whole[..4000].to_vec(), Some(&KEY), "storage.not_a_database"),
        ("very short", b"hello".to_vec(), Some(&KEY), "storage.not_a_database"),
        ("cut off", whole[..whole.len() / 8192 * 4096].to_vec(), Some(&KEY), "storage.corrupt"),
        // What authenticates the first page is all that tells a right key from a wrong one.
        ("first page damaged", flipped, Some(&KEY), "storage.key"),
    ] {
        let folder = Folder::new();
        fs::write(folder.path("crm.db"), bytes).unwrap();
        let before = folder.contents();
        let error = crm(&folder.path("crm.db"), keys(with, None)).map(drop).unwrap_err();
        assert_eq!(error.code(), code, "{what}");
        assert!(!error.to_json().to_string().contains("a5a5"), "{what} tells the key");
        assert!(folder.contents() == before, "{what} was touched");
        let error = Crm::from_bytes(&before[0].1, keys(with, None)).map(drop).unwrap_err();
        assert_eq!(error.code(), code, "{what} as bytes");
    }
}

#[test]
fn a_wrong_key_does_not_touch_a_log() {
    let folder = Folder::new();
    let open = crm(&folder.path("a.db"), keys(Some(&KEY), None)).unwrap();
    words(&open);
    fs::copy(folder.path("a.db"), folder.path("b.db")).unwrap();
    fs::copy(folder.path("a.db-wal"), folder.path("b.db-wal")).unwrap();
    let read = || ["b.db", "b.db-wal"].map(|name| fs::read(folder.path(name)).unwrap());
    let before = read();
    let error = crm(&folder.path("b.db"), keys(Some(&OTHER), None)).map(drop).unwrap_err();
    assert_eq!(error.code(), "storage.key");
    assert!(read() == before);
    let copy = crm(&folder.path("b.db"), keys(Some(&KEY), None)).unwrap();
    assert_eq!(crate::cipher_support::count(&copy), 1);
}

/// What stands in the files is what a thief reads, so every file is read at every moment at which it could be there.
#[test]
fn nothing_in_any_file_can_be_read() {
    let folder = Folder::new();
    let open = crm(&folder.path("crm.db"), keys(Some(&KEY), None)).unwrap();
    let words = words(&open);
    let scan = |when: &str, wanted: &[&str]| {
        let files = folder.contents();
        for name in wanted {
            assert!(files.iter().any(|(found, bytes)| found == name && !bytes.is_empty()), "{when}: {name}");
        }
        for (name, bytes) in &files {
            assert!(!bytes.starts_with(b"SQLite format 3"), "{when}: the header of {name}");
            for word in &words {
                let found = bytes.windows(word.len()).any(|window| window == word);
                assert!(!found, "{when}: {name} holds {:?}", String::from_utf8_lossy(word));
            }
        }
    };
    scan("while it is open", &["crm.db", "crm.db-wal", "crm.db-shm"]);
    open.database().checkpoint().unwrap();
    scan("after a checkpoint", &["crm.db"]);
    open.backup(folder.path("backup.db")).unwrap();
    fs::write(folder.path("export.db"), open.export_bytes().unwrap()).unwrap();
    scan("with copies", &["backup.db", "export.db"]);
    open.close().unwrap();
    scan("closed", &["crm.db"]);

    // The same words are found where there is no key, so the scan can find them.
    let plain = Crm::memory(keys(None, None)).unwrap();
    assert_eq!(crate::cipher_support::words(&plain), words);
    let bytes = plain.export_bytes().unwrap();
    for word in &words {
        assert!(
            bytes.windows(word.len()).any(|window| window == word),
            "{:?}",
            String::from_utf8_lossy(word)
        );
    }
}

/// A database that began without a key gets one by a copy, and loses it by one.
#[test]
fn a_plain_file_is_encrypted_by_copying_it() {
    let folder = Folder::new();
    let plain = crm(&folder.path("plain.db"), keys(None, None)).unwrap();
    let words = words(&plain);
    let head = crate::cipher_support::session(&plain).journal().head().unwrap();
    let copy = |from: &Crm, to: &str, key: Option<&[u8; 32]>| {
        let target = crm(&folder.path(to), keys(key, None)).unwrap();
        from.copy_to(&target, &mut |_| ControlFlow::Continue(())).unwrap();
        assert_eq!(crate::cipher_support::session(&target).journal().head().unwrap(), head);
        target.database().checkpoint().unwrap();
        target
    };
    let encrypted = copy(&plain, "encrypted.db", Some(&KEY));
    let holds = |name: &str, word: &[u8]| {
        let bytes = fs::read(folder.path(name)).unwrap();
        bytes.windows(word.len()).any(|window| window == word)
    };
    assert!(words.iter().all(|word| !holds("encrypted.db", word)));
    copy(&encrypted, "decrypted.db", None);
    assert!(words.iter().all(|word| holds("decrypted.db", word)));
}

/// Where the file system has no shared memory, there is a rollback journal instead of a log.
#[test]
fn a_rollback_journal_cannot_be_read_and_rolls_back() {
    let folder = Folder::new();
    let path = folder.path("crm.db");
    let open = crm(&path, keys(Some(&KEY), None)).unwrap();
    let words = words(&open);
    open.close().unwrap();
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(&format!("PRAGMA key = \"x'{}'\"; PRAGMA journal_mode = DELETE", "a5".repeat(32)))
        .unwrap();
    // A cache of one page writes pages, and the journal before them, in the middle of the transaction.
    raw.execute_batch(
        "PRAGMA cache_size = 1; BEGIN; UPDATE person SET family_name = 'Overwritten'; DELETE FROM crm_value",
    )
    .unwrap();
    raw.execute_batch(
        "CREATE TABLE filler (x); INSERT INTO filler SELECT hex(randomblob(2000)) FROM crm_journal, person",
    )
    .unwrap();
    raw.cache_flush().unwrap();
    let journal = fs::read(folder.path("crm.db-journal")).unwrap();
    assert!(journal.len() > 4096, "{}", journal.len());
    for word in &words {
        assert!(!journal.windows(word.len()).any(|window| window == word));
    }
    // A crash: the file and its journal as they are now.
    for suffix in ["", "-journal"] {
        fs::copy(folder.path(&format!("crm.db{suffix}")), folder.path(&format!("crashed.db{suffix}")))
            .unwrap();
    }
    let crashed = crm(&folder.path("crashed.db"), keys(Some(&KEY), None)).unwrap();
    assert_eq!(crate::cipher_support::count(&crashed), 1, "the transaction was taken back");
    assert_eq!(crashed.integrity_check().unwrap(), Vec::<String>::new());
}

#[test]
fn settings_tell_of_the_cipher_and_not_of_the_key() {
    let folder = Folder::new();
    let open = crm(&folder.path("crm.db"), keys(Some(&KEY), None)).unwrap();
    let settings = settings_of(&open);
    for (name, expected) in [
        ("cipher_page_size", "4096"),
        ("cipher_use_hmac", "1"),
        ("cipher_hmac_algorithm", "HMAC_SHA512"),
        ("cipher_kdf_algorithm", "PBKDF2_HMAC_SHA512"),
        ("cipher_plaintext_header_size", "0"),
        ("cipher_provider", "openssl"),
        ("page_size", "4096"),
        ("temp_store", "2"),
        ("journal_mode", "wal"),
        ("secure_delete", "1"),
    ] {
        assert_eq!(settings.get(name).map(String::as_str), Some(expected), "{name}");
    }
    assert!(settings["cipher_version"].starts_with("4."), "{settings:?}");
    assert!(settings.values().all(|value| !value.to_lowercase().contains("a5a5")), "{settings:?}");
    assert!(!format!("{:?}", keys(Some(&KEY), None).keys.map(|_| ())).contains("165"));
    let plain = settings_of(&Crm::memory(keys(None, None)).unwrap());
    assert!(!plain.contains_key("cipher_version"));
}

#[test]
fn copies_open_with_the_same_key_and_no_other() {
    let folder = Folder::new();
    let open = crm(&folder.path("crm.db"), keys(Some(&KEY), None)).unwrap();
    words(&open);
    open.backup(folder.path("backup.db")).unwrap();
    let bytes = open.export_bytes().unwrap();
    let error = crm(&folder.path("backup.db"), keys(Some(&OTHER), None)).map(drop).unwrap_err();
    assert_eq!(error.code(), "storage.key");
    let file = fs::read(folder.path("backup.db")).unwrap();
    for (what, bytes) in [("export", bytes), ("backup", file)] {
        let copy = Crm::from_bytes(&bytes, keys(Some(&KEY), None)).unwrap();
        assert_eq!(crate::cipher_support::count(&copy), 1, "{what}");
        let again = Crm::from_bytes(&copy.export_bytes().unwrap(), keys(Some(&KEY), None)).unwrap();
        assert_eq!(crate::cipher_support::count(&again), 1, "{what} of a copy");
        copy.backup(folder.next("again.db")).unwrap();
    }
    let backup = crm(&folder.path("backup.db"), keys(Some(&KEY), None)).unwrap();
    assert_eq!(crate::cipher_support::count(&backup), 1);
    assert_eq!(open.backup(folder.path("backup.db")).unwrap_err().code(), "storage.backup.exists");
}

/// A file that was closed without being brought back from its log is what lies on most disks.
#[test]
fn the_bytes_of_a_file_open_in_memory() {
    let folder = Folder::new();
    let open = crm(&folder.path("crm.db"), keys(Some(&KEY), None)).unwrap();
    words(&open);
    open.close().unwrap();
    let bytes = fs::read(folder.path("crm.db")).unwrap();
    let copy = Crm::from_bytes(&bytes, keys(Some(&KEY), None)).unwrap();
    assert_eq!(crate::cipher_support::count(&copy), 1);
    words(&copy);
    assert_eq!(crate::cipher_support::count(&copy), 2);
}

#[test]
fn a_flipped_bit_in_any_page_is_found() {
    let folder = Folder::new();
    let path = folder.path("crm.db");
    let open = crm(&path, keys(Some(&KEY), None)).unwrap();
    words(&open);
    assert_eq!(open.integrity_check().unwrap(), Vec::<String>::new());
    open.close().unwrap();
    let whole = fs::read(&path).unwrap();
    for page in (1..whole.len() / 4096).step_by(7) {
        let mut bytes = whole.clone();
        bytes[page * 4096 + 1234] ^= 0x10;
        fs::write(&path, bytes).unwrap();
        let database = SqliteDatabase::open_with_key(&path, Some(&key()), Options::default());
        let found = database.and_then(|database| database.integrity_check());
        match found {
            Ok(found) => assert!(!found.is_empty(), "page {page}"),
            Err(error) => assert_eq!(error.code(), "storage.corrupt", "page {page}"),
        }
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(crm(&path, keys(Some(&KEY), None)).unwrap().integrity_check().unwrap(), Vec::<String>::new());
}

#[test]
fn a_driver_that_does_not_encrypt_is_refused_a_key() {
    let plain = SqliteDatabase::memory(Options::default()).unwrap();
    let error = Crm::on(Box::new(plain), keys(Some(&KEY), None)).map(drop).unwrap_err();
    assert_eq!(error.code(), "storage.encryption.unsupported");
    let encrypted = SqliteDatabase::memory_with_key(Some(&key()), Options::default()).unwrap();
    Crm::on(Box::new(encrypted), keys(Some(&KEY), None)).unwrap();
    assert!(!Path::new("crm.db").exists());
}
