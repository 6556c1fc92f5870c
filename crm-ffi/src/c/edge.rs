//! The edge: pointers become slices, outcomes become a status and a buffer, and panics stop.

use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;

use crm_core::operation::MAX_INPUT;
use crm_core::{CrmError, ErrorKind, Result};

use super::buffer::Buffer;
use super::status::Status;

/// Runs the work of a function and reports its outcome: its bytes, or its error as JSON, go into `out`.
///
/// # Safety
/// `out` is NULL or may be written to.
pub(super) unsafe fn report(out: *mut Buffer, work: impl FnOnce() -> Result<Vec<u8>>) -> i32 {
    // SAFETY: The same promise.
    unsafe { report_status(out, || work().map(|bytes| (Status::Ok, bytes))) }
}

/// As [`report`], for a function that knows more than one success.
///
/// # Safety
/// `out` is NULL or may be written to.
pub(super) unsafe fn report_status(
    out: *mut Buffer,
    work: impl FnOnce() -> Result<(Status, Vec<u8>)>,
) -> i32 {
    // What the work touches is either its own or behind locks that are taken over from a panicked owner.
    let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        // Dropping what was thrown could throw again.
        std::mem::forget(panic);
        let reason = "a defect of the library stopped the call";
        Err(CrmError::new(ErrorKind::Internal, "surface.panic", reason))
    });
    let (status, bytes) = match outcome {
        Ok((status, bytes)) => (status.number(), bytes),
        Err(error) => (i32::from(error.kind().status()), error.to_json().to_string().into_bytes()),
    };
    if !out.is_null() {
        // SAFETY: The caller passes NULL or a pointer that may be written to. What lay there is not freed.
        unsafe { out.write(Buffer::new(bytes)) };
    }
    status
}

/// Refuses a null pointer where something is to be written.
pub(super) fn require<T>(pointer: *mut T, name: &str) -> Result<()> {
    if pointer.is_null() { Err(null(name)) } else { Ok(()) }
}

/// The bytes of an argument. NULL with length 0 is empty.
///
/// # Safety
/// `data` is NULL or points at `length` bytes that nobody changes for as long as the result is used.
pub(super) unsafe fn bytes<'a>(data: *const u8, length: usize, name: &str, limit: usize) -> Result<&'a [u8]> {
    if length > limit {
        let reason = format!("is longer than {limit} bytes");
        return Err(CrmError::new(ErrorKind::Limit, "input.too_long", reason).at(name));
    }
    match (data.is_null(), length) {
        (true, 0) => Ok(&[]),
        (true, _) => Err(null(name)),
        // SAFETY: The caller promises that many readable bytes, and the limit is below `isize::MAX`.
        (false, _) => Ok(unsafe { slice::from_raw_parts(data, length) }),
    }
}

/// The text of an argument.
///
/// # Safety
/// As for [`bytes`].
pub(super) unsafe fn text<'a>(data: *const c_char, length: usize, name: &str) -> Result<&'a str> {
    // SAFETY: The same promise.
    let bytes = unsafe { bytes(data.cast(), length, name, MAX_INPUT) }?;
    std::str::from_utf8(bytes).map_err(|error| {
        CrmError::invalid("surface.utf8", "is not UTF-8").at(name).detail("byte", error.valid_up_to())
    })
}

fn null(name: &str) -> CrmError {
    CrmError::invalid("surface.null", "is a null pointer").at(name)
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::{bytes, report, text};
    use crate::c::buffer::{Buffer, crm_buffer_free};

    #[test]
    fn a_panic_is_an_error() {
        let mut out = Buffer::EMPTY;
        // SAFETY: `out` is a local, and is freed once.
        unsafe {
            assert_eq!(report(&raw mut out, || panic!("a test")), 900);
            let error: serde_json::Value = serde_json::from_slice(out.as_bytes()).unwrap();
            assert_eq!((&error["code"], &error["kind"]), (&"surface.panic".into(), &"internal".into()));
            assert_eq!(report(ptr::null_mut(), || panic!("nobody listens")), 900);
            crm_buffer_free(&raw mut out);
        }
    }

    #[test]
    fn refuses_what_is_no_argument() {
        let check = |data: *const u8, length: usize, code: &str| {
            // SAFETY: Each length is refused, or is that of the bytes.
            let error = unsafe { text(data.cast(), length, "input") }.expect_err(code);
            assert_eq!((error.code(), error.path()), (code, Some("input")));
        };
        check(ptr::null(), 1, "surface.null");
        check(ptr::null(), usize::MAX, "input.too_long");
        check(b"x".as_ptr(), usize::MAX, "input.too_long");
        check(b"x".as_ptr(), isize::MAX.unsigned_abs() + 1, "input.too_long");
        check([b'a', 0xff].as_ptr(), 2, "surface.utf8");
        check([0xed, 0xa0, 0x80].as_ptr(), 3, "surface.utf8");
        // SAFETY: No bytes are read.
        unsafe {
            assert_eq!(text(ptr::null(), 0, "input").unwrap(), "");
            assert_eq!(bytes(b"x".as_ptr(), 0, "input", 9).unwrap(), b"");
        }
    }
}
