//! What makes requests, their events and automated decisions valid, and what follows from entering them.

use super::clock::ClockRule;
use super::clockwork::{Clockwork, Facts};
use super::kinds::{IdentityState, RequestStatus, ReviewState, RightsEventKind};
use super::model::{AutomatedDecision, RightsRequest, RightsRequestEvent};
use super::{RightsRequestId, stores};
use crate::contacts::PersonId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;
use crate::privacy::purposes;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{FieldType, Record, Value};
use crate::storage::{Param, query_all};

/// The rules of [`RightsRequest`].
pub(super) struct RequestRules;
/// The rules of [`RightsRequestEvent`].
pub(super) struct EventRules;
/// The rules of [`AutomatedDecision`].
pub(super) struct DecisionRules;

/// The fields that the clock follows from.
const CLOCK_FIELDS: [&str; 3] = ["right", "regime", "received_at"];

impl Rules for RequestRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        // An undo brings back what was valid, with all that had followed from it.
        if change.origin == Origin::Undo || change.operation == Operation::Delete {
            return Ok(());
        }
        let created = change.operation == Operation::Create;
        if !created && change.origin == Origin::Host && !status_of(change.before("status"))?.is_open() {
            if CLOCK_FIELDS.iter().chain(&["person"]).any(|field| change.changes(field)) {
                return Err(closed());
            }
        }
        if created && change.after("received_at").is_null() {
            change.set("received_at", Value::Timestamp(unit.now()))?;
        }
        if CLOCK_FIELDS.iter().any(|field| change.changes(field)) {
            start_clock(unit, change)?;
        }
        if created {
            let right = Option::from_value(change.after("right").clone())?;
            let needs = right.is_none_or(super::SubjectRight::needs_identity);
            let identity = if needs { IdentityState::Unverified } else { IdentityState::NotNeeded };
            change.set("identity_state", identity.into_value())?;
            change.set("status", RequestStatus::Received.into_value())?;
            // Last, so that a refusal above uses up no number.
            let number = unit.next_number(RightsRequest::NAME)?;
            change.set("number", Value::Text(format!("R-{number:05}")))?;
        }
        Ok(())
    }

    fn after(&self, unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        if change.origin == Origin::Undo || change.operation == Operation::Delete {
            return Ok(());
        }
        let request: RightsRequestId = change.id().into();
        let person = change.after("person").as_id().map(PersonId::from);
        if change.operation == Operation::Create {
            unit.create_record(RightsRequestEvent {
                request,
                person,
                kind: RightsEventKind::Received,
                at: time(change.after("received_at")).unwrap_or(unit.now()),
                ..RightsRequestEvent::default()
            })?;
        } else if change.changes("person") {
            follow_person(unit, change.id(), change.after("person"))?;
        }
        match person {
            Some(person) if change.changes("person") => stores::list_work(unit, request, person),
            _ => Ok(()),
        }
    }
}

/// Sets the deadlines of a request that is new or falls under another clock.
fn start_clock(unit: &UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    let (Some(right), Some(regime), Some(received_at)) = (
        Option::from_value(change.after("right").clone())?,
        Option::from_value(change.after("regime").clone())?,
        time(change.after("received_at")),
    ) else {
        // The engine refuses a record that lacks one of them.
        return Ok(());
    };
    if !ClockRule::is_known(regime, right) {
        let reason = "is no right that the law of the request knows";
        return Err(CrmError::invalid("rights.not_in_regime", reason).at("right"));
    }
    if received_at > unit.now() {
        return Err(CrmError::invalid("rights.time", "lies in the future").at("received_at"));
    }
    let clockwork = Clockwork::of(unit.engine, unit.connection, Facts { right, regime, received_at })?;
    let deadlines = match change.operation {
        Operation::Create => clockwork.deadlines(&[]),
        _ => clockwork.deadlines_of(unit.connection, change.id())?,
    };
    let shown = clockwork.show(deadlines);
    // Another law may know no pause, or no extension.
    match (status_of(change.after("status"))?, shown.status()) {
        (RequestStatus::Received | RequestStatus::InProgress, RequestStatus::InProgress) => {}
        (before, now) if before.is_open() && change.before.is_some() => {
            change.set("status", now.into_value())?;
        }
        _ => {}
    }
    change.set("acknowledge_by", shown.acknowledge_by.into_value())?;
    change.set("due_on", shown.due_on.into_value())?;
    change.set("due_at", shown.due_at.into_value())
}

/// Lets what belongs to a request go over to its person, so that it is sealed under the right key from now on.
fn follow_person(unit: &mut UnitOfWork<'_>, request: RecordId, person: &Value) -> Result<()> {
    for name in ["rights_request_event", "rights_request_task"] {
        let record_type = unit.record_type(name)?;
        let sql = format!("SELECT \"id\" FROM {} WHERE request = ?1 ORDER BY row_id", record_type.table);
        let ids = query_all(unit.connection, &sql, &[Param::Id(request)], |row| row.id(0))?;
        for id in ids.into_iter().flatten() {
            unit.set(&record_type, id, &[("person", person.clone())])?;
        }
    }
    Ok(())
}

impl Rules for EventRules {
    fn before(&self, _unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        // With its request an event goes, by a rule, and comes back by an undo of that.
        let of_engine = match (change.operation, change.origin) {
            (_, Origin::Rule | Origin::Replica) | (Operation::Restore, Origin::Undo) => true,
            (_, Origin::Host | Origin::Undo) => false,
        };
        if of_engine {
            return Ok(());
        }
        let reason = "is written by the operations on requests only, and stays as it was written";
        Err(CrmError::new(ErrorKind::Rule, "rights.event.fixed", reason))
    }
}

impl Rules for DecisionRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        if change.after("decided_at").is_null() {
            change.set("decided_at", Value::Timestamp(unit.now()))?;
        }
        if change.before.is_none() && change.after("review_state").is_null() {
            change.set("review_state", ReviewState::None.into_value())?;
        }
        if change.changes("purpose") {
            if let Value::Text(key) = change.after("purpose") {
                purposes::require(unit.connection, key).map_err(|error| error.at("purpose"))?;
            }
        }
        // What was known and what came of it is evidence; a review adds to it.
        let evidence = ["decision", "result", "inputs", "model", "decided_at", "solely_automated", "basis"];
        if change.operation == Operation::Update && change.origin == Origin::Host {
            if let Some(field) = evidence.iter().find(|field| change.changes(field)) {
                let reason = "is part of the record of a decision, which stays as it was made";
                return Err(CrmError::new(ErrorKind::Rule, "automated_decision.fixed", reason).at(*field));
            }
        }
        Ok(())
    }
}

impl AutomatedDecision {
    /// The review as it stands.
    pub fn reviewed(&self) -> ReviewState {
        self.review_state.unwrap_or_default()
    }
}

/// The status that a value holds.
pub(super) fn status_of(value: &Value) -> Result<RequestStatus> {
    Ok(Option::from_value(value.clone())?.unwrap_or_default())
}

/// The error for a change of a request that was answered.
pub(super) fn closed() -> CrmError {
    CrmError::new(ErrorKind::Rule, "rights.closed", "the request was closed").at("request")
}

fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Timestamp(at) => Some(*at),
        _ => None,
    }
}
