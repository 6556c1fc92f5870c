//! The United Kingdom.

use super::eu::CONSENT;
use super::obligation::{Amount, Obligation, ObligationCode};
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Ground, Register, Rule, RuleKind, Trigger};
use super::sets::{
    BUSINESS, Bases, CALLS, ELECTRONIC_MAIL, Events, FAX, INDIVIDUALS, MARKETING, OPTIONAL, RECORDED, SPOKEN,
};
use crate::privacy::kinds::{ConsentExpression, LegalBasis, RelationshipEventKind};

/// The sale, or negotiations for one. The United Kingdom did not follow C-654/23: a basis is needed beside it.
const SOFT_OPT_IN: Ground = Ground::SoftOptIn {
    events: Events::of(&[
        RelationshipEventKind::Purchase,
        RelationshipEventKind::ContractStart,
        RelationshipEventKind::Quote,
        RelationshipEventKind::Inquiry,
    ]),
    charity: false,
    stands_alone: false,
};

/// Interest in, or support of, the purposes of a charity.
const CHARITY_SOFT_OPT_IN: Ground = Ground::SoftOptIn {
    events: Events::of(&[
        RelationshipEventKind::Donation,
        RelationshipEventKind::Volunteering,
        RelationshipEventKind::MembershipStart,
        RelationshipEventKind::Inquiry,
    ]),
    charity: true,
    stands_alone: false,
};

const fn screen(register: Register, source: &'static str) -> Rule {
    Rule::new(RuleKind::Screen { register, max_age_days: 28, lifted_by: &[CONSENT] }, source)
        .by(SPOKEN)
        .for_purposes(MARKETING)
        .checked()
}

const RULES: &[Rule] = &[
    Rule::new(
        RuleKind::Basis(Bases::of(&[
            LegalBasis::Consent,
            LegalBasis::Contract,
            LegalBasis::LegalObligation,
            LegalBasis::VitalInterests,
            LegalBasis::PublicTask,
            LegalBasis::LegitimateInterests,
            LegalBasis::RecognisedLegitimateInterests,
        ])),
        "UK GDPR Art. 6(1)",
    )
    .checked(),
    Rule::new(
        RuleKind::SpecialCategory { other_grounds: true, expression: ConsentExpression::ExplicitlyExpressed },
        "UK GDPR Art. 9",
    ),
    Rule::new(RuleKind::GuardianConsents { below: 13 }, "UK GDPR Art. 8; Data Protection Act 2018 s. 9")
        .for_purposes(OPTIONAL),
    Rule::new(RuleKind::Needs(&[CONSENT, SOFT_OPT_IN, Ground::SolicitedReply]), "PECR reg. 22(2), (3)")
        .by(ELECTRONIC_MAIL)
        .for_purposes(MARKETING)
        .to(INDIVIDUALS)
        .until(2026, 2, 5)
        .checked(),
    Rule::new(
        RuleKind::Needs(&[CONSENT, SOFT_OPT_IN, CHARITY_SOFT_OPT_IN, Ground::SolicitedReply]),
        "PECR reg. 22(2), (3), (3A); SI 2026/82",
    )
    .by(ELECTRONIC_MAIL)
    .for_purposes(MARKETING)
    .to(INDIVIDUALS)
    .from(2026, 2, 5)
    .checked(),
    Rule::new(
        RuleKind::Needs(&[Ground::NotRefused]),
        "PECR reg. 22(1), which protects individual subscribers",
    )
    .by(ELECTRONIC_MAIL)
    .for_purposes(MARKETING)
    .to(BUSINESS),
    Rule::new(RuleKind::Needs(&[CONSENT]), "PECR reg. 19").by(RECORDED).for_purposes(MARKETING),
    Rule::new(RuleKind::Needs(&[CONSENT]), "PECR reg. 20").by(FAX).for_purposes(MARKETING),
    Rule::new(RuleKind::Needs(&[Ground::NotRefused]), "PECR reg. 21(1)(a)")
        .by(SPOKEN)
        .for_purposes(MARKETING),
    screen(Register::UkTps, "PECR reg. 21(1)(b), (4), 26").to(INDIVIDUALS),
    screen(Register::UkCtps, "PECR reg. 21(1)(b), (4), 26").to(BUSINESS),
    Rule::duty(ObligationCode::OptOutInMessage, "PECR reg. 22(3)(c), 23")
        .by(ELECTRONIC_MAIL)
        .for_purposes(MARKETING),
    Rule::duty(ObligationCode::SenderIdentity, "PECR reg. 23, 24").for_purposes(MARKETING),
    Rule::duty(ObligationCode::CallerId, "PECR reg. 21(A1)").by(CALLS).for_purposes(MARKETING),
    Rule::duty_of(ObligationCode::HonourOptOut, Amount::Days(0), "UK GDPR Art. 7(3), 21(3)")
        .for_purposes(MARKETING),
    Rule::new(
        RuleKind::Oblige(Obligation::plain(ObligationCode::RecordingNotice), Trigger::RecordedCall),
        "UK GDPR Art. 13",
    )
    .by(CALLS),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::Uk,
    reach: Reach::PeopleAndControllers(&[Place::of("GB")]),
    clock: "Europe/London",
    groups: &[RULES],
};
