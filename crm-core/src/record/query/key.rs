//! Values that rows are sorted and grouped by.

use std::borrow::Cow;

use super::cursor::SortValue;
use crate::error::{CrmError, Result};
use crate::record::descriptor::FieldKind;
use crate::record::filter::compile::{Selection, Target};
use crate::record::filter::{OwnedParam, Path};
use crate::storage::{ColumnType, Row};

/// An expression over a row.
#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) sql: String,
    pub(super) column_type: ColumnType,
    pub(super) nullable: bool,
    pub(super) kind: KeyKind,
    /// The expression for the currency beside an amount of money.
    pub(super) currency: Option<String>,
}

/// What the expression holds, where its column type does not say.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum KeyKind {
    /// Nothing special.
    Plain,
    /// Scaled whole numbers.
    Decimal(u32),
    /// Minor units.
    Money,
    /// References to records of any type.
    Reference,
    /// Text of several lines.
    LongText,
}

impl Key {
    /// The expression at the end of a path.
    pub(super) fn of(path: &Path, selection: &mut Selection<'_>) -> Result<Self> {
        let text = |sql, nullable| Self {
            sql,
            column_type: ColumnType::Text,
            nullable,
            kind: KeyKind::Plain,
            currency: None,
        };
        match selection.target(path)? {
            Target::NameKey { sql, linked } => Ok(text(sql, linked)),
            Target::Currency { sql } => Ok(text(sql, true)),
            Target::Column { alias, field, sql, linked, .. } if field.kind().is_sortable() => Ok(Self {
                sql,
                column_type: field.kind().column_type(),
                // What a host must give may still be missing in rows that an older schema has written.
                nullable: linked || !matches!(field.position, 0..=2 | 4),
                kind: match field.kind() {
                    FieldKind::Decimal { scale } => KeyKind::Decimal(*scale),
                    FieldKind::Money => KeyKind::Money,
                    FieldKind::Reference { .. } => KeyKind::Reference,
                    FieldKind::LongText => KeyKind::LongText,
                    _ => KeyKind::Plain,
                },
                currency: field.currency_column.as_ref().map(|column| format!("{alias}.{column}")),
            }),
            _ => {
                Err(refuse(path, "query.not_sortable", "has no order that rows can be sorted or grouped by"))
            }
        }
    }

    /// The value in a row of a result.
    pub(super) fn read(&self, row: &dyn Row, column: usize) -> Result<SortValue> {
        if row.is_null(column)? {
            return Ok(SortValue::Null);
        }
        let missing = || CrmError::internal("a value is null and not null");
        Ok(match self.column_type {
            ColumnType::Boolean => SortValue::Boolean(row.boolean(column)?.ok_or_else(missing)?),
            ColumnType::Integer => SortValue::Integer(row.integer(column)?.ok_or_else(missing)?),
            ColumnType::Real => SortValue::Real(row.real(column)?.ok_or_else(missing)?),
            ColumnType::Id => SortValue::Id(row.id(column)?.ok_or_else(missing)?),
            ColumnType::Timestamp => SortValue::Timestamp(row.timestamp(column)?.ok_or_else(missing)?),
            ColumnType::Date => SortValue::Date(row.date(column)?.ok_or_else(missing)?),
            ColumnType::Text | ColumnType::Json | ColumnType::Blob => {
                SortValue::Text(row.text(column)?.ok_or_else(missing)?.to_owned())
            }
        })
    }
}

impl SortValue {
    /// The value as a parameter.
    pub(super) fn param(&self) -> OwnedParam {
        match self {
            Self::Null => OwnedParam::Null,
            Self::Boolean(value) => OwnedParam::Boolean(*value),
            Self::Integer(value) => OwnedParam::Integer(*value),
            Self::Real(value) => OwnedParam::Real(*value),
            Self::Text(value) => OwnedParam::Text(value.clone()),
            Self::Id(value) => OwnedParam::Id(*value),
            Self::Timestamp(value) => OwnedParam::Timestamp(*value),
            Self::Date(value) => OwnedParam::Date(*value),
        }
    }
}

pub(super) fn refuse(path: &Path, code: &'static str, reason: impl Into<Cow<'static, str>>) -> CrmError {
    path.place.locate(CrmError::invalid(code, reason.into()), &path.dotted())
}
