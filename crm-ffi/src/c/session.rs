//! Sessions.

use std::ffi::c_char;

use crm_core::surface::SessionOptions;

use super::buffer::Buffer;
use super::database::{Database, begin};
use super::edge::{report, text};
use super::handles::{self, Open};

/// A session on a database: who acts, and for which purpose. 0 is none, and no number is given twice in a process.
pub type Session = u64;

/// Opens a session: who acts, and for which purpose. It costs next to nothing; a host may keep one for each user, or
/// open one for each request.
///
/// `options` is the text of a JSON object, all members optional: `actor` ("system", or "user:" and the identifier of a
/// user; the system otherwise) and `purpose` (such as "customer_care"; "customer_relationship_management" otherwise).
///
/// Owner: the host closes `*session` with crm_session_close(), or leaves that to crm_close() of its database; it frees `error` with
/// crm_buffer_free(). Lifetime: of `options`, the call; of the handle, until one of the two closes.
/// Threads: any. The handle may be used by any number of threads at the same time.
/// NULL: `options` may be NULL with length 0; `session` must not be NULL; `error` may be.
/// On failure `*session` is 0.
///
/// # Safety
/// `options` points at `options_length` bytes or is NULL; `session` and `error` are NULL or may be written to. What lies
/// there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_open(
    database: Database,
    options: *const c_char,
    options_length: usize,
    session: *mut Session,
    error: *mut Buffer,
) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            begin(session, "session")?;
            let options = SessionOptions::parse(text(options, options_length, "options")?)?;
            let begun = options.begin(&handles::database(database)?)?;
            session.write(handles::add_to(database, Open::Session(begun, database))?);
            Ok(Vec::new())
        })
    }
}

/// Closes a session. Calls that run in it finish.
///
/// Owner: takes the handle back. Threads: any. NULL: the handle 0 is none and gives CRM_STATUS_OK; `error` may be NULL.
/// A second close, or one after crm_close() of the database, changes nothing and gives CRM_STATUS_CLOSED.
///
/// # Safety
/// `error` is NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_session_close(session: Session, error: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            if session != 0 {
                handles::take_session(session)?;
            }
            Ok(Vec::new())
        })
    }
}
