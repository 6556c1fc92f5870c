//! The part of the one door that destroys: what goes through here is in no bin afterwards.
//!
//! Rules do not run: they say what may be changed, and an erasure is not a matter of what the domain likes; only what
//! follows from the record follows. Links are the business of the caller, who knows which records go and which stay.

use std::sync::Arc;

use super::schema::RecordType;
use super::store::{self, journal_purge_with};
use super::unit::{Change, Origin, UnitOfWork};
use super::value::Value;
use crate::crm::lock;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::journal::entry::Operation;
use crate::journal::shred;
use crate::privacy::standing::{self, Noted};
use crate::storage::Param;

/// Why records are destroyed: what the entry of each purge says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cause {
    /// The erasure or the retention rule.
    pub(crate) id: RecordId,
    /// The data subject, whose payloads in the entries of the record go with those of the record itself.
    pub(crate) subject: Option<RecordId>,
    /// Whether something of the subject stays because a law asks for it.
    pub(crate) partial: bool,
}

impl Cause {
    /// The plain payload of the entry. It holds an identifier and nothing about anybody.
    fn payload(&self) -> String {
        let kept = if self.partial { ",\"partial\":true" } else { "" };
        format!("{{\"erasure\":\"{}\"{kept}}}", self.id)
    }
}

/// Whether the plain payload of a purge says that it belongs to an erasure.
pub(crate) fn is_erasure(plain: &str) -> bool {
    plain.starts_with("{\"erasure\":")
}

/// Whether it says that the erasure left nothing.
pub(crate) fn is_whole_erasure(plain: &str) -> bool {
    is_erasure(plain) && !plain.ends_with(",\"partial\":true}")
}

/// What was destroyed along with a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Destroyed {
    /// Entries of the journal whose sealed payload was deleted.
    pub(crate) payloads: u64,
    /// Keys that records under their own key had.
    pub(crate) keys: u64,
    /// Pieces of the content of attachments.
    pub(crate) pieces: u64,
    /// Keys in other systems.
    pub(crate) external_keys: u64,
    /// Periods of fields.
    pub(crate) periods: u64,
}

impl Destroyed {
    pub(crate) fn add(&mut self, other: Self) {
        self.payloads += other.payloads;
        self.keys += other.keys;
        self.pieces += other.pieces;
        self.external_keys += other.external_keys;
        self.periods += other.periods;
    }
}

impl UnitOfWork<'_> {
    /// Destroys a record and everything that is derived from it: its row, its terms, its search entry, its places on
    /// timelines, its periods, its content, its keys in other systems, its sealed payloads in the journal. The journal
    /// gets the entry of a purge.
    ///
    /// # Errors
    /// `record.not_found`; `storage.foreign_key` while another record links to it.
    pub(crate) fn purge(
        &mut self,
        record_type: &Arc<RecordType>,
        id: RecordId,
        cause: &Cause,
    ) -> Result<Destroyed> {
        let before = self.require(record_type, id)?;
        self.connection.execute(&record_type.statements().delete, &[Param::Integer(before.row_id)])?;
        store::follow(self, record_type, Some(&before), None, self.now)?;
        let change = Change {
            operation: Operation::Delete,
            record_type: Arc::clone(record_type),
            after: before.clone(),
            before: Some(before),
            origin: Origin::Rule,
            since: None,
        };
        record_type.descriptor.rules.follow(self, &change)?;
        self.forget(record_type, id, cause)
    }

    /// Destroys a record that lies in the bin: it cannot be restored any more.
    ///
    /// # Errors
    /// `storage.*`.
    pub(crate) fn purge_from_bin(
        &mut self,
        record_type: &Arc<RecordType>,
        id: RecordId,
        cause: &Cause,
    ) -> Result<Destroyed> {
        self.connection.execute("DELETE FROM crm_bin WHERE record = ?1", &[Param::Id(id)])?;
        self.forget(record_type, id, cause)
    }

    /// Takes values out of a record that stays. What was there is written nowhere: the journal names the ordinary fields
    /// that changed and says nothing of the personal ones. Gives whether anything changed.
    ///
    /// # Errors
    /// `record.not_found`.
    pub(crate) fn redact(
        &mut self,
        record_type: &Arc<RecordType>,
        id: RecordId,
        values: &[(usize, Value)],
    ) -> Result<bool> {
        let before = self.require(record_type, id)?;
        let mut after = before.clone();
        for (position, value) in values {
            after.values[*position] = value.clone();
        }
        if after == before {
            return Ok(false);
        }
        after.stamp(before.version() + 1, self.now, self.actor());
        let change = Change {
            operation: Operation::Update,
            record_type: Arc::clone(record_type),
            before: Some(before),
            after,
            origin: Origin::Rule,
            since: None,
        };
        store::redact(self, &change)?;
        record_type.descriptor.rules.follow(self, &change)?;
        Ok(true)
    }

    /// Notes that what a record held was destroyed, for one whose row stays.
    ///
    /// # Errors
    /// `storage.*`.
    pub(crate) fn note_erasure(
        &mut self,
        record_type: &RecordType,
        id: RecordId,
        cause: &Cause,
    ) -> Result<()> {
        journal_purge_with(self, record_type, id, &cause.payload())
    }

    /// Destroys the key of a subject, in memory, too. Gives whether there was one.
    ///
    /// # Errors
    /// `storage.*`.
    pub(crate) fn destroy_key(&mut self, subject: RecordId) -> Result<bool> {
        let sql = "DELETE FROM crm_subject_key WHERE subject = ?1";
        let gone = self.connection.execute(sql, &[Param::Id(subject)])? > 0;
        self.new_keys.retain(|(known, _)| *known != subject);
        lock(&self.engine.key_cache).remove(subject);
        // A reader on an older state may put it back until this is committed.
        self.gone_keys.push(subject);
        if gone || standing::marked(self.connection, subject)? != Noted::NOTHING {
            standing::settle(self.connection, subject)?;
        }
        Ok(gone)
    }

    /// What a record leaves behind besides its row.
    fn forget(&mut self, record_type: &Arc<RecordType>, id: RecordId, cause: &Cause) -> Result<Destroyed> {
        self.written += 1;
        let mut subjects = vec![id];
        subjects.extend(cause.subject);
        let mut gone = Destroyed {
            payloads: shred::of_record(self.connection, id, &subjects)?,
            pieces: self.delete_rows("DELETE FROM crm_attachment_chunk WHERE attachment = ?1", id)?,
            external_keys: self.delete_rows("DELETE FROM crm_external_key WHERE record = ?1", id)?,
            ..Destroyed::default()
        };
        for field in record_type.fields.iter().filter(|field| field.descriptor.periods) {
            let sql = "DELETE FROM crm_period WHERE field = ?1 AND record = ?2";
            let rows = self.connection.execute(sql, &[Param::Integer(field.number), Param::Id(id)])?;
            gone.periods += rows as u64;
        }
        // Places of others on the timeline of the record; the links that put them there are gone by now.
        self.delete_rows("DELETE FROM crm_timeline WHERE subject = ?1", id)?;
        if cause.subject != Some(id) {
            gone.keys = u64::from(self.destroy_key(id)?);
        }
        journal_purge_with(self, record_type, id, &cause.payload())?;
        Ok(gone)
    }

    fn delete_rows(&self, sql: &str, id: RecordId) -> Result<u64> {
        Ok(self.connection.execute(sql, &[Param::Id(id)])? as u64)
    }
}
