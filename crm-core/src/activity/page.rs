//! What lists that merge several sources share: limits, cursors, and records that the session may see.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::json;
use crate::record::columns::read_record;
use crate::record::door::Reader;
use crate::record::filter::OwnedParam;
use crate::record::filter::compile::Selection;
use crate::record::list::with_context;
use crate::record::query::{Cursor, MAX_LIMIT};
use crate::record::{RecordData, RecordType};
use crate::storage::query_one;

/// The longest text of a cursor, in bytes.
const LONGEST: usize = 4_096;

/// Refuses a page of no size, or of too much.
pub(super) fn check_limit(limit: u32) -> Result<usize> {
    if (1..=MAX_LIMIT).contains(&limit) {
        return Ok(limit as usize);
    }
    let reason = format!("is not between 1 and {MAX_LIMIT}");
    Err(CrmError::new(ErrorKind::Limit, "query.limit", reason).at("limit"))
}

/// The cursor for a place in the list that `list` names.
pub(super) fn cursor(list: &str, place: &impl Serialize) -> Result<Cursor> {
    let text = json::text(&(list, place))
        .map_err(|_| CrmError::internal("the place in a list does not serialise"))?;
    Ok(Cursor::new(URL_SAFE_NO_PAD.encode(text)))
}

/// The place that a cursor stands for.
///
/// # Errors
/// `cursor.invalid`; `cursor.other_query` for the cursor of another list.
pub(super) fn place<T: DeserializeOwned>(list: &str, cursor: &Cursor) -> Result<T> {
    let invalid = || CrmError::invalid("cursor.invalid", "is not a cursor that a list gave").at("cursor");
    if cursor.as_str().len() > LONGEST {
        return Err(invalid());
    }
    let bytes = URL_SAFE_NO_PAD.decode(cursor.as_str()).map_err(|_| invalid())?;
    let (written, place): (String, serde_json::Value) = json::parse(&bytes).map_err(|_| invalid())?;
    if written != list {
        let reason = "belongs to another list";
        return Err(CrmError::invalid("cursor.other_query", reason).at("cursor"));
    }
    json::read(place).map_err(|_| invalid())
}

/// The record that a column identifies, if the session may see it.
pub(super) fn find(
    reader: &Reader<'_>,
    record_type: &RecordType,
    column: &str,
    value: OwnedParam,
) -> Result<Option<RecordData>> {
    let statement = with_context(reader, |context| {
        let mut selection = Selection::new(record_type, context)?;
        let value = selection.bind(value);
        selection.restrict_sql(format!("t.{column} = {value}"));
        selection.statement(&format!("SELECT {}", record_type.statements().columns))
    })?;
    let mut found = query_one(reader.connection, &statement.sql, &statement.params(), |row| {
        read_record(record_type, row)
    })?;
    if let Some(data) = &mut found {
        reader.redact(record_type, data)?;
    }
    Ok(found)
}
