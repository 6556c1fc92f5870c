//! The unit of work: the one door for writes.
//!
//! Whatever changes a record goes through [`UnitOfWork::create`], [`update`](UnitOfWork::update),
//! [`delete`](UnitOfWork::delete) or [`restore`](UnitOfWork::restore): the change is validated, the rules of the
//! type run, the row, its indexes and its search entry are stored, and the journal gets one entry, all in one
//! database transaction.

use std::sync::Arc;

use super::data::RecordData;
use super::door::Reader;
use super::schema::{RecordType, Schema, system};
use super::typed::Record;
use super::value::Value;
use super::{links, store, validate};
use crate::crm::{Engine, lock};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::journal::entry::Operation;
use crate::journal::writer::JournalWriter;
use crate::privacy::erasure::is_erased;
use crate::privacy::purposes;
use crate::privacy::reading::scope::ReadScope;
use crate::privacy::seal::SubjectKey;
use crate::privacy::store::{create_subject_key, store_subject_key, subject_key};
use crate::session::Viewer;
use crate::storage::{Connection, Param, query_one};

/// Where a change comes from. Rules may be laxer to what was valid before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A host, by a session.
    Host,
    /// The rules of another record.
    Rule,
    /// An undo or a restore: it brings back what was valid before.
    Undo,
    /// A copy out of another database: identifiers, times and versions are kept and no rule adds to it.
    Replica,
}

/// One change of one record on its way through the unit of work.
#[derive(Debug)]
pub struct Change {
    /// What is done.
    pub operation: Operation,
    /// The type of the record.
    pub record_type: Arc<RecordType>,
    /// The record before; empty for a creation.
    pub before: Option<RecordData>,
    /// The record after; for a deletion the record as it was.
    pub after: RecordData,
    /// Where the change comes from.
    pub origin: Origin,
    /// Since when a new record has its values, for fields that keep periods; without it, since now.
    pub since: Option<Timestamp>,
}

impl Change {
    /// The value of a field before the change; null for a creation.
    pub fn before(&self, field: &str) -> &Value {
        self.before.as_ref().map_or(&Value::Null, |before| before.get(&self.record_type, field))
    }

    /// The value of a field after the change.
    pub fn after(&self, field: &str) -> &Value {
        self.after.get(&self.record_type, field)
    }

    /// Whether the change gives the field another value. For a creation: whether the field has a value.
    pub fn changes(&self, field: &str) -> bool {
        self.before(field) != self.after(field)
    }

    /// Sets a field of the record after the change.
    ///
    /// # Errors
    /// `field.unknown`.
    pub fn set(&mut self, field: &str, value: impl Into<Value>) -> Result<()> {
        let record_type = Arc::clone(&self.record_type);
        self.after.set(&record_type, field, value.into())
    }

    /// The identifier of the record.
    pub fn id(&self) -> RecordId {
        self.after.id()
    }
}

/// A group of changes that is committed as one.
pub struct UnitOfWork<'a> {
    pub(crate) engine: &'a Engine,
    pub(crate) connection: &'a dyn Connection,
    pub(crate) viewer: &'a Viewer,
    pub(crate) schema: Arc<Schema>,
    pub(crate) journal: JournalWriter,
    pub(crate) job: Option<RecordId>,
    pub(crate) now: Timestamp,
    pub(super) new_keys: Vec<(RecordId, SubjectKey)>,
    /// The subjects whose keys were destroyed.
    pub(super) gone_keys: Vec<RecordId>,
    schema_changed: bool,
    /// How often what governs reading had been changed when the unit began.
    reading: i64,
    /// Whether what is kept of scopes does not hold here, because this unit has changed what they follow from.
    pub(crate) scope_changed: bool,
    pub(crate) written: u64,
    /// Whether a change failed half-way, so that nothing may be committed.
    pub(crate) broken: bool,
    depth: u32,
}

/// How deep rules may set off further changes before it is taken for a loop.
const DEEPEST: u32 = 32;

/// What a committed unit of work leaves to be made known.
pub(crate) struct Finished {
    journal: JournalWriter,
    new_keys: Vec<(RecordId, SubjectKey)>,
    gone_keys: Vec<RecordId>,
    schema: Option<Arc<Schema>>,
}

impl Engine {
    /// Runs a unit of work in a transaction, and makes its effects known after the commit.
    pub(crate) fn write<T>(
        &self,
        viewer: &Viewer,
        job: Option<RecordId>,
        work: &mut dyn FnMut(&mut UnitOfWork<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut outcome = None;
        self.database.write(&mut |connection| {
            let mut unit = UnitOfWork::begin(self, connection, viewer, job)?;
            let result = work(&mut unit)?;
            outcome = Some((result, unit.finish()));
            Ok(())
        })?;
        let (result, finished) =
            outcome.ok_or_else(|| CrmError::internal("a committed transaction did not run"))?;
        finished.publish(self);
        Ok(result)
    }
}

impl Finished {
    fn publish(self, engine: &Engine) {
        let appended = self.journal.appended();
        self.journal.committed(engine);
        if !self.new_keys.is_empty() {
            let mut cache = lock(&engine.key_cache);
            for (subject, key) in self.new_keys {
                cache.insert(subject, key);
            }
        }
        if !self.gone_keys.is_empty() {
            let mut cache = lock(&engine.key_cache);
            self.gone_keys.into_iter().for_each(|subject| cache.remove(subject));
        }
        if let Some(schema) = self.schema {
            engine.publish(schema);
        }
        if !appended.is_empty() {
            engine.listeners.committed(appended);
        }
    }
}

impl<'a> UnitOfWork<'a> {
    fn begin(
        engine: &'a Engine,
        connection: &'a dyn Connection,
        viewer: &'a Viewer,
        job: Option<RecordId>,
    ) -> Result<Self> {
        let journal = JournalWriter::begin(engine, connection)?;
        let known = engine.schema();
        let stamp = super::install::stamp(connection)?;
        let fresh = super::install::newer(connection, &known, stamp)?;
        Ok(Self {
            engine,
            connection,
            viewer,
            schema_changed: fresh.is_some(),
            schema: fresh.unwrap_or(known),
            now: journal.time(engine.clock.now()),
            journal,
            job,
            new_keys: Vec::new(),
            gone_keys: Vec::new(),
            reading: stamp.reading,
            scope_changed: false,
            written: 0,
            broken: false,
            depth: 0,
        })
    }

    fn finish(self) -> Finished {
        Finished {
            journal: self.journal,
            new_keys: self.new_keys,
            gone_keys: self.gone_keys,
            schema: self.schema_changed.then_some(self.schema),
        }
    }

    /// The time of this unit of work: all its entries have it.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Who acts: the user's identifier, nil for the system.
    pub fn actor(&self) -> RecordId {
        self.viewer.user
    }

    /// The type with this name.
    ///
    /// # Errors
    /// `type.unknown`.
    pub fn record_type(&self, name: &str) -> Result<Arc<RecordType>> {
        self.schema.require(name).cloned()
    }

    /// A fresh identifier.
    pub fn new_id(&self) -> RecordId {
        RecordId::generate(self.now, &*self.engine.random)
    }

    /// The next number of a running count, from 1, such as that of the cases. It is given once: a rolled back
    /// unit of work gives it back, a deleted record does not.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn next_number(&self, count: &str) -> Result<i64> {
        // One upsert with RETURNING would be shorter, but it opens a savepoint inside SQLite, and at a savepoint the
        // full-text index writes itself out: thirty times dearer in a batch.
        let name = [Param::Text(count)];
        if self.connection.execute("UPDATE crm_counter SET value = value + 1 WHERE name = ?1", &name)? == 0 {
            self.connection.execute("INSERT INTO crm_counter (name, value) VALUES (?1, 1)", &name)?;
        }
        query_one(self.connection, "SELECT value FROM crm_counter WHERE name = ?1", &name, |row| {
            row.integer(0)
        })?
        .flatten()
        .ok_or_else(|| CrmError::internal("a counter gave no number"))
    }

    /// Takes the custom definitions as they are now into the schema.
    pub(crate) fn reload_schema(&mut self) -> Result<()> {
        self.schema = Arc::new(super::install::reload(self.connection, self.schema.extend)?);
        self.schema_changed = true;
        self.scope_changed = true;
        Ok(())
    }

    /// The number under which the journal stores the purpose.
    pub(crate) fn purpose_number(&self) -> Result<u32> {
        match &self.viewer.registered_purpose {
            None => Ok(self.viewer.purpose.number()),
            Some(key) => purposes::number_of(self.connection, key),
        }
    }

    /// What the session may read, with what this unit of work has changed of it.
    pub(crate) fn scope(&self) -> Result<Arc<ReadScope>> {
        // What is not committed must not be kept: a rolled back state has the same counts as the next one.
        if self.scope_changed {
            let fresh =
                ReadScope::load(self.engine, self.connection, self.viewer, &self.schema, self.reading)?;
            return Ok(Arc::new(fresh));
        }
        ReadScope::of(self.engine, self.connection, self.viewer, &self.schema, self.reading)
    }

    /// A typed record as the session may see it, with what it may not see blank.
    pub(crate) fn shown<R: Record>(&self, record: R) -> Result<R> {
        let record_type = self.record_type(R::NAME)?;
        if self.scope()?.is_open_for(&record_type) {
            return Ok(record);
        }
        let mut record = record;
        let meta = record.meta().clone();
        record.meta_mut().redactions.clear();
        let mut data = RecordData::from_record(&record_type, record)?;
        data.keep_meta(&meta);
        Reader::of_unit(self)?.redact(&record_type, &mut data)?;
        data.into_record(&record_type)
    }

    /// Reads a record, whoever looks.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn get(&self, record_type: &RecordType, id: RecordId) -> Result<Option<RecordData>> {
        super::read::by_id(self.connection, record_type, id)
    }

    /// Reads a record that must be there.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn require(&self, record_type: &RecordType, id: RecordId) -> Result<RecordData> {
        self.get(record_type, id)?.ok_or_else(|| not_found(record_type.name()))
    }

    /// Reads a typed record that must be there.
    ///
    /// # Errors
    /// `record.not_found`.
    pub fn require_record<R: Record>(&self, id: R::Id) -> Result<R> {
        let record_type = self.record_type(R::NAME)?;
        self.require(&record_type, id.into())?.into_record(&record_type)
    }

    /// Creates a typed record out of a rule.
    ///
    /// # Errors
    /// As [`UnitOfWork::create`].
    pub fn create_record<R: Record>(&mut self, record: R) -> Result<R> {
        let record_type = self.record_type(R::NAME)?;
        let data = RecordData::from_record(&record_type, record)?;
        self.create(&record_type, data, Origin::Rule)?.into_record(&record_type)
    }

    /// Creates a record. Gives it as it was stored.
    ///
    /// # Errors
    /// Whatever makes the record invalid, naming the field; `record.exists` for an identifier that is taken;
    /// `record.erased` for the identifier of a person who was erased.
    pub fn create(
        &mut self,
        record_type: &Arc<RecordType>,
        mut data: RecordData,
        origin: Origin,
    ) -> Result<RecordData> {
        if origin != Origin::Replica {
            data.fill_defaults(record_type);
        }
        let fresh = data.id().is_nil();
        if !fresh && record_type.name() == "person" && is_erased(self.connection, data.id())? {
            // An old export, or a device that was away, must not bring back who was erased.
            return Err(super::bin::erased());
        }
        if fresh {
            data.values[system::ID] = Value::Id(self.new_id());
        }
        if origin != Origin::Replica {
            data.values[system::CREATED_AT] = Value::Timestamp(self.now);
            data.values[system::CREATED_BY] = Value::Id(self.actor());
            data.stamp(1, self.now, self.actor());
        }
        let change = Change {
            operation: Operation::Create,
            record_type: Arc::clone(record_type),
            before: None,
            after: data,
            origin,
            since: None,
        };
        self.carry_out(change, fresh)
    }

    /// Changes a record: the closure gets it as it is and makes it what it shall be. Gives it as it was stored.
    /// When nothing changes, nothing is stored and the version stays.
    ///
    /// # Errors
    /// `record.not_found`; `record.conflict` when `expected` is given and not the stored version, naming the
    /// fields that were changed since; whatever makes the record invalid.
    pub fn update(
        &mut self,
        record_type: &Arc<RecordType>,
        id: RecordId,
        expected: Option<i64>,
        origin: Origin,
        change: &mut dyn FnMut(&mut RecordData) -> Result<()>,
    ) -> Result<RecordData> {
        let before = self.require(record_type, id)?;
        let mut after = before.clone();
        change(&mut after)?;
        if let Some(expected) = expected.filter(|expected| *expected != before.version()) {
            return Err(self.conflict(record_type, &before, expected)?);
        }
        for position in [system::ID, system::CREATED_AT, system::CREATED_BY] {
            after.values[position] = before.values[position].clone();
        }
        after.row_id = before.row_id;
        after.stamp(before.version() + 1, self.now, self.actor());
        let change = Change {
            operation: Operation::Update,
            record_type: Arc::clone(record_type),
            before: Some(before),
            after,
            origin,
            since: None,
        };
        self.carry_out(change, false)
    }

    /// Sets fields of a record out of a rule.
    ///
    /// # Errors
    /// As [`UnitOfWork::update`].
    pub fn set(
        &mut self,
        record_type: &Arc<RecordType>,
        id: RecordId,
        values: &[(&str, Value)],
    ) -> Result<RecordData> {
        let target = Arc::clone(record_type);
        self.update(record_type, id, None, Origin::Rule, &mut |data| {
            values.iter().try_for_each(|(name, value)| data.set(&target, name, value.clone()))
        })
    }

    /// Deletes a record, into the bin. Records that link to it are deleted with it, cleared of the link, or
    /// forbid it, as their fields declare.
    ///
    /// # Errors
    /// `record.not_found`, `record.conflict`; `record.restricted`, naming the type that still links to it.
    pub fn delete(
        &mut self,
        record_type: &Arc<RecordType>,
        id: RecordId,
        expected: Option<i64>,
        origin: Origin,
    ) -> Result<RecordData> {
        let batch = self.journal.next();
        self.delete_into(record_type, id, expected, origin, batch)
    }

    pub(super) fn delete_into(
        &mut self,
        record_type: &Arc<RecordType>,
        id: RecordId,
        expected: Option<i64>,
        origin: Origin,
        batch: u64,
    ) -> Result<RecordData> {
        let before = self.require(record_type, id)?;
        if let Some(expected) = expected.filter(|expected| *expected != before.version()) {
            return Err(self.conflict(record_type, &before, expected)?);
        }
        self.deeper(|unit| links::release(unit, record_type, &before, batch))?;
        // Clearing links may have changed the record itself, if it linked to itself.
        let before = self.require(record_type, id)?;
        let mut after = before.clone();
        after.stamp(before.version() + 1, self.now, self.actor());
        let mut change = Change {
            operation: Operation::Delete,
            record_type: Arc::clone(record_type),
            before: Some(before),
            after,
            origin,
            since: None,
        };
        if origin != Origin::Replica {
            self.deeper(|unit| record_type.descriptor.rules.before(unit, &mut change))?;
        }
        store::remove(self, &change, batch)?;
        record_type.descriptor.rules.follow(self, &change)?;
        if origin != Origin::Replica {
            self.deeper(|unit| record_type.descriptor.rules.after(unit, &change))?;
        }
        Ok(change.after)
    }

    /// Brings a record back out of the bin, with everything that was deleted together with it.
    ///
    /// # Errors
    /// `record.not_in_bin`; `record.erased` when its personal values were erased; `link.broken` when a record that
    /// it must link to is gone.
    pub fn restore(&mut self, id: RecordId) -> Result<Vec<RecordData>> {
        super::bin::restore(self, id)
    }

    /// Validates, runs the rules, stores, journals.
    pub(super) fn carry_out(&mut self, mut change: Change, fresh: bool) -> Result<RecordData> {
        let record_type = Arc::clone(&change.record_type);
        self.normalise(&mut change)?;
        if change.operation == Operation::Update && !store::differs(&change) {
            return Ok(change.before.unwrap_or(change.after));
        }
        let rules = record_type.descriptor.rules;
        if change.origin != Origin::Replica {
            self.deeper(|unit| rules.before(unit, &mut change))?;
        }
        for field in record_type.own_fields() {
            if overlooks_missing(&change, field) {
                continue;
            }
            validate::required(record_type.name(), field, &change.after.values[field.position])?;
        }
        store::save(self, &mut change, fresh)?;
        rules.follow(self, &change)?;
        if change.origin != Origin::Replica {
            self.deeper(|unit| rules.after(unit, &change))?;
        }
        Ok(change.after)
    }

    /// Brings the values that the change sets into their normal form.
    fn normalise(&self, change: &mut Change) -> Result<()> {
        let context = self.engine.part_context();
        for field in &change.record_type.fields[system::OWNER..] {
            let position = field.position;
            if change
                .before
                .as_ref()
                .is_some_and(|before| before.values[position] == change.after.values[position])
            {
                continue;
            }
            let value = std::mem::take(&mut change.after.values[position]);
            let normal = validate::normal_form(field, value, &context)?;
            let given = field.descriptor.at_creation && change.before.is_none();
            if field.descriptor.read_only && !given && change.origin == Origin::Host {
                let before = change.before.as_ref().map_or(&Value::Null, |before| &before.values[position]);
                let untouched = *before == normal
                    || change.before.is_none() && field.descriptor.default.as_ref() == Some(&normal);
                if !untouched {
                    return Err(
                        CrmError::invalid("field.read_only", "is set by the engine only").at(field.name())
                    );
                }
            }
            if matches!(change.origin, Origin::Host | Origin::Rule) {
                let before = change.before.as_ref().map_or(&Value::Null, |before| &before.values[position]);
                validate::newly_chosen(field, before, &normal)?;
            }
            change.after.values[position] = normal;
        }
        Ok(())
    }

    /// Runs what one change sets off, and stops a loop of rules.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth == DEEPEST {
            return Err(CrmError::new(
                ErrorKind::Rule,
                "rules.loop",
                "the rules of these records set each other off",
            ));
        }
        self.depth += 1;
        let outcome = work(self);
        self.depth -= 1;
        outcome
    }

    /// The error for a stale version: names the fields that were changed since.
    fn conflict(&self, record_type: &RecordType, before: &RecordData, expected: i64) -> Result<CrmError> {
        let fields = crate::journal::history::changed_since(self, before.id(), expected)?;
        let reason = format!("the {} was changed since it was read", record_type.name());
        Ok(CrmError::new(ErrorKind::Conflict, "record.conflict", reason)
            .at("version")
            .detail("expected", expected)
            .detail("current", before.version())
            .detail("fields", fields))
    }

    /// Runs work whose failure leaves no trace: neither in the database nor in what this unit keeps in memory.
    pub(crate) fn savepoint<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.connection.execute_batch("SAVEPOINT crm_row")?;
        let (journal, keys, schema) = (self.journal.clone(), self.new_keys.len(), Arc::clone(&self.schema));
        match work(self) {
            Ok(outcome) => {
                self.connection.execute_batch("RELEASE crm_row")?;
                Ok(outcome)
            }
            Err(error) => {
                self.connection.execute_batch("ROLLBACK TO crm_row")?;
                self.connection.execute_batch("RELEASE crm_row")?;
                self.journal = journal;
                self.new_keys.truncate(keys);
                self.schema = schema;
                Err(error)
            }
        }
    }

    /// Whether a failed change, before which so much was written, cannot be gone on from without a savepoint: it has
    /// written something, or the database has ended the transaction.
    pub(crate) fn is_half_way(&self, written: u64) -> bool {
        self.written != written || self.connection.is_aborted()
    }

    /// The key under which the personal values of a subject are sealed; made when there is none.
    pub(crate) fn key_of(&mut self, subject: RecordId, fresh: bool) -> Result<SubjectKey> {
        if !fresh {
            if let Some((_, key)) = self.new_keys.iter().rev().find(|(known, _)| *known == subject) {
                return Ok(key.clone());
            }
            if let Some(key) = subject_key(self.engine, self.connection, subject)? {
                return Ok(key);
            }
        }
        let key = create_subject_key(self.engine, self.connection, subject)?;
        self.new_keys.push((subject, key.clone()));
        Ok(key)
    }

    /// Stores a key that another database had for a subject, in place of the one that there may be.
    pub(crate) fn adopt_key(&mut self, subject: RecordId, key: SubjectKey) -> Result<()> {
        store_subject_key(self.engine, self.connection, subject, &key)?;
        self.new_keys.push((subject, key));
        Ok(())
    }
}

/// Whether the missing value of a custom field is let pass. It may have become required when the record was
/// there already: who edits the record next must give it, but what the engine does meanwhile goes on.
fn overlooks_missing(change: &Change, field: &super::schema::Field) -> bool {
    field.descriptor.custom
        && match (change.origin, &change.before) {
            (Origin::Host, _) | (Origin::Rule, None) => false,
            (Origin::Rule, Some(before)) => before.values[field.position].is_null(),
            (Origin::Undo | Origin::Replica, _) => true,
        }
}

/// The error for a record that is not there, or that the session may not see: the two cannot be told apart.
pub(crate) fn not_found(record_type: &str) -> CrmError {
    CrmError::new(ErrorKind::NotFound, "record.not_found", format!("there is no such {record_type}")).at("id")
}
