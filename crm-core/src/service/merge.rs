//! Merging cases and splitting them, without a loss, each as one job that is undone as one.

use std::sync::Arc;

use super::case_rules::merged;
use super::cases::require_case;
use super::ids::{CaseId, CaseMessageId};
use super::kinds::{ParticipantRole, StatusType};
use super::message_rules::{MESSAGE, link, successor};
use super::model::{Case, CaseLink, CaseMessage, CaseParticipant};
use super::{queries, statuses};
use crate::error::{CrmError, Result};
use crate::ground::ids::{RecordId, new_id};
use crate::record::descriptor::FieldKind;
use crate::record::door::{Door, write};
use crate::record::links;
use crate::record::schema::RecordType;
use crate::record::set::require_visible;
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::{FieldType, Record, Records, Reference, Value};

/// What a merge has made.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "MergedCase"))]
pub struct Merged {
    /// The case that has everything now.
    pub case: Case,
    /// How many records were moved to it.
    pub moved: u64,
    /// The job, by which the merge is undone: `session.journal().undo_job(job)`.
    pub job: RecordId,
}

/// What a split has made.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "SplitCase"))]
pub struct Split {
    /// The new case.
    pub case: Case,
    /// The job, by which the split is undone: `session.journal().undo_job(job)`.
    pub job: RecordId,
}

fn new_job(door: &dyn Door) -> RecordId {
    new_id(&*door.engine().clock, &*door.engine().random)
}

impl Records<'_, Case> {
    /// Merges a case into another. Messages, participants, links, activities, attachments and whatever else links
    /// to the source moves to the target; tags are united; another requester becomes a participant. The source
    /// stays, closed, and leads to the target. What the target has already, such as a link to the same third case,
    /// stays with the source.
    ///
    /// # Errors
    /// `record.not_found`; `case.itself`; `case.merged` when either was merged before, naming which; `list.too_many`
    /// when the tags together are too many.
    pub fn merge(&self, source: CaseId, target: CaseId) -> Result<Merged> {
        let job = new_job(self.set.door);
        write(self.set.door, Some(job), |unit| {
            let (source, target) = check(unit, source, target)?;
            let moved = move_all(unit, &source, &target)?;
            let case = complete(unit, &source, &target)?;
            finish(unit, &source, target.id())?;
            Ok(Merged { case: unit.shown(case)?, moved, job })
        })
    }

    /// Moves messages of a case into a new case of the same requester, linked to the old one.
    ///
    /// # Errors
    /// `record.not_found`; `case.merged`; `case.split.empty` without messages; `case.split.foreign`, with the
    /// position, for a message of another case; `field.required` for an empty subject.
    pub fn split(&self, case: CaseId, messages: &[CaseMessageId], subject: &str) -> Result<Split> {
        let job = new_job(self.set.door);
        write(self.set.door, Some(job), |unit| {
            let old = require_case(unit, case)?;
            if old.merged_into.is_some() {
                return Err(merged());
            }
            if messages.is_empty() {
                return Err(CrmError::invalid("case.split.empty", "names no message").at("messages"));
            }
            for (position, message) in messages.iter().enumerate() {
                if unit.require_record::<CaseMessage>(*message)?.case != case {
                    return Err(CrmError::invalid("case.split.foreign", "is a message of another case")
                        .at(format!("messages[{position}]")));
                }
            }
            let new = unit.create_record(Case { subject: subject.to_owned(), ..successor(&old) })?;
            link(unit, new.id(), old.id())?;
            for message in messages {
                move_message(unit, (*message).into(), &old, new.id())?;
            }
            Ok(Split { case: unit.shown(new)?, job })
        })
    }
}

fn check(unit: &UnitOfWork<'_>, source: CaseId, target: CaseId) -> Result<(Case, Case)> {
    if source == target {
        return Err(CrmError::invalid("case.itself", "is the source, too").at("target"));
    }
    let (source, target) = (require_case(unit, source)?, require_case(unit, target)?);
    for (name, case) in [("source", &source), ("target", &target)] {
        if case.merged_into.is_some() {
            return Err(merged().at(name));
        }
    }
    Ok((source, target))
}

/// Moves everything that links to the source to the target.
fn move_all(unit: &mut UnitOfWork<'_>, source: &Case, target: &Case) -> Result<u64> {
    let case_type = unit.record_type(Case::NAME)?;
    let data = unit.require(&case_type, source.meta.id)?;
    let mut moved = 0;
    for (record_type, position, _) in links::incoming(unit, &case_type) {
        let mut ids = links::linking(unit, &record_type, position, &case_type, &data, i64::MAX)?;
        ids.reverse();
        for id in ids {
            if id == source.meta.id
                || id == target.meta.id
                || stays(unit, &record_type, position, id, target)?
            {
                continue;
            }
            if record_type.name() == MESSAGE {
                move_message(unit, id, source, target.id())?;
            } else {
                let end = match record_type.fields[position].kind() {
                    FieldKind::Reference { .. } => Reference::new(Case::NAME, target.meta.id).into(),
                    _ => Value::Id(target.meta.id),
                };
                unit.update(&record_type, id, None, Origin::Rule, &mut |data| {
                    data.values[position] = end.clone();
                    Ok(())
                })?;
            }
            moved += 1;
        }
    }
    Ok(moved)
}

/// Whether a record stays with the source, because the target has, or is, the same.
fn stays(
    unit: &UnitOfWork<'_>,
    record_type: &Arc<RecordType>,
    position: usize,
    id: RecordId,
    target: &Case,
) -> Result<bool> {
    if record_type.name() == CaseLink::NAME {
        let link: CaseLink = unit.require_record(id.into())?;
        let is_first = record_type.fields[position].name() == "first";
        let other = if is_first { link.second } else { link.first };
        let ends = (target.meta.id, other.into());
        return Ok(other == target.id() || queries::are_linked(unit.connection, ends, link.kind.key(), id)?);
    }
    if record_type.name() == CaseParticipant::NAME {
        let participant: CaseParticipant = unit.require_record(id.into())?;
        let person = participant.person.into();
        let is_requester =
            participant.role == ParticipantRole::Requester && target.requester == Some(participant.person);
        return Ok(is_requester
            || queries::takes_part(unit.connection, target.meta.id, person, participant.role.key(), id)?);
    }
    Ok(false)
}

/// Moves a message into another case and keeps the number of the one that it was written in.
fn move_message(unit: &mut UnitOfWork<'_>, id: RecordId, from: &Case, to: CaseId) -> Result<()> {
    let record_type = unit.record_type(MESSAGE)?;
    require_visible(unit, &record_type, id)?;
    let message: CaseMessage = unit.require_record(id.into())?;
    let target: Case = unit.require_record(to)?;
    let origin =
        message.moved_from.or_else(|| from.number.clone()).filter(|n| Some(n) != target.number.as_ref());
    unit.set(&record_type, id, &[("case", to.into_value()), ("moved_from", origin.into_value())])?;
    Ok(())
}

/// Gives the target what only the source has.
fn complete(unit: &mut UnitOfWork<'_>, source: &Case, target: &Case) -> Result<Case> {
    let case_type = unit.record_type(Case::NAME)?;
    let mut tags = target.tags.clone();
    tags.extend(source.tags.iter().cloned());
    let mut values = vec![("tags", tags.into_value())];
    if target.first_response_at.is_none() {
        values.push(("first_response_at", source.first_response_at.into_value()));
    }
    match (source.requester, target.requester) {
        (Some(person), None) => {
            values.push(("requester", person.into_value()));
            values.push(("organisation", target.organisation.or(source.organisation).into_value()));
        }
        (Some(person), Some(other)) if person != other => {
            let (case, role) = (target.id(), ParticipantRole::Requester);
            let there =
                queries::takes_part(unit.connection, case.into(), person.into(), role.key(), RecordId::NIL)?;
            if !there {
                unit.create_record(CaseParticipant { case, person, role, ..CaseParticipant::default() })?;
            }
        }
        _ => {}
    }
    unit.set(&case_type, target.meta.id, &values)?.into_record(&case_type)
}

/// Closes the source and leads it to the target.
fn finish(unit: &mut UnitOfWork<'_>, source: &Case, target: CaseId) -> Result<()> {
    let case_type = unit.record_type(Case::NAME)?;
    let mut values = vec![("merged_into", target.into_value())];
    if source.status_type != Some(StatusType::Closed) {
        values.push(("status", Value::Id(statuses::default_of(unit, StatusType::Closed)?)));
    }
    unit.set(&case_type, source.meta.id, &values).map(|_| ())
}
