//! The inputs and outputs of the operations that every record type has. `AnyRecord` stands for the type.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Member, input_schema};
use crate::journal::entry::Entry;
use crate::operation::records::{GroupSortInput, KeyInput, MeasureInput};
use crate::record::Page;
use crate::record::filter::Filter;
use crate::record::query::{Cursor, Groups};
use crate::{RecordId, operation::input::MergePatch};

/// Stands for a record type.
pub(super) struct AnyRecord;

/// The name under which [`AnyRecord`] is referred to.
pub(super) const ANY: &str = "AnyRecord";

impl JsonSchema for AnyRecord {
    fn schema_name() -> Cow<'static, str> {
        ANY.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

/// The outcome for one record of a bulk call.
#[derive(JsonSchema)]
#[schemars(rename = "AnyRecordResult")]
#[expect(dead_code, reason = "it is only described")]
struct BulkResult {
    /// The record as it was stored; nothing when it was refused or deleted.
    record: Option<AnyRecord>,
    /// Why it was refused.
    error: Option<ErrorObject>,
}

/// Why an operation failed.
#[derive(JsonSchema)]
#[schemars(rename = "ErrorObject")]
#[expect(dead_code, reason = "it is only described")]
pub(super) struct ErrorObject {
    /// The stable code, for example `field.unknown`.
    code: String,
    /// What sort of failure it is.
    kind: String,
    /// The stable number of the kind.
    status: u16,
    /// The field, row or position that the error is about.
    path: Option<String>,
    /// The reason in words, without personal data.
    reason: String,
    /// Details that a program can read.
    details: serde_json::Map<String, serde_json::Value>,
}

fn member<T: JsonSchema>(name: &'static str, documentation: &'static str) -> Member {
    Member { name, documentation, default: None, schema: |generator| generator.subschema_for::<T>() }
}

pub(in crate::operation) fn record(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<AnyRecord>()
}

pub(in crate::operation) fn optional_record(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Option<AnyRecord>>()
}

pub(in crate::operation) fn nothing(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "null" })
}

pub(in crate::operation) fn number(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<u64>()
}

pub(in crate::operation) fn page(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Page<AnyRecord>>()
}

pub(in crate::operation) fn results(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Vec<BulkResult>>()
}

pub(in crate::operation) fn groups(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Groups>()
}

pub(in crate::operation) fn entries(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<Vec<Entry>>()
}

pub(in crate::operation) fn id(generator: &mut SchemaGenerator) -> Schema {
    input_schema(generator, &[member::<RecordId>("id", "The record.")])
}

pub(in crate::operation) fn ids(generator: &mut SchemaGenerator) -> Schema {
    input_schema(generator, &[member::<Vec<RecordId>>("ids", "The records, at most 10,000.")])
}

pub(in crate::operation) fn records(generator: &mut SchemaGenerator) -> Schema {
    input_schema(generator, &[member::<Vec<AnyRecord>>("records", "The records, at most 10,000.")])
}

pub(in crate::operation) fn patch(generator: &mut SchemaGenerator) -> Schema {
    input_schema(
        generator,
        &[
            member::<RecordId>("id", "The record."),
            member::<MergePatch>("patch", "The fields that change; null clears one."),
        ],
    )
}

pub(in crate::operation) fn filter(generator: &mut SchemaGenerator) -> Schema {
    input_schema(generator, &[member::<Option<Filter>>("filter", "Which records; all when there is none.")])
}

pub(in crate::operation) fn query(generator: &mut SchemaGenerator) -> Schema {
    input_schema(
        generator,
        &[
            member::<Option<Filter>>("filter", "Which records; all when there is none."),
            member::<Option<Vec<String>>>(
                "sort",
                "By what: paths such as `organisation.name`, with a `-` in front for the greatest first.",
            ),
            member::<Option<u32>>("limit", "How many at most, 1 to 1,000; 50 when nothing is said."),
            member::<Option<Cursor>>("cursor", "Where to go on: `next` of the page before."),
        ],
    )
}

pub(in crate::operation) fn group_query(generator: &mut SchemaGenerator) -> Schema {
    input_schema(
        generator,
        &[
            member::<Option<Filter>>("filter", "Which records; all when there is none."),
            member::<Option<Vec<KeyInput>>>(
                "by",
                "What they are grouped by; one group of all when there is none.",
            ),
            member::<Option<Vec<MeasureInput>>>(
                "measures",
                "What is measured; the count when there is none.",
            ),
            member::<Option<Vec<GroupSortInput>>>(
                "sort",
                "In what order the groups come; by their keys when nothing is said.",
            ),
            member::<Option<u32>>(
                "limit",
                "How many groups at most, 1 to 10,000; 1,000 when nothing is said.",
            ),
        ],
    )
}

pub(in crate::operation) fn history(generator: &mut SchemaGenerator) -> Schema {
    input_schema(
        generator,
        &[
            member::<RecordId>("id", "The record."),
            member::<Option<u64>>("before", "Goes on before the entry with this sequence."),
            member::<Option<u32>>("limit", "How many at most, up to 1,000; 50 when nothing is said."),
        ],
    )
}
