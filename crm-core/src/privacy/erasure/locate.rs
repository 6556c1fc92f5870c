//! Everything that holds data of a person, and what becomes of each part.
//!
//! Where to look follows from the declarations: every link to the person, and from what goes with the person every link
//! to that. A record type that is added tomorrow is found without a line here.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::decide::{Action, Facts, Kept, decide};
use super::tombstones::is_erased;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::journal::history::stored_at;
use crate::privacy::retention::keeping::Keeping;
use crate::record::bin::from_fields;
use crate::record::links::{incoming, linking};
use crate::record::schema::system;
use crate::record::unit::{UnitOfWork, not_found};
use crate::record::{FieldKind, OnDelete, RecordData, RecordType, Value};
use crate::storage::{Param, query_all, query_one};

/// A record that links to the person, or to something that goes with the person.
pub(super) struct Item {
    pub(super) record_type: Arc<RecordType>,
    pub(super) data: RecordData,
    /// The positions of the links that are cut when the record stays.
    pub(super) links: Vec<usize>,
    pub(super) action: Action,
    cascades: bool,
}

/// A record in the bin.
pub(super) struct Binned {
    pub(super) record_type: Arc<RecordType>,
    pub(super) id: RecordId,
    pub(super) kept: Option<Kept>,
}

/// All that was found.
pub(super) struct Located {
    pub(super) person_type: Arc<RecordType>,
    /// The person as it is, or as it was when it was put into the bin.
    pub(super) person: RecordData,
    /// Whether the person lies in the bin.
    pub(super) in_bin: bool,
    /// What keeps everything.
    pub(super) held: Option<Kept>,
    pub(super) items: Vec<Item>,
    pub(super) bin: Vec<Binned>,
    /// A household in which others live, too.
    pub(super) shared: Vec<(Arc<RecordType>, RecordId)>,
    /// Records that once held data of the person and no longer say whose they are.
    pub(super) former: Vec<(Arc<RecordType>, RecordId)>,
}

impl Located {
    /// Whether some of it stays, so that the person must be known as long.
    pub(super) fn keeps_some(&self) -> bool {
        self.items.iter().any(|item| matches!(item.action, Action::Keep(_)))
            || self.bin.iter().any(|binned| binned.kept.is_some())
    }

    /// The records that go, the person among them.
    pub(super) fn going(&self) -> HashSet<RecordId> {
        let erased = self.items.iter().filter(|item| item.action == Action::Erase);
        let binned = self.bin.iter().filter(|binned| binned.kept.is_none());
        erased
            .map(|item| item.data.id())
            .chain(binned.map(|binned| binned.id))
            .chain([self.person.id()])
            .collect()
    }
}

/// Finds everything.
///
/// # Errors
/// `record.not_found` for a person who is neither there nor in the bin.
pub(super) fn locate(work: &UnitOfWork<'_>, person: RecordId) -> Result<Located> {
    let person_type = work.record_type("person")?;
    let keeping = Keeping::load(work)?;
    let live = work.get(&person_type, person)?;
    let in_bin = live.is_none();
    let data = match live {
        Some(data) => data,
        None => match from_bin(work, &person_type, person)? {
            Some(data) => data,
            // What a law has kept in the bin is all that there is of somebody who was erased.
            None if is_kept_in_part(work, person)? => nameless(&person_type, person),
            None => return Err(not_found("person")),
        },
    };
    let mut search = Search { work, keeping: &keeping, person, found: HashMap::new(), order: Vec::new() };
    let mut shared = Vec::new();
    if !in_bin {
        search.from(&person_type, &data)?;
        shared = search.households(&person_type, &data)?;
    }
    let bin = search.bin()?;
    let Search { mut found, order, .. } = search;
    let items: Vec<Item> = order.into_iter().filter_map(|key| found.remove(&key)).collect();
    let former = former(work, person, &items)?;
    Ok(Located {
        held: keeping.of_person(person).cloned(),
        person_type,
        person: data,
        in_bin,
        items,
        bin,
        shared,
        former,
    })
}

/// A record that goes, no person, and what goes with it or loses its link to it.
///
/// # Errors
/// `storage.*`.
pub(super) fn around(
    work: &UnitOfWork<'_>,
    record_type: &Arc<RecordType>,
    data: RecordData,
) -> Result<Vec<Item>> {
    let keeping = Keeping::load(work)?;
    let key = (record_type.index, data.id());
    let item = Item {
        record_type: Arc::clone(record_type),
        data,
        links: Vec::new(),
        action: Action::Erase,
        cascades: true,
    };
    let mut search = Search {
        work,
        keeping: &keeping,
        person: RecordId::NIL,
        found: HashMap::from([(key, item)]),
        order: vec![key],
    };
    search.follow(VecDeque::from([key]))?;
    let Search { mut found, order, .. } = search;
    Ok(order.into_iter().filter_map(|key| found.remove(&key)).collect())
}

/// The type and the identifier of a record.
type Key = (usize, RecordId);

struct Search<'s> {
    work: &'s UnitOfWork<'s>,
    keeping: &'s Keeping,
    person: RecordId,
    found: HashMap<Key, Item>,
    order: Vec<Key>,
}

impl Search<'_> {
    /// Finds what links to the person, decides about it, and goes on from what goes.
    fn from(&mut self, person_type: &Arc<RecordType>, person: &RecordData) -> Result<()> {
        self.links_to(person_type, person)?;
        let keys = self.order.clone();
        for key in &keys {
            if let Some(mut item) = self.found.remove(key) {
                let belongs = self.belongs(&item);
                self.decide(&mut item, belongs)?;
                self.found.insert(*key, item);
            }
        }
        self.follow(keys.into())
    }

    /// Goes on from what is erased: what would be deleted with it, and what only loses its link.
    fn follow(&mut self, mut queue: VecDeque<Key>) -> Result<()> {
        while let Some(key) = queue.pop_front() {
            let target = match self.found.get(&key) {
                Some(item) if item.action == Action::Erase => {
                    (Arc::clone(&item.record_type), item.data.clone())
                }
                _ => continue,
            };
            let known = self.order.len();
            let touched = self.links_to(&target.0, &target.1)?;
            for key in touched {
                let Some(mut item) = self.found.remove(&key) else { continue };
                // What the first round has decided for the person's own records stands.
                let fresh = self.order.iter().skip(known).any(|new| *new == key);
                if fresh || item.action == Action::Unlink && item.cascades {
                    self.decide(&mut item, false)?;
                    queue.push_back(key);
                }
                self.found.insert(key, item);
            }
        }
        Ok(())
    }

    /// Notes every link to a record. Gives the records that have one.
    fn links_to(&mut self, target: &Arc<RecordType>, data: &RecordData) -> Result<Vec<Key>> {
        let mut touched = Vec::new();
        for (source, position, on_delete) in incoming(self.work, target) {
            for id in linking(self.work, &source, position, target, data, i64::MAX)? {
                if id == self.person {
                    continue;
                }
                let key = (source.index, id);
                if !self.found.contains_key(&key) {
                    let Some(data) = self.work.get(&source, id)? else { continue };
                    self.order.push(key);
                    let item = Item {
                        record_type: Arc::clone(&source),
                        data,
                        links: Vec::new(),
                        action: Action::Unlink,
                        cascades: false,
                    };
                    self.found.insert(key, item);
                }
                if let Some(item) = self.found.get_mut(&key) {
                    item.links.push(position);
                    item.cascades |= on_delete == OnDelete::Cascade;
                }
                touched.push(key);
            }
        }
        Ok(touched)
    }

    fn decide(&self, item: &mut Item, belongs: bool) -> Result<()> {
        item.action = decide(Facts {
            cascades: item.cascades,
            belongs,
            declared: item.record_type.descriptor.on_erasure,
            kept: self.keeping.of_record(self.work, &item.record_type, &item.data)?,
        });
        Ok(())
    }

    /// Whether the personal values of a record are the person's: it says so, or it says nobody and links to the person.
    fn belongs(&self, item: &Item) -> bool {
        item.record_type.subject_field.is_some_and(|position| match item.data.at(position) {
            Value::Id(subject) => *subject == self.person,
            Value::Null => true,
            _ => false,
        })
    }

    /// Finds what the person links to and what describes the person with others: the household. One in which nobody else
    /// lives goes with the person; the others are given.
    fn households(
        &mut self,
        person_type: &Arc<RecordType>,
        person: &RecordData,
    ) -> Result<Vec<(Arc<RecordType>, RecordId)>> {
        let mut shared = Vec::new();
        for field in person_type.own_fields() {
            let (FieldKind::Link { target, .. }, Value::Id(id)) = (field.kind(), person.at(field.position))
            else {
                continue;
            };
            let Some(target) = self.work.schema.find(target).cloned() else { continue };
            let personal = target.own_fields().iter().any(crate::record::Field::is_personal);
            if !personal || target.subject_field.is_some() || target.index == person_type.index {
                continue;
            }
            let Some(data) = self.work.get(&target, *id)? else { continue };
            let others = linking(self.work, person_type, field.position, &target, &data, 2)?;
            if others.iter().any(|other| *other != self.person) {
                shared.push((target, *id));
                continue;
            }
            let kept = self.keeping.of_record(self.work, &target, &data)?;
            let facts = Facts { cascades: true, belongs: true, declared: None, kept };
            let key = (target.index, *id);
            self.order.push(key);
            let item =
                Item { record_type: target, data, links: Vec::new(), action: decide(facts), cascades: true };
            self.found.insert(key, item);
            self.follow(VecDeque::from([key]))?;
        }
        Ok(shared)
    }

    /// What of the person lies in the bin: sealed under the person's key, or linked to the person when it was deleted.
    fn bin(&self) -> Result<Vec<Binned>> {
        let mut found: Vec<(RecordId, i64)> = Vec::new();
        let pattern = format!("%{}%", self.person);
        for (sql, key) in [
            (
                "SELECT b.record, b.record_type FROM crm_journal AS j JOIN crm_bin AS b ON b.record = j.record \
                 WHERE j.subject = ?1 AND j.subject <> j.record",
                Param::Id(self.person),
            ),
            ("SELECT record, record_type FROM crm_bin WHERE record = ?1", Param::Id(self.person)),
            (
                "SELECT b.record, b.record_type FROM crm_bin AS b JOIN crm_journal AS j ON j.sequence = b.sequence \
                 WHERE j.plain LIKE ?1",
                Param::Text(&pattern),
            ),
        ] {
            found.extend(query_all(self.work.connection, sql, &[key], |row| {
                Ok((row.id(0)?.unwrap_or_default(), row.integer(1)?.unwrap_or_default()))
            })?);
        }
        sort::ascending(&mut found);
        found.dedup();
        let mut binned = Vec::new();
        for (id, number) in found {
            let Some(record_type) = self.work.schema.by_number(number).cloned() else { continue };
            let data = from_bin(self.work, &record_type, id)?;
            let kept = data.and_then(|data| self.keeping.of_deleted(&record_type, &data));
            binned.push(Binned { record_type, id, kept });
        }
        Ok(binned)
    }
}

/// Whether somebody was erased but for what a law keeps: the key is there as long.
fn is_kept_in_part(work: &UnitOfWork<'_>, person: RecordId) -> Result<bool> {
    let sql = "SELECT 1 FROM crm_subject_key WHERE subject = ?1";
    let key = query_one(work.connection, sql, &[Param::Id(person)], |_| Ok(()))?;
    Ok(key.is_some() && is_erased(work.connection, person)?)
}

/// A person of whom nothing is known any more.
fn nameless(record_type: &RecordType, person: RecordId) -> RecordData {
    let mut data = RecordData::empty(record_type);
    data.values[system::ID] = Value::Id(person);
    data
}

/// A record as it was when it was put into the bin.
fn from_bin(work: &UnitOfWork<'_>, record_type: &RecordType, id: RecordId) -> Result<Option<RecordData>> {
    let sql = "SELECT sequence FROM crm_bin WHERE record = ?1 AND record_type = ?2";
    let parameters = [Param::Id(id), Param::Integer(record_type.number)];
    let sequence = query_one(work.connection, sql, &parameters, |row| row.integer(0))?.flatten();
    let Some(sequence) = sequence else { return Ok(None) };
    let (fields, _) = stored_at(work.connection, sequence)?.payload(work.engine, work.connection)?;
    let mut data = from_fields(record_type, fields)?;
    data.values[system::ID] = Value::Id(id);
    Ok(Some(data))
}

/// Records whose entries hold something under the person's key although they do not link to the person any more.
fn former(
    work: &UnitOfWork<'_>,
    person: RecordId,
    items: &[Item],
) -> Result<Vec<(Arc<RecordType>, RecordId)>> {
    let known: HashSet<RecordId> = items.iter().map(|item| item.data.id()).collect();
    let sql = "SELECT DISTINCT record, record_type FROM crm_journal WHERE subject = ?1 AND subject <> record";
    let found = query_all(work.connection, sql, &[Param::Id(person)], |row| {
        Ok((row.id(0)?.unwrap_or_default(), row.integer(1)?.unwrap_or_default()))
    })?;
    let mut former = Vec::new();
    for (id, number) in found {
        let Some(record_type) = work.schema.by_number(number).cloned() else { continue };
        if !known.contains(&id) && work.get(&record_type, id)?.is_some() {
            former.push((record_type, id));
        }
    }
    Ok(former)
}
