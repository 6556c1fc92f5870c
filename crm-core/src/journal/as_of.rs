//! Reading the state of an earlier time.
//!
//! The present rows are rolled back by the journal: whatever was changed since is rebuilt into temporary tables,
//! and a view over those and the untouched rows stands in for each table. Every list, count and group then runs on
//! the past with the same statements as on the present. The cost grows with what was changed since, not with the
//! size of the database.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value as Json;

use super::entry::{COLUMNS, Operation, StoredEntry};
use super::feed::stored_entries;
use super::writer::{end, stored};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::record::bin::from_fields;
use crate::record::columns::{Texts, bind};
use crate::record::data::RecordData;
use crate::record::derived;
use crate::record::door::{Reader, Snapshot, read};
use crate::record::filter::terms::VALUE_TABLE;
use crate::record::json::from_json;
use crate::record::schema::{NAME_KEY, RecordType, system};
use crate::record::value::Value;
use crate::session::Session;
use crate::storage::{ColumnType, Connection, Dialect, Param, ReadMode, query_one};

/// An earlier state, prepared for reading.
pub(crate) struct Past {
    at: Timestamp,
    /// The first sequence that was committed after the time.
    end: u64,
    /// The types of which records were changed since.
    changed: BTreeSet<i64>,
    dialect: Dialect,
    value_table: String,
    timeline_table: String,
}

/// How many journal entries are read at a time.
const BATCH: u64 = 1_000;

const GONE: &str = "crm_past_gone";
const VALUES: &str = "crm_past_value";
const ENTRIES: &str = "crm_past_entry";
const PLACES: &str = "crm_past_timeline";
const VALUES_AS_OF: &str = "crm_value_as_of";
const TIMELINE_AS_OF: &str = "crm_timeline_as_of";

impl Past {
    fn new(at: Timestamp, end: u64, changed: BTreeSet<i64>, dialect: Dialect) -> Self {
        let stands_in = |view: &str, table: &str| {
            if changed.is_empty() { table.to_owned() } else { format!("{}{view}", dialect.temporary()) }
        };
        let value_table = stands_in(VALUES_AS_OF, VALUE_TABLE);
        let timeline_table = stands_in(TIMELINE_AS_OF, "crm_timeline");
        Self { at, end, changed, dialect, value_table, timeline_table }
    }

    /// What stands behind `FROM` for a type.
    pub(crate) fn table(&self, record_type: &RecordType) -> String {
        if self.changed.contains(&record_type.number) {
            format!("{}\"{}\"", self.dialect.temporary(), view(record_type))
        } else {
            record_type.table.clone()
        }
    }

    /// What stands behind `FROM` for the value index.
    pub(crate) fn value_table(&self) -> &str {
        &self.value_table
    }

    /// What stands behind `FROM` for the entries of timelines.
    pub(crate) fn timeline_table(&self) -> &str {
        &self.timeline_table
    }

    /// How long the journal was.
    pub(crate) fn journal_end(&self) -> u64 {
        self.end
    }

    /// The time that is read.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }
}

fn view(record_type: &RecordType) -> String {
    format!("{}_as_of", record_type.name())
}

fn rows(record_type: &RecordType) -> String {
    format!("{}_past", record_type.name())
}

impl Session {
    /// Reads the state of an earlier time: the reading half of every area hangs off the snapshot, and shows the
    /// records as they were. What was committed at exactly that time is included.
    ///
    /// Personal values that were erased since are missing. Timelines, boards, conversion and velocity of pipelines follow;
    /// the search does not, because its index holds the present.
    ///
    /// # Errors
    /// What the closure returns; `storage.*`.
    pub fn as_of<T>(&self, at: Timestamp, mut work: impl FnMut(&Snapshot<'_>) -> Result<T>) -> Result<T> {
        read(self, ReadMode::Scratch, |reader| {
            let (size, _) = end(reader.connection)?;
            let first = first_after(reader.connection, at, size)?;
            let states = rolled_back(reader, first, size)?;
            let changed = states.keys().copied().collect();
            let past = Past::new(at, first, changed, reader.connection.dialect());
            let outcome = prepare(reader, &states).and_then(|()| {
                let reader = Reader {
                    as_of: Some(&past),
                    permits: None,
                    schema: Arc::clone(&reader.schema),
                    scope: Arc::clone(&reader.scope),
                    ..*reader
                };
                work(&Snapshot { reader: &reader })
            });
            // The tables belong to the connection, which others use after this. A transaction that has failed takes
            // them with it.
            if !reader.connection.is_aborted() {
                drop_all(reader, &states)?;
            }
            outcome
        })
    }
}

/// The records of one type that were changed since, as they were; `None` for those that were not there.
type States = BTreeMap<i64, BTreeMap<RecordId, Option<RecordData>>>;

fn rolled_back(reader: &Reader<'_>, from: u64, size: u64) -> Result<States> {
    let mut states = States::new();
    let sql = format!(
        "SELECT {COLUMNS} FROM crm_journal WHERE sequence >= ?1 AND sequence < ?2 ORDER BY sequence DESC"
    );
    let mut until = size;
    while until > from {
        let start = until.saturating_sub(BATCH).max(from);
        let bounds = [Param::Integer(stored(start)?), Param::Integer(stored(until)?)];
        for entry in stored_entries(reader.connection, &sql, &bounds)? {
            roll_back(reader, &entry, &mut states)?;
        }
        until = start;
    }
    for (number, records) in &mut states {
        let Some(record_type) = reader.schema.by_number(*number) else { continue };
        for (id, state) in records.iter_mut() {
            if let Some(data) = state {
                data.values[system::ID] = Value::Id(*id);
                last_stamp(reader.connection, from, *id, data)?;
                data.values.resize(record_type.fields.len(), Value::Null);
            }
        }
    }
    Ok(states)
}

/// The first sequence that was committed after a time. The times in the journal never go back.
fn first_after(connection: &dyn Connection, at: Timestamp, size: u64) -> Result<u64> {
    let (mut low, mut high) = (0, size);
    while low < high {
        let middle = low + (high - low) / 2;
        let time = query_one(
            connection,
            "SELECT at FROM crm_journal WHERE sequence = ?1",
            &[Param::Integer(stored(middle)?)],
            |row| Ok(row.timestamp(0)?.unwrap_or_default()),
        )?;
        if time.is_none_or(|time| time > at) { high = middle } else { low = middle + 1 }
    }
    Ok(low)
}

fn roll_back(reader: &Reader<'_>, entry: &StoredEntry, states: &mut States) -> Result<()> {
    let number = i64::from(entry.header.record_type);
    let Some(record_type) = reader.schema.by_number(number) else { return Ok(()) };
    let records = states.entry(number).or_default();
    let id = entry.header.record;
    let state = match records.entry(id) {
        Entry::Occupied(known) => known.into_mut(),
        Entry::Vacant(new) => new.insert(crate::record::read::by_id(reader.connection, record_type, id)?),
    };
    match entry.operation()? {
        Operation::Create | Operation::Restore => *state = None,
        // It was gone before, and is what it was.
        Operation::Purge => {}
        Operation::Delete => {
            let (fields, _) = entry.payload(reader.engine, reader.connection)?;
            *state = Some(from_fields(record_type, fields)?);
        }
        Operation::Update => {
            let Some(data) = state else { return Ok(()) };
            for (name, pair) in entry.payload(reader.engine, reader.connection)?.0 {
                let (Some(field), Json::Array(pair)) = (record_type.field(&name), pair) else { continue };
                if let Some(before) = pair.into_iter().next() {
                    data.values[field.position] = from_json(field, before)?;
                }
            }
        }
    }
    Ok(())
}

/// Version, time and actor of the last change before the sequence.
fn last_stamp(connection: &dyn Connection, before: u64, id: RecordId, data: &mut RecordData) -> Result<()> {
    let last = query_one(
        connection,
        "SELECT version, at, actor FROM crm_journal WHERE record = ?1 AND sequence < ?2 ORDER BY sequence DESC LIMIT 1",
        &[Param::Id(id), Param::Integer(stored(before)?)],
        |row| {
            Ok((
                row.integer(0)?.unwrap_or_default(),
                row.timestamp(1)?.unwrap_or_default(),
                row.id(2)?.unwrap_or_default(),
            ))
        },
    )?;
    if let Some((version, at, actor)) = last {
        data.values[system::VERSION] = Value::Integer(version);
        data.values[system::UPDATED_AT] = Value::Timestamp(at);
        data.values[system::UPDATED_BY] = Value::Id(actor);
    }
    Ok(())
}

fn prepare(reader: &Reader<'_>, states: &States) -> Result<()> {
    if states.is_empty() {
        return Ok(());
    }
    let connection = reader.connection;
    let dialect = connection.dialect();
    let ty = |column| dialect.column_type(column);
    let (integer, text) = (ty(ColumnType::Integer), ty(ColumnType::Text));
    let (id, time) = (ty(ColumnType::Id), ty(ColumnType::Timestamp));
    let (temp, main) = (dialect.temporary(), dialect.permanent());
    connection.execute_batch(&format!(
        "CREATE TEMP TABLE {GONE} (field {integer} NOT NULL, record {integer} NOT NULL, PRIMARY KEY (field, record));
         CREATE TEMP TABLE {VALUES} (field {integer} NOT NULL, value {text} NOT NULL, record {integer} NOT NULL, \
         PRIMARY KEY (field, value, record));
         CREATE TEMP VIEW {VALUES_AS_OF} AS SELECT v.field, v.value, v.record FROM {VALUE_TABLE} AS v WHERE NOT EXISTS \
         (SELECT 1 FROM {temp}{GONE} AS g WHERE g.field = v.field AND g.record = v.record) \
         UNION ALL SELECT field, value, record FROM {temp}{VALUES};
         CREATE TEMP TABLE {ENTRIES} (record_type {integer} NOT NULL, record {integer} NOT NULL, \
         PRIMARY KEY (record_type, record));
         CREATE TEMP TABLE {PLACES} (subject {id} NOT NULL, at {time} NOT NULL, \
         record_type {integer} NOT NULL, record {integer} NOT NULL, PRIMARY KEY (subject, at, record_type, record));
         CREATE TEMP VIEW {TIMELINE_AS_OF} AS SELECT l.subject, l.at, l.record_type, l.record \
         FROM {main}crm_timeline AS l WHERE NOT EXISTS \
         (SELECT 1 FROM {temp}{ENTRIES} AS e WHERE e.record_type = l.record_type AND e.record = l.record) \
         UNION ALL SELECT subject, at, record_type, record FROM {temp}{PLACES}"
    ))?;
    for (number, records) in states {
        if let Some(record_type) = reader.schema.by_number(*number) {
            prepare_type(reader, record_type, records)?;
        }
    }
    Ok(())
}

fn prepare_type(
    reader: &Reader<'_>,
    record_type: &RecordType,
    records: &BTreeMap<RecordId, Option<RecordData>>,
) -> Result<()> {
    let connection = reader.connection;
    let names: Vec<&str> =
        record_type.fields.iter().flat_map(|field| field.columns().map(|(name, _)| name)).collect();
    let columns = format!("{NAME_KEY}, {}", names.join(", "));
    let (rows, view, table) = (rows(record_type), view(record_type), &record_type.table);
    let dialect = connection.dialect();
    let (temp, main) = (dialect.temporary(), dialect.permanent());
    connection.execute_batch(&format!(
        "CREATE TEMP TABLE \"{rows}\" AS SELECT row_id, 1 = 1 AS present, {columns} FROM {table} LIMIT 0;
         {index};
         CREATE TEMP VIEW \"{view}\" AS SELECT row_id, {columns} FROM {main}{table} AS m WHERE NOT EXISTS \
         (SELECT 1 FROM {temp}\"{rows}\" AS p WHERE p.row_id = m.row_id) \
         UNION ALL SELECT row_id, {columns} FROM {temp}\"{rows}\" WHERE present",
        index = dialect.temporary_index(&format!("{rows}_row"), &rows, "row_id"),
    ))?;
    let places: Vec<String> = (1..=names.len() + 3).map(|place| format!("?{place}")).collect();
    let insert =
        format!("INSERT INTO {temp}\"{rows}\" (row_id, present, {columns}) VALUES ({})", places.join(", "));
    for (id, state) in records {
        let row_id = match row_of(connection, record_type, *id)? {
            Some(row_id) => row_id,
            None if state.is_none() => continue,
            None => lost_row(connection, *id)?,
        };
        let empty = RecordData::empty(record_type);
        let data = state.as_ref().unwrap_or(&empty);
        let key = derived::name_key(record_type, data);
        let texts = Texts::of(data);
        let mut parameters = vec![Param::Integer(row_id), Param::Boolean(state.is_some()), Param::Text(&key)];
        for (field, value) in record_type.fields.iter().zip(&data.values) {
            bind(field, value, &mut parameters, &texts)?;
        }
        connection.execute(&insert, &parameters)?;
        prepare_values(connection, record_type, row_id, data)?;
        prepare_timeline(connection, record_type, row_id, state.as_ref())?;
    }
    Ok(())
}

fn prepare_timeline(
    connection: &dyn Connection,
    record_type: &RecordType,
    row_id: i64,
    state: Option<&RecordData>,
) -> Result<()> {
    if record_type.timeline.is_none() {
        return Ok(());
    }
    let (number, row) = (Param::Integer(record_type.number), Param::Integer(row_id));
    let temp = connection.dialect().temporary();
    let sql = format!("INSERT INTO {temp}{ENTRIES} (record_type, record) VALUES (?1, ?2)");
    connection.execute(&sql, &[number, row])?;
    for (subject, at) in state.map(|data| derived::places(record_type, data)).unwrap_or_default() {
        let sql =
            format!("INSERT INTO {temp}{PLACES} (record_type, record, subject, at) VALUES (?1, ?2, ?3, ?4)");
        connection.execute(&sql, &[number, row, Param::Id(subject), Param::Timestamp(at)])?;
    }
    Ok(())
}

fn prepare_values(
    connection: &dyn Connection,
    record_type: &RecordType,
    row_id: i64,
    data: &RecordData,
) -> Result<()> {
    let temp = connection.dialect().temporary();
    for field in record_type.fields.iter().filter(|field| field.kind().is_multiple()) {
        let place = [Param::Integer(field.number), Param::Integer(row_id)];
        connection.execute(&format!("INSERT INTO {temp}{GONE} (field, record) VALUES (?1, ?2)"), &place)?;
        for term in derived::extract(field, &data.values[field.position])?.terms {
            let sql = format!("INSERT INTO {temp}{VALUES} (field, record, value) VALUES (?1, ?2, ?3)");
            connection.execute(&sql, &[place[0], place[1], Param::Text(&term)])?;
        }
    }
    Ok(())
}

fn row_of(connection: &dyn Connection, record_type: &RecordType, id: RecordId) -> Result<Option<i64>> {
    let sql = format!("SELECT row_id FROM {} WHERE \"id\" = ?1", record_type.table);
    Ok(query_one(connection, &sql, &[Param::Id(id)], |row| row.integer(0))?.flatten())
}

/// The number of a row that is gone by now: a negative one, which no row has, in the order of creation.
fn lost_row(connection: &dyn Connection, id: RecordId) -> Result<i64> {
    let sql = "SELECT min(sequence) FROM crm_journal WHERE record = ?1";
    let created = query_one(connection, sql, &[Param::Id(id)], |row| row.integer(0))?.flatten();
    Ok(i64::MIN / 2 + created.unwrap_or_default())
}

fn drop_all(reader: &Reader<'_>, states: &States) -> Result<()> {
    let temp = reader.connection.dialect().temporary();
    let mut sql = format!(
        "DROP VIEW IF EXISTS {temp}{VALUES_AS_OF}; DROP TABLE IF EXISTS {temp}{GONE}; \
         DROP TABLE IF EXISTS {temp}{VALUES}; DROP VIEW IF EXISTS {temp}{TIMELINE_AS_OF}; \
         DROP TABLE IF EXISTS {temp}{ENTRIES}; DROP TABLE IF EXISTS {temp}{PLACES};"
    );
    for record_type in states.keys().filter_map(|number| reader.schema.by_number(*number)) {
        sql.push_str(&format!(
            "DROP VIEW IF EXISTS {temp}\"{}\"; DROP TABLE IF EXISTS {temp}\"{}\";",
            view(record_type),
            rows(record_type)
        ));
    }
    reader.connection.execute_batch(&sql)
}
