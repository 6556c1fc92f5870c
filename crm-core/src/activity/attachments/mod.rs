//! Attachments: files that belong to records, streamed in and out.

pub(crate) mod content;
pub(super) mod file_name;

use std::io::{Read, Write};

use super::ids::AttachmentId;
use super::model::Attachment;
use crate::error::{CrmError, ErrorKind, Result};
use crate::privacy::reading::scope::redacted;
use crate::record::door::{read, write};
use crate::record::records::Records;
use crate::record::set::visible;
use crate::record::store::journal_purge;
use crate::record::unit::{UnitOfWork, not_found};
use crate::record::{Meta, Record};
use crate::storage::ReadMode;

impl Records<'_, Attachment> {
    /// Adds a file to a record. The content is read to its end, a piece at a time; its size and its SHA-256 are
    /// noted on the way. A content that is too large, or whose reader fails, leaves nothing behind.
    ///
    /// The journal gets the name, the size and the hash, never the content.
    ///
    /// ```
    /// use crm_core::activity::Attachment;
    /// use crm_core::contacts::Organisation;
    /// use crm_core::{Actor, Config, Crm, Purpose, Reference};
    /// let crm = Crm::memory(Config::default())?;
    /// let session = crm.session(Actor::System, Purpose::CustomerCare)?;
    /// let acme = session.organisations().create(Organisation { name: "Acme".into(), ..Organisation::default() })?;
    /// let offer = Attachment {
    ///     about: Reference::new("organisation", acme.meta.id),
    ///     file_name: "offer.txt".into(),
    ///     ..Attachment::default()
    /// };
    /// let offer = session.attachments().add(offer, &mut "100 anvils".as_bytes())?;
    /// assert_eq!(offer.size, Some(10));
    /// let mut content = Vec::new();
    /// session.attachments().read_content(offer.meta.id, &mut content)?;
    /// assert_eq!(content, b"100 anvils");
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `attachment.too_large` above [`Config::attachment_limit`](crate::Config::attachment_limit);
    /// `attachment.source` when the reader fails; `attachment.media_type`; as [`create`](Self::create).
    pub fn add(&self, attachment: Attachment, source: &mut dyn Read) -> Result<Attachment> {
        // A driver may run a transaction again, but a source can be read only once.
        let mut given = Some(attachment);
        write(self.set.door, None, |unit| {
            let attachment = given.take().ok_or_else(|| {
                let reason = "the content has to be given again";
                CrmError::new(ErrorKind::Busy, "attachment.repeat", reason)
            })?;
            unit.savepoint(|unit| store(unit, attachment, source))
        })
    }

    /// Writes the content of a file to a target, a piece at a time, and gives its record.
    ///
    /// Size and hash are compared at the end: after an error, what the target was given must not be used.
    ///
    /// # Errors
    /// `record.not_found`; `field.redacted` when the session may not see all of the record; `attachment.target` when the target fails; `attachment.damaged` when the content is not
    /// what was added.
    pub fn read_content(&self, id: impl Into<AttachmentId>, target: &mut dyn Write) -> Result<Attachment> {
        let id = id.into();
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let record_type = reader.schema.require(Attachment::NAME)?;
            let data = visible(reader, record_type, id.into())?.ok_or_else(|| not_found(Attachment::NAME))?;
            // What a file holds is not known; it is read by who may read all that is said of it.
            if let Some((_, reason)) = data.redacted.first() {
                return Err(redacted(*reason).at("content"));
            }
            let attachment: Attachment = data.into_record(record_type)?;
            let found = content::copy(reader.connection, id.into(), target)?;
            if Some(found.size) != attachment.size || attachment.sha256.as_ref() != Some(&found.sha256) {
                return Err(content::damaged());
            }
            Ok(attachment)
        })
    }

    /// Destroys the content of a file that lies in the bin. The file cannot be restored then.
    ///
    /// # Errors
    /// `record.not_in_bin`.
    pub fn purge_content(&self, id: impl Into<AttachmentId>) -> Result<()> {
        let id = id.into();
        write(self.set.door, None, |unit| {
            let record_type = unit.record_type(Attachment::NAME)?;
            if !content::is_in_bin(unit.connection, record_type.number, id.into())? {
                let reason = "there is no such attachment in the bin";
                return Err(CrmError::new(ErrorKind::NotFound, "record.not_in_bin", reason).at("id"));
            }
            if content::discard(unit.connection, id.into())? {
                journal_purge(unit, &record_type, id.into())?;
            }
            Ok(())
        })
    }
}

fn store(unit: &mut UnitOfWork<'_>, attachment: Attachment, source: &mut dyn Read) -> Result<Attachment> {
    let id = if attachment.meta.id.is_nil() { unit.new_id() } else { attachment.meta.id };
    // The content of another attachment is never overwritten: not even that of one in the bin.
    if content::exists(unit.connection, id)? {
        let reason = "an attachment with this identifier exists";
        return Err(CrmError::new(ErrorKind::Duplicate, "record.exists", reason).at("id"));
    }
    let stored = content::store(unit.connection, id, source, unit.engine.config.attachment_limit)?;
    unit.create_record(Attachment {
        meta: Meta { id, ..attachment.meta },
        file_name: file_name::safe(&attachment.file_name),
        size: Some(stored.size),
        sha256: Some(stored.sha256),
        ..attachment
    })
}
