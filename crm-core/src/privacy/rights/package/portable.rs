//! The package for portability (GDPR Article 20): what the person has provided, or what was observed of what the
//! person did. What others have written about the person, or concluded, is not in it, nor are types that no line
//! names: nothing says who has provided those.
//!
//! The right reaches data that are processed on consent or for a contract (Article 20(1)(a)). Whether that is so is for
//! the handler of the request to judge; the engine gives what is provided.

use serde_json::{Map, Value as Json};

use super::collect::{Collection, Item, Relation, collect};
use super::{Package, PackageFile};
use crate::contacts::PersonId;
use crate::error::{CrmError, Result};
use crate::interchange::csv::Lines;
use crate::interchange::csv_export::{guarded, plain};
use crate::interchange::vcard_map;
use crate::record::door::Reader;
use crate::record::json::to_json;
use crate::record::schema::system;
use crate::record::{Field, RecordType};

/// Which fields of a type a person has provided.
enum Provided {
    /// These.
    Only(&'static [&'static str]),
    /// All but these, the host's own included.
    AllBut(&'static [&'static str]),
}

/// What a person has provided, type by type; with a field and its value, only of records that have it.
const PROVIDED: &[(&str, Option<(&str, &str)>, Provided)] = &[
    (
        "person",
        None,
        Provided::AllBut(&["organisation", "household", "tags", "source", "description", "vcard_extras"]),
    ),
    (
        "data_subject",
        None,
        Provided::Only(&["residence_country", "residence_subdivision", "residence_since", "time_zone"]),
    ),
    ("affiliation", None, Provided::Only(&["role", "start_date", "end_date"])),
    ("case", None, Provided::Only(&["number", "subject", "description", "channel", "opened_at"])),
    (
        "case_message",
        Some(("direction", "inbound")),
        Provided::Only(&["channel", "subject", "body", "sent_at"]),
    ),
    (
        "consent_event",
        None,
        Provided::AllBut(&["person", "address_hash", "notice", "token_hash", "evidence", "parents"]),
    ),
    ("objection", None, Provided::Only(&["purpose", "channel", "received_at", "description"])),
    ("rights_request", None, Provided::Only(&["number", "right", "regime", "received_at", "description"])),
];

/// Makes the package.
pub(super) fn package(reader: &Reader<'_>, person: PersonId) -> Result<Package> {
    let collection = collect(reader, person)?;
    let mut records = Vec::new();
    let mut left_out = Vec::new();
    for item in &collection.items {
        let provided = provided(item);
        match provided {
            Some(fields) => records.push((item, fields)),
            None => left_out.push(item.record_type.name().to_owned()),
        }
    }
    left_out.dedup();
    let mut files = vec![json(reader, person, &records)];
    files.extend(tables(&records)?);
    files.push(card(&collection)?);
    Ok(Package::of(files, records.len(), Vec::new(), left_out))
}

/// The fields of a record that the person has provided; `None` when nothing says so.
fn provided(item: &Item) -> Option<Vec<&Field>> {
    let Item { record_type, data, relation } = item;
    if !matches!(relation, Relation::Person | Relation::Subject | Relation::Attached) {
        return None;
    }
    let (_, condition, provided) = PROVIDED.iter().find(|(name, ..)| *name == record_type.name())?;
    if condition.is_some_and(|(field, value)| data.get(record_type, field).as_text() != Some(value)) {
        return None;
    }
    let is_provided = |field: &&Field| match provided {
        Provided::Only(names) => names.contains(&field.name()),
        Provided::AllBut(names) => !names.contains(&field.name()) && !field.descriptor.read_only,
    };
    Some(record_type.own_fields().iter().filter(is_provided).collect())
}

type Provision<'c> = (&'c Item, Vec<&'c Field>);

fn json(reader: &Reader<'_>, person: PersonId, records: &[Provision<'_>]) -> PackageFile {
    let mut by_type = Map::new();
    for (item, fields) in records {
        let mut object = Map::new();
        object.insert("id".to_owned(), Json::from(item.data.id().to_string()));
        object.insert("created_at".to_owned(), to_json(item.data.at(system::CREATED_AT)));
        for field in fields {
            let value = &item.data.values[field.position];
            if !value.is_null() {
                object.insert(field.name().to_owned(), to_json(value));
            }
        }
        let all =
            by_type.entry(item.record_type.name().to_owned()).or_insert_with(|| Json::Array(Vec::new()));
        if let Json::Array(all) = all {
            all.push(Json::Object(object));
        }
    }
    let document = serde_json::json!({
        "format": "crm-portability-package",
        "version": 1,
        "generated_at": reader.now(),
        "person": person,
        "records": by_type,
    });
    PackageFile::new("portability.json", "application/json", format!("{document:#}\n"))
}

/// A table for each type, for spreadsheets: no text in it is taken for a formula.
fn tables(records: &[Provision<'_>]) -> Result<Vec<PackageFile>> {
    let mut files = Vec::new();
    for of_type in records.chunk_by(|(left, _), (right, _)| left.record_type.index == right.record_type.index)
    {
        let Some((first, fields)) = of_type.first() else { continue };
        let name = format!("{}.csv", first.record_type.name());
        files.push(PackageFile::new(
            &name,
            "text/csv; charset=utf-8",
            table(&first.record_type, fields, of_type)?,
        ));
    }
    Ok(files)
}

fn table(record_type: &RecordType, fields: &[&Field], records: &[Provision<'_>]) -> Result<String> {
    let broken = || CrmError::internal("a table in memory cannot be written");
    let mut table = Vec::new();
    let mut lines = Lines::new(&mut table, b',');
    lines.cell(record_type.fields[system::ID].name());
    for field in fields {
        lines.cell(field.name());
    }
    lines.end().map_err(|_| broken())?;
    for (item, _) in records {
        lines.cell(&item.data.id().to_string());
        for field in fields {
            lines.cell(&guarded(&plain(&item.data.values[field.position]), true));
        }
        lines.end().map_err(|_| broken())?;
    }
    lines.finish().map_err(|_| broken())?;
    String::from_utf8(table).map_err(|_| broken())
}

/// The card of the person, without what others have noted.
fn card(collection: &Collection) -> Result<PackageFile> {
    let person = collection.items.iter().find(|item| item.relation == Relation::Person);
    let Item { record_type, data, .. } =
        person.ok_or_else(|| CrmError::internal("a collection has its person"))?;
    let mut data = data.clone();
    for field in ["tags", "source", "description", "vcard_extras"] {
        data.set(record_type, field, crate::record::Value::Null)?;
    }
    let text = vcard_map::card_text(record_type, &data)?;
    Ok(PackageFile::new("person.vcf", "text/vcard; charset=utf-8", text))
}
