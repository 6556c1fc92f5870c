//! A record as the engine moves it about: its values in the order of its type's fields.

use std::collections::BTreeMap;

use super::schema::{RecordType, system};
use super::typed::{Meta, Record, Redaction};
use super::value::Value;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::reading::RedactionReason;

/// The values of one record, one for each field of its type.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordData {
    /// The number of its row; 0 while it has none.
    pub row_id: i64,
    /// The values, in the order of [`RecordType::fields`].
    pub values: Vec<Value>,
    /// The fields that were left blank because the session may not see them, by position, with the reasons.
    pub redacted: Vec<(usize, RedactionReason)>,
}

impl RecordData {
    /// A record of a type without any value.
    pub fn empty(record_type: &RecordType) -> Self {
        Self { row_id: 0, values: vec![Value::Null; record_type.fields.len()], redacted: Vec::new() }
    }

    /// Gives the declared and custom fields without a value their defaults.
    pub fn fill_defaults(&mut self, record_type: &RecordType) {
        for field in record_type.own_fields() {
            let value = &mut self.values[field.position];
            if let (Some(default), true) = (&field.descriptor.default, value.is_null()) {
                *value = default.clone();
            }
        }
    }

    /// The identifier; nil while it has none.
    pub fn id(&self) -> RecordId {
        self.values[system::ID].as_id().unwrap_or(RecordId::NIL)
    }

    /// The version; 0 while it was not created.
    pub fn version(&self) -> i64 {
        match self.values[system::VERSION] {
            Value::Integer(version) => version,
            _ => 0,
        }
    }

    /// The value of the field at a position.
    pub fn at(&self, position: usize) -> &Value {
        &self.values[position]
    }

    /// The value of a field by its name; null for an unknown name.
    pub fn get<'a>(&'a self, record_type: &RecordType, name: &str) -> &'a Value {
        record_type.field(name).map_or(&Value::Null, |field| &self.values[field.position])
    }

    /// Sets the value of a field by its name.
    ///
    /// # Errors
    /// `field.unknown`.
    pub fn set(&mut self, record_type: &RecordType, name: &str, value: Value) -> Result<()> {
        self.values[record_type.require(name)?.position] = value;
        Ok(())
    }

    /// The record as values, from its struct.
    ///
    /// # Errors
    /// `field.unknown` for a custom value under a name that the type does not have.
    pub fn from_record<R: Record>(record_type: &RecordType, record: R) -> Result<Self> {
        let mut values = Vec::with_capacity(record_type.fields.len());
        values.resize(system::COUNT, Value::Null);
        let meta = record.into_values(&mut values);
        Self::with_meta(record_type, values, meta)
    }

    /// A record from its declared values and what every record has.
    fn with_meta(record_type: &RecordType, mut values: Vec<Value>, meta: Meta) -> Result<Self> {
        values.resize(record_type.fields.len(), Value::Null);
        let mut data = Self { row_id: 0, values, redacted: Vec::new() };
        if !meta.id.is_nil() {
            data.values[system::ID] = Value::Id(meta.id);
        }
        data.values[system::VERSION] = Value::Integer(meta.version);
        data.values[system::OWNER] = meta.owner.map_or(Value::Null, Value::Id);
        data.values[system::TEAM] = meta.team.map_or(Value::Null, Value::Id);
        for (name, value) in meta.custom {
            let field = record_type.require(&name).map_err(|error| error.within("custom"))?;
            if !field.descriptor.custom {
                return Err(CrmError::invalid("field.not_custom", "is not a custom field").at(name));
            }
            data.values[field.position] = value;
        }
        // What was blank when it was read says nothing, even where its type has no blank.
        for redaction in meta.redactions {
            let field = record_type.require(&redaction.field).map_err(|error| error.within("redactions"))?;
            data.values[field.position] = Value::Null;
            data.redacted.push((field.position, RedactionReason::PurposeNotAllowed));
        }
        Ok(data)
    }

    /// Takes over what only the engine sets.
    pub(super) fn keep_meta(&mut self, meta: &Meta) {
        self.values[system::CREATED_AT] = Value::Timestamp(meta.created_at);
        self.values[system::CREATED_BY] = Value::Id(meta.created_by);
        self.values[system::UPDATED_AT] = Value::Timestamp(meta.updated_at);
        self.values[system::UPDATED_BY] = Value::Id(meta.updated_by);
    }

    /// The fields that were left blank, by name.
    pub fn redactions(&self, record_type: &RecordType) -> Vec<Redaction> {
        let named = |(position, reason): &(usize, RedactionReason)| Redaction {
            field: record_type.fields[*position].name().to_owned(),
            reason: reason.code().to_owned(),
        };
        self.redacted.iter().map(named).collect()
    }

    /// The record as its struct.
    ///
    /// # Errors
    /// `storage.value` when a value is not of the field's type.
    pub fn into_record<R: Record>(self, record_type: &RecordType) -> Result<R> {
        let redactions = self.redactions(record_type);
        let mut values = self.values.into_iter();
        let meta = Meta { redactions, ..system_values(&mut values) };
        let mut record = R::from_values(meta, &mut values)?;
        custom_values(record_type, values, &mut record.meta_mut().custom);
        Ok(record)
    }

    /// Stamps who changed the record when, and counts the change.
    pub(super) fn stamp(&mut self, version: i64, at: Timestamp, by: RecordId) {
        self.values[system::VERSION] = Value::Integer(version);
        self.values[system::UPDATED_AT] = Value::Timestamp(at);
        self.values[system::UPDATED_BY] = Value::Id(by);
    }
}

/// What every record has, from the values that come first.
fn system_values(values: &mut std::vec::IntoIter<Value>) -> Meta {
    let mut meta = Meta::default();
    for (position, value) in values.by_ref().take(system::COUNT).enumerate() {
        match (position, value) {
            (system::ID, Value::Id(id)) => meta.id = id,
            (system::VERSION, Value::Integer(version)) => meta.version = version,
            (system::CREATED_AT, Value::Timestamp(at)) => meta.created_at = at,
            (system::CREATED_BY, Value::Id(id)) => meta.created_by = id,
            (system::UPDATED_AT, Value::Timestamp(at)) => meta.updated_at = at,
            (system::UPDATED_BY, Value::Id(id)) => meta.updated_by = id,
            (system::OWNER, Value::Id(id)) => meta.owner = Some(id),
            (system::TEAM, Value::Id(id)) => meta.team = Some(id),
            _ => {}
        }
    }
    meta
}

/// The custom fields that have a value, from the values that come last.
fn custom_values(
    record_type: &RecordType,
    values: std::vec::IntoIter<Value>,
    custom: &mut BTreeMap<String, Value>,
) {
    let from = record_type.fields.len() - values.len();
    for (field, value) in record_type.fields[from..].iter().zip(values) {
        if !value.is_null() {
            custom.insert(field.name().to_owned(), value);
        }
    }
}

/// The error for a stored value that is not of its field's type.
pub(crate) fn damaged(field: &str) -> CrmError {
    CrmError::new(ErrorKind::Corrupt, "storage.value", "the database holds a value of another type").at(field)
}
