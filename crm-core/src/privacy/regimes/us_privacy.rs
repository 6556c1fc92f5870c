//! The privacy acts of the other American states that give effect to the Global Privacy Control. They protect
//! residents.

use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Rule, RuleKind};
use super::sets::SALE;
use crate::privacy::kinds::ConsentExpression;

const STATES: &[Place] = &[
    Place::of("US-CO"),
    Place::of("US-CT"),
    Place::of("US-DE"),
    Place::of("US-MD"),
    Place::of("US-MT"),
    Place::of("US-NE"),
    Place::of("US-NH"),
    Place::of("US-NJ"),
    Place::of("US-OR"),
    Place::of("US-TX"),
];

/// The state's signal, from the day on which its act gives effect to it.
const fn signal(places: &'static [Place], source: &'static str) -> Rule {
    Rule::new(RuleKind::SaleOptOut, source).for_purposes(SALE).within(places).checked()
}

/// Sale of data of minors: never below one age, by the minor's own consent below another; below 13 by a guardian's.
const fn minors(never_below: u8, consent_below: u8, places: &'static [Place], source: &'static str) -> Rule {
    Rule::new(RuleKind::SaleOfMinors { never_below, guardian_below: 13, consent_below }, source)
        .for_purposes(SALE)
        .within(places)
}

const COLORADO: &[Place] = &[Place::of("US-CO")];
const CONNECTICUT: &[Place] = &[Place::of("US-CT")];
const DELAWARE: &[Place] = &[Place::of("US-DE")];
const MARYLAND: &[Place] = &[Place::of("US-MD")];
const MONTANA: &[Place] = &[Place::of("US-MT")];
const NEBRASKA_AND_TEXAS: &[Place] = &[Place::of("US-NE"), Place::of("US-TX")];
const NEW_HAMPSHIRE: &[Place] = &[Place::of("US-NH")];
const NEW_JERSEY: &[Place] = &[Place::of("US-NJ")];
const OREGON: &[Place] = &[Place::of("US-OR")];

const RULES: &[Rule] = &[
    signal(COLORADO, "C.R.S. 6-1-1306(1)(a)(IV)").from(2024, 7, 1),
    signal(CONNECTICUT, "Conn. Gen. Stat. 42-520(e)").from(2025, 1, 1),
    signal(DELAWARE, "6 Del. C. 12D-106(e)").from(2026, 1, 1),
    signal(MARYLAND, "Md. Com. Law 14-4707").from(2025, 10, 1),
    signal(MONTANA, "Mont. Code 30-14-2812").from(2025, 1, 1),
    signal(NEBRASKA_AND_TEXAS, "Neb. Rev. Stat. 87-1115; Tex. Bus. & Com. Code 541.055(e)").from(2025, 1, 1),
    signal(NEW_HAMPSHIRE, "RSA 507-H:6").from(2025, 1, 1),
    signal(NEW_JERSEY, "N.J.S.A. 56:8-166.11").from(2025, 7, 15),
    signal(OREGON, "ORS 646A.578").from(2026, 1, 1),
    minors(0, 18, COLORADO, "C.R.S. 6-1-1308.5 (SB 24-041)").from(2025, 10, 1),
    minors(0, 16, CONNECTICUT, "Conn. Gen. Stat. 42-520(a)(7)").until(2026, 7, 1),
    minors(18, 18, CONNECTICUT, "Conn. P.A. 25-113").from(2026, 7, 1),
    minors(0, 18, DELAWARE, "6 Del. C. 12D-106(a)(7)"),
    minors(18, 18, MARYLAND, "Md. Com. Law 14-4707(a)(4), (5)").from(2025, 10, 1),
    minors(0, 16, MONTANA, "Mont. Code 30-14-2812(2)"),
    minors(0, 13, NEBRASKA_AND_TEXAS, "Neb. Rev. Stat. 87-1112; Tex. Bus. & Com. Code 541.101(b)"),
    minors(0, 16, NEW_HAMPSHIRE, "RSA 507-H:6, I(g)"),
    minors(0, 17, NEW_JERSEY, "N.J.S.A. 56:8-166.12(a)(7)"),
    minors(0, 16, OREGON, "ORS 646A.578(2)").until(2026, 1, 1),
    minors(16, 16, OREGON, "ORS 646A.578(2) as amended by HB 2008 (2025)").from(2026, 1, 1),
    // All of these acts ask for consent before sensitive data are processed.
    Rule::new(
        RuleKind::SpecialCategory { other_grounds: false, expression: ConsentExpression::Expressed },
        "the acts named above, for example C.R.S. 6-1-1308(7)",
    ),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::UsPrivacy,
    reach: Reach::People(STATES),
    clock: "America/New_York",
    groups: &[RULES],
};
