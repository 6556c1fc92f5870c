//! Finding where a phrase stands, for erasures: every entry, unranked, whoever looks.

use super::{expression, index};
use crate::error::Result;
use crate::ground::text::search_text;
use crate::storage::{Connection, Param, query_all};

/// The numbers of the type and of the row of each record in whose search document these words stand one behind the
/// other, at most `limit`. With `body_only` only running text counts.
pub(crate) fn entries(
    connection: &dyn Connection,
    phrase: &str,
    body_only: bool,
    limit: i64,
) -> Result<Vec<(i64, i64)>> {
    let words = search_text(phrase);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let dialect = connection.dialect();
    let sql = format!("{} LIMIT ?2", dialect.search_unranked());
    let expression = expression::phrase(&words, body_only, dialect);
    query_all(connection, &sql, &[Param::Text(&expression), Param::Integer(limit)], |row| {
        Ok(index::record_of(row.integer(0)?.unwrap_or_default()))
    })
}
