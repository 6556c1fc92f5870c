//! The one type in which the library hands bytes out.

use std::mem::ManuallyDrop;
use std::ptr;

/// Bytes that the library made: a result, an error, a database.
///
/// Owner: the host, from the call that filled it until crm_buffer_free(). The host may read and change the bytes but
/// neither the pointer, the length nor the capacity. Lifetime: until crm_buffer_free(), also after the handle was
/// closed. Threads: may be moved to another thread; not to be freed while another thread reads it.
/// NULL: without bytes, `data` is NULL and `length` is 0.
///
/// One zero byte stands behind the last byte, so that JSON can be read as a C string; `length` does not count it.
#[repr(C)]
#[derive(Debug)]
pub struct Buffer {
    /// The bytes, UTF-8 where they are JSON.
    pub data: *mut u8,
    /// How many bytes there are.
    pub length: usize,
    /// How many bytes are allocated; for the library only.
    pub capacity: usize,
}

impl Buffer {
    /// A buffer without bytes.
    ///
    /// cbindgen:ignore
    pub const EMPTY: Self = Self { data: ptr::null_mut(), length: 0, capacity: 0 };

    /// A buffer with these bytes, or with none when there are none.
    pub(super) fn new(mut bytes: Vec<u8>) -> Self {
        if bytes.is_empty() {
            return Self::EMPTY;
        }
        let length = bytes.len();
        bytes.push(0);
        let mut bytes = ManuallyDrop::new(bytes);
        Self { data: bytes.as_mut_ptr(), length, capacity: bytes.capacity() }
    }

    /// The bytes.
    ///
    /// # Safety
    /// The buffer is as the library filled it and was not freed.
    pub unsafe fn as_bytes(&self) -> &[u8] {
        if self.data.is_null() {
            return &[];
        }
        // SAFETY: `new` made the pointer from a vector of at least `length` bytes, and the caller did not free it.
        unsafe { std::slice::from_raw_parts(self.data, self.length) }
    }
}

/// Frees the bytes of a buffer and makes it empty, so that a second call does nothing.
///
/// Owner: the host gives the bytes back; the struct itself stays the host's. Threads: any thread, not necessarily the
/// one that got the buffer. NULL: a NULL pointer and an empty buffer are left alone.
///
/// # Safety
/// `buffer` is NULL or points at a buffer that is empty or was filled by this library, and of which no copy was freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_buffer_free(buffer: *mut Buffer) {
    // SAFETY: The caller passes NULL or a buffer that it may change.
    let Some(buffer) = (unsafe { buffer.as_mut() }) else { return };
    let Buffer { data, length, capacity } = std::mem::replace(buffer, Buffer::EMPTY);
    if !data.is_null() {
        // SAFETY: `Buffer::new` took the three from a vector that holds `length` bytes and the zero behind them.
        drop(unsafe { Vec::from_raw_parts(data, length + 1, capacity) });
    }
}

#[cfg(test)]
mod tests {
    use super::{Buffer, crm_buffer_free};

    #[test]
    fn ends_with_a_zero_byte_and_is_freed_once() {
        let mut buffer = Buffer::new(b"{}".to_vec());
        assert_eq!(buffer.length, 2);
        // SAFETY: The buffer was filled just now; the byte behind its length is the zero byte.
        unsafe {
            assert_eq!(buffer.as_bytes(), b"{}");
            assert_eq!(*buffer.data.add(2), 0);
            crm_buffer_free(&raw mut buffer);
            assert!(buffer.data.is_null());
            crm_buffer_free(&raw mut buffer);
            crm_buffer_free(std::ptr::null_mut());
        }
    }

    #[test]
    fn without_bytes_nothing_is_allocated() {
        let buffer = Buffer::new(Vec::new());
        assert!(buffer.data.is_null());
        assert_eq!((buffer.length, buffer.capacity), (0, 0));
    }
}
