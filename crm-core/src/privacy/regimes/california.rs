//! California: the Consumer Privacy Act. It protects residents, whatever the seat of the business.

use super::obligation::{Amount, ObligationCode};
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Rule, RuleKind};
use super::sets::{Classes, SALE};
use crate::privacy::kinds::PurposeClass;

/// Uses that go beyond what somebody would expect who asked for a service: 11 CCR 7027(m).
const BEYOND_THE_SERVICE: Classes = Classes::of(&[
    PurposeClass::Marketing,
    PurposeClass::Profiling,
    PurposeClass::SaleShare,
    PurposeClass::Analytics,
    PurposeClass::AiTraining,
]);

const RULES: &[Rule] = &[
    Rule::new(RuleKind::SaleOptOut, "Cal. Civ. Code 1798.120(a), (d), 1798.135; 11 CCR 7025")
        .for_purposes(SALE)
        .checked(),
    Rule::new(
        RuleKind::SaleOfMinors { never_below: 0, guardian_below: 13, consent_below: 16 },
        "Cal. Civ. Code 1798.120(c); 11 CCR 7070, 7071",
    )
    .for_purposes(SALE)
    .checked(),
    Rule::new(RuleKind::AskAgain { months: 12 }, "Cal. Civ. Code 1798.135(c)(4)")
        .for_purposes(SALE)
        .checked(),
    Rule::new(RuleKind::LimitSensitive, "Cal. Civ. Code 1798.121; 11 CCR 7027")
        .for_purposes(BEYOND_THE_SERVICE)
        .checked(),
    Rule::duty_of(ObligationCode::HonourOptOut, Amount::BusinessDays(15), "11 CCR 7026(f), 7027(g)")
        .for_purposes(SALE)
        .checked(),
    Rule::duty(ObligationCode::DisplayOptOut, "11 CCR 7025(c)(6), 7026(g)")
        .for_purposes(SALE)
        .from(2026, 1, 1)
        .checked(),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::California,
    reach: Reach::People(&[Place::of("US-CA")]),
    clock: "America/Los_Angeles",
    groups: &[RULES],
};
