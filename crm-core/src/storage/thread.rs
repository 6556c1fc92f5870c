//! A number for the current thread: who holds a connection may not ask for another one.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number for the current thread, cheaper than `std::thread::current`.
pub(super) fn this_thread() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    thread_local! { static NUMBER: Cell<u64> = const { Cell::new(0) } }
    NUMBER.with(|number| {
        if number.get() == 0 {
            number.set(NEXT.fetch_add(1, Ordering::Relaxed));
        }
        number.get()
    })
}
