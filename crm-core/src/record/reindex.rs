//! Bringing what is derived from records in step with a changed declaration of their type.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::columns::read_record;
use super::data::RecordData;
use super::derived;
use super::schema::{NAME_KEY, RecordType};
use super::store::{follow_search, follow_timeline, follow_values};
use super::unit::UnitOfWork;
use super::value::Value;
use crate::error::Result;
use crate::storage::Param;

/// How many rows are read at a time.
const BATCH: i64 = 500;

/// Renews the search entries, the value index, the name keys and the timelines of a type's rows: `old` is the
/// type that they follow, `new` the one that they shall follow. `only` names a field; rows without a value of it
/// are left alone. The columns of the type with more fields must be there.
pub(crate) fn renew(
    unit: &UnitOfWork<'_>,
    old: &Arc<RecordType>,
    new: &Arc<RecordType>,
    only: Option<&str>,
) -> Result<()> {
    let wide = if old.fields.len() > new.fields.len() { old } else { new };
    let condition = match only {
        Some(name) => format!(" AND t.{} IS NOT NULL", wide.require(name)?.column),
        None => String::new(),
    };
    let sql = format!(
        "SELECT {} FROM {} AS t WHERE t.row_id > ?1{condition} ORDER BY t.row_id LIMIT ?2",
        wide.statements().columns,
        wide.table
    );
    let mut last = 0;
    loop {
        let mut rows: Vec<RecordData> = Vec::new();
        unit.connection.query(&sql, &[Param::Integer(last), Param::Integer(BATCH)], &mut |row| {
            rows.push(read_record(wide, row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        let Some(end) = rows.last() else { return Ok(()) };
        last = end.row_id;
        for row in &rows {
            renew_row(unit, old, new, &as_of_type(row, wide, old), &as_of_type(row, wide, new))?;
        }
    }
}

/// The values of a row that another declaration of its type has.
fn as_of_type(row: &RecordData, from: &RecordType, to: &RecordType) -> RecordData {
    let values = to.fields.iter().map(|field| row.get(from, field.name()).clone()).collect();
    RecordData { row_id: row.row_id, values, redacted: Vec::new() }
}

fn renew_row(
    unit: &UnitOfWork<'_>,
    old: &RecordType,
    new: &RecordType,
    before: &RecordData,
    after: &RecordData,
) -> Result<()> {
    let row_id = after.row_id;
    let (was, is) = (derived::document(old, before, &[])?, derived::document(new, after, &[])?);
    if was != is {
        follow_search(unit, new, row_id, &was, &is)?;
    }
    for field in old.fields.iter().filter(|field| field.kind().is_multiple()) {
        if new.field(field.name()).is_none() {
            follow_values(unit, field, row_id, &before.values[field.position], &Value::Null)?;
        }
    }
    for field in new.fields.iter().filter(|field| field.kind().is_multiple()) {
        if old.field(field.name()).is_none() {
            follow_values(unit, field, row_id, &Value::Null, &after.values[field.position])?;
        }
    }
    if old.descriptor.timeline != new.descriptor.timeline {
        follow_timeline(unit, old, row_id, Some(before), None)?;
        follow_timeline(unit, new, row_id, None, Some(after))?;
    }
    let key = derived::name_key(new, after);
    if derived::name_key(old, before) != key {
        let sql = format!("UPDATE {} SET {NAME_KEY} = ?2 WHERE row_id = ?1", new.table);
        unit.connection.execute(&sql, &[Param::Integer(row_id), Param::Text(&key)])?;
    }
    Ok(())
}
