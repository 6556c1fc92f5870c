//! What was committed, for a host that waits for it.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crm_core::journal::area::Subscription;

/// The entries of the journal that were committed together, or close upon each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Commit {
    /// The sequence of the first entry.
    pub first: u64,
    /// The sequence of the last entry.
    pub last: u64,
}

/// A stream of commits: what Kotlin's `Flow`, Swift's `AsyncSequence` and Python's iterator are built on. What other
/// processes write is not in it; the operation `journal.feed` reads everything since a sequence.
#[derive(uniffi::Object)]
pub struct Events {
    queue: Arc<Queue>,
    // Dropped with the stream; it ends the subscription.
    subscription: Mutex<Option<Subscription>>,
}

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Queue {
    state: Mutex<Pending>,
    changed: Condvar,
}

#[derive(Default)]
struct Pending {
    commits: VecDeque<Range<u64>>,
    closed: bool,
}

impl Events {
    pub(super) fn of(crm: &crm_core::Crm) -> Arc<Self> {
        let queue = Arc::new(Queue::default());
        let told = Arc::clone(&queue);
        let subscription = Mutex::new(Some(crm.on_commit(move |sequences| told.push(sequences))));
        Arc::new(Self { queue, subscription })
    }
}

#[uniffi::export]
impl Events {
    /// Waits for a commit. Gives none when there was none within `timeout_ms` milliseconds, 0 to ask without waiting, and
    /// when the stream was stopped.
    pub fn next(&self, timeout_ms: u32) -> Option<Commit> {
        let pending = self.queue.lock();
        let patience = Duration::from_millis(timeout_ms.into());
        let idle = |pending: &mut Pending| pending.commits.is_empty() && !pending.closed;
        let (mut pending, _) = self
            .queue
            .changed
            .wait_timeout_while(pending, patience, idle)
            .unwrap_or_else(PoisonError::into_inner);
        let commit = pending.commits.pop_front()?;
        Some(Commit { first: commit.start, last: commit.end - 1 })
    }

    /// Ends the stream and wakes whoever waits on it. What was committed before can still be fetched.
    pub fn stop(&self) {
        self.subscription.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.queue.lock().closed = true;
        self.queue.changed.notify_all();
    }

    /// Whether the stream was stopped and everything was fetched.
    pub fn is_over(&self) -> bool {
        let pending = self.queue.lock();
        pending.closed && pending.commits.is_empty()
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, sequences: Range<u64>) {
        if sequences.is_empty() {
            return;
        }
        let mut pending = self.lock();
        if pending.closed {
            return;
        }
        // Commits that follow each other become one, so that a host that is slow to fetch does not fill the memory.
        match pending.commits.back_mut() {
            Some(last) if last.end == sequences.start => last.end = sequences.end,
            _ => pending.commits.push_back(sequences),
        }
        drop(pending);
        self.changed.notify_one();
    }
}
