//! Doing what the rules say, step by step.

use std::ops::ControlFlow;

use super::due::{self, Due, DueRecord};
use super::ids::RetentionRuleId;
use super::keeping::Keeping;
use super::kinds::RetentionAction;
use super::model::RetentionRule;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::privacy::erasure::execute::{anonymise_record, erase_record};
use crate::privacy::erasure::{ErasureReview, ReviewHit, erase_people};
use crate::record::Reference;
use crate::record::erase::Cause;
use crate::record::query::Cursor;
use crate::record::unit::UnitOfWork;
use crate::session::Session;
use crate::storage::{Param, query_one};

/// How many records one transaction looks at.
const STEP: u32 = 100;
/// The most records that one list of due ones has.
const MOST_LISTED: u32 = 1_000;

/// How far a run is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RetentionReport {
    /// Records that were due.
    pub due: u64,
    /// Records that were destroyed; people with everything about them.
    pub erased: u64,
    /// Records that lost what was personal in them.
    pub anonymised: u64,
    /// Records that somebody must look at now.
    pub queued: u64,
    /// Records that a hold or a statute keeps.
    pub kept: u64,
    /// Whether every rule was gone through. Not so when the run was stopped; the next one goes on.
    pub complete: bool,
}

/// Retention as a session sees it. Hangs off [`Session::retention`].
pub struct Retention<'s> {
    session: &'s Session,
}

impl Session {
    /// Keeping records no longer than allowed.
    pub fn retention(&self) -> Retention<'_> {
        Retention { session: self }
    }
}

impl Retention<'_> {
    /// The records whose time is over, rule by rule: at most `limit`, up to 1,000.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn due(&self, rule: Option<RetentionRuleId>, limit: u32) -> Result<Vec<DueRecord>> {
        let limit = limit.min(MOST_LISTED) as usize;
        let mut found = Vec::new();
        let tried = self.session.engine.write(&self.session.viewer, None, &mut |unit| {
            found = list(unit, rule, limit)?;
            Err::<(), _>(CrmError::new(ErrorKind::Rule, ONLY_READ, "only read"))
        });
        match tried {
            Err(error) if error.code() != ONLY_READ => Err(error),
            _ => Ok(found),
        }
    }

    /// Does with the records whose time is over what their rules say, 100 in a transaction. `progress` is told after
    /// each how far it is and can stop the run; what was done stays done.
    ///
    /// Records that a legal hold or a statute keeps are left alone and are due again at the next run. Anonymous records
    /// keep their amounts, stages and times, so reports show what they showed before.
    ///
    /// # Errors
    /// `storage.*`; `type.unknown`, `field.unknown` for a rule about a custom type or field that was deleted.
    pub fn run(
        &self,
        rule: Option<RetentionRuleId>,
        progress: &mut dyn FnMut(&RetentionReport) -> ControlFlow<()>,
    ) -> Result<RetentionReport> {
        let mut report = RetentionReport::default();
        let mut rules = Vec::new();
        self.session.engine.write(&self.session.viewer, None, &mut |unit| {
            rules = due::rules(unit, rule)?;
            Ok(())
        })?;
        for rule in &rules {
            let mut cursor = None;
            loop {
                let before = report;
                let (people, next) = self.session.engine.write(&self.session.viewer, None, &mut |unit| {
                    report = before;
                    step(unit, rule, cursor.clone(), &mut report)
                })?;
                report.erased += erase_people(self.session, &people)?;
                if progress(&report).is_break() {
                    return Ok(report);
                }
                match next {
                    Some(next) => cursor = Some(next),
                    None => break,
                }
            }
        }
        report.complete = true;
        Ok(report)
    }
}

/// What rolls a reading transaction back. Reading goes through a unit of work, because filters, holds and periods are
/// asked there for the rules, too.
const ONLY_READ: &str = "retention.only_read";

fn list(unit: &UnitOfWork<'_>, rule: Option<RetentionRuleId>, limit: usize) -> Result<Vec<DueRecord>> {
    let keeping = Keeping::load(unit)?;
    let mut found = Vec::new();
    for rule in due::rules(unit, rule)? {
        let record_type = unit.record_type(&rule.record_type)?;
        let mut cursor = None;
        while found.len() < limit {
            let (page, next) = due::page(unit, &rule, &record_type, &keeping, cursor, STEP)?;
            found.extend(page.into_iter().map(|due| DueRecord {
                rule: rule.meta.id.into(),
                record: Reference::new(record_type.name(), due.data.id()),
                due_on: due.due_on,
                action: rule.action,
                kept: due.kept.is_some(),
                kept_until: due.kept.and_then(|kept| kept.until),
            }));
            if next.is_none() {
                break;
            }
            cursor = next;
        }
    }
    found.truncate(limit);
    Ok(found)
}

/// Goes through one page of a rule. Gives the people who are to be erased, and where to go on.
fn step(
    unit: &mut UnitOfWork<'_>,
    rule: &RetentionRule,
    cursor: Option<Cursor>,
    report: &mut RetentionReport,
) -> Result<(Vec<RecordId>, Option<Cursor>)> {
    let record_type = unit.record_type(&rule.record_type)?;
    let keeping = Keeping::load(unit)?;
    let (page, next) = due::page(unit, rule, &record_type, &keeping, cursor, STEP)?;
    let mut people = Vec::new();
    for Due { data, kept, .. } in page {
        report.due += 1;
        // A record of this page may have gone with one before it.
        if unit.get(&record_type, data.id())?.is_none() {
            continue;
        }
        let subject = due::subject(&record_type, &data);
        let cause = Cause { id: rule.meta.id, subject, partial: false };
        match rule.action {
            _ if kept.is_some() => report.kept += 1,
            RetentionAction::Erase if record_type.name() == "person" => people.push(data.id()),
            RetentionAction::Erase => {
                erase_record(unit, &record_type, data, &cause)?;
                report.erased += 1;
            }
            RetentionAction::Anonymise => {
                report.anonymised += u64::from(anonymise_record(unit, &record_type, &data, &cause)?);
            }
            RetentionAction::Review => {
                let record = Reference::new(record_type.name(), data.id());
                report.queued += u64::from(queue(unit, rule, record)?);
            }
        }
    }
    Ok((people, next))
}

/// Queues a record for somebody to look at, once for each rule.
fn queue(unit: &mut UnitOfWork<'_>, rule: &RetentionRule, record: Reference) -> Result<bool> {
    let text = record.to_string();
    let sql = "SELECT 1 FROM erasure_review WHERE rule = ?1 AND record = ?2";
    let known = [Param::Id(rule.meta.id), Param::Text(&text)];
    if query_one(unit.connection, sql, &known, |_| Ok(()))?.is_some() {
        return Ok(false);
    }
    unit.create_record(ErasureReview {
        rule: Some(rule.meta.id.into()),
        record,
        hit: ReviewHit::Retention,
        ..ErasureReview::default()
    })?;
    Ok(true)
}
