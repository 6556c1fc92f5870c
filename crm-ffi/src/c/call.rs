//! Calls of operations.

use std::ffi::{c_char, c_void};
use std::ops::ControlFlow;

use crm_core::Result;
use serde_json::Value as Json;

use super::buffer::Buffer;
use super::edge::{report, require, text};
use super::handles;
use super::session::Session;

/// What is told how far a long operation is: `progress` is the text of a JSON object with counts, such as {"read": 500}.
/// Gives 0 to go on, anything else to stop the operation, which then changes nothing more and fails.
///
/// Owner: the library keeps `progress`, which lives during the call of the callback. Threads: it is called on the thread that
/// made the call, while that call runs. It may call the library, but must neither close the database nor throw nor
/// jump out.
pub type Progress = Option<
    unsafe extern "C" fn(user_data: *mut c_void, progress: *const c_char, progress_length: usize) -> i32,
>;

/// Runs an operation, such as "person.create", with its input as the text of a JSON object.
///
/// `output` gets the result as JSON when the status is CRM_STATUS_OK, and otherwise the error: an object with `code`, `kind`,
/// `status`, `path`, `reason`, `details`. An operation that gives nothing gives `null`.
/// crm_operations.h has a function for each operation; crm_schema_json() describes them.
///
/// Owner: the host keeps `operation` and `input`, and frees `output` with crm_buffer_free().
/// Lifetime: of `operation` and `input`, the call. Threads: any number at the same time in one session; it blocks until
/// the operation is done, so not on a thread that paints windows. Reads run side by side, writes one after the other.
/// NULL: `operation` and `output` must not be NULL; `input` may be NULL with length 0, for an input without members.
///
/// # Safety
/// `operation` and `input` point at as many bytes as their lengths say or are NULL; `output` is NULL or may be written to.
/// What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_call(
    session: Session,
    operation: *const c_char,
    operation_length: usize,
    input: *const c_char,
    input_length: usize,
    output: *mut Buffer,
) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(output, || {
            require(output, "output")?;
            require(operation.cast_mut(), "operation")?;
            let operation = text(operation, operation_length, "operation")?;
            let input = text(input, input_length, "input")?;
            call(session, operation, input, &mut |_| ControlFlow::Continue(()))
        })
    }
}

/// As crm_call(), for an operation that may take long, such as an import: `progress` is told how far it is and can stop it.
///
/// Owner: as for crm_call(); `user_data` stays the host's and is only passed on. Lifetime: as for crm_call(); `user_data`, the call.
/// Threads: as for crm_call(); `progress` is called on the thread of the call.
/// NULL: as for crm_call(); `progress` may be NULL, and `user_data` may be whatever `progress` expects.
///
/// # Safety
/// As for crm_call(); `progress` is NULL or a function of that type, which may be called with `user_data` on this thread.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_call_with_progress(
    session: Session,
    operation: *const c_char,
    operation_length: usize,
    input: *const c_char,
    input_length: usize,
    progress: Progress,
    user_data: *mut c_void,
    output: *mut Buffer,
) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(output, || {
            require(output, "output")?;
            require(operation.cast_mut(), "operation")?;
            let operation = text(operation, operation_length, "operation")?;
            let input = text(input, input_length, "input")?;
            call(session, operation, input, &mut |done| {
                let Some(progress) = progress else { return ControlFlow::Continue(()) };
                let done = done.to_string();
                match progress(user_data, done.as_ptr().cast(), done.len()) {
                    0 => ControlFlow::Continue(()),
                    _ => ControlFlow::Break(()),
                }
            })
        })
    }
}

fn call(
    session: u64,
    operation: &str,
    input: &str,
    progress: &mut dyn FnMut(&Json) -> ControlFlow<()>,
) -> Result<Vec<u8>> {
    handles::session(session)?.call_json(operation, input, progress).map(String::into_bytes)
}
