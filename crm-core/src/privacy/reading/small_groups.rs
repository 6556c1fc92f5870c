//! Counts and groups in a session whose purpose is not to look at single people.
//!
//! Groups of fewer people than the least are suppressed, with as many others as it takes ([`suppression`](super::suppression)).
//! So is what is asked of all people but a few, since the few follow by subtraction (Denning, Denning and Schwartz, *The
//! tracker: a threat to statistical database security*, ACM TODS 4, 1979). Against somebody who may put many overlapping
//! questions this is a hurdle and no proof: no limit on the size of groups is.

use std::collections::BTreeMap;

use super::guard::{holds_personal_data, subject_position};
use super::suppression::{Cell, Pattern, over_one_key, over_two_keys};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::sort;
use crate::record::door::Reader;
use crate::record::filter::Filter;
use crate::record::list::with_context;
use crate::record::query::{GroupKey, GroupPlan, GroupQuery, GroupRow, Groups, MAX_GROUPS, Measure};
use crate::record::schema::RecordType;
use crate::record::value::Value;
use crate::storage::Row;

/// How many people a group of records of a type must have at least; `None` when it does not matter.
pub(crate) fn least(reader: &Reader<'_>, record_type: &RecordType) -> Option<u64> {
    reader.scope.least_group.filter(|_| holds_personal_data(record_type)).map(u64::from)
}

/// The error for a figure that would tell of too few people.
fn too_few() -> CrmError {
    let reason = "would tell of too few people";
    CrmError::new(ErrorKind::Forbidden, "aggregate.suppressed", reason)
}

/// Refuses a figure of so many people, unless it is of nobody.
///
/// # Errors
/// `aggregate.suppressed`.
pub(crate) fn check_people(reader: &Reader<'_>, record_type: &RecordType, people: u64) -> Result<()> {
    match least(reader, record_type) {
        Some(least) if (1..least).contains(&people) => Err(too_few()),
        _ => Ok(()),
    }
}

/// Refuses to count the records that pass a filter when they are of too few people, or of all but a few.
///
/// # Errors
/// `aggregate.suppressed`.
pub(crate) fn check_count(reader: &Reader<'_>, record_type: &RecordType, filter: &Filter) -> Result<()> {
    let Some(least) = least(reader, record_type) else { return Ok(()) };
    if is_telling(reader, record_type, Some(filter), least)? { Err(too_few()) } else { Ok(()) }
}

/// All groups, for a figure that is made of every one of them.
///
/// # Errors
/// `aggregate.suppressed` when some are.
pub(crate) fn whole(groups: Groups) -> Result<Vec<GroupRow>> {
    if groups.suppressed { Err(too_few()) } else { Ok(groups.rows) }
}

/// The column that counts the people of deals or other records called `t`, for statements that make groups by themselves:
/// nothing where it does not matter.
pub(crate) fn people_column(reader: &Reader<'_>, record_type: &RecordType) -> String {
    match (least(reader, record_type), subject_position(record_type)) {
        (Some(_), Some(position)) => format!(", count(DISTINCT t.{})", record_type.fields[position].column),
        _ => String::new(),
    }
}

/// Refuses a group of too few people in a statement with a [`people_column`], which is the last one.
///
/// # Errors
/// `aggregate.suppressed`.
pub(crate) fn check_row(
    reader: &Reader<'_>,
    record_type: &RecordType,
    row: &dyn Row,
    column: usize,
) -> Result<()> {
    if least(reader, record_type).is_none() {
        return Ok(());
    }
    check_people(
        reader,
        record_type,
        u64::try_from(row.integer(column)?.unwrap_or_default()).unwrap_or_default(),
    )
}

/// The groups of a query, suppressed where they must be.
pub(crate) fn groups(
    reader: &Reader<'_>,
    record_type: &RecordType,
    query: &GroupQuery,
    least: u64,
) -> Result<Groups> {
    let mut wide = GroupQuery { limit: MAX_GROUPS, ..query.clone() };
    wide.measures.push(people_of(record_type));
    let (mut found, split) = with_context(reader, |context| {
        // Whether the query itself is sound does not depend on how it is run.
        GroupPlan::compile(query, record_type, context)?;
        let plan = GroupPlan::compile(&wide, record_type, context)?;
        Ok((plan.run(reader.connection)?, plan.splits_by_currency()))
    })?;
    if found.more {
        let reason = format!("has more than {MAX_GROUPS} groups, too many to look for small ones");
        return Err(CrmError::new(ErrorKind::Limit, "aggregate.too_many", reason));
    }
    let people: Vec<u64> = found.rows.iter_mut().map(take_people).collect();
    let pattern = if is_telling(reader, record_type, query.filter.as_ref(), least)? {
        Pattern::Nothing
    } else {
        match (query.by.as_slice(), split) {
            ([], false) => Pattern::Groups(people.iter().map(|people| (1..least).contains(people)).collect()),
            ([_], false) | ([], true) => over_one_key(&people, least),
            ([first, second], false) => {
                two_keys(reader, record_type, query, (first, second), &found.rows, &people, least)?
            }
            // With more keys than two there are too many totals to look after: one small group hides all.
            _ if people.iter().any(|people| (1..least).contains(people)) => Pattern::Nothing,
            _ => Pattern::Groups(vec![false; people.len()]),
        }
    };
    Ok(shown(found.rows, &pattern, query.limit as usize))
}

/// Whether a figure over a filter is of too few people, or of all but a few.
fn is_telling(
    reader: &Reader<'_>,
    record_type: &RecordType,
    filter: Option<&Filter>,
    least: u64,
) -> Result<bool> {
    let some = people_in(reader, record_type, filter)?;
    if (1..least).contains(&some) {
        return Ok(true);
    }
    match filter {
        None | Some(Filter::All) => Ok(false),
        Some(_) => {
            let rest = people_in(reader, record_type, None)?.saturating_sub(some);
            Ok((1..least).contains(&rest))
        }
    }
}

/// How many people the records that pass a filter are of.
fn people_in(reader: &Reader<'_>, record_type: &RecordType, filter: Option<&Filter>) -> Result<u64> {
    let query = GroupQuery { filter: filter.cloned(), ..GroupQuery::new() }.measure(people_of(record_type));
    let mut found = run(reader, record_type, &query)?;
    Ok(found.first_mut().map(take_people).unwrap_or_default())
}

fn run(reader: &Reader<'_>, record_type: &RecordType, query: &GroupQuery) -> Result<Vec<GroupRow>> {
    let groups = with_context(reader, |context| {
        GroupPlan::compile(query, record_type, context)?.run(reader.connection)
    })?;
    Ok(groups.rows)
}

/// What counts the people of a group.
fn people_of(record_type: &RecordType) -> Measure {
    let position = subject_position(record_type).unwrap_or_default();
    Measure::CountDistinct(record_type.fields[position].name().into())
}

fn take_people(row: &mut GroupRow) -> u64 {
    match row.measures.pop() {
        Some(Value::Integer(people)) => u64::try_from(people).unwrap_or_default(),
        _ => 0,
    }
}

fn two_keys(
    reader: &Reader<'_>,
    record_type: &RecordType,
    query: &GroupQuery,
    (first, second): (&GroupKey, &GroupKey),
    rows: &[GroupRow],
    people: &[u64],
    least: u64,
) -> Result<Pattern> {
    let totals = |key: &GroupKey| -> Result<(BTreeMap<String, usize>, Vec<u64>)> {
        let alone = GroupQuery {
            filter: query.filter.clone(),
            by: vec![key.clone()],
            measures: vec![people_of(record_type)],
            sort: Vec::new(),
            limit: MAX_GROUPS,
        };
        let (mut places, mut people) = (BTreeMap::new(), Vec::new());
        for mut row in run(reader, record_type, &alone)? {
            people.push(take_people(&mut row));
            places.insert(name_of(&row.keys), people.len() - 1);
        }
        Ok((places, people))
    };
    let ((row_places, by_row), (column_places, by_column)) = (totals(first)?, totals(second)?);
    let missing = || CrmError::internal("a group has no total");
    let place = |places: &BTreeMap<String, usize>, key: &Value| {
        places.get(&name_of(std::slice::from_ref(key))).copied().ok_or_else(missing)
    };
    let cells = rows.iter().zip(people).map(|(row, people)| {
        let [first, second] = row.keys.as_slice() else { return Err(missing()) };
        let (row, column) = (place(&row_places, first)?, place(&column_places, second)?);
        Ok(Cell { row, column, people: *people })
    });
    Ok(over_two_keys(&cells.collect::<Result<Vec<_>>>()?, &by_row, &by_column, least))
}

fn name_of(keys: &[Value]) -> String {
    format!("{keys:?}")
}

/// The rows with nothing in the suppressed ones, which stand at the end: the order of the others must not tell of them.
fn shown(rows: Vec<GroupRow>, pattern: &Pattern, limit: usize) -> Groups {
    let Pattern::Groups(suppressed) = pattern else {
        return Groups { rows: Vec::new(), more: false, suppressed: true };
    };
    let (mut hidden, mut all) = (Vec::new(), Vec::with_capacity(rows.len()));
    for (mut row, suppressed) in rows.into_iter().zip(suppressed) {
        if *suppressed {
            row.measures.fill(Value::Null);
            row.suppressed = true;
            hidden.push(row);
        } else {
            all.push(row);
        }
    }
    sort::by_cached_key(&mut hidden, |row| name_of(&row.keys));
    let suppressed = !hidden.is_empty();
    all.append(&mut hidden);
    let more = all.len() > limit;
    all.truncate(limit);
    Groups { rows: all, more, suppressed }
}
