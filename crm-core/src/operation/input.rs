//! Reading inputs and writing outputs.

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::context::Context;
use crate::error::{CrmError, Result};
use crate::record::door::read;
use crate::record::filter::{Filter, from_json};
use crate::record::schema::clip;
use crate::record::{Record, RecordData};
use crate::storage::ReadMode;

/// Takes a member out of an input. What may be left out is an `Option`.
///
/// # Errors
/// `input.missing`, `input.type`, naming the member.
pub(super) fn take<T: DeserializeOwned>(members: &mut Map<String, Json>, name: &str) -> Result<T> {
    let given = members.remove(name);
    let missing = given.is_none();
    serde_json::from_value(given.unwrap_or(Json::Null)).map_err(|error| {
        let error = if missing {
            CrmError::invalid("input.missing", "must be given")
        } else {
            CrmError::invalid("input.type", words(&error.to_string()))
        };
        error.at(name)
    })
}

/// What serde says, without the value that it may quote.
fn words(text: &str) -> String {
    const QUOTING: [&str; 5] =
        ["invalid type", "invalid value", "unknown variant", "unknown field", "invalid length"];
    if QUOTING.iter().any(|start| text.starts_with(start)) {
        return match text.rsplit_once("expected ") {
            Some((_, expected)) => format!("is not {expected}"),
            None => "is not of the right type".to_owned(),
        };
    }
    text.to_owned()
}

/// Takes a filter out of an input, in its text or its JSON form: its errors point at the position.
///
/// # Errors
/// `filter.*`.
pub(super) fn filter(members: &mut Map<String, Json>, name: &str) -> Result<Option<Filter>> {
    match members.remove(name) {
        None | Some(Json::Null) => Ok(None),
        Some(json) => from_json(&json).map(Some),
    }
}

/// Changes of a record as a JSON Merge Patch (RFC 7396).
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct MergePatch(pub(super) Map<String, Json>);

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
            // A struct has no room for "not said": what is left out has its default before it becomes one.
            for (field, value) in record_type.fields.iter().zip(&mut data.values) {
                if let (Some(default), true) = (&field.descriptor.default, value.is_null()) {
                    *value = default.clone();
                }
            }
            data.into_record(record_type)
        })
    }
}

/// Refuses members that no operation takes.
///
/// # Errors
/// `input.unknown`, naming the member.
pub(super) fn finish(members: &Map<String, Json>) -> Result<()> {
    match members.keys().next() {
        None => Ok(()),
        Some(name) => {
            Err(CrmError::invalid("input.unknown", "the operation takes no such member").at(clip(name)))
        }
    }
}

/// An output as JSON.
pub(super) fn written(output: &impl Serialize) -> Result<Json> {
    serde_json::to_value(output).map_err(|_| CrmError::internal("the output does not serialise"))
}
