//! A new epoch of the host's key: the keys of living subjects are wrapped under it, so that the host can destroy the old
//! one, and with it what backups still hold of those who were erased.

use std::ops::ControlFlow;

use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::privacy::keys::WrappedKey;
use crate::session::Session;
use crate::storage::{Param, ReadMode, query_all, query_one};

/// How many keys one transaction wraps anew.
const STEP: i64 = 500;

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RewrapReport {
    /// The epoch of the host's key now.
    pub epoch: u32,
    /// How many keys there are.
    pub keys: u64,
    /// How many were looked at.
    pub done: u64,
    /// How many of them were under an older epoch and are under this one now.
    pub rewrapped: u64,
    /// Whether all are under this epoch, so that the host can destroy the older keys.
    pub complete: bool,
}

/// Wraps every key that is under another epoch than the current one.
///
/// # Errors
/// `privacy.key.*` of the host's provider: what was done until then stays, and the next call goes on.
pub(super) fn run(
    session: &Session,
    progress: &mut dyn FnMut(&RewrapReport) -> ControlFlow<()>,
) -> Result<RewrapReport> {
    let engine = &session.engine;
    let mut report = RewrapReport { epoch: engine.keys.current_epoch(), ..RewrapReport::default() };
    engine.database.read(ReadMode::Statement, &mut |connection| {
        let count = query_one(connection, "SELECT COUNT(*) FROM crm_subject_key", &[], |row| row.integer(0))?;
        report.keys = u64::try_from(count.flatten().unwrap_or_default()).unwrap_or_default();
        Ok(())
    })?;
    let mut last = RecordId::NIL;
    loop {
        let step = engine.write(&session.viewer, None, &mut |unit| {
            let keys = query_all(
                unit.connection,
                "SELECT subject, wrapped FROM crm_subject_key WHERE subject > ?1 ORDER BY subject LIMIT ?2",
                &[Param::Id(last), Param::Integer(STEP)],
                |row| {
                    let wrapped = WrappedKey::from_bytes(row.blob(1)?.unwrap_or_default())?;
                    Ok((row.id(0)?.unwrap_or_default(), wrapped))
                },
            )?;
            let mut rewrapped = 0;
            for (subject, wrapped) in keys.iter().filter(|(_, wrapped)| wrapped.epoch() != report.epoch) {
                let key = wrapped.open(&*engine.keys, *subject)?;
                let fresh = WrappedKey::wrap(&*engine.keys, &*engine.random, *subject, &key)?;
                unit.connection.execute(
                    "UPDATE crm_subject_key SET wrapped = ?2 WHERE subject = ?1",
                    &[Param::Id(*subject), Param::Blob(fresh.as_bytes())],
                )?;
                rewrapped += 1;
            }
            Ok(keys.last().map(|(subject, _)| (*subject, keys.len() as u64, rewrapped)))
        })?;
        let Some((subject, looked_at, rewrapped)) = step else { break };
        last = subject;
        report.done += looked_at;
        report.rewrapped += rewrapped;
        if progress(&report).is_break() {
            return Ok(report);
        }
    }
    // The old wrappings must not lie in the log either.
    report.complete = engine.database.checkpoint()?;
    Ok(report)
}
