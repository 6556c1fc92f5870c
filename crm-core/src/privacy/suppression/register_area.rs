//! National registers, as a session sees them.

use std::ops::ControlFlow;

use super::ids::RegisterSnapshotId;
use super::model::RegisterSnapshot;
use super::registers::{self, Loaded, Progress, STEP, Screening, cancelled};
use crate::error::Result;
use crate::ground::time::Timestamp;
use crate::privacy::address::ContactAddress;
use crate::privacy::kinds::AddressType;
use crate::privacy::secret::DatabaseSecret;
use crate::record::Records;
use crate::record::door::{read, write};
use crate::storage::ReadMode;

impl Records<'_, RegisterSnapshot> {
    /// Stores entries of a snapshot, a thousand in each transaction. It is called as often as there are parts of the
    /// register, then [`finish`](Self::finish) once. `progress` is told after each transaction, and can stop the loading
    /// there; what was stored stays, and to load it again changes nothing.
    ///
    /// # Errors
    /// `record.not_found`; `register_snapshot.complete`; `register_snapshot.cancelled`.
    pub fn load(
        &self,
        id: impl Into<RegisterSnapshotId>,
        entries: &[String],
        progress: Progress<'_>,
    ) -> Result<Loaded> {
        let id = id.into();
        let mut done = Loaded { of: entries.len() as u64, ..Loaded::default() };
        for step in entries.chunks(STEP) {
            done = write(self.set.door, None, |work| {
                let mut after = done;
                registers::load(work, id, step, &mut after)?;
                Ok(after)
            })?;
            if let ControlFlow::Break(()) = progress(&done) {
                return Err(cancelled());
            }
        }
        Ok(done)
    }

    /// Completes a snapshot: from now on addresses are screened against it, and no longer against older ones.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn finish(&self, id: impl Into<RegisterSnapshotId>) -> Result<RegisterSnapshot> {
        let id = id.into();
        write(self.set.door, None, |work| registers::finish(work, id))
    }

    /// Screens an address against the latest complete snapshot of a register, as of a time or now.
    ///
    /// # Errors
    /// `email.*`, `phone.*`, `address.*` at `address`.
    pub fn screen(
        &self,
        registry: &str,
        address: &str,
        address_type: AddressType,
        at: Option<Timestamp>,
    ) -> Result<Screening> {
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let country = reader.engine.config.default_country;
            let address = ContactAddress::given(address, Some(address_type), None, country)?;
            let secret = DatabaseSecret::find(reader.engine, reader.connection)?;
            let hash = secret.map(|secret| address.hash(&secret));
            registers::screen(reader, registry, hash.as_deref(), at.unwrap_or_else(|| reader.now()))
        })
    }
}
