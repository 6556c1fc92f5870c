//! The large mailbox providers. Their terms are no law, but mail that breaks them does not arrive.

use super::obligation::{Amount, ObligationCode};
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::Rule;
use super::sets::{EMAIL, MARKETING};

const RULES: &[Rule] = &[
    Rule::duty(ObligationCode::OneClickUnsubscribe, "RFC 8058; sender guidelines of Gmail and Yahoo, 2024")
        .by(EMAIL)
        .for_purposes(MARKETING)
        .from(2024, 2, 1),
    Rule::duty_of(
        ObligationCode::HonourOneClick,
        Amount::Days(2),
        "sender guidelines of Gmail and Yahoo, 2024",
    )
    .by(EMAIL)
    .for_purposes(MARKETING)
    .from(2024, 2, 1),
];

/// The regime.
pub(super) static REGIME: Regime =
    Regime { key: RegimeKey::MailboxProviders, reach: Reach::Everybody, clock: "UTC", groups: &[RULES] };
