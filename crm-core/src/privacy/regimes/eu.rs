//! The European Union and the European Economic Area: what holds in every member state, and the ages of consent.

use super::eu_calls;
use super::eu_email;
use super::obligation::{Amount, Obligation, ObligationCode};
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Ground, Rule, RuleKind, Trigger};
use super::sets::{Bases, CALLS, MARKETING, OPTIONAL};
use crate::privacy::kinds::{ConsentExpression, LegalBasis, RelationshipEventKind};

/// The member states of the Union, those of the Economic Area, and the regions of member states with a code of their
/// own.
const STATES: &[Place] = &[
    Place::of("AT"),
    Place::of("BE"),
    Place::of("BG"),
    Place::of("CY"),
    Place::of("CZ"),
    Place::of("DE"),
    Place::of("DK"),
    Place::of("EE"),
    Place::of("ES"),
    Place::of("FI"),
    Place::of("FR"),
    Place::of("GR"),
    Place::of("HR"),
    Place::of("HU"),
    Place::of("IE"),
    Place::of("IT"),
    Place::of("LT"),
    Place::of("LU"),
    Place::of("LV"),
    Place::of("MT"),
    Place::of("NL"),
    Place::of("PL"),
    Place::of("PT"),
    Place::of("RO"),
    Place::of("SE"),
    Place::of("SI"),
    Place::of("SK"),
    Place::of("IS"),
    Place::of("LI"),
    Place::of("NO"),
    Place::of("AX"),
    Place::of("GF"),
    Place::of("GP"),
    Place::of("MF"),
    Place::of("MQ"),
    Place::of("RE"),
    Place::of("YT"),
];

/// Consent of the GDPR: freely given, specific, informed, unambiguous, provable.
pub(super) const CONSENT: Ground =
    Ground::Consent { expression: ConsentExpression::Expressed, informed: true };

/// The soft opt-in of the ePrivacy Directive. The Court counts a free tier that a paid one finances as a sale.
pub(super) const SOFT_OPT_IN: Ground = Ground::SoftOptIn {
    events: super::sets::Events::of(&[RelationshipEventKind::Purchase, RelationshipEventKind::ContractStart]),
    charity: false,
    stands_alone: true,
};

const AT_13: &[Place] = &[
    Place::of("BE"),
    Place::of("DK"),
    Place::of("EE"),
    Place::of("FI"),
    Place::of("LV"),
    Place::of("MT"),
    Place::of("PT"),
    Place::of("SE"),
];
const AT_14: &[Place] =
    &[Place::of("AT"), Place::of("BG"), Place::of("CY"), Place::of("IT"), Place::of("LT"), Place::of("ES")];
const AT_15: &[Place] = &[Place::of("CZ"), Place::of("FR"), Place::of("GR")];
const BELOW_16: &[Place] = &[
    Place::of("BE"),
    Place::of("DK"),
    Place::of("EE"),
    Place::of("FI"),
    Place::of("LV"),
    Place::of("MT"),
    Place::of("PT"),
    Place::of("SE"),
    Place::of("AT"),
    Place::of("BG"),
    Place::of("CY"),
    Place::of("IT"),
    Place::of("LT"),
    Place::of("ES"),
    Place::of("CZ"),
    Place::of("FR"),
    Place::of("GR"),
];

const fn guardian(below: u8, source: &'static str) -> Rule {
    Rule::new(RuleKind::GuardianConsents { below }, source).for_purposes(OPTIONAL)
}

const GENERAL: &[Rule] = &[
    Rule::new(
        RuleKind::Basis(Bases::of(&[
            LegalBasis::Consent,
            LegalBasis::Contract,
            LegalBasis::LegalObligation,
            LegalBasis::VitalInterests,
            LegalBasis::PublicTask,
            LegalBasis::LegitimateInterests,
        ])),
        "GDPR Art. 6(1); C-654/23 for the soft opt-in",
    )
    .checked(),
    Rule::new(
        RuleKind::SpecialCategory { other_grounds: true, expression: ConsentExpression::ExplicitlyExpressed },
        "GDPR Art. 9(1), (2)",
    ),
    // The list of 2020 leaves out Slovenia; there and in the EEA the 16 years of the Regulation hold.
    guardian(13, "GDPR Art. 8(1) with the laws of BE, DK, EE, FI, LV, MT, PT, SE").within(AT_13).checked(),
    guardian(14, "GDPR Art. 8(1) with the laws of AT, BG, CY, ES, IT, LT").within(AT_14).checked(),
    guardian(15, "GDPR Art. 8(1) with the laws of CZ, FR, GR").within(AT_15).checked(),
    guardian(16, "GDPR Art. 8(1)").outside(BELOW_16).checked(),
    Rule::duty_of(ObligationCode::HonourOptOut, Amount::Days(0), "GDPR Art. 7(3), 21(3)")
        .for_purposes(MARKETING),
    Rule::new(
        RuleKind::Oblige(Obligation::plain(ObligationCode::RecordingNotice), Trigger::RecordedCall),
        "GDPR Art. 13(1)",
    )
    .by(CALLS),
    Rule::new(
        RuleKind::Oblige(Obligation::plain(ObligationCode::ArtificialVoiceNotice), Trigger::ArtificialVoice),
        "Regulation (EU) 2024/1689 Art. 50(1)",
    )
    .by(CALLS)
    .from(2026, 8, 2),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::Eu,
    reach: Reach::PeopleAndControllers(STATES),
    clock: "Europe/Brussels",
    groups: &[GENERAL, eu_email::RULES, eu_calls::RULES],
};
