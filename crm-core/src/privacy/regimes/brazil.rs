//! Brazil: the *Lei Geral de Proteção de Dados* (LGPD).

use super::obligation::ObligationCode;
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Rule, RuleKind};
use super::sets::{Bases, MARKETING, OPTIONAL};
use crate::privacy::kinds::{ConsentExpression, LegalBasis};

const RULES: &[Rule] = &[
    Rule::new(
        RuleKind::Basis(Bases::of(&[
            LegalBasis::Consent,
            LegalBasis::LegalObligation,
            LegalBasis::PublicTask,
            LegalBasis::Research,
            LegalBasis::Contract,
            LegalBasis::LegalProceedings,
            LegalBasis::VitalInterests,
            LegalBasis::HealthProtection,
            LegalBasis::LegitimateInterests,
            LegalBasis::CreditProtection,
        ])),
        "LGPD (Lei 13.709/2018) art. 7, 8 § 4",
    )
    .checked(),
    Rule::new(RuleKind::GuardianConsents { below: 12 }, "LGPD art. 14 § 1; ECA (Lei 8.069/1990) art. 2")
        .for_purposes(OPTIONAL),
    Rule::new(
        RuleKind::SpecialCategory { other_grounds: true, expression: ConsentExpression::ExplicitlyExpressed },
        "LGPD art. 11",
    ),
    Rule::duty(ObligationCode::OptOutInMessage, "LGPD art. 8 § 5, 18 IX").for_purposes(MARKETING).checked(),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::Brazil,
    reach: Reach::PeopleAndControllers(&[Place::of("BR")]),
    clock: "America/Sao_Paulo",
    groups: &[RULES],
};
