//! Moving a whole database: from SQLite to PostgreSQL and back, and from a plain file to one with a key.
//!
//! Everything is copied as it stands: records with their identifiers, versions and row numbers, the journal entry by entry,
//! the wrapped keys of data subjects. No rule runs and nothing is journalled, since nothing changes; the search index is made anew.

mod cell;
mod plan;
mod run;
mod state;
mod tables;
mod verify;

use std::ops::ControlFlow;

use crate::crm::Crm;
use crate::error::Result;
use crate::journal::proof::TreeHead;

/// What a copy is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CopyStep {
    /// Records without their links.
    Records,
    /// The links between records.
    Links,
    /// The journal, the keys, and what is derived from records.
    Engine,
    /// Comparing both databases.
    Verification,
}

/// How far a copy is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopyProgress {
    /// What is done.
    pub step: CopyStep,
    /// The table that it is done with.
    pub table: String,
    /// How many rows this call has read so far, over all tables.
    pub rows: u64,
}

/// What a finished copy has copied.
#[derive(Clone, Debug, PartialEq)]
pub struct CopyReport {
    /// How many records the target has.
    pub records: u64,
    /// The head of the journal, which is the same in both.
    pub head: TreeHead,
}

/// Told of the progress after each batch; breaks the copy off.
pub type CopyWatch<'w> = dyn FnMut(&CopyProgress) -> ControlFlow<()> + 'w;

impl Crm {
    /// Copies this database into an empty one of any engine, compares every record, and proves the journal of the target
    /// to be that of this one. A copy that was broken off goes on where it was when it is called again with the same two.
    ///
    /// Nobody may write into either meanwhile; until the call has returned `Ok` the target is not to be used. Both handles
    /// must have the same key provider, because the wrapped keys of data subjects are copied. The values of custom fields
    /// that lie in the bin stay behind.
    ///
    /// ```
    /// use std::ops::ControlFlow;
    /// use crm_core::{Config, Crm};
    /// let (source, target) = (Crm::memory(Config::default())?, Crm::memory(Config::default())?);
    /// let report = source.copy_to(&target, &mut |_| ControlFlow::Continue(()))?;
    /// assert_eq!(report.records, 0);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `copy.target_not_empty`; `copy.source_changed` when somebody has written into this database since the copy began;
    /// `copy.cancelled`; `copy.differs` when the comparison finds a difference, naming the table; `storage.*`.
    pub fn copy_to(&self, target: &Self, watch: &mut CopyWatch<'_>) -> Result<CopyReport> {
        run::Copy::new(self, target, watch).run()
    }
}
