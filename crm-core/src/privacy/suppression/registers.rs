//! National registers: loading a snapshot step by step, and screening against it.

use std::ops::ControlFlow;

use super::ids::RegisterSnapshotId;
use super::model::RegisterSnapshot;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::country::CountryCode;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::address::ContactAddress;
use crate::privacy::secret::DatabaseSecret;
use crate::privacy::typed_rows::records;
use crate::record::door::Reader;
use crate::record::select::select;
use crate::record::unit::UnitOfWork;
use crate::record::{Record, Value};
use crate::storage::{Connection, Param, query_one};

select! {
    /// What screening an address against a register comes to.
    pub enum ScreeningAnswer {
        /// The address is on the register.
        Listed = "listed",
        /// It is not, by a snapshot that is fresh enough.
        NotListed = "not_listed",
        /// There is no snapshot that is fresh enough: nothing is known, which is no permission.
        #[default]
        Stale = "stale",
    }
}

/// What screening an address came to, and by which snapshot.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Screening {
    /// The register.
    pub registry: String,
    /// The answer.
    pub answer: ScreeningAnswer,
    /// The snapshot; none when the register was never loaded.
    pub snapshot: Option<RegisterSnapshotId>,
    /// When it was fetched.
    pub fetched_at: Option<Timestamp>,
    /// Until when a call may rest on it.
    pub fresh_until: Option<Timestamp>,
}

/// How a step of loading went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Loaded {
    /// How many entries were taken.
    pub taken: u64,
    /// How many were no addresses and were left out.
    pub rejected: u64,
    /// How many there are in this step.
    pub of: u64,
}

/// How many entries are stored in one transaction.
pub(super) const STEP: usize = 1_000;

/// What is told after each transaction; it can stop the loading there.
pub(super) type Progress<'p> = &'p mut dyn FnMut(&Loaded) -> ControlFlow<()>;

/// The error for a loading that the host has stopped. What was stored stays; the snapshot is not complete.
pub(super) fn cancelled() -> CrmError {
    CrmError::new(ErrorKind::Interrupted, "register_snapshot.cancelled", "the host cancelled it")
}

/// Stores entries of a snapshot that is not complete. One that is there already counts as taken.
pub(super) fn load(
    work: &mut UnitOfWork<'_>,
    id: RegisterSnapshotId,
    entries: &[String],
    done: &mut Loaded,
) -> Result<()> {
    let snapshot: RegisterSnapshot = work.require_record(id)?;
    if snapshot.completed_at.is_some() {
        let reason = "is complete; a newer state of the register is another snapshot";
        return Err(CrmError::new(ErrorKind::Rule, "register_snapshot.complete", reason).at("snapshot"));
    }
    let country: CountryCode = work.engine.config.default_country;
    let secret = DatabaseSecret::of(work)?;
    let address_type = snapshot.address_type.unwrap_or_default();
    for entry in entries {
        match ContactAddress::parse(address_type, entry, Some(country)) {
            Err(_) => done.rejected += 1,
            Ok(address) => {
                work.connection.execute(
                    "INSERT INTO crm_register_entry (snapshot, address) VALUES (?1, ?2) \
                     ON CONFLICT (snapshot, address) DO NOTHING",
                    &[Param::Id(id.into()), Param::Text(&address.hash(&secret))],
                )?;
                done.taken += 1;
            }
        }
    }
    Ok(())
}

/// Completes a snapshot: from now on it is screened against, and older ones of the register lose their entries.
pub(super) fn finish(work: &mut UnitOfWork<'_>, id: RegisterSnapshotId) -> Result<RegisterSnapshot> {
    let snapshot: RegisterSnapshot = work.require_record(id)?;
    if snapshot.completed_at.is_some() {
        return Ok(snapshot);
    }
    let count = query_one(
        work.connection,
        "SELECT COUNT(*) FROM crm_register_entry WHERE snapshot = ?1",
        &[Param::Id(id.into())],
        |row| row.integer(0),
    )?;
    let record_type = work.record_type(RegisterSnapshot::NAME)?;
    let values = [
        ("entry_count", Value::Integer(count.flatten().unwrap_or_default())),
        ("completed_at", Value::Timestamp(work.now())),
    ];
    let complete: RegisterSnapshot = work.set(&record_type, id.into(), &values)?.into_record(&record_type)?;
    work.connection.execute(
        "DELETE FROM crm_register_entry WHERE snapshot IN (SELECT s.\"id\" FROM register_snapshot AS s \
         WHERE s.registry = ?1 AND s.fetched_at < ?2 AND s.completed_at IS NOT NULL)",
        &[Param::Text(&complete.registry), complete.fetched_at.map_or(Param::Null, Param::Timestamp)],
    )?;
    Ok(complete)
}

/// Forgets the entries of a snapshot that is deleted.
pub(super) fn forget(connection: &dyn Connection, snapshot: RecordId) -> Result<()> {
    connection.execute("DELETE FROM crm_register_entry WHERE snapshot = ?1", &[Param::Id(snapshot)])?;
    Ok(())
}

/// The condition for the latest complete snapshot of a register.
pub(crate) const LATEST: &str =
    "t.registry = ?1 AND t.completed_at IS NOT NULL ORDER BY t.fetched_at DESC LIMIT 1";

/// Screens an address, by its hash, against a register at a time.
pub(crate) fn screen(
    reader: &Reader<'_>,
    registry: &str,
    address_hash: Option<&str>,
    at: Timestamp,
) -> Result<Screening> {
    let latest: Option<RegisterSnapshot> = records(reader, LATEST, &[Param::Text(registry)])?.pop();
    let Some(snapshot) = latest else {
        return Ok(Screening {
            registry: registry.to_owned(),
            answer: ScreeningAnswer::Stale,
            snapshot: None,
            fetched_at: None,
            fresh_until: None,
        });
    };
    let age = snapshot.max_age_days.unwrap_or_default();
    let fresh_until = snapshot.fetched_at.map(|fetched| fetched.plus_days(age));
    let listed = match address_hash {
        Some(hash) => is_entry(reader.connection, snapshot.meta.id, hash)?,
        None => false,
    };
    let answer = if listed {
        ScreeningAnswer::Listed
    } else if fresh_until.is_some_and(|end| at <= end) && has_its_entries(reader.connection, &snapshot)? {
        ScreeningAnswer::NotListed
    } else {
        ScreeningAnswer::Stale
    };
    Ok(Screening {
        registry: snapshot.registry,
        answer,
        snapshot: Some(snapshot.meta.id.into()),
        fetched_at: snapshot.fetched_at,
        fresh_until,
    })
}

/// The statement for an entry.
pub(crate) const ENTRY: &str = "SELECT 1 FROM crm_register_entry WHERE snapshot = ?1 AND address = ?2";

/// Whether an address, by its hash, is in a copy of a register.
pub(crate) fn is_entry(connection: &dyn Connection, snapshot: RecordId, hash: &str) -> Result<bool> {
    Ok(query_one(connection, ENTRY, &[Param::Id(snapshot), Param::Text(hash)], |_| Ok(()))?.is_some())
}

/// Whether the entries of a snapshot are here: an export in JSON Lines has the snapshot without them.
fn has_its_entries(connection: &dyn Connection, snapshot: &RegisterSnapshot) -> Result<bool> {
    if snapshot.entry_count == Some(0) {
        return Ok(true);
    }
    let sql = "SELECT 1 FROM crm_register_entry WHERE snapshot = ?1 LIMIT 1";
    Ok(query_one(connection, sql, &[Param::Id(snapshot.meta.id)], |_| Ok(()))?.is_some())
}
