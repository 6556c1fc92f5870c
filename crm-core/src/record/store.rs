//! Storing one change: the row, the value index, the search entry, the timeline, the journal entry.

use std::fmt::Write;
use std::sync::Arc;

use super::columns::{Texts, bind};
use super::data::RecordData;
use super::derived::{self, Document};
use super::descriptor::SearchRole;
use super::schema::{Field, NAME_KEY, RecordType, system};
use super::unit::{Change, UnitOfWork};
use super::value::Value;
use super::{links, payload};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;
use crate::journal::writer::{Draft, stored};
use crate::search::index;
use crate::storage::{Param, query_one};

/// Whether an update gives any field of the host another value.
pub(super) fn differs(change: &Change) -> bool {
    let Some(before) = &change.before else { return true };
    before.values[system::OWNER..] != change.after.values[system::OWNER..]
}

/// Stores a creation, an update or a restoration.
pub(super) fn save(unit: &mut UnitOfWork<'_>, change: &mut Change, fresh: bool) -> Result<()> {
    links::check_references(unit, change)?;
    let record_type = Arc::clone(&change.record_type);
    let key = derived::name_key(&record_type, &change.after);
    if change.before.is_none() {
        insert_row(unit, &record_type, &mut change.after, &key)?;
    } else {
        update_row(unit, &record_type, change, &key)?;
    }
    unit.written += 1;
    let since = change.since.filter(|_| change.before.is_none()).unwrap_or(unit.now);
    follow(unit, &record_type, change.before.as_ref(), Some(&change.after), since)?;
    note_governing(unit, &record_type)?;
    journal(unit, change, fresh)?;
    Ok(())
}

/// Removes the row of a deleted record and puts the record into the bin.
pub(super) fn remove(unit: &mut UnitOfWork<'_>, change: &Change, batch: u64) -> Result<()> {
    let record_type = Arc::clone(&change.record_type);
    let row_id = change.after.row_id;
    unit.connection.execute(&record_type.statements().delete, &[Param::Integer(row_id)])?;
    unit.written += 1;
    follow(unit, &record_type, change.before.as_ref(), None, unit.now)?;
    note_governing(unit, &record_type)?;
    let sequence = journal(unit, change, false)?;
    unit.connection.execute(
        "INSERT INTO crm_bin (record, record_type, deleted_at, deleted_by, batch, sequence) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            Param::Id(change.id()),
            Param::Integer(record_type.number),
            Param::Timestamp(unit.now),
            Param::Id(unit.actor()),
            Param::Integer(stored(batch)?),
            Param::Integer(stored(sequence)?),
        ],
    )?;
    Ok(())
}

/// Makes every session look again at what it may read, when a record that decides it has changed.
fn note_governing(unit: &mut UnitOfWork<'_>, record_type: &RecordType) -> Result<()> {
    if record_type.governs_reading {
        unit.scope_changed = true;
        super::install::note_reading_changed(unit.connection)?;
    }
    Ok(())
}

fn insert_row(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    data: &mut RecordData,
    key: &str,
) -> Result<()> {
    let statements = record_type.statements();
    let texts = Texts::of(data);
    let mut parameters = Vec::with_capacity(statements.column_count + 1);
    parameters.push(Param::Text(key));
    for (field, value) in record_type.fields.iter().zip(&data.values) {
        bind(field, value, &mut parameters, &texts)?;
    }
    let row_id = unit
        .connection
        .insert(&statements.insert, &parameters)
        .map_err(|error| explain(unit, record_type, data, error))?;
    data.row_id = row_id;
    Ok(())
}

fn update_row(unit: &UnitOfWork<'_>, record_type: &RecordType, change: &Change, key: &str) -> Result<()> {
    let Some(before) = &change.before else { return Ok(()) };
    let after = &change.after;
    let texts = Texts::of(after);
    let mut parameters = vec![Param::Integer(after.row_id)];
    let mut columns: Vec<&str> = Vec::new();
    for (field, value) in record_type.fields.iter().zip(&after.values) {
        if before.values[field.position] != *value {
            columns.extend(field.columns().map(|(column, _)| column));
            bind(field, value, &mut parameters, &texts)?;
        }
    }
    if derived::name_key(record_type, before) != key {
        columns.push(NAME_KEY);
        parameters.push(Param::Text(key));
    }
    let mut sql = format!("UPDATE {} SET ", record_type.table);
    for (index, column) in columns.iter().enumerate() {
        let comma = if index == 0 { "" } else { ", " };
        write!(sql, "{comma}{column} = ?{}", index + 2).expect("writing to a string does not fail");
    }
    sql.push_str(" WHERE row_id = ?1");
    unit.connection.execute(&sql, &parameters).map_err(|error| explain(unit, record_type, after, error))?;
    Ok(())
}

/// Keeps everything that is derived from a record in step with it.
pub(super) fn follow(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    before: Option<&RecordData>,
    after: Option<&RecordData>,
    since: Timestamp,
) -> Result<()> {
    let Some(row_id) = after.or(before).map(|data| data.row_id) else { return Ok(()) };
    if record_type.governs_permits {
        super::install::note_permits_changed(unit.connection)?;
    }
    let (mut old_words, mut new_words) = (Vec::new(), Vec::new());
    for field in record_type.fields.iter().filter(|field| field.number != 0) {
        if field.descriptor.periods {
            follow_period(unit, field, before, after, since)?;
            continue;
        }
        let (old, new) = (value_of(before, field), value_of(after, field));
        if old != new {
            let (old, new) = follow_values(unit, field, row_id, old, new)?;
            old_words.push((field.position, old));
            new_words.push((field.position, new));
        }
    }
    let searched = |field: &&Field| field.descriptor.search != SearchRole::None;
    if record_type
        .own_fields()
        .iter()
        .filter(searched)
        .any(|field| value_of(before, field) != value_of(after, field))
    {
        let document = |data: Option<&RecordData>, words: &[(usize, String)]| {
            data.map(|data| derived::document(record_type, data, words)).transpose()
        };
        let old = document(before, &old_words)?.unwrap_or_default();
        let new = document(after, &new_words)?.unwrap_or_default();
        if old != new {
            follow_search(unit, record_type, row_id, &old, &new)?;
        }
    }
    follow_timeline(unit, record_type, row_id, before, after)
}

/// The value of a field; null where there is no record.
fn value_of<'a>(data: Option<&'a RecordData>, field: &Field) -> &'a Value {
    data.map_or(&Value::Null, |data| &data.values[field.position])
}

/// Keeps the value index in step with a field. Gives the words of the old and the new value for the search index,
/// which were found on the way.
pub(super) fn follow_values(
    unit: &UnitOfWork<'_>,
    field: &Field,
    row_id: i64,
    old: &Value,
    new: &Value,
) -> Result<(String, String)> {
    let (old, new) = (derived::extract(field, old)?, derived::extract(field, new)?);
    for term in old.terms.iter().filter(|term| new.terms.binary_search(term).is_err()) {
        unit.connection.execute(
            "DELETE FROM crm_value WHERE field = ?1 AND value = ?2 AND record = ?3",
            &[Param::Integer(field.number), Param::Text(term), Param::Integer(row_id)],
        )?;
    }
    for term in new.terms.iter().filter(|term| old.terms.binary_search(term).is_err()) {
        unit.connection.execute(
            "INSERT INTO crm_value (field, value, record) VALUES (?1, ?2, ?3)",
            &[Param::Integer(field.number), Param::Text(term), Param::Integer(row_id)],
        )?;
    }
    Ok((old.words, new.words))
}

/// Ends the period of the old value and begins that of the new. What was deleted keeps its periods, so that
/// they are there when it is restored.
fn follow_period(
    unit: &UnitOfWork<'_>,
    field: &Field,
    before: Option<&RecordData>,
    after: Option<&RecordData>,
    since: Timestamp,
) -> Result<()> {
    let Some(record) = after.or(before).map(RecordData::id) else { return Ok(()) };
    let (old, new) = (value_of(before, field), value_of(after, field));
    if old == new {
        return Ok(());
    }
    let key = [Param::Id(record), Param::Integer(field.number), Param::Timestamp(since)];
    if before.is_some() {
        unit.connection.execute(
            "UPDATE crm_period SET left_at = ?3 WHERE record = ?1 AND field = ?2 AND left_at IS NULL",
            &key,
        )?;
    }
    let (link, text) = match new {
        Value::Id(id) => (Param::Id(*id), Param::Null),
        Value::Text(text) => (Param::Null, Param::Text(text)),
        _ => return Ok(()),
    };
    unit.connection.execute(
        "INSERT INTO crm_period (record, field, entered_at, link, value, entered_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6) \
         ON CONFLICT (field, record, entered_at) DO UPDATE SET link = excluded.link, value = excluded.value, left_at = NULL",
        &[key[0], key[1], key[2], link, text, Param::Id(unit.actor())],
    )?;
    Ok(())
}

pub(super) fn follow_search(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    row_id: i64,
    old: &Document,
    new: &Document,
) -> Result<()> {
    let entry = index::entry_of(record_type, row_id)?;
    if !old.is_empty() {
        index::remove(unit.connection, entry, old)?;
    }
    if !new.is_empty() {
        index::add(unit.connection, entry, new)?;
    }
    Ok(())
}

pub(super) fn follow_timeline(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    row_id: i64,
    before: Option<&RecordData>,
    after: Option<&RecordData>,
) -> Result<()> {
    let places =
        |data: Option<&RecordData>| data.map(|data| derived::places(record_type, data)).unwrap_or_default();
    let (old, new) = (places(before), places(after));
    let parameters = |(subject, time): &(RecordId, Timestamp)| {
        [
            Param::Id(*subject),
            Param::Timestamp(*time),
            Param::Integer(record_type.number),
            Param::Integer(row_id),
        ]
    };
    for place in old.iter().filter(|place| !new.contains(place)) {
        let sql =
            "DELETE FROM crm_timeline WHERE subject = ?1 AND at = ?2 AND record_type = ?3 AND record = ?4";
        unit.connection.execute(sql, &parameters(place))?;
    }
    for place in new.iter().filter(|place| !old.contains(place)) {
        let sql = "INSERT INTO crm_timeline (subject, at, record_type, record) VALUES (?1, ?2, ?3, ?4)";
        unit.connection.execute(sql, &parameters(place))?;
    }
    Ok(())
}

/// Stores an update that takes personal values out of a record. The journal gets the ordinary fields only: what is taken
/// out must not be written down once more, not even sealed.
pub(super) fn redact(unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
    let record_type = Arc::clone(&change.record_type);
    update_row(unit, &record_type, change, &derived::name_key(&record_type, &change.after))?;
    unit.written += 1;
    follow(unit, &record_type, change.before.as_ref(), Some(&change.after), unit.now)?;
    let draft = Draft {
        actor: unit.actor(),
        purpose: unit.viewer.purpose.number(),
        job: unit.job,
        record_type: journal_number(&record_type)?,
        record: change.id(),
        operation: change.operation,
        version: change.after.version(),
        plain: &payload::of(change, unit.now).plain,
        sealed: None,
    };
    unit.journal.append(unit.connection, &*unit.engine.random, unit.now, &draft)?;
    Ok(())
}

/// Appends the entry of a purge to the journal: that it was done, when and by whom. It holds no values.
pub(crate) fn journal_purge(unit: &mut UnitOfWork<'_>, record_type: &RecordType, id: RecordId) -> Result<()> {
    journal_purge_with(unit, record_type, id, "{}")
}

/// As [`journal_purge`], with what the entry says of the purge.
pub(super) fn journal_purge_with(
    unit: &mut UnitOfWork<'_>,
    record_type: &RecordType,
    id: RecordId,
    plain: &str,
) -> Result<()> {
    let sql = "SELECT version FROM crm_journal WHERE record = ?1 ORDER BY sequence DESC LIMIT 1";
    let version = query_one(unit.connection, sql, &[Param::Id(id)], |row| row.integer(0))?.flatten();
    let draft = Draft {
        actor: unit.actor(),
        purpose: unit.purpose_number()?,
        job: unit.job,
        record_type: journal_number(record_type)?,
        record: id,
        operation: Operation::Purge,
        version: version.unwrap_or_default(),
        plain,
        sealed: None,
    };
    unit.journal.append(unit.connection, &*unit.engine.random, unit.now, &draft)?;
    unit.written += 1;
    Ok(())
}

fn journal_number(record_type: &RecordType) -> Result<u32> {
    u32::try_from(record_type.number).map_err(|_| CrmError::internal("a type's number is too large"))
}

/// Appends the journal entry of a change.
fn journal(unit: &mut UnitOfWork<'_>, change: &Change, fresh: bool) -> Result<u64> {
    let record_type = &change.record_type;
    let payload = payload::of(change, unit.now);
    let sealed = if payload.sealed.is_empty() {
        None
    } else {
        let linked = record_type.subject_field.and_then(|position| change.after.values[position].as_id());
        let subject = linked.unwrap_or_else(|| change.id());
        // The key of a record that has its identifier from this unit of work cannot exist yet.
        Some((subject, unit.key_of(subject, fresh && linked.is_none())?))
    };
    let draft = Draft {
        actor: unit.actor(),
        purpose: unit.purpose_number()?,
        job: unit.job,
        record_type: journal_number(record_type)?,
        record: change.id(),
        operation: change.operation,
        version: change.after.version(),
        plain: &payload.plain,
        sealed: sealed.as_ref().map(|(subject, key)| (*subject, key, payload.sealed.as_str())),
    };
    unit.journal.append(unit.connection, &*unit.engine.random, unit.now, &draft)
}

/// Says which field broke a constraint of the database.
fn explain(unit: &UnitOfWork<'_>, record_type: &RecordType, data: &RecordData, error: CrmError) -> CrmError {
    match error.code() {
        "storage.foreign_key" => links::broken(unit, record_type, data, &error).unwrap_or(error),
        "storage.unique" => {
            let columns = error.details().get("columns").map(ToString::to_string).unwrap_or_default();
            let field = record_type.fields.iter().find(|field| {
                columns.contains(&format!(".{}\"", field.name())) || columns.contains(&field.column)
            });
            match field {
                Some(field) if field.position == system::ID => CrmError::new(
                    ErrorKind::Duplicate,
                    "record.exists",
                    "a record with this identifier exists",
                )
                .at("id"),
                Some(field) => {
                    let reason = format!("another {} has this value", record_type.name());
                    CrmError::new(ErrorKind::Duplicate, "field.duplicate", reason).at(field.name())
                }
                None => error,
            }
        }
        _ => error,
    }
}
