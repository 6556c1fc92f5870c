//! The JSON handle of the records of any type, built-in or custom.

use serde_json::{Map, Value as Json};

use super::data::RecordData;
use super::door::{Door, Scope, Snapshot, Transaction, read};
use super::filter::Filter;
use super::json::{REDACTIONS, changes_from_json};
use super::list;
use super::query::{GroupQuery, Groups, Query};
use super::records::{Page, object};
use super::schema::{RecordType, system};
use super::set::{Found, RecordSet};
use super::value::Value;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Entry;
use crate::privacy::reading::RedactionReason;
use crate::session::Session;
use crate::storage::ReadMode;

/// The records of one type as JSON objects: the same operations as [`Records`](super::Records), for any type.
///
/// An object has the fields of the record by their names, custom ones among them, and `id`, `version`,
/// `created_at`, `created_by`, `updated_at`, `updated_by`, `owner` and `team`. Fields without a value are left out.
///
/// ```
/// use crm_core::{Actor, Config, Crm, Purpose};
/// use serde_json::json;
/// let crm = Crm::memory(Config::default())?;
/// let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision)?;
/// session.custom_types().create(crm_core::customize::CustomType { name: "x_asset".into(), ..Default::default() })?;
/// session.custom_fields().create(crm_core::customize::CustomField::new("x_asset", "x_serial"))?;
/// let asset = session.records("x_asset").create(&json!({"x_serial": "A-1"}))?;
/// assert_eq!(asset["x_serial"], "A-1");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy)]
pub struct JsonRecords<'d> {
    pub(crate) set: RecordSet<'d>,
}

/// The values of a new record.
pub(crate) fn created(record_type: &RecordType, object: &Map<String, Json>) -> Result<RecordData> {
    let mut data = RecordData::empty(record_type);
    let mut fields = object.clone();
    // A record that was read and is to become another one may say what was blank in it.
    fields.remove(REDACTIONS);
    for (position, value) in changes_from_json(record_type, fields)? {
        if (system::VERSION..system::OWNER).contains(&position) && !value.is_null() {
            let name = record_type.fields[position].name();
            return Err(CrmError::invalid("field.read_only", "is set by the engine only").at(name));
        }
        data.values[position] = value;
    }
    Ok(data)
}

impl<'d> JsonRecords<'d> {
    pub(crate) fn behind(door: &'d dyn Door, record_type: &'d str) -> Self {
        Self { set: RecordSet { door, name: record_type } }
    }

    /// Creates a record; gives it as it was stored.
    ///
    /// # Errors
    /// `type.unknown`; `field.unknown`, `field.type`, `field.read_only` and the like, naming the field;
    /// `link.broken`; `field.duplicate`; `record.exists`.
    pub fn create(&self, record: &Json) -> Result<Map<String, Json>> {
        Ok(self.set.create_json(record)?.json())
    }

    /// Reads a record.
    ///
    /// # Errors
    /// `type.unknown`; `record.not_found`, also for one that the session may not see.
    pub fn get(&self, id: impl Into<RecordId>) -> Result<Map<String, Json>> {
        Ok(self.set.get(id.into())?.json())
    }

    /// Reads a record, if it is there and the session may see it.
    ///
    /// # Errors
    /// `type.unknown`, `storage.*`.
    pub fn find(&self, id: impl Into<RecordId>) -> Result<Option<Map<String, Json>>> {
        Ok(self.set.find(id.into())?.map(|found| found.json()))
    }

    /// Stores a changed record, whole: a field that is left out loses its value. It must have its `id` and the
    /// `version` that is stored. Fields that only the engine sets are not looked at.
    ///
    /// # Errors
    /// `record.id_missing`; `record.conflict` for a stale version; as [`create`](Self::create).
    pub fn update(&self, record: &Json) -> Result<Map<String, Json>> {
        Ok(self.set.update_json(record)?.json())
    }

    /// Changes some fields by a JSON Merge Patch (RFC 7396): null clears a field. A `version` in the patch is checked.
    ///
    /// # Errors
    /// `patch.invalid` when the patch is no object; as [`update`](Self::update).
    pub fn patch(&self, id: impl Into<RecordId>, patch: &Json) -> Result<Map<String, Json>> {
        Ok(self.set.patch(id.into(), object(patch)?)?.json())
    }

    /// Deletes a record, into the bin.
    ///
    /// # Errors
    /// `record.not_found`; `record.restricted` while other records link to it that forbid it.
    pub fn delete(&self, id: impl Into<RecordId>) -> Result<()> {
        self.set.delete(id.into(), None)
    }

    /// Brings a record back out of the bin, with everything that was deleted together with it.
    ///
    /// # Errors
    /// `record.not_in_bin`, `record.erased`, `link.broken`.
    pub fn restore(&self, id: impl Into<RecordId>) -> Result<Map<String, Json>> {
        Ok(self.set.restore(id.into())?.json())
    }

    /// Creates many records in one transaction; gives one result for each, in order. A record that is refused
    /// leaves no trace and does not stop the others.
    ///
    /// # Errors
    /// `bulk.too_many`; `storage.*` when the transaction itself fails, and then nothing was created.
    pub fn create_all(&self, records: &[Json]) -> Result<Vec<Result<Map<String, Json>>>> {
        Ok(as_objects(self.set.create_all_json(records)?))
    }

    /// Stores many changed records in one transaction; gives one result for each, in order.
    ///
    /// # Errors
    /// As [`create_all`](Self::create_all).
    pub fn update_all(&self, records: &[Json]) -> Result<Vec<Result<Map<String, Json>>>> {
        Ok(as_objects(self.set.update_all_json(records)?))
    }

    /// Deletes many records in one transaction; gives one result for each, in order.
    ///
    /// # Errors
    /// As [`create_all`](Self::create_all).
    pub fn delete_all(&self, ids: &[RecordId]) -> Result<Vec<Result<()>>> {
        self.set.delete_all(ids)
    }

    /// A page of the records that pass a query.
    ///
    /// # Errors
    /// `type.unknown`; `filter.*`, `field.unknown` and the like, with the position; `query.*`; `cursor.*`.
    pub fn list(&self, query: &Query) -> Result<Page<Map<String, Json>>> {
        let Page { records, next } = self.set.list(query)?;
        Ok(Page { records: records.iter().map(Found::json).collect(), next })
    }

    /// How many records pass a filter.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn count(&self, filter: &Filter) -> Result<u64> {
        read(self.set.door, ReadMode::Statement, |reader| {
            list::count_of(reader, reader.schema.require(self.set.name)?, filter)
        })
    }

    /// Groups of records with their measures.
    ///
    /// # Errors
    /// As [`list`](Self::list).
    pub fn group(&self, query: &GroupQuery) -> Result<Groups> {
        read(self.set.door, ReadMode::Statement, |reader| {
            list::groups(reader, reader.schema.require(self.set.name)?, query)
        })
    }

    /// The changes of a record, the latest first: at most `limit` (up to 1,000), before a sequence if one is given.
    ///
    /// # Errors
    /// `record.not_found` for a record that the session may not see.
    pub fn history(&self, id: impl Into<RecordId>, before: Option<u64>, limit: u32) -> Result<Vec<Entry>> {
        self.set.history(id.into(), before, limit)
    }
}

fn as_objects(outcomes: Vec<Result<Found>>) -> Vec<Result<Map<String, Json>>> {
    outcomes.into_iter().map(|outcome| Ok(outcome?.json())).collect()
}

/// The fields that were blank in a record when it was read.
fn blank_fields(record_type: &RecordType, named: Option<Json>) -> Result<Vec<(usize, RedactionReason)>> {
    let wrong =
        || CrmError::invalid("field.type", "takes what a record that was read says there").at(REDACTIONS);
    let named = match named {
        None | Some(Json::Null) => return Ok(Vec::new()),
        Some(Json::Array(named)) => named,
        Some(_) => return Err(wrong()),
    };
    let position = |redaction: &Json| {
        let name = redaction.get("field").and_then(Json::as_str).ok_or_else(wrong)?;
        Ok((record_type.require(name)?.position, RedactionReason::PurposeNotAllowed))
    };
    named.iter().map(position).collect()
}

/// What takes JSON and gives records, which become objects or text where it is known what is asked for.
impl RecordSet<'_> {
    pub(crate) fn create_json(&self, record: &Json) -> Result<Found> {
        let fields = object(record)?;
        self.create(&|record_type| created(record_type, fields))
    }

    pub(crate) fn create_all_json(&self, records: &[Json]) -> Result<Vec<Result<Found>>> {
        self.create_all(records, |record, record_type| created(record_type, object(record)?), Ok)
    }

    pub(crate) fn list(&self, query: &Query) -> Result<Page<Found>> {
        read(self.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(self.name)?;
            list::logged_page(reader, record_type, query, |data| Ok(Found::new(record_type, data)))
        })
        .and_then(|listed| listed.log(self.door))
    }

    pub(crate) fn update_json(&self, record: &Json) -> Result<Found> {
        object(record)?;
        let mut updated = self.update_all_json(std::slice::from_ref(record))?;
        updated.pop().ok_or_else(|| CrmError::internal("a bulk call gave no result"))?
    }

    pub(crate) fn update_all_json(&self, records: &[Json]) -> Result<Vec<Result<Found>>> {
        self.each(None, records, |unit, record| {
            let record_type = unit.record_type(self.name)?;
            let mut fields = object(record)?.clone();
            let blank = fields.remove(REDACTIONS);
            let changes = changes_from_json(&record_type, fields)?;
            let mut next = RecordData::empty(&record_type);
            next.redacted = blank_fields(&record_type, blank)?;
            for (position, value) in changes {
                next.values[position] = value;
            }
            // What was blank when it was read says nothing, even where a client has no blank for it.
            for (position, _) in &next.redacted {
                next.values[*position] = Value::Null;
            }
            // What the engine sets is in the object only because it was read there.
            if let Some(current) = unit.get(&record_type, next.id())? {
                for field in record_type.own_fields().iter().filter(|field| field.descriptor.read_only) {
                    next.values[field.position] = current.values[field.position].clone();
                }
            }
            if let Value::Null = next.values[system::VERSION] {
                return Err(
                    CrmError::invalid("record.version_missing", "an update needs the version").at("version")
                );
            }
            super::set::replace(unit, self.name, &|_| Ok(next.clone()))
        })
    }
}

impl Session {
    /// The records of any type, as JSON.
    pub fn records<'d>(&'d self, record_type: &'d str) -> JsonRecords<'d> {
        JsonRecords::behind(self, record_type)
    }
}

impl Transaction<'_, '_> {
    /// The records of any type, as JSON.
    pub fn records<'d>(&'d self, record_type: &'d str) -> JsonRecords<'d> {
        JsonRecords::behind(self, record_type)
    }
}

impl Scope<'_> {
    /// The records of any type, as JSON.
    pub fn records<'d>(&'d self, record_type: &'d str) -> JsonRecords<'d> {
        JsonRecords::behind(self, record_type)
    }
}

impl Snapshot<'_> {
    /// The records of any type, as JSON.
    pub fn records<'d>(&'d self, record_type: &'d str) -> JsonRecords<'d> {
        JsonRecords::behind(self, record_type)
    }
}
