//! The secret of a database: what addresses, tokens and pseudonyms are made unguessable with.
//!
//! It is a random key like those of data subjects, stored wrapped under the host's key beside them, so a new epoch of the
//! host's key wraps it anew and what was made with it goes on to match. It belongs to nobody and is never destroyed.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::seal::{Place, SubjectKey};
use super::store::subject_key;
use crate::crm::Engine;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::random::Random;
use crate::record::unit::UnitOfWork;
use crate::storage::Connection;

/// Under which subject it is stored: the greatest UUID (RFC 9562, 5.10), which no record has.
const SUBJECT: RecordId = RecordId::from_bytes([0xff; 16]);

/// The secret of a database.
pub(crate) struct DatabaseSecret(SubjectKey);

impl DatabaseSecret {
    /// The secret, if there is one yet: before the first write that needs it, nothing was made with it.
    pub(crate) fn find(engine: &Engine, connection: &dyn Connection) -> Result<Option<Self>> {
        Ok(subject_key(engine, connection, SUBJECT)?.map(Self))
    }

    /// The secret inside a unit of work; made when there is none.
    pub(crate) fn of(work: &mut UnitOfWork<'_>) -> Result<Self> {
        work.key_of(SUBJECT, false).map(Self)
    }

    /// The keyed hash (HMAC-SHA-256) of parts for one use. The label keeps the uses apart, the lengths keep the parts
    /// apart.
    pub(crate) fn keyed_hash(&self, label: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.0.expose())
            .expect("HMAC takes a key of any length");
        for part in std::iter::once(label.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// Seals what a token carries, so that whoever has the token learns nothing from it and cannot change it.
    pub(crate) fn seal(&self, random: &dyn Random, payload: &[u8]) -> Vec<u8> {
        self.0.seal(random, &TOKEN, payload)
    }

    /// Opens what [`seal`](Self::seal) made.
    ///
    /// # Errors
    /// `journal.sealed` for anything else; the caller knows a better code.
    pub(crate) fn open(&self, sealed: &[u8]) -> Result<Vec<u8>> {
        self.0.open(&TOKEN, sealed)
    }

    /// The bytes, for an export of the whole database: without them, the hashes in it would match nothing elsewhere.
    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.0.expose()
    }

    /// Takes over the secret of the database that an export comes from.
    pub(crate) fn adopt(work: &mut UnitOfWork<'_>, bytes: &[u8; 32]) -> Result<()> {
        work.adopt_key(SUBJECT, SubjectKey::filled(|own| own.copy_from_slice(bytes)))
    }
}

/// Where tokens are sealed for: no record, and no entry of the journal, whose numbers end before.
const TOKEN: Place = Place { record_type: 0, record: SUBJECT, sequence: u64::MAX, key: SUBJECT };
