//! Stopping statements from any thread.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use postgres::CancelToken;
use tokio_postgres_rustls::MakeRustlsConnect;

/// What lets an interrupt reach one connection.
pub(super) struct Gate {
    token: CancelToken,
    tls: MakeRustlsConnect,
    /// Whether a statement runs. An interrupt keeps the lock until the server has taken it, so that it hits this
    /// statement and none that begins later.
    running: Mutex<bool>,
}

impl Gate {
    pub(super) fn new(token: CancelToken, tls: MakeRustlsConnect) -> Self {
        Self { token, tls, running: Mutex::new(false) }
    }

    /// Runs a statement that can be interrupted.
    pub(super) fn pass<T>(&self, work: impl FnOnce() -> T) -> T {
        /// Closes the gate even when the work panics.
        struct Passing<'g>(&'g Gate);
        impl Drop for Passing<'_> {
            fn drop(&mut self) {
                *lock(&self.0.running) = false;
            }
        }
        *lock(&self.running) = true;
        let _passing = Passing(self);
        work()
    }

    fn interrupt(&self) {
        let running = lock(&self.running);
        if *running {
            // A server that cannot be reached ends the statement by itself.
            let _ = self.token.cancel_query(self.tls.clone());
        }
    }
}

/// The interrupts of one database.
#[derive(Default)]
pub(super) struct Signals {
    count: AtomicU64,
    gates: Mutex<Vec<Arc<Gate>>>,
}

impl Signals {
    /// How often the host interrupted so far.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Lets interrupts reach a connection.
    pub(super) fn watch(&self, gate: &Arc<Gate>) {
        let mut gates = lock(&self.gates);
        // Connections that were closed are known by us alone.
        gates.retain(|gate| Arc::strong_count(gate) > 1);
        gates.push(Arc::clone(gate));
    }

    /// Stops what runs now.
    pub(super) fn interrupt(&self) {
        self.count.fetch_add(1, Ordering::AcqRel);
        let gates = lock(&self.gates).clone();
        for gate in gates {
            gate.interrupt();
        }
    }
}

/// A poisoned lock is taken all the same: the state behind it changes in single steps.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
