//! Where data of a person are: every record type that links to people, whatever domain or host has declared it.

use super::kinds::TaskState;
use super::model::RightsRequestTask;
use super::{RightsRequestId, RightsRequestTaskId};
use crate::contacts::{Person, PersonId};
use crate::error::Result;
use crate::record::schema::system;
use crate::record::unit::UnitOfWork;
use crate::record::{Field, FieldKind, Meta, Record, RecordType, Reference, Schema};
use crate::storage::{Connection, Param, query_one};

/// The types that the handling of requests itself is made of: they are shown, but they are no work.
const OF_REQUESTS: [&str; 3] = ["rights_request", "rights_request_event", "rights_request_task"];

/// The fields of a type that may link to a person.
pub(super) fn links_to_people(record_type: &RecordType) -> impl Iterator<Item = &Field> {
    record_type.fields[system::OWNER..].iter().filter(|field| match field.kind() {
        FieldKind::Link { target, .. } => target == Person::NAME,
        FieldKind::Reference { .. } => true,
        _ => false,
    })
}

/// The condition on the columns of a type for records that link to a record by any of the fields: `?1` is its
/// identifier, `?2` the text of a reference to it. `None` when there is no field.
pub(super) fn links_condition<'f>(fields: impl Iterator<Item = &'f Field>) -> Option<String> {
    let conditions: Vec<String> = fields
        .map(|field| match field.kind() {
            FieldKind::Reference { .. } => format!("t.{} = ?2", field.column),
            _ => format!("t.{} = ?1", field.column),
        })
        .collect();
    (!conditions.is_empty()).then(|| conditions.join(" OR "))
}

/// How many records of each type have to do with a person, in the order of the types.
pub(super) fn count(
    connection: &dyn Connection,
    schema: &Schema,
    person: PersonId,
) -> Result<Vec<(String, i64)>> {
    let reference = Reference::new(Person::NAME, person).to_string();
    let mut stores = Vec::new();
    for record_type in schema.types() {
        if OF_REQUESTS.contains(&record_type.name()) {
            continue;
        }
        let itself = (record_type.name() == Person::NAME).then(|| "t.\"id\" = ?1".to_owned());
        let linking = links_condition(links_to_people(record_type));
        let conditions: Vec<String> = itself.into_iter().chain(linking).collect();
        if conditions.is_empty() {
            continue;
        }
        // Both parameters are named in any case, whichever of them the type needs.
        let sql = format!(
            "SELECT COUNT(*) FROM {} AS t WHERE ({}) AND ?1 IS NOT NULL AND ?2 IS NOT NULL",
            record_type.table,
            conditions.join(" OR ")
        );
        let parameters = [Param::Id(person.into()), Param::Text(&reference)];
        let count = query_one(connection, &sql, &parameters, |row| row.integer(0))?.flatten().unwrap_or(0);
        if count > 0 {
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
