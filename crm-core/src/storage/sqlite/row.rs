//! Values in and out: parameters are bound without a copy of ours, columns are read in place.

use rusqlite::Statement;
use rusqlite::types::{Null, ValueRef};

use super::error;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp};
use crate::storage::{Param, Row};

/// Binds all parameters of a statement.
pub(super) fn bind(statement: &mut Statement<'_>, parameters: &[Param<'_>]) -> Result<()> {
    let wanted = statement.parameter_count();
    if wanted != parameters.len() {
        return Err(error::running(&rusqlite::Error::InvalidParameterCount(parameters.len(), wanted)));
    }
    for (index, parameter) in parameters.iter().enumerate() {
        let at = index + 1;
        let bound = match *parameter {
            Param::Null => statement.raw_bind_parameter(at, Null),
            Param::Boolean(value) => statement.raw_bind_parameter(at, value),
            Param::Integer(value) => statement.raw_bind_parameter(at, value),
            // SQLite would store NULL without a word.
            Param::Real(value) if value.is_nan() => {
                return Err(CrmError::invalid("storage.real.nan", "is not a number").at(format!("?{at}")));
            }
            Param::Real(value) => statement.raw_bind_parameter(at, value),
            Param::Text(value) | Param::Json(value) => statement.raw_bind_parameter(at, value),
            Param::Blob(value) => statement.raw_bind_parameter(at, value),
            Param::Id(value) => statement.raw_bind_parameter(at, value.as_bytes().as_slice()),
            Param::Timestamp(value) => statement.raw_bind_parameter(at, value.micros()),
            Param::Date(value) => {
                let text = date_text(value).map_err(|error| error.at(format!("?{at}")))?;
                let text = std::str::from_utf8(&text).map_err(|_| CrmError::internal("a date is ASCII"))?;
                statement.raw_bind_parameter(at, text)
            }
        };
        bound.map_err(|failure| error::running(&failure))?;
    }
    Ok(())
}

/// A date as `YYYY-MM-DD`, without the detour through a formatter.
fn date_text(date: Date) -> Result<[u8; 10]> {
    use chrono::Datelike;
    let year = u32::try_from(date.year()).ok().filter(|year| (1..=9999).contains(year));
    let Some(year) = year else {
        return Err(CrmError::invalid("date.range", "lies outside the years 1 to 9999"));
    };
    // Each remainder is below ten, so the fallback is never used.
    let digit = |number: u32| b'0' + u8::try_from(number % 10).unwrap_or(0);
    let (month, day) = (date.month(), date.day());
    Ok([
        digit(year / 1000),
        digit(year / 100),
        digit(year / 10),
        digit(year),
        b'-',
        digit(month / 10),
        digit(month),
        b'-',
        digit(day / 10),
        digit(day),
    ])
}

/// The date in `YYYY-MM-DD`.
fn date_from_text(text: &str) -> Option<Date> {
    let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
    if bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |digits: &[u8]| {
        digits
            .iter()
            .try_fold(0, |sum: u32, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
    };
    let year = i32::try_from(number(&bytes[..4])?).ok()?;
    Date::from_ymd_opt(year, number(&bytes[5..7])?, number(&bytes[8..])?)
}

/// The current row of a query.
pub(super) struct SqliteRow<'r>(pub(super) &'r rusqlite::Row<'r>);

impl SqliteRow<'_> {
    #[inline]
    fn value(&self, column: usize) -> Result<ValueRef<'_>> {
        self.0.get_ref(column).map_err(|failure| error::running(&failure))
    }
}

/// Names the column and the two types, never the value.
#[cold]
fn mismatch(column: usize, wanted: &str, found: ValueRef<'_>) -> CrmError {
    CrmError::new(
        ErrorKind::Internal,
        "storage.type",
        format!("column {column} holds {}, not {wanted}", found.data_type()),
    )
}

impl Row for SqliteRow<'_> {
    fn is_null(&self, column: usize) -> Result<bool> {
        Ok(matches!(self.value(column)?, ValueRef::Null))
    }

    fn boolean(&self, column: usize) -> Result<Option<bool>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(0) => Ok(Some(false)),
            ValueRef::Integer(1) => Ok(Some(true)),
            other => Err(mismatch(column, "a truth value", other)),
        }
    }

    fn integer(&self, column: usize) -> Result<Option<i64>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(value) => Ok(Some(value)),
            other => Err(mismatch(column, "a whole number", other)),
        }
    }

    fn real(&self, column: usize) -> Result<Option<f64>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Real(value) => Ok(Some(value)),
            #[expect(clippy::cast_precision_loss, reason = "the port promises the conversion SQL would do")]
            ValueRef::Integer(value) => Ok(Some(value as f64)),
            other => Err(mismatch(column, "a number", other)),
        }
    }

    fn text(&self, column: usize) -> Result<Option<&str>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            found @ ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Some(text)),
                Err(_) => Err(mismatch(column, "valid UTF-8", found)),
            },
            other => Err(mismatch(column, "text", other)),
        }
    }

    fn blob(&self, column: usize) -> Result<Option<&[u8]>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            other => Err(mismatch(column, "bytes", other)),
        }
    }

    fn id(&self, column: usize) -> Result<Option<RecordId>> {
        match self.value(column)? {
            ValueRef::Null => Ok(None),
            found @ ValueRef::Blob(bytes) => match bytes.try_into() {
                Ok(bytes) => Ok(Some(RecordId::from_bytes(bytes))),
                Err(_) => Err(mismatch(column, "an identifier of sixteen bytes", found)),
            },
            other => Err(mismatch(column, "an identifier", other)),
        }
    }

    fn timestamp(&self, column: usize) -> Result<Option<Timestamp>> {
        Ok(self.integer(column)?.map(Timestamp::from_micros))
    }

    fn date(&self, column: usize) -> Result<Option<Date>> {
        match self.text(column)? {
            None => Ok(None),
            Some(text) => match date_from_text(text) {
                Some(date) => Ok(Some(date)),
                None => Err(mismatch(column, "a date", ValueRef::Text(b""))),
            },
        }
    }

    fn json(&self, column: usize) -> Result<Option<&str>> {
        self.text(column)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Date, date_from_text, date_text};

    proptest! {
        #[test]
        fn dates_survive_text(days in 1..=3_652_059_i32) {
            let date = Date::from_num_days_from_ce_opt(days).unwrap();
            let text = date_text(date).unwrap();
            let text = std::str::from_utf8(&text).unwrap();
            prop_assert_eq!(text, date.to_string());
            prop_assert_eq!(date_from_text(text), Some(date));
        }
    }

    #[test]
    fn other_text_is_no_date() {
        for text in ["", "2026-02-30", "2026-2-3", "2026/02/03", "+026-02-03", "2026-02-03T", "٢٠٢٦-02"] {
            assert_eq!(date_from_text(text), None, "{text}");
        }
        assert!(date_text(Date::MAX).is_err());
        assert!(date_text(Date::MIN).is_err());
    }
}
