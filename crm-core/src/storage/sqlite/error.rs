//! From rusqlite's errors to the engine's. Messages of SQLite are used only where they hold no stored value.

use rusqlite::{Error, ErrorCode, ffi};

use crate::error::{CrmError, ErrorKind};
use crate::storage::error;

/// Maps the failure to prepare a statement. Such a message quotes only our own SQL.
#[cold]
pub(super) fn preparing(failure: &Error) -> CrmError {
    match failure {
        Error::SqlInputError { msg, offset, .. } => {
            statement(format!("{msg}, at byte {offset} of the statement"))
        }
        Error::SqliteFailure(code, Some(text)) if code.code == ErrorCode::Unknown => statement(text.clone()),
        other => running(other),
    }
}

/// Maps the failure to run a statement, to open a connection or to set it up.
#[cold]
pub(super) fn running(failure: &Error) -> CrmError {
    let Error::SqliteFailure(code, text) = failure else {
        // What is left are wrong calls of rusqlite: too few parameters, rows from a statement without rows.
        return match failure {
            Error::ExecuteReturnedResults => {
                statement("a statement that returns rows was run as one that does not")
            }
            Error::InvalidParameterCount(given, wanted) => {
                statement(format!("{given} parameters were given, {wanted} are wanted"))
            }
            Error::StatementChangedRows(rows) => {
                statement(format!("an insert made {rows} rows instead of one"))
            }
            Error::InvalidColumnIndex(column) => statement(format!("the result has no column {column}")),
            Error::MultipleStatement => statement("several statements were given as one"),
            _ => CrmError::internal("the call of the SQLite library was wrong"),
        };
    };
    let text = text.as_deref().unwrap_or_default();
    match code.code {
        ErrorCode::ConstraintViolation => constraint(code.extended_code, text),
        ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::FileLockingProtocolFailed
        | ErrorCode::SchemaChanged => error::busy(),
        ErrorCode::OperationInterrupted => error::interrupted(),
        ErrorCode::DiskFull => error::full(),
        ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
            error::io().detail("sqlite", code.extended_code)
        }
        ErrorCode::ReadOnly => error::read_only().detail("sqlite", code.extended_code),
        ErrorCode::DatabaseCorrupt => error::corrupt().detail("sqlite", code.extended_code),
        ErrorCode::NotADatabase => error::not_a_database(),
        ErrorCode::TooBig => CrmError::new(
            ErrorKind::Limit,
            "storage.too_big",
            "a value or a row is larger than the database allows",
        ),
        ErrorCode::OutOfMemory => CrmError::new(ErrorKind::Limit, "storage.memory", "memory is exhausted"),
        ErrorCode::TypeMismatch => wrong_type(),
        // The message quotes the search expression, which somebody typed.
        ErrorCode::Unknown if text.starts_with("fts5:") || text == "unterminated string" => {
            CrmError::invalid("storage.match", "is not a valid search expression")
        }
        ErrorCode::Unknown => statement("the statement failed").detail("sqlite", code.extended_code),
        _ => CrmError::internal("SQLite reported a defect").detail("sqlite", code.extended_code),
    }
}

/// Whether a connection that only reads was refused because a transaction must be taken back first.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn must_roll_back(error: &CrmError) -> bool {
    error.details().get("sqlite").and_then(serde_json::Value::as_i64)
        == Some(i64::from(ffi::SQLITE_READONLY_ROLLBACK))
}

/// A violated constraint. SQLite names tables, columns and constraints here, never values.
fn constraint(extended: i32, text: &str) -> CrmError {
    let subject = text.split_once(": ").map_or("", |(_, subject)| subject);
    match extended {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            let error =
                CrmError::new(ErrorKind::Duplicate, "storage.unique", "a unique value exists already");
            match subject.strip_prefix("index '") {
                Some(index) => error.detail("index", index.trim_end_matches('\'')),
                None => with_columns(error, subject),
            }
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => CrmError::new(
            ErrorKind::Restricted,
            "storage.foreign_key",
            "a row points at one that does not exist, or is still pointed at",
        ),
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            with_columns(CrmError::invalid("storage.not_null", "a required value is missing"), subject)
        }
        ffi::SQLITE_CONSTRAINT_CHECK => {
            CrmError::invalid("storage.check", "a value breaks a rule of the table")
                .detail("constraint", subject)
        }
        ffi::SQLITE_CONSTRAINT_TRIGGER => {
            CrmError::new(ErrorKind::Rule, "storage.trigger", "a trigger of the schema refused the change")
        }
        ffi::SQLITE_CONSTRAINT_DATATYPE => wrong_type(),
        _ => CrmError::invalid("storage.constraint", "a constraint of the schema was violated")
            .detail("sqlite", extended),
    }
}

/// Adds `{"table": "t", "columns": ["a", "b"]}` from SQLite's `t.a, t.b`.
fn with_columns(error: CrmError, subject: &str) -> CrmError {
    let mut table = "";
    let mut columns = Vec::new();
    for part in subject.split(", ") {
        let (owner, column) = part.rsplit_once('.').unwrap_or(("", part));
        table = owner;
        columns.push(column.to_owned());
    }
    error.detail("table", table).detail("columns", columns)
}

/// A value of the wrong type for a STRICT column.
fn wrong_type() -> CrmError {
    CrmError::new(ErrorKind::Internal, "storage.type", "a value does not have the type of its column")
}

/// A statement that is wrong in itself: a defect of the library.
fn statement(reason: impl Into<String>) -> CrmError {
    CrmError::new(ErrorKind::Internal, "storage.statement", reason)
}
