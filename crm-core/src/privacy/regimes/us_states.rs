//! The states of the United States that are stricter on the telephone than the federal law. The stricter rule wins.
//!
//! They protect who is called in the state, whatever the seat of the caller.

use super::hours::{HourTable, from_to};
use super::obligation::{Obligation, ObligationCode};
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Rule, RuleKind, Trigger};
use super::sets::{CALLS, CALLS_AND_TEXTS, INDIVIDUALS, MARKETING, TEXTS};

const CONNECTICUT: &[Place] = &[Place::of("US-CT")];
const EIGHT_TO_EIGHT: &[Place] = &[
    Place::of("US-FL"),
    Place::of("US-OK"),
    Place::of("US-WA"),
    Place::of("US-MD"),
    Place::of("US-MS"),
    Place::of("US-NJ"),
];
const FLORIDA_AND_OKLAHOMA: &[Place] = &[Place::of("US-FL"), Place::of("US-OK")];
const RHODE_ISLAND: &[Place] = &[Place::of("US-RI")];
const TEXAS: &[Place] = &[Place::of("US-TX")];
const VIRGINIA: &[Place] = &[Place::of("US-VA")];
/// The states in which everybody on the line has to know that it is recorded.
const ALL_PARTIES: &[Place] = &[
    Place::of("US-CA"),
    Place::of("US-CT"),
    Place::of("US-DE"),
    Place::of("US-FL"),
    Place::of("US-IL"),
    Place::of("US-MA"),
    Place::of("US-MD"),
    Place::of("US-MT"),
    Place::of("US-NH"),
    Place::of("US-PA"),
    Place::of("US-WA"),
];

static FROM_8_TO_20: HourTable = HourTable::daily(&[from_to(8, 20)]);
static CONNECTICUT_HOURS: HourTable = HourTable::daily(&[from_to(9, 20)]);
static TEXAS_HOURS: HourTable = HourTable::weekly(&[from_to(9, 21)], &[from_to(9, 21)], &[from_to(12, 21)]);
static RHODE_ISLAND_HOURS: HourTable =
    HourTable::weekly(&[from_to(9, 18)], &[from_to(10, 17)], &[from_to(10, 17)]);

const fn hours(table: &'static HourTable, places: &'static [Place], source: &'static str) -> Rule {
    Rule::new(RuleKind::Hours(table), source)
        .by(CALLS_AND_TEXTS)
        .for_purposes(MARKETING)
        .to(INDIVIDUALS)
        .within(places)
        .checked()
}

const RULES: &[Rule] = &[
    hours(
        &FROM_8_TO_20,
        EIGHT_TO_EIGHT,
        "Fla. Stat. 501.616(6); 15 Okla. Stat. 775C.4; RCW 80.36.390; \
         Md. Com. Law 14-4502; Miss. Code 77-3-723; N.J.A.C. 13:45D-4.3",
    ),
    hours(&CONNECTICUT_HOURS, CONNECTICUT, "Conn. Gen. Stat. 42-288a; P.A. 23-98"),
    hours(&TEXAS_HOURS, TEXAS, "Tex. Bus. & Com. Code 301.051; SB 140 (2025)"),
    hours(&RHODE_ISLAND_HOURS, RHODE_ISLAND, "R.I. Gen. Laws 5-61-3.6"),
    Rule::new(RuleKind::Cap { contacts: 3, hours: 24 }, "Fla. Stat. 501.616(6)(b); 15 Okla. Stat. 775C.4")
        .by(CALLS_AND_TEXTS)
        .for_purposes(MARKETING)
        .to(INDIVIDUALS)
        .within(FLORIDA_AND_OKLAHOMA)
        .checked(),
    Rule::new(RuleKind::RefusalBinds { years: Some(10) }, "Va. Code 59.1-514 (VTPPA) as of 2026-01-01")
        .by(TEXTS)
        .for_purposes(MARKETING)
        .within(VIRGINIA)
        .from(2026, 1, 1)
        .checked(),
    Rule::new(
        RuleKind::Oblige(Obligation::plain(ObligationCode::RecordingNotice), Trigger::RecordedCall),
        "Cal. Penal Code 632 and the like laws of CT, DE, FL, IL, MA, MD, MT, NH, PA, WA",
    )
    .by(CALLS)
    .within(ALL_PARTIES),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::UsStates,
    reach: Reach::People(super::us::STATES),
    clock: "America/New_York",
    groups: &[RULES],
};
