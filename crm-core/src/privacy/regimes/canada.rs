//! Canada: the anti-spam legislation (CASL) and the Unsolicited Telecommunications Rules of the CRTC.
//!
//! A message that asks for consent is itself a commercial electronic message, so it needs a ground like any other.

use super::hours::{HourTable, at, from_to};
use super::obligation::{Amount, ObligationCode};
use super::place::Place;
use super::regime::{Reach, Regime, RegimeKey};
use super::rule::{Ground, Register, Rule, RuleKind};
use super::sets::{CALLS, Channels, ELECTRONIC_MAIL, Events, INDIVIDUALS, MARKETING, RECORDED, SPOKEN};
use crate::privacy::kinds::{ConsentExpression, ContactChannel, RelationshipEventKind};

/// Messages to an electronic address; a notification of an app goes to none.
const MESSAGES: Channels = ELECTRONIC_MAIL.without(ContactChannel::Push);

/// Express consent, which does not expire. The request for it says who asks and what for (CASL 10(1)).
const EXPRESS: Ground = Ground::Consent { expression: ConsentExpression::Expressed, informed: true };

const fn relationship(event: RelationshipEventKind, months: u32) -> Ground {
    Ground::Relationship { events: Events::of(&[event]), months }
}

const BUYING: Events = Events::of(&[RelationshipEventKind::Purchase, RelationshipEventKind::ContractStart]);
const ASKING: Events = Events::of(&[RelationshipEventKind::Inquiry, RelationshipEventKind::Quote]);

static HOURS: HourTable =
    HourTable::weekly(&[(at(9, 0), at(21, 30))], &[from_to(10, 18)], &[from_to(10, 18)]);

const MESSAGE_RULES: &[Rule] = &[
    Rule::new(
        RuleKind::Needs(&[
            EXPRESS,
            relationship(RelationshipEventKind::Purchase, 24),
            Ground::Ongoing {
                start: Events::of(&[RelationshipEventKind::ContractStart]),
                end: Events::of(&[RelationshipEventKind::ContractEnd]),
                months: 24,
            },
            Ground::Relationship { events: ASKING, months: 6 },
            relationship(RelationshipEventKind::Donation, 24),
            relationship(RelationshipEventKind::Volunteering, 24),
            Ground::Ongoing {
                start: Events::of(&[RelationshipEventKind::MembershipStart]),
                end: Events::of(&[RelationshipEventKind::MembershipEnd]),
                months: 24,
            },
            Ground::PublishedAddress,
            Ground::SolicitedReply,
        ]),
        "SC 2010 c. 23 ss. 1(3), 6, 10(1), (9)-(14); SOR/2013-221 s. 3(b)",
    )
    .by(MESSAGES)
    .for_purposes(MARKETING)
    .checked(),
    Rule::duty(ObligationCode::SenderIdentity, "SC 2010 c. 23 s. 6(2)(a)")
        .by(MESSAGES)
        .for_purposes(MARKETING),
    Rule::duty(ObligationCode::PostalAddress, "SC 2010 c. 23 s. 6(2)(b); SOR/2012-36 s. 2(1)(d)")
        .by(MESSAGES)
        .for_purposes(MARKETING),
    Rule::duty(ObligationCode::OptOutInMessage, "SC 2010 c. 23 ss. 6(2)(c), 11(1)")
        .by(MESSAGES)
        .for_purposes(MARKETING),
    Rule::duty_of(ObligationCode::HonourOptOut, Amount::BusinessDays(10), "SC 2010 c. 23 s. 11(3)")
        .by(MESSAGES)
        .for_purposes(MARKETING),
    Rule::duty_of(ObligationCode::KeepOptOutAlive, Amount::Days(60), "SC 2010 c. 23 s. 11(2)")
        .by(MESSAGES)
        .for_purposes(MARKETING),
];

const CALL_RULES: &[Rule] = &[
    Rule::new(
        RuleKind::Needs(&[Ground::NotRefused]),
        "CRTC Unsolicited Telecommunications Rules, Part III s. 8",
    )
    .by(SPOKEN)
    .for_purposes(MARKETING),
    Rule::new(RuleKind::Needs(&[EXPRESS]), "CRTC Unsolicited Telecommunications Rules, Part IV s. 4")
        .by(RECORDED)
        .for_purposes(MARKETING),
    Rule::new(
        RuleKind::Screen {
            register: Register::CanadaDncl,
            max_age_days: 31,
            lifted_by: &[
                EXPRESS,
                Ground::Relationship { events: BUYING, months: 18 },
                Ground::Relationship { events: ASKING, months: 6 },
            ],
        },
        "CRTC Unsolicited Telecommunications Rules, Part II ss. 4, 7, 11; Telecommunications Act s. 41.7",
    )
    .by(CALLS)
    .for_purposes(MARKETING)
    .to(INDIVIDUALS),
    Rule::new(
        RuleKind::Hours(&HOURS),
        "CRTC Unsolicited Telecommunications Rules, Part III s. 23; Part IV s. 4",
    )
    .by(CALLS)
    .for_purposes(MARKETING),
    Rule::new(
        RuleKind::RefusalBinds { years: Some(3) },
        "CRTC Unsolicited Telecommunications Rules, Part III s. 12",
    )
    .by(CALLS)
    .for_purposes(MARKETING),
    Rule::duty(ObligationCode::SenderIdentity, "CRTC Unsolicited Telecommunications Rules, Part III s. 16")
        .by(CALLS)
        .for_purposes(MARKETING),
    Rule::duty(ObligationCode::CallerId, "CRTC Unsolicited Telecommunications Rules, Part III s. 24")
        .by(CALLS)
        .for_purposes(MARKETING),
    Rule::duty_of(
        ObligationCode::HonourDoNotCall,
        Amount::Days(14),
        "CRTC Unsolicited Telecommunications Rules, Part III s. 11",
    )
    .by(CALLS)
    .for_purposes(MARKETING),
    Rule::duty_of(
        ObligationCode::KeepDoNotCall,
        Amount::Years(3),
        "CRTC Unsolicited Telecommunications Rules, Part III s. 12",
    )
    .by(CALLS)
    .for_purposes(MARKETING),
];

/// The regime.
pub(super) static REGIME: Regime = Regime {
    key: RegimeKey::Canada,
    reach: Reach::PeopleAndControllers(&[Place::of("CA")]),
    clock: "America/Toronto",
    groups: &[MESSAGE_RULES, CALL_RULES],
};
