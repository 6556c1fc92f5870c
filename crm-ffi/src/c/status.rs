//! What every function gives back.

/// What a function gives back: 0, or why it failed. The numbers are stable and have gaps; a newer library may give
/// one that is not listed here, which a host treats as its hundred.
#[repr(i32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It succeeded.
    Ok = 0,
    /// Nothing happened within the time; no error.
    Timeout = 10,
    /// The input is wrong: type, format, range, an unknown field, a null pointer, no UTF-8.
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
    /// A rule of the domain forbids the change.
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
    /// The handle was closed, or never opened.
    Closed = 700,
    /// A defect of the library.
    Internal = 900,
}

impl Status {
    /// The number as C sees it.
    pub const fn number(self) -> i32 {
        self as i32
    }
}

#[cfg(test)]
mod tests {
    use super::Status;
    use crm_core::ErrorKind;

    #[test]
    fn every_kind_of_error_has_its_status() {
        let rows = [
            (ErrorKind::Invalid, Status::Invalid),
            (ErrorKind::Limit, Status::Limit),
            (ErrorKind::NotFound, Status::NotFound),
            (ErrorKind::Conflict, Status::Conflict),
            (ErrorKind::Duplicate, Status::Duplicate),
            (ErrorKind::Restricted, Status::Restricted),
            (ErrorKind::Rule, Status::Rule),
            (ErrorKind::Forbidden, Status::Forbidden),
            (ErrorKind::Interrupted, Status::Interrupted),
            (ErrorKind::Busy, Status::Busy),
            (ErrorKind::Full, Status::Full),
            (ErrorKind::Io, Status::Io),
            (ErrorKind::Corrupt, Status::Corrupt),
            (ErrorKind::Incompatible, Status::Incompatible),
            (ErrorKind::Closed, Status::Closed),
            (ErrorKind::Internal, Status::Internal),
        ];
        for (kind, status) in rows {
            assert_eq!(i32::from(kind.status()), status.number(), "{kind:?}");
        }
    }
}
