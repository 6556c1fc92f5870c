//! What the decision tables do not show: the closed lists, the words, the bytes.

use std::collections::BTreeSet;

use super::question::ContentFacts;
use super::*;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ContactChannel, PermitOutcome, PurposeClass, SuppressionReason};
use crate::privacy::regimes::{ObligationCode, RuleSet};

fn noon() -> Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

fn ask(class: PurposeClass) -> ContactQuestion<'static> {
    ContactQuestion::new(&["newsletter", "direct_marketing"], class, ContactChannel::Email, noon())
}

fn living_in(place: &str) -> Facts<'static> {
    let subject = SubjectFacts { residence: place.parse().ok(), ..SubjectFacts::default() };
    Facts { subjects: vec![subject], ..Facts::default() }
}

#[test]
fn codes_and_words_are_distinct() {
    let codes: BTreeSet<&str> = ReasonCode::ALL.iter().map(|code| code.key()).collect();
    let words: BTreeSet<&str> = ReasonCode::ALL.iter().map(|code| code.text()).collect();
    assert_eq!((codes.len(), words.len()), (ReasonCode::ALL.len(), ReasonCode::ALL.len()));
    let duties: BTreeSet<&str> = ObligationCode::ALL.iter().map(|code| code.key()).collect();
    assert_eq!(duties.len(), ObligationCode::ALL.len());
    assert!(words.iter().all(|words| words.ends_with('.')));
}

/// An advertising opt-out stops advertising, profiles, sale and training, and nothing else.
#[test]
fn opt_outs_stop_what_is_optional() {
    for class in PurposeClass::ALL {
        let optional = matches!(
            class,
            PurposeClass::Marketing
                | PurposeClass::Profiling
                | PurposeClass::SaleShare
                | PurposeClass::AiTraining
        );
        assert_eq!(classes::gates(*class).stopped_by_opt_outs, optional, "{class}");
        let unnamed = classes::stops(SuppressionReason::Unsubscribe, *class);
        assert_eq!(unnamed, optional, "{class}");
    }
}

#[test]
fn content_that_has_everything_leaves_only_what_comes_later() {
    let content = ContentFacts {
        advertising_label: Some(true),
        postal_address: Some(true),
        opt_out: Some(true),
        one_click: Some(true),
        sender_identified: Some(true),
        ..ContentFacts::default()
    };
    let question = ContactQuestion { content, ..ask(PurposeClass::Marketing) };
    let decision = may_contact(&RuleSet::all(), &living_in("US-NY"), &question, &[]);
    let duties: Vec<&str> = decision.obligations.iter().map(|duty| duty.code.key()).collect();
    assert_eq!(duties, ["honour_opt_out", "honour_one_click", "keep_opt_out_alive"]);
    assert_eq!(decision.outcome, PermitOutcome::PermitWithObligations);
}

/// The bytes are kept as evidence: whoever changes them changes what a replay is compared with.
#[test]
fn the_bytes_of_a_decision() {
    let decision = may_contact(&RuleSet::all(), &living_in("US-NY"), &ask(PurposeClass::Transactional), &[]);
    let expected = format!(
        concat!(
            r#"{{"outcome":"permit","at":"2026-03-02T12:00:00Z","not_before":null,"expires":null,"reasons":["#,
            r#"{{"code":"suppression.none","effect":"permits","regime":null,"#,
            r#""text":"No suppression covers the contact.","source":null,"checked":null,"#,
            r#""subject":null,"evidence":null,"until":null}},"#,
            r#"{{"code":"jurisdiction.applies","effect":"notes","regime":"us","#,
            r#""text":"The regime applies.","source":null,"checked":null,"#,
            r#""subject":null,"evidence":null,"until":null}},"#,
            r#"{{"code":"jurisdiction.applies","effect":"notes","regime":"us_states","#,
            r#""text":"The regime applies.","source":null,"checked":null,"#,
            r#""subject":null,"evidence":null,"until":null}},"#,
            r#"{{"code":"jurisdiction.applies","effect":"notes","regime":"mailbox_providers","#,
            r#""text":"The regime applies.","source":null,"checked":null,"#,
            r#""subject":null,"evidence":null,"until":null}}],"#,
            r#""obligations":[],"rule_set":"{}"}}"#
        ),
        RuleSet::all().id()
    );
    assert_eq!(String::from_utf8(decision.canonical_bytes()).unwrap(), expected);
}

#[test]
fn reasons_name_figures_and_sources() {
    let mut question = ask(PurposeClass::Marketing);
    question.channel = ContactChannel::VoiceLive;
    let explanation = may_contact(&RuleSet::all(), &living_in("GB"), &question, &[]).explain();
    let reason = explanation.reasons.iter().find(|reason| reason.code == "register.not_screened").unwrap();
    assert_eq!(
        reason.text,
        "The address was not checked against the register. UK Telephone Preference Service; a copy may be 28 days old."
    );
    assert_eq!(reason.source, Some("PECR reg. 21(1)(b), (4), 26"));
    assert_eq!(reason.checked, Some(true));
}

#[test]
fn inputs_that_are_none_are_refused() {
    for bytes in ["", "{}", "[]", r#"{"rule_set":"x"}"#, "\u{0}"] {
        let error = replay(&RuleSet::all(), bytes.as_bytes(), &[]).unwrap_err();
        assert_eq!(error.code(), "permit.inputs", "{bytes}");
    }
}

#[test]
fn times_at_the_ends_of_the_calendar_are_decided() {
    for at in [Timestamp::MIN, Timestamp::MAX] {
        for place in ["DE", "FR", "US-FL", "CA-QC", "AU-NSW", "JP"] {
            let mut facts = living_in(place);
            facts.subjects[0].zones = vec!["Europe/Paris".parse().unwrap()];
            let question =
                ContactQuestion { channel: ContactChannel::VoiceLive, at, ..ask(PurposeClass::Marketing) };
            let decision = may_contact(&RuleSet::all(), &facts, &question, &[]);
            assert_ne!(decision.outcome, PermitOutcome::Permit, "{place}");
        }
    }
}
