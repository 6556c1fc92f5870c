//! Checking that the records are what the journal says of them.
//!
//! SQLite keeps no checksums: a bit that flips inside of a value, or a row that somebody changed past the engine, reads
//! like any other. The journal holds every value that a record was given, so the two can be compared.

use std::ops::ControlFlow;

use serde_json::Value as Json;

use super::entry::{StoredEntry, damaged};
use super::history::stored_of_record;
use super::leaf::EntryHeader;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::journal::entry::Operation;
use crate::record::columns::read_record;
use crate::record::door::Reader;
use crate::record::json::to_json;
use crate::record::schema::{Field, system};
use crate::record::{RecordData, RecordType, Value};
use crate::storage::{Param, query_all};

/// The outcome of comparing the records with the journal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordsVerification {
    /// How many records were compared.
    pub compared: u64,
    /// What does not match, up to a hundred.
    pub findings: Vec<RecordFinding>,
}

impl RecordsVerification {
    /// Whether everything matches.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

/// A value that is not the one that the journal has.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordFinding {
    /// The type of the record.
    pub record_type: String,
    /// The record.
    pub record: RecordId,
    /// The field, or the name of what is kept of other records: `totals` for the sums of the deals in a stage.
    pub field: String,
}

const MOST_FINDINGS: usize = 100;
/// How many records are read at once.
const PAGE: i64 = 200;

/// What is told how many records were compared; it can stop the work.
pub type Progress<'a> = &'a mut dyn FnMut(u64) -> ControlFlow<()>;

/// Compares all records with the journal.
pub(crate) fn all(reader: &Reader<'_>, progress: Progress<'_>) -> Result<RecordsVerification> {
    let mut outcome = RecordsVerification { compared: 0, findings: Vec::new() };
    for record_type in reader.schema.types() {
        let sql = format!(
            "SELECT {} FROM {} AS t WHERE t.row_id > ?1 ORDER BY t.row_id LIMIT ?2",
            record_type.statements().columns,
            record_type.table
        );
        let mut last = i64::MIN;
        loop {
            let page =
                query_all(reader.connection, &sql, &[Param::Integer(last), Param::Integer(PAGE)], |row| {
                    read_record(record_type, row)
                })?;
            let Some(end) = page.last() else { break };
            // In a damaged tree rows may come in any order, and one that comes again would go on for ever.
            if end.row_id <= last {
                return Err(crate::storage::error::corrupt());
            }
            last = end.row_id;
            for data in &page {
                compare(reader, record_type, data, &mut outcome.findings)?;
                outcome.compared += 1;
                if outcome.findings.len() >= MOST_FINDINGS {
                    return Ok(outcome);
                }
            }
            if progress(outcome.compared).is_break() {
                return Err(CrmError::new(
                    ErrorKind::Interrupted,
                    "verify.cancelled",
                    "the host cancelled it",
                ));
            }
        }
    }
    for record_type in reader.schema.types() {
        for one in record_type.descriptor.rules.wrong(reader.connection)? {
            outcome.findings.push(RecordFinding {
                record_type: one.record_type.to_owned(),
                record: one.record,
                field: one.what.to_owned(),
            });
        }
    }
    outcome.findings.truncate(MOST_FINDINGS);
    Ok(outcome)
}

/// Compares one record: each field with the latest entry that gave it a value.
fn compare(
    reader: &Reader<'_>,
    record_type: &RecordType,
    data: &RecordData,
    findings: &mut Vec<RecordFinding>,
) -> Result<()> {
    let mut open: Vec<&Field> = record_type.fields.iter().filter(|field| !counted(field.position)).collect();
    let mut differs = |field: &Field| {
        findings.push(RecordFinding {
            record_type: record_type.name().to_owned(),
            record: data.id(),
            field: field.name().to_owned(),
        });
    };
    let history = stored_of_record(reader.connection, data.id())?;
    if history.first().is_none_or(|newest| newest.header.version != data.version()) {
        differs(&record_type.fields[system::VERSION]);
    }
    if let Some(stamp) = history.iter().find_map(|entry| stamp_of(entry, data)) {
        let [at, by] = stamp;
        for (position, expected) in [(system::UPDATED_AT, at), (system::UPDATED_BY, by)] {
            if data.values[position] != expected {
                differs(&record_type.fields[position]);
            }
        }
    }
    for entry in &history {
        let (fields, erased) = entry.payload(reader.engine, reader.connection)?;
        let operation = entry.operation()?;
        for (name, value) in fields {
            let Some(at) = open.iter().position(|field| field.name() == name) else { continue };
            let field = open.swap_remove(at);
            if after(operation, value)? != to_json(&data.values[field.position]) {
                differs(field);
            }
        }
        if erased {
            // What was sealed cannot be read any more, so nothing can be said of these fields.
            open.retain(|field| !field.is_personal());
        }
        if matches!(operation, Operation::Create | Operation::Restore | Operation::Purge) {
            open.retain(|field| !follows(entry, operation, field, data));
            break;
        }
    }
    // What no entry speaks of was never given, or is the default of a field that came later.
    open.into_iter().filter(|field| !is_untouched(field, data)).for_each(differs);
    Ok(())
}

/// When a record was changed last and by whom, if an entry says so: the latest change that stamped it.
fn stamp_of(entry: &StoredEntry, data: &RecordData) -> Option<[Value; 2]> {
    let EntryHeader { at, actor, version, .. } = entry.header;
    let stamps = match entry.operation().ok()? {
        Operation::Update => true,
        // A record that was taken over from elsewhere has kept its stamps.
        Operation::Create => {
            let created = &data.values[system::CREATED_AT];
            version == 1 && *created == Value::Timestamp(at)
        }
        _ => false,
    };
    (stamps && version == data.version()).then_some([Value::Timestamp(at), Value::Id(actor)])
}

/// The value after a change.
fn after(operation: Operation, value: Json) -> Result<Json> {
    match (operation, value) {
        (Operation::Update, Json::Array(mut pair)) if pair.len() == 2 => Ok(pair.pop().unwrap_or_default()),
        (Operation::Update, _) => Err(damaged("holds a change that is no pair")),
        (_, value) => Ok(value),
    }
}

/// Whether the entry itself, and not its payload, says what the field holds.
fn follows(entry: &StoredEntry, operation: Operation, field: &Field, data: &RecordData) -> bool {
    let value = &data.values[field.position];
    operation == Operation::Create
        && match field.position {
            system::CREATED_AT => *value == Value::Timestamp(entry.header.at),
            system::CREATED_BY => value.as_id() == Some(entry.header.actor),
            _ => false,
        }
}

fn is_untouched(field: &Field, data: &RecordData) -> bool {
    let value = &data.values[field.position];
    value.is_null() || field.descriptor.default.as_ref() == Some(value)
}

/// What every change counts or stamps anew.
fn counted(position: usize) -> bool {
    matches!(position, system::ID | system::VERSION | system::UPDATED_AT | system::UPDATED_BY)
}
