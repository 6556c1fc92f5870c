//! The consent ledger: what goes in, what stays, where it stands.

use crate::privacy_support::{
    check_kept_states, event, event_at, event_of, exported, import, is_suppressed, is_suppressed_for, later,
    open, open_seeded, person, question, record, status,
};
use crm_core::contacts::Email;
use crm_core::interchange::{ImportOptions, Mapping};
use crm_core::privacy::{
    ConsentEvent, ConsentEventId, ConsentExpression, ConsentStatus, ContactChannel, ForeignState,
    ForeignSystem, IndicationMethod, PrivacyNotice, ProcessingPurpose, Question,
};
use crm_core::record::filter::Filter;
use crm_core::record::query::Query;
use crm_core::{Actor, Config, CrmError, ManualClock, Purpose, RecordId, SeededRandom, Session, Timestamp};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use ConsentStatus::{
    Expired, Given, Invalidated, Refused, Renewed, Requested, Terminated, Unknown, Withdrawn,
};

fn code<T: std::fmt::Debug>(result: Result<T, CrmError>) -> String {
    result.unwrap_err().code().to_owned()
}

#[expect(clippy::unnecessary_wraps, reason = "the fields that it is for may be empty")]
fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

#[test]
fn an_event_is_completed_and_kept() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let notice = session
        .privacy_notices()
        .create(PrivacyNotice {
            key: "newsletter".into(),
            language: "en".into(),
            notice_version: "1".into(),
            text: "We write once a month.".into(),
            ..PrivacyNotice::default()
        })
        .unwrap();
    let stored = record(
        &session,
        ConsentEvent {
            address: Some("Ada <ADA@example.com>".into()),
            notice: Some(notice.meta.id.into()),
            validity_days: Some(30),
            ..event_of(ada, Given)
        },
    );
    assert_eq!(stored.address.as_deref(), Some("ada@example.com"));
    assert_eq!(stored.address_hash.as_ref().map(String::len), Some(32));
    assert_eq!(stored.notice_hash, notice.content_hash);
    assert_eq!(stored.event_time, at("2026-11-21T10:00:00Z"));
    assert_eq!(stored.received_at, stored.event_time);
    assert_eq!(stored.expires_at, at("2026-12-21T10:00:00Z"));
    assert_eq!(status(&session, Some(ada), Some("ada@example.com")), Some(Given));
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn bad_events_are_refused_and_change_nothing() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let before = session.consent_events().count(&Filter::all()).unwrap();
    let secret = "ada.private@example.com";
    for (event, expected, path) in [
        (event(Given), "consent_event.holder", Some("person")),
        (ConsentEvent { purpose: "golf".into(), ..event_of(ada, Given) }, "purpose.unknown", Some("purpose")),
        (
            ConsentEvent { event_time: at("2026-11-21T10:05:01Z"), ..event_of(ada, Given) },
            "consent_event.future",
            Some("event_time"),
        ),
        (
            ConsentEvent { received_at: at("2027-01-01T00:00:00Z"), ..event_of(ada, Given) },
            "consent_event.future",
            Some("received_at"),
        ),
        (
            ConsentEvent { expires_at: at("2026-11-21T10:00:00Z"), ..event_of(ada, Given) },
            "consent_event.expiry",
            Some("expires_at"),
        ),
        (
            ConsentEvent { parents: vec![secret.into()], ..event_of(ada, Given) },
            "consent_event.parents",
            Some("parents[0]"),
        ),
        (
            ConsentEvent { guardian: Some(ada), ..event_of(ada, Given) },
            "consent_event.guardian",
            Some("guardian"),
        ),
        (
            ConsentEvent { channel: None, address: Some(secret.into()), ..event_of(ada, Given) },
            "consent_event.address_type",
            Some("address_type"),
        ),
        (
            ConsentEvent {
                channel: Some(ContactChannel::Push),
                address: Some(secret.into()),
                ..event_of(ada, Given)
            },
            "address.not_for_channel",
            Some("address"),
        ),
        (
            ConsentEvent { address: Some("ada private".into()), ..event_of(ada, Given) },
            "email.no_at",
            Some("address"),
        ),
        (
            ConsentEvent { notice: Some(RecordId::from_bytes([9; 16]).into()), ..event_of(ada, Given) },
            "link.broken",
            Some("notice"),
        ),
        (
            ConsentEvent { person: Some(RecordId::from_bytes([9; 16]).into()), ..event(Given) },
            "link.broken",
            Some("person"),
        ),
        (
            ConsentEvent { address_hash: Some("0".repeat(32)), ..event(Given) },
            "field.read_only",
            Some("address_hash"),
        ),
        (
            ConsentEvent { evidence: Some("x".into()), ..event_of(ada, Given) },
            "field.read_only",
            Some("evidence"),
        ),
        (
            ConsentEvent { confirms: Some(RecordId::from_bytes([9; 16]).into()), ..event_of(ada, Given) },
            "field.read_only",
            Some("confirms"),
        ),
    ] {
        let error = session.consent().record(event, None).unwrap_err();
        assert_eq!((error.code(), error.path()), (expected, path), "{error}");
        assert!(!error.to_json().to_string().contains("private"), "an error holds no address");
    }
    assert_eq!(session.consent_events().count(&Filter::all()).unwrap(), before);
    assert_eq!(status(&session, Some(ada), None), None);
    assert!(!is_suppressed(&session, "ada@example.com"));
}

#[test]
fn the_past_is_taken_and_a_clock_a_little_ahead_is_let_pass() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    record(&session, ConsentEvent { event_time: at("1999-12-31T00:00:00Z"), ..event_of(ada, Given) });
    record(&session, ConsentEvent { event_time: at("2026-11-21T10:05:00Z"), ..event_of(ada, Withdrawn) });
    for (when, expected) in [
        ("1999-12-30T00:00:00Z", None),
        ("2000-01-01T00:00:00Z", Some(Given)),
        ("2026-11-21T10:04:59Z", Some(Given)),
        ("2026-11-21T10:05:00Z", Some(Withdrawn)),
    ] {
        let asked = Question { at: at(when), ..question(Some(ada), None) };
        let state = session.consent().state(&asked).unwrap();
        assert_eq!(state.map(|state| state.status), expected, "{when}");
    }
    // A new grant was given in the sight of the withdrawal, though our clock is behind that of the device.
    let grant = record(&session, event_of(ada, Given));
    assert_eq!(grant.event_time, at("2026-11-21T10:05:00Z"));
    let asked = Question { at: at("2026-11-21T10:06:00Z"), ..question(Some(ada), None) };
    assert_eq!(session.consent().state(&asked).unwrap().map(|state| state.status), Some(Given));
}

#[test]
fn nobody_changes_the_ledger() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let stored = record(&session, event_of(ada, Withdrawn));
    let id = stored.meta.id;
    let events = session.consent_events();
    for (patch, expected) in [
        (json!({"kind": "given"}), "consent_event.append_only"),
        (json!({"purpose": "ai_training"}), "consent_event.append_only"),
        (json!({"person": null}), "consent_event.append_only"),
        (json!({"brand": "other"}), "consent_event.append_only"),
        (json!({"evidence": "x"}), "field.read_only"),
    ] {
        assert_eq!(code(events.patch(id, &patch)), expected, "{patch}");
    }
    assert_eq!(code(events.update(ConsentEvent { kind: Given, ..stored })), "consent_event.append_only");
    assert_eq!(code(events.delete(id)), "consent_event.append_only");
    assert!(events.delete_all(&[id.into()]).unwrap()[0].is_err());
    assert_eq!(events.get(id).unwrap().kind, Withdrawn);
    assert_eq!(events.history(id, None, 9).unwrap().len(), 1);
}

#[test]
fn undoing_takes_back_a_grant_and_no_withdrawal() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    record(&session, event_of(ada, Given));
    let withdrawal = record(&session, event_of(ada, Withdrawn));
    let grant = record(&session, event_of(ada, Given));
    let created = |id: RecordId| session.consent_events().history(id, None, 1).unwrap()[0].sequence;
    assert_eq!(status(&session, Some(ada), None), Some(Given));

    session.journal().undo(created(grant.meta.id)).unwrap();
    // The grant is there still, and an event says that it was never valid: the withdrawal stands again.
    assert_eq!(session.consent_events().get(grant.meta.id).unwrap().kind, Given);
    assert_eq!(status(&session, Some(ada), None), Some(Withdrawn));

    session.journal().undo(created(withdrawal.meta.id)).unwrap();
    assert_eq!(session.consent_events().get(withdrawal.meta.id).unwrap().kind, Withdrawn);
    assert_eq!(status(&session, Some(ada), None), Some(Withdrawn));
    assert!(is_suppressed(&session, "ada@example.com"));
    check_kept_states(&session, &question(Some(ada), None));
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn undoing_an_import_removes_no_withdrawal() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let bob = person(&session, "bob@example.com");
    record(&session, event_of(bob, Given));
    let mapping = Mapping::new("consent_event")
        .column("Address", "address")
        .column("Channel", "channel")
        .column("Purpose", "purpose")
        .column("State", "kind");
    let file = "Address,Channel,Purpose,State\n\
                ada@example.com,email,direct_marketing,withdrawn\n\
                bob@example.com,email,direct_marketing,given\n\
                eve@example.com,email,direct_marketing,given\n";
    let report = session.imports().csv(file.as_bytes(), &mapping, ImportOptions::default()).unwrap();
    assert_eq!(report.total.created, 3, "{report:?}");
    assert!(is_suppressed(&session, "ada@example.com"));
    assert_eq!(status(&session, None, Some("eve@example.com")), Some(Given));

    session.imports().undo(report.job).unwrap();
    assert_eq!(status(&session, Some(ada), Some("ada@example.com")), Some(Withdrawn));
    assert!(is_suppressed(&session, "ada@example.com"));
    assert_eq!(status(&session, None, Some("eve@example.com")), Some(Invalidated));
    assert_eq!(status(&session, Some(bob), None), Some(Given));
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn the_ledger_goes_into_the_bin_with_its_person_and_comes_back() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let withdrawal = record(
        &session,
        ConsentEvent { address: Some("ada@example.com".into()), ..event_of(ada, Withdrawn) },
    );
    session.people().delete(ada).unwrap();
    assert_eq!(session.consent_events().find(withdrawal.meta.id).unwrap(), None);
    assert_eq!(status(&session, None, Some("ada@example.com")), None);
    // The address is refused without the person, and for whoever has it next.
    assert!(is_suppressed(&session, "ada@example.com"));
    person(&session, "ada@example.com");
    assert!(is_suppressed(&session, "ADA@example.com"));

    session.people().restore(ada).unwrap();
    assert_eq!(status(&session, Some(ada), Some("ada@example.com")), Some(Withdrawn));
    check_kept_states(&session, &question(Some(ada), Some("ada@example.com")));
}

#[test]
fn an_event_with_a_known_key_is_taken_once() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let event = ConsentEvent { event_key: Some("form-17".into()), ..event_of(ada, Given) };
    let first = session.consent().record(event.clone(), None).unwrap();
    let second = session.consent().record(event.clone(), None).unwrap();
    assert!(!first.duplicate && second.duplicate);
    assert_eq!(first.event, second.event);
    assert_eq!(session.consent_events().count(&Filter::all()).unwrap(), 1);
    let bob = person(&session, "bob@example.com");
    for (other, path) in [
        (ConsentEvent { kind: Withdrawn, ..event.clone() }, "kind"),
        (ConsentEvent { purpose: "ai_training".into(), ..event.clone() }, "purpose"),
        (ConsentEvent { person: Some(bob), ..event.clone() }, "person"),
        (ConsentEvent { channel: None, ..event.clone() }, "channel"),
        (ConsentEvent { event_time: at("2020-01-01T00:00:00Z"), ..event.clone() }, "event_time"),
    ] {
        let error = session.consent().record(other, None).unwrap_err();
        assert_eq!((error.code(), error.path()), ("consent_event.key_reused", Some(path)));
        assert!(!error.to_string().contains("form-17"));
    }
}

#[test]
fn evidence_is_sealed_and_opened_by_its_operation_only() {
    let (crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let evidence = json!({"ip": "192.0.2.7", "form": {"box": "ticked"}});
    let stored = session.consent().record(event_of(ada, Given), Some(&evidence)).unwrap().event;
    let nobodys =
        session.consent().record(event_at("eve@example.com", Given), Some(&evidence)).unwrap().event;
    for event in [&stored, &nobodys] {
        let sealed = event.evidence.clone().unwrap();
        assert!(!sealed.contains("192.0.2.7"));
        assert_eq!(session.consent().evidence(event.meta.id).unwrap(), Some(evidence.clone()));
    }
    let bytes = crate::privacy_support::stored(&crm);
    assert!(!bytes.windows(9).any(|window| window == b"192.0.2.7"), "evidence is nowhere in the open");
    let without = record(&session, event_of(ada, Given));
    assert_eq!(session.consent().evidence(without.meta.id).unwrap(), None);
    let unknown = RecordId::from_bytes([9; 16]);
    assert_eq!(code(session.consent().evidence(unknown)), "record.not_found");
    let large = json!("x".repeat(64 * 1024));
    assert_eq!(
        code(session.consent().record(event_of(ada, Given), Some(&large))),
        "consent_event.evidence_too_large"
    );
}

#[test]
fn double_opt_in_is_a_consent_only_when_it_is_confirmed() {
    let (_crm, session, clock) = open();
    let asked = ConsentEvent { validity_days: Some(365), ..event_at("ada@example.com", Unknown) };
    let requested = session.consent().request(asked, Some(24), None).unwrap();
    assert_eq!(requested.event.kind, Requested);
    assert_eq!(requested.token.len(), 43);
    assert_eq!(requested.event.expires_at, at("2026-11-22T10:00:00Z"));
    assert!(!exported(&session).contains(&requested.token), "the token is stored nowhere");
    assert_eq!(status(&session, None, Some("ada@example.com")), Some(Requested));

    for token in ["", "x", &format!("{}x", requested.token)] {
        assert_eq!(code(session.consent().confirm(token, None)), "consent.token_unknown");
    }
    later(&clock, 3_600);
    let evidence = json!({"click": 1});
    let grant = session.consent().confirm(&requested.token, Some(&evidence)).unwrap().event;
    assert_eq!((grant.kind, grant.method), (Given, IndicationMethod::DoubleOptIn));
    assert_eq!(grant.requested_at, at("2026-11-21T10:00:00Z"));
    assert_eq!(grant.event_time, at("2026-11-21T11:00:00Z"));
    assert_eq!(grant.expires_at, at("2027-11-21T11:00:00Z"));
    assert_eq!(grant.confirms, Some(ConsentEventId::from(requested.event.meta.id)));
    assert_eq!(status(&session, None, Some("ada@example.com")), Some(Given));
    assert_eq!(session.consent().evidence(grant.meta.id).unwrap(), Some(evidence));

    assert_eq!(code(session.consent().confirm(&requested.token, None)), "consent.token_used");
    record(&session, event_at("ada@example.com", Withdrawn));
    assert_eq!(code(session.consent().confirm(&requested.token, None)), "consent.token_used");
    assert_eq!(status(&session, None, Some("ada@example.com")), Some(Withdrawn));
}

#[test]
fn a_token_ends_with_its_time() {
    let (_crm, session, clock) = open();
    let requested = session.consent().request(event_at("ada@example.com", Unknown), Some(1), None).unwrap();
    later(&clock, 3_600);
    assert_eq!(code(session.consent().confirm(&requested.token, None)), "consent.token_expired");
    assert_eq!(status(&session, None, Some("ada@example.com")), Some(Requested));
    // A request that is taken back cannot be confirmed.
    let requested = session.consent().request(event_at("eve@example.com", Unknown), None, None).unwrap();
    let entry = session.consent_events().history(requested.event.meta.id, None, 1).unwrap()[0].sequence;
    session.journal().undo(entry).unwrap();
    assert_eq!(code(session.consent().confirm(&requested.token, None)), "consent.token_void");
    for hours in [0, 2_161] {
        let again = session.consent().request(event_at("ada@example.com", Unknown), Some(hours), None);
        assert_eq!(code(again), "consent.token_hours");
    }
    let ada = person(&session, "ada@example.com");
    assert_eq!(code(session.consent().request(event_of(ada, Unknown), None, None)), "field.required");
}

#[test]
fn what_an_address_says_counts_for_the_person_who_has_it() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let address = Some("ada@example.com");
    record(&session, ConsentEvent { address: address.map(str::to_owned), ..event_of(ada, Given) });
    record(&session, event_at("ada@example.com", Withdrawn));
    assert_eq!(status(&session, Some(ada), address), Some(Withdrawn));
    assert_eq!(status(&session, Some(ada), None), Some(Withdrawn));
    let requested = session.consent().request(event_at("ada@example.com", Unknown), None, None).unwrap();
    session.consent().confirm(&requested.token, None).unwrap();
    assert_eq!(status(&session, Some(ada), address), Some(Given));
    check_kept_states(&session, &question(Some(ada), address));
    // Another address of the person is not spoken for.
    assert_eq!(status(&session, Some(ada), Some("ada@work.example")), None);
}

#[test]
fn what_is_said_of_a_purpose_holds_below_it() {
    let (_crm, session, clock) = open();
    let ada = person(&session, "ada@example.com");
    for key in ["newsletter", "offers"] {
        session
            .processing_purposes()
            .create(ProcessingPurpose {
                key: key.into(),
                name: key.into(),
                parent: "direct_marketing".into(),
                ..ProcessingPurpose::default()
            })
            .unwrap();
    }
    let about = |purpose: &str| Question { purpose: purpose.into(), ..question(Some(ada), None) };
    let stands = |purpose: &str| {
        check_kept_states(&session, &about(purpose));
        session.consent().state(&about(purpose)).unwrap().map(|state| state.status)
    };
    let of = |purpose: &str, kind| ConsentEvent { purpose: purpose.into(), ..event_of(ada, kind) };
    record(&session, of("direct_marketing", Given));
    assert_eq!((stands("newsletter"), stands("offers")), (Some(Given), Some(Given)));
    later(&clock, 1);
    record(&session, of("newsletter", Withdrawn));
    assert_eq!((stands("newsletter"), stands("offers")), (Some(Withdrawn), Some(Given)));
    later(&clock, 1);
    record(&session, of("direct_marketing", Withdrawn));
    later(&clock, 1);
    record(&session, of("newsletter", Given));
    assert_eq!((stands("newsletter"), stands("offers")), (Some(Given), Some(Withdrawn)));
    // The suppression of all marketing lets the newsletter through, and nothing else.
    assert!(!is_suppressed_for(&session, "ada@example.com", "newsletter"));
    assert!(is_suppressed_for(&session, "ada@example.com", "offers"));

    // What people have consented to keeps its meaning.
    let newsletter =
        session.processing_purposes().list(&Query::new().filter("key = \"newsletter\"".parse().unwrap()));
    let id = newsletter.unwrap().records[0].meta.id;
    let moved = session.processing_purposes().patch(id, &json!({"parent": "analytics"}));
    assert_eq!(code(moved), "purpose.in_use");
    assert_eq!(code(session.processing_purposes().delete(id)), "purpose.in_use");
}

#[test]
fn channel_and_brand_are_kept_apart() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    record(&session, ConsentEvent { brand: Some("acme".into()), ..event_of(ada, Given) });
    record(&session, ConsentEvent { channel: Some(ContactChannel::Sms), ..event_of(ada, Refused) });
    let stands = |channel, brand: Option<&str>| {
        let asked = Question { channel, brand: brand.map(str::to_owned), ..question(Some(ada), None) };
        session.consent().state(&asked).unwrap().map(|state| state.status)
    };
    let (email, sms) = (Some(ContactChannel::Email), Some(ContactChannel::Sms));
    assert_eq!(stands(email, Some("acme")), Some(Given));
    assert_eq!(stands(email, Some("other")), None);
    assert_eq!(stands(email, None), None);
    assert_eq!(stands(sms, Some("acme")), Some(Refused));
    assert_eq!(stands(None, Some("acme")), None);
}

#[test]
fn a_consent_runs_out_by_itself() {
    let (_crm, session, clock) = open();
    let ada = person(&session, "ada@example.com");
    record(&session, ConsentEvent { validity_days: Some(1), ..event_of(ada, Given) });
    assert_eq!(status(&session, Some(ada), None), Some(Given));
    later(&clock, 86_399);
    assert_eq!(status(&session, Some(ada), None), Some(Given));
    later(&clock, 1);
    assert_eq!(status(&session, Some(ada), None), Some(Expired));
    let state = &session.consent().states(&question(Some(ada), None)).unwrap()[0];
    assert_eq!((state.status, state.valid), (Expired, false));
    record(&session, event_of(ada, Renewed));
    assert_eq!(status(&session, Some(ada), None), Some(Renewed));
    record(&session, event_of(ada, Terminated));
    assert_eq!(status(&session, Some(ada), None), Some(Terminated));
}

#[test]
fn events_of_devices_arrive_in_any_order() {
    let (_crm, session, _) = open();
    let ids = [1, 2, 3].map(|number| RecordId::from_bytes([number; 16]));
    let of = |ada, number: usize, kind, time: &str, origin: &str, parents: &[RecordId]| {
        let mut event = event_of(ada, kind);
        event.meta.id = ids[number];
        event.event_time = at(time);
        event.origin = Some(origin.into());
        event.parents = parents.iter().map(ToString::to_string).collect();
        event
    };
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        let (_crm, session, _) = open();
        let ada = person(&session, "ada@example.com");
        let events = [
            of(ada, 0, Given, "2026-11-01T00:00:00Z", "phone", &[]),
            of(ada, 1, Withdrawn, "2026-11-02T00:00:00Z", "tablet", &[]),
            of(ada, 2, Renewed, "2026-11-03T00:00:00Z", "phone", &[]),
        ];
        for number in order {
            record(&session, events[number].clone());
        }
        // The phone did not know of the withdrawal.
        assert_eq!(status(&session, Some(ada), None), Some(Withdrawn), "{order:?}");
        assert!(is_suppressed(&session, "ada@example.com"), "{order:?}");
        check_kept_states(&session, &question(Some(ada), None));
        let mut knowing = of(ada, 2, Given, "2026-11-04T00:00:00Z", "phone", &[ids[1]]);
        knowing.meta.id = RecordId::from_bytes([4; 16]);
        record(&session, knowing);
        assert_eq!(status(&session, Some(ada), None), Some(Given), "{order:?}");
        assert!(!is_suppressed(&session, "ada@example.com"), "{order:?}");
    }
    drop(session);
}

#[test]
fn a_withdrawal_that_comes_late_refuses_anew_what_was_lifted_for_another() {
    let (_crm, session, _) = open();
    let said = |number: u8, kind, second: i64, origin: &str, parents: &[u8]| {
        let mut event = event_at("ada@example.com", kind);
        let id = |number| RecordId::from_bytes([number; 16]);
        event.meta.id = id(number);
        event.event_time = Some("2026-11-01T00:00:00Z".parse::<Timestamp>().unwrap().plus_seconds(second));
        event.origin = Some(origin.into());
        event.parents = parents.iter().map(|parent| id(*parent).to_string()).collect();
        record(&session, event);
    };
    said(1, Withdrawn, 10, "a", &[]);
    said(2, Given, 30, "b", &[1]);
    assert!(!is_suppressed(&session, "ada@example.com"));
    said(3, Withdrawn, 20, "c", &[]);
    assert_eq!(status(&session, None, Some("ada@example.com")), Some(Withdrawn));
    assert!(is_suppressed(&session, "ada@example.com"));
}

#[test]
fn an_old_withdrawal_that_comes_late_refuses_nothing_that_was_given_since() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    record(&session, event_of(ada, Given));
    record(&session, ConsentEvent { event_time: at("2020-01-01T00:00:00Z"), ..event_of(ada, Withdrawn) });
    assert_eq!(status(&session, Some(ada), None), Some(Given));
    assert!(!is_suppressed(&session, "ada@example.com"));
}

#[test]
fn a_grant_for_somebody_who_was_erased_is_refused_and_a_withdrawal_taken() {
    let (_crm, session, _) = open();
    session
        .suppressions()
        .add(crm_core::privacy::SuppressionRequest {
            address: "ada@example.com".into(),
            channel: Some(ContactChannel::Email),
            scope: crm_core::privacy::SuppressionScope::Global,
            reason: crm_core::privacy::SuppressionReason::Erased,
            ..Default::default()
        })
        .unwrap();
    let refused = session.consent().record(event_at("ada@example.com", Given), None).unwrap_err();
    assert_eq!((refused.code(), refused.path()), ("consent_event.subject_erased", Some("address")));
    record(&session, event_at("ada@example.com", Withdrawn));
    // The owner may come back, by an express wish.
    record(&session, ConsentEvent { reinstates: Some(true), ..event_at("ada@example.com", Given) });
    assert_eq!(status(&session, None, Some("ada@example.com")), Some(Given));
    assert!(!is_suppressed(&session, "ada@example.com"));
}

#[test]
fn the_ledger_moves_with_the_database() {
    let (_crm, here, _) = open();
    let ada = person(&here, "ada@example.com");
    let evidence = json!({"form": 17});
    let stored = here.consent().record(event_of(ada, Given), Some(&evidence)).unwrap().event;
    record(&here, event_at("bob@example.com", Withdrawn));
    let lines = exported(&here);
    // Another database, with other keys.
    let (_crm, there, _) = open_seeded(9);
    import(&there, &lines);
    assert_eq!(status(&there, Some(ada), None), Some(Given));
    assert_eq!(status(&there, None, Some("bob@example.com")), Some(Withdrawn));
    assert!(is_suppressed(&there, "Bob <bob@EXAMPLE.com>"));
    assert_eq!(there.consent().evidence(stored.meta.id).unwrap(), Some(evidence));
    let again = exported(&there);
    assert_eq!(lines, again);
    assert!(there.journal().verify().unwrap().is_sound());
}

#[test]
fn other_systems_states_are_taken_over_and_defaults_are_no_consent() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let row = |state: &str, address: &str, key: &str| ForeignState {
        state: state.into(),
        address: Some(address.into()),
        purpose: "direct_marketing".into(),
        channel: Some(ContactChannel::Email),
        at: at("2024-05-01T00:00:00Z"),
        key: Some(key.into()),
        ..ForeignState::default()
    };
    let rows = [
        row("opted_in", "ada@example.com", "1"),
        row("subscribed", "bob@example.com", "2"),
        row("unsubscribed", "eve@example.com", "3"),
        ForeignState { at: None, ..row("opted_in", "max@example.com", "4") },
        ForeignState { address: None, person: Some(ada), ..row("unsubscribed", "", "5") },
    ];
    let imported = session.consent().import_states(ForeignSystem::Braze, &rows).unwrap();
    assert_eq!((imported.given, imported.refused, imported.unknown), (1, 2, 2));
    for (address, expected) in [
        ("bob@example.com", Some(Unknown)),
        ("eve@example.com", Some(Withdrawn)),
        ("max@example.com", Some(Unknown)),
    ] {
        assert_eq!(status(&session, None, Some(address)), expected, "{address}");
    }
    // Again: nothing new, and nobody who was refused is revived.
    let again = session.consent().import_states(ForeignSystem::Braze, &rows).unwrap();
    assert_eq!(again.duplicates, 5);
    let revived = [row("opted_in", "eve@example.com", "6")];
    session
        .consent()
        .import_states(
            ForeignSystem::Salesforce,
            &[ForeignState { state: "OptIn".into(), at: at("2025-05-01T00:00:00Z"), ..revived[0].clone() }],
        )
        .unwrap();
    assert_eq!(status(&session, None, Some("eve@example.com")), Some(Withdrawn));
    assert!(is_suppressed(&session, "eve@example.com"));

    let bounced = [row("2", "nobody@example.com", "7")];
    let imported = session.consent().import_states(ForeignSystem::Mautic, &bounced).unwrap();
    assert_eq!((imported.unknown, imported.suppressed), (1, 1));
    assert!(is_suppressed(&session, "nobody@example.com"));

    let before = session.consent_events().count(&Filter::all()).unwrap();
    let wrong = [row("opted_in", "kim@example.com", "8"), row("perhaps", "lee@example.com", "9")];
    let error = session.consent().import_states(ForeignSystem::Braze, &wrong).unwrap_err();
    assert_eq!((error.code(), error.path()), ("consent.import_state", Some("rows[1].state")));
    assert!(!error.to_string().contains("perhaps"));
    assert_eq!(session.consent_events().count(&Filter::all()).unwrap(), before, "all or nothing");
}

fn processing() -> Json {
    json!({
        "pii_information": [{"pii_type": "pd:EmailAddress", "pii_optional": false}],
        "pii_controllers": [{
            "party_id": "C01", "party_name": "Acme GmbH", "party_address": "Hauptstr. 1, Berlin",
            "party_contact": "privacy@acme.example", "party_type": "dpv:DataController"
        }],
        "storage_locations": ["DE"],
        "retention_period": "P2Y",
        "jurisdiction": "EU",
        "recipients": [],
        "withdrawal_method": "By the link in each message",
        "privacy_notice": "https://acme.example/privacy"
    })
}

/// The mandatory fields of ISO/IEC TS 27560 in the record itself, in a party and in an event.
const RECORD: [&str; 12] = [
    "schema_version",
    "record_id",
    "pii_principal_id",
    "privacy_notice",
    "purposes",
    "pii_information",
    "pii_controllers",
    "storage_locations",
    "retention_period",
    "jurisdiction",
    "recipients",
    "withdrawal_method",
];
const PARTY: [&str; 5] = ["party_id", "party_name", "party_address", "party_contact", "party_type"];
const EVENT: [&str; 5] = ["event_time", "validity_duration", "entity_id", "event_type", "event_state"];

/// Makes sure that a document is a consent record, field by field.
fn check_record(record: &Json) {
    for field in RECORD {
        assert!(!record[field].is_null(), "{field} is mandatory: {record:#}");
    }
    assert_eq!(record["@type"], "dpv:ConsentRecord");
    assert_eq!(record["schema_version"], "ISO/IEC TS 27560:2023");
    for party in record["pii_controllers"].as_array().unwrap() {
        for field in PARTY {
            assert!(party[field].as_str().is_some_and(|text| !text.is_empty()), "{field}");
        }
    }
    for item in record["pii_information"].as_array().unwrap() {
        assert!(item["pii_type"].is_string());
    }
    let events = record["events"].as_array().unwrap();
    assert!(!events.is_empty());
    for event in events {
        for field in EVENT {
            assert!(event[field].is_string(), "{field}: {event:#}");
        }
        assert!(event["event_state"].as_str().unwrap().starts_with("dpv:"));
    }
}

/// Makes sure that every member has its term in the context, so that no reader of JSON-LD loses it.
fn check_terms(context: &Json, value: &Json, but: &[&str]) {
    match value {
        Json::Object(members) => {
            for (name, value) in members {
                if name == "@context" {
                    continue;
                }
                let known = name.starts_with('@') || but.contains(&name.as_str()) || !context[name].is_null();
                assert!(known, "{name} has no term");
                check_terms(context, value, but);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| check_terms(context, item, but)),
        _ => {}
    }
}

#[test]
fn records_and_receipts_have_all_that_is_mandatory() {
    let (_crm, session, clock) = open();
    let ada = person(&session, "ada@example.com");
    let given = record(
        &session,
        ConsentEvent {
            expression: ConsentExpression::ExplicitlyExpressed,
            validity_days: Some(365),
            ..event_of(ada, Given)
        },
    );
    later(&clock, 60);
    record(&session, event_of(ada, Withdrawn));
    record(&session, ConsentEvent { purpose: "ai_training".into(), ..event_of(ada, Refused) });
    let processing = serde_json::from_value(processing()).unwrap();
    let records = session.consent().records(ada, &processing).unwrap();
    assert_eq!(records.len(), 2);
    for record in &records {
        check_record(record);
        check_terms(&record["@context"], record, &[]);
    }
    let record = &records[0];
    assert_eq!(record["record_id"], json!(given.meta.id));
    assert_eq!(record["pii_principal_id"], json!(ada));
    assert_eq!(record["purposes"][0]["@type"], "dpv:DirectMarketing");
    assert_eq!(record["purposes"][0]["lawful_basis"], "eu-gdpr:A6-1-a");
    assert_eq!(record["consent_status"], "dpv:ConsentWithdrawn");
    assert_eq!(record["recipients"], json!([]));
    assert_eq!(record["events"][0]["event_state"], "dpv:ConsentGiven");
    assert_eq!(record["events"][0]["event_type"], "dpv:ExplicitlyExpressedConsent");
    assert_eq!(record["events"][0]["validity_duration"], "P365D");
    assert_eq!(record["events"][1]["event_state"], "dpv:ConsentWithdrawn");
    assert_eq!(record["events"][1]["event_time"], "2026-11-21T10:01:00Z");

    let receipt = session.consent().receipt(given.meta.id, &processing).unwrap();
    assert_eq!(receipt["@type"], "dpv:ConsentReceipt");
    assert_eq!(receipt["schema_version"], "ISO/IEC TS 27560:2023");
    assert_eq!(receipt["receipt_id"], json!(given.meta.id));
    check_record(&receipt["record"]);
    check_terms(&receipt["@context"], &receipt, &[]);
}

#[test]
fn a_record_that_lacks_something_mandatory_is_an_error() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    record(&session, event_of(ada, Given));
    for (pointer, path) in [
        ("/pii_information", "pii_information"),
        ("/pii_controllers", "pii_controllers"),
        ("/storage_locations", "storage_locations"),
        ("/retention_period", "retention_period"),
        ("/jurisdiction", "jurisdiction"),
        ("/withdrawal_method", "withdrawal_method"),
        ("/privacy_notice", "privacy_notice"),
        ("/pii_information/0/pii_type", "pii_information[0].pii_type"),
        ("/pii_controllers/0/party_id", "pii_controllers[0].party_id"),
        ("/pii_controllers/0/party_name", "pii_controllers[0].party_name"),
        ("/pii_controllers/0/party_address", "pii_controllers[0].party_address"),
        ("/pii_controllers/0/party_contact", "pii_controllers[0].party_contact"),
        ("/pii_controllers/0/party_type", "pii_controllers[0].party_type"),
    ] {
        let mut lacking = processing();
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        lacking.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(member);
        let processing = serde_json::from_value(lacking).unwrap();
        let error = session.consent().records(ada, &processing).unwrap_err();
        assert_eq!((error.code(), error.path()), ("consent.record_incomplete", Some(path)));
    }
}

#[test]
fn a_receipt_names_the_notice_by_its_hash() {
    let (_crm, session, _) = open();
    let notice = PrivacyNotice {
        key: "newsletter".into(),
        language: "de".into(),
        notice_version: "3".into(),
        text: "Wir schreiben einmal im Monat.".into(),
        ..PrivacyNotice::default()
    };
    let notice = session.privacy_notices().create(notice).unwrap();
    let grant = record(
        &session,
        ConsentEvent { notice: Some(notice.meta.id.into()), ..event_at("ada@example.com", Given) },
    );
    let processing = serde_json::from_value(processing()).unwrap();
    let receipt = session.consent().receipt(grant.meta.id, &processing).unwrap();
    let named = &receipt["record"]["privacy_notice"][0];
    assert_eq!(named["content_hash"], json!(notice.content_hash));
    assert_eq!(named["language"], "de");
    assert_eq!(named["notice_version"], "3");
    // What was consented to cannot go.
    assert_eq!(code(session.privacy_notices().delete(notice.meta.id)), "record.restricted");
}

#[test]
fn as_of_a_day_the_ledger_is_as_it_was_then() {
    let (_crm, session, clock) = open();
    let ada = person(&session, "ada@example.com");
    record(&session, event_of(ada, Given));
    let then = session.now();
    later(&clock, 60);
    record(&session, event_of(ada, Withdrawn));
    let past = session
        .call(
            "batch.as_of",
            json!({"at": then, "calls": [
                {"operation": "consent.state", "input": {
                    "person": ada, "purpose": "direct_marketing", "channel": "email"}},
                {"operation": "consent.states", "input": {"person": ada}}
            ]}),
        )
        .unwrap();
    assert!(past.to_string().contains("given") && !past.to_string().contains("withdrawn"), "{past:#}");
    assert_eq!(status(&session, Some(ada), None), Some(Withdrawn));
}

/// What one event of a random ledger is: the person or the address, the kind, the minute, the device, its parents.
type Said = (bool, usize, u8, Option<u8>, Vec<usize>);

fn run(events: &[Said], order: &[usize]) -> (Option<ConsentStatus>, Option<ConsentStatus>, bool) {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let config = Config::default().clock(clock).random(SeededRandom::new([3; 32]));
    let crm = crate::engine_support::open(config);
    let session = crm.session(Actor::System, Purpose::DirectMarketing).unwrap();
    let ada = person(&session, "ada@example.com");
    let id = |number: usize| RecordId::from_bytes([u8::try_from(number).unwrap() + 1; 16]);
    for number in order {
        let (of_person, kind, minute, origin, parents) = &events[*number];
        let mut event = event_at("ada@example.com", ConsentStatus::ALL[*kind]);
        event.meta.id = id(*number);
        event.person = of_person.then_some(ada);
        event.event_time =
            Some("2026-11-21T09:00:00Z".parse::<Timestamp>().unwrap().plus_seconds(i64::from(*minute)));
        event.origin = origin.map(|origin| format!("device {origin}"));
        event.parents =
            parents.iter().filter(|parent| *parent != number).map(|parent| id(*parent).to_string()).collect();
        record(&session, event);
    }
    let of_person = status(&session, Some(ada), None);
    let of_address = status(&session, None, Some("ada@example.com"));
    check_kept_states(&session, &question(Some(ada), Some("ada@example.com")));
    check_suppression(&session, of_address);
    (of_person, of_address, is_suppressed(&session, "ada@example.com"))
}

/// A consent that stands is not suppressed by the ledger's own doing, and a refusal of the owner is.
fn check_suppression(session: &Session, of_address: Option<ConsentStatus>) {
    if of_address.is_some_and(ConsentStatus::is_valid) {
        assert!(!is_suppressed(session, "ada@example.com"));
    }
    if matches!(of_address, Some(Withdrawn | Refused)) {
        assert!(is_suppressed(session, "ada@example.com"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Through the engine, as through the fold: the order in which events arrive does not matter.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        events in prop::collection::vec(
            (any::<bool>(), 0_usize..10, 0_u8..5, prop::option::of(0_u8..2), prop::collection::vec(0_usize..5, 0..3)),
            1..5,
        ),
        seed in any::<prop::sample::Index>(),
    ) {
        let forward: Vec<usize> = (0..events.len()).collect();
        let mut other = forward.clone();
        other.rotate_left(seed.index(events.len()));
        other.reverse();
        let (person, address, _) = run(&events, &forward);
        let (other_person, other_address, _) = run(&events, &other);
        prop_assert_eq!(person, other_person);
        prop_assert_eq!(address, other_address);
    }
}

#[test]
fn a_refusal_that_stands_suppresses_whatever_else_was_said() {
    // The kind by its place in the list: 3 given, 5 refused, 6 withdrawn, 7 expired, 8 terminated, 9 invalidated.
    let ledgers: [&[Said]; 4] = [
        // A grant of the device ends the expiry that outweighed the refusal.
        &[(false, 5, 0, None, vec![]), (false, 7, 0, Some(1), vec![]), (false, 3, 1, Some(1), vec![])],
        &[(false, 6, 1, None, vec![]), (false, 8, 2, Some(1), vec![])],
        // The last grant to arrive shows that neither was valid, and so the withdrawal was never followed.
        &[
            (false, 6, 0, None, vec![]),
            (false, 3, 1, Some(0), vec![0]),
            (false, 9, 3, Some(1), vec![1, 3]),
            (false, 3, 2, Some(1), vec![]),
        ],
        &[(true, 6, 0, None, vec![]), (false, 8, 1, None, vec![])],
    ];
    for events in ledgers {
        let arrivals = match events.len() {
            2 => vec![vec![0, 1], vec![1, 0]],
            3 => vec![vec![0, 1, 2], vec![1, 0, 2], vec![2, 1, 0], vec![1, 2, 0]],
            _ => vec![vec![0, 1, 2, 3], vec![3, 2, 1, 0], vec![1, 2, 0, 3], vec![2, 0, 3, 1]],
        };
        for order in arrivals {
            let (_, _, suppressed) = run(events, &order);
            assert!(suppressed, "{events:?} in the order {order:?}");
        }
    }
}

#[test]
fn a_person_who_has_no_address_left_is_still_refused_by_the_ledger() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    record(&session, event_of(ada, Withdrawn));
    session.people().patch(ada, &json!({"emails": [Email::home("new@example.com")]})).unwrap();
    assert_eq!(status(&session, Some(ada), Some("new@example.com")), Some(Withdrawn));
}
