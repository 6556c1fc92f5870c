//! Links between records: no dangling ends, whatever is deleted.

use std::sync::Arc;

use super::data::RecordData;
use super::descriptor::{FieldKind, OnDelete};
use super::schema::{RecordType, system};
use super::unit::{Change, Origin, UnitOfWork};
use super::value::{Reference, Value};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::storage::{Param, query_all, query_one};

/// The error for a link to a record that is not there.
fn dangling(field: &str) -> CrmError {
    CrmError::invalid("link.broken", "links to a record that does not exist").at(field)
}

/// Checks the links of a change to records of any type, which the database cannot check itself.
///
/// Copies come in any order; whoever writes them checks their links when all are there.
pub(super) fn check_references(unit: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    if change.origin == Origin::Replica {
        return Ok(());
    }
    for field in change.record_type.own_fields() {
        let (FieldKind::Reference { .. }, Value::Reference(target)) =
            (field.kind(), &change.after.values[field.position])
        else {
            continue;
        };
        if change
            .before
            .as_ref()
            .is_some_and(|before| before.values[field.position] == change.after.values[field.position])
        {
            continue;
        }
        let known = unit.schema.find(&target.record_type).ok_or_else(|| dangling(field.name()))?;
        if !exists(unit, known, target.id)? {
            return Err(dangling(field.name()));
        }
    }
    Ok(())
}

/// Finds the link of a record that the database has just refused: the one that it names, or else the one that leads
/// nowhere.
pub(super) fn broken(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    data: &RecordData,
    refusal: &CrmError,
) -> Option<CrmError> {
    if let Some(named) = refusal.details().get("columns").and_then(|columns| columns.get(0)?.as_str()) {
        let field = record_type.fields.iter().find(|field| field.column.trim_matches('"') == named);
        return field.map(|field| dangling(field.name()));
    }
    record_type.fields[system::OWNER..].iter().find_map(|field| {
        let (FieldKind::Link { target, .. }, Value::Id(id)) = (field.kind(), &data.values[field.position])
        else {
            return None;
        };
        let target = unit.schema.find(target)?;
        match exists(unit, target, *id) {
            Ok(true) => None,
            _ => Some(dangling(field.name())),
        }
    })
}

fn exists(unit: &UnitOfWork<'_>, record_type: &RecordType, id: RecordId) -> Result<bool> {
    let sql = format!("SELECT 1 FROM {} WHERE \"id\" = ?1", record_type.table);
    Ok(query_one(unit.connection, &sql, &[Param::Id(id)], |_| Ok(()))?.is_some())
}

/// How many restricting records are counted before the error says "at least".
const MOST_COUNTED: i64 = 100;

/// Frees a record that is to be deleted from all links to it: refuses, deletes or clears, as the fields declare.
/// All refusals are looked for first, so that the error comes before any change.
pub(super) fn release(
    unit: &mut UnitOfWork<'_>,
    target: &Arc<RecordType>,
    data: &RecordData,
    batch: u64,
) -> Result<()> {
    let incoming = incoming(unit, target);
    for (source, position, rule) in &incoming {
        let required = source.fields[*position].descriptor.required;
        if *rule == OnDelete::Restrict || *rule == OnDelete::Clear && required {
            refuse(unit, source, *position, target, data)?;
        }
    }
    for (source, position, rule) in &incoming {
        for id in linking(unit, source, *position, target, data, i64::MAX)? {
            match rule {
                // Deleting one record may have deleted or cleared the next already.
                _ if unit.get(source, id)?.is_none() => {}
                OnDelete::Cascade => {
                    unit.delete_into(source, id, None, Origin::Rule, batch)?;
                }
                _ => {
                    let position = *position;
                    unit.update(source, id, None, Origin::Rule, &mut |data| {
                        data.values[position] = Value::Null;
                        Ok(())
                    })?;
                }
            }
        }
    }
    Ok(())
}

fn refuse(
    unit: &UnitOfWork<'_>,
    source: &RecordType,
    position: usize,
    target: &RecordType,
    data: &RecordData,
) -> Result<()> {
    let count = linking(unit, source, position, target, data, MOST_COUNTED)?
        .into_iter()
        .filter(|id| *id != data.id())
        .count();
    if count == 0 {
        return Ok(());
    }
    let reason = format!(
        "is still linked to by {count} {} ({})",
        source.descriptor.plural,
        source.fields[position].name()
    );
    Err(CrmError::new(ErrorKind::Restricted, "record.restricted", reason)
        .at("id")
        .detail("record_type", source.name())
        .detail("field", source.fields[position].name())
        .detail("count", count))
}

/// The links that may point at a record of a type: the typed ones, and those of fields that point anywhere.
pub(crate) fn incoming(
    unit: &UnitOfWork<'_>,
    target: &RecordType,
) -> Vec<(Arc<RecordType>, usize, OnDelete)> {
    let schema = &unit.schema;
    let typed =
        target.incoming.iter().map(|link| (Arc::clone(schema.at(link.source)), link.field, link.on_delete));
    let any = schema.types().iter().flat_map(|source| {
        source.fields.iter().filter_map(|field| match field.kind() {
            FieldKind::Reference { on_delete } => Some((Arc::clone(source), field.position, *on_delete)),
            _ => None,
        })
    });
    typed.chain(any).collect()
}

/// The records whose link points at a record, the latest first: what was made later links to what was made
/// earlier, so that a deletion of all of them need not clear links that a restoration would miss.
pub(crate) fn linking(
    unit: &UnitOfWork<'_>,
    source: &RecordType,
    position: usize,
    target: &RecordType,
    data: &RecordData,
    most: i64,
) -> Result<Vec<RecordId>> {
    let field = &source.fields[position];
    let sql = format!(
        "SELECT \"id\" FROM {} WHERE {} = ?1 ORDER BY row_id DESC LIMIT ?2",
        source.table, field.column
    );
    let text = Reference::new(target.name(), data.id()).to_string();
    let key = if matches!(field.kind(), FieldKind::Link { .. }) {
        Param::Id(data.id())
    } else {
        Param::Text(&text)
    };
    query_all(unit.connection, &sql, &[key, Param::Integer(most)], |row| Ok(row.id(0)?.unwrap_or_default()))
}
