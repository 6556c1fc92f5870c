//! Who was erased, under pseudonyms: what a restored backup, an import or a late consent is held against.
//!
//! A pseudonym is HMAC-SHA-256 over the identifier of the person under a random key that is made with the first erasure.
//! Identifiers are random themselves and mean nothing to anybody without the data; the key keeps two ledgers of different
//! databases from being compared.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::random::Random;
use crate::ground::time::Timestamp;
use crate::journal::proof::TreeHead;
use crate::journal::writer::stored;
use crate::record::install::meta;
use crate::record::unit::UnitOfWork;
use crate::storage::{Connection, Param, query_all, query_one};

/// The name of the key among the settings of the database.
const KEY: &str = "erasure_ledger_key";

/// The key of the pseudonyms of one database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PseudonymKey(pub(super) [u8; 32]);

impl PseudonymKey {
    /// The key, if anybody was erased yet.
    pub(super) fn find(connection: &dyn Connection) -> Result<Option<Self>> {
        meta(connection, KEY)?.map(|digits| from_digits(&digits).map(Self)).transpose()
    }

    /// The key inside a unit of work; made when there is none.
    pub(super) fn of(work: &UnitOfWork<'_>) -> Result<Self> {
        if let Some(key) = Self::find(work.connection)? {
            return Ok(key);
        }
        let key = Self::generate(&*work.engine.random);
        key.store(work)?;
        Ok(key)
    }

    fn generate(random: &dyn Random) -> Self {
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        Self(bytes)
    }

    /// Takes a key over from a ledger.
    pub(super) fn store(&self, work: &UnitOfWork<'_>) -> Result<()> {
        work.connection.execute(
            "INSERT INTO crm_meta (name, value) VALUES (?1, ?2)",
            &[Param::Text(KEY), Param::Text(&digits(&self.0))],
        )?;
        Ok(())
    }

    /// The pseudonym of a person.
    pub(super) fn pseudonym(&self, person: RecordId) -> [u8; 32] {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(person.as_bytes());
        mac.finalize().into_bytes().into()
    }
}

/// Whether a person was erased. A person of whom something is still kept by law counts as erased, too.
///
/// # Errors
/// `storage.*`.
pub(crate) fn is_erased(connection: &dyn Connection, person: RecordId) -> Result<bool> {
    let Some(key) = PseudonymKey::find(connection)? else { return Ok(false) };
    is_known(connection, &key.pseudonym(person))
}

/// Whether there is a tombstone under a pseudonym.
pub(super) fn is_known(connection: &dyn Connection, pseudonym: &[u8; 32]) -> Result<bool> {
    let sql = "SELECT 1 FROM crm_erased_subject WHERE pseudonym = ?1";
    Ok(query_one(connection, sql, &[Param::Blob(pseudonym)], |_| Ok(()))?.is_some())
}

/// Puts up a tombstone, or renews it: the head of the journal is what the certificate stands on.
pub(super) fn put(
    connection: &dyn Connection,
    pseudonym: &[u8; 32],
    erased_at: Timestamp,
    head: &TreeHead,
) -> Result<()> {
    connection.execute(
        "INSERT INTO crm_erased_subject (pseudonym, erased_at, journal_size, journal_root) VALUES (?1, ?2, ?3, ?4) \
         ON CONFLICT (pseudonym) DO UPDATE SET journal_size = excluded.journal_size, journal_root = excluded.journal_root",
        &[
            Param::Blob(pseudonym),
            Param::Timestamp(erased_at),
            Param::Integer(stored(head.size)?),
            Param::Blob(&head.root),
        ],
    )?;
    Ok(())
}

/// All tombstones, the earliest first.
pub(super) fn all(connection: &dyn Connection) -> Result<Vec<([u8; 32], Timestamp)>> {
    query_all(
        connection,
        "SELECT pseudonym, erased_at FROM crm_erased_subject ORDER BY erased_at, pseudonym",
        &[],
        |row| {
            let pseudonym = row.blob(0)?.unwrap_or_default().try_into().map_err(|_| damaged())?;
            Ok((pseudonym, row.timestamp(1)?.unwrap_or_default()))
        },
    )
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn digits(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |text, byte| text + &format!("{byte:02x}"))
}

/// 32 bytes from their hexadecimal digits.
pub(super) fn from_digits(text: &str) -> Result<[u8; 32]> {
    let mut bytes = [0; 32];
    let pairs = text.as_bytes().chunks_exact(2);
    if text.len() != 64 {
        return Err(damaged());
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        let digit = |at: usize| char::from(pair[at]).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        *byte = digit(0).ok_or_else(damaged)? << 4 | digit(1).ok_or_else(damaged)?;
    }
    Ok(bytes)
}

pub(super) fn damaged() -> CrmError {
    CrmError::new(
        crate::error::ErrorKind::Corrupt,
        "privacy.erasure.ledger",
        "the ledger of erasures is not what the engine wrote",
    )
}
