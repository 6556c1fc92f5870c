//! From the server's errors to the engine's. Its messages quote rows; nothing of them is passed on but names.

use postgres::error::{DbError, SqlState};

use crate::error::{CrmError, ErrorKind};
use crate::storage::error;

/// Whether the same transaction may go through when it is begun again: it met another one.
pub(super) fn is_retryable(failure: &postgres::Error) -> bool {
    matches!(failure.code(), Some(&SqlState::T_R_SERIALIZATION_FAILURE | &SqlState::T_R_DEADLOCK_DETECTED))
}

/// Whether a prepared statement no longer fits the schema.
pub(super) fn is_outdated(failure: &postgres::Error) -> bool {
    // "cached plan must not change result type"
    failure.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
}

/// Whether the connection is lost with the failure.
pub(super) fn is_lost(failure: &postgres::Error) -> bool {
    match failure.as_db_error() {
        Some(refused) => matches!(*refused.code(), SqlState::ADMIN_SHUTDOWN | SqlState::CRASH_SHUTDOWN),
        None => true,
    }
}

/// Maps the failure to reach the server or to log in. The reason never holds what stands in the URL.
#[cold]
pub(super) fn connecting(failure: &postgres::Error) -> CrmError {
    let reason = match failure.code() {
        Some(&SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION) => {
            "the server refused the login"
        }
        Some(&SqlState::INVALID_CATALOG_NAME) => "the server has no such database",
        Some(&SqlState::TOO_MANY_CONNECTIONS | &SqlState::CANNOT_CONNECT_NOW) => {
            return with_state(error::busy(), failure.code());
        }
        // The driver below tells its own failures apart in words only.
        None if failure.to_string().contains("TLS handshake") => "the certificate of the server was refused",
        _ => "the server could not be reached, or not in the way that the URL asks for",
    };
    with_state(CrmError::new(ErrorKind::Io, "storage.connect", reason), failure.code())
}

/// The URL of a database is wrong.
pub(super) fn url() -> CrmError {
    CrmError::invalid("storage.url", "is no URL of a PostgreSQL database")
}

/// A server has no file.
pub(super) fn unsupported(reason: &'static str) -> CrmError {
    CrmError::new(ErrorKind::Invalid, "storage.unsupported", reason)
}

/// Maps the failure to prepare a statement. Such a message quotes only our own SQL.
#[cold]
pub(super) fn preparing(failure: &postgres::Error) -> CrmError {
    let error = running(failure);
    match failure.as_db_error() {
        Some(refused) if error.code() == "storage.statement" => {
            with_state(statement(refused.message()), Some(refused.code()))
        }
        _ => error,
    }
}

/// Maps the failure of a statement.
#[cold]
pub(super) fn running(failure: &postgres::Error) -> CrmError {
    match failure.as_db_error() {
        Some(refused) => of_server(refused),
        // Without a message of the server it is the connection that failed.
        None => error::io(),
    }
}

/// A statement that is wrong in itself: a defect of the library.
pub(super) fn statement(reason: impl Into<String>) -> CrmError {
    CrmError::new(ErrorKind::Internal, "storage.statement", reason.into())
}

/// A value of the wrong type for its column.
pub(super) fn wrong_type() -> CrmError {
    CrmError::new(ErrorKind::Internal, "storage.type", "a value does not have the type of its column")
}

fn of_server(refused: &DbError) -> CrmError {
    match *refused.code() {
        SqlState::UNIQUE_VIOLATION => with_columns(
            CrmError::new(ErrorKind::Duplicate, "storage.unique", "a unique value exists already"),
            refused,
        ),
        SqlState::FOREIGN_KEY_VIOLATION => with_columns(
            CrmError::new(
                ErrorKind::Restricted,
                "storage.foreign_key",
                "a row points at one that does not exist, or is still pointed at",
            ),
            refused,
        ),
        SqlState::NOT_NULL_VIOLATION => CrmError::invalid("storage.not_null", "a required value is missing")
            .detail("table", refused.table().unwrap_or_default())
            .detail("columns", [refused.column().unwrap_or_default()]),
        SqlState::CHECK_VIOLATION => CrmError::invalid("storage.check", "a value breaks a rule of the table")
            .detail("constraint", refused.constraint().unwrap_or_default()),
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE
        | SqlState::TOO_MANY_CONNECTIONS
        | SqlState::CANNOT_CONNECT_NOW => error::busy(),
        SqlState::QUERY_CANCELED => error::interrupted(),
        SqlState::DISK_FULL => error::full(),
        SqlState::OUT_OF_MEMORY => CrmError::new(ErrorKind::Limit, "storage.memory", "memory is exhausted"),
        SqlState::PROGRAM_LIMIT_EXCEEDED => CrmError::new(
            ErrorKind::Limit,
            "storage.too_big",
            "a value or a row is larger than the database allows",
        ),
        SqlState::READ_ONLY_SQL_TRANSACTION => error::read_only(),
        SqlState::IN_FAILED_SQL_TRANSACTION => error::rolled_back(),
        SqlState::DATATYPE_MISMATCH => wrong_type(),
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => error::corrupt(),
        _ => by_class(refused),
    }
}

fn by_class(refused: &DbError) -> CrmError {
    let code = refused.code();
    let mapped = match code.code().get(..2) {
        // A value that an expression cannot take, such as an unknown time zone; the message would quote it.
        Some("22") => statement("an expression was given a value that it cannot take"),
        Some("08" | "53" | "57" | "58") => error::io(),
        _ => statement("the statement failed"),
    };
    with_state(mapped, Some(code))
}

fn with_state(error: CrmError, code: Option<&SqlState>) -> CrmError {
    match code {
        Some(code) => error.detail("sqlstate", code.code()),
        None => error,
    }
}

/// Adds `{"table": "t", "columns": ["a", "b"]}`. The server says `Key (a, b)=(1, 2) …` in any language; what stands
/// between the first brackets are names.
fn with_columns(error: CrmError, refused: &DbError) -> CrmError {
    let detail = refused.detail().unwrap_or_default();
    let columns = detail.split_once(")=(").and_then(|(before, _)| before.split_once('('));
    let columns: Vec<&str> = match columns {
        Some((_, names)) => names.split(", ").map(|name| name.trim_matches('"')).collect(),
        None => Vec::new(),
    };
    error.detail("table", refused.table().unwrap_or_default()).detail("columns", columns)
}
