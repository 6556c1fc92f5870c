//! The errors that every driver shares. Their codes are stable; their reasons never hold a stored value.

use crate::error::{CrmError, ErrorKind};

/// The database was closed.
pub(crate) fn closed() -> CrmError {
    CrmError::new(ErrorKind::Closed, "storage.closed", "the database was closed")
}

/// A read or write was begun inside another one on the same thread.
pub(crate) fn nested() -> CrmError {
    CrmError::new(ErrorKind::Internal, "storage.nested", "a read or write was begun inside another one")
}

/// Somebody else held the database for longer than the busy timeout.
pub(crate) fn busy() -> CrmError {
    CrmError::new(ErrorKind::Busy, "storage.busy", "the database is in use by somebody else")
}

/// The host interrupted the statement.
pub(crate) fn interrupted() -> CrmError {
    CrmError::new(
        ErrorKind::Interrupted,
        "storage.interrupted",
        "the work was interrupted; nothing was changed",
    )
}

/// The disk is full, or the file may not grow.
pub(crate) fn full() -> CrmError {
    CrmError::new(ErrorKind::Full, "storage.full", "the disk is full, or the file may not grow any further")
}

/// Reading or writing the file failed.
pub(crate) fn io() -> CrmError {
    CrmError::new(ErrorKind::Io, "storage.io", "the file could not be read or written")
}

/// The database, or this way of using it, allows no changes.
pub(crate) fn read_only() -> CrmError {
    CrmError::new(ErrorKind::Io, "storage.read_only", "the database may only be read here")
}

/// The file is damaged.
pub(crate) fn corrupt() -> CrmError {
    CrmError::new(ErrorKind::Corrupt, "storage.corrupt", "the database file is damaged")
}

/// The file is no database at all.
pub(crate) fn not_a_database() -> CrmError {
    CrmError::new(ErrorKind::Corrupt, "storage.not_a_database", "the file is not a database")
}

/// The key does not open the file.
pub(crate) fn wrong_key() -> CrmError {
    CrmError::new(ErrorKind::Invalid, "storage.key", "the key does not open the database")
}

/// The file seems to be encrypted, and no key was given.
pub(crate) fn key_missing() -> CrmError {
    CrmError::new(
        ErrorKind::Invalid,
        "storage.key.missing",
        "the file is not a plain database; it seems to be encrypted and needs its key",
    )
}

/// The host has no key to change to.
pub(crate) fn no_next_key() -> CrmError {
    CrmError::new(ErrorKind::Invalid, "storage.key.next", "the host gives no new key for the database")
}

/// A key was given for a file that is not encrypted.
pub(crate) fn plain_file() -> CrmError {
    CrmError::new(
        ErrorKind::Invalid,
        "storage.encryption.plain",
        "the database is not encrypted; it does not open with a key",
    )
}

/// Another key was asked for where there is no encryption.
pub(crate) fn not_encrypted() -> CrmError {
    CrmError::new(ErrorKind::Invalid, "storage.encryption.none", "the database is not encrypted")
}

/// The database is still under the key from before.
pub(crate) fn not_rekeyed() -> CrmError {
    CrmError::new(ErrorKind::Io, "storage.rekey", "the database could not be brought under the new key")
}

/// This build, or this driver, cannot encrypt.
pub(crate) fn encryption_unsupported() -> CrmError {
    CrmError::new(
        ErrorKind::Invalid,
        "storage.encryption.unsupported",
        "a key was given, but this build of the library or this driver does not encrypt databases",
    )
}

/// The file is a database of another program.
pub(crate) fn not_ours() -> CrmError {
    CrmError::new(ErrorKind::Corrupt, "storage.not_ours", "the file is a database of another program")
}

/// The file was written by a newer version of the library.
pub(crate) fn newer_version(found: u32, supported: u32) -> CrmError {
    CrmError::new(
        ErrorKind::Incompatible,
        "storage.newer_version",
        "the file was written by a newer version of the library",
    )
    .detail("found", found)
    .detail("supported", supported)
}

/// The transaction was rolled back by the database before its end.
pub(crate) fn rolled_back() -> CrmError {
    CrmError::new(ErrorKind::Internal, "storage.rolled_back", "the transaction has ended already")
}

/// The target of a backup exists already.
pub(crate) fn backup_exists() -> CrmError {
    CrmError::new(ErrorKind::Invalid, "storage.backup.exists", "the target of the backup exists already")
}
