//! Values into columns and back.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::data::{RecordData, damaged};
use super::descriptor::FieldKind;
use super::schema::{Field, RecordType};
use super::value::{Reference, Value};
use crate::error::{CrmError, Result};
use crate::ground::currency::Currency;
use crate::ground::money::Money;
use crate::storage::{Param, Row};

/// Appends the parameters of a field's columns. Text is borrowed from the value; a reference has to be put
/// into words first, so it is kept in `texts`.
pub(crate) fn bind<'a>(
    field: &Field,
    value: &'a Value,
    parameters: &mut Vec<Param<'a>>,
    texts: &'a Texts,
) -> Result<()> {
    parameters.push(match value {
        Value::Null => Param::Null,
        Value::Boolean(value) => Param::Boolean(*value),
        Value::Integer(value) => Param::Integer(*value),
        Value::Number(value) => Param::Real(*value),
        Value::Decimal(value) => Param::Integer(scaled(*value, field)?),
        Value::Text(text) => Param::Text(text),
        Value::Date(date) => Param::Date(*date),
        Value::Timestamp(at) => Param::Timestamp(*at),
        Value::Money(money) => Param::Integer(money.minor()),
        Value::Id(id) => Param::Id(*id),
        Value::Reference(_) => texts.get(field.position),
        Value::Json(json) => Param::Json(json),
    });
    if field.currency_column.is_some() {
        parameters.push(match value {
            Value::Money(money) => Param::Text(money.currency_code()),
            _ => Param::Null,
        });
    }
    Ok(())
}

/// The references of a record in words, by position, for as long as a statement binds them.
#[derive(Debug, Default)]
pub(crate) struct Texts(Vec<(usize, String)>);

impl Texts {
    pub(crate) fn of(data: &RecordData) -> Self {
        let texts = data.values.iter().enumerate().filter_map(|(position, value)| match value {
            Value::Reference(reference) => Some((position, reference.to_string())),
            _ => None,
        });
        Self(texts.collect())
    }

    fn get(&self, position: usize) -> Param<'_> {
        self.0.iter().find(|(at, _)| *at == position).map_or(Param::Null, |(_, text)| Param::Text(text))
    }
}

/// A decimal as the whole number that is stored for it.
pub(crate) fn scaled(value: Decimal, field: &Field) -> Result<i64> {
    let FieldKind::Decimal { scale } = field.kind() else { return Err(damaged(field.name())) };
    value
        .checked_mul(Decimal::from(10_i64.pow(*scale)))
        .filter(|scaled| scaled.fract().is_zero())
        .and_then(|scaled| scaled.to_i64())
        .ok_or_else(|| {
            CrmError::invalid("field.range", "is too large or has too many decimals").at(field.name())
        })
}

/// Reads a row that begins with the columns of [`Statements::columns`](super::statements::Statements).
pub(crate) fn read_record(record_type: &RecordType, row: &dyn Row) -> Result<RecordData> {
    let row_id = row.integer(0)?.ok_or_else(|| damaged("row_id"))?;
    let mut column = 1;
    // Most fields of a record are empty, so that only the others are written, each where it stays.
    let mut values = vec![Value::Null; record_type.fields.len()];
    for (field, value) in record_type.fields.iter().zip(&mut values) {
        read(field, row, &mut column, value)?;
    }
    Ok(RecordData { row_id, values, redacted: Vec::new() })
}

/// Reads the value of a field, if there is one, and moves `column` on past its columns.
pub(crate) fn read(field: &Field, row: &dyn Row, column: &mut usize, value: &mut Value) -> Result<()> {
    let at = *column;
    *column += 1 + usize::from(field.currency_column.is_some());
    match field.kind() {
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Select(_)
        | FieldKind::Url
        | FieldKind::Email
        | FieldKind::Phone => {
            if let Some(text) = row.text(at)? {
                *value = Value::Text(text.to_owned());
            }
        }
        FieldKind::Integer => {
            if let Some(number) = row.integer(at)? {
                *value = Value::Integer(number);
            }
        }
        FieldKind::Number => {
            if let Some(number) = row.real(at)? {
                *value = Value::Number(number);
            }
        }
        FieldKind::Decimal { scale } => {
            if let Some(units) = row.integer(at)? {
                *value = Value::Decimal(Decimal::new(units, *scale).normalize());
            }
        }
        FieldKind::Money => {
            if let (Some(amount), Some(currency)) = (row.integer(at)?, row.text(at + 1)?) {
                let currency = Currency::from_code(currency).map_err(|_| damaged(field.name()))?;
                *value = Value::Money(Money::new(amount, currency));
            }
        }
        FieldKind::Boolean => {
            if let Some(truth) = row.boolean(at)? {
                *value = Value::Boolean(truth);
            }
        }
        FieldKind::Date => {
            if let Some(date) = row.date(at)? {
                *value = Value::Date(date);
            }
        }
        FieldKind::Timestamp => {
            if let Some(time) = row.timestamp(at)? {
                *value = Value::Timestamp(time);
            }
        }
        FieldKind::Link { .. } => {
            if let Some(id) = row.id(at)? {
                *value = Value::Id(id);
            }
        }
        FieldKind::Reference { .. } => {
            if let Some(text) = row.text(at)? {
                *value = text.parse::<Reference>().map_err(|_| damaged(field.name()))?.into();
            }
        }
        FieldKind::MultiSelect(_) | FieldKind::List | FieldKind::Json | FieldKind::Parts(_) => {
            if let Some(json) = row.json(at)? {
                *value = Value::Json(json.to_owned());
            }
        }
    }
    Ok(())
}
