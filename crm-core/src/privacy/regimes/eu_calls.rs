//! The European Union: calls, which the Directive leaves to the member states.

use super::eu::{CONSENT, SOFT_OPT_IN};
use super::holidays;
use super::hours::{HourTable, from_to};
use super::obligation::{Amount, ObligationCode};
use super::place::Place;
use super::rule::{Ground, Register, Rule, RuleKind};
use super::sets::{BUSINESS, CALLS, CONSUMERS, INDIVIDUALS, MARKETING, SPOKEN, TRADE};

const AUSTRIA: &[Place] = &[Place::of("AT")];
const FRANCE: &[Place] = &[Place::of("FR")];
const GERMANY: &[Place] = &[Place::of("DE")];
const ITALY: &[Place] = &[Place::of("IT")];
const NETHERLANDS: &[Place] = &[Place::of("NL")];
const SPAIN: &[Place] = &[Place::of("ES")];
const NAMED: &[Place] =
    &[Place::of("AT"), Place::of("DE"), Place::of("ES"), Place::of("FR"), Place::of("IT"), Place::of("NL")];

/// Monday to Friday 10-13 and 14-20, never on a holiday.
static FRENCH_HOURS: HourTable =
    HourTable::weekly(&[from_to(10, 13), from_to(14, 20)], &[], &[]).closed_on(holidays::FRANCE);
/// Monday to Friday 9-21, never on a holiday.
static SPANISH_HOURS: HourTable = HourTable::weekly(&[from_to(9, 21)], &[], &[]).closed_on(holidays::SPAIN);

/// Spoken calls for advertising need one of these grounds.
const fn calls(grounds: &'static [Ground], source: &'static str) -> Rule {
    Rule::new(RuleKind::Needs(grounds), source).by(SPOKEN).for_purposes(MARKETING)
}

pub(super) const RULES: &[Rule] = &[
    calls(&[CONSENT], "UWG § 7(2) no. 1").within(GERMANY).to(CONSUMERS).checked(),
    calls(&[Ground::NotRefused], "UWG § 7(2) no. 1: consent of other market participants is presumed")
        .within(GERMANY)
        .to(TRADE)
        .checked(),
    Rule::duty_of(ObligationCode::KeepProof, Amount::Years(5), "UWG § 7a(2), from each use anew")
        .by(SPOKEN)
        .for_purposes(MARKETING)
        .within(GERMANY)
        .to(CONSUMERS)
        .checked(),
    calls(&[Ground::NotRefused], "Code de la consommation L223-1, as before 2026-08-11")
        .within(FRANCE)
        .to(CONSUMERS)
        .until(2026, 8, 11)
        .checked(),
    Rule::new(
        RuleKind::Screen {
            register: Register::FranceBloctel,
            max_age_days: 30,
            lifted_by: &[CONSENT, Ground::RunningContract],
        },
        "Code de la consommation L223-1, as before 2026-08-11; D223-6",
    )
    .by(SPOKEN)
    .for_purposes(MARKETING)
    .within(FRANCE)
    .to(CONSUMERS)
    .until(2026, 8, 11),
    calls(&[CONSENT, Ground::RunningContract], "Loi n° 2025-594 art. 13; Code de la consommation L223-1")
        .within(FRANCE)
        .to(CONSUMERS)
        .from(2026, 8, 11)
        .checked(),
    calls(&[Ground::NotRefused], "Code de la consommation L223-1, which protects consumers")
        .within(FRANCE)
        .to(TRADE),
    Rule::new(RuleKind::Hours(&FRENCH_HOURS), "Code de la consommation D223-9 (Décret n° 2022-1313)")
        .by(CALLS)
        .for_purposes(MARKETING)
        .within(FRANCE)
        .to(CONSUMERS),
    Rule::new(
        RuleKind::Cap { contacts: 4, hours: 720 },
        "Code de la consommation D223-9 (Décret n° 2022-1313)",
    )
    .by(CALLS)
    .for_purposes(MARKETING)
    .within(FRANCE)
    .to(CONSUMERS),
    calls(&[CONSENT], "TKG 2021 § 174(1)").within(AUSTRIA),
    calls(&[CONSENT, Ground::LegitimateInterest], "Ley 11/2022 art. 66.1.b; AEPD Circular 1/2023")
        .within(SPAIN)
        .to(INDIVIDUALS),
    calls(&[Ground::NotRefused], "Directive 2002/58/EC Art. 13(3), (5)").within(SPAIN).to(BUSINESS),
    Rule::new(RuleKind::Hours(&SPANISH_HOURS), "TRLGDCU (Real Decreto Legislativo 1/2007) art. 96.2")
        .by(CALLS)
        .for_purposes(MARKETING)
        .within(SPAIN)
        .to(CONSUMERS),
    calls(&[Ground::NotRefused], "Codice privacy art. 130(3-bis)").within(ITALY),
    Rule::new(
        RuleKind::Screen { register: Register::ItalyRpo, max_age_days: 15, lifted_by: &[CONSENT] },
        "Legge 5/2018 art. 1; DPR 26/2022 art. 8",
    )
    .by(CALLS)
    .for_purposes(MARKETING)
    .within(ITALY),
    calls(&[CONSENT, SOFT_OPT_IN], "Telecommunicatiewet art. 11.7(1), (4)")
        .within(NETHERLANDS)
        .to(INDIVIDUALS),
    calls(&[Ground::NotRefused], "Directive 2002/58/EC Art. 13(3), (5)").within(NETHERLANDS).to(BUSINESS),
    // The Directive lets a state choose between consent and refusal; where the choice is not known here, it is consent.
    calls(&[CONSENT], "Directive 2002/58/EC Art. 13(3)").outside(NAMED).to(INDIVIDUALS),
    calls(&[Ground::NotRefused], "Directive 2002/58/EC Art. 13(3), (5)").outside(NAMED).to(BUSINESS),
];
