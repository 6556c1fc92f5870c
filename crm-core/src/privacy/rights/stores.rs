//! Where data of a person are: every record type that links to people, whatever domain or host has declared it.

use std::collections::BTreeSet;

use super::kinds::TaskState;
use super::model::RightsRequestTask;
use super::{RightsRequestId, RightsRequestTaskId};
use crate::contacts::{Person, PersonId};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::text::fold;
use crate::record::filter::terms::VALUE_TABLE;
use crate::record::schema::system;
use crate::record::unit::UnitOfWork;
use crate::record::{Field, FieldKind, Meta, Record, RecordType, Reference, Schema};
use crate::storage::{Connection, Param, query_all, query_one};

/// The types that the handling of requests itself is made of: they are shown, but they are no work.
const OF_REQUESTS: [&str; 3] = ["rights_request", "rights_request_event", "rights_request_task"];

/// The fields of a type that may name a person: links, references, and lists of the identifiers of people, which
/// outlive them.
pub(super) fn links_to_people(record_type: &RecordType) -> impl Iterator<Item = &Field> {
    record_type.fields[system::OWNER..].iter().filter(|field| match field.kind() {
        FieldKind::Link { target, .. } => target == Person::NAME,
        FieldKind::Reference { .. } => true,
        FieldKind::List => is_list_of_people(field),
        _ => false,
    })
}

/// Whether a list holds the identifiers of data subjects.
pub(super) fn is_list_of_people(field: &Field) -> bool {
    matches!(field.kind(), FieldKind::List) && matches!(field.name(), "subjects" | "x_subjects")
}

/// The condition on the columns of a type, called `t`, for records that name a record by any of the fields; its
/// parameters are those of [`Named`]. `None` when there is no field.
pub(super) fn names<'f>(fields: impl Iterator<Item = &'f Field>) -> Option<String> {
    let conditions: Vec<String> = fields
        .map(|field| match field.kind() {
            FieldKind::Reference { .. } => format!("t.{} = ?2", field.column),
            FieldKind::List => format!(
                "t.row_id IN (SELECT v.record FROM {VALUE_TABLE} AS v WHERE v.field = {} AND v.value = ?3)",
                field.number
            ),
            _ => format!("t.{} = ?1", field.column),
        })
        .collect();
    // All parameters are there in any case, whichever of them the fields need.
    (!conditions.is_empty()).then(|| {
        format!("({}) AND ?1 IS NOT NULL AND ?2 IS NOT NULL AND ?3 IS NOT NULL", conditions.join(" OR "))
    })
}

/// A record as fields name it: its identifier, a reference to it, and how a list is searched for it.
pub(super) struct Named {
    id: RecordId,
    reference: String,
    listed: String,
}

impl Named {
    pub(super) fn new(record_type: &str, id: RecordId) -> Self {
        let reference = Reference::new(record_type, id).to_string();
        Self { id, reference, listed: fold(&id.to_string()) }
    }

    pub(super) fn parameters(&self) -> [Param<'_>; 3] {
        [Param::Id(self.id), Param::Text(&self.reference), Param::Text(&self.listed)]
    }
}

/// How many records of each type have to do with a person, in the order of the types.
pub(super) fn count(
    connection: &dyn Connection,
    schema: &Schema,
    person: PersonId,
) -> Result<Vec<(String, i64)>> {
    let named = Named::new(Person::NAME, person.into());
    let mut stores = Vec::new();
    for record_type in schema.types() {
        if OF_REQUESTS.contains(&record_type.name()) {
            continue;
        }
        let itself = (record_type.name() == Person::NAME).then_some(&record_type.fields[system::ID]);
        let Some(condition) = names(itself.into_iter().chain(links_to_people(record_type))) else { continue };
        let sql = format!("SELECT COUNT(*) FROM {} AS t WHERE {condition}", record_type.table);
        let count = query_one(connection, &sql, &named.parameters(), |row| row.integer(0))?;
        if let Some(count) = count.flatten().filter(|count| *count > 0) {
            stores.push((record_type.name().to_owned(), count));
        }
    }
    Ok(stores)
}

/// Lists the work that a request asks for: a line for every store that has something, besides those that are there.
pub(super) fn list_work(unit: &mut UnitOfWork<'_>, request: RightsRequestId, person: PersonId) -> Result<()> {
    for (store, count) in count(unit.connection, &unit.schema, person)? {
        let known = query_one(
            unit.connection,
            "SELECT \"id\" FROM rights_request_task WHERE request = ?1 AND store = ?2",
            &[Param::Id(request.into()), Param::Text(&store)],
            |row| row.id(0),
        )?;
        if known.is_none() {
            unit.create_record(RightsRequestTask {
                meta: Meta { id: RightsRequestTaskId::default().into(), ..Meta::default() },
                request,
                person: Some(person),
                store,
                count: Some(count),
                state: TaskState::Open,
                note: None,
            })?;
        }
    }
    Ok(())
}

/// How many lines of a request are open.
pub(super) fn open_work(connection: &dyn Connection, request: RightsRequestId) -> Result<i64> {
    let count = query_one(
        connection,
        "SELECT COUNT(*) FROM rights_request_task WHERE request = ?1 AND state = 'open'",
        &[Param::Id(request.into())],
        |row| row.integer(0),
    )?;
    Ok(count.flatten().unwrap_or(0))
}

/// The type whose records say to whom data were given.
pub(super) const DISCLOSURE: &str = "disclosure";

/// The records of a type of disclosures that are about a person, in the order of their identifiers: those that name the
/// person, and those that a record links to which does, as an entry of the read log may.
pub(super) fn disclosures(
    connection: &dyn Connection,
    schema: &Schema,
    disclosure: &str,
    person: PersonId,
) -> Result<Vec<RecordId>> {
    let named = Named::new(Person::NAME, person.into());
    let mut found = BTreeSet::new();
    for record_type in schema.types() {
        let Some(condition) = names(links_to_people(record_type)) else { continue };
        let is_link =
            |field: &&Field| matches!(field.kind(), FieldKind::Link { target, .. } if target == disclosure);
        let itself = (record_type.name() == disclosure).then_some(&record_type.fields[system::ID]);
        for field in record_type.own_fields().iter().filter(is_link).chain(itself) {
            let sql = format!("SELECT t.{} FROM {} AS t WHERE {condition}", field.column, record_type.table);
            let ids = query_all(connection, &sql, &named.parameters(), |row| row.id(0))?;
            found.extend(ids.into_iter().flatten());
        }
    }
    Ok(found.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::customize::{CustomField, CustomKind, CustomType};
    use crate::record::door::read;
    use crate::storage::ReadMode;
    use crate::{Actor, Config, Crm, Purpose};

    /// Types of the host's stand for those of other areas: what counts is how they are linked.
    #[test]
    fn disclosures_are_found_by_lists_and_by_what_links_to_both() {
        let crm = Crm::memory(Config::default()).unwrap();
        let session = crm.session(Actor::System, Purpose::RightsFulfilment).unwrap();
        for name in ["x_given", "x_read"] {
            session.custom_types().create(CustomType { name: name.into(), ..CustomType::default() }).unwrap();
        }
        let field = |name: &str, of: &str, kind, target: Option<&str>| {
            let target = target.map(str::to_owned);
            session
                .custom_fields()
                .create(CustomField { kind, target, ..CustomField::new(of, name) })
                .unwrap();
        };
        field("x_subjects", "x_given", CustomKind::List, None);
        field("x_subjects", "x_read", CustomKind::List, None);
        field("x_who", "x_read", CustomKind::Link, Some("person"));
        field("x_what", "x_read", CustomKind::Link, Some("x_given"));
        let person = |name: &str| {
            let person = Person { given_name: Some(name.into()), ..Person::default() };
            session.people().create(person).unwrap().id()
        };
        let (ada, eve) = (person("Ada"), person("Eve"));
        let given = |people: &[PersonId]| {
            let created = session.records("x_given").create(&json!({"x_subjects": people})).unwrap();
            created["id"].as_str().unwrap().parse::<RecordId>().unwrap()
        };
        let (to_both, to_eve, to_ada, _to_nobody) =
            (given(&[ada, eve]), given(&[eve]), given(&[]), given(&[]));
        session.records("x_read").create(&json!({"x_who": ada, "x_what": to_ada})).unwrap();
        session.records("x_read").create(&json!({"x_who": ada})).unwrap();
        let by_list = given(&[]);
        session.records("x_read").create(&json!({"x_subjects": [eve], "x_what": by_list})).unwrap();
        let of = |person| {
            let found = read(&session, ReadMode::Snapshot, |reader| {
                disclosures(reader.connection, &reader.schema, "x_given", person)
            });
            found.unwrap()
        };
        let in_order = |ids: &[RecordId]| Vec::from_iter(ids.iter().copied().collect::<BTreeSet<_>>());
        assert_eq!((of(ada), of(eve)), (in_order(&[to_both, to_ada]), in_order(&[to_both, to_eve, by_list])));
        assert_eq!(of(person("Mary")), []);
    }
}
