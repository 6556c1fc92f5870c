//! What the reader put right on its own, and where an error happened.

use crate::error::{CrmError, ErrorKind};

/// Something that the reader had to assume. The card was read; the host may want to tell the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// `vcard.version.assumed`, `vcard.charset.assumed` or `vcard.encoding.unknown`.
    pub code: &'static str,
    /// The line of the file, counted from 1.
    pub line: usize,
    /// What was assumed, in words.
    pub reason: &'static str,
}

/// An error of bad input at a line of a card.
pub(super) fn invalid(code: &'static str, reason: impl Into<String>, line: usize) -> CrmError {
    CrmError::invalid(code, reason).detail("line", line)
}

/// The error of an exceeded limit at a line.
pub(super) fn limit(reason: impl Into<String>, line: usize) -> CrmError {
    CrmError::new(ErrorKind::Limit, "vcard.limit", reason).detail("line", line)
}

/// Puts the card number and the path `card 3, line 17` on an error that has its line already.
pub(super) fn in_card(error: CrmError, card: usize) -> CrmError {
    let line = error.details().get("line").and_then(serde_json::Value::as_u64).unwrap_or_default();
    error.detail("card", card).at(format!("card {card}, line {line}"))
}

/// Puts the path `line 17` on an error that stands outside every card.
pub(super) fn outside(error: CrmError) -> CrmError {
    let line = error.details().get("line").and_then(serde_json::Value::as_u64).unwrap_or_default();
    error.at(format!("line {line}"))
}
