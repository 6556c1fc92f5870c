//! The read log: who read whose data, written after the read in a unit of work of its own.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use super::guard::subject_position;
use super::ids::ReadLogId;
use super::model::ReadLog;
use crate::access::users::UserId;
use crate::crm::Engine;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::disclosure::DisclosureId;
use crate::record::door::Reader;
use crate::record::unit::UnitOfWork;
use crate::record::{DataCategory, RecordData, RecordType};
use crate::session::Session;

/// How many people one entry of the log names.
const PEOPLE_OF_AN_ENTRY: usize = 1_000;

/// One reading, as somebody's right of access shows it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadLogEntry {
    /// The entry of the log.
    pub id: ReadLogId,
    /// When it was read.
    pub read_at: Timestamp,
    /// The user who read; `None` for the system.
    pub user: Option<UserId>,
    /// The key of the purpose.
    pub purpose: String,
    /// What was done, for example `export.csv`.
    pub operation: String,
    /// The record type; `*` for the whole database.
    pub record_type: String,
    /// The categories of the personal data.
    pub categories: Vec<String>,
    /// To whom the data were given, when they left the database.
    pub disclosure: Option<DisclosureId>,
}

/// What is to be written into the log of one reading.
#[derive(Debug)]
pub(crate) struct Logged {
    operation: &'static str,
    record_type: String,
    records: i64,
    categories: BTreeSet<DataCategory>,
    people: BTreeSet<RecordId>,
}

impl Logged {
    /// A reading that is always logged.
    pub(crate) fn of(operation: &'static str, record_type: &str) -> Self {
        Self {
            operation,
            record_type: record_type.to_owned(),
            records: 0,
            categories: BTreeSet::new(),
            people: BTreeSet::new(),
        }
    }

    /// A reading of records of a type that is logged when its turn has come, as the database was opened.
    pub(crate) fn sampled(
        engine: &Engine,
        operation: &'static str,
        record_type: &RecordType,
    ) -> Option<RefCell<Self>> {
        let every = u64::from(engine.config.read_log_every);
        if every == 0 || !super::guard::holds_personal_data(record_type) {
            return None;
        }
        let turn = engine.reads.fetch_add(1, Ordering::Relaxed) % every == every - 1;
        turn.then(|| RefCell::new(Self::of(operation, record_type.name())))
    }

    /// Takes in a record that was read.
    pub(crate) fn add(&mut self, reader: &Reader<'_>, record_type: &RecordType, data: &RecordData) {
        self.records += 1;
        if self.records == 1 {
            self.add_categories(reader, record_type);
        }
        if let Some(person) = subject_position(record_type).and_then(|at| data.values[at].as_id()) {
            self.people.insert(person);
        }
    }

    /// Takes in the categories of the fields of a type that the session may read.
    pub(crate) fn add_categories(&mut self, reader: &Reader<'_>, record_type: &RecordType) {
        let shown = record_type
            .own_fields()
            .iter()
            .filter(|field| reader.scope.reason(record_type, field).is_none())
            .filter_map(|field| field.descriptor.category);
        self.categories.extend(shown);
    }

    /// A package of all that is known of a person, which is always logged.
    pub(crate) fn package(
        operation: &'static str,
        reader: &Reader<'_>,
        person: RecordId,
        records: usize,
    ) -> Self {
        let mut logged = Self::of(operation, "person");
        logged.records = i64::try_from(records).unwrap_or(i64::MAX);
        logged.people.insert(person);
        for record_type in reader.schema.types() {
            logged.add_categories(reader, record_type);
        }
        logged
    }

    /// Takes in how many records were read, when they are too many to name the people.
    pub(crate) fn count(&mut self, records: u64) {
        self.records = i64::try_from(records).unwrap_or(i64::MAX);
    }

    /// The categories that were read.
    pub(crate) fn categories(&self) -> Vec<String> {
        self.categories.iter().map(|category| category.key().to_owned()).collect()
    }

    /// How many records were read.
    pub(crate) fn records(&self) -> i64 {
        self.records
    }

    /// The record type that was read.
    pub(crate) fn record_type(&self) -> &str {
        &self.record_type
    }

    /// Writes the entries, in the unit of work of the caller.
    pub(crate) fn write(&self, unit: &mut UnitOfWork<'_>, disclosure: Option<DisclosureId>) -> Result<()> {
        let people: Vec<String> = self.people.iter().map(ToString::to_string).collect();
        let batches: Vec<&[String]> =
            if people.is_empty() { vec![&[]] } else { people.chunks(PEOPLE_OF_AN_ENTRY).collect() };
        for batch in batches {
            unit.create_record(ReadLog {
                purpose: unit.viewer.purpose_key().to_owned(),
                operation: self.operation.to_owned(),
                record_type: self.record_type.clone(),
                records: self.records,
                categories: self.categories(),
                subjects: batch.to_vec(),
                disclosure,
                ..ReadLog::default()
            })?;
        }
        Ok(())
    }

    /// Writes the entries after the read, in a unit of work of their own.
    pub(crate) fn write_after(&self, session: &Session, disclosure: Option<DisclosureId>) -> Result<()> {
        session.engine.write(&session.viewer, None, &mut |unit| self.write(unit, disclosure))
    }
}
