//! Decisions with the facts at hand: what the evaluator takes.

use std::borrow::Cow;
use std::hint::black_box;

use criterion::Criterion;
use crm_core::privacy::permit::{
    AddressFacts, BasisFact, ConsentFact, ContactQuestion, ControllerFacts, Facts, RelationshipFact,
    ScreeningFact, SubjectFacts, may_contact,
};
use crm_core::privacy::regimes::zones::zones_of;
use crm_core::privacy::regimes::{Place, Register, RuleSet};
use crm_core::privacy::{
    ConsentExpression, ConsentStatus, ContactChannel, LegalBasis, PurposeClass, RelationshipEventKind,
};
use crm_core::{RecordId, Timestamp};

use crate::support::cpu::CpuTime;

const NOON: i64 = 1_788_955_200_000_000;

fn id(number: u8) -> RecordId {
    RecordId::from_bytes([number; 16])
}

/// A person with a consent, a purchase, a basis and a screened number, as most contacts of a campaign have them.
fn facts(place: Option<Place>, seat: &str) -> Facts<'static> {
    let since = Timestamp::from_micros(NOON).plus_days(-90);
    Facts {
        controller: ControllerFacts { seat: seat.parse().ok(), charity: false },
        address: AddressFacts {
            place,
            screenings: vec![ScreeningFact {
                id: id(4),
                register: Register::UsNational,
                fetched_at: Timestamp::from_micros(NOON).plus_days(-3),
                listed: false,
            }],
            ..AddressFacts::default()
        },
        subjects: vec![SubjectFacts {
            id: id(9),
            residence: place,
            zones: place.map_or_else(Vec::new, |place| {
                zones_of(place).iter().filter_map(|name| name.parse().ok()).collect()
            }),
            consents: vec![ConsentFact {
                id: id(1),
                purpose: Cow::Borrowed("newsletter"),
                channel: None,
                brand: None,
                status: ConsentStatus::Given,
                expression: ConsentExpression::Written,
                at: since,
                expires_at: None,
                notice: Some(id(8)),
                confirmed: Some(true),
                by_guardian: false,
            }],
            relationship: vec![RelationshipFact {
                id: id(2),
                kind: RelationshipEventKind::Purchase,
                at: since,
                brand: None,
                same_controller: true,
                own_similar_goods: Some(true),
                opt_out_offered: Some(true),
            }],
            bases: vec![BasisFact {
                id: id(3),
                purpose: Cow::Borrowed("direct_marketing"),
                basis: LegalBasis::LegitimateInterests,
                special_category: None,
                assessed: true,
                informed: true,
                objected: false,
                from: None,
                until: None,
            }],
            ..SubjectFacts::default()
        }],
    }
}

pub(crate) fn permits(criterion: &mut Criterion<CpuTime>) {
    let rules = RuleSet::all();
    let mut group = criterion.benchmark_group("permit, facts in memory, all regimes");
    for (name, place, seat, channel) in [
        ("e-mail to Germany", Some("DE"), "DE", ContactChannel::Email),
        ("e-mail to California, from Germany", Some("US-CA"), "DE", ContactChannel::Email),
        ("call to France", Some("FR"), "FR", ContactChannel::VoiceLive),
        ("text to Florida", Some("US-FL"), "US", ContactChannel::Sms),
        ("text to Quebec", Some("CA-QC"), "US", ContactChannel::Sms),
        ("e-mail to nobody knows where", None, "DE", ContactChannel::Email),
    ] {
        let facts = facts(place.and_then(|place| place.parse().ok()), seat);
        let purposes = ["newsletter", "direct_marketing"];
        let at = Timestamp::from_micros(NOON);
        let question = ContactQuestion::new(&purposes, PurposeClass::Marketing, channel, at);
        group.bench_function(name, |bencher| {
            bencher.iter(|| may_contact(&rules, black_box(&facts), black_box(&question), &[]));
        });
    }
    group.finish();
}
