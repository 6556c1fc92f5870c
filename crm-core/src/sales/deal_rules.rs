//! What happens when a deal is written.

use super::model::StageType;
use super::queries::{self, StageFacts};
use super::rules::{self, Passage};
use super::totals;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;
use crate::record::Value;
use crate::record::rules::{Discrepancy, Rules};
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::storage::Connection;

/// Requirements of a stage that are no fields of the deal.
pub(super) const SPECIAL_REQUIREMENTS: [&str; 3] = ["contacts", "primary_contact", "competitors"];

/// The rules of deals.
pub(super) struct DealRules;

impl Rules for DealRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        if change.changes("amount") {
            if let Value::Money(amount) = change.after("amount") {
                if amount.is_negative() {
                    return Err(CrmError::invalid("deal.amount.negative", "is below zero").at("amount"));
                }
            }
        }
        if change.origin == Origin::Undo {
            // What was valid comes back as it was, but the deal enters its stage now: the history shows it too.
            if change.changes("stage") {
                change.set("stage_entered_at", Value::Timestamp(unit.now()))?;
            }
            return Ok(());
        }
        match place(unit, change)? {
            Some(stage) if change.changes("stage") => enter(unit, change, &stage),
            _ => {
                check_closing_time(unit, change)?;
                refuse_probability_of_closed(change)
            }
        }
    }

    fn after(&self, unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        if change.operation == Operation::Update && change.changes("person") {
            super::pair_rules::align_primary(unit, change.id(), change.after("person").as_id())?;
        }
        Ok(())
    }

    fn follow(&self, unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        totals::follow_deal(unit.connection, change)
    }

    fn tables(&self) -> &'static [&'static str] {
        &[totals::TABLE]
    }

    fn refill(&self, connection: &dyn Connection) -> Result<()> {
        totals::refill(connection)
    }

    fn wrong(&self, connection: &dyn Connection) -> Result<Vec<Discrepancy>> {
        let stages = totals::wrong(connection)?.into_iter();
        Ok(stages.map(|record| Discrepancy { record_type: "stage", record, what: "totals" }).collect())
    }
}

/// Finds the stage that a deal is put into, and makes pipeline and stage fit; `None` when neither changes.
fn place(unit: &UnitOfWork<'_>, change: &mut Change) -> Result<Option<StageFacts>> {
    let pipeline_changes = change.changes("pipeline");
    let stage_changes = change.changes("stage");
    let created = change.before.is_none();
    if !pipeline_changes && !stage_changes && !created {
        return Ok(None);
    }
    let pipeline = change.after("pipeline").as_id();
    let given = change.after("stage").as_id().filter(|_| stage_changes || !pipeline_changes);
    let stage = match (pipeline, given) {
        (_, Some(stage)) => match queries::stage_facts(unit.connection, stage)? {
            Some(stage) => stage,
            None => {
                let reason = "links to a record that does not exist";
                return Err(CrmError::invalid("link.broken", reason).at("stage"));
            }
        },
        (Some(pipeline), None) if pipeline_changes => first_stage(unit, pipeline)?,
        // What is missing is required; storing the deal says so.
        _ => return Ok(None),
    };
    if pipeline.is_some_and(|pipeline| pipeline != stage.pipeline) {
        return Err(CrmError::invalid("deal.stage.pipeline", "belongs to another pipeline").at("stage"));
    }
    if !stage.active {
        return Err(CrmError::new(ErrorKind::Rule, "deal.stage.inactive", "is not active").at("stage"));
    }
    if change.before("pipeline").as_id() != Some(stage.pipeline) && !stage.pipeline_active {
        return Err(CrmError::new(ErrorKind::Rule, "deal.pipeline.inactive", "is not active").at("pipeline"));
    }
    change.set("pipeline", Value::Id(stage.pipeline))?;
    change.set("stage", Value::Id(stage.id))?;
    Ok(Some(stage))
}

fn first_stage(unit: &UnitOfWork<'_>, pipeline: RecordId) -> Result<StageFacts> {
    if let Some(stage) = queries::first_open_stage(unit.connection, pipeline)? {
        return Ok(stage);
    }
    if unit.get(&*unit.record_type("pipeline")?, pipeline)?.is_none() {
        return Err(CrmError::invalid("link.broken", "links to a record that does not exist").at("pipeline"));
    }
    let reason = "has no active open stage";
    Err(CrmError::new(ErrorKind::Rule, "pipeline.no_open_stage", reason).at("pipeline"))
}

fn enter(unit: &UnitOfWork<'_>, change: &mut Change, stage: &StageFacts) -> Result<()> {
    rules::requirements(missing(unit, change, stage)?)?;
    let entered = entering_time(unit, change, stage)?;
    if change.before.is_none() {
        change.since = Some(entered);
    }
    let was_closed = !change.before("closed_at").is_null();
    match rules::passage(was_closed, stage.stage_type) {
        Passage::Open => check_closing_time(unit, change)?,
        Passage::Close(probability) => {
            let given = change.after("probability");
            if change.changes("probability") && *given != Value::Decimal(probability) {
                return Err(probability_of_closed());
            }
            if !was_closed && change.before.is_some() {
                let from = change.before("stage").clone();
                change.set("last_open_stage", from)?;
            }
            match change.after("closed_at") {
                Value::Timestamp(given) if change.changes("closed_at") => {
                    not_to_come(unit, "closed_at", *given)?;
                }
                _ => change.set("closed_at", Value::Timestamp(entered))?,
            }
            change.set("probability", Value::Decimal(probability))?;
        }
        Passage::Reopen => {
            for field in ["probability", "lost_reason", "lost_notes"] {
                if !change.changes(field) {
                    change.set(field, Value::Null)?;
                }
            }
            change.set("closed_at", Value::Null)?;
            change.set("last_open_stage", Value::Null)?;
        }
    }
    change.set("stage_entered_at", Value::Timestamp(entered))
}

/// When the deal enters its stage: now, unless it is created with its past, as by an import. A deal that is known to
/// have been closed then entered its stage then, if nothing else is said.
fn entering_time(unit: &UnitOfWork<'_>, change: &Change, stage: &StageFacts) -> Result<Timestamp> {
    let given = |field: &'static str| match change.after(field) {
        Value::Timestamp(given) => Some((field, *given)),
        _ => None,
    };
    let closed = given("closed_at").filter(|_| stage.stage_type.is_closed());
    match given("stage_entered_at").or(closed) {
        Some((field, entered)) if change.before.is_none() => {
            not_to_come(unit, field, entered)?;
            Ok(entered)
        }
        _ => Ok(unit.now()),
    }
}

/// The requirements of a stage that a deal does not meet.
fn missing(unit: &UnitOfWork<'_>, change: &Change, stage: &StageFacts) -> Result<Vec<String>> {
    let mut missing = Vec::new();
    for name in &stage.required_fields {
        let met = match name.as_str() {
            "primary_contact" => !change.after("person").is_null(),
            "contacts" => {
                !change.after("person").is_null() || queries::has_contact(unit.connection, change.id())?
            }
            "competitors" => queries::has_competitor(unit.connection, change.id())?,
            // A custom field that was removed since cannot be required any more.
            name if change.record_type.field(name).is_none() => true,
            name => !matches!(change.after(name), Value::Null | Value::Boolean(false)),
        };
        if !met {
            missing.push(name.clone());
        }
    }
    let explained = |field: &str| !change.after(field).is_null();
    if stage.stage_type == StageType::Lost
        && !explained("lost_reason")
        && !explained("lost_notes")
        && !missing.iter().any(|name| name == "lost_reason")
    {
        missing.push("lost_reason".to_owned());
    }
    Ok(missing)
}

fn refuse_probability_of_closed(change: &Change) -> Result<()> {
    if change.changes("probability") && !change.after("closed_at").is_null() {
        return Err(probability_of_closed());
    }
    Ok(())
}

/// The time at which a closed deal was closed can be corrected; an open deal has none, and a closed one keeps one.
fn check_closing_time(unit: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    if !change.changes("closed_at") {
        return Ok(());
    }
    match (change.before("closed_at"), change.after("closed_at")) {
        (Value::Timestamp(_), Value::Timestamp(given)) => not_to_come(unit, "closed_at", *given),
        _ => {
            let reason = "is set by winning or losing the deal, and cleared by reopening it";
            Err(CrmError::new(ErrorKind::Rule, "deal.closed_at.state", reason).at("closed_at"))
        }
    }
}

fn not_to_come(unit: &UnitOfWork<'_>, field: &str, given: Timestamp) -> Result<()> {
    if given > unit.now() {
        let closed = field == "closed_at";
        let code = if closed { "deal.closed_at.future" } else { "deal.stage_entered_at.future" };
        return Err(CrmError::invalid(code, "lies in the future").at(field));
    }
    Ok(())
}

fn probability_of_closed() -> CrmError {
    let reason = "is 100 for a won deal and 0 for a lost one";
    CrmError::new(ErrorKind::Rule, "deal.probability.closed", reason).at("probability")
}
