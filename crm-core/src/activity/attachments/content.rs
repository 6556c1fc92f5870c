//! The content of attachments: pieces of 64 KiB in a table of their own, by the identifier of the attachment.

use std::fmt::Write as _;
use std::io::{ErrorKind as IoErrorKind, Read, Write};
use std::ops::ControlFlow;

use sha2::{Digest, Sha256};

use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::storage::{Connection, Param, query_one};

/// How many bytes a piece has; the last one has fewer.
pub(crate) const PIECE: usize = 64 * 1024;

/// What was stored or read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) size: i64,
    pub(crate) sha256: String,
}

/// Stores what a source gives.
pub(super) fn store(
    connection: &dyn Connection,
    id: RecordId,
    source: &mut dyn Read,
    limit: u64,
) -> Result<Content> {
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    let (mut size, mut position) = (0_u64, 0_i64);
    loop {
        let length = fill(source, &mut piece)?;
        let bytes = piece.get(..length).unwrap_or_default();
        size = size.saturating_add(length as u64);
        if size > limit {
            return Err(CrmError::new(
                ErrorKind::Limit,
                "attachment.too_large",
                format!("has more than {limit} bytes"),
            )
            .at("content")
            .detail("limit", limit));
        }
        if length > 0 {
            hash.update(bytes);
            put(connection, id, position, bytes)?;
            position += 1;
        }
        if length < PIECE {
            break;
        }
    }
    let size = i64::try_from(size).map_err(|_| CrmError::internal("a content has no 2^63 bytes"))?;
    Ok(Content { size, sha256: in_digits(&hash.finalize()) })
}

/// Reads until the piece is full or the source is at its end.
fn fill(source: &mut dyn Read, piece: &mut [u8]) -> Result<usize> {
    let mut length = 0;
    while let Some(free) = piece.get_mut(length..).filter(|free| !free.is_empty()) {
        match source.read(free) {
            Ok(0) => break,
            Ok(read) => length += read.min(free.len()),
            Err(error) if error.kind() == IoErrorKind::Interrupted => {}
            // What the source says may name a path, and with it a person.
            Err(_) => {
                let reason = "the content could not be read to its end";
                return Err(CrmError::new(ErrorKind::Io, "attachment.source", reason).at("content"));
            }
        }
    }
    Ok(length)
}

/// Gives the pieces of a content, in order.
pub(crate) fn pieces(
    connection: &dyn Connection,
    id: RecordId,
    take: &mut dyn FnMut(&[u8]) -> Result<()>,
) -> Result<()> {
    let mut next = 0_i64;
    let sql = "SELECT position, bytes FROM crm_attachment_chunk WHERE attachment = ?1 ORDER BY position";
    connection.query(sql, &[Param::Id(id)], &mut |row| {
        if row.integer(0)? != Some(next) {
            return Err(damaged());
        }
        next += 1;
        take(row.blob(1)?.unwrap_or_default())?;
        Ok(ControlFlow::Continue(()))
    })
}

/// Stores the piece at a position, counted from 0.
pub(crate) fn put(connection: &dyn Connection, id: RecordId, position: i64, bytes: &[u8]) -> Result<()> {
    connection.execute(
        "INSERT INTO crm_attachment_chunk (attachment, position, bytes) VALUES (?1, ?2, ?3)",
        &[Param::Id(id), Param::Integer(position), Param::Blob(bytes)],
    )?;
    Ok(())
}

/// Writes a content to a target.
pub(crate) fn copy(connection: &dyn Connection, id: RecordId, target: &mut dyn Write) -> Result<Content> {
    let mut hash = Sha256::new();
    let mut size = 0_i64;
    pieces(connection, id, &mut |bytes| {
        hash.update(bytes);
        size = size.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
        target.write_all(bytes).map_err(|_| not_taken())
    })?;
    target.flush().map_err(|_| not_taken())?;
    Ok(Content { size, sha256: in_digits(&hash.finalize()) })
}

/// Refuses to go on when a content is not there.
pub(in crate::activity) fn require(connection: &dyn Connection, id: RecordId, size: i64) -> Result<()> {
    if size == 0 || exists(connection, id)? {
        return Ok(());
    }
    let reason = "its content was destroyed";
    Err(CrmError::new(ErrorKind::NotFound, "attachment.content_gone", reason).at("id"))
}

/// Whether there is any content under an identifier.
pub(super) fn exists(connection: &dyn Connection, id: RecordId) -> Result<bool> {
    let sql = "SELECT 1 FROM crm_attachment_chunk WHERE attachment = ?1 LIMIT 1";
    Ok(query_one(connection, sql, &[Param::Id(id)], |_| Ok(()))?.is_some())
}

/// Whether an attachment lies in the bin.
pub(super) fn is_in_bin(connection: &dyn Connection, record_type: i64, id: RecordId) -> Result<bool> {
    let sql = "SELECT 1 FROM crm_bin WHERE record = ?1 AND record_type = ?2";
    let parameters = [Param::Id(id), Param::Integer(record_type)];
    Ok(query_one(connection, sql, &parameters, |_| Ok(()))?.is_some())
}

/// Destroys a content; says whether there was any.
pub(super) fn discard(connection: &dyn Connection, id: RecordId) -> Result<bool> {
    let sql = "DELETE FROM crm_attachment_chunk WHERE attachment = ?1";
    Ok(connection.execute(sql, &[Param::Id(id)])? > 0)
}

/// The error for a content that is not what was added.
pub(crate) fn damaged() -> CrmError {
    let reason = "the content is not what was added";
    CrmError::new(ErrorKind::Corrupt, "attachment.damaged", reason).at("content")
}

fn not_taken() -> CrmError {
    let reason = "the content could not be written to its target";
    CrmError::new(ErrorKind::Io, "attachment.target", reason).at("content")
}

fn in_digits(hash: &[u8]) -> String {
    let mut digits = String::with_capacity(hash.len() * 2);
    for byte in hash {
        write!(digits, "{byte:02x}").expect("writing to a string does not fail");
    }
    digits
}
