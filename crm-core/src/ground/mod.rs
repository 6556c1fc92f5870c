//! The ground that everything stands on: identifiers, money, time, text, and the ports for clock and randomness.

pub mod address;
pub mod clock;
pub mod country;
pub mod currency;
pub mod email;
pub mod holidays;
pub mod ids;
pub(crate) mod json;
pub mod money;
pub mod name;
pub(crate) mod number;
pub mod phone;
#[cfg(any(test, not(feature = "phone-details")))]
mod phone_plans;
pub mod random;
pub mod snippet;
pub(crate) mod sort;
pub mod text;
pub mod time;
pub mod url;
pub mod zone;
mod zone_table;
