//! The pull side of the change feed: which entries of the journal were committed.

use std::ops::Range;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crm_core::journal::area::Subscription;
use crm_core::{CrmError, ErrorKind, Result};
use serde_json::json;

use super::buffer::Buffer;
use super::database::{Database, begin};
use super::edge::{report, report_status, require};
use super::handles::{self, Open};
use super::status::Status;

/// A stream of commits. 0 is none, and no number is given twice in a process.
pub type Events = u64;

/// For crm_events_next(): wait until something happens or the stream is closed.
pub const FOREVER: u32 = u32::MAX;

/// Opens a stream of what is committed from now on through this database handle. What other processes write is not in it;
/// the operation `journal.feed` reads everything since a sequence.
///
/// Owner: the host closes `*events` with crm_events_close(), or leaves that to crm_close() of its database; it frees `error` with
/// crm_buffer_free(). Lifetime: of the handle, until one of the two closes. Threads: any.
/// NULL: `events` must not be NULL; `error` may be. On failure `*events` is 0.
///
/// # Safety
/// `events` and `error` are NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_events_open(database: Database, events: *mut Events, error: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            begin(events, "events")?;
            let stream = Stream::on(&handles::database(database)?);
            events.write(handles::add_to(database, Open::Events(stream, database))?);
            Ok(Vec::new())
        })
    }
}

/// Waits for commits and gives the sequences of their journal entries: {"first": 17, "last": 19}, both inclusive. Commits
/// that follow each other come as one; read them with the operation `journal.feed`.
///
/// Gives CRM_STATUS_TIMEOUT, and an empty buffer, when nothing was committed within `timeout_ms` milliseconds: 0 asks without
/// waiting, CRM_FOREVER waits without end. Gives CRM_STATUS_CLOSED when the stream was closed, also while it waits.
///
/// Owner: the host frees `output`, which has the sequences or the error, with crm_buffer_free().
/// Threads: any; when several wait on one stream, each commit reaches one of them.
/// NULL: `output` must not be NULL; CRM_STATUS_INVALID otherwise.
///
/// # Safety
/// `output` is NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_events_next(events: Events, timeout_ms: u32, output: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report_status(output, || {
            require(output, "output")?;
            let stream = handles::events(events)?;
            let patience = (timeout_ms != FOREVER).then(|| Duration::from_millis(timeout_ms.into()));
            Ok(match stream.next(patience)? {
                Some(sequences) => {
                    let told = json!({"first": sequences.start, "last": sequences.end - 1});
                    (Status::Ok, told.to_string().into_bytes())
                }
                None => (Status::Timeout, Vec::new()),
            })
        })
    }
}

/// Closes a stream and wakes whoever waits on it.
///
/// Owner: takes the handle back. Threads: any. NULL: the handle 0 is none and gives CRM_STATUS_OK; `error` may be NULL.
/// A second close, or one after crm_close() of the database, changes nothing and gives CRM_STATUS_CLOSED.
///
/// # Safety
/// `error` is NULL or may be written to. What lies there is overwritten, not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn crm_events_close(events: Events, error: *mut Buffer) -> i32 {
    // SAFETY: The caller promises it.
    unsafe {
        report(error, || {
            if events != 0 {
                handles::take_events(events)?.close();
            }
            Ok(Vec::new())
        })
    }
}

/// A stream: what was committed and not yet fetched.
pub(super) struct Stream {
    queue: Arc<Queue>,
    // Dropped with the stream; it ends the subscription.
    _subscription: Subscription,
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

impl Stream {
    fn on(crm: &crm_core::Crm) -> Arc<Self> {
        let queue = Arc::new(Queue::default());
        let told = Arc::clone(&queue);
        Arc::new(Self { queue, _subscription: crm.on_commit(move |sequences| told.push(sequences)) })
    }

    fn next(&self, patience: Option<Duration>) -> Result<Option<Range<u64>>> {
        let idle = |pending: &mut Pending| pending.ranges.is_empty() && !pending.closed;
        let pending = self.queue.lock();
        let mut pending = match patience {
            Some(patience) => {
                let waited = self.queue.changed.wait_timeout_while(pending, patience, idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.queue.changed.wait_while(pending, idle).unwrap_or_else(PoisonError::into_inner),
        };
        if pending.closed {
            return Err(CrmError::new(ErrorKind::Closed, "surface.handle", "the stream was closed"));
        }
        Ok((!pending.ranges.is_empty()).then(|| pending.ranges.remove(0)))
    }

    /// Ends the stream for everybody who waits on it.
    pub(super) fn close(&self) {
        self.queue.lock().closed = true;
        self.queue.changed.notify_all();
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
