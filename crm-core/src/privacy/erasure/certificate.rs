//! The certificate of an erasure: what was done, in counts; what stays, and why; what was found when it was looked for.
//!
//! It is a JSON object whose canonical text is that of RFC 8785 for what it holds (objects, lists, texts, whole numbers):
//! members in the order of their names, no white space. The host's key signs
//! `crm-core erasure certificate 1` ‖ line feed ‖ canonical text.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value as Json, json};

use super::execute::Done;
use super::kinds::ErasureState;
use super::scan::ByteScan;
use super::tombstones::digits;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::json;
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::storage::Residue;

/// What is signed before the text.
const CONTEXT: &[u8] = b"crm-core erasure certificate 1\n";

/// The port to the host's signing key: a hardware module, a key management service, a file. Ed25519 (RFC 8032) is meant;
/// the engine does not look into the signature.
pub trait Signer: Send + Sync {
    /// The name of the key, up to 255 characters, by which whoever checks a certificate finds the public key.
    fn key_name(&self) -> String;

    /// The signature over a message.
    ///
    /// # Errors
    /// What keeps the key from being used. The erasure then waits, and is finished later.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>>;
}

/// The part that is known when the erasure is committed.
pub(super) fn draft(done: &Done) -> Json {
    json!({
        "format": "crm-core erasure certificate",
        "version": 1,
        "engine": concat!("crm-core ", env!("CARGO_PKG_VERSION")),
        "erasure": done.erasure,
        "pseudonym": digits(&done.pseudonym),
        "erased_at": done.erased_at,
        "lines": json::tree(&done.plan.lines).expect("the lines of a plan are plain data"),
        "reviews": done.plan.reviews.len(),
        "key_destroyed": done.key_destroyed,
        "kept_until": done.plan.kept_until,
        "journal": done.head,
    })
}

/// Completes a certificate: when the bytes were gone, and what was found in them afterwards; on a server also where they
/// stay beyond that, and what ends it.
pub(super) fn complete(
    mut draft: Json,
    state: ErasureState,
    at: Timestamp,
    verification: Option<&ByteScan>,
    remains: &[Residue],
) -> Json {
    draft["state"] = json!(state);
    draft["finished_at"] = json!(at);
    draft["verification"] = verification.map_or(Json::Null, |scan| {
        json!({
            "needles": scan.needles,
            "forms": scan.forms,
            "files": scan.files.len(),
            "bytes": scan.files.iter().map(|file| file.bytes).sum::<u64>(),
            "found": scan.found,
        })
    });
    if !remains.is_empty() {
        let place = |residue: &Residue| json!({"place": residue, "ended_by": residue.ended_by()});
        draft["remains"] = remains.iter().map(place).collect();
    }
    draft
}

/// The signature of a certificate, in BASE64.
pub(super) fn sign(signer: &dyn Signer, certificate: &Json) -> Result<String> {
    Ok(STANDARD.encode(signer.sign(&message(certificate))?))
}

/// The bytes that were signed for a certificate.
pub fn message(certificate: &Json) -> Vec<u8> {
    let mut message = CONTEXT.to_vec();
    message.extend_from_slice(canonical(certificate).to_string().as_bytes());
    message
}

/// Checks the signature of a certificate. `is_signed` is told the message and the signature and says whether the public
/// key of the host fits them; so this works with any library, and without the database.
///
/// # Errors
/// `privacy.certificate.signature` when it does not fit: the certificate was changed, or another key has signed it.
pub fn verify(
    certificate: &Json,
    signature: &str,
    is_signed: impl FnOnce(&[u8], &[u8]) -> bool,
) -> Result<()> {
    let fits = STANDARD.decode(signature).is_ok_and(|bytes| is_signed(&message(certificate), &bytes));
    if fits {
        return Ok(());
    }
    let reason = "the signature does not fit the certificate";
    Err(CrmError::new(ErrorKind::Corrupt, "privacy.certificate.signature", reason))
}

/// A JSON value with the members of its objects in the order of their names. Those of the certificate are ASCII, for
/// which the order of bytes is that of RFC 8785.
fn canonical(value: &Json) -> Json {
    match value {
        Json::Object(members) => {
            let sorted = sort::map(members);
            sorted.into_iter().map(|(name, member)| (name.clone(), canonical(member))).collect()
        }
        Json::Array(items) => items.iter().map(canonical).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_does_not_depend_on_the_order_of_members() {
        let one: Json = serde_json::from_str(r#"{"b": [1, {"d": null, "c": "x"}], "a": true}"#).unwrap();
        let other: Json = serde_json::from_str(r#"{"a":true,"b":[1,{"c":"x","d":null}]}"#).unwrap();
        assert_eq!(message(&one), message(&other));
        assert!(message(&one).ends_with(br#"{"a":true,"b":[1,{"c":"x","d":null}]}"#));
        assert_ne!(message(&one), message(&json!({"a": true, "b": [1, {"c": "x"}]})));
    }
}
