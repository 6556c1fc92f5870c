//! Regimes: what the laws of a territory demand before somebody is contacted or data are processed, as dated data.
//!
//! One file holds one regime: a constant table of [`Rule`]s, each with its figures, the days between which it holds,
//! and the legal source. There is a small closed set of kinds of rules ([`RuleKind`], [`Ground`]), which the evaluator
//! in [`permit`](super::permit) knows; a new law is a new row, and a rule that ends stays with its last day, so that
//! any past decision can be made again.
//!
//! A row that is marked `checked` was compared with a public source in November 2026. The others follow the statute as
//! known and need one legal reading before a host relies on them; every decision shows which is which.

mod area_codes;
mod australia;
mod brazil;
mod california;
mod canada;
mod china;
pub mod day;
mod eu;
mod eu_calls;
mod eu_email;
pub mod holidays;
pub mod hours;
mod mailbox;
pub mod obligation;
pub mod place;
mod quebec;
pub mod regime;
pub mod rule;
pub mod rule_set;
pub mod sets;
mod uk;
mod us;
mod us_privacy;
mod us_states;
pub mod zones;

#[cfg(test)]
mod tests;

pub use day::Day;
pub use hours::HourTable;
pub use obligation::{Amount, Obligation, ObligationCode};
pub use place::{Place, Territory};
pub use regime::{Regime, RegimeKey};
pub use rule::{Ground, Register, Rule, RuleKind};
pub use rule_set::{RuleSet, RuleSetId};
pub use sets::{Channels, Classes, Events, RegimeSet, Subjects};
pub use us::is_revocation;
