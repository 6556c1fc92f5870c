//! Encryption at rest by SQLCipher.
//!
//! The file format is SQLCipher's fourth, on every machine: pages of 4 KiB, each encrypted with AES-256-CBC under a random
//! vector of its own and authenticated with HMAC-SHA512, whose key comes from the database's key and the salt that the
//! first 16 bytes of the file are (<https://www.zetetic.net/sqlcipher/design/>). Pages in the log and in the rollback
//! journal are encrypted in the same way; temporary tables stay in memory.

use std::sync::{Arc, Mutex, PoisonError};

#[cfg(feature = "sqlcipher")]
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use zeroize::Zeroizing;

use super::error as sqlite_error;
use super::maintenance;
use super::open::not_taken;
use crate::error::Result;
use crate::storage::{DatabaseKey, error};

/// Whether this build encrypts. Where it does not, nothing below is reached, and the compiler leaves it out.
const AVAILABLE: bool = cfg!(feature = "sqlcipher");

/// The bytes of a page, which is also the least that an encrypted file has.
pub(super) const PAGE_BYTES: usize = 4096;

/// What makes files the same everywhere, as SQLCipher reads it back.
const FORMAT: [(&str, &str); 5] = [
    ("cipher_page_size", "4096"),
    ("cipher_use_hmac", "1"),
    ("cipher_hmac_algorithm", "HMAC_SHA512"),
    ("cipher_kdf_algorithm", "PBKDF2_HMAC_SHA512"),
    ("cipher_plaintext_header_size", "0"),
];

fn running<T>(result: rusqlite::Result<T>) -> Result<T> {
    result.map_err(|failure| sqlite_error::running(&failure))
}

/// The key in force, which connections that are opened later need, too. Empty for a plain database.
#[derive(Clone, Default)]
pub(super) struct KeyInForce(Arc<Mutex<Option<DatabaseKey>>>);

impl KeyInForce {
    /// Begins with this key.
    ///
    /// # Errors
    /// `storage.encryption.unsupported` for a key that this build can do nothing with.
    pub(super) fn new(key: Option<&DatabaseKey>) -> Result<Self> {
        if key.is_some() && !AVAILABLE {
            return Err(error::encryption_unsupported());
        }
        Ok(Self(Arc::new(Mutex::new(key.cloned()))))
    }

    /// The key, `None` for a plain database.
    pub(super) fn get(&self) -> Option<DatabaseKey> {
        if !AVAILABLE {
            return None;
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts another key in force.
    pub(super) fn set(&self, key: &DatabaseKey) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(key.clone());
    }
}

/// Refuses what cannot be read with what was given, before anything else looks at it. `start` holds the first page, or
/// all of a shorter file.
pub(super) fn check_start(start: &[u8], key: Option<&DatabaseKey>) -> Result<()> {
    let plain = start.starts_with(b"SQLite format 3\0");
    match key {
        None if !plain && looks_encrypted(start) => Err(error::key_missing()),
        Some(_) if plain => Err(error::plain_file()),
        Some(_) if !looks_encrypted(start) => Err(error::not_a_database()),
        _ => Ok(()),
    }
}

/// Whether a first page could be encrypted. It is then no different from random bytes, of which 4,096 have all 256 values
/// but one or none; texts, pictures and programs have far fewer. What is compressed passes, and no key will open it.
fn looks_encrypted(start: &[u8]) -> bool {
    let Some(page) = start.get(..PAGE_BYTES) else { return false };
    let mut seen = [false; 256];
    for &byte in page {
        seen[usize::from(byte)] = true;
    }
    seen.iter().filter(|&&seen| seen).count() >= 250
}

/// Gives a connection that was just opened its key, and sees that the key opens the database.
///
/// # Errors
/// `storage.key` when it does not.
#[cfg(any(feature = "sqlcipher", not(target_arch = "wasm32")))]
pub(super) fn unlock(connection: &Connection, key: &DatabaseKey) -> Result<()> {
    give_key(connection, key)?;
    see_that_it_opens(connection)
}

/// The same for a database that only one connection can have, in memory or in a browser, and that may be a copy of a file
/// which has a log. The mark of the log stands in an encrypted page, where only SQLite can take it away; without
/// shared memory it reads such a database only for who has it alone.
pub(super) fn unlock_alone(connection: &Connection, key: &DatabaseKey) -> Result<()> {
    give_key(connection, key)?;
    running(connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE"))?;
    see_that_it_opens(connection)?;
    without_log(connection)
}

fn give_key(connection: &Connection, key: &DatabaseKey) -> Result<()> {
    if !AVAILABLE {
        return Err(error::encryption_unsupported());
    }
    // A SQLite that cannot encrypt takes every one of these pragmas in silence.
    if reading(connection, "cipher_version")?.is_none() {
        return Err(error::encryption_unsupported());
    }
    // It would tell standard error of pages that it cannot read.
    running(connection.execute_batch("PRAGMA cipher_log_level = NONE"))?;
    set_key(connection, "key", key)?;
    running(connection.execute_batch("PRAGMA cipher_compatibility = 4"))?;
    for (name, expected) in FORMAT {
        if reading(connection, name)?.as_deref() != Some(expected) {
            return Err(not_taken(name));
        }
    }
    Ok(())
}

/// The first read decrypts the first page.
fn see_that_it_opens(connection: &Connection) -> Result<()> {
    match connection.query_row("PRAGMA schema_version", [], |row| row.get::<_, i64>(0)) {
        Ok(_) => Ok(()),
        Err(failure) if failure.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            Err(error::wrong_key())
        }
        Err(failure) => Err(sqlite_error::running(&failure)),
    }
}

/// Runs `PRAGMA key` or `PRAGMA rekey`. The key stands in the statement as hexadecimal digits, since these pragmas take no
/// parameters; the text is overwritten afterwards. What SQLite copies of it while it parses, it frees without overwriting.
fn set_key(connection: &Connection, pragma: &str, key: &DatabaseKey) -> Result<()> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";

    // As long as it gets, so that it does not move and leave a copy behind.
    let mut sql = Zeroizing::new(String::with_capacity(128));
    sql.push_str("PRAGMA ");
    sql.push_str(pragma);
    sql.push_str(" = \"x'");
    for byte in key.expose() {
        sql.push(char::from(DIGITS[usize::from(byte >> 4)]));
        sql.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    sql.push_str("'\"");
    running(connection.execute_batch(&sql))
}

/// What a pragma reads back; `None` when this SQLite does not have it.
fn reading(connection: &Connection, name: &str) -> Result<Option<String>> {
    let found = connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0));
    match found {
        Ok(value) => Ok(Some(value)),
        Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
        Err(failure) => Err(sqlite_error::running(&failure)),
    }
}

/// What a diagnosis must know of the encryption. The key is not among it.
pub(super) fn settings(connection: &Connection) -> Result<Vec<(String, String)>> {
    let names = ["cipher_version", "cipher_provider", "cipher_provider_version"];
    let mut settings = Vec::new();
    for name in names.into_iter().chain(FORMAT.map(|(name, _)| name)) {
        if let Some(value) = reading(connection, name)? {
            settings.push((name.to_owned(), value));
        }
    }
    Ok(settings)
}

/// Checks the authentication code of every page in the file; gives the first findings, as many as SQLite's own check does.
pub(super) fn integrity_check(connection: &Connection) -> Result<Vec<String>> {
    // It reads the file past the log, where a change of the key that was cut off has pages under the old key.
    if !running(connection.is_readonly(c"main"))? {
        maintenance::checkpoint(connection)?;
    }
    let mut statement = running(connection.prepare("PRAGMA cipher_integrity_check"))?;
    let lines = running(statement.query_map([], |row| row.get(0)))?;
    running(lines.take(100).collect())
}

/// The bytes of a compact copy, encrypted under the same key. SQLite itself would give out decrypted pages of a file, but
/// of its memory what a disk would hold: so the pages are copied there.
#[cfg(feature = "sqlcipher")]
pub(super) fn export(connection: &Connection, key: &DatabaseKey) -> Result<Vec<u8>> {
    let mut copy = memory()?;
    unlock(&copy, key)?;
    let copied = running(Backup::new(connection, &mut copy).and_then(|backup| backup.step(-1)))?;
    if copied != StepResult::Done {
        return Err(error::busy());
    }
    without_log(&copy)?;
    // What deletions left behind stays here.
    running(copy.execute_batch("VACUUM"))?;
    Ok(running(copy.serialize(c"main"))?.to_vec())
}

/// Nothing is encrypted here.
#[cfg(not(feature = "sqlcipher"))]
pub(super) fn export(_connection: &Connection, _key: &DatabaseKey) -> Result<Vec<u8>> {
    Err(error::encryption_unsupported())
}

/// Takes the mark of a log off a database that only this connection has.
fn without_log(connection: &Connection) -> Result<()> {
    running(connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE"))?;
    running(connection.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(())))?;
    running(connection.execute_batch("PRAGMA locking_mode = NORMAL"))
}

/// An empty database in memory whose pages lie there as on a disk: encrypted.
pub(super) fn memory() -> Result<Connection> {
    running(Connection::open_with_flags("file:crm?vfs=memdb", memory_flags()))
}

fn memory_flags() -> OpenFlags {
    OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
}

/// Encrypts a database in memory anew.
pub(super) fn rekey_memory(connection: &Connection, from: &DatabaseKey, to: &DatabaseKey) -> Result<()> {
    set_key(connection, "rekey", to).inspect_err(|_| {
        // SQLCipher would go on to write under the new key. If this fails, too, memory is exhausted, and the first failure
        // says so.
        let _ = set_key(connection, "rekey", from);
    })
}

/// Encrypts a file anew, in one transaction, and presses it to the disk: whoever destroys the old key afterwards must find
/// the file under the new one even after a power cut. Others are kept out of the file, for good when this
/// connection is closed, which the caller does next.
///
/// That it succeeds does not mean that the file is under the new key: SQLCipher passes over a commit that fails.
pub(super) fn rekey_file(connection: &Connection, to: &DatabaseKey) -> Result<()> {
    running(connection.execute_batch("PRAGMA synchronous = EXTRA"))?;
    keep_others_out(connection)?;
    set_key(connection, "rekey", to)?;
    maintenance::checkpoint(connection).map(|_| ())
}

/// Other handles and processes still had the old key. The log is given up and taken up again, because SQLite allows
/// that to the only connection of a file, which then holds it alone.
#[cfg(not(target_arch = "wasm32"))]
fn keep_others_out(connection: &Connection) -> Result<()> {
    let journal = |mode: &str| -> Result<String> {
        running(connection.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |row| row.get(0)))
    };
    running(connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE"))?;
    if journal("DELETE")? != "delete" {
        return Err(error::busy());
    }
    journal("WAL").map(|_| ())
}

/// The browser's file system lets one connection in.
#[cfg(target_arch = "wasm32")]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
fn keep_others_out(_connection: &Connection) -> Result<()> {
    Ok(())
}
