//! Suggestions while a name is typed: a range of the index over names, never a ranking.

use crate::error::{CrmError, Result};
use crate::ground::ids::RecordId;
use crate::record::door::Reader;
use crate::record::names::NameRange;
use crate::storage::Row;

/// A record whose name begins like what was typed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Suggestion {
    /// Its identifier.
    pub id: RecordId,
    /// Its name.
    pub title: String,
}

pub(super) fn run(
    reader: &Reader<'_>,
    record_type: &str,
    prefix: &str,
    limit: u32,
) -> Result<Vec<Suggestion>> {
    let range = NameRange::new(prefix, limit)?;
    let record_type = reader.schema.require(record_type)?;
    if record_type.sort_key.is_empty() {
        return Err(CrmError::invalid(
            "search.no_names",
            "records of this type are not found by their names",
        ));
    }
    for field in record_type.own_fields().iter().filter(|field| field.is_title()) {
        reader.check_field(record_type, field)?;
    }
    let statements = record_type.statements();
    let read = |row: &dyn Row| {
        let title = joined(row, 1, statements.title_columns)?;
        Ok(Suggestion { id: row.id(0)?.unwrap_or_default(), title })
    };
    if reader.sees_all(record_type) {
        range.all(reader.connection, &statements.names, read)
    } else {
        range.visible(reader, record_type, &statements.name_columns, read)
    }
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
