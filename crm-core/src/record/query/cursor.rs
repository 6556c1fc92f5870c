//! Where a list goes on: opaque text for the host, sort values inside.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::{Direction, Sort};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp, parse_date};
use crate::record::filter::Filter;
use crate::storage::ColumnType;

/// The longest text of a cursor, in bytes.
pub const MAX_CURSOR_LENGTH: usize = 1 << 20;

/// Where a list goes on. Belongs to one query: its type, filter and order. Valid as long as the schema has the
/// fields that it sorts by; a row need not exist any more.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Cursor(String);

impl Cursor {
    /// The cursor with this text, as an earlier page gave it. It is checked when the query is compiled.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(super) fn encode(fingerprint: u64, row_id: i64, values: &[SortValue]) -> Self {
        let mut parts = vec![json!(format!("{fingerprint:016x}")), json!(row_id)];
        parts.extend(values.iter().map(SortValue::to_json));
        Self(URL_SAFE_NO_PAD.encode(Json::Array(parts).to_string()))
    }

    /// The row and the sort values of the last row of the page before.
    pub(super) fn decode(&self, fingerprint: u64, types: &[ColumnType]) -> Result<(i64, Vec<SortValue>)> {
        let invalid = || CrmError::invalid("cursor.invalid", "is not a cursor that a list gave").at("cursor");
        if self.0.len() > MAX_CURSOR_LENGTH {
            let reason = format!("is longer than {MAX_CURSOR_LENGTH} bytes");
            return Err(CrmError::new(ErrorKind::Limit, "cursor.too_long", reason).at("cursor"));
        }
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).map_err(|_| invalid())?;
        let parts: Vec<Json> = serde_json::from_slice(&bytes).map_err(|_| invalid())?;
        let [written, row_id, values @ ..] = parts.as_slice() else { return Err(invalid()) };
        let written = written.as_str().ok_or_else(invalid)?;
        let row_id = row_id.as_i64().ok_or_else(invalid)?;
        if u64::from_str_radix(written, 16).map_err(|_| invalid())? != fingerprint {
            let reason = "belongs to another query: its type, filter or order differ";
            return Err(CrmError::invalid("cursor.other_query", reason).at("cursor"));
        }
        if values.len() != types.len() {
            return Err(invalid());
        }
        let values = values
            .iter()
            .zip(types)
            .map(|(value, column_type)| SortValue::from_json(value, *column_type).ok_or_else(invalid));
        Ok((row_id, values.collect::<Result<_>>()?))
    }
}

/// The value of a sort key in a row.
#[derive(Clone, Debug, PartialEq)]
pub enum SortValue {
    /// No value.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A binary floating-point number.
    Real(f64),
    /// Text.
    Text(String),
    /// An identifier.
    Id(RecordId),
    /// A point in time.
    Timestamp(Timestamp),
    /// A date.
    Date(Date),
}

impl SortValue {
    fn to_json(&self) -> Json {
        match self {
            Self::Null => Json::Null,
            Self::Boolean(value) => json!(value),
            Self::Integer(value) => json!(value),
            // The bits, because a number that loses its last one would skip or repeat a row.
            Self::Real(value) => json!(format!("{:016x}", value.to_bits())),
            Self::Text(value) => json!(value),
            Self::Id(value) => json!(value),
            Self::Timestamp(value) => json!(value.micros()),
            Self::Date(value) => json!(value.to_string()),
        }
    }

    fn from_json(json: &Json, column_type: ColumnType) -> Option<Self> {
        if json.is_null() {
            return Some(Self::Null);
        }
        Some(match column_type {
            ColumnType::Boolean => Self::Boolean(json.as_bool()?),
            ColumnType::Integer => Self::Integer(json.as_i64()?),
            ColumnType::Real => {
                let value = f64::from_bits(u64::from_str_radix(json.as_str()?, 16).ok()?);
                Self::Real(value.is_finite().then_some(value)?)
            }
            ColumnType::Id => Self::Id(json.as_str()?.parse().ok()?),
            ColumnType::Timestamp => Self::Timestamp(Timestamp::from_micros(json.as_i64()?)),
            ColumnType::Date => Self::Date(parse_date(json.as_str()?).ok()?),
            ColumnType::Text | ColumnType::Json | ColumnType::Blob => Self::Text(json.as_str()?.to_owned()),
        })
    }
}

/// Tells queries apart. Relative dates and `me` count as they are written, so a list may go on after midnight.
pub(super) fn fingerprint(record_type: &str, filter: Option<&Filter>, sort: &[Sort]) -> u64 {
    let mut text = format!("{record_type}\n{}\n", filter.unwrap_or(&Filter::All));
    for Sort { path, direction } in sort {
        let direction = if *direction == Direction::Ascending { '+' } else { '-' };
        text.push_str(&format!("{direction}{path}\n"));
    }
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}
