//! What values are compared with.

use rust_decimal::Decimal;

use super::ast::Place;
use super::moment::{Now, Period};
use crate::ground::currency::Currency;
use crate::ground::ids::RecordId;
use crate::ground::money::Money;
use crate::ground::time::{Date, Timestamp};
use crate::record::value::Reference;

/// A value that a filter names.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Literal {
    /// Text; also the key of an option, an identifier, a reference, and a date or time in quotes.
    Text(String),
    /// An exact number.
    Number(Decimal),
    /// A truth value.
    Boolean(bool),
    /// A date.
    Date(Date),
    /// A point in time.
    Timestamp(Timestamp),
    /// An amount of money in major units.
    Money {
        /// The amount in major units, for example euros.
        amount: Decimal,
        /// The currency.
        currency: Currency,
    },
    /// The acting user.
    Me,
    /// The teams of the acting user.
    MyTeam,
    /// Days relative to today, or one relative day.
    Period(Period),
    /// A point in time relative to now.
    Now(Now),
}

/// A literal with the place where it was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Operand {
    /// The value.
    pub literal: Literal,
    /// Where it was read.
    pub place: Place,
}

impl Operand {
    /// A literal that was read at a place.
    pub fn new(literal: Literal, place: Place) -> Self {
        Self { literal, place }
    }
}

impl<T: Into<Literal>> From<T> for Operand {
    fn from(value: T) -> Self {
        Self { literal: value.into(), place: Place::Unknown }
    }
}

macro_rules! literal_from {
    ($($source:ty, $value:ident => $literal:expr;)+) => {$(
        impl From<$source> for Literal {
            fn from($value: $source) -> Self {
                $literal
            }
        }
    )+};
}

literal_from! {
    &str, text => Self::Text(text.to_owned());
    String, text => Self::Text(text);
    bool, value => Self::Boolean(value);
    i32, number => Self::Number(number.into());
    i64, number => Self::Number(number.into());
    u32, number => Self::Number(number.into());
    Decimal, number => Self::Number(number);
    Date, date => Self::Date(date);
    Timestamp, time => Self::Timestamp(time);
    Money, money => Self::Money { amount: money.to_decimal(), currency: money.currency() };
    RecordId, id => Self::Text(id.to_string());
    Reference, reference => Self::Text(reference.to_string());
    Period, period => Self::Period(period);
    Now, now => Self::Now(now);
}
