//! The United States, federal: CAN-SPAM for e-mail, TCPA for calls, texts and faxes, COPPA for children.

use super::hours::{HourTable, from_to};
use super::obligation::{Amount, Obligation, ObligationCode};
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Ground, Register, Rule, RuleKind, Trigger};
use super::sets::{
    CALLS, CALLS_AND_TEXTS, Channels, Classes, EMAIL, Events, FAX, INDIVIDUALS, MARKETING, OPTIONAL, TEXTS,
};
use crate::ground::text::fold;
use crate::privacy::kinds::{ConsentExpression, ContactChannel, PurposeClass, RelationshipEventKind};

/// The country and its territories with a code of their own.
pub(super) const STATES: &[Place] =
    &[Place::of("US"), Place::of("PR"), Place::of("VI"), Place::of("GU"), Place::of("AS"), Place::of("MP")];

/// Calls that a system dials or speaks, and texts.
const ROBOCALLS: Channels =
    TEXTS.with(ContactChannel::VoiceAutodialed).with(ContactChannel::VoicePrerecorded);
/// Live calls.
const LIVE: Channels = Channels::of(&[ContactChannel::VoiceLive]);
/// What is no advertising and no emergency.
const INFORMATIONAL: Classes = Classes::of(&[
    PurposeClass::Service,
    PurposeClass::Transactional,
    PurposeClass::Analytics,
    PurposeClass::Profiling,
]);
/// What a revocation reaches: all but emergencies and what a law demands.
const REVOCABLE: Classes = Classes::ALL.without(PurposeClass::Security).without(PurposeClass::Legal);

/// Prior express written consent. The signed agreement names the telemarketer and the number.
const WRITTEN: Ground = Ground::Consent { expression: ConsentExpression::Written, informed: true };
/// Prior express consent.
const EXPRESS: Ground = Ground::Consent { expression: ConsentExpression::Expressed, informed: false };
/// The established business relationship by purchase or transaction.
const AFTER_PURCHASE: Ground = Ground::Relationship {
    events: Events::of(&[
        RelationshipEventKind::Purchase,
        RelationshipEventKind::ContractStart,
        RelationshipEventKind::MembershipStart,
    ]),
    months: 18,
};
/// The established business relationship by inquiry or application.
const AFTER_INQUIRY: Ground = Ground::Relationship {
    events: Events::of(&[RelationshipEventKind::Inquiry, RelationshipEventKind::Quote]),
    months: 3,
};

static HOURS: HourTable = HourTable::daily(&[from_to(8, 21)]);

/// The words that by themselves revoke consent when they come as a reply: 47 CFR 64.1200(a)(10).
const REVOCATION_WORDS: [&str; 7] = ["stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe"];

/// Whether the reply to a text revokes consent by one of the words that always do (47 CFR 64.1200(a)(10)). Any other
/// reasonable way of saying so counts, too, but takes a person to judge.
///
/// ```
/// use crm_core::privacy::regimes::is_revocation;
/// assert!(is_revocation(" STOP! ") && is_revocation("opt-out"));
/// assert!(!is_revocation("When does it end?"));
/// ```
pub fn is_revocation(reply: &str) -> bool {
    let folded = fold(reply);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let said = words.join(" ");
    REVOCATION_WORDS.contains(&said.as_str()) || said == "optout"
}

const EMAIL_RULES: &[Rule] = &[
    Rule::new(RuleKind::Needs(&[Ground::NotRefused]), "15 USC 7704(a)(4)")
        .by(EMAIL)
        .for_purposes(MARKETING)
        .checked(),
    Rule::new(RuleKind::RefusalBinds { years: None }, "15 USC 7704(a)(4)")
        .by(EMAIL)
        .for_purposes(MARKETING)
        .checked(),
    Rule::duty(ObligationCode::SenderIdentity, "15 USC 7704(a)(1), (2)").by(EMAIL).for_purposes(MARKETING),
    Rule::duty(ObligationCode::AdvertisingLabel, "15 USC 7704(a)(5)(A)(i)").by(EMAIL).for_purposes(MARKETING),
    Rule::duty(ObligationCode::PostalAddress, "15 USC 7704(a)(5)(A)(iii)").by(EMAIL).for_purposes(MARKETING),
    Rule::duty(ObligationCode::OptOutInMessage, "15 USC 7704(a)(3), (5)(A)(ii); 16 CFR 316.5")
        .by(EMAIL)
        .for_purposes(MARKETING),
    Rule::duty_of(ObligationCode::KeepOptOutAlive, Amount::Days(30), "15 USC 7704(a)(3)(A)(ii)")
        .by(EMAIL)
        .for_purposes(MARKETING)
        .checked(),
    Rule::duty_of(ObligationCode::HonourOptOut, Amount::BusinessDays(10), "15 USC 7704(a)(4)(A)(i)")
        .by(EMAIL)
        .for_purposes(MARKETING)
        .checked(),
    Rule::new(RuleKind::GuardianConsents { below: 13 }, "15 USC 6502(b); 16 CFR 312.5(a)")
        .for_purposes(OPTIONAL),
];

const CALL_RULES: &[Rule] = &[
    Rule::new(RuleKind::Needs(&[WRITTEN]), "47 CFR 64.1200(a)(2), (f)(9)")
        .by(ROBOCALLS)
        .for_purposes(MARKETING)
        .checked(),
    Rule::new(RuleKind::Needs(&[EXPRESS]), "47 CFR 64.1200(a)(1)").by(ROBOCALLS).for_purposes(INFORMATIONAL),
    Rule::new(RuleKind::Needs(&[Ground::NotRefused]), "47 CFR 64.1200(c), (d)")
        .by(LIVE)
        .for_purposes(MARKETING),
    Rule::new(RuleKind::Needs(&[EXPRESS]), "47 CFR 64.1200(a)(4)").by(FAX).for_purposes(MARKETING),
    Rule::new(
        RuleKind::Screen {
            register: Register::UsNational,
            max_age_days: 31,
            lifted_by: &[WRITTEN, AFTER_PURCHASE, AFTER_INQUIRY],
        },
        "47 CFR 64.1200(c)(2), (f)(5)",
    )
    .by(CALLS_AND_TEXTS)
    .for_purposes(MARKETING)
    .to(INDIVIDUALS)
    .checked(),
    // Whether consent lifts the hours is an open petition before the FCC (2025); they hold for everybody.
    Rule::new(RuleKind::Hours(&HOURS), "47 CFR 64.1200(c)(1)")
        .by(CALLS_AND_TEXTS)
        .for_purposes(MARKETING)
        .to(INDIVIDUALS)
        .checked(),
    // Waived until this day by DA 26-12.
    Rule::new(RuleKind::RefusalReachesAll, "47 CFR 64.1200(a)(10); DA 26-12")
        .by(ROBOCALLS)
        .for_purposes(REVOCABLE)
        .from(2027, 1, 31)
        .checked(),
    Rule::new(RuleKind::RefusalBinds { years: Some(5) }, "47 CFR 64.1200(d)(6)")
        .by(CALLS_AND_TEXTS)
        .for_purposes(MARKETING)
        .checked(),
    Rule::duty(ObligationCode::SenderIdentity, "47 CFR 64.1200(b)(1), (d)(4)")
        .by(CALLS_AND_TEXTS)
        .for_purposes(MARKETING),
    Rule::duty(ObligationCode::CallerId, "47 CFR 64.1601(e)").by(CALLS).for_purposes(MARKETING),
    Rule::new(
        RuleKind::Oblige(Obligation::plain(ObligationCode::ArtificialVoiceNotice), Trigger::ArtificialVoice),
        "47 CFR 64.1200(b); FCC 24-17",
    )
    .by(CALLS),
    Rule::duty_of(ObligationCode::HonourOptOut, Amount::BusinessDays(10), "47 CFR 64.1200(a)(10)")
        .by(ROBOCALLS)
        .checked(),
    Rule::duty_of(ObligationCode::ConfirmRevocation, Amount::Minutes(5), "47 CFR 64.1200(a)(12)")
        .by(TEXTS)
        .checked(),
    Rule::duty_of(ObligationCode::HonourDoNotCall, Amount::BusinessDays(10), "47 CFR 64.1200(d)(3)")
        .by(CALLS_AND_TEXTS)
        .for_purposes(MARKETING)
        .checked(),
    Rule::duty_of(ObligationCode::KeepDoNotCall, Amount::Years(5), "47 CFR 64.1200(d)(6)")
        .by(CALLS_AND_TEXTS)
        .for_purposes(MARKETING)
        .checked(),
    Rule::duty_of(ObligationCode::KeepProof, Amount::Years(5), "28 USC 1658(a); 16 CFR 310.5")
        .by(ROBOCALLS)
        .for_purposes(MARKETING),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::Us,
    reach: Reach::PeopleAndControllers(STATES),
    clock: "America/New_York",
    groups: &[EMAIL_RULES, CALL_RULES],
};
