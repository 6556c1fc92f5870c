//! The evidence of an event: a form, an address of the network, the head of a mail, a recording.
//!
//! It is stored as BASE64 of the identifier of the key (16 bytes) and the sealed JSON. The identifier is there because
//! an event may pass to another person by a merge, while its evidence stays under the key that it was sealed with.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value as Json;

use crate::crm::Engine;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::privacy::seal::Place;
use crate::privacy::store::subject_key;
use crate::record::RecordType;
use crate::record::unit::UnitOfWork;
use crate::storage::Connection;

/// The largest evidence, in bytes of its JSON.
const LARGEST: usize = 64 * 1024;

/// Where the evidence of an event belongs. A column has no entry of the journal, whose numbers end before this one.
fn place(record_type: &RecordType, event: RecordId, key: RecordId) -> Result<Place> {
    let number =
        u32::try_from(record_type.number).map_err(|_| CrmError::internal("a type's number is too large"))?;
    Ok(Place { record_type: number, record: event, sequence: u64::MAX, key })
}

/// Seals the evidence of an event under the key of a subject.
///
/// # Errors
/// `consent_event.evidence_too_large`.
pub(crate) fn seal(
    work: &mut UnitOfWork<'_>,
    record_type: &RecordType,
    (event, subject): (RecordId, RecordId),
    evidence: &Json,
) -> Result<String> {
    let text = evidence.to_string();
    if text.len() > LARGEST {
        let reason = format!("takes at most {LARGEST} bytes");
        return Err(
            CrmError::new(ErrorKind::Limit, "consent_event.evidence_too_large", reason).at("evidence")
        );
    }
    let key = work.key_of(subject, false)?;
    let sealed = key.seal(&*work.engine.random, &place(record_type, event, subject)?, text.as_bytes());
    Ok(STANDARD.encode([subject.as_bytes().as_slice(), &sealed].concat()))
}

/// Opens the evidence of an event.
///
/// # Errors
/// `consent.evidence_erased` when the key is gone; `journal.sealed` when what is stored was changed.
pub(crate) fn open(
    engine: &Engine,
    connection: &dyn Connection,
    record_type: &RecordType,
    event: RecordId,
    stored: &str,
) -> Result<Json> {
    let damaged = || CrmError::new(ErrorKind::Corrupt, "storage.value", "is no evidence").at("evidence");
    let bytes = STANDARD.decode(stored).map_err(|_| damaged())?;
    let (key, sealed) = bytes.split_first_chunk::<16>().ok_or_else(damaged)?;
    let subject = RecordId::from_bytes(*key);
    let key = subject_key(engine, connection, subject)?.ok_or_else(|| {
        CrmError::new(ErrorKind::NotFound, "consent.evidence_erased", "the evidence was erased")
    })?;
    let text = key.open(&place(record_type, event, subject)?, sealed)?;
    serde_json::from_slice(&text).map_err(|_| damaged())
}
