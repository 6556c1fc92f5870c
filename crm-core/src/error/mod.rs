//! The one public error of the engine.
//!
//! Inner errors (SQLite, JSON, CSV) stay inside; what leaves the engine is a [`CrmError`] with a stable
//! code, a status, the path of the offending field and a reason in words. It never holds personal data:
//! a reason names the field and the rule, not the value.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value as JsonValue};

/// The result of every operation of the engine.
pub type Result<T, E = CrmError> = std::result::Result<T, E>;

/// What sort of failure an error is. The numbers are stable and have gaps, so a host may switch on them.
///
/// ```
/// use crm_core::ErrorKind;
/// assert_eq!(ErrorKind::NotFound.status(), 200);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The input is wrong: type, format, range or an unknown field.
    Invalid = 100,
    /// A limit on the size of the input was exceeded.
    Limit = 110,
    /// No such record, or none that the session may see.
    NotFound = 200,
    /// The record was changed since it was read; the details name the fields.
    Conflict = 300,
    /// A unique value exists already.
    Duplicate = 310,
    /// Other records still point at this one.
    Restricted = 320,
    /// A rule of the domain forbids the change, for example a stage's entry requirements.
    Rule = 330,
    /// The session may not do this.
    Forbidden = 400,
    /// The work was interrupted or cancelled by the host. Nothing was changed.
    Interrupted = 500,
    /// The database is locked by somebody else for longer than the busy timeout.
    Busy = 510,
    /// The disk is full, or the file may not grow.
    Full = 520,
    /// Reading or writing the file failed.
    Io = 530,
    /// The file is not a database, or is damaged.
    Corrupt = 600,
    /// The file was written by a newer version of the library.
    Incompatible = 610,
    /// The database was closed.
    Closed = 700,
    /// A defect of the library.
    Internal = 900,
}

impl ErrorKind {
    /// The stable number of this kind.
    pub const fn status(self) -> u16 {
        self as u16
    }

    /// Whether the fault lies with the machine or the database and not with the input: the same call with the same
    /// input may succeed later, and another input would have failed, too.
    pub const fn is_environmental(self) -> bool {
        self.status() >= Self::Interrupted.status()
    }
}

/// The error of every operation: stable code, kind, field path, reason and details.
///
/// ```
/// use crm_core::{CrmError, ErrorKind};
/// let error = CrmError::new(ErrorKind::Invalid, "person.emails.invalid", "has no @").at("emails[0].address");
/// assert_eq!(error.code(), "person.emails.invalid");
/// assert_eq!(error.path(), Some("emails[0].address"));
/// assert_eq!(error.to_string(), "emails[0].address: has no @ (person.emails.invalid)");
/// ```
// Boxed, so that a `Result` stays as small as its success.
#[derive(Clone, Debug, PartialEq)]
pub struct CrmError(Box<Inner>);

#[derive(Clone, Debug, PartialEq)]
struct Inner {
    kind: ErrorKind,
    code: Cow<'static, str>,
    path: Option<String>,
    reason: String,
    details: Map<String, JsonValue>,
}

impl CrmError {
    /// An error of a kind with its stable dotted code and the reason in words (no personal data).
    pub fn new(kind: ErrorKind, code: impl Into<Cow<'static, str>>, reason: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            code: code.into(),
            path: None,
            reason: reason.into(),
            details: Map::new(),
        }))
    }

    /// Bad input: [`ErrorKind::Invalid`].
    pub fn invalid(code: impl Into<Cow<'static, str>>, reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, code, reason)
    }

    /// A defect of the library: [`ErrorKind::Internal`].
    pub fn internal(reason: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, "internal", reason)
    }

    /// Names the field, row or position that the error is about, for example `emails[0].address`.
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.0.path = Some(path.into());
        self
    }

    /// Puts a prefix in front of the path, for errors that come out of a part of the input.
    pub fn within(mut self, outer: &str) -> Self {
        self.0.path = Some(match self.0.path.take() {
            Some(inner) if inner.starts_with('[') => format!("{outer}{inner}"),
            Some(inner) => format!("{outer}.{inner}"),
            None => outer.to_owned(),
        });
        self
    }

    /// Adds a detail that a program can read.
    pub fn detail(mut self, name: &str, value: impl Into<JsonValue>) -> Self {
        self.0.details.insert(name.to_owned(), value.into());
        self
    }

    /// Replaces the code, for a caller that knows a more precise one.
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.0.code = code.into();
        self
    }

    /// What sort of failure this is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The stable dotted code, for example `person.emails.invalid`.
    pub fn code(&self) -> &str {
        &self.0.code
    }

    /// The field, row or position that the error is about.
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// The reason in words, in English, without personal data.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// Details that a program can read, for example the names of the fields in conflict.
    pub fn details(&self) -> &Map<String, JsonValue> {
        &self.0.details
    }

    /// The error as the JSON object that every surface shows.
    pub fn to_json(&self) -> JsonValue {
        serde_json::json!({
            "code": self.0.code, "kind": self.0.kind, "status": self.0.kind.status(),
            "path": self.0.path, "reason": self.0.reason, "details": self.0.details,
        })
    }
}

impl Serialize for CrmError {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

/// Why JSON has not the shape of a type, in the words of serde without the values that it quotes.
pub(crate) fn reason_of(error: &serde_json::Error) -> String {
    const QUOTING: [&str; 5] =
        ["invalid type", "invalid value", "invalid length", "unknown variant", "unknown field"];
    let text = error.to_string();
    // Read from a text, an error ends with its place. It is looked for as a whole, because a quoted value may hold anything.
    let place = format!(" at line {} column {}", error.line(), error.column());
    let text = text.strip_suffix(&place).unwrap_or(&text);
    let Some(start) = QUOTING.iter().find(|start| text.starts_with(**start)) else {
        return text.to_owned();
    };
    match (text.rsplit_once(", expected "), *start) {
        (Some((_, expected)), "unknown field") => format!("has a member that is not {expected}"),
        (Some((_, expected)), _) => format!("is not {expected}"),
        (None, _) => "is not of the right type".to_owned(),
    }
}

impl fmt::Display for CrmError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.0.path {
            write!(f, "{path}: ")?;
        }
        write!(f, "{} ({})", self.0.reason, self.0.code)
    }
}

impl std::error::Error for CrmError {}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::{Value as Json, json};

    use super::reason_of;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "it is only read into")]
    struct Sample {
        number: u32,
        word: Word,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        Work,
        Home,
    }

    #[test]
    fn reasons_hold_no_value() {
        for (given, expected) in [
            (json!({}), "missing field `number`"),
            (json!({"number": "secret", "word": "work"}), "is not u32"),
            (json!({"number": -7, "word": "work"}), "is not u32"),
            (json!({"number": "x, expected secret at line 3", "word": "work"}), "is not u32"),
            (
                json!({"number": 1, "word": "x, expected secret at line 3 column 4"}),
                "is not `work` or `home`",
            ),
            (
                json!({"number": 1, "word": "work", "secret": 1}),
                "has a member that is not `number` or `word`",
            ),
            (json!("secret"), "is not struct Sample"),
        ] {
            let from_value = serde_json::from_value::<Sample>(given.clone()).unwrap_err();
            assert_eq!(reason_of(&from_value), expected, "{given}");
            let from_text = serde_json::from_str::<Sample>(&Json::to_string(&given)).unwrap_err();
            assert_eq!(reason_of(&from_text), expected, "{given} as text");
        }
    }
}
