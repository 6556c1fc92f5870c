//! Money: a whole number of minor units with a currency, exact everywhere.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::de::Error as _;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::{CrmError, Result};
use crate::ground::currency::Currency;
use crate::ground::sort;

/// An amount of money: minor units (cents) and their currency. In JSON `{"amount":"1234.50","currency":"EUR"}`.
///
/// ```
/// use crm_core::{Currency, Money};
/// let euro = Currency::from_code("EUR")?;
/// let price = Money::parse("1234.50", euro)?;
/// assert_eq!(price, Money::new(123_450, euro));
/// assert_eq!(price.to_string(), "1,234.50 EUR");
/// assert_eq!("EUR 1234.50".parse::<Money>()?, price);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    amount: i64,
    currency: Currency,
}

/// How an exact result becomes a whole number of minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// Half a unit goes away from zero: 0.5 → 1, -0.5 → -1. What invoices use.
    #[default]
    HalfUp,
    /// Half a unit goes to the even neighbour: 0.5 → 0, 1.5 → 2.
    HalfEven,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

impl Money {
    /// So many minor units (cents for `EUR`, yen for `JPY`).
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { amount: minor, currency }
    }

    /// No money, in a currency.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(0, currency)
    }

    /// The amount in minor units.
    pub const fn minor(self) -> i64 {
        self.amount
    }

    /// The code of the currency, borrowed from the amount.
    pub fn currency_code(&self) -> &str {
        self.currency.code()
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// Whether the amount is zero.
    pub const fn is_zero(self) -> bool {
        self.amount == 0
    }

    /// Whether the amount is below zero.
    pub const fn is_negative(self) -> bool {
        self.amount < 0
    }

    /// The amount of a plain decimal number: `1234.5`, `-0.05`, `+7`. No grouping: `1,234` would be read
    /// differently in different countries.
    ///
    /// # Errors
    /// `money.invalid` for anything else, `money.too_many_decimals` when digits other than zero lie beyond the
    /// currency's decimals, `money.overflow` when the amount does not fit in 64 bits.
    pub fn parse(text: &str, currency: Currency) -> Result<Self> {
        let invalid = || CrmError::invalid("money.invalid", "is not a decimal number such as 1234.50");
        let text = text.trim();
        let (negative, digits) = match text.as_bytes().first() {
            Some(b'-') => (true, text.get(1..).unwrap_or_default()),
            Some(b'+') => (false, text.get(1..).unwrap_or_default()),
            _ => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let numeric = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !numeric(whole) || !numeric(fraction) || digits.ends_with('.') {
            return Err(invalid());
        }
        let decimals = currency.minor_units() as usize;
        let (kept, beyond) = fraction.split_at(fraction.len().min(decimals));
        if beyond.bytes().any(|byte| byte != b'0') {
            return Err(CrmError::invalid(
                "money.too_many_decimals",
                format!("has more than the {decimals} decimals of {currency}"),
            ));
        }
        let sign = if negative { -1 } else { 1 };
        let padding = std::iter::repeat_n(b'0', decimals - kept.len());
        let mut amount: i64 = 0;
        for byte in whole.bytes().chain(kept.bytes()).chain(padding) {
            amount = amount
                .checked_mul(10)
                .and_then(|tens| tens.checked_add(sign * i64::from(byte - b'0')))
                .ok_or_else(overflow)?;
        }
        Ok(Self::new(amount, currency))
    }

    /// The money for an exact decimal amount in major units, rounded as stated.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn from_decimal(amount: Decimal, currency: Currency, rounding: Rounding) -> Result<Self> {
        let decimals = currency.minor_units();
        let rounded = rounding.apply(amount, decimals);
        let factor = 10_i128.pow(decimals - rounded.scale().min(decimals));
        let minor = rounded.mantissa().checked_mul(factor).ok_or_else(overflow)?;
        Ok(Self::new(i64::try_from(minor).map_err(|_| overflow())?, currency))
    }

    /// The amount in major units as an exact decimal.
    pub fn to_decimal(self) -> Decimal {
        Decimal::from_i128_with_scale(i128::from(self.amount), self.currency.minor_units())
    }

    /// The amount as an exact decimal number with all decimals of the currency: `1234.50`.
    pub fn to_decimal_string(self) -> String {
        self.digits("")
    }

    /// The sum.
    ///
    /// # Errors
    /// `money.currency_mismatch` or `money.overflow`.
    pub fn checked_add(self, other: Self) -> Result<Self> {
        self.same_currency(other)?;
        let sum = self.amount.checked_add(other.amount).ok_or_else(overflow)?;
        Ok(Self::new(sum, self.currency))
    }

    /// The difference.
    ///
    /// # Errors
    /// `money.currency_mismatch` or `money.overflow`.
    pub fn checked_sub(self, other: Self) -> Result<Self> {
        self.same_currency(other)?;
        let difference = self.amount.checked_sub(other.amount).ok_or_else(overflow)?;
        Ok(Self::new(difference, self.currency))
    }

    /// The amount with the other sign.
    ///
    /// # Errors
    /// `money.overflow`, for the smallest amount of all.
    pub fn checked_neg(self) -> Result<Self> {
        Ok(Self::new(self.amount.checked_neg().ok_or_else(overflow)?, self.currency))
    }

    /// The sum of several amounts; zero in `currency` if there are none.
    ///
    /// # Errors
    /// `money.currency_mismatch` or `money.overflow`.
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self> {
        amounts.into_iter().try_fold(Self::zero(currency), Self::checked_add)
    }

    /// The amount times a factor, rounded as stated.
    ///
    /// ```
    /// use crm_core::{Money, Rounding};
    /// let price: Money = "10.05 EUR".parse()?;
    /// assert_eq!(price.multiply("2.5".parse().unwrap(), Rounding::HalfUp)?.to_decimal_string(), "25.13");
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `money.overflow`, also when the exact product does not fit in 96 bits.
    pub fn multiply(self, factor: Decimal, rounding: Rounding) -> Result<Self> {
        let factor = factor.normalize();
        let exact = i128::from(self.amount).checked_mul(factor.mantissa()).ok_or_else(overflow)?;
        let rounded = rounding.divide(exact, 10_i128.pow(factor.scale()));
        Ok(Self::new(i64::try_from(rounded).map_err(|_| overflow())?, self.currency))
    }

    /// So many per cent of the amount, rounded as stated: `percent(19)` is the tax at 19 %.
    ///
    /// # Errors
    /// `money.overflow`.
    pub fn percent(self, percent: Decimal, rounding: Rounding) -> Result<Self> {
        let percent = percent.normalize();
        let exact = i128::from(self.amount).checked_mul(percent.mantissa()).ok_or_else(overflow)?;
        // The scale of a decimal is at most 28, and 30 still fits in 128 bits.
        let rounded = rounding.divide(exact, 10_i128.pow(percent.scale() + 2));
        Ok(Self::new(i64::try_from(rounded).map_err(|_| overflow())?, self.currency))
    }

    /// Splits the amount by weights, so that the parts sum to it exactly.
    ///
    /// Each part is rounded towards zero; the minor units that are left go, one each, to the parts with
    /// the largest remainders, the first of equal ones first (Hamilton's method).
    ///
    /// ```
    /// use crm_core::Money;
    /// let parts = "100.00 EUR".parse::<Money>()?.allocate(&[1, 1, 1])?;
    /// let minor: Vec<_> = parts.into_iter().map(Money::minor).collect();
    /// assert_eq!(minor, [3334, 3333, 3333]);
    /// # Ok::<(), crm_core::CrmError>(())
    /// ```
    ///
    /// # Errors
    /// `money.weights` when there are no weights or all are zero.
    pub fn allocate(self, weights: &[u32]) -> Result<Vec<Self>> {
        let total: i128 = weights.iter().copied().map(i128::from).sum();
        if total == 0 {
            return Err(CrmError::invalid("money.weights", "needs at least one weight above zero"));
        }
        let amount = i128::from(self.amount);
        let mut parts = Vec::with_capacity(weights.len());
        let mut remainders = Vec::with_capacity(weights.len());
        for (index, weight) in weights.iter().enumerate() {
            let exact = amount * i128::from(*weight);
            // Never larger than the amount itself, so it fits.
            parts.push(i64::try_from(exact / total).map_err(|_| overflow())?);
            remainders.push((std::cmp::Reverse((exact % total).abs()), index));
        }
        sort::ascending(&mut remainders);
        let left = amount - parts.iter().copied().map(i128::from).sum::<i128>();
        for (_, index) in remainders.into_iter().take(usize::try_from(left.abs()).map_err(|_| overflow())?) {
            if let Some(part) = parts.get_mut(index) {
                *part += self.amount.signum();
            }
        }
        Ok(parts.into_iter().map(|part| Self::new(part, self.currency)).collect())
    }

    fn same_currency(self, other: Self) -> Result<()> {
        if self.currency == other.currency {
            return Ok(());
        }
        let reason = format!("mixes {} and {}", self.currency, other.currency);
        Err(CrmError::invalid("money.currency_mismatch", reason))
    }

    fn digits(self, separator: &str) -> String {
        let decimals = self.currency.minor_units();
        let scale = 10_u64.pow(decimals);
        let (whole, fraction) = (self.amount.unsigned_abs() / scale, self.amount.unsigned_abs() % scale);
        let mut out = String::from(if self.amount < 0 { "-" } else { "" });
        let whole = whole.to_string();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                out.push_str(separator);
            }
            out.push(digit);
        }
        if decimals > 0 {
            let fraction = fraction.to_string();
            out.push('.');
            out.extend(std::iter::repeat_n('0', decimals as usize - fraction.len()));
            out.push_str(&fraction);
        }
        out
    }
}

impl Rounding {
    /// A decimal with at most so many decimals.
    pub fn apply(self, value: Decimal, decimals: u32) -> Decimal {
        value.round_dp_with_strategy(
            decimals,
            match self {
                Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
                Self::HalfEven => RoundingStrategy::MidpointNearestEven,
                Self::Down => RoundingStrategy::ToZero,
                Self::Up => RoundingStrategy::AwayFromZero,
            },
        )
    }

    /// A quotient as a whole number; the divisor is above zero.
    pub fn divide(self, value: i128, divisor: i128) -> i128 {
        let (quotient, rest) = (value / divisor, (value % divisor).abs());
        // Compared by subtraction: twice the rest could be too large.
        let half = rest.cmp(&(divisor - rest));
        let away = match self {
            Self::HalfUp => half.is_ge(),
            Self::HalfEven => half.is_gt() || (half.is_eq() && quotient % 2 != 0),
            Self::Down => false,
            Self::Up => rest > 0,
        };
        if away { quotient + value.signum() } else { quotient }
    }
}

fn overflow() -> CrmError {
    CrmError::invalid("money.overflow", "is larger than the largest amount")
}

/// With grouping, for people: `1,234.50 EUR`. Programs use [`Money::to_decimal_string`].
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.digits(","), self.currency)
    }
}

/// `1234.50 EUR` or `EUR 1234.50`; the grouping that [`Display`](fmt::Display) writes is read back too.
impl FromStr for Money {
    type Err = CrmError;

    fn from_str(text: &str) -> Result<Self> {
        let invalid = || CrmError::invalid("money.invalid", "is not an amount such as 1234.50 EUR");
        let (first, second) = text.trim().split_once(' ').ok_or_else(invalid)?;
        let (amount, code) = if first.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            (second.trim(), first)
        } else {
            (first, second.trim())
        };
        let currency = Currency::from_code(code)?;
        if !amount.contains(',') {
            return Self::parse(amount, currency);
        }
        let money = Self::parse(&amount.replace(',', ""), currency)?;
        // Only commas exactly where grouping puts them: "1,5" is somebody's decimal comma.
        let grouped = money.digits(",");
        let (whole, fraction) = amount.split_once('.').unwrap_or((amount, ""));
        let expected = grouped.split('.').next().unwrap_or_default();
        if whole.trim_start_matches('+') == expected && !fraction.contains(',') {
            Ok(money)
        } else {
            Err(invalid())
        }
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Money", 2)?;
        object.serialize_field("amount", &self.to_decimal_string())?;
        object.serialize_field("currency", &self.currency)?;
        object.end()
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Object {
            amount: Amount,
            currency: Currency,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Amount {
            Text(String),
            Whole(i64),
            Number(f64),
        }
        let Object { amount, currency } = Object::deserialize(deserializer)?;
        let text = match amount {
            Amount::Text(text) => text,
            Amount::Whole(number) => number.to_string(),
            // A double has 15 exact decimal digits; beyond that the sender's number is already another one.
            Amount::Number(number) if number.abs() < 1e13 => {
                let text = number.to_string();
                if text.bytes().filter(u8::is_ascii_digit).count() > 15 {
                    return Err(D::Error::custom(
                        "has too many digits for a JSON number, send it as a string",
                    ));
                }
                text
            }
            Amount::Number(_) => {
                return Err(D::Error::custom("is too large for a JSON number, send it as a string"));
            }
        };
        Self::parse(&text, currency).map_err(|error| D::Error::custom(error.reason()))
    }
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;
