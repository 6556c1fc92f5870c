//! Where SQLite and PostgreSQL differ, and nowhere else.

#[cfg(feature = "postgres")]
use super::postgres::words;
use crate::error::{CrmError, Result};
use crate::ground::zone::DateUnit;

/// The SQL that a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// SQLite 3.53 or later.
    Sqlite,
    /// PostgreSQL 14 or later.
    #[cfg(feature = "postgres")]
    Postgres,
}

/// The type of a column, as the engine thinks of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// A truth value.
    Boolean,
    /// A 64-bit whole number.
    Integer,
    /// A binary floating-point number.
    Real,
    /// Text.
    Text,
    /// Bytes.
    Blob,
    /// An identifier.
    Id,
    /// A point in time.
    Timestamp,
    /// A date.
    Date,
    /// A JSON document.
    Json,
}

impl Dialect {
    /// The declared type of a column.
    pub fn column_type(self, column: ColumnType) -> &'static str {
        match (self, column) {
            (Self::Sqlite, ColumnType::Boolean | ColumnType::Integer | ColumnType::Timestamp) => "INTEGER",
            (Self::Sqlite, ColumnType::Real) => "REAL",
            (Self::Sqlite, ColumnType::Text | ColumnType::Date | ColumnType::Json) => "TEXT",
            (Self::Sqlite, ColumnType::Blob | ColumnType::Id) => "BLOB",
            #[cfg(feature = "postgres")]
            (Self::Postgres, column) => words::column_type(column),
        }
    }

    /// The definition of the column that numbers the rows of a table.
    pub fn row_id_column(self) -> &'static str {
        match self {
            Self::Sqlite => "row_id INTEGER PRIMARY KEY",
            #[cfg(feature = "postgres")]
            Self::Postgres => words::ROW_ID,
        }
    }

    /// What stands behind the closing parenthesis of `CREATE TABLE`.
    pub fn table_suffix(self) -> &'static str {
        match self {
            Self::Sqlite => " STRICT",
            #[cfg(feature = "postgres")]
            Self::Postgres => "",
        }
    }

    /// The expression for the label of the bucket that a time stamp falls into, in a time zone. `column` and
    /// `zone` are SQL: a column and mostly a placeholder that is bound to an IANA name. NULL gives NULL.
    ///
    /// ```
    /// use crm_core::DateUnit;
    /// use crm_core::storage::Dialect;
    /// let label = Dialect::Sqlite.bucket_timestamp("closed_at", DateUnit::Month, "?1");
    /// let sql = format!("SELECT {label}, COUNT(*) FROM deal GROUP BY 1");
    /// # assert!(sql.contains("closed_at"));
    /// ```
    pub fn bucket_timestamp(self, column: &str, unit: DateUnit, zone: &str) -> String {
        match self {
            Self::Sqlite => format!("crm_bucket({column}, '{}', {zone})", unit.name()),
            #[cfg(feature = "postgres")]
            Self::Postgres => words::bucket_timestamp(column, unit, zone),
        }
    }

    /// The expression for the label of the bucket that a date falls into. `column` is SQL. NULL gives NULL.
    pub fn bucket_date(self, column: &str, unit: DateUnit) -> String {
        match (self, unit) {
            (Self::Sqlite, DateUnit::Day) => column.to_owned(),
            (Self::Sqlite, DateUnit::Week) => format!("strftime('%G-W%V', {column})"),
            (Self::Sqlite, DateUnit::Month) => format!("substr({column}, 1, 7)"),
            (Self::Sqlite, DateUnit::Quarter) => format!(
                "(substr({column}, 1, 4) || '-Q' || ((CAST(substr({column}, 6, 2) AS INTEGER) + 2) / 3))"
            ),
            (Self::Sqlite, DateUnit::Year) => format!("substr({column}, 1, 4)"),
            #[cfg(feature = "postgres")]
            (Self::Postgres, unit) => words::bucket_date(column, unit),
        }
    }

    /// The expression for text without regard to case and accents, as [`fold`](crate::ground::text::fold)
    /// makes it. `column` is SQL. Drivers make the function `crm_fold(text)`. NULL gives NULL.
    pub fn folded(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("crm_fold({column})"),
            #[cfg(feature = "postgres")]
            Self::Postgres => format!("crm_fold({column})"),
        }
    }

    /// Whether a failed statement ends its transaction, so that work which goes on after a failure needs a savepoint
    /// before it.
    pub fn aborts_on_failure(self) -> bool {
        match self {
            Self::Sqlite => false,
            #[cfg(feature = "postgres")]
            Self::Postgres => true,
        }
    }

    /// The expression for the text `type:id` under which a polymorphic reference to a row is stored.
    /// `prefix` is SQL, mostly a placeholder bound to `type:`; `id` is the column with the identifier.
    pub fn reference_text(self, prefix: &str, id: &str) -> String {
        match self {
            Self::Sqlite => {
                let part = |start, length| format!("substr(lower(hex({id})), {start}, {length})");
                let parts = [part(1, 8), part(9, 4), part(13, 4), part(17, 4), part(21, 12)];
                format!("({prefix} || {})", parts.join(" || '-' || "))
            }
            #[cfg(feature = "postgres")]
            Self::Postgres => words::reference_text(prefix, id),
        }
    }
}

/// Checks that a statement can be rewritten for every database: parameters are numbered (`?1`), no `?` stands
/// inside a literal, a quoted name or a comment, and no other style of parameter or quoting is used.
///
/// # Errors
/// `storage.not_portable` with the byte at which the trouble is, as the path.
///
/// ```
/// use crm_core::storage::dialect::check_portable;
/// assert!(check_portable("SELECT name FROM person WHERE row_id = ?1").is_ok());
/// assert!(check_portable("SELECT 'really?'").is_err());
/// assert!(check_portable("SELECT name FROM person WHERE row_id = ?").is_err());
/// ```
pub fn check_portable(sql: &str) -> Result<()> {
    let bytes = sql.as_bytes();
    let fail = |at: usize, reason: &str| {
        Err(CrmError::invalid("storage.not_portable", reason).at(format!("byte {at}")))
    };
    let mut at = 0;
    while at < bytes.len() {
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        let closing: Option<&[u8]> = match bytes[at] {
            b'\'' => Some(b"'"),
            b'"' => Some(b"\""),
            b'-' if next == b'-' => Some(b"\n"),
            b'/' if next == b'*' => Some(b"*/"),
            _ => None,
        };
        if let Some(closing) = closing {
            // A doubled quote ends one literal and begins the next, which comes to the same here.
            let start = at + closing.len();
            let rest = bytes.get(start..).unwrap_or_default();
            let length = rest.windows(closing.len()).position(|window| window == closing);
            if length.is_none() && closing != b"\n" {
                return fail(at, "a literal, a name or a comment is not closed");
            }
            let length = length.unwrap_or(rest.len());
            if let Some(mark) = rest[..length].iter().position(|&byte| byte == b'?') {
                return fail(start + mark, "a question mark stands inside a literal, a name or a comment");
            }
            at = start + length + closing.len();
            continue;
        }
        match bytes[at] {
            b'?' if !(b'1'..=b'9').contains(&next) => return fail(at, "a parameter has no number"),
            b'$' | b'@' | b':' => return fail(at, "parameters are written ?1"),
            b'`' | b'[' => return fail(at, "names are quoted with double quotes"),
            _ => at += 1,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_portable;

    #[test]
    fn portable_sql_is_told_from_the_rest() {
        for (sql, expected) in [
            ("SELECT 1", None),
            ("SELECT ?1, ?12 -- plain", None),
            ("SELECT 'it''s', \"a name\", ?1 /* fine */", None),
            ("SELECT data ->> 'key' FROM t", None),
            ("", None),
            ("SELECT ?", Some("byte 7")),
            ("SELECT ?0", Some("byte 7")),
            ("SELECT 'a?b'", Some("byte 9")),
            ("SELECT 'it''s?'", Some("byte 13")),
            ("SELECT \"a?\"", Some("byte 9")),
            ("SELECT 1 -- why?", Some("byte 15")),
            ("SELECT 1 /* why? */", Some("byte 15")),
            ("SELECT 'open", Some("byte 7")),
            ("SELECT /*", Some("byte 7")),
            ("SELECT $1", Some("byte 7")),
            ("SELECT :name", Some("byte 7")),
            ("SELECT @name", Some("byte 7")),
            ("SELECT `name`", Some("byte 7")),
            ("SELECT [name]", Some("byte 7")),
        ] {
            let found = check_portable(sql).err().and_then(|error| error.path().map(str::to_owned));
            assert_eq!(found.as_deref(), expected, "{sql}");
        }
    }
}
