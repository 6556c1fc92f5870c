//! The typed handle of the records of one type.

use std::marker::PhantomData;

use serde_json::{Map, Value as Json};

use super::data::RecordData;
use super::door::{Door, read};
use super::filter::Filter;
use super::list;
use super::query::{Cursor, GroupQuery, Groups, Query};
use super::schema::RecordType;
use super::set::{Found, RecordSet};
use super::typed::Record;
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Entry;
use crate::storage::ReadMode;

/// A page of a list.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "{R}Page"))]
pub struct Page<R> {
    /// The records, in the order of the query.
    pub records: Vec<R>,
    /// Where the list goes on; `None` at its end.
    pub next: Option<Cursor>,
}

/// The records of one type: what every record type can do. Areas add what is special to theirs.
///
/// ```
/// use crm_core::{Actor, Config, Crm, Purpose, access::users::Team};
/// let crm = Crm::memory(Config::default())?;
/// let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision)?;
/// let team = session.teams().create(Team { name: "Sales".into(), ..Team::default() })?;
/// assert_eq!(session.teams().get(team.meta.id)?.name, "Sales");
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub struct Records<'d, R> {
    pub(crate) set: RecordSet<'d>,
    record: PhantomData<R>,
}

#[expect(clippy::needless_pass_by_value, reason = "a record is handed over, as it is to any store")]
impl<'d, R: Record> Records<'d, R> {
    pub(crate) fn behind(door: &'d dyn Door) -> Self {
        Self { set: RecordSet { door, name: R::NAME }, record: PhantomData }
    }

    /// Creates a record; gives it as it was stored, with its identifier, its version and its defaults.
    ///
    /// # Errors
    /// `field.*`, `text.*` and the like, naming the field; `link.broken`; `field.duplicate`; `record.exists`.
    pub fn create(&self, record: R) -> Result<R> {
        self.set.create(&|record_type| RecordData::from_record(record_type, record.clone()))?.typed()
    }

    /// Reads a record.
    ///
    /// # Errors
    /// `record.not_found`, also for one that the session may not see.
    pub fn get(&self, id: impl Into<RecordId>) -> Result<R> {
        self.set.get(id.into())?.typed()
    }

    /// Reads a record, if it is there and the session may see it.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn find(&self, id: impl Into<RecordId>) -> Result<Option<R>> {
        self.set.find(id.into())?.map(Found::typed).transpose()
    }

    /// Stores a changed record. It must have the version that is stored. Fields that were blank because the session may not
    /// see them keep what is stored.
    ///
    /// # Errors
    /// `field.redacted` for a value in a field that the session may not see; `record.conflict` for a stale version, naming the fields that were changed since; as [`create`](Self::create).
    pub fn update(&self, record: R) -> Result<R> {
        self.set.update(&|record_type| RecordData::from_record(record_type, record.clone()))?.typed()
    }

    /// Changes some fields by a JSON Merge Patch (RFC 7396): null clears a field. A `version` in the patch is checked.
    ///
    /// # Errors
    /// `patch.invalid` when the patch is no object; as [`update`](Self::update).
    pub fn patch(&self, id: impl Into<RecordId>, patch: &Json) -> Result<R> {
        self.set.patch(id.into(), object(patch)?)?.typed()
    }

    /// Deletes a record, into the bin, from which [`restore`](Self::restore) brings it back.
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
    pub fn restore(&self, id: impl Into<RecordId>) -> Result<R> {
        self.set.restore(id.into())?.typed()
    }

    /// Creates many records in one transaction; gives one result for each, in order. A record that is refused
    /// leaves no trace and does not stop the others.
    ///
    /// # Errors
    /// `bulk.too_many`; `storage.*` when the transaction itself fails, and then nothing was created.
    pub fn create_all(&self, records: Vec<R>) -> Result<Vec<Result<R>>> {
        let make =
            |record: &R, record_type: &RecordType| RecordData::from_record(record_type, record.clone());
        self.set.create_all(&records, make, Found::typed)
    }

    /// Stores many changed records in one transaction; gives one result for each, in order.
    ///
    /// # Errors
    /// As [`create_all`](Self::create_all).
    pub fn update_all(&self, records: Vec<R>) -> Result<Vec<Result<R>>> {
        let make =
            |record: &R, record_type: &RecordType| RecordData::from_record(record_type, record.clone());
        self.set.update_all(&records, make, Found::typed)
    }

    /// Deletes many records in one transaction; gives one result for each, in order.
    ///
    /// # Errors
    /// As [`create_all`](Self::create_all).
    pub fn delete_all(&self, ids: &[R::Id]) -> Result<Vec<Result<()>>> {
        let ids: Vec<RecordId> = ids.iter().map(|id| (*id).into()).collect();
        self.set.delete_all(&ids)
    }

    /// A page of the records that pass a query.
    ///
    /// # Errors
    /// `filter.*`, `field.unknown` and the like, with the position; `field.redacted` for a filter or an order by what the
    /// session may not read; `query.*`; `cursor.*`.
    pub fn list(&self, query: &Query) -> Result<Page<R>> {
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(R::NAME)?;
            list::logged_page(reader, record_type, query, |data| data.into_record(record_type))
        })
        .and_then(|listed| listed.log(self.set.door))
    }

    /// How many records pass a filter.
    ///
    /// # Errors
    /// As [`list`](Self::list); `aggregate.suppressed` in a session for analytics, when they are of few people or of all but a
    /// few.
    pub fn count(&self, filter: &Filter) -> Result<u64> {
        read(self.set.door, ReadMode::Statement, |reader| {
            list::count_of(reader, reader.schema.require(R::NAME)?, filter)
        })
    }

    /// Groups of records with their measures: what boards and reports are made of. In a session for analytics, groups of few
    /// people come last, without their measures.
    ///
    /// # Errors
    /// As [`list`](Self::list); `aggregate.too_many` for more groups than can be looked through for small ones.
    pub fn group(&self, query: &GroupQuery) -> Result<Groups> {
        read(self.set.door, ReadMode::Statement, |reader| {
            list::groups(reader, reader.schema.require(R::NAME)?, query)
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

pub(crate) fn object(patch: &Json) -> Result<&Map<String, Json>> {
    patch.as_object().ok_or_else(|| CrmError::invalid("patch.invalid", "takes a JSON object"))
}

/// Declares how areas hang off every door.
macro_rules! areas {
    ($($(#[$meta:meta])* $name:ident: $record:ty;)+) => {
        impl $crate::session::Session {
            $($(#[$meta])* pub fn $name(&self) -> $crate::record::Records<'_, $record> {
                $crate::record::Records::behind(self)
            })+
        }

        impl $crate::record::Transaction<'_, '_> {
            $($(#[$meta])* pub fn $name(&self) -> $crate::record::Records<'_, $record> {
                $crate::record::Records::behind(self)
            })+
        }

        impl $crate::record::door::Scope<'_> {
            $($(#[$meta])* pub fn $name(&self) -> $crate::record::Records<'_, $record> {
                $crate::record::Records::behind(self)
            })+
        }

        impl $crate::record::Snapshot<'_> {
            $($(#[$meta])* pub fn $name(&self) -> $crate::record::Records<'_, $record> {
                $crate::record::Records::behind(self)
            })+
        }
    };
}
pub(crate) use areas;
