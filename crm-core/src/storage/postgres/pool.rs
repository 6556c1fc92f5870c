//! The connections of one database, lent to one thread each: one that writes, several that read.
//!
//! They open when they are first needed, and again after they were lost. The lock is held only to take a connection
//! out and to put it back. A thread that is inside already gets an error instead of waiting for itself.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::interrupt::lock;
use super::link::Link;
use crate::error::Result;
use crate::storage::error;
use crate::storage::thread::this_thread;

/// What a thread wants a connection for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// The one connection that writes.
    Writer,
    /// One that reads from the main server.
    Reader,
    /// One that reads from a replica.
    Replica,
}

/// Opens a connection.
type Open = dyn Fn(Role) -> Result<Link> + Send + Sync;

/// The connections of one database.
pub(super) struct Pool {
    state: Mutex<State>,
    changed: Condvar,
    open: Box<Open>,
    readers: usize,
    patience: Duration,
}

#[derive(Default)]
struct State {
    lanes: [Lane; 3],
    /// The threads that hold a connection.
    inside: Vec<u64>,
    closed: bool,
    /// Set when `close` gave up waiting: connections that come back are closed, not kept.
    abandoned: bool,
}

/// The connections of one role.
#[derive(Default)]
struct Lane {
    idle: Vec<Link>,
    lent: usize,
}

impl Pool {
    /// A pool without connections yet.
    pub(super) fn new(open: Box<Open>, readers: usize, patience: Duration) -> Self {
        Self { state: Mutex::default(), changed: Condvar::new(), open, readers: readers.max(1), patience }
    }

    /// Takes a connection out, waiting for one up to the busy timeout.
    pub(super) fn lend(&self, role: Role) -> Result<Lease<'_>> {
        let thread = this_thread();
        let most = if role == Role::Writer { 1 } else { self.readers };
        let mut state = lock(&self.state);
        if state.inside.contains(&thread) {
            return Err(error::nested());
        }
        if !state.closed && state.lanes[role as usize].lent >= most {
            let full = |state: &mut State| !state.closed && state.lanes[role as usize].lent >= most;
            let (after, waited) = self
                .changed
                .wait_timeout_while(state, self.patience, full)
                .unwrap_or_else(PoisonError::into_inner);
            state = after;
            if waited.timed_out() {
                return Err(error::busy());
            }
        }
        if state.closed {
            return Err(error::closed());
        }
        state.inside.push(thread);
        let lane = &mut state.lanes[role as usize];
        lane.lent += 1;
        let link = lane.idle.pop();
        drop(state);
        // Dropped on failure, the lease gives its place back.
        let mut lease = Lease { pool: self, link, role, thread };
        lease.revive()?;
        Ok(lease)
    }

    /// Whether the pool was closed.
    pub(super) fn is_closed(&self) -> bool {
        lock(&self.state).closed
    }

    /// Refuses new work, waits for the rest, interrupts it when it takes too long, and closes the connections. `false`
    /// when the pool was closed before.
    pub(super) fn close(&self, interrupt: &dyn Fn()) -> Result<bool> {
        let mut state = lock(&self.state);
        if state.inside.contains(&this_thread()) {
            return Err(error::nested());
        }
        if std::mem::replace(&mut state.closed, true) {
            return Ok(false);
        }
        self.changed.notify_all();
        state = self.wait_until_left(state);
        if !state.inside.is_empty() {
            // The lock must not be held while the interrupted statements unwind into it.
            drop(state);
            interrupt();
            state = self.wait_until_left(lock(&self.state));
        }
        state.abandoned = true;
        let idle: Vec<Link> = state.lanes.iter_mut().flat_map(|lane| lane.idle.drain(..)).collect();
        let left = state.inside.is_empty();
        drop(state);
        drop(idle);
        if left { Ok(true) } else { Err(error::busy()) }
    }

    fn wait_until_left<'p>(&'p self, state: MutexGuard<'p, State>) -> MutexGuard<'p, State> {
        self.changed
            .wait_timeout_while(state, self.patience, |state| !state.inside.is_empty())
            .unwrap_or_else(PoisonError::into_inner)
            .0
    }

    fn give_back(&self, lease: &mut Lease<'_>) {
        // A transaction that is still open ends without effect, before anybody else gets the connection.
        let link = lease.link.take().inspect(Link::roll_back).filter(Link::is_alive);
        let mut state = lock(&self.state);
        state.inside.retain(|&thread| thread != lease.thread);
        let abandoned = state.abandoned;
        let lane = &mut state.lanes[lease.role as usize];
        lane.lent -= 1;
        let rest = match link {
            Some(link) if !abandoned => {
                lane.idle.push(link);
                None
            }
            rest => rest,
        };
        drop(state);
        drop(rest);
        self.changed.notify_all();
    }
}

/// A connection in the hands of one thread. Dropping it ends an open transaction without effect.
pub(super) struct Lease<'p> {
    pool: &'p Pool,
    link: Option<Link>,
    role: Role,
    thread: u64,
}

impl Lease<'_> {
    /// The connection.
    pub(super) fn link(&self) -> &Link {
        self.link.as_ref().expect("a lease is handed out with its connection")
    }

    /// Opens the connection, unless it is open.
    pub(super) fn revive(&mut self) -> Result<()> {
        if !self.link.as_ref().is_some_and(Link::is_alive) {
            self.link = None;
            self.link = Some((self.pool.open)(self.role)?);
        }
        self.link().take_over();
        Ok(())
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        self.pool.give_back(self);
    }
}
