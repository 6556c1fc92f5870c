//! The canonical bytes of a journal entry and its leaf hash.
//!
//! The header is 100 bytes, every field at a fixed place, integers most significant byte first (two's complement
//! where signed):
//!
//! | from | bytes | field |
//! |-----:|------:|-------|
//! |    0 |     1 | format, 1 |
//! |    1 |     8 | sequence, unsigned |
//! |    9 |     8 | time, microseconds since 1970-01-01T00:00:00Z, signed |
//! |   17 |    16 | actor |
//! |   33 |     4 | purpose, unsigned |
//! |   37 |    17 | cause: one byte 1 and its identifier, or 17 zero bytes for none |
//! |   54 |     4 | record type, unsigned |
//! |   58 |    16 | record |
//! |   74 |     1 | operation |
//! |   75 |     8 | version, signed |
//! |   83 |    17 | subject: one byte 1 and its pseudonym, or 17 zero bytes for none |
//!
//! The data of the leaf is 164 bytes: `header ‖ SHA-256(plain payload) ‖ SHA-256(sealed payload)`; the hash of the
//! empty string stands for an absent payload. The leaf hash is `SHA-256(0x00 ‖ data)` (see [`tree`](super::tree)).
//!
//! The sealed payload enters as ciphertext, so whoever keeps its hash can prove the entry after the payload was
//! shredded, and the hash tells nothing about the person. The plain payload must therefore hold no personal data:
//! the hash of a guessable value gives the value away. The subject is a random pseudonym for the same reason.

use sha2::{Digest, Sha256};

use super::tree::Hash;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;

/// The length of a canonical header in bytes.
pub const HEADER_BYTES: usize = 100;

/// The first byte of every header; another layout would get another number.
pub const HEADER_FORMAT: u8 = 1;

/// What the journal says about every entry, outside its payloads. It holds no personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryHeader {
    /// The position in the journal, from 0: the index of the leaf in the tree.
    pub sequence: u64,
    /// When the change was committed.
    pub at: Timestamp,
    /// Who made the change.
    pub actor: RecordId,
    /// The number of the purpose that the session had.
    pub purpose: u32,
    /// The session, import, automation or other job that the change belongs to.
    pub cause: Option<RecordId>,
    /// The number of the record type.
    pub record_type: u32,
    /// The record that was changed.
    pub record: RecordId,
    /// The number of the operation: created, updated and so on.
    pub operation: u8,
    /// The version of the record after the change.
    pub version: i64,
    /// The random pseudonym of the data subject under whose key the sealed payload is.
    pub subject: Option<RecordId>,
}

impl EntryHeader {
    /// The canonical bytes, laid out as the module says.
    pub fn to_bytes(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[0] = HEADER_FORMAT;
        bytes[1..9].copy_from_slice(&self.sequence.to_be_bytes());
        bytes[9..17].copy_from_slice(&self.at.micros().to_be_bytes());
        bytes[17..33].copy_from_slice(self.actor.as_bytes());
        bytes[33..37].copy_from_slice(&self.purpose.to_be_bytes());
        put_optional(&mut bytes[37..54], self.cause);
        bytes[54..58].copy_from_slice(&self.record_type.to_be_bytes());
        bytes[58..74].copy_from_slice(self.record.as_bytes());
        bytes[74] = self.operation;
        bytes[75..83].copy_from_slice(&self.version.to_be_bytes());
        put_optional(&mut bytes[83..100], self.subject);
        bytes
    }

    /// The leaf hash of the entry, from the hashes of its payloads by [`payload_hash`].
    ///
    /// ```
    /// use crm_core::journal::leaf::{EntryHeader, payload_hash};
    /// use crm_core::{RecordId, Timestamp};
    /// let header = EntryHeader {
    ///     sequence: 0, at: Timestamp::from_micros(0), actor: RecordId::NIL, purpose: 1, cause: None,
    ///     record_type: 1, record: RecordId::NIL, operation: 1, version: 1, subject: None,
    /// };
    /// let leaf = header.leaf_hash(&payload_hash(b"{}"), &payload_hash(b""));
    /// assert_ne!(leaf, header.leaf_hash(&payload_hash(b"{ }"), &payload_hash(b"")));
    /// ```
    pub fn leaf_hash(&self, plain: &Hash, sealed: &Hash) -> Hash {
        Sha256::new_with_prefix([0])
            .chain_update(self.to_bytes())
            .chain_update(plain)
            .chain_update(sealed)
            .finalize()
            .into()
    }
}

/// The hash under which a payload enters the leaf; the payload of no bytes stands for none.
///
/// To keep an entry provable the engine stores the hash of the sealed payload beside it, and keeps the hash when
/// the payload is shredded.
pub fn payload_hash(payload: &[u8]) -> Hash {
    Sha256::digest(payload).into()
}

fn put_optional(place: &mut [u8], id: Option<RecordId>) {
    if let Some(id) = id {
        place[0] = 1;
        place[1..].copy_from_slice(id.as_bytes());
    }
}
