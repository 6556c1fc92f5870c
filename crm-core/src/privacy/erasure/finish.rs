//! What follows the commit of an erasure: the bytes in the log, the ledger, the look afterwards, the certificate.
//!
//! None of it can bring anything back, and each part can be done again. So a process may go down anywhere in here: the
//! erasure stays pending, and `privacy.finish_erasures` goes on.

use std::collections::HashSet;

use serde_json::Value as Json;

use super::certificate;
use super::execute::{self, Done, Order};
use super::ids::ErasureId;
use super::kinds::ErasureState;
use super::ledger;
use super::model::Erasure;
use super::needles::Needles;
use super::plan::ErasurePlan;
use super::scan::{ByteScan, scan};
use super::tombstones::{PseudonymKey, digits};
use crate::crm::lock;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::{FieldType, Value};
use crate::session::Session;
use crate::storage::{Param, ReadMode, query_all};

/// What came of an erasure.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ErasureReport {
    /// The record of it.
    pub erasure: Erasure,
    /// What was done.
    pub plan: ErasurePlan,
    /// What was found when the addresses of the person were looked for in the bytes; nothing when the person had none
    /// that were theirs alone, when it was not asked for, or when the erasure is pending.
    pub verification: Option<ByteScan>,
    /// What the erasure waits for while it is pending.
    pub waits_for: Option<WaitsFor>,
}

/// What a pending erasure waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WaitsFor {
    /// A reader on an older state, because of which the write-ahead log cannot be emptied, or the dead rows of a server not
    /// be removed.
    Reader,
    /// The ledger beside the database, which could not be written.
    Ledger,
    /// The host's signature.
    Signature,
}

/// What was finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FinishReport {
    /// The erasures that are done now, whether something is still kept or not.
    pub finished: Vec<ErasureId>,
    /// How many wait.
    pub pending: u64,
    /// What they wait for.
    pub waits_for: Option<WaitsFor>,
    /// How many have something left that a law or a hold keeps.
    pub partial: u64,
}

/// Finishes an erasure that was just committed.
pub(super) fn after_commit(
    session: &Session,
    person: Option<RecordId>,
    done: Done,
    verify: bool,
) -> Result<ErasureReport> {
    if let Some(person) = person.filter(|_| done.key_destroyed) {
        // A reader on the state of before may have put the key back.
        lock(&session.engine.key_cache).remove(person);
    }
    let needles = if verify { done.needles } else { Vec::new() };
    let (verification, waits_for) = one(session, done.erasure, &needles)?;
    Ok(ErasureReport {
        erasure: session.erasures().get(done.erasure)?,
        plan: done.plan,
        verification,
        waits_for,
    })
}

/// Finishes one erasure, as far as nothing is in the way.
fn one(session: &Session, id: ErasureId, needles: &[String]) -> Result<(Option<ByteScan>, Option<WaitsFor>)> {
    match settle(session)? {
        None => certify(session, id, needles),
        waits_for => Ok((None, waits_for)),
    }
}

/// Writes the ledger and empties the log. Gives what is in the way.
fn settle(session: &Session) -> Result<Option<WaitsFor>> {
    if ledger::keep(session).is_err() {
        return Ok(Some(WaitsFor::Ledger));
    }
    Ok(if session.engine.database.checkpoint()? { None } else { Some(WaitsFor::Reader) })
}

/// Looks through the bytes, and completes and signs the certificate.
fn certify(
    session: &Session,
    id: ErasureId,
    needles: &[String],
) -> Result<(Option<ByteScan>, Option<WaitsFor>)> {
    let database = &*session.engine.database;
    let found = if needles.is_empty() { None } else { Some(scan(database, &Needles::whole(needles)?, &[])?) };
    let erasure = session.erasures().get(id)?;
    let draft = erasure.certificate.clone().unwrap_or(Json::Null);
    let kept = |lines: &Vec<Json>| lines.iter().any(|line| line["outcome"] == "kept");
    let partial = draft["lines"].as_array().is_some_and(kept);
    let state = if partial { ErasureState::Partial } else { ErasureState::Completed };
    let now = session.now();
    let certificate = certificate::complete(draft, state, now, found.as_ref(), database.remains());
    let (signature, signer) = match session.engine.config.signer.as_deref() {
        None => (None, None),
        Some(signer) => match certificate::sign(signer, &certificate) {
            Ok(signature) => (Some(signature), Some(signer.key_name())),
            Err(_) => return Ok((found, Some(WaitsFor::Signature))),
        },
    };
    session.engine.write(&session.viewer, None, &mut |unit| {
        let record_type = unit.record_type("erasure")?;
        let values = [
            ("state", state.into_value()),
            ("finished_at", Value::Timestamp(now)),
            ("certificate", Value::Json(certificate.to_string())),
            ("signature", signature.clone().into_value()),
            ("signer", signer.clone().into_value()),
        ];
        unit.set(&record_type, id.into(), &values).map(drop)
    })?;
    Ok((found, None))
}

/// Goes on with all erasures that wait, and with those that had to keep something whose time is over.
pub(super) fn all(session: &Session) -> Result<FinishReport> {
    let mut report = FinishReport::default();
    let partial = in_state(session, ErasureState::Partial)?;
    for person in people_of(session, &partial)? {
        let done = session.engine.write(&session.viewer, None, &mut |unit| {
            if execute::still_keeps(unit, person)? {
                return Ok(None);
            }
            execute::committed(unit, person, &Order::default()).map(Some)
        })?;
        report.partial += u64::from(done.is_none());
    }
    let pending = in_state(session, ErasureState::Pending)?;
    if pending.is_empty() {
        return Ok(report);
    }
    report.waits_for = settle(session)?;
    for (id, _) in pending {
        if report.waits_for.is_none() {
            report.waits_for = certify(session, id.into(), &[])?.1;
        }
        match report.waits_for {
            None => report.finished.push(id.into()),
            Some(_) => report.pending += 1,
        }
    }
    Ok(report)
}

fn in_state(session: &Session, state: ErasureState) -> Result<Vec<(RecordId, String)>> {
    let mut found = Vec::new();
    session.engine.database.read(ReadMode::Statement, &mut |connection| {
        let sql = "SELECT \"id\", pseudonym FROM erasure WHERE state = ?1 ORDER BY row_id";
        found = query_all(connection, sql, &[Param::Text(state.key())], |row| {
            Ok((row.id(0)?.unwrap_or_default(), row.text(1)?.unwrap_or_default().to_owned()))
        })?;
        Ok(())
    })?;
    Ok(found)
}

/// The people behind the pseudonyms of erasures that had to keep something. Their keys are there as long.
fn people_of(session: &Session, partial: &[(RecordId, String)]) -> Result<Vec<RecordId>> {
    let wanted: HashSet<&str> = partial.iter().map(|(_, pseudonym)| pseudonym.as_str()).collect();
    let mut found = Vec::new();
    if wanted.is_empty() {
        return Ok(found);
    }
    session.engine.database.read(ReadMode::Snapshot, &mut |connection| {
        found.clear();
        let Some(key) = PseudonymKey::find(connection)? else { return Ok(()) };
        let subjects = query_all(connection, "SELECT subject FROM crm_subject_key", &[], |row| {
            Ok(row.id(0)?.unwrap_or_default())
        })?;
        found.extend(
            subjects.into_iter().filter(|person| wanted.contains(digits(&key.pseudonym(*person)).as_str())),
        );
        Ok(())
    })?;
    Ok(found)
}
