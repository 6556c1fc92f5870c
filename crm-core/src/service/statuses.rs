//! The statuses of cases: the ones that come with the library, and the rules that keep them sound.

use super::kinds::StatusType;
use super::model::CaseStatus;
use super::queries;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Operation;
use crate::record::door::write;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{Record, Records, Value};

/// The statuses that a database gets when it has none.
const DEFAULTS: [(StatusType, &str, &str); 5] = [
    (StatusType::Open, "open", "Open"),
    (StatusType::Pending, "pending", "Pending"),
    (StatusType::OnHold, "on_hold", "On hold"),
    (StatusType::Resolved, "resolved", "Resolved"),
    (StatusType::Closed, "closed", "Closed"),
];

/// The identifier of a default status: the same in every database, so that two that meet agree.
fn default_id(place: u8) -> RecordId {
    // A UUIDv8 (RFC 9562 §5.8): "case_status" and the place.
    let mut bytes = *b"case_s\x80tatus\0\0\0\0";
    bytes[8] = 0x80 | (bytes[8] & 0x3f);
    bytes[15] = place;
    RecordId::from_bytes(bytes)
}

/// Creates the default statuses that are neither there nor in the bin. Gives their number.
fn install(unit: &mut UnitOfWork<'_>) -> Result<usize> {
    let mut created = 0;
    for (place, (status_type, key, name)) in (1_u8..).zip(DEFAULTS) {
        let id = default_id(place);
        if queries::knows_status(unit.connection, id, key)? {
            continue;
        }
        let mut status = CaseStatus {
            name: name.into(),
            key: key.into(),
            status_type,
            position: Some(i64::from(place) * 10),
            is_default: queries::default_status(unit.connection, status_type)?.is_none(),
            ..CaseStatus::default()
        };
        status.meta.id = id;
        unit.create_record(status)?;
        created += 1;
    }
    Ok(created)
}

/// The status that a case gets when only the type is named. A database without any status gets the default ones
/// first.
pub(super) fn default_of(unit: &mut UnitOfWork<'_>, of: StatusType) -> Result<RecordId> {
    if let Some(id) = queries::default_status(unit.connection, of)? {
        return Ok(id);
    }
    if !queries::any_status(unit.connection)? {
        install(unit)?;
    }
    queries::default_status(unit.connection, of)?.ok_or_else(|| {
        CrmError::new(ErrorKind::Rule, "case_status.missing", "there is no status of the type")
            .at("status")
            .detail("status_type", of.key())
    })
}

impl Records<'_, CaseStatus> {
    /// Creates the default statuses, one for each type, that are not there; those that were deleted stay so. Gives
    /// the number of new ones. A database without any status does this by itself when the first case is created.
    ///
    /// # Errors
    /// `storage.*`.
    ///
    /// ```
    /// # use crm_core::{Actor, Config, Crm, Purpose};
    /// # let session = Crm::memory(Config::default())?.session(Actor::System, Purpose::CustomerCare)?;
    /// assert_eq!(session.case_statuses().install_defaults()?, 5);
    /// assert_eq!(session.case_statuses().install_defaults()?, 0);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    pub fn install_defaults(&self) -> Result<usize> {
        write(self.set.door, None, install)
    }
}

/// The rules of [`CaseStatus`].
pub(super) struct StatusRules;

impl Rules for StatusRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        // The cases hold the type of their status, too.
        if change.operation == Operation::Update
            && change.changes("status_type")
            && queries::status_is_used(unit.connection, change.id())?
        {
            let reason = "cannot be changed while cases have the status";
            return Err(CrmError::new(ErrorKind::Rule, "case_status.in_use", reason).at("status_type"));
        }
        Ok(())
    }

    fn after(&self, unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        let becomes_default = change.operation != Operation::Delete
            && change.origin != Origin::Undo
            && *change.after("is_default") == Value::Boolean(true)
            && (change.changes("is_default") || change.changes("status_type"));
        if becomes_default {
            let of: StatusType = queries::option(change.after("status_type").as_text().unwrap_or_default())?;
            let record_type = unit.record_type(CaseStatus::NAME)?;
            for other in queries::other_defaults(unit.connection, of, change.id())? {
                unit.set(&record_type, other, &[("is_default", Value::Boolean(false))])?;
            }
        }
        Ok(())
    }
}
