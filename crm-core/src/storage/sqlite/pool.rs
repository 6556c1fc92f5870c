//! One writer and several readers, lent to one thread each.
//!
//! The lock is held only to take a connection out and to put it back, never while SQL runs. A thread that is
//! inside already gets an error instead of waiting for itself.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle};

use crate::error::Result;
use crate::storage::error;
use crate::storage::thread::this_thread;

/// What a thread wants a connection for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The one connection that writes; it also reads where there are no readers.
    Writer,
    /// One of the readers.
    Reader,
}

/// The interrupts of one database, shared with the busy handlers of its connections.
#[derive(Default)]
pub(super) struct Signals {
    count: AtomicU64,
    handles: Mutex<Vec<InterruptHandle>>,
}

impl Signals {
    /// How often the host interrupted so far.
    pub(super) fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Lets interrupts reach a connection.
    pub(super) fn watch(&self, connection: &Connection) {
        lock(&self.handles).push(connection.get_interrupt_handle());
    }

    /// Stops what runs or waits for a lock of the file now.
    pub(super) fn interrupt(&self) {
        self.count.fetch_add(1, Ordering::AcqRel);
        for handle in lock(&self.handles).iter() {
            handle.interrupt();
        }
    }
}

/// Opens one more reader.
type OpenReader = dyn Fn() -> Result<Connection> + Send + Sync;

/// The connections of one database.
pub(super) struct Pool {
    state: Mutex<State>,
    writer_free: Condvar,
    reader_free: Condvar,
    all_left: Condvar,
    /// `None` where the writer reads too.
    open_reader: Option<Box<OpenReader>>,
    readers: usize,
    #[cfg_attr(target_arch = "wasm32", expect(dead_code, reason = "nobody can be waited for there"))]
    patience: Duration,
    signals: Arc<Signals>,
}

struct State {
    writer: Option<Connection>,
    idle: Vec<Connection>,
    opened: usize,
    /// The threads that hold a connection.
    inside: Vec<u64>,
    /// Whether one thread has, or waits to have, the database for itself: no reader is lent meanwhile.
    alone: bool,
    /// How many threads wait for a connection. Waking nobody would still cost a system call.
    waiting: usize,
    closed: bool,
    /// Set when `close` gave up waiting: connections that come back are closed, not kept.
    abandoned: bool,
}

impl Pool {
    /// A pool around an open writer. `readers` may be 0.
    pub(super) fn new(
        writer: Connection,
        open_reader: Option<Box<OpenReader>>,
        readers: usize,
        patience: Duration,
        signals: Arc<Signals>,
    ) -> Self {
        let state = State {
            writer: Some(writer),
            idle: Vec::new(),
            opened: 0,
            inside: Vec::new(),
            alone: false,
            waiting: 0,
            closed: false,
            abandoned: false,
        };
        Self {
            state: Mutex::new(state),
            writer_free: Condvar::new(),
            reader_free: Condvar::new(),
            all_left: Condvar::new(),
            readers: if open_reader.is_some() { readers } else { 0 },
            open_reader,
            patience,
            signals,
        }
    }

    /// The interrupts of this database.
    pub(super) fn signals(&self) -> &Arc<Signals> {
        &self.signals
    }

    /// The role that reads: the writer's, where there are no readers.
    pub(super) fn reading(&self) -> Role {
        if self.readers == 0 { Role::Writer } else { Role::Reader }
    }

    /// Takes a connection out, waiting for one up to the busy timeout.
    pub(super) fn lend(&self, role: Role) -> Result<Lease<'_>> {
        let thread = this_thread();
        let mut state = lock(&self.state);
        if state.inside.contains(&thread) {
            return Err(error::nested());
        }
        if !state.closed && !state.can_lend(role, self.readers) {
            state = self.wait(role, state)?;
        }
        if state.closed {
            return Err(error::closed());
        }
        state.inside.push(thread);
        let found = match role {
            Role::Writer => state.writer.take(),
            Role::Reader => state.idle.pop(),
        };
        if found.is_none() {
            state.opened += 1;
        }
        drop(state);
        let mut lease = Lease { pool: self, connection: found, role, thread };
        if lease.connection.is_none() {
            // Dropped on failure, the lease gives its place back.
            let open = self.open_reader.as_ref().ok_or_else(error::closed)?;
            lease.connection = Some(open()?);
        }
        Ok(lease)
    }

    /// Takes the writer out and closes every reader, so that nothing else is open; waits for those that are lent up to the
    /// busy timeout. Who wants a connection meanwhile waits, too.
    pub(super) fn lend_alone(&self) -> Result<Lease<'_>> {
        let lease = self.lend(Role::Writer)?;
        let mut state = lock(&self.state);
        state.alone = true;
        state = self.wait_until(state, |state| state.inside.len() > 1);
        // When patience has ended, the lease lets the readers in again as it is dropped.
        if state.inside.len() > 1 {
            return Err(error::busy());
        }
        state.opened -= state.idle.len();
        state.idle.clear();
        drop(state);
        Ok(lease)
    }

    /// Waits until the connection is free, the pool is closed or patience ends.
    #[cfg(not(target_arch = "wasm32"))]
    fn wait<'p>(&'p self, role: Role, mut state: MutexGuard<'p, State>) -> Result<MutexGuard<'p, State>> {
        let condition = match role {
            Role::Writer => &self.writer_free,
            Role::Reader => &self.reader_free,
        };
        state.waiting += 1;
        let (mut state, waited) = condition
            .wait_timeout_while(state, self.patience, |state| {
                !state.closed && !state.can_lend(role, self.readers)
            })
            .unwrap_or_else(PoisonError::into_inner);
        state.waiting -= 1;
        if waited.timed_out() { Err(error::busy()) } else { Ok(state) }
    }

    /// Without threads nobody else could give the connection back.
    #[cfg(target_arch = "wasm32")]
    #[expect(clippy::unused_self, reason = "elsewhere there is something to wait for")]
    fn wait<'p>(&'p self, _role: Role, _state: MutexGuard<'p, State>) -> Result<MutexGuard<'p, State>> {
        Err(error::busy())
    }

    /// Refuses new work, waits for the rest and gives the connections out to be closed: the readers are closed
    /// here, the writer is returned. `None` when the pool was closed before.
    pub(super) fn close(&self) -> Result<Option<Connection>> {
        let mut state = lock(&self.state);
        if state.closed {
            return Ok(None);
        }
        if state.inside.contains(&this_thread()) {
            return Err(error::nested());
        }
        state.closed = true;
        self.writer_free.notify_all();
        self.reader_free.notify_all();
        state = self.wait_until(state, |state| !state.inside.is_empty());
        if !state.inside.is_empty() {
            // The lock must not be held while the interrupted statements unwind into it.
            drop(state);
            self.signals.interrupt();
            state = self.wait_until(lock(&self.state), |state| !state.inside.is_empty());
        }
        lock(&self.signals.handles).clear();
        state.idle.clear();
        if state.inside.is_empty() {
            return Ok(state.writer.take());
        }
        state.abandoned = true;
        state.writer = None;
        Err(error::busy())
    }

    /// Waits while threads are inside that must leave first, or until patience ends.
    #[cfg(not(target_arch = "wasm32"))]
    fn wait_until<'p>(
        &'p self,
        state: MutexGuard<'p, State>,
        inside: fn(&State) -> bool,
    ) -> MutexGuard<'p, State> {
        self.all_left
            .wait_timeout_while(state, self.patience, |state| inside(state))
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    #[cfg(target_arch = "wasm32")]
    #[expect(clippy::unused_self, reason = "elsewhere there is something to wait for")]
    fn wait_until<'p>(
        &'p self,
        state: MutexGuard<'p, State>,
        _inside: fn(&State) -> bool,
    ) -> MutexGuard<'p, State> {
        state
    }

    fn give_back(&self, lease: &mut Lease<'_>) {
        let mut state = lock(&self.state);
        state.inside.retain(|&thread| thread != lease.thread);
        let connection = lease.connection.take();
        match (lease.role, connection) {
            (_, connection) if state.abandoned => drop(connection),
            (Role::Writer, connection) => state.writer = connection,
            (Role::Reader, Some(connection)) => state.idle.push(connection),
            (Role::Reader, None) => state.opened -= 1,
        }
        if lease.role == Role::Writer && state.alone {
            state.alone = false;
            self.reader_free.notify_all();
        }
        if state.alone || (state.closed && state.inside.is_empty()) {
            self.all_left.notify_all();
        }
        let somebody_waits = state.waiting > 0;
        drop(state);
        match lease.role {
            Role::Writer if somebody_waits => self.writer_free.notify_one(),
            Role::Reader if somebody_waits => self.reader_free.notify_one(),
            _ => {}
        }
    }
}

impl State {
    fn can_lend(&self, role: Role, readers: usize) -> bool {
        match role {
            Role::Writer => self.writer.is_some(),
            Role::Reader => !self.alone && (!self.idle.is_empty() || self.opened < readers),
        }
    }
}

/// A connection in the hands of one thread. Dropping it ends an open transaction without effect.
pub(super) struct Lease<'p> {
    pool: &'p Pool,
    connection: Option<Connection>,
    role: Role,
    thread: u64,
}

impl Lease<'_> {
    /// The connection.
    pub(super) fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("a lease is handed out with its connection")
    }

    /// The connection, for the calls of rusqlite that want it alone.
    pub(super) fn connection_mut(&mut self) -> &mut Connection {
        self.connection.as_mut().expect("a lease is handed out with its connection")
    }

    /// Closes the connection and puts the one in its place that `open` gives. If there is none, the database is closed: it
    /// has lost its writer.
    pub(super) fn replace(&mut self, open: impl FnOnce() -> Result<Connection>) -> Result<()> {
        self.connection = None;
        // They belong to connections that are closed by now; the new one is watched as it is set up.
        lock(&self.pool.signals.handles).clear();
        match open() {
            Ok(connection) => self.connection = Some(connection),
            Err(failure) => {
                lock(&self.pool.state).closed = true;
                return Err(failure);
            }
        }
        Ok(())
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            roll_back(connection);
        }
        self.pool.give_back(self);
    }
}

/// Ends an open transaction without effect. An interrupt may hit the very statement, so it is tried again.
pub(super) fn roll_back(connection: &Connection) {
    for _ in 0..10 {
        if connection.is_autocommit() {
            return;
        }
        // A failure shows in the next round: the transaction is still open.
        let _ = connection.prepare_cached("ROLLBACK").and_then(|mut statement| statement.raw_execute());
    }
}

/// A poisoned lock is taken all the same: the state behind it changes in single steps.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
