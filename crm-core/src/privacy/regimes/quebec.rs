//! Quebec: the Act respecting the protection of personal information in the private sector (P-39.1, Law 25).

use super::obligation::ObligationCode;
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Rule, RuleKind};
use super::sets::{Bases, MARKETING, OPTIONAL};
use crate::privacy::kinds::{ConsentExpression, LegalBasis};

const RULES: &[Rule] = &[
    // There is no legitimate interest. Functions that locate or profile are off until somebody turns them on (s. 8.1),
    // so a profile needs consent like advertising.
    Rule::new(
        RuleKind::Basis(Bases::of(&[
            LegalBasis::Consent,
            LegalBasis::Contract,
            LegalBasis::LegalObligation,
            LegalBasis::VitalInterests,
            LegalBasis::Research,
        ])),
        "CQLR c. P-39.1 ss. 8.1, 9.1, 12, 14, 18, 21",
    )
    .checked(),
    Rule::new(RuleKind::GuardianConsents { below: 14 }, "CQLR c. P-39.1 ss. 4.1, 14")
        .for_purposes(OPTIONAL)
        .checked(),
    Rule::new(
        RuleKind::SpecialCategory {
            other_grounds: false,
            expression: ConsentExpression::ExplicitlyExpressed,
        },
        "CQLR c. P-39.1 ss. 12, 13",
    ),
    Rule::duty(ObligationCode::SenderIdentity, "CQLR c. P-39.1 s. 22").for_purposes(MARKETING).checked(),
    Rule::duty(ObligationCode::OptOutInMessage, "CQLR c. P-39.1 s. 22").for_purposes(MARKETING).checked(),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::Quebec,
    reach: Reach::PeopleAndControllers(&[Place::of("CA-QC")]),
    clock: "America/Toronto",
    groups: &[RULES],
};
