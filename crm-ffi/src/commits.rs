//! A stream of commits that a host fetches from: what the events of C and of the typed languages stand on.

use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crm_core::Crm;
use crm_core::journal::area::Subscription;

/// What was committed and not yet fetched, as the sequences of journal entries.
pub(crate) struct Commits {
    queue: Arc<Queue>,
    // It ends when the stream is closed or dropped.
    subscription: Mutex<Option<Subscription>>,
}

#[derive(Default)]
struct Queue {
    state: Mutex<Pending>,
    changed: Condvar,
}

#[derive(Default)]
struct Pending {
    ranges: Vec<Range<u64>>,
    closed: bool,
}

impl Commits {
    /// What is committed from now on.
    pub(crate) fn of(crm: &Crm) -> Arc<Self> {
        let queue = Arc::new(Queue::default());
        let told = Arc::clone(&queue);
        let subscription = Mutex::new(Some(crm.on_commit(move |sequences| told.push(sequences))));
        Arc::new(Self { queue, subscription })
    }

    /// Waits for commits, without end or for a while. Gives none when there was none and when the stream was closed; what
    /// was committed before that can still be fetched.
    pub(crate) fn next(&self, patience: Option<Duration>) -> Option<Range<u64>> {
        let idle = |pending: &mut Pending| pending.ranges.is_empty() && !pending.closed;
        let pending = self.queue.lock();
        let mut pending = match patience {
            Some(patience) => {
                let waited = self.queue.changed.wait_timeout_while(pending, patience, idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.queue.changed.wait_while(pending, idle).unwrap_or_else(PoisonError::into_inner),
        };
        (!pending.ranges.is_empty()).then(|| pending.ranges.remove(0))
    }

    /// Ends the stream and wakes whoever waits on it.
    pub(crate) fn close(&self) {
        self.subscription.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.queue.lock().closed = true;
        self.queue.changed.notify_all();
    }

    /// Whether the stream was closed and everything was fetched.
    pub(crate) fn is_over(&self) -> bool {
        let pending = self.queue.lock();
        pending.closed && pending.ranges.is_empty()
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, sequences: Range<u64>) {
        let mut pending = self.lock();
        if sequences.is_empty() || pending.closed {
            return;
        }
        // Two writers may report in the other order. Ranges that touch become one, so a host that is slow to fetch
        // does not fill the memory.
        let place = pending.ranges.partition_point(|range| range.start < sequences.start);
        pending.ranges.insert(place, sequences);
        pending.ranges.dedup_by(|next, range| {
            let touches = next.start == range.end;
            if touches {
                range.end = next.end;
            }
            touches
        });
        drop(pending);
        self.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::Queue;

    #[test]
    fn commits_that_follow_each_other_become_one() {
        let check = |pushed: &[(u64, u64)], expected: &[(u64, u64)]| {
            let queue = Queue::default();
            pushed.iter().for_each(|&(start, end)| queue.push(start..end));
            let ranges: Vec<_> = queue.lock().ranges.iter().map(|range| (range.start, range.end)).collect();
            assert_eq!(ranges, expected, "{pushed:?}");
        };
        check(&[(0, 1), (1, 3), (3, 4)], &[(0, 4)]);
        check(&[(0, 1), (2, 3)], &[(0, 1), (2, 3)]);
        check(&[(1, 2), (0, 1), (2, 3)], &[(0, 3)]);
        check(&[(4, 5), (0, 1), (2, 3), (1, 2)], &[(0, 3), (4, 5)]);
        check(&[(4, 4)], &[]);
    }
}
