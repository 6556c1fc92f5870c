//! Looking after the whole file: copies, checks, settings, the log.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::cipher;
use super::error as sqlite_error;
use super::options::Options;
use crate::error::{ErrorKind, Result};
use crate::storage::error;

fn running<T>(result: rusqlite::Result<T>) -> Result<T> {
    result.map_err(|failure| sqlite_error::running(&failure))
}

/// Writes a compact copy. A copy that could not be finished is removed.
pub(super) fn backup(connection: &Connection, target: &Path) -> Result<()> {
    if target.try_exists().map_err(|_| error::io())? {
        return Err(error::backup_exists());
    }
    let text = target.to_str().ok_or_else(error::io)?;
    let done = running(connection.execute("VACUUM INTO ?1", [text])).and_then(|_| {
        // SQLite does not press the copy to the disk by itself.
        std::fs::File::open(target).and_then(|file| file.sync_all()).map_err(|_| error::io())
    });
    if done.is_err() {
        // The failure of the copy is what the caller must know; that of the clean-up adds nothing.
        let _ = std::fs::remove_file(target);
    }
    done
}

/// The bytes of a plain database, or of any in memory, in a form that opens with and without a log.
pub(super) fn export(connection: &mut Connection, encrypted: bool) -> Result<Vec<u8>> {
    let mut bytes = running(connection.serialize(c"main"))?.to_vec();
    // In memory there never was a log; and these bytes of an encrypted page are no numbers.
    if !encrypted {
        without_log(&mut bytes);
    }
    Ok(bytes)
}

/// Marks an image as one that needs no write-ahead log; memory cannot open the others. A file that is opened
/// from it gets its log again.
pub(super) fn without_log(bytes: &mut [u8]) {
    if let Some(versions) = bytes.get_mut(18..20) {
        versions.fill(1);
    }
}

/// Checks every page, index and foreign key, and of an encrypted database what authenticates each page; gives the
/// findings.
pub(super) fn integrity_check(connection: &Connection, encrypted: bool) -> Result<Vec<String>> {
    let sealed = if encrypted { cipher::integrity_check(connection)? } else { Vec::new() };
    if !sealed.is_empty() {
        // SQLCipher gives a connection up that has met such a page, so there is no more to find.
        return Ok(sealed);
    }
    let findings = pages(connection).and_then(|mut findings| {
        findings.extend(foreign_keys(connection)?);
        Ok(findings)
    });
    match findings {
        // A file so damaged that it cannot be checked is a finding, not a failure of the check.
        Err(error) if error.kind() == ErrorKind::Corrupt => Ok(vec![error.reason().to_owned()]),
        other => other,
    }
}

fn pages(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = running(connection.prepare("PRAGMA integrity_check"))?;
    let lines = running(statement.query_map([], |row| row.get::<_, String>(0)))?;
    let lines: Vec<String> = running(lines.collect())?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

fn foreign_keys(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = running(connection.prepare("PRAGMA foreign_key_check"))?;
    let lines = running(statement.query_map([], |row| {
        let (table, row_id, parent): (String, Option<i64>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let row_id = row_id.map_or_else(String::new, |number| format!(", row {number}"));
        Ok(format!("foreign key: {table}{row_id} points at no row of {parent}"))
    }))?;
    running(lines.collect())
}

/// There is no log in the browser.
#[cfg(target_arch = "wasm32")]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere it can fail")]
pub(super) fn checkpoint(_connection: &Connection) -> Result<bool> {
    Ok(true)
}

/// Moves the log into the file; `false` when a reader held on to it.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn checkpoint(connection: &Connection) -> Result<bool> {
    let busy: i64 = running(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)))?;
    Ok(busy == 0)
}

/// The settings in force, as SQLite reads them back. The busy timeout is ours, since the wait is.
pub(super) fn settings(
    connection: &Connection,
    options: &Options,
    encrypted: bool,
) -> Result<Vec<(String, String)>> {
    let mut settings = vec![
        ("sqlite_version".to_owned(), rusqlite::version().to_owned()),
        ("busy_timeout".to_owned(), options.busy_timeout_ms.to_string()),
        ("readers".to_owned(), options.readers.to_string()),
    ];
    for name in [
        "application_id",
        "user_version",
        "page_size",
        "max_page_count",
        "encoding",
        "journal_mode",
        "journal_size_limit",
        "wal_autocheckpoint",
        "synchronous",
        "foreign_keys",
        "recursive_triggers",
        "trusted_schema",
        "secure_delete",
        "cell_size_check",
        "temp_store",
        "cache_size",
        "mmap_size",
    ] {
        let found = connection.query_row(&format!("PRAGMA {name}"), [], |row| {
            Ok(match row.get_ref(0)? {
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                other => other.as_str()?.to_owned(),
            })
        });
        match found {
            Ok(value) => settings.push((name.to_owned(), value)),
            // Pragmas that this build leaves out give no row.
            Err(rusqlite::Error::QueryReturnedNoRows) => {}
            Err(failure) => return Err(sqlite_error::running(&failure)),
        }
    }
    for (name, switch) in [
        ("query_planner_stability", DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG),
        ("defensive", DbConfig::SQLITE_DBCONFIG_DEFENSIVE),
        ("double_quoted_strings", DbConfig::SQLITE_DBCONFIG_DQS_DML),
    ] {
        let on = running(connection.db_config(switch))?;
        settings.push((name.to_owned(), u8::from(on).to_string()));
    }
    if encrypted {
        settings.extend(cipher::settings(connection)?);
    }
    Ok(settings)
}
