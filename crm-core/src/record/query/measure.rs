//! What is measured of a group of records.

use rust_decimal::{Decimal, RoundingStrategy};

use super::key::{Key, KeyKind, refuse};
use crate::error::{CrmError, Result};
use crate::ground::currency::Currency;
use crate::ground::money::{Money, Rounding};
use crate::record::filter::Path;
use crate::record::filter::compile::Selection;
use crate::record::value::Value;
use crate::storage::{ColumnType, Row};

/// What is measured of each group. Records without a value do not take part; a measure of no values is null.
///
/// Money is never added across currencies: a measure of money splits its group by currency, and each row of
/// the result names it. Records without an amount are a row of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Measure {
    /// How many records: an integer.
    Count,
    /// How many different values: an integer.
    CountDistinct(Path),
    /// The sum of numbers or money.
    Sum(Path),
    /// The average of numbers or money. Money is rounded to whole minor units, half away from zero; decimals
    /// and integers to six places more than they have.
    Average(Path),
    /// The least value.
    Minimum(Path),
    /// The greatest value.
    Maximum(Path),
    /// The sum of value × weight / 100: what deals are worth at their probability. It is added up exactly and
    /// rounded once, half away from zero, to the places of the value.
    Weighted {
        /// Money, a decimal or an integer.
        value: Path,
        /// A percentage: a decimal or an integer.
        weight: Path,
    },
}

/// A measure as SQL, and how its columns are read.
#[derive(Debug)]
pub(super) struct Measured {
    /// The columns that it takes.
    pub(super) columns: Vec<String>,
    /// What groups are sorted by it with.
    pub(super) order: String,
    /// The expression for the currency, when it measures money.
    pub(super) currency: Option<String>,
    form: Form,
}

/// How the columns become a value.
#[derive(Debug)]
enum Form {
    /// The value of one column, as the key reads it.
    Plain(Key),
    Integer,
    Real,
    /// Sum, then count; the sum has so many places.
    Average(Places),
    Sum(Places),
    /// Sum of whole parts, then of remainders, which are to be divided.
    Weighted(Places, i128),
}

/// What a whole number in a column means.
#[derive(Clone, Copy, Debug)]
enum Places {
    Integer,
    Decimal(u32),
    Money,
}

impl Measured {
    pub(super) fn of(measure: &Measure, selection: &mut Selection<'_>) -> Result<Self> {
        let single =
            |sql: String, form| Self { order: sql.clone(), columns: vec![sql], currency: None, form };
        match measure {
            Measure::Count => Ok(single("count(*)".to_owned(), Form::Integer)),
            Measure::CountDistinct(path) => {
                let key = Key::of(path, selection)?;
                if key.kind == KeyKind::Money {
                    return Err(refuse(
                        path,
                        "query.not_measurable",
                        "is money, whose amounts alone mean nothing",
                    ));
                }
                Ok(single(format!("count(DISTINCT {})", key.sql), Form::Integer))
            }
            Measure::Minimum(path) | Measure::Maximum(path) => {
                let key = Key::of(path, selection)?;
                if matches!(key.column_type, ColumnType::Boolean | ColumnType::Id) {
                    return Err(refuse(path, "query.not_measurable", "has no least or greatest value"));
                }
                let function = if matches!(measure, Measure::Minimum(_)) { "min" } else { "max" };
                let measured = single(format!("{function}({})", key.sql), Form::Integer);
                Ok(Self { currency: key.currency.clone(), form: Form::Plain(key), ..measured })
            }
            Measure::Sum(path) => {
                let key = Key::of(path, selection)?;
                if key.column_type == ColumnType::Real {
                    return Ok(single(format!("sum({})", key.sql), Form::Real));
                }
                let places = Places::of(&key, path)?;
                let measured = single(whole_sum(&key.sql), Form::Sum(places));
                Ok(Self { currency: key.currency, ..measured })
            }
            Measure::Average(path) => {
                let key = Key::of(path, selection)?;
                let order = format!("avg({})", key.sql);
                if key.column_type == ColumnType::Real {
                    return Ok(single(order, Form::Real));
                }
                let form = Form::Average(Places::of(&key, path)?);
                let columns = vec![whole_sum(&key.sql), format!("count({})", key.sql)];
                Ok(Self { columns, order, currency: key.currency, form })
            }
            Measure::Weighted { value, weight } => {
                let key = Key::of(value, selection)?;
                let places = Places::of(&key, value)?;
                let percent = Key::of(weight, selection)?;
                let divisor = match Places::of(&percent, weight)? {
                    Places::Integer => 100,
                    Places::Decimal(scale) => 100 * 10_i128.pow(scale),
                    Places::Money => return Err(refuse(weight, "query.not_measurable", "is no percentage")),
                };
                // Split, so that no product of a large amount and a weight leaves 64 bits.
                let (value, weight) = (key.sql, percent.sql);
                let whole = whole_sum(&format!("({value} / {divisor}) * {weight}"));
                let remainder = whole_sum(&format!("({value} % {divisor}) * {weight}"));
                let order = format!("{whole} + {remainder} / {divisor}");
                let form = Form::Weighted(places, divisor);
                Ok(Self { columns: vec![whole, remainder], order, currency: key.currency, form })
            }
        }
    }

    /// The value, whose columns start at one.
    pub(super) fn read(&self, row: &dyn Row, column: usize, currency: Option<Currency>) -> Result<Value> {
        match &self.form {
            Form::Integer => Ok(row.integer(column)?.map_or(Value::Null, Value::Integer)),
            Form::Real => Ok(row.real(column)?.map_or(Value::Null, Value::Number)),
            Form::Plain(key) => super::group::value(key, row, column, currency),
            Form::Sum(places) => match row.integer(column)? {
                None => Ok(Value::Null),
                Some(sum) => places.value(sum.into(), currency),
            },
            Form::Average(places) => {
                let (sum, count) = (row.integer(column)?, row.integer(column + 1)?.unwrap_or(0));
                match sum {
                    Some(sum) if count > 0 => places.average(sum.into(), count.into(), currency),
                    _ => Ok(Value::Null),
                }
            }
            Form::Weighted(places, divisor) => {
                let (Some(whole), Some(rest)) = (row.integer(column)?, row.integer(column + 1)?) else {
                    return Ok(Value::Null);
                };
                let rest = Rounding::HalfUp.divide(rest.into(), *divisor);
                places.value(i128::from(whole) + rest, currency)
            }
        }
    }
}

impl Places {
    fn of(key: &Key, path: &Path) -> Result<Self> {
        match (&key.kind, key.column_type) {
            (KeyKind::Money, _) => Ok(Self::Money),
            (KeyKind::Decimal(scale), _) => Ok(Self::Decimal(*scale)),
            (KeyKind::Plain, ColumnType::Integer) => Ok(Self::Integer),
            _ => Err(refuse(path, "query.not_measurable", "is neither a number nor money")),
        }
    }

    fn value(self, whole: i128, currency: Option<Currency>) -> Result<Value> {
        let number = || i64::try_from(whole).map_err(|_| too_large());
        Ok(match self {
            Self::Integer => Value::Integer(number()?),
            Self::Decimal(scale) => Value::Decimal(decimal(whole, scale)?),
            Self::Money => Value::Money(Money::new(number()?, currency.ok_or_else(no_currency)?)),
        })
    }

    fn average(self, sum: i128, count: i128, currency: Option<Currency>) -> Result<Value> {
        let scale = match self {
            Self::Integer => 0,
            Self::Decimal(scale) => scale,
            Self::Money => return self.value(Rounding::HalfUp.divide(sum, count), currency),
        };
        let average = decimal(sum, scale)?.checked_div(decimal(count, 0)?).ok_or_else(too_large)?;
        let rounded = average.round_dp_with_strategy(scale + 6, RoundingStrategy::MidpointAwayFromZero);
        Ok(Value::Decimal(rounded.normalize()))
    }
}

/// The sum of whole numbers as one: PostgreSQL widens sums to `numeric`.
fn whole_sum(sql: &str) -> String {
    format!("CAST(sum({sql}) AS BIGINT)")
}

fn decimal(whole: i128, scale: u32) -> Result<Decimal> {
    Decimal::try_from_i128_with_scale(whole, scale).map_err(|_| too_large())
}

fn too_large() -> CrmError {
    CrmError::invalid("query.overflow", "is too large a number")
}

pub(super) fn no_currency() -> CrmError {
    CrmError::internal("an amount of money has no currency")
}
