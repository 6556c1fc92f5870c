//! Money: exact amounts of minor units with an ISO 4217 currency.

use crate::error::{CrmError, Result};

/// An ISO 4217 currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The currency with this code.
    pub fn from_code(code: &str) -> Result<Self> {
        code.as_bytes()
            .try_into()
            .map(Self)
            .map_err(|_| CrmError::invalid("currency.unknown", "is no currency"))
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    /// Minor units.
    pub amount: i64,
    /// The currency.
    pub currency: Currency,
}

impl Money {
    /// An amount of minor units.
    pub fn new(amount: i64, currency: Currency) -> Self {
        Self { amount, currency }
    }
}
