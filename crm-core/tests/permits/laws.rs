//! What holds for all decisions, whatever the facts.

use std::sync::LazyLock;

use crate::permit_support::{facts, question};
use crm_core::Timestamp;
use crm_core::privacy::PermitOutcome;
use crm_core::privacy::permit::{
    Asked, ContactQuestion, Decision, Facts, Inputs, ReasonCode, may_contact, may_process, replay,
};
use crm_core::privacy::regimes::{RegimeKey, RegimeSet, RuleSet};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::all);

/// Facts that are neither a refusal nor about a minor.
const FACTS: &[&str] = &[
    "seat DE",
    "seat US-FL",
    "number US-FL",
    "number FR",
    "device US-CA",
    "kind sole_trader",
    "kind representative",
    "charity",
    "consent newsletter given 2026-01-01 expression=written",
    "consent direct_marketing given 2026-01-01",
    "consent direct_marketing given 2026-05-01 expression=explicitly_expressed until=2026-09-10",
    "consent newsletter renewed 2026-06-01 channel=sms expression=written",
    "consent newsletter given 2026-02-01 brand=alpha",
    "consent newsletter given 2026-02-01 no_notice",
    "consent newsletter requested 2026-02-01",
    "consent customer_order_management given 2026-02-01",
    "consent sell_data_to_third_parties given 2026-02-01 expression=explicitly_expressed",
    "event purchase 2026-01-01 offered similar",
    "event purchase 2025-03-09 offered",
    "event inquiry 2026-07-01",
    "event contract_start 2020-01-01",
    "event contract_end 2025-01-01",
    "event published_address 2020-01-01",
    "basis direct_marketing legitimate_interests assessed informed",
    "basis direct_marketing legitimate_interests informed",
    "basis ai_training legitimate_interests assessed informed until=2026-09-20",
    "basis customer_care contract special=health_care",
    "screened us_national 2026-09-01 clear",
    "screened uk_tps 2026-09-01 clear",
    "screened canada_dncl 2026-09-01 clear",
    "screened australia_dncr 2026-09-01 clear",
    "screened italy_rpo 2026-09-01 clear",
    "contacted 2026-09-08T12:00:00Z",
    "contacted 2026-09-08T18:00:00Z",
];

/// Facts that refuse something, or make a rule stricter.
const REFUSALS: &[&str] = &[
    "deceased",
    "erased",
    "restricted 2026-02-01",
    "objection direct_marketing upheld",
    "objection direct_marketing pending channel=sms",
    "objection analytics overridden",
    "consent newsletter withdrawn 2026-03-01",
    "consent direct_marketing withdrawn 2026-07-01 channel=email",
    "consent newsletter refused 2026-01-01",
    "consent newsletter terminated 2026-08-01",
    "consent sell_data_to_third_parties invalidated 2026-08-01",
    "suppressed global unsubscribe 2026-01-01",
    "suppressed global bounce 2026-01-01",
    "suppressed purpose=direct_marketing unsubscribe 2026-01-01 channel=sms",
    "suppressed brand=alpha complaint 2026-01-01",
    "suppressed topic=weekly withdrawal 2026-01-01",
    "suppressed global internal_do_not_call 2026-01-01 until=2026-02-01",
    "suppressed global unsubscribe 2026-09-09T15:00:00Z",
    "screened us_national 2026-09-05 listed",
    "screened uk_tps 2026-09-01 listed",
    "signal gpc 2026-01-01",
    "signal sale_opt_out 2026-03-01",
    "signal limit_sensitive 2026-03-01",
    "cap 1/24",
    "cap 0/1",
    "band under_13",
    "band from_13_to_15",
    "contacted 2026-09-09T09:00:00Z",
    "contacted 2026-09-09T09:30:00Z",
];

const PLACES: &[&str] = &[
    "DE", "FR", "ES", "IT", "NL", "PL", "GB", "US", "US-NY", "US-FL", "US-VA", "US-CA", "US-CO", "CA-ON",
    "CA-QC", "BR", "CN", "AU-NSW", "JP",
];

const QUESTIONS: &[&str] = &[
    "email marketing",
    "email marketing brand=alpha topic=weekly own_similar_goods",
    "email marketing postal_address relevant_to_role",
    "sms marketing",
    "voice_live marketing",
    "voice_live marketing running_contract artificial_voice",
    "voice_prerecorded marketing",
    "fax marketing",
    "postal marketing",
    "push profiling",
    "email transactional",
    "email transactional commercial",
    "sms transactional",
    "email legal",
    "sms security",
    "email sale_share asks_for_consent",
    "process marketing",
    "process profiling special",
    "process sale_share",
    "process service special transfer",
    "process ai_training",
    "process analytics",
];

/// The lines of one person, who lives somewhere or nowhere that is known.
fn person() -> impl Strategy<Value = Vec<String>> {
    (subsequence(FACTS, 0..9), subsequence(REFUSALS, 0..2), proptest::option::weighted(0.9, select(PLACES)))
        .prop_map(|(facts, refusals, place)| {
            let lives = place.map(|place| format!("lives {place}"));
            let lines = facts.into_iter().chain(refusals).map(str::to_owned);
            lives.into_iter().chain(lines).collect()
        })
}

/// One or two people, and a question in the hours and days around a change of the law.
fn lines() -> impl Strategy<Value = Vec<String>> {
    (person(), proptest::option::of(person())).prop_map(|(mut lines, other)| {
        // Everybody has an own identifier, also who comes first.
        lines.insert(0, "person".to_owned());
        if let Some(other) = other {
            lines.push("person".to_owned());
            lines.extend(other);
        }
        lines
    })
}

fn asked() -> impl Strategy<Value = Asked<'static>> {
    let days = select(&["2026-02-04", "2026-08-10", "2026-08-11", "2026-09-09", "2027-01-31"][..]);
    (select(QUESTIONS), days, 0..86_400_i64).prop_map(|(line, day, second)| {
        let time = crate::permit_support::time(day).plus_seconds(second);
        let (channel, rest) = line.split_once(' ').unwrap();
        let (class, more) = rest.split_once(' ').unwrap_or((rest, ""));
        question(&format!("{channel} {class} {time} {more}"))
    })
}

fn decide(rules: &RuleSet, facts: &Facts<'_>, asked: &Asked<'_>) -> Decision {
    match asked {
        Asked::Contact(question) => may_contact(rules, facts, question, &[]),
        Asked::Process(question) => may_process(rules, facts, question),
    }
}

/// The canonical bytes, as text.
fn text(decision: &Decision) -> String {
    String::from_utf8(decision.canonical_bytes()).unwrap()
}

fn at(asked: &Asked<'static>, time: Timestamp) -> Asked<'static> {
    let mut asked = asked.clone();
    match &mut asked {
        Asked::Contact(question) => question.at = time,
        Asked::Process(question) => question.at = time,
    }
    asked
}

/// That one decision is no laxer than another.
fn is_no_laxer(stricter: &Decision, other: &Decision) -> Result<(), TestCaseError> {
    prop_assert!(
        stricter.outcome >= other.outcome,
        "{:?} became {:?}:\n{:#?}",
        other.outcome,
        stricter.outcome,
        stricter.explain().reasons
    );
    if stricter.outcome == PermitOutcome::Defer {
        prop_assert!(stricter.not_before >= other.not_before);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(600) })]

    /// Adding a refusal never turns a refusal into a permit, nor anything into something laxer.
    #[test]
    fn a_refusal_makes_nothing_laxer(lines in lines(), refusal in select(REFUSALS), asked in asked()) {
        // A second age would replace the first instead of adding to it.
        prop_assume!(!refusal.starts_with("band") || !lines.iter().any(|line| line.starts_with("band")));
        let rules = &*RULES;
        let before = decide(rules, &facts(&lines), &asked);
        let with = [&lines[..], &[refusal.to_owned()]].concat();
        is_no_laxer(&decide(rules, &facts(&with), &asked), &before)?;
    }

    /// After a withdrawal that no grant follows, nothing that can be refused is permitted.
    #[test]
    fn a_withdrawal_wins(lines in lines(), asked in asked()) {
        let classes = ["marketing", "profiling", "sale_share", "ai_training"];
        let (class, purposes, time) = match &asked {
            Asked::Contact(question) => (question.class, &question.purposes, question.at),
            Asked::Process(question) => (question.class, &question.purposes, question.at),
        };
        prop_assume!(classes.contains(&class.key()));
        // At the very time of the latest grant: also then it wins.
        let line = format!("consent {} withdrawn 2026-06-01", purposes[0]);
        prop_assume!(time >= crate::permit_support::time("2026-06-01"));
        let lines = [&lines[..], &[line]].concat();
        let decision = decide(&RULES, &facts(&lines), &asked);
        prop_assert_eq!(decision.outcome, PermitOutcome::Refused);
        prop_assert!(decision.has(ReasonCode::ConsentWithdrawn) || decision.has(ReasonCode::ConsentRefused));
    }

    /// Nobody who shares an address makes it laxer for the others.
    #[test]
    fn more_people_make_nothing_laxer(
        lines in lines(),
        other in person(),
        asked in asked(),
        first_of_all: bool,
    ) {
        let rules = &*RULES;
        let first = facts(&lines);
        let mut with = first.clone();
        let mut others = facts(&[&lines[..], &["person".to_owned()], &other[..]].concat()).subjects;
        let place = if first_of_all { 0 } else { with.subjects.len() };
        with.subjects.insert(place, others.pop().unwrap());
        is_no_laxer(&decide(rules, &with, &asked), &decide(rules, &first, &asked))?;
    }

    /// Enabling a regime makes nothing laxer, unless it is the first one that knows the law of somebody's place: until
    /// then the strictest rules of all others stand in for it.
    #[test]
    fn enabling_a_regime_makes_nothing_laxer(
        lines in lines(),
        asked in asked(),
        enabled in subsequence(RegimeKey::ALL, 0..12),
        more in select(RegimeKey::ALL),
    ) {
        let fewer = RegimeSet::of(&enabled);
        let facts = facts(&lines);
        let before = decide(&RuleSet::of(fewer), &facts, &asked);
        let after = decide(&RuleSet::of(fewer.with(more)), &facts, &asked);
        let stand_ins = |decision: &Decision| {
            decision.reasons.iter().filter(|reason| reason.code == ReasonCode::JurisdictionNotCovered).count()
        };
        prop_assume!(stand_ins(&before) == stand_ins(&after));
        is_no_laxer(&after, &before)?;
    }

    /// The order in which the facts come changes no byte.
    #[test]
    fn the_order_of_facts_does_not_matter(lines in lines(), asked in asked(), turn in 0..7_usize) {
        let rules = &*RULES;
        let facts = facts(&lines);
        let mut turned = facts.clone();
        turn_lists(&mut turned, turn);
        let (left, right) = (decide(rules, &facts, &asked), decide(rules, &turned, &asked));
        prop_assert_eq!(text(&left), text(&right));
        let hash = |facts| Inputs::new(rules, asked.clone(), facts).hash();
        prop_assert_eq!(hash(facts), hash(turned));
    }

    /// The decision is made again byte for byte, from the bytes of its inputs; by other rules it is not made at all.
    #[test]
    fn a_replay_gives_the_same_bytes(lines in lines(), asked in asked()) {
        let rules = &*RULES;
        let facts = facts(&lines);
        let inputs = Inputs::new(rules, asked.clone(), facts.clone());
        let bytes = inputs.canonical_bytes();
        let decision = decide(rules, &facts, &asked);
        let again = replay(rules, &bytes, &[]).unwrap();
        prop_assert_eq!(text(&again), text(&decision));
        let others = RuleSet::of(rules.enabled().without(RegimeKey::Brazil));
        let error = replay(&others, &bytes, &[]).unwrap_err();
        prop_assert_eq!(error.code(), "permit.rule_set");
    }

    /// A rule of the host refuses, and leaves the rest of the chain as it is.
    #[test]
    fn a_rule_of_the_host_refuses(lines in lines(), asked in asked()) {
        let Asked::Contact(question) = &asked else { return Ok(()) };
        let (rules, facts) = (&*RULES, facts(&lines));
        let silent = |_: &Facts<'_>, _: &ContactQuestion<'_>| None;
        let never = |_: &Facts<'_>, _: &ContactQuestion<'_>| Some("The campaign is over.".to_owned());
        let plain = may_contact(rules, &facts, question, &[]);
        prop_assert_eq!(&may_contact(rules, &facts, question, &[&silent]), &plain);
        let refused = may_contact(rules, &facts, question, &[&silent, &never]);
        prop_assert_eq!(refused.outcome, PermitOutcome::Refused);
        prop_assert_eq!(refused.reasons.len(), plain.reasons.len() + 1);
    }

    /// A contact that is put off is not put off again at the time that was named, as long as the facts are the same.
    #[test]
    fn what_is_put_off_comes_due(lines in lines(), asked in asked()) {
        let (rules, facts) = (&*RULES, facts(&lines));
        let decision = decide(rules, &facts, &asked);
        let Some(time) = decision.not_before else { return Ok(()) };
        prop_assert!(time > decision.at);
        let later = decide(rules, &facts, &at(&asked, time));
        prop_assert_ne!(later.outcome, PermitOutcome::Defer, "{:#?}", later.explain().reasons);
    }

    /// A permit holds until it expires, as long as the facts are the same.
    #[test]
    fn a_permit_holds_until_it_expires(lines in lines(), asked in asked(), share in 0.0..1.0_f64) {
        let (rules, facts) = (&*RULES, facts(&lines));
        let decision = decide(rules, &facts, &asked);
        prop_assume!(decision.is_permitted());
        let expires = decision.expires.unwrap_or(decision.at.plus_days(3_650));
        prop_assert!(expires > decision.at);
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any moment will do")]
        let within = ((expires.micros() - decision.at.micros() - 1) as f64 * share) as i64;
        for micros in [within, expires.micros() - decision.at.micros() - 1] {
            let time = Timestamp::from_micros(decision.at.micros() + micros);
            let later = decide(rules, &facts, &at(&asked, time));
            prop_assert!(later.is_permitted(), "{time} before {expires}: {:#?}", later.explain().reasons);
        }
    }
}

/// Turns every list of the facts by some places.
fn turn_lists(facts: &mut Facts<'_>, turn: usize) {
    fn turned<T>(list: &mut [T], turn: usize) {
        if !list.is_empty() {
            let count = list.len();
            list.rotate_left(turn % count);
            // Two in a row must get into the other order by some turns, too.
            if turn.is_multiple_of(3) {
                list.reverse();
            }
        }
    }
    for subject in &mut facts.subjects {
        turned(&mut subject.zones, turn);
        turned(&mut subject.objections, turn);
        turned(&mut subject.consents, turn);
        turned(&mut subject.relationship, turn);
        turned(&mut subject.bases, turn);
        turned(&mut subject.signals, turn);
    }
    turned(&mut facts.subjects, turn);
    turned(&mut facts.address.zones, turn);
    turned(&mut facts.address.suppressions, turn);
    turned(&mut facts.address.screenings, turn);
    turned(&mut facts.address.contacted, turn);
    turned(&mut facts.address.caps, turn);
    turned(&mut facts.address.consents, turn);
}
