//! The journal as a session sees it.

use std::ops::Range;
use std::sync::Arc;

use super::entry::Entry;
use super::proof::{ConsistencyProof, InclusionProof, TreeHead};
use super::tree::Hash;
use super::verify::Verification;
use super::verify_records::RecordsVerification;
use super::{feed, undo, verify, verify_records};
use crate::crm::Crm;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::door::{Door, Scope, read, write};
use crate::session::Session;
use crate::storage::ReadMode;

/// The journal: the change feed, undo, proofs.
pub struct Journal<'d> {
    door: &'d dyn Door,
}

/// The most entries that one call gives.
pub const MOST_ENTRIES: u32 = 1_000;

impl Journal<'_> {
    /// At most `limit` entries (up to 1,000) from sequence `from` on, the oldest first. A host that keeps the
    /// sequence after the last one it has seen never misses a change and never sees one twice.
    ///
    /// # Errors
    /// `storage.*`; `journal.damaged`.
    pub fn feed(&self, from: u64, limit: u32) -> Result<Vec<Entry>> {
        read(self.door, ReadMode::Snapshot, |reader| feed::read(reader, from, limit.min(MOST_ENTRIES)))
    }

    /// Undoes one change by a new one: a created record is deleted, a deleted one restored, changed fields get
    /// their old values.
    ///
    /// # Errors
    /// `journal.unknown`; `undo.conflict` when a field was changed again since; `undo.erased`; `undo.purged`.
    pub fn undo(&self, sequence: u64) -> Result<()> {
        write(self.door, None, |unit| undo::change(unit, sequence))
    }

    /// Undoes all changes of a job, such as an import, or none. Gives their number.
    ///
    /// # Errors
    /// `job.unknown`; as [`undo`](Self::undo).
    pub fn undo_job(&self, job: RecordId) -> Result<u64> {
        write(self.door, None, |unit| undo::job(unit, job))
    }

    /// Recomputes every entry and the tree, and lists what does not match.
    ///
    /// # Errors
    /// `storage.*`; `journal.damaged` for a row that is no entry at all.
    pub fn verify(&self) -> Result<Verification> {
        read(self.door, ReadMode::Snapshot, |reader| verify::all(reader.connection))
    }

    /// Compares every record with what the journal says of it, and lists what does not match: damage inside of a value,
    /// or a row that was changed past the engine. `progress` is told how many were compared, and can stop the work.
    ///
    /// # Errors
    /// `storage.*`; `journal.damaged`; `journal.sealed`; `verify.cancelled`.
    pub fn verify_records(&self, progress: verify_records::Progress<'_>) -> Result<RecordsVerification> {
        let progress = std::cell::RefCell::new(progress);
        read(self.door, ReadMode::Snapshot, |reader| {
            verify_records::all(reader, &mut |compared| (*progress.borrow_mut())(compared))
        })
    }

    /// The size and the root of the tree now. Kept outside, it shows later whether anything was rewritten.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn head(&self) -> Result<TreeHead> {
        read(self.door, ReadMode::Snapshot, |reader| verify::head(reader.connection))
    }

    /// The leaf hash of an entry and the proof that it is in the journal of today.
    ///
    /// # Errors
    /// `journal.unknown`.
    pub fn inclusion_proof(&self, sequence: u64) -> Result<(Hash, InclusionProof)> {
        read(self.door, ReadMode::Snapshot, |reader| verify::inclusion(reader.connection, sequence))
    }

    /// The proof that the journal of an earlier size is the beginning of the journal of today.
    ///
    /// # Errors
    /// `journal.proof.range` for a size that the journal does not have.
    pub fn consistency_proof(&self, old_size: u64) -> Result<ConsistencyProof> {
        read(self.door, ReadMode::Snapshot, |reader| verify::consistency(reader.connection, old_size))
    }
}

impl Session {
    /// The journal.
    pub fn journal(&self) -> Journal<'_> {
        Journal { door: self }
    }
}

impl Scope<'_> {
    /// The journal.
    pub fn journal(&self) -> Journal<'_> {
        Journal { door: self }
    }
}

/// A listener that is told of commits until it is dropped.
#[must_use = "the listener is removed when this is dropped"]
pub struct Subscription {
    crm: Crm,
    number: u64,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.crm.engine.listeners.remove(self.number);
    }
}

impl Crm {
    /// Calls a function after every commit through this handle or its clones, with the sequences of the new
    /// entries. It runs on the thread that committed, when no lock is held.
    ///
    /// On PostgreSQL it is called for the commits of other handles and processes, too, on a thread of the driver. The
    /// sequences that it is told of have no gaps then: those of others that came before a commit are told with it.
    pub fn on_commit(&self, listener: impl Fn(Range<u64>) + Send + Sync + 'static) -> Subscription {
        // Without an ear for others, when the server cannot be reached now, say, the commits of this handle are told.
        let _ = feed::hear_others(&self.engine);
        Subscription { number: self.engine.listeners.add(Arc::new(listener)), crm: self.clone() }
    }
}
