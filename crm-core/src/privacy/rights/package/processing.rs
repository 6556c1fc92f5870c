//! What is said of the processing as a whole: purposes, what holds for everybody, refusals.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::collect::{Item, Relation};
use super::document::{Processing, PurposeUsed};
use super::tables::{CONFIRMED_ONLY, FOR_EVERYBODY};
use crate::contacts::Person;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::privacy::address::ContactAddress;
use crate::privacy::kinds::AddressType;
use crate::privacy::purposes::BUILT_IN;
use crate::privacy::secret::DatabaseSecret;
use crate::record::columns::read_record;
use crate::record::door::Reader;
use crate::record::schema::quote;
use crate::record::{Record, RecordData, RecordType};
use crate::session::Purpose;
use crate::storage::{Param, query_all, query_one};

/// What is said of the processing.
pub(super) fn processing(
    reader: &Reader<'_>,
    person: RecordId,
    purposes: &BTreeMap<u32, u64>,
) -> Result<Processing> {
    let used = purposes.iter().filter_map(|(number, changes)| {
        let key = Purpose::from_number(*number)?.key();
        let name = BUILT_IN.iter().find(|purpose| purpose.key == key).map_or(key, |purpose| purpose.name);
        Some(PurposeUsed { key: key.to_owned(), name: name.to_owned(), changes: *changes })
    });
    let (record_type, field) = CONFIRMED_ONLY;
    Ok(Processing { purposes: used.collect(), refusals: confirmed(reader, person, record_type, field)? })
}

/// The records that hold for everybody.
pub(super) fn for_everybody(reader: &Reader<'_>) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    for (name, unless) in FOR_EVERYBODY {
        let Some(record_type) = reader.schema.find(name) else { continue };
        let condition = match unless {
            Some(link) if record_type.field(link).is_some() => format!("t.{} IS NULL", quote(link)),
            _ => "TRUE".to_owned(),
        };
        let sql = format!(
            "SELECT {} FROM {} AS t WHERE {condition} ORDER BY t.row_id",
            record_type.statements().columns,
            record_type.table
        );
        let found = query_all(reader.connection, &sql, &[], |row| read_record(record_type, row))?;
        items.extend(found.into_iter().map(|data| Item {
            record_type: record_type.clone(),
            data,
            relation: Relation::Context,
        }));
    }
    Ok(items)
}

/// How many records of a type have the keyed hash of an address of the person in a field.
fn confirmed(reader: &Reader<'_>, person: RecordId, record_type: &str, field: &str) -> Result<u64> {
    let Some(record_type) = reader.schema.find(record_type) else { return Ok(0) };
    let Some(field) = record_type.field(field) else { return Ok(0) };
    // Without a secret, nothing was ever made with it.
    let Some(secret) = DatabaseSecret::find(reader.engine, reader.connection)? else { return Ok(0) };
    let people = reader.schema.require(Person::NAME)?;
    let Some(data) = crate::record::read::by_id(reader.connection, people, person)? else { return Ok(0) };
    let sql = format!("SELECT COUNT(*) FROM {} WHERE {} = ?1", record_type.table, field.column);
    let mut count = 0;
    for address in addresses(people, &data) {
        let found =
            query_one(reader.connection, &sql, &[Param::Text(&address.hash(&secret))], |row| row.integer(0))?;
        count += u64::try_from(found.flatten().unwrap_or_default()).unwrap_or_default();
    }
    Ok(count)
}

/// The e-mail addresses and telephone numbers of a person.
fn addresses(people: &RecordType, data: &RecordData) -> Vec<ContactAddress> {
    let of = |field: &str, member: &'static str, kind: AddressType| {
        let json = data.get(people, field).as_text().unwrap_or("[]");
        let parts: Vec<Json> = serde_json::from_str(json).unwrap_or_default();
        parts
            .into_iter()
            .filter_map(move |part| ContactAddress::parse(kind, part.get(member)?.as_str()?, None).ok())
            .collect::<Vec<_>>()
    };
    let mut all = of("emails", "address", AddressType::Email);
    all.extend(of("phones", "number", AddressType::Phone));
    all
}
