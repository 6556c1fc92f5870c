//! From a path to a connection that is set up: what the file is, then every setting, set and read back.

use std::path::Path;
use std::sync::Arc;
#[cfg(not(target_arch = "wasm32"))]
use std::{fs, io};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::cipher;
use super::connection::format_version;
use super::error as sqlite_error;
use super::functions;
use super::options::Options;
use super::pool::Signals;
use crate::error::{CrmError, ErrorKind, Result};
use crate::storage::{DatabaseKey, error};

/// `CRM1` as a number: marks a file as ours in the header of SQLite (`PRAGMA application_id`).
pub const APPLICATION_ID: i64 = 0x4352_4D31;

/// After how many pages the log is moved into the file. Pages that are written again and again are moved once, so
/// four times SQLite's own 1,000 saves a good part of it; the log then has 16 MiB.
#[cfg(not(target_arch = "wasm32"))]
const CHECKPOINT_PAGES: i64 = 4_000;

/// How a connection is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Reads and writes, and makes the file if there is none.
    Write,
    /// Reads only.
    Read,
}

fn running<T>(result: rusqlite::Result<T>) -> Result<T> {
    result.map_err(|failure| sqlite_error::running(&failure))
}

/// Opens a file without touching its settings. A key is the first thing that the connection is told.
pub(super) fn connect(path: &Path, access: Access, key: Option<&DatabaseKey>) -> Result<Connection> {
    // The pool lends each connection to one thread at a time, so SQLite's own lock would be a second one.
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | match access {
            Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
            Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
        };
    let connection = running(Connection::open_with_flags(path, flags))?;
    if let Some(key) = key {
        unlock(path, &connection, key)?;
    }
    Ok(connection)
}

#[cfg(not(target_arch = "wasm32"))]
fn unlock(_path: &Path, connection: &Connection, key: &DatabaseKey) -> Result<()> {
    cipher::unlock(connection, key)
}

/// The start of the file cannot be looked at here, so a plain file shows by opening without the key.
#[cfg(target_arch = "wasm32")]
fn unlock(path: &Path, connection: &Connection, key: &DatabaseKey) -> Result<()> {
    cipher::unlock_alone(connection, key).map_err(|failure| {
        let plain = failure.code() == "storage.key"
            && connect(path, Access::Read, None).is_ok_and(|connection| tables(&connection).is_ok());
        if plain { error::plain_file() } else { failure }
    })
}

/// Looks at a file before SQLite does: a file that is refused here was only read.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn inspect(path: &Path, key: Option<&DatabaseKey>, supported: u32) -> Result<()> {
    use std::io::Read;

    check_path(path)?;
    let mut file = match fs::File::open(path) {
        Ok(file) => file,
        Err(failure) if failure.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(_) => return Err(error::io()),
    };
    let metadata = file.metadata().map_err(|_| error::io())?;
    if metadata.is_dir() {
        return Err(error::io());
    }
    let length = metadata.len();
    if length == 0 {
        return Ok(());
    }
    let mut start = Vec::with_capacity(cipher::PAGE_BYTES);
    file.by_ref().take(cipher::PAGE_BYTES as u64).read_to_end(&mut start).map_err(|_| error::io())?;
    drop(file);
    if start.len() < 100 {
        return Err(error::not_a_database());
    }
    cipher::check_start(&start, key)?;
    if key.is_none() {
        check_header(&start, length, !has_log(path), supported)?;
    }
    if has_log(path) {
        // The newest header may still be in the log, which only SQLite can read.
        let found = connect(path, Access::Read, key).and_then(|probe| check_owner(&probe, supported));
        // A transaction that a crash cut off must be taken back first, which only the writer may do.
        if !found.as_ref().is_err_and(sqlite_error::must_roll_back) {
            found?;
        }
    }
    Ok(())
}

/// Browsers have no files beside SQLite's own; the check after opening must do.
#[cfg(target_arch = "wasm32")]
pub(super) fn inspect(path: &Path, _key: Option<&DatabaseKey>, _supported: u32) -> Result<()> {
    check_path(path)
}

/// Refuses the names by which SQLite means no file at all.
fn check_path(path: &Path) -> Result<()> {
    let text = path.as_os_str();
    if text.is_empty() || text == ":memory:" {
        return Err(CrmError::invalid("storage.path", "is not the path of a file"));
    }
    Ok(())
}

/// Whether a log or journal with contents lies beside the file.
#[cfg(not(target_arch = "wasm32"))]
fn has_log(path: &Path) -> bool {
    ["-wal", "-journal"].iter().any(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        fs::metadata(name).is_ok_and(|metadata| metadata.len() > 0)
    })
}

/// Checks the first 100 bytes of a database (<https://sqlite.org/fileformat2.html#the_database_header>).
pub(super) fn check_header(header: &[u8], length: u64, complete: bool, supported: u32) -> Result<()> {
    let number =
        |at: usize| header.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes);
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(error::not_a_database());
    }
    let owner = i64::from(number(68));
    if owner != APPLICATION_ID && (owner != 0 || complete) {
        return Err(error::not_ours());
    }
    if number(60) > supported {
        return Err(error::newer_version(number(60), supported));
    }
    // One page is written as the number 1 when it has 65,536 bytes.
    let page = match u64::from(number(16) >> 16) {
        1 => 65_536,
        size => size,
    };
    // The page count is only valid when it was written along with the change counter.
    let count_is_valid = number(24) == number(92);
    if complete && count_is_valid && length < page * u64::from(number(28)) {
        return Err(error::corrupt());
    }
    Ok(())
}

/// Checks that an open database is ours or empty; `true` when it is empty. Changes nothing.
pub(super) fn check_owner(connection: &Connection, supported: u32) -> Result<bool> {
    let owner: i64 = running(connection.pragma_query_value(None, "application_id", |row| row.get(0)))?;
    let version = format_version(connection)?;
    match owner {
        APPLICATION_ID if version > supported => Err(error::newer_version(version, supported)),
        APPLICATION_ID => Ok(false),
        // Asking for the tables makes SQLite read the whole schema, which a file of ours need not do twice.
        0 if version == 0 && tables(connection)? == 0 => Ok(true),
        _ => Err(error::not_ours()),
    }
}

fn tables(connection: &Connection) -> Result<i64> {
    running(connection.query_row("SELECT COUNT(*) FROM sqlite_schema", [], |row| row.get(0)))
}

/// Makes a connection ready: limits, switches, pragmas, functions, cache, waiting.
pub(super) fn set_up(
    connection: &mut Connection,
    options: &Options,
    access: Access,
    fresh: bool,
    signals: &Arc<Signals>,
) -> Result<()> {
    wait_for_locks(connection, options.busy_timeout_ms, signals)?;
    switches(connection)?;
    let cache = -i64::from(options.cache_kib.max(64));
    for (name, value) in [
        ("foreign_keys", 1),
        ("trusted_schema", 0),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
        ("cell_size_check", 1),
        ("temp_store", 2),
        ("synchronous", options.synchronous.level()),
        ("cache_size", cache),
        ("mmap_size", 0),
    ] {
        pragma(connection, name, value)?;
    }
    if let Some(pages) = options.max_pages {
        pragma(connection, "max_page_count", i64::from(pages.max(1)))?;
    }
    if access == Access::Write {
        journal(connection)?;
        // Above what the log grows to between two checkpoints: a log that is cut must be given its blocks anew, which
        // made every small transaction a third dearer.
        pragma(connection, "journal_size_limit", 32 << 20)?;
        #[cfg(not(target_arch = "wasm32"))]
        pragma(connection, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
        if fresh {
            pragma(connection, "application_id", APPLICATION_ID)?;
        }
    }
    running(functions::register(connection))?;
    connection.set_prepared_statement_cache_capacity(options.statements.max(256));
    signals.watch(connection);
    Ok(())
}

/// Sets how a transaction is made whole: a log, where the file system can share memory.
#[cfg(not(target_arch = "wasm32"))]
fn journal(connection: &Connection) -> Result<()> {
    // Memory answers `memory`, a file system without shared memory answers `delete`. Both are in order.
    let mode: String = running(connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0)))?;
    if ["wal", "memory", "delete", "truncate", "persist"].contains(&mode.as_str()) {
        return Ok(());
    }
    Err(not_taken("journal_mode"))
}

/// The browser's file system has no shared memory, and making and deleting a file there costs two flushes each:
/// the rollback journal is kept and cut.
#[cfg(target_arch = "wasm32")]
fn journal(connection: &Connection) -> Result<()> {
    let mode: String = running(connection.query_row("PRAGMA journal_mode = TRUNCATE", [], |row| row.get(0)))?;
    if ["truncate", "memory"].contains(&mode.as_str()) { Ok(()) } else { Err(not_taken("journal_mode")) }
}

/// Sets one pragma and reads it back. Some do not exist in every build (`mmap_size`): no answer means "off".
fn pragma(connection: &Connection, name: &str, value: i64) -> Result<()> {
    running(connection.execute_batch(&format!("PRAGMA {name} = {value}")))?;
    let found = connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    match found {
        Ok(found) if found == value => Ok(()),
        Err(rusqlite::Error::QueryReturnedNoRows) if value == 0 => Ok(()),
        Ok(_) | Err(rusqlite::Error::QueryReturnedNoRows) => Err(not_taken(name)),
        Err(failure) => Err(sqlite_error::running(&failure)),
    }
}

/// A setting was set and reads back as something else.
pub(super) fn not_taken(name: &str) -> CrmError {
    CrmError::new(ErrorKind::Internal, "storage.setting", "SQLite did not take a setting")
        .detail("setting", name)
}

/// Switches and limits of the connection itself.
fn switches(connection: &Connection) -> Result<()> {
    for (switch, on) in [
        // Without it a cached statement with a join is prepared again at every use: 4.5 µs instead of 0.4.
        (DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true),
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_DQS_DML, false),
        (DbConfig::SQLITE_DBCONFIG_DQS_DDL, false),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_WRITABLE_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_LEGACY_ALTER_TABLE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, false),
    ] {
        if running(connection.set_db_config(switch, on))? != on {
            return Err(not_taken("switch"));
        }
    }
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, 256 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 1 << 20),
        (Limit::SQLITE_LIMIT_VDBE_OP, 5_000_000),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 10_000),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 64),
        // VACUUM INTO attaches its target.
        (Limit::SQLITE_LIMIT_ATTACHED, 1),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        running(connection.set_limit(limit, value))?;
        if running(connection.limit(limit))? > value {
            return Err(not_taken("limit"));
        }
    }
    Ok(())
}

/// Waits for locks of other processes like SQLite's own handler, but an interrupt ends the wait.
#[cfg(not(target_arch = "wasm32"))]
fn wait_for_locks(connection: &mut Connection, timeout_ms: u32, signals: &Arc<Signals>) -> Result<()> {
    const STEPS: [u32; 12] = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100];

    let signals = Arc::clone(signals);
    let mut interrupts = 0;
    let mut waited = 0;
    running(connection.busy_handler(Some(move |attempt: i32| {
        if attempt == 0 {
            interrupts = signals.count();
            waited = 0;
        }
        let step = usize::try_from(attempt).ok().and_then(|at| STEPS.get(at)).copied().unwrap_or(100);
        let step = step.min(timeout_ms.saturating_sub(waited));
        if step == 0 || signals.count() != interrupts {
            return false;
        }
        std::thread::sleep(std::time::Duration::from_millis(u64::from(step)));
        waited += step;
        true
    })))
}

/// Without threads nobody would give the lock back.
#[cfg(target_arch = "wasm32")]
fn wait_for_locks(connection: &mut Connection, _timeout_ms: u32, _signals: &Arc<Signals>) -> Result<()> {
    running(connection.busy_timeout(std::time::Duration::ZERO))
}
