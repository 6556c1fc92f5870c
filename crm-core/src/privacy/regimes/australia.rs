//! Australia: the Spam Act 2003, the Do Not Call Register Act 2006 and the Telemarketing Standard of 2017.

use super::holidays;
use super::hours::{HourTable, from_to};
use super::obligation::{Amount, ObligationCode};
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Ground, Register, Rule, RuleKind};
use super::sets::{CALLS, Channels, ELECTRONIC_MAIL, INDIVIDUALS, MARKETING};
use crate::privacy::kinds::{ConsentExpression, ContactChannel};

/// "Commercial electronic messages"; a notification of an app goes to no electronic address.
const MESSAGES: Channels = ELECTRONIC_MAIL.without(ContactChannel::Push);

/// Express or inferred consent.
const INFERRED: Ground = Ground::Consent { expression: ConsentExpression::Implied, informed: false };

static HOURS: HourTable =
    HourTable::weekly(&[from_to(9, 20)], &[from_to(9, 17)], &[]).closed_on(holidays::AUSTRALIA);

const RULES: &[Rule] = &[
    Rule::new(RuleKind::Needs(&[INFERRED, Ground::PublishedAddress]), "Spam Act 2003 s. 16, sch. 2 cl. 2, 4")
        .by(MESSAGES)
        .for_purposes(MARKETING),
    Rule::duty(ObligationCode::SenderIdentity, "Spam Act 2003 s. 17").by(MESSAGES).for_purposes(MARKETING),
    Rule::duty(ObligationCode::OptOutInMessage, "Spam Act 2003 s. 18").by(MESSAGES).for_purposes(MARKETING),
    Rule::duty_of(ObligationCode::HonourOptOut, Amount::BusinessDays(5), "Spam Act 2003 sch. 2 cl. 6")
        .by(MESSAGES)
        .for_purposes(MARKETING),
    Rule::duty_of(ObligationCode::KeepOptOutAlive, Amount::Days(30), "Spam Act 2003 s. 18(1)(e)")
        .by(MESSAGES)
        .for_purposes(MARKETING),
    Rule::new(RuleKind::Needs(&[Ground::NotRefused]), "Do Not Call Register Act 2006 s. 11")
        .by(CALLS)
        .for_purposes(MARKETING),
    Rule::new(
        RuleKind::Screen { register: Register::AustraliaDncr, max_age_days: 30, lifted_by: &[INFERRED] },
        "Do Not Call Register Act 2006 ss. 11, 19, sch. 2",
    )
    .by(CALLS)
    .for_purposes(MARKETING)
    .to(INDIVIDUALS),
    Rule::new(RuleKind::Hours(&HOURS), "Telemarketing and Research Calls Industry Standard 2017 s. 8")
        .by(CALLS)
        .for_purposes(MARKETING),
    Rule::duty(
        ObligationCode::SenderIdentity,
        "Telemarketing and Research Calls Industry Standard 2017 s. 9",
    )
    .by(CALLS)
    .for_purposes(MARKETING),
    Rule::duty(ObligationCode::CallerId, "Telemarketing and Research Calls Industry Standard 2017 s. 14")
        .by(CALLS)
        .for_purposes(MARKETING),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::Australia,
    reach: Reach::PeopleAndControllers(&[Place::of("AU")]),
    clock: "Australia/Sydney",
    groups: &[RULES],
};
