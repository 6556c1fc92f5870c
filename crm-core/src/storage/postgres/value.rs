//! Values on their way to the server, in its binary form.

use std::error::Error;
use std::fmt;

use bytes::{BufMut, BytesMut};
use chrono::Datelike;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use crate::error::{CrmError, Result};
use crate::ground::time::{Date, YEARS};
use crate::storage::Param;

/// Microseconds from 1970-01-01 to 2000-01-01, where PostgreSQL begins to count.
pub(super) const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// The first day that PostgreSQL counts from.
pub(super) fn epoch_day() -> Date {
    Date::from_ymd_opt(2000, 1, 1).expect("2000-01-01 is a date")
}

/// The type that a parameter asks the server for; nothing of its own says NULL.
pub(super) fn type_of(parameter: &Param<'_>) -> Type {
    match parameter {
        Param::Null => Type::UNKNOWN,
        Param::Boolean(_) => Type::BOOL,
        Param::Integer(_) => Type::INT8,
        Param::Real(_) => Type::FLOAT8,
        Param::Text(_) => Type::TEXT,
        Param::Blob(_) => Type::BYTEA,
        Param::Id(_) => Type::UUID,
        Param::Timestamp(_) => Type::TIMESTAMPTZ,
        Param::Date(_) => Type::DATE,
        Param::Json(_) => Type::JSONB,
    }
}

/// Whether a parameter can be sent as a type that the server has settled on.
pub(super) fn fits(parameter: &Param<'_>, wanted: &Type) -> bool {
    matches!(parameter, Param::Null) || type_of(parameter) == *wanted
}

/// Refuses what the server would store as something else, or not at all.
pub(super) fn check(parameters: &[Param<'_>]) -> Result<()> {
    for (index, parameter) in parameters.iter().enumerate() {
        let (code, reason) = match parameter {
            Param::Real(value) if value.is_nan() => ("storage.real.nan", "is not a number"),
            Param::Date(date) if !YEARS.contains(&date.year()) => {
                ("date.range", "lies outside the years 1 to 9999")
            }
            Param::Timestamp(at) if at.micros().checked_sub(EPOCH_MICROS).is_none() => {
                ("storage.time.range", "lies outside the times that the database knows")
            }
            Param::Text(text) | Param::Json(text) if text.contains('\0') => {
                ("storage.text.nul", "holds the character NUL, which the database cannot store")
            }
            _ => continue,
        };
        return Err(CrmError::invalid(code, reason).at(format!("?{}", index + 1)));
    }
    Ok(())
}

/// A parameter that writes itself for the server.
#[derive(Clone, Copy)]
pub(super) struct Bound<'a>(pub(super) Param<'a>);

/// Says the type alone: the driver below logs parameters by their debug form.
impl fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(type_of(&self.0).name())
    }
}

impl ToSql for Bound<'_> {
    fn to_sql(
        &self,
        _wanted: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self.0 {
            Param::Null => return Ok(IsNull::Yes),
            Param::Boolean(value) => out.put_u8(value.into()),
            Param::Integer(value) => out.put_i64(value),
            Param::Real(value) => out.put_f64(value),
            Param::Text(text) => out.put_slice(text.as_bytes()),
            Param::Blob(bytes) => out.put_slice(bytes),
            Param::Id(id) => out.put_slice(id.as_bytes().as_slice()),
            Param::Timestamp(at) => out.put_i64(at.micros().saturating_sub(EPOCH_MICROS)),
            Param::Date(date) => {
                out.put_i32(i32::try_from(date.signed_duration_since(epoch_day()).num_days())?);
            }
            Param::Json(json) => {
                // The version of the binary form.
                out.put_u8(1);
                out.put_slice(json.as_bytes());
            }
        }
        Ok(IsNull::No)
    }

    /// Statements are prepared for the types of their parameters, so every one fits.
    fn accepts(_wanted: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
