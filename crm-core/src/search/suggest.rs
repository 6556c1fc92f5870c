//! Suggestions while a name is typed: a range of the index over names, never a ranking.

use super::query::MAX_SEARCH;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::text::fold;
use crate::record::door::Reader;
use crate::record::schema::{NAME_KEY, quote};
use crate::record::{SearchRole, list};
use crate::storage::{Param, query_all};

/// A record whose name begins like what was typed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Suggestion {
    /// Its identifier.
    pub id: RecordId,
    /// Its name.
    pub title: String,
}

/// The most suggestions at a time.
pub(super) const MAX_SUGGESTIONS: u32 = 50;

pub(super) fn run(
    reader: &Reader<'_>,
    record_type: &str,
    prefix: &str,
    limit: u32,
) -> Result<Vec<Suggestion>> {
    if prefix.len() > MAX_SEARCH {
        return Err(CrmError::new(
            ErrorKind::Limit,
            "search.too_long",
            format!("is longer than {MAX_SEARCH} bytes"),
        ));
    }
    if !(1..=MAX_SUGGESTIONS).contains(&limit) {
        let reason = format!("is not between 1 and {MAX_SUGGESTIONS}");
        return Err(CrmError::new(ErrorKind::Limit, "search.limit", reason).at("limit"));
    }
    let record_type = reader.schema.require(record_type)?;
    let titles: Vec<String> = record_type
        .own_fields()
        .iter()
        .filter(|field| field.descriptor.search == SearchRole::Title)
        .map(|field| format!("t.{}", quote(field.name())))
        .collect();
    let columns = if titles.is_empty() { NAME_KEY.to_owned() } else { titles.join(", ") };
    let from = fold(prefix);
    // U+10FFFF sorts after every character in UTF-8.
    let until = format!("{from}\u{10FFFF}");
    let restricted = reader.engine.access.predicate(reader.viewer, record_type);
    // A restricted session may not see the first ones, so it looks at more.
    let most = if restricted.is_some() { MAX_SUGGESTIONS * 20 } else { limit };
    let sql = format!(
        "SELECT t.\"id\", {columns} FROM {} AS t WHERE t.{NAME_KEY} >= ?1 AND t.{NAME_KEY} < ?2 ORDER BY t.{NAME_KEY} LIMIT ?3",
        record_type.table
    );
    let parameters = [Param::Text(&from), Param::Text(&until), Param::Integer(most.into())];
    let mut found = query_all(reader.connection, &sql, &parameters, |row| {
        let mut title = String::new();
        for column in 1..=titles.len().max(1) {
            if let Some(part) = row.text(column)? {
                if !title.is_empty() {
                    title.push(' ');
                }
                title.push_str(part);
            }
        }
        Ok(Suggestion { id: row.id(0)?.unwrap_or_default(), title })
    })?;
    if let Some(predicate) = restricted {
        let mut seen = Vec::new();
        for suggestion in found {
            if seen.len() == limit as usize {
                break;
            }
            if list::by_id(reader, record_type, suggestion.id, predicate.clone())?.is_some() {
                seen.push(suggestion);
            }
        }
        found = seen;
    }
    Ok(found)
}
