//! What is said of the processing as a whole: purposes, what holds for everybody, refusals.

use serde_json::Value as Json;

use super::collect::{Item, Relation};
use super::document::{Processing, PurposeUsed};
use super::tables::{CONFIRMED_ONLY, FOR_EVERYBODY};
use crate::contacts::Person;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort::FewByKey;
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
    purposes: &FewByKey<u32, u64>,
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
            relation: Relation::General,
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contacts::{Email, Phone};
    use crate::customize::{CustomField, CustomType};
    use crate::record::door::{read, write};
    use crate::storage::ReadMode;
    use crate::{Actor, Config, Crm};

    /// A type of the host's stands for the list of refusals: what counts is the keyed hash in its field.
    #[test]
    fn refusals_are_counted_by_the_hash_of_each_address() {
        let session = Crm::memory(Config::default()).unwrap();
        let session = session.session(Actor::System, Purpose::RightsFulfilment).unwrap();
        session
            .custom_types()
            .create(CustomType { name: "x_block".into(), ..CustomType::default() })
            .unwrap();
        session.custom_fields().create(CustomField::new("x_block", "x_hash")).unwrap();
        let person = session.people().create(Person {
            given_name: Some("Ada".into()),
            emails: vec![Email::work("Ada@Example.com"), Email::home("ada@example.org")],
            phones: vec![Phone { number: "+49 30 1234567".into(), ..Phone::default() }],
            ..Person::default()
        });
        let person = person.unwrap().meta.id;
        let count = || {
            read(&session, ReadMode::Snapshot, |reader| confirmed(reader, person, "x_block", "x_hash"))
                .unwrap()
        };
        assert_eq!(count(), 0, "there is no secret yet, so nothing can be blocked");
        for (kind, address, after) in [
            (AddressType::Email, "ada@example.com", 1),
            (AddressType::Email, "somebody@example.com", 1),
            (AddressType::Phone, "+49301234567", 2),
            (AddressType::Phone, "+49301234568", 2),
        ] {
            let hash = write(&session, None, |unit| {
                let secret = DatabaseSecret::of(unit)?;
                Ok(ContactAddress::parse(kind, address, None)?.hash(&secret))
            });
            session.records("x_block").create(&json!({"x_hash": hash.unwrap()})).unwrap();
            assert_eq!(count(), after, "{address}");
        }
        let of_nothing =
            read(&session, ReadMode::Snapshot, |reader| confirmed(reader, person, "nothing", "x_hash"));
        assert_eq!(of_nothing.unwrap(), 0);
    }
}
