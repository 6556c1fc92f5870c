//! What a person may be told: who read their data, and to whom they were given.

use super::ids::DisclosureId;
use super::model::Disclosure;
use crate::contacts::PersonId;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::privacy::reading::{ReadLog, ReadLogEntry};
use crate::record::door::{Reader, read};
use crate::record::filter::{Filter, field};
use crate::record::query::{MAX_LIMIT, Query};
use crate::record::set::visible;
use crate::record::unit::not_found;
use crate::record::{Record, Records, list};
use crate::storage::ReadMode;

/// A recipient of somebody's data, as the right of access names it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DisclosedTo {
    /// The disclosure.
    pub id: DisclosureId,
    /// Who got the data.
    pub recipient: String,
    /// The key of the purpose.
    pub purpose: String,
    /// When.
    pub disclosed_at: Timestamp,
    /// The categories of the personal data.
    pub categories: Vec<String>,
    /// The country that they went to.
    pub country: Option<String>,
}

impl Records<'_, ReadLog> {
    /// The logged readings of a person's data, the latest first, those of the whole database since the person was entered
    /// among them: at most `limit`, 1 to 1,000 (GDPR Article 15; CJEU C-579/21, *Pankki S*).
    ///
    /// # Errors
    /// `record.not_found`; `query.limit`.
    pub fn of_person(&self, person: impl Into<PersonId>, limit: u32) -> Result<Vec<ReadLogEntry>> {
        let person = RecordId::from(person.into());
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let found: Vec<ReadLog> = logged(reader, person, limit, None)?;
            Ok(found
                .into_iter()
                .map(|entry| ReadLogEntry {
                    id: entry.id(),
                    read_at: entry.read_at.unwrap_or(entry.meta.created_at),
                    user: Some(entry.meta.created_by).filter(|user| !user.is_nil()).map(Into::into),
                    purpose: entry.purpose,
                    operation: entry.operation,
                    record_type: entry.record_type,
                    categories: entry.categories,
                    disclosure: entry.disclosure,
                })
                .collect())
        })
    }
}

impl Records<'_, Disclosure> {
    /// To whom a person's data were given, the latest first, at most 1,000: by exports, and by what the host has entered.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn of_person(&self, person: impl Into<PersonId>) -> Result<Vec<DisclosedTo>> {
        let person = RecordId::from(person.into());
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let exported = logged(reader, person, MAX_LIMIT, Some(field("disclosure").is_not_null()))?;
            let mut wanted: Vec<RecordId> =
                exported.into_iter().filter_map(|entry| entry.disclosure).map(Into::into).collect();
            sort::ascending(&mut wanted);
            wanted.dedup();
            let named = field("subjects").has(person.to_string().as_str());
            let filter = if wanted.is_empty() { named } else { named.or(field("id").is_in(wanted)) };
            let record_type = reader.schema.require(Disclosure::NAME)?;
            let query = Query::new().filter(filter).descending("disclosed_at").limit(MAX_LIMIT);
            let found: Vec<Disclosure> =
                list::page(reader, record_type, &query, |data| data.into_record(record_type))?.0;
            Ok(found
                .into_iter()
                .map(|disclosure| DisclosedTo {
                    id: disclosure.id(),
                    recipient: disclosure.recipient,
                    purpose: disclosure.purpose,
                    disclosed_at: disclosure.disclosed_at.unwrap_or(disclosure.meta.created_at),
                    categories: disclosure.categories,
                    country: disclosure.country,
                })
                .collect())
        })
    }
}

/// The entries of the read log about a person that pass a filter, the latest first.
fn logged(reader: &Reader<'_>, person: RecordId, limit: u32, filter: Option<Filter>) -> Result<Vec<ReadLog>> {
    let people = reader.schema.require("person")?;
    let known = visible(reader, people, person)?.ok_or_else(|| not_found("person"))?;
    let entered = known.get(people, "created_at").clone();
    let whole = field("record_type").equals("*").and(match entered {
        crate::record::Value::Timestamp(at) => field("read_at").at_least(at),
        _ => Filter::all(),
    });
    let about = field("subjects").has(person.to_string().as_str()).or(whole);
    let record_type = reader.schema.require(ReadLog::NAME)?;
    let query =
        Query::new().filter(about.and(filter.unwrap_or_else(Filter::all))).descending("read_at").limit(limit);
    Ok(list::page(reader, record_type, &query, |data| data.into_record(record_type))?.0)
}
