//! Reading the values of a change as what the rules of privacy decide on.

use sha2::{Digest, Sha256};

use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::record::Value;
use crate::record::select::{self, Select};
use crate::record::unit::Change;

/// The text of a field after the change.
pub(crate) fn text<'c>(change: &'c Change, field: &str) -> Option<&'c str> {
    match change.after(field) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

/// The link of a field after the change.
pub(crate) fn link(change: &Change, field: &str) -> Option<RecordId> {
    change.after(field).as_id()
}

/// The time of a field after the change.
pub(crate) fn time(change: &Change, field: &str) -> Option<Timestamp> {
    match change.after(field) {
        Value::Timestamp(at) => Some(*at),
        _ => None,
    }
}

/// The option of a select field after the change.
pub(crate) fn option<S: Select>(change: &Change, field: &str) -> Result<Option<S>> {
    match change.after(field) {
        Value::Null => Ok(None),
        value => select::from_value(value).map(Some),
    }
}

/// Refuses a period that ends before it begins.
pub(crate) fn in_order(change: &Change, from: &str, to: &str, code: &'static str) -> Result<()> {
    match (time(change, from), time(change, to)) {
        (Some(from), Some(end)) if end < from => Err(CrmError::invalid(code, "ends before it begins").at(to)),
        _ => Ok(()),
    }
}

/// The SHA-256 of bytes as hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Bytes as hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    // Permits hash an address each; to format the bytes one by one took as long as to hash them.
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}
