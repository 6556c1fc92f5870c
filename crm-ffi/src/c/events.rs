//! The pull side of the change feed: which entries of the journal were committed.

use std::time::Duration;

use crm_core::{CrmError, ErrorKind};
use serde_json::json;

use super::buffer::Buffer;
use super::database::{Database, begin};
use super::edge::{report, report_status, require};
use super::handles::{self, Open};
use super::status::Status;
use crate::commits::Commits;

/// A stream of commits. 0 is none, and no number is given twice in a process.
pub type Events = u64;

/// For crm_events_next(): wait until something happens or the stream is closed.
pub const FOREVER: u32 = u32::MAX;

/// Opens a stream of what is committed from now on through this database handle. What other processes write is not in it;
/// the operation `journal.feed` reads everything since a sequence.
///
/// Owner: the host closes `*events` with crm_events_close(), or leaves that to crm_close() of its database; it frees `error` with
/// crm_buffer_free(). Lifetime: of the handle, until one of the two closes. Threads: any.
/// NULL: `events` must not be NULL; `error` may be. On failure `*events` is 0.
///
/// # Safety
/// `events` and `error` are NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_events_open(database: Database, events: *mut Events, error: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            begin(events, "events")?;
            let stream = Commits::of(&handles::database(database)?);
            events.write(handles::add_to(database, Open::Events(stream, database))?);
            Ok(Vec::new())
        })
    }
}

/// Waits for commits and gives the sequences of their journal entries: {"first": 17, "last": 19}, both inclusive. Commits
/// that follow each other come as one; read them with the operation `journal.feed`.
///
/// Gives CRM_STATUS_TIMEOUT, and an empty buffer, when nothing was committed within `timeout_ms` milliseconds: 0 asks without
/// waiting, CRM_FOREVER waits without end. Gives CRM_STATUS_CLOSED when the stream was closed, also while it waits.
///
/// Owner: the host frees `output`, which has the sequences or the error, with crm_buffer_free().
/// Threads: any; when several wait on one stream, each commit reaches one of them.
/// NULL: `output` must not be NULL; CRM_STATUS_INVALID otherwise.
///
/// # Safety
/// `output` is NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_events_next(events: Events, timeout_ms: u32, output: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report_status(output, || {
            require(output, "output")?;
            let stream = handles::events(events)?;
            let patience = (timeout_ms != FOREVER).then(|| Duration::from_millis(timeout_ms.into()));
            match stream.next(patience) {
                Some(sequences) => {
                    let told = json!({"first": sequences.start, "last": sequences.end - 1});
                    Ok((Status::Ok, told.to_string().into_bytes()))
                }
                None if stream.is_over() => {
                    Err(CrmError::new(ErrorKind::Closed, "surface.handle", "the stream was closed"))
                }
                None => Ok((Status::Timeout, Vec::new())),
            }
        })
    }
}

/// Closes a stream and wakes whoever waits on it.
///
/// Owner: takes the handle back. Threads: any. NULL: the handle 0 is none and gives CRM_STATUS_OK; `error` may be NULL.
/// A second close, or one after crm_close() of the database, changes nothing and gives CRM_STATUS_CLOSED.
///
/// # Safety
/// `error` is NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_events_close(events: Events, error: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            if events != 0 {
                handles::take_events(events)?.close();
            }
            Ok(Vec::new())
        })
    }
}
