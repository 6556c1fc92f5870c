//! One value of one column on its way from one database to another.

use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp};
use crate::record::Value;
use crate::storage::{ColumnType, Param, Row};

/// A value that outlives its row.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// SQL NULL.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A floating-point number.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Blob(Vec<u8>),
    /// An identifier.
    Id(RecordId),
    /// A point in time.
    Timestamp(Timestamp),
    /// A date.
    Date(Date),
    /// A document, as a value, because two orders of its members are one document.
    Json(Value),
}

impl Cell {
    /// Reads a column.
    pub(super) fn read(row: &dyn Row, column: usize, kind: ColumnType) -> Result<Self> {
        let found = match kind {
            ColumnType::Boolean => row.boolean(column)?.map(Self::Boolean),
            ColumnType::Integer => row.integer(column)?.map(Self::Integer),
            ColumnType::Real => row.real(column)?.map(Self::Real),
            ColumnType::Text => row.text(column)?.map(|text| Self::Text(text.to_owned())),
            ColumnType::Blob => row.blob(column)?.map(|bytes| Self::Blob(bytes.to_vec())),
            ColumnType::Id => row.id(column)?.map(Self::Id),
            ColumnType::Timestamp => row.timestamp(column)?.map(Self::Timestamp),
            ColumnType::Date => row.date(column)?.map(Self::Date),
            ColumnType::Json => row.json(column)?.map(|json| Self::Json(Value::Json(json.to_owned()))),
        };
        Ok(found.unwrap_or(Self::Null))
    }

    /// The value as a parameter.
    pub(super) fn param(&self) -> Param<'_> {
        match self {
            Self::Null => Param::Null,
            Self::Boolean(value) => Param::Boolean(*value),
            Self::Integer(value) => Param::Integer(*value),
            Self::Real(value) => Param::Real(*value),
            Self::Text(text) => Param::Text(text),
            Self::Blob(bytes) => Param::Blob(bytes),
            Self::Id(id) => Param::Id(*id),
            Self::Timestamp(at) => Param::Timestamp(*at),
            Self::Date(date) => Param::Date(*date),
            Self::Json(json) => json.as_text().map_or(Param::Null, Param::Json),
        }
    }
}
