//! China: the Personal Information Protection Law (PIPL).

use super::obligation::ObligationCode;
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Ground, Rule, RuleKind};
use super::sets::{Bases, CALLS, ELECTRONIC_MAIL, MARKETING, OPTIONAL, SALE};
use crate::privacy::kinds::{ConsentExpression, LegalBasis};

const CONSENT: Ground = Ground::Consent { expression: ConsentExpression::Expressed, informed: true };
/// Consent to just this, apart from all else.
const SEPARATE: Ground =
    Ground::Consent { expression: ConsentExpression::ExplicitlyExpressed, informed: true };

const RULES: &[Rule] = &[
    // There is no legitimate interest.
    Rule::new(
        RuleKind::Basis(Bases::of(&[
            LegalBasis::Consent,
            LegalBasis::Contract,
            LegalBasis::LegalObligation,
            LegalBasis::VitalInterests,
            LegalBasis::PublicTask,
        ])),
        "PIPL art. 13, 14",
    )
    .checked(),
    Rule::new(RuleKind::Needs(&[CONSENT]), "PIPL art. 13, 14; Advertising Law art. 43")
        .by(ELECTRONIC_MAIL)
        .for_purposes(MARKETING)
        .checked(),
    Rule::new(RuleKind::Needs(&[CONSENT]), "PIPL art. 13, 14; Advertising Law art. 43")
        .by(CALLS)
        .for_purposes(MARKETING)
        .checked(),
    Rule::new(RuleKind::Needs(&[SEPARATE]), "PIPL art. 23, 25").for_purposes(SALE).checked(),
    Rule::new(
        RuleKind::SpecialCategory {
            other_grounds: false,
            expression: ConsentExpression::ExplicitlyExpressed,
        },
        "PIPL art. 28-30",
    )
    .checked(),
    Rule::new(RuleKind::SeparateConsentToTransfer, "PIPL art. 39").checked(),
    Rule::new(RuleKind::GuardianConsents { below: 14 }, "PIPL art. 28, 31").for_purposes(OPTIONAL).checked(),
    Rule::duty(ObligationCode::OptOutInMessage, "PIPL art. 15, 24; Advertising Law art. 43")
        .for_purposes(MARKETING),
    Rule::duty(ObligationCode::NonPersonalisedOption, "PIPL art. 24").for_purposes(MARKETING).checked(),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::China,
    reach: Reach::PeopleAndControllers(&[Place::of("CN")]),
    clock: "Asia/Shanghai",
    groups: &[RULES],
};
