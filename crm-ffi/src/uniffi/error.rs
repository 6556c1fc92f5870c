//! The error of every call.

use crm_core::ErrorKind;

/// The result of every call.
pub type Result<T, E = CrmError> = std::result::Result<T, E>;

/// Why a call failed. Nothing was changed.
#[derive(Clone, Debug, PartialEq, uniffi::Error)]
pub enum CrmError {
    /// The only variant: switch on `kind`, or on `code` for one rule.
    Failed {
        /// The stable dotted code, for example `person.emails.invalid`.
        code: String,
        /// What sort of failure it is.
        kind: Kind,
        /// The stable number of the kind.
        status: u16,
        /// The field, row or position that it is about, for example `emails[0].address`.
        path: Option<String>,
        /// The reason in words, in English, without personal data.
        reason: String,
        /// Details that a program can read: the JSON text of an object.
        details: String,
    },
}

impl std::fmt::Display for CrmError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self::Failed { code, path, reason, .. } = self;
        if let Some(path) = path {
            write!(f, "{path}: ")?;
        }
        write!(f, "{reason} ({code})")
    }
}

impl std::error::Error for CrmError {}

impl From<crm_core::CrmError> for CrmError {
    fn from(error: crm_core::CrmError) -> Self {
        Self::Failed {
            code: error.code().to_owned(),
            kind: error.kind().into(),
            status: error.kind().status(),
            path: error.path().map(str::to_owned),
            reason: error.reason().to_owned(),
            details: serde_json::to_string(error.details()).unwrap_or_default(),
        }
    }
}

/// What a listener of the host throws that is no `CrmError` stops the call, too.
impl From<uniffi::UnexpectedUniFFICallbackError> for CrmError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        // What the host's exception says may be personal, so it stays where it was thrown.
        crm_core::CrmError::new(
            ErrorKind::Interrupted,
            "surface.callback",
            "a listener of the host has failed",
        )
        .into()
    }
}

/// What sort of failure an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum Kind {
    /// The input is wrong: type, format, range or an unknown field.
    Invalid,
    /// A limit on the size of the input was exceeded.
    Limit,
    /// No such record, or none that the session may see.
    NotFound,
    /// The record was changed since it was read; the details name the fields.
    Conflict,
    /// A unique value exists already.
    Duplicate,
    /// Other records still point at this one.
    Restricted,
    /// A rule of the domain forbids the change.
    Rule,
    /// The session may not do this.
    Forbidden,
    /// The work was interrupted or cancelled by the host.
    Interrupted,
    /// The database is locked by somebody else.
    Busy,
    /// The disk is full, or the file may not grow.
    Full,
    /// Reading or writing the file failed.
    Io,
    /// The file is not a database, or is damaged.
    Corrupt,
    /// The file was written by a newer version of the library.
    Incompatible,
    /// The database was closed.
    Closed,
    /// A defect of the library, or a kind that this version of the bindings does not know.
    Internal,
}

impl From<ErrorKind> for Kind {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Invalid => Self::Invalid,
            ErrorKind::Limit => Self::Limit,
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Conflict => Self::Conflict,
            ErrorKind::Duplicate => Self::Duplicate,
            ErrorKind::Restricted => Self::Restricted,
            ErrorKind::Rule => Self::Rule,
            ErrorKind::Forbidden => Self::Forbidden,
            ErrorKind::Interrupted => Self::Interrupted,
            ErrorKind::Busy => Self::Busy,
            ErrorKind::Full => Self::Full,
            ErrorKind::Io => Self::Io,
            ErrorKind::Corrupt => Self::Corrupt,
            ErrorKind::Incompatible => Self::Incompatible,
            ErrorKind::Closed => Self::Closed,
            _ => Self::Internal,
        }
    }
}
