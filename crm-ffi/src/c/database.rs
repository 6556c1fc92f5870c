//! Open, close, copy and interrupt a database.

use std::ffi::c_char;

use crm_core::surface::OpenOptions;
use crm_core::{Config, CrmError, Result};

use super::buffer::Buffer;
use super::edge::{bytes, report, require, text};
use super::handles::{self, Open};

/// An open database. 0 is none, and no number is given twice in a process.
pub type Database = u64;

/// Opens a database file, or makes it, or makes a database in memory.
///
/// `options` is the text of a JSON object, all members optional: `path` (the file; without it, or ":memory:", in
/// memory), `country` (ISO 3166-1 alpha-2), `zone` (IANA name), `key` (64 hexadecimal digits that wrap the keys of data
/// subjects; without it, in a file beside the database), `database_key` (64 hexadecimal digits under which the whole
/// database is encrypted; needs `key`, and a library that is built with the feature `sqlcipher`), `next_database_key` (the
/// key under which it shall be from now on), `attachment_limit` (bytes), `erasure_ledger` (the object that
/// `privacy.erasure_ledger` gives: who it names is erased before anything is read), `controller` (an object with `seat`, a
/// place of ISO 3166, and `charity`), `regimes` (an array of the keys of the laws that decide, all without it), `contact_caps`
/// (up to 16 objects with `contacts` and `hours`, 1 to 720), `least_group` (smaller groups are suppressed in sessions for
/// analytics, 5 without it), `read_log_every` (every so manieth read is logged, 0 for none), and for tests `clock` and `seed`.
/// Who signs the certificates of erasures, and rules of the host, are supplied by programs in Rust only.
///
/// Owner: the host closes `*database` with crm_close(); it frees `error` with crm_buffer_free().
/// Lifetime: of `options`, the call; of the handle, until crm_close().
/// Threads: any. The handle may be used by any number of threads at the same time.
/// NULL: `options` may be NULL with length 0, for a database in memory; `database` must not be NULL; `error` may be, and
/// then the error is told by the status alone.
/// On failure `*database` is 0 and `error` has the error: an object with `code`, `kind`, `status`, `path`, `reason`, `details`.
///
/// # Safety
/// `options` points at `options_length` bytes or is NULL; `database` and `error` are NULL or may be written to. What lies
/// there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_open(
    options: *const c_char,
    options_length: usize,
    database: *mut Database,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            begin(database, "database")?;
            let options = OpenOptions::parse(text(options, options_length, "options")?)?;
            database.write(handles::add_database(options.open(Config::default())?));
            Ok(Vec::new())
        })
    }
}

/// Opens a database in memory from bytes that crm_export_bytes() gave, or from the bytes of a database file.
///
/// `options` is as for crm_open(), without `path`. Give the `key` of the exporting host, or the personal values in the
/// journal stay sealed; the bytes of an encrypted database need its `database_key`.
///
/// Owner: the host keeps `bytes`, closes `*database` with crm_close() and frees `error` with crm_buffer_free().
/// Lifetime: of `bytes` and `options`, the call. Threads: any.
/// NULL: `bytes` may be NULL with length 0, for an empty database; `options` may be NULL with length 0; `database`
/// must not be NULL; `error` may be.
///
/// # Safety
/// `bytes` and `options` point at as many bytes as their lengths say or are NULL; `database` and `error` are NULL or may
/// be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_open_bytes(
    bytes: *const u8,
    bytes_length: usize,
    options: *const c_char,
    options_length: usize,
    database: *mut Database,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            begin(database, "database")?;
            let image = self::bytes(bytes, bytes_length, "bytes", isize::MAX.unsigned_abs())?;
            let options = OpenOptions::parse(text(options, options_length, "options")?)?;
            if options.path.is_some() {
                let reason = "a database from bytes lies in memory and has no path";
                return Err(CrmError::invalid("options.path", reason).at("path"));
            }
            database.write(handles::add_database(options.open_bytes(image, Config::default())?));
            Ok(Vec::new())
        })
    }
}

/// Closes a database with its sessions and event streams. New calls fail; calls that run are waited for, and
/// interrupted when they take longer than the busy timeout (5 s).
///
/// Owner: takes the handle back. Threads: any, also while other threads work on the database; of several
/// threads that close it, one gets 0. Not from a progress callback: `storage.nested`, and the database stays open.
/// NULL: the handle 0 is none and gives CRM_STATUS_OK; `error` may be NULL.
/// A second close changes nothing and gives CRM_STATUS_CLOSED with the code `surface.handle`, as every use of a closed
/// handle does.
///
/// # Safety
/// `error` is NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_close(database: Database, error: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            if database == 0 {
                return Ok(Vec::new());
            }
            let crm = handles::take_database(database)?;
            let closed = crm.close();
            if matches!(&closed, Err(error) if error.code() == "storage.nested") {
                handles::put_back(database, crm);
                return closed.map(|()| Vec::new());
            }
            for open in handles::take_all_of(database) {
                if let Open::Events(stream, _) = open {
                    stream.close();
                }
            }
            closed.map(|()| Vec::new())
        })
    }
}

/// Stops what runs on a database now, in all its sessions. It fails with CRM_STATUS_INTERRUPTED and nothing of it is
/// stored; when nothing runs, nothing happens.
///
/// Owner: nothing is handed over. Threads: any; it never waits. NULL: `error` may be NULL.
///
/// # Safety
/// `error` is NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_interrupt(database: Database, error: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            handles::database(database)?.interrupt();
            Ok(Vec::new())
        })
    }
}

/// Writes a compact copy of the database into a new file, while others go on working. The key file is not copied.
///
/// `path` is UTF-8 and must not exist: `storage.backup.exists` otherwise.
///
/// Owner: the host keeps `path` and frees `error` with crm_buffer_free(). Lifetime: of `path`, the call. Threads: any.
/// NULL: `path` must not be NULL; `error` may be.
///
/// # Safety
/// `path` points at `path_length` bytes or is NULL; `error` is NULL or may be written to. What lies there is
/// overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_backup(
    database: Database,
    path: *const c_char,
    path_length: usize,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            require(path.cast_mut(), "path")?;
            let path = text(path, path_length, "path")?;
            handles::database(database)?.backup(path)?;
            Ok(Vec::new())
        })
    }
}

/// Gives the bytes of the database, as a file would hold them.
///
/// Owner: the host frees `output`, which has the bytes or the error, with crm_buffer_free(). Threads: any.
/// NULL: `output` must not be NULL; CRM_STATUS_INVALID otherwise.
///
/// # Safety
/// `output` is NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_export_bytes(database: Database, output: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(output, || {
            require(output, "output")?;
            handles::database(database)?.export_bytes()
        })
    }
}

/// Sets the place of a new handle to none, so that a failure leaves no number of chance there.
///
/// # Safety
/// `handle` is NULL or may be written to.
pub(super) unsafe fn begin(handle: *mut u64, name: &str) -> Result<()> {
    require(handle, name)?;
    // SAFETY: It is not NULL, so the caller may write there.
    unsafe { handle.write(0) };
    Ok(())
}
