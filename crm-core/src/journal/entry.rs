//! One entry of the journal, as it is stored and as it is read.

use serde_json::{Map, Value as Json};

use super::leaf::EntryHeader;
use super::tree::Hash;
use crate::crm::Engine;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::privacy::purposes::key_of;
use crate::privacy::seal::Place;
use crate::privacy::store::subject_key;
use crate::record::door::Reader;
use crate::record::{RecordType, Redaction};
use crate::session::Purpose;
use crate::storage::{Connection, Row};

/// What a change did to its record. The numbers are stored and stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ChangeKind"))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// The record was created.
    Create = 1,
    /// Fields of the record were changed.
    Update = 2,
    /// The record was deleted, into the bin.
    Delete = 3,
    /// The record came back out of the bin.
    Restore = 4,
    /// What a record held was destroyed: the column of a custom field, the content of an attachment, everything about a
    /// person who was erased.
    Purge = 5,
}

impl Operation {
    /// The operation with this number.
    ///
    /// # Errors
    /// `journal.damaged`.
    pub(crate) fn from_number(number: i64) -> Result<Self> {
        match number {
            1 => Ok(Self::Create),
            2 => Ok(Self::Update),
            3 => Ok(Self::Delete),
            4 => Ok(Self::Restore),
            5 => Ok(Self::Purge),
            _ => Err(damaged("holds an unknown operation")),
        }
    }
}

/// The error for a journal row that cannot be what the engine wrote.
pub(crate) fn damaged(reason: &str) -> CrmError {
    CrmError::new(ErrorKind::Corrupt, "journal.damaged", reason)
}

/// One change of one record, as the host reads it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "JournalEntry"))]
pub struct Entry {
    /// The position in the journal, from 0.
    pub sequence: u64,
    /// When the change was committed.
    pub at: Timestamp,
    /// The user who made it; nil for the system.
    pub actor: RecordId,
    /// Why the session worked with the data, by a root of the purposes; `None` for another purpose.
    pub purpose: Option<Purpose>,
    /// The key of the purpose when it is not a root itself.
    pub registered_purpose: Option<String>,
    /// The job that the change belongs to: an import, a bulk operation, an undo.
    pub job: Option<RecordId>,
    /// The name of the record type; empty when the type was removed.
    pub record_type: String,
    /// The record.
    pub record: RecordId,
    /// What was done.
    pub operation: Operation,
    /// The version of the record after the change.
    pub version: i64,
    /// The changed fields with their values before and after. After a creation all "before" are null, after a
    /// deletion all "after" are.
    pub changes: Vec<FieldChange>,
    /// Whether personal values were erased: their fields are missing in `changes` then.
    pub erased: bool,
    /// The fields whose values the session may not see; they are null in `changes`.
    pub redactions: Vec<Redaction>,
}

/// One field of a change.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldChange {
    /// The name of the field.
    pub field: String,
    /// The JSON value before.
    pub before: Json,
    /// The JSON value after.
    pub after: Json,
}

/// The columns of a journal row, in the order in which [`StoredEntry::read`] takes them.
pub(crate) const COLUMNS: &str = "sequence, at, actor, purpose, job, record_type, record, operation, version, subject, \
                                  plain, sealed, sealed_hash, leaf";

/// A journal row as it lies in the table.
pub(crate) struct StoredEntry {
    pub(crate) header: EntryHeader,
    pub(crate) plain: String,
    pub(crate) sealed: Option<Vec<u8>>,
    pub(crate) sealed_hash: Option<Hash>,
    pub(crate) leaf: Hash,
}

impl StoredEntry {
    pub(crate) fn read(row: &dyn Row) -> Result<Self> {
        let whole = |column| row.integer(column)?.ok_or_else(|| damaged("lacks a number"));
        let id = |column| row.id(column)?.ok_or_else(|| damaged("lacks an identifier"));
        let small = |column| -> Result<u32> {
            u32::try_from(whole(column)?).map_err(|_| damaged("holds a number out of range"))
        };
        Ok(Self {
            header: EntryHeader {
                sequence: u64::try_from(whole(0)?).map_err(|_| damaged("holds a negative sequence"))?,
                at: row.timestamp(1)?.ok_or_else(|| damaged("lacks its time"))?,
                actor: id(2)?,
                purpose: small(3)?,
                cause: row.id(4)?,
                record_type: small(5)?,
                record: id(6)?,
                operation: u8::try_from(whole(7)?).map_err(|_| damaged("holds an unknown operation"))?,
                version: whole(8)?,
                subject: row.id(9)?,
            },
            plain: row.text(10)?.unwrap_or_default().to_owned(),
            sealed: row.blob(11)?.map(<[u8]>::to_vec),
            sealed_hash: row.blob(12)?.map(hash_of).transpose()?,
            leaf: hash_of(row.blob(13)?.unwrap_or_default())?,
        })
    }

    pub(crate) fn operation(&self) -> Result<Operation> {
        Operation::from_number(self.header.operation.into())
    }

    /// The changed fields: the plain ones, and the sealed ones if their key is still there.
    pub(crate) fn payload(
        &self,
        engine: &Engine,
        connection: &dyn Connection,
    ) -> Result<(Map<String, Json>, bool)> {
        let mut fields = parse(&self.plain)?;
        let (Some(subject), Some(sealed)) = (self.header.subject, &self.sealed) else {
            return Ok((fields, self.header.subject.is_some()));
        };
        let Some(key) = subject_key(engine, connection, subject)? else { return Ok((fields, true)) };
        let opened = key.open(&self.place(subject), sealed)?;
        let text =
            std::str::from_utf8(&opened).map_err(|_| damaged("is sealed over something else than text"))?;
        fields.extend(parse(text)?);
        Ok((fields, false))
    }

    fn place(&self, subject: RecordId) -> Place {
        let EntryHeader { record_type, record, sequence, .. } = self.header;
        Place { record_type, record, sequence, key: subject }
    }

    /// The entry as the session of a reader may see it.
    pub(crate) fn into_entry(self, reader: &Reader<'_>) -> Result<Entry> {
        let (fields, erased) = self.payload(reader.engine, reader.connection)?;
        let operation = self.operation()?;
        let record_type = reader.schema.by_number(self.header.record_type.into());
        let mut entry = Entry {
            sequence: self.header.sequence,
            at: self.header.at,
            actor: self.header.actor,
            purpose: Purpose::from_number(self.header.purpose),
            registered_purpose: key_of(reader.connection, self.header.purpose)?,
            job: self.header.cause,
            record_type: record_type.map(|known| known.name().to_owned()).unwrap_or_default(),
            record: self.header.record,
            operation,
            version: self.header.version,
            changes: changes(record_type.map(AsRef::as_ref), operation, fields),
            erased,
            redactions: Vec::new(),
        };
        reader.redact_entry(&mut entry, self.header.subject)?;
        Ok(entry)
    }
}

fn changes(
    record_type: Option<&RecordType>,
    operation: Operation,
    fields: Map<String, Json>,
) -> Vec<FieldChange> {
    // What the entry of a purge says is about the purge; it changes no field.
    if operation == Operation::Purge {
        return Vec::new();
    }
    let mut changes: Vec<FieldChange> = fields
        .into_iter()
        .map(|(field, value)| {
            let (before, after) = match (operation, value) {
                (Operation::Create | Operation::Restore, value) => (Json::Null, value),
                (Operation::Delete, value) => (value, Json::Null),
                (Operation::Update, Json::Array(mut pair)) if pair.len() == 2 => {
                    let after = pair.pop().unwrap_or_default();
                    (pair.pop().unwrap_or_default(), after)
                }
                (Operation::Update | Operation::Purge, _) => (Json::Null, Json::Null),
            };
            FieldChange { field, before, after }
        })
        .collect();
    // Sealed and plain fields come from two payloads; people read them in the order of the declaration.
    sort::by_key(&mut changes, |change| {
        record_type.and_then(|known| known.field(&change.field)).map_or(usize::MAX, |field| field.position)
    });
    changes
}

fn parse(text: &str) -> Result<Map<String, Json>> {
    if text.is_empty() {
        return Ok(Map::new());
    }
    serde_json::from_str(text).map_err(|_| damaged("holds a payload that is no JSON object"))
}

fn hash_of(bytes: &[u8]) -> Result<Hash> {
    bytes.try_into().map_err(|_| damaged("holds a hash of the wrong length"))
}
