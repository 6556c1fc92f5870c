//! Which records are about a person, by the schema alone.
//!
//! 1. The person.
//! 2. What links to the person, by a field of its own type or one that points anywhere.
//! 3. What hangs on a record whose data subject the person is, and goes into the bin with it: the messages of a case, the
//!    files of a note.
//! 4. What an attendance or a participation hangs on, and what is [read along](super::tables::READ_ALONG).
//! 5. What lies in the bin, as long as it can come back.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::Arc;

use crate::contacts::{Person, PersonId};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::journal::history;
use crate::privacy::rights::stores::{DISCLOSURE, Named, disclosures, links_to_people, names};
use crate::record::bin::from_fields;
use crate::record::columns::read_record;
use crate::record::door::Reader;
use crate::record::schema::system;
use crate::record::unit::not_found;
use crate::record::{Field, FieldKind, OnDelete, Record, RecordData, RecordType, Value};
use crate::storage::{Param, query_all};

use super::tables::{KNOWN_BY_NAME, READ_ALONG, SHARED, SILENT_WITHOUT};
use crate::ground::sort;

/// How a record has to do with the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Relation {
    /// It is the person.
    Person,
    /// Its data subject is the person.
    Subject,
    /// It names the person, and nobody else is its data subject.
    Named,
    /// It names the person, and is about somebody else: only that it does is shown.
    Mentioned,
    /// It belongs to a record that is about the person.
    Attached,
    /// A record that is about the person belongs to it.
    Context,
    /// It holds for everybody, or is the text that something about the person rests on.
    General,
    /// It was deleted and can still come back.
    Deleted,
}

/// A record of the package.
pub(super) struct Item {
    pub(super) record_type: Arc<RecordType>,
    pub(super) data: RecordData,
    pub(super) relation: Relation,
}

/// All records that are about a person, and the other people that they name.
pub(super) struct Collection {
    pub(super) person: RecordId,
    pub(super) items: Vec<Item>,
    pub(super) others: BTreeSet<RecordId>,
}

/// Gathers the records.
///
/// # Errors
/// `record.not_found`.
pub(super) fn collect(reader: &Reader<'_>, person: PersonId) -> Result<Collection> {
    let people = reader.schema.require(Person::NAME)?;
    let data = crate::record::read::by_id(reader.connection, people, person.into())?
        .ok_or_else(|| not_found(Person::NAME))?;
    let mut search = Search {
        reader,
        person: person.into(),
        items: Vec::new(),
        others: BTreeSet::new(),
        seen: HashSet::new(),
        queue: VecDeque::new(),
    };
    search.add(people, data, Relation::Person);
    search.linking_to_person()?;
    while let Some(place) = search.queue.pop_front() {
        search.attached_to(place)?;
        search.context_of(place)?;
    }
    search.deleted()?;
    let Search { mut items, mut others, .. } = search;
    items.retain(|item| says_something(&item.record_type, &item.data));
    // The person comes first of all.
    sort::by_key(&mut items, |item| {
        let other = item.relation != Relation::Person;
        (other, item.record_type.index, item.relation, item.data.row_id)
    });
    for item in &items {
        others.extend(people_named(&item.record_type, &item.data));
    }
    others.remove(&person.into());
    Ok(Collection { person: person.into(), items, others })
}

struct Search<'r> {
    reader: &'r Reader<'r>,
    person: RecordId,
    items: Vec<Item>,
    /// People whom records name that are not taken in.
    others: BTreeSet<RecordId>,
    seen: HashSet<(usize, RecordId)>,
    queue: VecDeque<usize>,
}

impl Search<'_> {
    /// Takes a record in, unless it is there already.
    fn add(&mut self, record_type: &Arc<RecordType>, data: RecordData, relation: Relation) {
        if self.seen.insert((record_type.index, data.id())) {
            self.queue.push_back(self.items.len());
            self.items.push(Item { record_type: Arc::clone(record_type), data, relation });
        }
    }

    fn linking_to_person(&mut self) -> Result<()> {
        let schema = Arc::clone(&self.reader.schema);
        for record_type in schema.types() {
            let links: Vec<&Field> = links_to_people(record_type).collect();
            for data in linking(self.reader, record_type, &links, Person::NAME, self.person)? {
                let relation = match subject_of(record_type, &data) {
                    Some(subject) if subject == self.person => Relation::Subject,
                    Some(_) => Relation::Mentioned,
                    None => Relation::Named,
                };
                self.add(record_type, data, relation);
            }
        }
        for id in disclosures(self.reader.connection, &schema, DISCLOSURE, self.person.into())? {
            let record_type = schema.require(DISCLOSURE)?;
            if let Some(data) = crate::record::read::by_id(self.reader.connection, record_type, id)? {
                self.add(record_type, data, Relation::Named);
            }
        }
        Ok(())
    }

    /// What hangs on a record: whom it names, and if the record is about the person, what it is.
    fn attached_to(&mut self, place: usize) -> Result<()> {
        let Item { record_type, data, relation } = &self.items[place];
        let takes_in = matches!(relation, Relation::Subject | Relation::Attached);
        if !takes_in && *relation != Relation::Context {
            return Ok(());
        }
        let (target, id) = (Arc::clone(record_type), data.id());
        let schema = Arc::clone(&self.reader.schema);
        for record_type in schema.types() {
            let hangs = |field: &&Field| match field.kind() {
                FieldKind::Link { target: name, on_delete: OnDelete::Cascade } => name == target.name(),
                FieldKind::Reference { on_delete: OnDelete::Cascade } => true,
                _ => false,
            };
            let links: Vec<&Field> = record_type.own_fields().iter().filter(hangs).collect();
            for data in linking(self.reader, record_type, &links, target.name(), id)? {
                self.others.extend(people_named(record_type, &data));
                // That somebody else takes part is their business; what they have written is the person's, too.
                let is_own = !is_of_another(record_type, &data, self.person) || has_text(record_type, &data);
                if takes_in && is_own {
                    self.add(record_type, data, Relation::Attached);
                }
            }
        }
        Ok(())
    }

    /// What a record is a part of, and what is read along.
    fn context_of(&mut self, place: usize) -> Result<()> {
        let Item { record_type, data, relation } = &self.items[place];
        let takes_part = matches!(relation, Relation::Subject | Relation::Named);
        let mut found = Vec::new();
        for field in record_type.own_fields() {
            let value = &data.values[field.position];
            let (name, id, cascades) = match (field.kind(), value) {
                (FieldKind::Link { target, on_delete }, Value::Id(id)) => {
                    (target.to_string(), *id, *on_delete == OnDelete::Cascade)
                }
                (FieldKind::Reference { on_delete }, Value::Reference(reference)) => {
                    (reference.record_type.clone(), reference.id, *on_delete == OnDelete::Cascade)
                }
                _ => continue,
            };
            let is = |names: &[&str]| names.contains(&name.as_str());
            if is(READ_ALONG) {
                found.push((name, id, Relation::General));
            } else if is(SHARED) || takes_part && cascades && !is(KNOWN_BY_NAME) {
                found.push((name, id, Relation::Context));
            }
        }
        for (name, id, relation) in found {
            let Some(record_type) = self.reader.schema.find(&name).cloned() else { continue };
            if let Some(data) = crate::record::read::by_id(self.reader.connection, &record_type, id)? {
                self.add(&record_type, data, relation);
            }
        }
        Ok(())
    }

    /// What lies in the bin and was sealed under the key of the person, or names the person in the open.
    fn deleted(&mut self) -> Result<()> {
        let entries = query_all(
            self.reader.connection,
            "SELECT b.record_type, b.record, b.sequence FROM crm_bin AS b \
             JOIN crm_journal AS j ON j.sequence = b.sequence \
             WHERE j.subject = ?1 OR j.plain LIKE ?2 ORDER BY b.sequence",
            &[Param::Id(self.person), Param::Text(&format!("%{}%", self.person))],
            |row| {
                Ok((
                    row.integer(0)?.unwrap_or_default(),
                    row.id(1)?.unwrap_or_default(),
                    row.integer(2)?.unwrap_or_default(),
                ))
            },
        )?;
        for (number, id, sequence) in entries {
            let Some(record_type) = self.reader.schema.by_number(number).cloned() else { continue };
            let entry = history::stored_at(self.reader.connection, sequence)?;
            let (fields, _) = entry.payload(self.reader.engine, self.reader.connection)?;
            let mut data = from_fields(&record_type, fields)?;
            data.values[system::ID] = Value::Id(id);
            if subject_of(&record_type, &data).is_none_or(|subject| subject == self.person) {
                self.add(&record_type, data, Relation::Deleted);
            }
        }
        Ok(())
    }
}

/// The records of a type whose fields link to a record.
fn linking(
    reader: &Reader<'_>,
    record_type: &RecordType,
    links: &[&Field],
    target: &str,
    id: RecordId,
) -> Result<Vec<RecordData>> {
    let Some(condition) = names(links.iter().copied()) else { return Ok(Vec::new()) };
    let sql = format!(
        "SELECT {} FROM {} AS t WHERE {condition} ORDER BY t.row_id",
        record_type.statements().columns,
        reader.table(record_type),
    );
    query_all(reader.connection, &sql, &Named::new(target, id).parameters(), |row| {
        read_record(record_type, row)
    })
}

/// The person whose data a record holds by its declaration, if there is one.
fn subject_of(record_type: &RecordType, data: &RecordData) -> Option<RecordId> {
    match record_type.subject_field {
        Some(position) => data.values[position].as_id(),
        None => (record_type.name() == Person::NAME).then(|| data.id()),
    }
}

/// Whether a record holds the data of somebody else by its declaration.
pub(super) fn is_of_another(record_type: &RecordType, data: &RecordData, person: RecordId) -> bool {
    subject_of(record_type, data).is_some_and(|subject| subject != person)
}

fn has_text(record_type: &RecordType, data: &RecordData) -> bool {
    record_type
        .own_fields()
        .iter()
        .any(|field| matches!(field.kind(), FieldKind::LongText) && !data.values[field.position].is_null())
}

/// Whether a record of a type that may be empty of content has any.
fn says_something(record_type: &RecordType, data: &RecordData) -> bool {
    let field = SILENT_WITHOUT.iter().find(|(name, _)| *name == record_type.name());
    field.is_none_or(|(_, field)| !data.get(record_type, field).is_null())
}

/// The people whom a record names.
fn people_named(record_type: &RecordType, data: &RecordData) -> Vec<RecordId> {
    links_to_people(record_type)
        .filter_map(|field| match &data.values[field.position] {
            Value::Id(id) => Some(*id),
            Value::Reference(reference) if reference.record_type == Person::NAME => Some(reference.id),
            _ => None,
        })
        .collect()
}
