//! What follows from a new message of a case, and what a finished case forbids.

use super::case_rules::{merged, move_to, time};
use super::ids::CaseId;
use super::kinds::{CaseLinkKind, FollowUp, MessageDirection, MessageVisibility, StatusType};
use super::model::{Case, CaseLink, CaseMessage, Queue};
use super::rules::{FollowUpAction, FollowUpFacts, bare_message_id, follow_up};
use crate::contacts::PersonId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{FieldType, Record, Reference, Value};

/// The rules of [`CaseMessage`].
pub(super) struct MessageRules;

impl Rules for MessageRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.origin == Origin::Undo {
            return Ok(());
        }
        match change.operation {
            Operation::Create => complete(unit, change),
            Operation::Update | Operation::Delete if change.origin == Origin::Host => protect(unit, change),
            _ => Ok(()),
        }
    }

    fn after(&self, unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        let answers = change.operation == Operation::Create
            && change.origin != Origin::Undo
            && *change.after("direction") == MessageDirection::Outbound.into_value()
            && *change.after("visibility") == MessageVisibility::Public.into_value();
        if let (true, Some(id)) = (answers, change.after("case").as_id()) {
            let record_type = unit.record_type(Case::NAME)?;
            if unit.require(&record_type, id)?.get(&record_type, "first_response_at").is_null() {
                let sent_at = change.after("sent_at").clone();
                unit.set(&record_type, id, &[("first_response_at", sent_at)])?;
            }
        }
        Ok(())
    }
}

/// Fills in what was left open, and lets the message do to its case what the queue says.
fn complete(unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    let direction: MessageDirection = FieldType::from_value(change.after("direction").clone())?;
    if change.after("visibility").is_null() {
        let visibility = match direction {
            MessageDirection::Note => MessageVisibility::Internal,
            _ => MessageVisibility::Public,
        };
        change.set("visibility", visibility.into_value())?;
    }
    if change.after("sent_at").is_null() {
        change.set("sent_at", Value::Timestamp(unit.now()))?;
    }
    let message_id = change.after("message_id").as_text().map(|id| bare_message_id(id).to_owned());
    if let Some(message_id) = message_id {
        change.set("message_id", message_id.into_value())?;
    }
    // A case that is not there is refused as a broken link when the message is stored.
    let Some(id) = change.after("case").as_id() else { return Ok(()) };
    let record_type = unit.record_type(Case::NAME)?;
    let Some(data) = unit.get(&record_type, id)? else { return Ok(()) };
    let mut case: Case = data.into_record(&record_type)?;
    if change.origin == Origin::Host {
        let arrives_at = time(change.after("sent_at")).unwrap_or_else(|| unit.now());
        let visibility: MessageVisibility = FieldType::from_value(change.after("visibility").clone())?;
        (case, _) = arrive(unit, case, direction, visibility, arrives_at)?;
        change.set("case", Value::Id(case.meta.id))?;
    }
    if change.after("person").is_null() {
        let person = match change.after("author") {
            Value::Reference(author) if author.record_type == crate::contacts::Person::NAME => {
                Some(PersonId(author.id))
            }
            _ => case.requester,
        };
        change.set("person", person.into_value())?;
    }
    if change.after("author").is_null() {
        let author = match direction {
            MessageDirection::Inbound => {
                change.after("person").as_id().map(|id| Reference::new("person", id))
            }
            _ => Some(unit.actor()).filter(|user| !user.is_nil()).map(|id| Reference::new("user", id)),
        };
        change.set("author", author.into_value())?;
    }
    Ok(())
}

/// Lets a message arrive at a case: gives the case that takes it, and what it does there. A case that was merged
/// hands it on to the one that it was merged into.
pub(super) fn arrive(
    unit: &mut UnitOfWork<'_>,
    mut case: Case,
    direction: MessageDirection,
    visibility: MessageVisibility,
    arrives_at: Timestamp,
) -> Result<(Case, FollowUpAction)> {
    if let Some(target) = case.merged_into {
        case = unit.require_record::<Case>(target)?;
        if case.merged_into.is_some() {
            return Err(merged());
        }
    }
    let mut facts = FollowUpFacts {
        status: case.status_type.unwrap_or_default(),
        direction,
        visibility,
        finished_at: case.closed_at.or(case.resolved_at),
        arrives_at,
        policy: FollowUp::Reopen,
        reopen_days: None,
    };
    // The queue matters only to what would open the case again.
    if let (FollowUpAction::Reopen, Some(queue)) = (follow_up(&facts), case.queue) {
        let queue = unit.require_record::<Queue>(queue)?;
        (facts.policy, facts.reopen_days) = (queue.follow_up, queue.reopen_days);
    }
    let action = follow_up(&facts);
    match action {
        FollowUpAction::Keep => {}
        FollowUpAction::Open | FollowUpAction::Reopen => {
            move_to(unit, case.meta.id, StatusType::Open)?;
            case = unit.require_record::<Case>(case.id())?;
        }
        FollowUpAction::NewCase => case = continue_in_new(unit, &case)?,
    }
    Ok((case, action))
}

/// A new case that goes on where an old one ended, linked to it.
fn continue_in_new(unit: &mut UnitOfWork<'_>, old: &Case) -> Result<Case> {
    let new = unit.create_record(successor(old))?;
    link(unit, new.id(), old.id())?;
    Ok(new)
}

/// A new open case of the same requester about the same.
pub(super) fn successor(old: &Case) -> Case {
    let mut new = Case {
        subject: old.subject.clone(),
        priority: old.priority,
        category: old.category,
        channel: old.channel,
        queue: old.queue,
        requester: old.requester,
        organisation: old.organisation,
        source: old.source.clone(),
        ..Case::default()
    };
    (new.meta.owner, new.meta.team) = (old.meta.owner, old.meta.team);
    new
}

pub(super) fn link(unit: &mut UnitOfWork<'_>, first: CaseId, second: CaseId) -> Result<CaseLink> {
    unit.create_record(CaseLink { first, second, kind: CaseLinkKind::Related, ..CaseLink::default() })
}

/// Messages are what was said: they stay in their case, and those of a closed case stay as they are.
fn protect(unit: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    let moved = change.operation == Operation::Update && change.changes("case");
    if moved {
        let reason = "is moved by a merge or a split only";
        return Err(CrmError::new(ErrorKind::Rule, "case_message.moved", reason).at("case"));
    }
    if change.operation == Operation::Update && change.after("in_reply_to").as_id() == Some(change.id()) {
        return Err(CrmError::invalid("case_message.itself", "is the message itself").at("in_reply_to"));
    }
    let case: RecordId = change.before("case").as_id().unwrap_or_default();
    let record_type = unit.record_type(Case::NAME)?;
    let closed = unit
        .get(&record_type, case)?
        .is_some_and(|case| *case.get(&record_type, "status_type") == StatusType::Closed.into_value());
    if closed {
        let reason = "the messages of a closed case stay as they are";
        return Err(CrmError::new(ErrorKind::Rule, "case.closed", reason).at("case"));
    }
    Ok(())
}

/// The name of the record type, for those who move messages.
pub(super) const MESSAGE: &str = CaseMessage::NAME;
