//! Sealing: payloads encrypted under the key of their data subject, bound to the place where they belong.
//!
//! A sealed payload is `format (1 byte, 1) ‖ nonce (24 random bytes) ‖ ciphertext ‖ tag (16 bytes)` with
//! XChaCha20-Poly1305. The random nonce is long enough to never repeat. The associated data of [`Place`] stop
//! anybody with write access to the file from moving a payload to another record, entry or person.

use std::fmt;
use std::sync::Arc;

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{AeadInOut, Tag},
};
use zeroize::Zeroizing;

use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::random::Random;

/// How many bytes a sealed payload is longer than the plain one.
pub const OVERHEAD: usize = HEAD_BYTES + TAG_BYTES;

const FORMAT: u8 = 1;
const NONCE_BYTES: usize = 24;
const HEAD_BYTES: usize = 1 + NONCE_BYTES;
const TAG_BYTES: usize = 16;

/// Where a sealed payload belongs. It opens at this place only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of the record type.
    pub record_type: u32,
    /// The record.
    pub record: RecordId,
    /// The sequence number of the journal entry.
    pub sequence: u64,
    /// The identifier of the subject key: the pseudonym of the subject.
    pub key: RecordId,
}

impl Place {
    /// `format (1) ‖ record type (4) ‖ record (16) ‖ sequence (8) ‖ key (16)`, integers most significant byte first.
    fn associated_data(&self) -> [u8; 45] {
        let mut bytes = [0; 45];
        bytes[0] = FORMAT;
        bytes[1..5].copy_from_slice(&self.record_type.to_be_bytes());
        bytes[5..21].copy_from_slice(self.record.as_bytes());
        bytes[21..29].copy_from_slice(&self.sequence.to_be_bytes());
        bytes[29..45].copy_from_slice(self.key.as_bytes());
        bytes
    }
}

/// The 256-bit key of one data subject. Without it nothing sealed for the subject can be read again.
///
/// Clones share the bytes, which are overwritten when the last one is dropped, and never move in memory.
///
/// ```
/// use crm_core::privacy::seal::{Place, SubjectKey};
/// use crm_core::{RecordId, SeededRandom};
/// let random = SeededRandom::new([7; 32]);
/// let key = SubjectKey::generate(&random);
/// let place = Place { record_type: 1, record: RecordId::NIL, sequence: 4, key: RecordId::NIL };
/// let sealed = key.seal(&random, &place, b"Ada Lovelace");
/// assert_eq!(key.open(&place, &sealed)?, b"Ada Lovelace");
/// assert!(key.open(&Place { sequence: 5, ..place }, &sealed).is_err());
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone)]
pub struct SubjectKey(Arc<Zeroizing<[u8; 32]>>);

impl SubjectKey {
    /// A fresh key.
    pub fn generate(random: &dyn Random) -> Self {
        Self::filled(|bytes| random.fill(bytes))
    }

    /// Seals a payload for a place.
    pub fn seal(&self, random: &dyn Random, place: &Place, payload: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(payload.len() + OVERHEAD);
        sealed.push(FORMAT);
        sealed.resize(HEAD_BYTES, 0);
        random.fill(&mut sealed[1..]);
        sealed.extend_from_slice(payload);
        let (head, body) = sealed.split_at_mut(HEAD_BYTES);
        let nonce: XNonce = nonce_of(head);
        let tag = self
            .cipher()
            .encrypt_inout_detached(&nonce, &place.associated_data(), body.into())
            .expect("a payload in memory is below the cipher's limit of 256 GiB");
        sealed.extend_from_slice(&tag);
        sealed
    }

    /// Opens what [`SubjectKey::seal`] made for the same place.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] with `journal.sealed` when the bytes were changed, belong to another place or are
    /// under another key; which of these it is cannot be told.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Vec<u8>> {
        let refused = || {
            CrmError::new(
                ErrorKind::Corrupt,
                "journal.sealed",
                "the sealed payload does not open with this key here",
            )
        };
        let (head, rest) = sealed.split_at_checked(HEAD_BYTES).ok_or_else(refused)?;
        let (body, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or_else(refused)?;
        if head[0] != FORMAT {
            return Err(refused());
        }
        let mut payload = body.to_vec();
        let tag: &Tag<XChaCha20Poly1305> = tag.into();
        self.cipher()
            .decrypt_inout_detached(
                &nonce_of(head),
                &place.associated_data(),
                payload.as_mut_slice().into(),
                tag,
            )
            .map_err(|_| refused())?;
        Ok(payload)
    }

    /// A key whose bytes are written in place, so that no copy stays behind on the stack.
    pub(super) fn filled(fill: impl FnOnce(&mut [u8; 32])) -> Self {
        let mut bytes = Arc::new(Zeroizing::new([0; 32]));
        fill(Arc::get_mut(&mut bytes).expect("the key was not shared yet"));
        Self(bytes)
    }

    /// The bytes of the key, for wrapping.
    pub(super) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.expose().into())
    }
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SubjectKey")
    }
}

fn nonce_of(head: &[u8]) -> XNonce {
    let (nonce, _) = head[1..].split_first_chunk::<NONCE_BYTES>().expect("the head ends with the nonce");
    (*nonce).into()
}
