//! Finding where a phrase stands, for erasures: every entry, unranked, whoever looks.

use super::index;
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
    // The search form holds letters, digits and spaces only, so quoting it is enough.
    let expression = if body_only { format!("body : \"{words}\"") } else { format!("\"{words}\"") };
    query_all(
        connection,
        "SELECT rowid FROM crm_search WHERE crm_search MATCH ?1 ORDER BY rowid DESC LIMIT ?2",
        &[Param::Text(&expression), Param::Integer(limit)],
        |row| Ok(index::record_of(row.integer(0)?.unwrap_or_default())),
    )
}
