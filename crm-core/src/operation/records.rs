//! The operations that the records of every type have.

use serde_json::{Map, Value as Json, json};

use super::context::{Context, Members};
use super::input::{filter, finish, take, written};
use super::table::{Kind, Operation, Permission, RecordCall, Run, Stability};
use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::zone::DateUnit;
use crate::journal::entry::Entry;
use crate::record::filter::{Filter, Path};
use crate::record::query::{
    Cursor, DEFAULT_GROUPS, DEFAULT_LIMIT, Direction, GroupColumn, GroupKey, GroupQuery, GroupSort, Measure,
    Query, Sort,
};

/// Lists the operations: what is done, its documentation, its errors, its function, and what describes its input and
/// output in the schema.
macro_rules! record_operations {
    ($($kind:ident $name:literal $call:ident, $input:ident -> $output:ident, $documentation:literal, [$($error:literal),*];)+) => {
        pub(super) const OPERATIONS: &[Operation] = &[$(Operation {
            name: $name,
            kind: Kind::$kind,
            permission: match Kind::$kind {
                Kind::Query => Permission::Read,
                Kind::Command => Permission::Write,
            },
            since: "0.1.0",
            stability: Stability::Stable,
            documentation: $documentation,
            errors: &[$($error),*],
            run: Run::Records({
                const CALL: RecordCall = $call;
                CALL
            }),
            #[cfg(feature = "schema")]
            input: super::schema::records::$input,
            #[cfg(feature = "schema")]
            output: super::schema::records::$output,
        }),+];
    };
}

record_operations! {
    Command "create" create, record -> record,
        "Creates a record. Gives it as it was stored, with its identifier, its version and its defaults.",
        ["field.*", "text.*", "link.broken", "field.duplicate", "record.exists"];
    Query "get" get, id -> record,
        "Reads a record.",
        ["record.not_found"];
    Query "find" get_optional, id -> optional_record,
        "Reads a record, or gives null when there is none that the session may see.",
        [];
    Command "update" update, record -> record,
        "Stores a changed record, whole: a member that is left out loses its value. It must have its `id` and the `version` that is stored.",
        ["record.conflict", "record.id_missing", "record.version_missing", "field.*", "link.broken", "field.duplicate"];
    Command "patch" patch, patch -> record,
        "Changes some fields by a JSON Merge Patch (RFC 7396): null clears a field. A `version` in the patch is checked.",
        ["record.not_found", "record.conflict", "field.*", "link.broken", "field.duplicate"];
    Command "delete" delete, id -> nothing,
        "Deletes a record into the bin, from which `restore` brings it back.",
        ["record.not_found", "record.restricted"];
    Command "restore" restore, id -> record,
        "Brings a record back out of the bin, with everything that was deleted together with it.",
        ["record.not_in_bin", "record.erased", "link.broken"];
    Command "create_all" create_all, records -> results,
        "Creates many records in one transaction. Gives one result for each, in order: its record, or the error for which it was refused.",
        ["bulk.too_many"];
    Command "update_all" update_all, records -> results,
        "Stores many changed records in one transaction. Gives one result for each, in order: its record, or the error for which it was refused.",
        ["bulk.too_many"];
    Command "delete_all" delete_all, ids -> results,
        "Deletes many records in one transaction. Gives one result for each, in order: empty, or with the error for which it was refused.",
        ["bulk.too_many"];
    Query "list" list, query -> page,
        "Lists a page of the records that pass a filter.",
        ["filter.*", "query.*", "cursor.*", "field.unknown"];
    Query "count" count, filter -> number,
        "Counts the records that pass a filter.",
        ["filter.*", "field.unknown"];
    Query "group" group, group_query -> groups,
        "Groups records and measures each group: what boards and reports are made of.",
        ["filter.*", "query.*", "field.unknown"];
    Query "history" history, history -> entries,
        "Lists the changes of a record, the latest first.",
        ["record.not_found"];
}

fn create(context: &Context<'_>, record_type: &str, members: Members) -> Result<Json> {
    Ok(Json::Object(context.records(record_type).create(&Json::Object(members))?))
}

fn get(context: &Context<'_>, record_type: &str, members: Members) -> Result<Json> {
    Ok(Json::Object(context.records(record_type).get(only_id(members)?)?))
}

fn get_optional(context: &Context<'_>, record_type: &str, members: Members) -> Result<Json> {
    Ok(context.records(record_type).find(only_id(members)?)?.map_or(Json::Null, Json::Object))
}

fn update(context: &Context<'_>, record_type: &str, members: Members) -> Result<Json> {
    Ok(Json::Object(context.records(record_type).update(&Json::Object(members))?))
}

fn patch(context: &Context<'_>, record_type: &str, mut members: Members) -> Result<Json> {
    let id: RecordId = take(&mut members, "id")?;
    let patch: Map<String, Json> = take(&mut members, "patch")?;
    finish(&members)?;
    Ok(Json::Object(context.records(record_type).patch(id, &Json::Object(patch))?))
}

fn delete(context: &Context<'_>, record_type: &str, members: Members) -> Result<Json> {
    context.records(record_type).delete(only_id(members)?)?;
    Ok(Json::Null)
}

fn restore(context: &Context<'_>, record_type: &str, members: Members) -> Result<Json> {
    Ok(Json::Object(context.records(record_type).restore(only_id(members)?)?))
}

fn create_all(context: &Context<'_>, record_type: &str, mut members: Members) -> Result<Json> {
    let records: Vec<Json> = take(&mut members, "records")?;
    finish(&members)?;
    Ok(results(context.records(record_type).create_all(&records)?))
}

fn update_all(context: &Context<'_>, record_type: &str, mut members: Members) -> Result<Json> {
    let records: Vec<Json> = take(&mut members, "records")?;
    finish(&members)?;
    Ok(results(context.records(record_type).update_all(&records)?))
}

fn delete_all(context: &Context<'_>, record_type: &str, mut members: Members) -> Result<Json> {
    let ids: Vec<RecordId> = take(&mut members, "ids")?;
    finish(&members)?;
    let deleted = context.records(record_type).delete_all(&ids)?;
    Ok(deleted.into_iter().map(|outcome| outcome.map_or_else(refused, |()| json!({}))).collect())
}

fn list(context: &Context<'_>, record_type: &str, mut members: Members) -> Result<Json> {
    let query = Query {
        filter: filter(&mut members, "filter")?,
        sort: take::<Option<Vec<SortInput>>>(&mut members, "sort")?
            .unwrap_or_default()
            .into_iter()
            .map(|SortInput(sort)| sort)
            .collect(),
        limit: take::<Option<u32>>(&mut members, "limit")?.unwrap_or(DEFAULT_LIMIT),
        cursor: take::<Option<Cursor>>(&mut members, "cursor")?,
    };
    finish(&members)?;
    written(&context.records(record_type).list(&query)?)
}

fn count(context: &Context<'_>, record_type: &str, mut members: Members) -> Result<Json> {
    let wanted = filter(&mut members, "filter")?.unwrap_or_else(Filter::all);
    finish(&members)?;
    Ok(Json::from(context.records(record_type).count(&wanted)?))
}

fn group(context: &Context<'_>, record_type: &str, mut members: Members) -> Result<Json> {
    let query = GroupQuery {
        filter: filter(&mut members, "filter")?,
        by: take::<Option<Vec<KeyInput>>>(&mut members, "by")?
            .unwrap_or_default()
            .into_iter()
            .map(|KeyInput { path, bucket }| GroupKey { path, bucket })
            .collect(),
        measures: match take::<Option<Vec<MeasureInput>>>(&mut members, "measures")? {
            None => vec![Measure::Count],
            Some(measures) => measures.into_iter().map(Measure::try_from).collect::<Result<_>>()?,
        },
        sort: take::<Option<Vec<GroupSortInput>>>(&mut members, "sort")?
            .unwrap_or_default()
            .into_iter()
            .map(GroupSort::try_from)
            .collect::<Result<_>>()?,
        limit: take::<Option<u32>>(&mut members, "limit")?.unwrap_or(DEFAULT_GROUPS),
    };
    finish(&members)?;
    written(&context.records(record_type).group(&query)?)
}

fn history(context: &Context<'_>, record_type: &str, mut members: Members) -> Result<Json> {
    let id: RecordId = take(&mut members, "id")?;
    let before: Option<u64> = take(&mut members, "before")?;
    let limit: Option<u32> = take(&mut members, "limit")?;
    finish(&members)?;
    let entries: Vec<Entry> =
        context.records(record_type).history(id, before, limit.unwrap_or(DEFAULT_LIMIT))?;
    written(&entries)
}

fn only_id(mut members: Members) -> Result<RecordId> {
    let id = take(&mut members, "id")?;
    finish(&members)?;
    Ok(id)
}

fn results(outcomes: Vec<Result<Map<String, Json>>>) -> Json {
    outcomes
        .into_iter()
        .map(|outcome| outcome.map_or_else(refused, |record| json!({ "record": record })))
        .collect()
}

fn refused(error: CrmError) -> Json {
    json!({ "error": error.to_json() })
}

/// A key to sort by: a path such as `organisation.name`, with a `-` in front for the greatest first.
struct SortInput(Sort);

impl<'de> serde::Deserialize<'de> for SortInput {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let (direction, path) = match text.strip_prefix('-') {
            Some(path) => (Direction::Descending, path),
            None => (Direction::Ascending, text.as_str()),
        };
        Ok(Self(Sort { path: path.into(), direction }))
    }
}

/// What is measured of each group.
#[derive(Clone, Copy, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub(super) enum MeasureKind {
    /// How many records.
    Count,
    /// How many different values.
    CountDistinct,
    /// The sum of numbers or money.
    Sum,
    /// The average of numbers or money.
    Average,
    /// The least value.
    Minimum,
    /// The greatest value.
    Maximum,
    /// The sum of value times weight by a hundred: what deals are worth at their probability.
    Weighted,
}

/// One measure of each group.
#[derive(serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Measure"))]
#[serde(deny_unknown_fields)]
pub(super) struct MeasureInput {
    /// What is measured.
    measure: MeasureKind,
    /// The value, such as `amount` or `stage.probability`; nothing for a count of records.
    #[serde(default)]
    of: Option<Path>,
    /// The percentage that the value is weighted by, for `weighted`.
    #[serde(default)]
    weight: Option<Path>,
}

impl TryFrom<MeasureInput> for Measure {
    type Error = CrmError;

    fn try_from(MeasureInput { measure, of, weight }: MeasureInput) -> Result<Self> {
        let wrong = |reason: &str| CrmError::invalid("query.measure", reason).at("measures");
        match (measure, of, weight) {
            (MeasureKind::Count, None, None) => Ok(Self::Count),
            (MeasureKind::CountDistinct, Some(of), None) => Ok(Self::CountDistinct(of)),
            (MeasureKind::Sum, Some(of), None) => Ok(Self::Sum(of)),
            (MeasureKind::Average, Some(of), None) => Ok(Self::Average(of)),
            (MeasureKind::Minimum, Some(of), None) => Ok(Self::Minimum(of)),
            (MeasureKind::Maximum, Some(of), None) => Ok(Self::Maximum(of)),
            (MeasureKind::Weighted, Some(value), Some(weight)) => Ok(Self::Weighted { value, weight }),
            (MeasureKind::Count, ..) => Err(wrong("a count of records has neither `of` nor `weight`")),
            (MeasureKind::Weighted, ..) => Err(wrong("a weighted sum names `of` and `weight`")),
            _ => Err(wrong("this measure names `of` and no `weight`")),
        }
    }
}

/// What groups are made by.
#[derive(serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GroupKey"))]
#[serde(deny_unknown_fields)]
pub(super) struct KeyInput {
    /// The value, such as `stage` or `organisation.name`.
    path: Path,
    /// The calendar unit, for dates and points in time.
    #[serde(default)]
    bucket: Option<DateUnit>,
}

/// What groups are sorted by: one of `key` and `measure`.
#[derive(serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "GroupSort"))]
#[serde(deny_unknown_fields)]
pub(super) struct GroupSortInput {
    /// The place of a key, from 0.
    #[serde(default)]
    key: Option<usize>,
    /// The place of a measure, from 0.
    #[serde(default)]
    measure: Option<usize>,
    /// Which way.
    #[serde(default)]
    direction: Direction,
}

impl TryFrom<GroupSortInput> for GroupSort {
    type Error = CrmError;

    fn try_from(input: GroupSortInput) -> Result<Self> {
        let column = match (input.key, input.measure) {
            (Some(place), None) => GroupColumn::Key(place),
            (None, Some(place)) => GroupColumn::Measure(place),
            _ => return Err(CrmError::invalid("query.sort", "names either a key or a measure").at("sort")),
        };
        Ok(Self { column, direction: input.direction })
    }
}
