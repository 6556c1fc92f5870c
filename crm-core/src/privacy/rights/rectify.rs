//! Rectification (GDPR Article 16): the right value goes in by the one door, the wrong one goes out of the journal.

use serde_json::{Map, Value as Json};

use super::RightsRequestId;
use super::actions::{Handled, Step};
use super::kinds::RightsEventKind;
use super::stores::{self, DISCLOSURE};
use crate::contacts::{Person, PersonId};
use crate::error::{CrmError, Result};
use crate::journal::rectified;
use crate::record::json::to_json;
use crate::record::set::{require_visible, split_patch};
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::{Record, RecordData, RecordType, Reference};

/// What is to be put right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rectification {
    /// The record with the wrong value.
    pub record: Reference,
    /// The right values by the names of the fields, as a JSON Merge Patch (RFC 7396).
    pub values: Map<String, Json>,
    /// The request that asks for it.
    pub request: Option<RightsRequestId>,
    /// What was wrong, without the wrong value.
    pub note: Option<String>,
}

/// What a rectification has done.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Rectified {
    /// The record.
    pub record: Reference,
    /// Its version now.
    pub version: i64,
    /// The fields that have another value now.
    pub fields: Vec<String>,
    /// In how many entries of the journal the wrong values were destroyed, with all personal values beside them.
    pub shredded: u64,
    /// The disclosures of data of the person: their recipients must be told (GDPR Article 19).
    pub disclosures: Vec<Reference>,
}

/// Puts values right.
///
/// A consent belongs to the address that it was given for: a rectified address has none.
pub(super) fn rectify(unit: &mut UnitOfWork<'_>, rectification: &Rectification) -> Result<Rectified> {
    let Rectification { record, values, request, note } = rectification;
    let record_type = unit.record_type(&record.record_type).map_err(|error| error.at("record"))?;
    require_visible(unit, &record_type, record.id).map_err(|error| error.at("record"))?;
    let before = unit.require(&record_type, record.id).map_err(|error| error.at("record"))?;
    let person = person_of(&record_type, &before);
    if let Some(request) = request {
        let mut handled = Handled::open(unit, *request)?;
        handled.require_identity()?;
        if person != Some(handled.require_person()?) {
            let reason = "is about the data of somebody else";
            return Err(CrmError::invalid("rights.other_person", reason).at("request"));
        }
        handled.note(Step::new(RightsEventKind::Executed, None, note.clone()))?;
    }
    let (changes, expected) =
        split_patch(&record_type, values.clone()).map_err(|error| error.within("values"))?;
    let after = unit.update(&record_type, record.id, expected, Origin::Host, &mut |data| {
        for (position, value) in &changes {
            data.values[*position] = value.clone();
        }
        Ok(())
    })?;
    let changed = || {
        record_type
            .own_fields()
            .iter()
            .filter(|field| before.values[field.position] != after.values[field.position])
    };
    let wrong: Vec<(&str, Json)> = changed()
        .filter(|field| field.is_personal() && !before.values[field.position].is_null())
        .map(|field| (field.name(), to_json(&before.values[field.position])))
        .collect();
    let shredded = rectified::shred(unit, &record_type, record.id, &wrong)?;
    let disclosures = match person {
        Some(person) => stores::disclosures(unit.connection, &unit.schema, DISCLOSURE, person)?,
        None => Vec::new(),
    };
    Ok(Rectified {
        record: record.clone(),
        version: after.version(),
        fields: changed().map(|field| field.name().to_owned()).collect(),
        shredded,
        disclosures: disclosures.into_iter().map(|id| Reference::new(DISCLOSURE, id)).collect(),
    })
}

/// The person whose data a record holds.
fn person_of(record_type: &RecordType, data: &RecordData) -> Option<PersonId> {
    let person = match record_type.subject_field {
        Some(position) => data.values[position].as_id(),
        None => (record_type.name() == Person::NAME).then(|| data.id()),
    };
    person.map(PersonId::from)
}
