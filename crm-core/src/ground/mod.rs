//! The ground that everything stands on: identifiers, money, time, text, and the ports for clock and randomness.

pub mod clock;
pub mod ids;
pub mod money;
pub mod random;
pub mod time;
