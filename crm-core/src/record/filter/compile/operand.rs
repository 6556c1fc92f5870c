//! What an operand is for a field: one value, a span of days or times, or an amount of money.

use rust_decimal::Decimal;

use super::Compiler;
use crate::error::{CrmError, Result};
use crate::ground::money::Money;
use crate::ground::time::{Date, Timestamp, parse_date};
use crate::record::descriptor::{FieldKind, SelectOption};
use crate::record::filter::context::OwnedParam;
use crate::record::filter::moment::{Now, times};
use crate::record::filter::operand::{Literal, Operand};
use crate::record::schema::{Field, system};
use crate::record::value::Reference;

/// An operand, ready to be compared with a field's column.
#[derive(Debug)]
pub(super) enum Operands {
    /// One value.
    Point(OwnedParam),
    /// One of several values.
    Points(Vec<OwnedParam>),
    /// From the first value to the last, which is included for dates and excluded for times.
    Span { first: OwnedParam, last: OwnedParam, included: bool },
    /// Money of one currency.
    Money(Money),
}

impl Compiler<'_> {
    /// The operand as the field takes it.
    pub(super) fn operands(&self, field: &Field, operand: &Operand) -> Result<Operands> {
        self.convert(field, &operand.literal).map_err(|error| operand.place.locate(error, field.name()))
    }

    fn convert(&self, field: &Field, literal: &Literal) -> Result<Operands> {
        let point = |value| Ok(Operands::Point(value));
        match (field.kind(), literal) {
            (FieldKind::Text | FieldKind::LongText, Literal::Text(text)) => {
                point(OwnedParam::Text(text.clone()))
            }
            (kind @ (FieldKind::Url | FieldKind::Email | FieldKind::Phone), Literal::Text(text)) => {
                let stored = (self.context.normalise)(kind, text);
                point(OwnedParam::Text(stored.unwrap_or_else(|| text.clone())))
            }
            (FieldKind::Integer, Literal::Number(number)) => point(OwnedParam::Integer(scaled(*number, 0)?)),
            (FieldKind::Decimal { scale }, Literal::Number(number)) => {
                point(OwnedParam::Integer(scaled(*number, *scale)?))
            }
            (FieldKind::Number, Literal::Number(number)) => {
                let number = f64::try_from(*number).map_err(|_| wrong("a number", literal))?;
                point(OwnedParam::Real(number))
            }
            (FieldKind::Money, Literal::Money { amount, currency }) => {
                Money::parse(&amount.normalize().to_string(), *currency).map(Operands::Money)
            }
            // Nothing is nothing in every currency.
            (FieldKind::Money, Literal::Number(number)) if number.is_zero() => point(OwnedParam::Integer(0)),
            (FieldKind::Money, Literal::Number(_)) => Err(CrmError::invalid(
                "filter.currency_missing",
                "needs a currency, for example 1000 EUR: amounts of different currencies do not compare",
            )),
            (FieldKind::Boolean, Literal::Boolean(value)) => point(OwnedParam::Boolean(*value)),
            (FieldKind::Select(options), Literal::Text(key)) => {
                option_position(options, key)?;
                point(OwnedParam::Text(key.clone()))
            }
            (FieldKind::Date, literal) => self.dates(literal),
            (FieldKind::Timestamp, literal) => self.times(literal),
            (FieldKind::Link { .. }, Literal::Text(text)) => point(OwnedParam::Id(text.parse()?)),
            (FieldKind::Link { target, .. }, Literal::Me) if target == "user" || Self::is_id_of(field) => {
                let me = self.context.me.ok_or_else(no_user)?;
                point(OwnedParam::Id(me))
            }
            (FieldKind::Link { target, .. }, Literal::MyTeam)
                if target == "team" || Self::is_id_of(field) =>
            {
                Ok(Operands::Points(self.context.teams.iter().copied().map(OwnedParam::Id).collect()))
            }
            (FieldKind::Reference { .. }, Literal::Text(text)) => {
                let reference: Reference = text.parse()?;
                self.context.schema.require(&reference.record_type)?;
                point(OwnedParam::Text(reference.to_string()))
            }
            (kind, literal) => Err(wrong(expected(kind), literal)),
        }
    }

    /// `id = me` is sound where users are filtered; the schema does not say of which type an id is.
    fn is_id_of(field: &Field) -> bool {
        field.position == system::ID
    }

    fn dates(&self, literal: &Literal) -> Result<Operands> {
        let (first, last) = self.days(literal)?.ok_or_else(|| wrong("a date or a period", literal))?;
        if first == last {
            return Ok(Operands::Point(OwnedParam::Date(first)));
        }
        Ok(Operands::Span { first: OwnedParam::Date(first), last: OwnedParam::Date(last), included: true })
    }

    fn times(&self, literal: &Literal) -> Result<Operands> {
        if let Some((first, last)) = self.days(literal)? {
            let (start, end) = times(self.context.zone, first, last);
            let (first, last) = (OwnedParam::Timestamp(start), OwnedParam::Timestamp(end));
            return Ok(Operands::Span { first, last, included: false });
        }
        let time = match literal {
            Literal::Timestamp(time) => *time,
            Literal::Text(text) => text.parse()?,
            Literal::Now(Now { seconds }) => {
                let time = self.context.now.plus_seconds(*seconds);
                if !(Timestamp::MIN..=Timestamp::MAX).contains(&time) {
                    return Err(CrmError::invalid("filter.date_range", "lies outside the years 1 to 9999"));
                }
                time
            }
            literal => return Err(wrong("a point in time, a date or a period", literal)),
        };
        Ok(Operands::Point(OwnedParam::Timestamp(time)))
    }

    /// The first and last day that a literal stands for, if it stands for days.
    fn days(&self, literal: &Literal) -> Result<Option<(Date, Date)>> {
        Ok(match literal {
            Literal::Date(date) => Some((*date, *date)),
            Literal::Text(text) => parse_date(text).ok().map(|date| (date, date)),
            Literal::Period(period) => Some(period.days(self.context.zone.date(self.context.now))?),
            _ => None,
        })
    }
}

/// The place of an option among the options of a select.
pub(super) fn option_position(options: &[SelectOption], key: &str) -> Result<usize> {
    options.iter().position(|option| option.key == key).ok_or_else(|| {
        let known: Vec<_> = options.iter().map(|option| option.key.as_ref()).collect();
        CrmError::invalid("filter.option", format!("is none of the options {}", known.join(", ")))
            .detail("options", serde_json::json!(known))
    })
}

fn no_user() -> CrmError {
    CrmError::invalid("filter.no_user", "asks for the acting user, and there is none")
}

/// The whole number as which a column with so many places holds a number.
fn scaled(number: Decimal, scale: u32) -> Result<i64> {
    let number = number.normalize();
    let missing = scale.checked_sub(number.scale()).ok_or_else(|| {
        let reason = match scale {
            0 => "is not a whole number".to_owned(),
            _ => format!("has more than {scale} decimal places"),
        };
        CrmError::invalid("filter.operand", reason)
    })?;
    10_i128
        .checked_pow(missing)
        .and_then(|factor| number.mantissa().checked_mul(factor))
        .and_then(|number| i64::try_from(number).ok())
        .ok_or_else(|| CrmError::invalid("filter.operand", "is too large a number"))
}

/// What a field of a kind compares with.
fn expected(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Integer | FieldKind::Number | FieldKind::Decimal { .. } => "a number",
        FieldKind::Money => "an amount with its currency, for example 1000 EUR",
        FieldKind::Boolean => "true or false",
        FieldKind::Select(_) => "the key of an option",
        FieldKind::Link { .. } => "an identifier",
        FieldKind::Reference { .. } => "a reference of the form type:id",
        _ => "text",
    }
}

fn wrong(expected: &str, literal: &Literal) -> CrmError {
    let found = match literal {
        Literal::Text(_) => "text",
        Literal::Number(_) => "a number",
        Literal::Boolean(_) => "a truth value",
        Literal::Date(_) => "a date",
        Literal::Timestamp(_) => "a point in time",
        Literal::Money { .. } => "an amount of money",
        Literal::Me => "a user",
        Literal::MyTeam => "a team",
        Literal::Period(_) => "a period",
        Literal::Now(_) => "a point in time",
    };
    CrmError::invalid("filter.operand", format!("is {found}, where {expected} is needed"))
}
