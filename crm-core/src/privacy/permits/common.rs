//! What the permits of everybody rest on: read once, and kept until it is changed.

use std::sync::{Arc, PoisonError};

use super::rows::{self, StoredBasis};
use super::statements;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::regimes::Register;
use crate::record::door::Reader;
use crate::storage::query_all;

/// What the permits of everybody rest on.
#[derive(Debug)]
pub(crate) struct CommonGrounds {
    /// How often it had been changed, by the count that changes with it (see [`Stamp`](crate::record::install::Stamp)).
    changes: Option<i64>,
    /// The legal bases of everybody of a purpose.
    pub(super) bases: Vec<StoredBasis>,
    /// The latest complete copy of each register that the rules know.
    pub(super) snapshots: Vec<Snapshot>,
}

/// A copy of a register.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub(super) id: RecordId,
    pub(super) register: Register,
    pub(super) fetched_at: Timestamp,
}

impl CommonGrounds {
    /// What the reader sees: what is kept, if nothing was changed since. What is not committed and what is past is read
    /// anew and not kept.
    ///
    /// # Errors
    /// `storage.*`.
    pub(super) fn of(reader: &Reader<'_>) -> Result<Arc<Self>> {
        let place = &reader.engine.permit_grounds;
        if reader.permits.is_some() {
            let kept = place.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(found) = kept.as_ref().filter(|kept| kept.changes == reader.permits) {
                return Ok(Arc::clone(found));
            }
        }
        let found = Arc::new(Self::load(reader)?);
        if reader.permits.is_some() {
            *place.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&found));
        }
        Ok(found)
    }

    fn load(reader: &Reader<'_>) -> Result<Self> {
        let sql = statements::on(reader, statements::BASES_OF_ALL)?;
        let bases = query_all(reader.connection, &sql, &[], rows::basis)?;
        let sql = statements::on(reader, statements::SNAPSHOTS)?;
        let found = query_all(reader.connection, &sql, &[], |row| {
            // A register that the rules do not know is screened by the host alone.
            let register = row.text(1)?.and_then(|key| key.parse::<Register>().ok());
            Ok(row.id(0)?.zip(register).zip(row.timestamp(2)?))
        })?;
        let mut snapshots: Vec<Snapshot> = Vec::new();
        for ((id, register), fetched_at) in found.into_iter().flatten() {
            if snapshots.iter().all(|known| known.register != register) {
                snapshots.push(Snapshot { id, register, fetched_at });
            }
        }
        Ok(Self { changes: reader.permits, bases: bases.into_iter().flatten().collect(), snapshots })
    }
}
