//! Rows that came from the server: columns are read in place.

use std::cell::OnceCell;
use std::error::Error;

use postgres::types::{FromSql, Type};

use super::numeric;
use super::value::{EPOCH_MICROS, epoch_day};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp};
use crate::storage::Row;

/// The bytes of a column, whatever its type.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> std::result::Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A row of a result.
pub(super) struct PostgresRow<'r> {
    row: &'r postgres::Row,
    /// The documents that were read, in their canonical text.
    documents: OnceCell<Box<[OnceCell<String>]>>,
}

impl<'r> PostgresRow<'r> {
    pub(super) fn new(row: &'r postgres::Row) -> Self {
        Self { row, documents: OnceCell::new() }
    }

    fn value(&self, column: usize) -> Result<(&Type, Option<&[u8]>)> {
        let columns = self.row.columns();
        let Some(found) = columns.get(column) else {
            let reason = format!("the result has no column {column}");
            return Err(CrmError::new(ErrorKind::Internal, "storage.statement", reason));
        };
        let raw: Option<Raw<'_>> =
            self.row.try_get(column).map_err(|_| CrmError::internal("a column cannot be taken as bytes"))?;
        Ok((found.type_(), raw.map(|raw| raw.0)))
    }

    /// Reads a column that holds something; `read` gives `None` for a type that does not fit.
    fn read<'a, T>(
        &'a self,
        column: usize,
        wanted: &str,
        read: impl FnOnce(&'a Type, &'a [u8]) -> Option<T>,
    ) -> Result<Option<T>> {
        let (found, raw) = self.value(column)?;
        let Some(raw) = raw else { return Ok(None) };
        read(found, raw).map(Some).ok_or_else(|| mismatch(column, wanted, found))
    }

    /// The canonical text of a document: PostgreSQL puts spaces behind colons and commas.
    fn document<'a>(&'a self, column: usize, raw: &'a [u8]) -> Option<&'a str> {
        let text = std::str::from_utf8(raw.strip_prefix(&[1])?).ok()?;
        if !text.contains(' ') {
            return Some(text);
        }
        let all = self.documents.get_or_init(|| {
            std::iter::repeat_with(OnceCell::new).take(self.row.columns().len()).collect::<Vec<_>>().into()
        });
        Some(all.get(column)?.get_or_init(|| compact(text)).as_str())
    }
}

/// Names the column and the two types, never the value.
#[cold]
fn mismatch(column: usize, wanted: &str, found: &Type) -> CrmError {
    let reason = format!("column {column} holds {}, not {wanted}", found.name());
    CrmError::new(ErrorKind::Internal, "storage.type", reason)
}

/// Takes the spaces between the tokens of a document out; those inside of texts stay.
fn compact(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let (mut inside, mut escaped, mut from) = (false, false, 0);
    for (at, byte) in json.bytes().enumerate() {
        if inside {
            inside = escaped || byte != b'"';
            escaped = byte == b'\\' && !escaped;
        } else if byte == b' ' {
            // What is left out is ASCII, so both ends lie between characters.
            out.push_str(json.get(from..at).unwrap_or_default());
            from = at + 1;
        } else {
            inside = byte == b'"';
        }
    }
    out.push_str(json.get(from..).unwrap_or_default());
    out
}

fn is_text(found: &Type) -> bool {
    matches!(*found, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN)
}

fn whole(found: &Type, raw: &[u8]) -> Option<i64> {
    match *found {
        Type::INT8 => Some(i64::from_be_bytes(raw.try_into().ok()?)),
        Type::INT4 => Some(i32::from_be_bytes(raw.try_into().ok()?).into()),
        Type::INT2 => Some(i16::from_be_bytes(raw.try_into().ok()?).into()),
        Type::NUMERIC => numeric::whole(raw),
        _ => None,
    }
}

fn real(found: &Type, raw: &[u8]) -> Option<f64> {
    match *found {
        Type::FLOAT8 => Some(f64::from_be_bytes(raw.try_into().ok()?)),
        Type::FLOAT4 => Some(f32::from_be_bytes(raw.try_into().ok()?).into()),
        Type::NUMERIC => numeric::real(raw),
        #[expect(clippy::cast_precision_loss, reason = "the port promises the conversion SQL would do")]
        _ => whole(found, raw).map(|value| value as f64),
    }
}

impl Row for PostgresRow<'_> {
    fn is_null(&self, column: usize) -> Result<bool> {
        Ok(self.value(column)?.1.is_none())
    }

    fn boolean(&self, column: usize) -> Result<Option<bool>> {
        self.read(column, "a truth value", |found, raw| match (found, raw) {
            (&Type::BOOL, [byte]) => Some(*byte != 0),
            _ => None,
        })
    }

    fn integer(&self, column: usize) -> Result<Option<i64>> {
        self.read(column, "a whole number", whole)
    }

    fn real(&self, column: usize) -> Result<Option<f64>> {
        self.read(column, "a number", real)
    }

    fn text(&self, column: usize) -> Result<Option<&str>> {
        self.read(column, "text", |found, raw| {
            if *found == Type::JSONB {
                return self.document(column, raw);
            }
            is_text(found).then(|| std::str::from_utf8(raw).ok()).flatten()
        })
    }

    fn blob(&self, column: usize) -> Result<Option<&[u8]>> {
        self.read(column, "bytes", |found, raw| (*found == Type::BYTEA).then_some(raw))
    }

    fn id(&self, column: usize) -> Result<Option<RecordId>> {
        self.read(column, "an identifier", |found, raw| {
            let bytes = (*found == Type::UUID).then_some(raw)?;
            bytes.try_into().ok().map(RecordId::from_bytes)
        })
    }

    fn timestamp(&self, column: usize) -> Result<Option<Timestamp>> {
        self.read(column, "a point in time", |found, raw| {
            let bytes = (*found == Type::TIMESTAMPTZ).then_some(raw)?;
            i64::from_be_bytes(bytes.try_into().ok()?).checked_add(EPOCH_MICROS).map(Timestamp::from_micros)
        })
    }

    fn date(&self, column: usize) -> Result<Option<Date>> {
        self.read(column, "a date", |found, raw| {
            let bytes = (*found == Type::DATE).then_some(raw)?;
            let days = i32::from_be_bytes(bytes.try_into().ok()?);
            epoch_day().checked_add_signed(chrono::TimeDelta::try_days(days.into())?)
        })
    }

    fn json(&self, column: usize) -> Result<Option<&str>> {
        self.text(column)
    }
}

#[cfg(test)]
mod tests {
    use super::compact;

    #[test]
    fn spaces_between_tokens_go() {
        for (given, expected) in [
            (r#"{"a": [1, "ü", null]}"#, r#"{"a":[1,"ü",null]}"#),
            (r#"{"a b": "c d", "e": "f, g: h"}"#, r#"{"a b":"c d","e":"f, g: h"}"#),
            (r#"["say \"a b\"", "\\", " "]"#, r#"["say \"a b\"","\\"," "]"#),
            ("[]", "[]"),
        ] {
            assert_eq!(compact(given), expected);
        }
    }
}
