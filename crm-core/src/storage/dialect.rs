//! Where SQLite and PostgreSQL differ, and nowhere else.

/// The SQL that a database speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// SQLite 3.53 or later.
    Sqlite,
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
        }
    }

    /// The definition of the column that numbers the rows of a table.
    pub fn row_id_column(self) -> &'static str {
        match self {
            Self::Sqlite => "row_id INTEGER PRIMARY KEY",
        }
    }

    /// What stands behind the closing parenthesis of `CREATE TABLE`.
    pub fn table_suffix(self) -> &'static str {
        match self {
            Self::Sqlite => " STRICT",
        }
    }
}
