//! Suggestions while a name is typed: a range of the index over names, never a ranking.

use std::ops::ControlFlow;

use super::query::MAX_SEARCH;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::text::fold;
use crate::record::door::Reader;
use crate::record::list;
use crate::storage::{Param, Row};

/// A record whose name begins like what was typed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    if record_type.sort_key.is_empty() {
        return Err(CrmError::invalid(
            "search.no_names",
            "records of this type are not found by their names",
        ));
    }
    let from = fold(prefix);
    // U+10FFFF sorts after every character in UTF-8.
    let until = format!("{from}\u{10FFFF}");
    let restricted = reader.engine.access.predicate(reader.viewer, record_type);
    // A restricted session may not see the first ones, so it looks at more.
    let most = if restricted.is_some() { MAX_SUGGESTIONS * 20 } else { limit };
    let statements = record_type.statements();
    let parameters = [Param::Text(&from), Param::Text(&until), Param::Integer(most.into())];
    let mut found = Vec::with_capacity(limit as usize);
    reader.connection.query(&statements.suggest, &parameters, &mut |row| {
        let title = joined(row, 1, statements.title_columns)?;
        found.push(Suggestion { id: row.id(0)?.unwrap_or_default(), title });
        Ok(ControlFlow::Continue(()))
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

/// The parts of a name in the columns of a row with single spaces between them.
pub(super) fn joined(row: &dyn Row, first: usize, columns: usize) -> Result<String> {
    // Most names fit, so most of them are one allocation.
    let mut name = String::with_capacity(32);
    for column in first..first + columns {
        if let Some(part) = row.text(column)? {
            if !name.is_empty() {
                name.push(' ');
            }
            name.push_str(part);
        }
    }
    Ok(name)
}
