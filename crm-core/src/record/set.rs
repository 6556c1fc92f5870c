//! The records of one type, whatever type it is: what typed handles and the JSON handle share.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::data::RecordData;
use super::door::{Door, Reader, read, write};
use super::filter::Filter;
use super::json::{changes_from_json, record_to_json, serialize_record};
use super::schema::{RecordType, system};
use super::typed::Record;
use super::unit::{Origin, UnitOfWork, not_found};
use super::value::Value;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Entry;
use crate::journal::history;
use crate::privacy::reading::scope::redacted;
use crate::privacy::reading::{Logged, check_changes, hidden_in};
use crate::storage::ReadMode;

/// The most records that one bulk call takes.
pub(crate) const MOST_IN_BULK: usize = 10_000;

/// The records of one type behind a door.
#[derive(Clone, Copy)]
pub(crate) struct RecordSet<'d> {
    pub(crate) door: &'d dyn Door,
    pub(crate) name: &'d str,
}

/// A record with the type that its values are in the order of. The two belong together: custom fields may come
/// and go between two calls, also by another process.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) record_type: Arc<RecordType>,
    pub(crate) data: RecordData,
}

impl Found {
    pub(crate) fn new(record_type: &Arc<RecordType>, data: RecordData) -> Self {
        Self { record_type: Arc::clone(record_type), data }
    }

    /// A record that a unit of work has stored, as its session may see it.
    fn shown(unit: &UnitOfWork<'_>, record_type: &Arc<RecordType>, mut data: RecordData) -> Result<Self> {
        if !unit.scope()?.is_open_for(record_type) {
            Reader::of_unit(unit)?.redact(record_type, &mut data)?;
        }
        Ok(Self::new(record_type, data))
    }

    /// The record as its struct.
    pub(crate) fn typed<R: Record>(self) -> Result<R> {
        self.data.into_record(&self.record_type)
    }

    /// The record as a JSON object.
    pub(crate) fn json(&self) -> Map<String, Json> {
        record_to_json(&self.record_type, &self.data)
    }
}

impl serde::Serialize for Found {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serialize_record(&self.record_type, &self.data, serializer)
    }
}

/// Makes the values of a record for the type as the transaction sees it. It may run again in a second attempt.
pub(crate) type Make<'m> = dyn Fn(&RecordType) -> Result<RecordData> + 'm;

impl RecordSet<'_> {
    pub(crate) fn find(&self, id: RecordId) -> Result<Option<Found>> {
        let (found, logged) = read(self.door, ReadMode::Statement, |reader| {
            let record_type = reader.schema.require(self.name)?;
            let found = visible(reader, record_type, id)?.map(|data| Found::new(record_type, data));
            let logged = found.as_ref().and_then(|_| Logged::sampled(reader.engine, "get", record_type));
            if let (Some(found), Some(logged)) = (&found, &logged) {
                logged.borrow_mut().add(reader, record_type, &found.data);
            }
            Ok((found, logged))
        })?;
        if let Some(logged) = logged {
            self.door.log_read(&logged.into_inner())?;
        }
        Ok(found)
    }

    pub(crate) fn get(&self, id: RecordId) -> Result<Found> {
        self.find(id)?.ok_or_else(|| not_found(self.name))
    }

    pub(crate) fn create(&self, make: &Make<'_>) -> Result<Found> {
        write(self.door, None, |unit| create(unit, self.name, make))
    }

    /// Replaces the values of the host's fields; the version that the data holds must be the stored one.
    pub(crate) fn update(&self, make: &Make<'_>) -> Result<Found> {
        write(self.door, None, |unit| replace(unit, self.name, make))
    }

    pub(crate) fn patch(&self, id: RecordId, patch: &Map<String, Json>) -> Result<Found> {
        write(self.door, None, |unit| {
            let record_type = unit.record_type(self.name)?;
            let (changes, expected) = split_patch(&record_type, patch.clone())?;
            require_visible(unit, &record_type, id)?;
            check_changes(unit, &record_type, id, &changes)?;
            let changed = Self::change(unit, &record_type, id, expected, &changes)?;
            Found::shown(unit, &record_type, changed)
        })
    }

    /// Creates many. `give` makes of each what the caller wants, at once, while its values are at hand.
    pub(crate) fn create_all<I, T>(
        &self,
        items: &[I],
        make: impl Fn(&I, &RecordType) -> Result<RecordData>,
        give: impl Fn(Found) -> Result<T>,
    ) -> Result<Vec<Result<T>>> {
        self.each(None, items, |unit, item| {
            give(create(unit, self.name, &|record_type| make(item, record_type))?)
        })
    }

    /// Updates many, as [`create_all`](Self::create_all).
    pub(crate) fn update_all<I, T>(
        &self,
        items: &[I],
        make: impl Fn(&I, &RecordType) -> Result<RecordData>,
        give: impl Fn(Found) -> Result<T>,
    ) -> Result<Vec<Result<T>>> {
        self.each(None, items, |unit, item| {
            give(replace(unit, self.name, &|record_type| make(item, record_type))?)
        })
    }

    pub(crate) fn delete_all(&self, ids: &[RecordId]) -> Result<Vec<Result<()>>> {
        self.each(None, ids, |unit, id| remove(unit, self.name, *id, None))
    }

    /// Sets fields by name.
    pub(crate) fn set(&self, id: RecordId, values: &[(&str, Value)]) -> Result<Found> {
        write(self.door, None, |unit| {
            let record_type = unit.record_type(self.name)?;
            let changes = values
                .iter()
                .map(|(name, value)| Ok((record_type.require(name)?.position, value.clone())))
                .collect::<Result<Vec<_>>>()?;
            let changed = Self::change(unit, &record_type, id, None, &changes)?;
            Found::shown(unit, &record_type, changed)
        })
    }

    fn change(
        unit: &mut UnitOfWork<'_>,
        record_type: &Arc<RecordType>,
        id: RecordId,
        expected: Option<i64>,
        changes: &[(usize, Value)],
    ) -> Result<RecordData> {
        require_visible(unit, record_type, id)?;
        unit.update(record_type, id, expected, Origin::Host, &mut |data| {
            for (position, value) in changes {
                data.values[*position] = value.clone();
            }
            Ok(())
        })
    }

    pub(crate) fn delete(&self, id: RecordId, expected: Option<i64>) -> Result<()> {
        write(self.door, None, |unit| remove(unit, self.name, id, expected))
    }

    pub(crate) fn restore(&self, id: RecordId) -> Result<Found> {
        write(self.door, None, |unit| {
            unit.restore(id)?;
            let record_type = unit.record_type(self.name)?;
            let restored = unit.get(&record_type, id)?.ok_or_else(|| not_found(self.name))?;
            Found::shown(unit, &record_type, restored)
        })
    }

    /// Does the same with many, each by itself: one that is refused leaves no trace and does not stop the others. A
    /// fault of the machine or the database fails the whole call.
    ///
    /// Most failures come before the first statement, so the rows run without savepoints, which would make the
    /// full-text index write itself out after every row. Only when a row fails half-way is the whole call begun
    /// again, with a savepoint around each row.
    pub(crate) fn each<I, T>(
        &self,
        job: Option<RecordId>,
        items: &[I],
        work: impl Fn(&mut UnitOfWork<'_>, &I) -> Result<T>,
    ) -> Result<Vec<Result<T>>> {
        if items.len() > MOST_IN_BULK {
            let reason = format!("takes at most {MOST_IN_BULK} records at once");
            return Err(CrmError::new(ErrorKind::Limit, "bulk.too_many", reason));
        }
        if self.door.can_repeat() {
            let attempt = write(self.door, job, |unit| {
                // Records are large, and to let a list of them grow is to move them.
                let mut outcomes = Vec::with_capacity(items.len());
                for item in items {
                    let written = unit.written;
                    outcomes.push(match work(unit, item) {
                        Err(error) if error.kind().is_environmental() => return Err(error),
                        Err(_) if unit.is_half_way(written) => return Err(half_way()),
                        outcome => outcome,
                    });
                }
                Ok(outcomes)
            });
            match attempt {
                Err(error) if error == half_way() => {}
                attempt => return attempt,
            }
        }
        write(self.door, job, |unit| {
            let mut outcomes = Vec::with_capacity(items.len());
            for item in items {
                outcomes.push(match unit.savepoint(|unit| work(unit, item)) {
                    Err(error) if error.kind().is_environmental() => return Err(error),
                    outcome => outcome,
                });
            }
            Ok(outcomes)
        })
    }

    pub(crate) fn history(&self, id: RecordId, before: Option<u64>, limit: u32) -> Result<Vec<Entry>> {
        read(self.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(self.name)?;
            // What is in the bin has a history, too; what the session may not see has none.
            if super::read::by_id(reader.connection, record_type, id)?.is_some()
                && visible(reader, record_type, id)?.is_none()
            {
                return Err(not_found(self.name));
            }
            let mut entries = history::of_record(reader, id, before, limit.min(1_000))?;
            // An identifier of another type is none of this one: what may be seen was asked of this type only.
            let found = entries.len();
            entries.retain(|entry| entry.record_type == self.name);
            if entries.is_empty() && (found > 0 || before.is_none() && limit > 0) {
                return Err(not_found(self.name));
            }
            Ok(entries)
        })
    }
}

fn half_way() -> CrmError {
    CrmError::new(ErrorKind::Rule, "bulk.half_way", "a row failed half-way")
}

/// A record, if the session may see it.
pub(crate) fn visible(
    reader: &Reader<'_>,
    record_type: &RecordType,
    id: RecordId,
) -> Result<Option<RecordData>> {
    match reader.engine.access.predicate(reader.viewer, record_type) {
        None if reader.as_of.is_none() => {
            let mut found = super::read::by_id(reader.connection, record_type, id)?;
            if let Some(data) = &mut found {
                reader.redact(record_type, data)?;
            }
            Ok(found)
        }
        predicate => super::list::by_id(reader, record_type, id, predicate.unwrap_or_else(Filter::all)),
    }
}

/// Refuses a change of a record that the session may not see, in the words for one that is not there.
pub(crate) fn require_visible(unit: &UnitOfWork<'_>, record_type: &RecordType, id: RecordId) -> Result<()> {
    if unit.engine.access.predicate(unit.viewer, record_type).is_none() {
        return Ok(());
    }
    let reader = Reader::of_unit(unit)?;
    visible(&reader, record_type, id)?.map(|_| ()).ok_or_else(|| not_found(record_type.name()))
}

/// Creates a record of the host's.
fn create(unit: &mut UnitOfWork<'_>, name: &str, make: &Make<'_>) -> Result<Found> {
    let record_type = unit.record_type(name)?;
    let data = make(&record_type)?;
    let created = unit.create(&record_type, data, Origin::Host)?;
    Found::shown(unit, &record_type, created)
}

/// Updates a record to the values of another state of it. Cells that the session may not see, and those that were blank
/// when the state was read, keep what is stored.
pub(crate) fn replace(unit: &mut UnitOfWork<'_>, name: &str, make: &Make<'_>) -> Result<Found> {
    let record_type = unit.record_type(name)?;
    let data = make(&record_type)?;
    if data.id().is_nil() {
        return Err(CrmError::invalid("record.id_missing", "an update needs the identifier").at("id"));
    }
    require_visible(unit, &record_type, data.id())?;
    let mut kept: Vec<usize> = data.redacted.iter().map(|(position, _)| *position).collect();
    for (position, reason) in hidden_in(unit, &record_type, data.id())? {
        let field = &record_type.fields[position];
        // What only the engine sets is not looked at; anything else would show whether it is what is stored.
        if !data.values[position].is_null() && !field.descriptor.read_only {
            return Err(redacted(reason).at(field.name()));
        }
        kept.push(position);
    }
    let updated =
        unit.update(&record_type, data.id(), Some(data.version()), Origin::Host, &mut |current| {
            for position in (system::OWNER..data.values.len()).filter(|position| !kept.contains(position)) {
                current.values[position].clone_from(&data.values[position]);
            }
            Ok(())
        })?;
    Found::shown(unit, &record_type, updated)
}

/// Deletes a record that the session may see.
pub(crate) fn remove(
    unit: &mut UnitOfWork<'_>,
    name: &str,
    id: RecordId,
    expected: Option<i64>,
) -> Result<()> {
    let record_type = unit.record_type(name)?;
    require_visible(unit, &record_type, id)?;
    unit.delete(&record_type, id, expected, Origin::Host).map(|_| ())
}

/// The changes of a JSON Merge Patch, and the version that it expects, if it holds one.
pub(crate) fn split_patch(
    record_type: &RecordType,
    patch: Map<String, Json>,
) -> Result<(Vec<(usize, Value)>, Option<i64>)> {
    let mut expected = None;
    let mut changes = changes_from_json(record_type, patch)?;
    let mut refused = None;
    changes.retain(|(position, value)| match (*position, value) {
        (system::VERSION, Value::Integer(version)) => {
            expected = Some(*version);
            false
        }
        (system::ID, _) => false,
        (position, _) if position < system::OWNER => {
            refused = Some(position);
            false
        }
        _ => true,
    });
    match refused {
        Some(position) => Err(CrmError::invalid("field.read_only", "is set by the engine only")
            .at(record_type.fields[position].name())),
        None => Ok((changes, expected)),
    }
}
