//! What was committed, for a host that waits for it.

use std::sync::Arc;
use std::time::Duration;

use crate::commits::Commits;

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
pub struct Events(Arc<Commits>);

impl std::fmt::Debug for Events {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Events").finish_non_exhaustive()
    }
}

impl Events {
    pub(super) fn of(crm: &crm_core::Crm) -> Arc<Self> {
        Arc::new(Self(Commits::of(crm)))
    }
}

#[uniffi::export]
impl Events {
    /// Waits for a commit. Gives none when there was none within `timeout_ms` milliseconds, 0 to ask without waiting, and
    /// when the stream was stopped.
    pub fn next(&self, timeout_ms: u32) -> Option<Commit> {
        let sequences = self.0.next(Some(Duration::from_millis(timeout_ms.into())))?;
        Some(Commit { first: sequences.start, last: sequences.end - 1 })
    }

    /// Ends the stream and wakes whoever waits on it. What was committed before can still be fetched.
    pub fn stop(&self) {
        self.0.close();
    }

    /// Whether the stream was stopped and everything was fetched.
    pub fn is_over(&self) -> bool {
        self.0.is_over()
    }
}
