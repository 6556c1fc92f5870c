//! Reading inputs.

use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};

use super::context::Context;
use crate::error::{CrmError, Result, reason_of};
use crate::ground::json;
use crate::record::door::read;
use crate::record::filter::{Filter, from_json};
use crate::record::schema::clip;
use crate::record::validate::normal_form;
use crate::record::{Record, RecordData};
use crate::storage::ReadMode;

/// The members of an input.
pub(super) type Members = Map<String, Json>;

/// Takes a member out of an input. What may be left out is an `Option`.
///
/// # Errors
/// `input.missing`, `input.type`, naming the member.
pub(super) fn take<T: DeserializeOwned>(members: &mut Members, name: &str) -> Result<T> {
    let given = members.remove(name);
    let missing = given.is_none();
    json::read(given.unwrap_or(Json::Null)).map_err(|error| {
        let error = if missing {
            CrmError::invalid("input.missing", "must be given")
        } else {
            CrmError::invalid("input.type", reason_of(&error))
        };
        error.at(name)
    })
}

/// Takes a filter out of an input, in its text or its JSON form: its errors point at the position.
///
/// # Errors
/// `filter.*`.
pub(super) fn filter(members: &mut Members, name: &str) -> Result<Option<Filter>> {
    match members.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => from_json(&json).map(Some),
    }
}

/// Changes of a record as a JSON Merge Patch (RFC 7396).
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct MergePatch(pub(super) Map<String, Json>);

/// A record of any type, as the operations that every record type has take it. What is no JSON object is refused by the
/// engine, for each record by itself.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct AnyRecord(pub(super) Json);

/// A record that is the whole input.
#[expect(clippy::unnecessary_wraps, reason = "other inputs can fail to be read")]
pub(super) fn whole(members: Members) -> Result<AnyRecord> {
    Ok(AnyRecord(Json::Object(members)))
}

/// A record that is an input. Which custom fields it may have shows only against the schema of the database.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct RecordInput<R>(Map<String, Json>, #[serde(skip)] PhantomData<R>);

impl<R: Record> RecordInput<R> {
    /// The record as its struct.
    ///
    /// # Errors
    /// `field.unknown`, `field.type`, `field.read_only`, naming the field.
    pub(super) fn typed(self, context: &Context<'_>) -> Result<R> {
        read(&**context, ReadMode::Statement, |reader| {
            let record_type = reader.schema.require(R::NAME)?;
            let mut data: RecordData = crate::record::dynamic::created(record_type, &self.0)?;
            // A struct has no room for what is no value of its type or is not said: what is given is checked before it
            // becomes one, and what is left out has its default.
            let parts = reader.engine.part_context();
            for field in record_type.own_fields() {
                let value = std::mem::take(&mut data.values[field.position]);
                data.values[field.position] = normal_form(field, value, &parts)?;
            }
            data.fill_defaults(record_type);
            data.into_record(record_type)
        })
    }
}

/// Refuses members that no operation takes.
///
/// # Errors
/// `input.unknown`, naming the member.
pub(super) fn finish(members: &Members) -> Result<()> {
    match members.keys().next() {
        None => Ok(()),
        Some(name) => {
            Err(CrmError::invalid("input.unknown", "the operation takes no such member").at(clip(name)))
        }
    }
}
