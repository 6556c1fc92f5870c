//! What makes data subjects, restrictions and objections valid, and what follows from them.

use super::addresses::hashed_addresses;
use crate::contacts::{Person, PersonId};
use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::ground::zone::Zone;
use crate::journal::entry::Operation;
use crate::privacy::kinds::{ObjectionOutcome, PurposeClass, SuppressionReason, SuppressionScope};
use crate::privacy::purposes;
use crate::privacy::standing;
use crate::privacy::suppression::{self, Refusal};
use crate::privacy::values::{option, time};
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::storage::{Param, query_one};

/// The rules of data subjects.
pub(crate) struct DataSubjectRules;
/// The rules of restrictions.
pub(crate) struct RestrictionRules;
/// The rules of objections.
pub(crate) struct ObjectionRules;

impl Rules for DataSubjectRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        residence(change)?;
        if change.changes("time_zone") {
            if let Value::Text(name) = change.after("time_zone") {
                name.parse::<Zone>().map_err(|error| error.at("time_zone"))?;
            }
        }
        if !change.after("guardian").is_null() && change.after("guardian") == change.after("person") {
            let reason = "a person is not their own guardian";
            return Err(CrmError::invalid("data_subject.guardian", reason).at("guardian"));
        }
        if change.before.is_none() {
            let restricted = restricted_since(work, person_of(change)?)?;
            change.set("restricted_since", restricted.map_or(Value::Null, Value::Timestamp))?;
        }
        Ok(())
    }

    fn follow(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        standing::follow(work.connection, change)
    }
}

/// Writes the residence in capitals and checks that the country and its part fit together.
fn residence(change: &mut Change) -> Result<()> {
    let mut country = text_of(change, "residence_country");
    if let Some(text) = &country {
        let code =
            CountryCode::from_code(&text.to_ascii_uppercase()).map_err(|e| e.at("residence_country"))?;
        country = Some(code.to_string());
    }
    if let Some(text) = text_of(change, "residence_subdivision") {
        let text = text.to_ascii_uppercase();
        let fits = text.split_once('-').is_some_and(|(prefix, part)| {
            (1..=3).contains(&part.len())
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && country.as_ref().is_none_or(|country| country == prefix)
                && CountryCode::from_code(prefix).is_ok()
        });
        if !fits {
            let reason = "is no part of the country by ISO 3166-2, such as US-CA";
            return Err(CrmError::invalid("data_subject.subdivision", reason).at("residence_subdivision"));
        }
        country = text.split_once('-').map(|(prefix, _)| prefix.to_owned());
        change.set("residence_subdivision", Value::Text(text))?;
    }
    change.set("residence_country", country.map_or(Value::Null, Value::Text))
}

impl Rules for RestrictionRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        fill_time(work, change, "since")?;
        if let (Value::Timestamp(since), Value::Timestamp(until)) =
            (change.after("since"), change.after("until"))
        {
            if until < since {
                return Err(CrmError::invalid("restriction.period", "ends before it begins").at("until"));
            }
        }
        Ok(())
    }

    fn after(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        let mut people = vec![person_of(change)?];
        if let Some(before) = &change.before {
            if let Value::Id(person) = before.get(&change.record_type, "person") {
                people.push(*person);
            }
        }
        people.dedup();
        people.into_iter().try_for_each(|person| note_restriction(work, person))
    }
}

/// Keeps what the data subject says of its restrictions in step with them.
fn note_restriction(work: &mut UnitOfWork<'_>, person: RecordId) -> Result<()> {
    let since = restricted_since(work, person)?;
    let record_type = work.record_type("data_subject")?;
    let subject = query_one(
        work.connection,
        "SELECT id FROM data_subject WHERE person = ?1",
        &[Param::Id(person)],
        |row| row.id(0),
    )?;
    match subject.flatten() {
        Some(id) => {
            let since = since.map_or(Value::Null, Value::Timestamp);
            work.set(&record_type, id, &[("restricted_since", since)])?;
        }
        // A person who is deleted loses both, and none must come back for it.
        None if since.is_some() => {
            let person: PersonId = person.into();
            work.create_record(super::DataSubject { person, ..super::DataSubject::default() })?;
        }
        None => {}
    }
    Ok(())
}

/// Since when restrictions hold for a person that have not ended.
fn restricted_since(work: &UnitOfWork<'_>, person: RecordId) -> Result<Option<Timestamp>> {
    let since = query_one(
        work.connection,
        "SELECT MIN(since) FROM restriction WHERE person = ?1 AND until IS NULL",
        &[Param::Id(person)],
        |row| row.timestamp(0),
    )?;
    Ok(since.flatten())
}

impl Rules for ObjectionRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        fill_time(work, change, "received_at")?;
        let key = text_of(change, "purpose").unwrap_or_default();
        let purpose = purposes::require(work.connection, &key).map_err(|error| error.at("purpose"))?;
        let overridden =
            *change.after("outcome") == Value::Text(ObjectionOutcome::Overridden.key().to_owned());
        if overridden && purpose.class == PurposeClass::Marketing && change.origin != Origin::Undo {
            let reason = "an objection to direct marketing cannot be overridden (GDPR Article 21(3))";
            return Err(CrmError::invalid("objection.final", reason).at("outcome"));
        }
        Ok(())
    }

    fn after(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        if change.operation == Operation::Delete || change.origin == Origin::Undo {
            return Ok(());
        }
        let stops = option::<ObjectionOutcome>(change, "outcome")?
            .is_some_and(|outcome| matches!(outcome, ObjectionOutcome::Upheld | ObjectionOutcome::Pending));
        let key = text_of(change, "purpose").unwrap_or_default();
        let purpose = purposes::require(work.connection, &key).map_err(|error| error.at("purpose"))?;
        if stops && purpose.class.is_of_marketing() { suppress(work, change, &key) } else { Ok(()) }
    }

    fn follow(&self, work: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        standing::follow(work.connection, change)
    }
}

/// Suppresses all addresses that the person has for what is objected to: the objection outlives the contact.
fn suppress(work: &mut UnitOfWork<'_>, change: &Change, purpose: &str) -> Result<()> {
    let person: Person = work.require_record(person_of(change)?.into())?;
    let channel = option(change, "channel")?;
    for (address_type, hash) in hashed_addresses(work, &person, channel)? {
        let refusal = Refusal {
            scope: SuppressionScope::Purpose,
            scope_key: Some(purpose.to_owned()),
            channel,
            reason: SuppressionReason::Objection,
            source: Some("objection".to_owned()),
            effective_at: time(change, "received_at"),
            ..Refusal::of(address_type, hash)
        };
        suppression::refuse(work, refusal)?;
    }
    Ok(())
}

/// Sets a time that a new record does not have to now. A struct that says nothing has the zero of its type.
fn fill_time(work: &UnitOfWork<'_>, change: &mut Change, field: &str) -> Result<()> {
    let zero = Value::Timestamp(Timestamp::default());
    if change.after(field).is_null() || change.before.is_none() && *change.after(field) == zero {
        change.set(field, Value::Timestamp(work.now()))?;
    }
    Ok(())
}

fn person_of(change: &Change) -> Result<RecordId> {
    match change.after("person") {
        Value::Id(person) => Ok(*person),
        _ => Err(CrmError::invalid("field.required", "must be given").at("person")),
    }
}

fn text_of(change: &Change, field: &str) -> Option<String> {
    match change.after(field) {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    }
}
