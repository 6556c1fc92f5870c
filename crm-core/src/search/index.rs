//! The full-text index: one entry for each record that has searched fields.
//!
//! SQLite's index holds no copy of the text. To remove an entry the same text must be given again, which the engine
//! has: it takes the before-image of every change.

use crate::error::{CrmError, Result};
use crate::record::RecordType;
use crate::record::derived::Document;
use crate::storage::{Connection, Dialect, Param};

/// How many record types an entry's number has room for.
const TYPES: i64 = 4096;

/// The number of a record's entry: the number of its row and that of its type.
pub(crate) fn entry_of(record_type: &RecordType, row_id: i64) -> Result<i64> {
    if record_type.number >= TYPES {
        return Err(CrmError::internal("there are too many searched record types"));
    }
    row_id
        .checked_mul(TYPES)
        .and_then(|shifted| shifted.checked_add(record_type.number))
        .ok_or_else(|| CrmError::internal("a row number is too large for the search index"))
}

/// The number of the type and of the row of an entry.
pub(crate) fn record_of(entry: i64) -> (i64, i64) {
    (entry.rem_euclid(TYPES), entry.div_euclid(TYPES))
}

/// Adds the entry of a record.
pub(crate) fn add(connection: &dyn Connection, entry: i64, document: &Document) -> Result<()> {
    let dialect = connection.dialect();
    match dialect {
        Dialect::Sqlite => connection.execute(dialect.search_add(), &texts(entry, document))?,
        #[cfg(feature = "postgres")]
        Dialect::Postgres => {
            let words = super::vector::document(document);
            connection.execute(dialect.search_add(), &[Param::Integer(entry), Param::Text(&words)])?
        }
    };
    Ok(())
}

/// Removes the entry of a record that was added with this document.
pub(crate) fn remove(connection: &dyn Connection, entry: i64, document: &Document) -> Result<()> {
    let dialect = connection.dialect();
    match dialect {
        Dialect::Sqlite => connection.execute(dialect.search_remove(), &texts(entry, document))?,
        #[cfg(feature = "postgres")]
        Dialect::Postgres => connection.execute(dialect.search_remove(), &[Param::Integer(entry)])?,
    };
    Ok(())
}

fn texts(entry: i64, document: &Document) -> [Param<'_>; 4] {
    [
        Param::Integer(entry),
        Param::Text(&document.title),
        Param::Text(&document.detail),
        Param::Text(&document.body),
    ]
}
