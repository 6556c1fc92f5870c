//! What follows from creating and changing a case.

use super::kinds::StatusType;
use super::past::{Past, check_past, status_since};
use super::queries;
use super::rules::{Stamps, case_number, stamps};
use super::statuses;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{FieldType, Record, Value};

/// The rules of [`Case`](super::Case).
pub(super) struct CaseRules;

impl Rules for CaseRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        // An undo brings back what was valid, with all that had followed from it.
        if change.origin == Origin::Undo || change.operation == Operation::Delete {
            return Ok(());
        }
        follow_status(unit, change)?;
        if change.changes("queue") {
            follow_queue(unit, change)?;
        }
        if change.changes("requester") {
            follow_requester(unit, change)?;
        }
        if change.operation == Operation::Create {
            if change.after("opened_at").is_null() {
                change.set("opened_at", Value::Timestamp(unit.now()))?;
            }
        }
        if change.origin == Origin::Host && change.changes("opened_at") {
            let status = Option::from_value(change.after("status_type").clone())?.unwrap_or_default();
            check_past(status, &past(change), unit.now())?;
        }
        if change.operation == Operation::Create {
            // Last, so that a refusal above uses up no number.
            let number = unit.next_number("case")?;
            change.set("number", Value::Text(case_number(number)))?;
        }
        Ok(())
    }
}

/// Keeps the type and the times in step with the status.
fn follow_status(unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    let created = change.operation == Operation::Create;
    if !created && !change.changes("status") {
        return Ok(());
    }
    // The merge itself sets the status and the target at once.
    if !change.before("merged_into").is_null() {
        return Err(merged());
    }
    let to = match change.after("status").as_id() {
        Some(status) => match queries::status_of(unit.connection, status)? {
            Some((to, active)) if active || change.origin != Origin::Host => to,
            Some(_) => {
                let reason = "is a status that cases can no longer get";
                return Err(CrmError::new(ErrorKind::Rule, "case_status.inactive", reason).at("status"));
            }
            None => {
                return Err(
                    CrmError::invalid("link.broken", "links to a record that does not exist").at("status")
                );
            }
        },
        None if created => {
            let status = statuses::default_of(unit, StatusType::Open)?;
            change.set("status", Value::Id(status))?;
            StatusType::Open
        }
        // The engine refuses a case without a status.
        None => return Ok(()),
    };
    let from: Option<StatusType> = Option::from_value(change.before("status_type").clone())?;
    let old = Stamps {
        resolved_at: time(change.before("resolved_at")),
        closed_at: time(change.before("closed_at")),
        reopened: match change.before("reopened_count") {
            Value::Integer(count) => *count,
            _ => 0,
        },
    };
    let mut new = stamps(from, to, old, unit.now());
    if created {
        let given = past(change);
        new.resolved_at = given.resolved_at.or(new.resolved_at);
        new.closed_at = given.closed_at.or(new.closed_at);
        change.since = status_since(to, &given).filter(|_| change.origin == Origin::Host);
    }
    change.set("status_type", to.into_value())?;
    change.set("resolved_at", new.resolved_at.into_value())?;
    change.set("closed_at", new.closed_at.into_value())?;
    change.set("reopened_count", Value::Integer(new.reopened))?;
    if from == Some(StatusType::Pending) && to != StatusType::Pending && !change.changes("pending_until") {
        change.set("pending_until", Value::Null)?;
    }
    Ok(())
}

/// What is told of the past of a new case.
fn past(change: &Change) -> Past {
    Past {
        opened_at: time(change.after("opened_at")),
        first_response_at: time(change.after("first_response_at")),
        resolved_at: time(change.after("resolved_at")),
        closed_at: time(change.after("closed_at")),
    }
}

/// Gives a case that comes into a queue to those who work on it, unless the same change names others.
fn follow_queue(unit: &UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    let Some(id) = change.after("queue").as_id() else { return Ok(()) };
    let record_type = unit.record_type(super::Queue::NAME)?;
    // A queue that is not there is refused as a broken link when the case is stored.
    let Some(queue) = unit.get(&record_type, id)? else { return Ok(()) };
    if change.origin == Origin::Host && *queue.get(&record_type, "active") == Value::Boolean(false) {
        let reason = "takes no new cases";
        return Err(CrmError::new(ErrorKind::Rule, "queue.inactive", reason).at("queue"));
    }
    for (field, default) in [("owner", "default_assignee"), ("team", "default_team")] {
        let default = queue.get(&record_type, default);
        if !default.is_null() && !change.changes(field) {
            change.set(field, default.clone())?;
        }
    }
    Ok(())
}

fn follow_requester(unit: &UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    let Some(person) = change.after("requester").as_id() else { return Ok(()) };
    if change.after("organisation").is_null() {
        if let Some(organisation) = queries::organisation_of(unit.connection, person)? {
            change.set("organisation", Value::Id(organisation))?;
        }
    }
    Ok(())
}

pub(super) fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Timestamp(at) => Some(*at),
        _ => None,
    }
}

/// The error for a change of a case that was merged into another.
pub(super) fn merged() -> CrmError {
    CrmError::new(ErrorKind::Rule, "case.merged", "was merged into another case").at("case")
}

/// Sets the status of a case to the default one of a type.
pub(super) fn move_to(unit: &mut UnitOfWork<'_>, case: RecordId, to: StatusType) -> Result<()> {
    let status = statuses::default_of(unit, to)?;
    let record_type = unit.record_type(super::Case::NAME)?;
    unit.set(&record_type, case, &[("status", Value::Id(status))]).map(|_| ())
}
