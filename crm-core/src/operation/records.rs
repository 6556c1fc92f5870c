//! The operations that the records of every type have.

use serde::Serialize;
use serde_json::Value as Json;

use super::declare::operations;
use super::input::{AnyRecord, MergePatch};
use super::query_input::{GroupSortInput, KeyInput, MeasureInput, SortInput};
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Entry;
use crate::record::Page;
use crate::record::filter::Filter;
use crate::record::query::{Cursor, DEFAULT_GROUPS, DEFAULT_LIMIT, GroupQuery, Groups, Measure, Query};
use crate::record::set::Found;

/// The outcome for one record of a bulk call.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "AnyRecordResult"))]
struct BulkResult {
    /// The record as it was stored; nothing when it was refused or deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<Found>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<CrmError>,
}

fn stored(outcomes: Vec<Result<Found>>) -> Vec<BulkResult> {
    outcomes.into_iter().map(|outcome| BulkResult::of(outcome.map(Some))).collect()
}

impl BulkResult {
    fn of(outcome: Result<Option<Found>>) -> Self {
        match outcome {
            Ok(record) => Self { record, error: None },
            Err(error) => Self { record: None, error: Some(error) },
        }
    }
}

operations! {
    /// Creates a record. Gives it as it was stored, with its identifier, its version and its defaults.
    command "create" (context of record_type, record: AnyRecord) -> Found
    ["field.*", "text.*", "link.broken", "field.duplicate", "record.exists"] {
        context.records(record_type).set.create_json(&record.0)
    }

    /// Reads a record.
    query "get" (context of record_type, input {
        /// The record.
        id: RecordId,
    }) -> Found ["record.not_found"] {
        context.records(record_type).set.get(input.id)
    }

    /// Reads a record, or gives null when there is none that the session may see.
    query "find" (context of record_type, input {
        /// The record.
        id: RecordId,
    }) -> Option<Found> [] {
        context.records(record_type).set.find(input.id)
    }

    /// Stores a changed record, whole: a member that is left out loses its value. It must have its `id` and the `version` that is stored.
    command "update" (context of record_type, record: AnyRecord) -> Found
    ["record.conflict", "record.id_missing", "record.version_missing", "field.*", "link.broken", "field.duplicate"] {
        context.records(record_type).set.update_json(&record.0)
    }

    /// Changes some fields by a JSON Merge Patch (RFC 7396): null clears a field. A `version` in the patch is checked.
    command "patch" (context of record_type, input {
        /// The record.
        id: RecordId,
        /// The fields that change; null clears one.
        patch: MergePatch,
    }) -> Found ["record.not_found", "record.conflict", "field.*", "link.broken", "field.duplicate"] {
        context.records(record_type).set.patch(input.id, &input.patch.0)
    }

    /// Deletes a record into the bin, from which `restore` brings it back.
    command "delete" (context of record_type, input {
        /// The record.
        id: RecordId,
    }) -> () ["record.not_found", "record.restricted"] {
        context.records(record_type).delete(input.id)
    }

    /// Brings a record back out of the bin, with everything that was deleted together with it.
    command "restore" (context of record_type, input {
        /// The record.
        id: RecordId,
    }) -> Found ["record.not_in_bin", "record.erased", "link.broken"] {
        context.records(record_type).set.restore(input.id)
    }

    /// Creates many records in one transaction. Gives one result for each, in order: its record, or the error for which it was refused.
    command "create_all" (context of record_type, input {
        /// The records, at most 10,000.
        records: Vec<AnyRecord>,
    }) -> Vec<BulkResult> ["bulk.too_many"] {
        let records: Vec<Json> = input.records.into_iter().map(|record| record.0).collect();
        Ok(stored(context.records(record_type).set.create_all_json(&records)?))
    }

    /// Stores many changed records in one transaction. Gives one result for each, in order: its record, or the error for which it was refused.
    command "update_all" (context of record_type, input {
        /// The records, at most 10,000.
        records: Vec<AnyRecord>,
    }) -> Vec<BulkResult> ["bulk.too_many"] {
        let records: Vec<Json> = input.records.into_iter().map(|record| record.0).collect();
        Ok(stored(context.records(record_type).set.update_all_json(&records)?))
    }

    /// Deletes many records in one transaction. Gives one result for each, in order: empty, or with the error for which it was refused.
    command "delete_all" (context of record_type, input {
        /// The records, at most 10,000.
        ids: Vec<RecordId>,
    }) -> Vec<BulkResult> ["bulk.too_many"] {
        let deleted = context.records(record_type).delete_all(&input.ids)?;
        Ok(deleted.into_iter().map(|outcome| BulkResult::of(outcome.map(|()| None))).collect())
    }

    /// Lists a page of the records that pass a filter.
    query "list" (context of record_type, input {
        /// Which records; all when there is none.
        filter: Option<Filter> as filter,
        /// By what: paths such as `organisation.name`, with a `-` in front for the greatest first.
        sort: Option<Vec<SortInput>>,
        /// How many at most, 1 to 1,000.
        limit: u32 = DEFAULT_LIMIT,
        /// Where to go on: `next` of the page before.
        cursor: Option<Cursor>,
    }) -> Page<Found> ["filter.*", "query.*", "cursor.*", "field.unknown", "field.redacted"] {
        context.records(record_type).set.list(&Query {
            filter: input.filter,
            sort: input.sort.into_iter().flatten().map(|SortInput(sort)| sort).collect(),
            limit: input.limit,
            cursor: input.cursor,
        })
    }

    /// Counts the records that pass a filter.
    query "count" (context of record_type, input {
        /// Which records; all when there is none.
        filter: Option<Filter> as filter,
    }) -> u64 ["filter.*", "field.unknown", "field.redacted", "aggregate.suppressed"] {
        context.records(record_type).count(&input.filter.unwrap_or_else(Filter::all))
    }

    /// Groups records and measures each group: what boards and reports are made of.
    query "group" (context of record_type, input {
        /// Which records; all when there is none.
        filter: Option<Filter> as filter,
        /// What they are grouped by; one group of all when there is none.
        by: Option<Vec<KeyInput>>,
        /// What is measured; the count when there is none.
        measures: Option<Vec<MeasureInput>>,
        /// In what order the groups come; by their keys when nothing is said.
        sort: Option<Vec<GroupSortInput>>,
        /// How many groups at most, 1 to 10,000.
        limit: u32 = DEFAULT_GROUPS,
    }) -> Groups ["filter.*", "query.*", "field.unknown", "field.redacted", "aggregate.too_many"] {
        context.records(record_type).group(&GroupQuery {
            filter: input.filter,
            by: input.by.into_iter().flatten().map(Into::into).collect(),
            measures: match input.measures {
                None => vec![Measure::Count],
                Some(measures) => measures.into_iter().map(TryInto::try_into).collect::<Result<_>>()?,
            },
            sort: input.sort.into_iter().flatten().map(TryInto::try_into).collect::<Result<_>>()?,
            limit: input.limit,
        })
    }

    /// Lists the changes of a record, the latest first.
    query "history" (context of record_type, input {
        /// The record.
        id: RecordId,
        /// Goes on before the entry with this sequence.
        before: Option<u64>,
        /// How many at most, up to 1,000.
        limit: u32 = DEFAULT_LIMIT,
    }) -> Vec<Entry> ["record.not_found"] {
        context.records(record_type).history(input.id, input.before, input.limit)
    }
}
