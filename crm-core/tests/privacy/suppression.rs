//! Suppression: refusals by address, bounces, one-click unsubscribing, national registers.

use std::ops::ControlFlow;

use crate::privacy_support::{
    event_at, event_of, exported, import, is_suppressed, is_suppressed_for, later, open, open_seeded, person,
    record, status, stored,
};
use crm_core::contacts::Email;
use crm_core::privacy::{
    AddressType, ConsentEvent, ConsentStatus, ContactChannel, Loaded, Objection, ObjectionOutcome,
    ProcessingPurpose, RegisterSnapshot, ScreeningAnswer, Suppression, SuppressionQuestion,
    SuppressionReason, SuppressionRequest, SuppressionScope, UnsubscribeRequest,
};
use crm_core::record::filter::Filter;
use crm_core::record::query::Query;
use crm_core::{CrmError, Session, Timestamp};
use serde_json::json;

const ADA: &str = "ada@example.com";

fn code<T: std::fmt::Debug>(result: Result<T, CrmError>) -> String {
    result.unwrap_err().code().to_owned()
}

fn request(address: &str) -> SuppressionRequest {
    SuppressionRequest {
        address: address.into(),
        channel: Some(ContactChannel::Email),
        ..SuppressionRequest::default()
    }
}

fn count(session: &Session) -> u64 {
    session.suppressions().count(&Filter::all()).unwrap()
}

#[test]
fn all_spellings_of_an_address_are_suppressed_and_none_is_stored() {
    let (crm, session, _) = open();
    session.suppressions().add(request("Ada Lovelace <Ada.Private@Example.COM>")).unwrap();
    for spelling in ["ada.private@example.com", "ADA.PRIVATE@EXAMPLE.COM", "mailto:ada.private@example.com"] {
        assert!(is_suppressed(&session, spelling), "{spelling}");
    }
    assert!(!is_suppressed(&session, "ada.private@example.org"));
    let bytes = stored(&crm);
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window.eq_ignore_ascii_case(needle));
    assert!(!holds(b"ada.private"), "only the hash is stored");
    assert!(!exported(&session).to_lowercase().contains("ada.private"));
}

#[test]
fn what_holds_already_is_not_written_twice() {
    let (_crm, session, clock) = open();
    let first = session.suppressions().add(request(ADA)).unwrap();
    later(&clock, 60);
    assert_eq!(session.suppressions().add(request(ADA)).unwrap(), first);
    assert_eq!(count(&session), 1);
    let other = SuppressionRequest { reason: SuppressionReason::Complaint, ..request(ADA) };
    session.suppressions().add(other).unwrap();
    assert_eq!(count(&session), 2);
    // One that ends sooner says less.
    let short =
        SuppressionRequest { expires_at: Some(session.now().plus_days(1)), ..request("eve@example.com") };
    session.suppressions().add(short).unwrap();
    session.suppressions().add(request("eve@example.com")).unwrap();
    assert_eq!(count(&session), 4);
}

#[test]
fn bad_requests_are_refused() {
    let (_crm, session, _) = open();
    for (request, expected, path) in [
        (request("nobody"), "email.no_at", "address"),
        (SuppressionRequest { channel: None, ..request(ADA) }, "address.type_missing", "address_type"),
        (
            SuppressionRequest { channel: Some(ContactChannel::Push), ..request(ADA) },
            "address.not_for_channel",
            "address",
        ),
        (
            SuppressionRequest { scope: SuppressionScope::Purpose, ..request(ADA) },
            "suppression.scope_key",
            "scope_key",
        ),
        (
            SuppressionRequest { scope_key: Some("x".into()), ..request(ADA) },
            "suppression.scope_key",
            "scope_key",
        ),
        (
            SuppressionRequest {
                scope: SuppressionScope::Purpose,
                scope_key: Some("golf".into()),
                ..request(ADA)
            },
            "purpose.unknown",
            "scope_key",
        ),
        (
            SuppressionRequest { expires_at: Some(Timestamp::default()), ..request(ADA) },
            "suppression.period",
            "expires_at",
        ),
    ] {
        let error = session.suppressions().add(request).unwrap_err();
        assert_eq!((error.code(), error.path()), (expected, Some(path)));
        assert!(!error.to_json().to_string().contains("nobody"));
    }
    assert_eq!(count(&session), 0);
    let question = SuppressionQuestion { address: ADA.into(), purpose: "golf".into(), ..Default::default() };
    assert_eq!(code(session.suppressions().check(&question)), "purpose.unknown");
}

#[test]
fn nobody_writes_changes_or_deletes_a_suppression_by_hand() {
    let (_crm, session, _) = open();
    let there = session
        .suppressions()
        .add(SuppressionRequest { reason: SuppressionReason::Unsubscribe, ..request(ADA) });
    let there = there.unwrap();
    let suppressions = session.suppressions();
    assert_eq!(code(suppressions.create(Suppression::default())), "suppression.by_address");
    assert_eq!(code(suppressions.delete(there.meta.id)), "suppression.append_only");
    for patch in
        [json!({"reason": "manual"}), json!({"expires_at": "2026-01-01T00:00:00Z"}), json!({"source": "x"})]
    {
        assert_eq!(code(suppressions.patch(there.meta.id, &patch)), "suppression.append_only", "{patch}");
    }
    let lifted = suppressions.patch(there.meta.id, &json!({"lifted_at": "2026-01-01T00:00:00Z"}));
    assert_eq!(code(lifted), "field.read_only");
    // What brought it can be undone; it stays.
    let entry = suppressions.history(there.meta.id, None, 1).unwrap()[0].sequence;
    session.journal().undo(entry).unwrap();
    assert!(is_suppressed(&session, ADA));
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn staff_lift_what_staff_have_set_and_no_word_of_the_owner() {
    let (_crm, session, _) = open();
    let manual = session.suppressions().add(request(ADA)).unwrap();
    session.suppressions().lift(manual.meta.id).unwrap();
    assert!(!is_suppressed(&session, ADA));
    // Lifting can be undone, and then it holds again.
    let entry = session.suppressions().history(manual.meta.id, None, 1).unwrap()[0].sequence;
    session.journal().undo(entry).unwrap();
    assert!(is_suppressed(&session, ADA));
    for reason in [SuppressionReason::Unsubscribe, SuppressionReason::Complaint, SuppressionReason::Erased] {
        let there =
            session.suppressions().add(SuppressionRequest { reason, ..request("eve@example.com") }).unwrap();
        assert_eq!(code(session.suppressions().lift(there.meta.id)), "suppression.of_the_owner", "{reason}");
    }
}

#[test]
fn it_outlives_the_contact_and_meets_the_next_one() {
    let (_crm, session, _) = open();
    let ada = person(&session, ADA);
    session.suppressions().add(request(ADA)).unwrap();
    session.people().delete(ada).unwrap();
    person(&session, "Ada@Example.com");
    let twin = person(&session, "twin@example.com");
    session.people().patch(twin, &json!({"emails": [Email::work(ADA)]})).unwrap();
    assert!(is_suppressed(&session, ADA));
    assert_eq!(count(&session), 1);
}

#[test]
fn an_export_takes_it_along_into_a_database_with_other_keys() {
    let (_crm, here, _) = open();
    here.suppressions().add(request(ADA)).unwrap();
    let token = here.unsubscribe().issue(&message("bob@example.com")).unwrap().token;
    let lines = exported(&here);
    let (_crm, there, _) = open_seeded(9);
    import(&there, &lines);
    assert!(is_suppressed(&there, ADA));
    assert_eq!(exported(&there), lines);
    // Links in mails that are under way go on to work.
    there.unsubscribe().redeem(&token).unwrap();
    assert!(is_suppressed(&there, "bob@example.com"));
    // A broken secret is refused, and nothing is stored.
    let (_crm, third, _) = open_seeded(11);
    let broken = lines.replacen("\"secret\":\"", "\"secret\":\"x", 1);
    let read = third.imports().jsonl(broken.as_bytes(), &mut |_| ControlFlow::Continue(()));
    assert_eq!(code(read), "jsonl.invalid");
    assert_eq!(count(&third), 0);
}

#[test]
fn a_new_consent_of_the_owner_lifts_an_unsubscribe_and_no_complaint() {
    let (_crm, session, clock) = open();
    let token = session.unsubscribe().issue(&message(ADA)).unwrap().token;
    session.unsubscribe().redeem(&token).unwrap();
    assert!(is_suppressed(&session, ADA));
    later(&clock, 60);
    let requested = session.consent().request(event_at(ADA, ConsentStatus::Unknown), None, None).unwrap();
    assert!(is_suppressed(&session, ADA), "a request is no consent");
    session.consent().confirm(&requested.token, None).unwrap();
    assert!(!is_suppressed(&session, ADA));

    session.suppressions().complaint(ADA, ContactChannel::Email, Some("feedback loop")).unwrap();
    later(&clock, 60);
    record(&session, event_at(ADA, ConsentStatus::Renewed));
    assert!(is_suppressed(&session, ADA), "a complaint is lifted by an express wish only");
    record(&session, ConsentEvent { reinstates: Some(true), ..event_at(ADA, ConsentStatus::Renewed) });
    assert!(!is_suppressed(&session, ADA));
    // And for what was consented to only.
    let question = SuppressionQuestion {
        address: ADA.into(),
        purpose: "ai_training".into(),
        ..SuppressionQuestion::default()
    };
    assert!(session.suppressions().check(&question).unwrap().suppressed);
}

#[test]
fn an_opt_out_of_marketing_stops_no_confirmation_of_an_order() {
    let (_crm, session, _) = open();
    let ada = person(&session, ADA);
    record(&session, event_of(ada, ConsentStatus::Withdrawn));
    session.suppressions().complaint(ADA, ContactChannel::Email, None).unwrap();
    for (purpose, expected) in [
        ("direct_marketing", true),
        ("personalised_advertising", true),
        ("customer_order_management", false),
        ("payment_management", false),
        ("communication_for_customer_care", false),
        ("legal_compliance", false),
    ] {
        assert_eq!(is_suppressed_for(&session, ADA, purpose), expected, "{purpose}");
    }
    session.suppressions().bounce(ADA, ContactChannel::Email, true).unwrap();
    assert!(is_suppressed_for(&session, ADA, "customer_order_management"), "nothing arrives there");
}

#[test]
fn an_objection_is_suppressed_at_all_addresses_and_taking_it_back_lifts_nothing() {
    let (_crm, session, clock) = open();
    let ada = person(&session, ADA);
    let objection = Objection { person: ada, purpose: "direct_marketing".into(), ..Objection::default() };
    let objection = session.objections().create(objection).unwrap();
    assert_eq!(objection.received_at, session.now());
    assert!(is_suppressed(&session, ADA));
    let by_phone = SuppressionQuestion {
        address: "0171 2345678".into(),
        channel: ContactChannel::Sms,
        purpose: "direct_marketing".into(),
        ..SuppressionQuestion::default()
    };
    let found = session.suppressions().check(&by_phone).unwrap();
    assert_eq!(found.by[0].reason, SuppressionReason::Objection);
    // An objection is no withdrawal: the ledger says nothing of it.
    assert_eq!(status(&session, Some(ada), None), None);

    session.people().delete(ada).unwrap();
    assert!(is_suppressed(&session, ADA));
    session.people().restore(ada).unwrap();
    let taken_back = Objection {
        outcome: ObjectionOutcome::TakenBack,
        ..session.objections().get(objection.meta.id).unwrap()
    };
    session.objections().update(taken_back).unwrap();
    assert!(is_suppressed(&session, ADA));
    later(&clock, 60);
    record(&session, ConsentEvent { channel: None, ..event_of(ada, ConsentStatus::Given) });
    assert!(!is_suppressed(&session, ADA));

    // Elsewhere than in marketing an objection is weighed, and suppresses nothing.
    let other = Objection { person: ada, purpose: "customer_care".into(), ..Objection::default() };
    session.objections().create(other).unwrap();
    assert!(!is_suppressed_for(&session, ADA, "customer_care"));
}

#[test]
fn soft_bounces_suppress_after_three_in_a_row() {
    let (_crm, session, clock) = open();
    let soft = || session.suppressions().bounce(ADA, ContactChannel::Email, false).unwrap();
    assert_eq!(soft(), None);
    assert_eq!(soft(), None);
    session.suppressions().delivered(ADA, ContactChannel::Email).unwrap();
    assert_eq!(soft(), None);
    clock.advance_days(31);
    assert_eq!(soft(), None);
    assert_eq!(soft(), None);
    assert!(!is_suppressed(&session, ADA));
    let suppression = soft().unwrap();
    assert_eq!(
        (suppression.reason, suppression.scope),
        (SuppressionReason::Bounce, SuppressionScope::Global)
    );
    assert!(is_suppressed(&session, ADA));
    // A consent does not make an address work; staff who have checked it do.
    record(&session, event_at(ADA, ConsentStatus::Given));
    assert!(is_suppressed(&session, ADA));
    session.suppressions().lift(suppression.meta.id).unwrap();
    assert!(!is_suppressed(&session, ADA));
    assert!(session.suppressions().bounce(ADA, ContactChannel::Email, true).unwrap().is_some());
}

fn message(address: &str) -> UnsubscribeRequest {
    UnsubscribeRequest {
        address: Some(address.into()),
        purpose: "direct_marketing".into(),
        base_url: "https://crm.example/unsubscribe".into(),
        ..UnsubscribeRequest::default()
    }
}

#[test]
fn one_click_unsubscribes_once_and_tells_nobody_who() {
    let (_crm, session, _) = open();
    let ada = person(&session, ADA);
    record(&session, ConsentEvent { address: Some(ADA.into()), ..event_of(ada, ConsentStatus::Given) });
    let headers = session.unsubscribe().issue(&message(ADA)).unwrap();
    assert_eq!(
        headers.list_unsubscribe,
        format!("<https://crm.example/unsubscribe?token={}>", headers.token)
    );
    assert_eq!(headers.list_unsubscribe_post, "List-Unsubscribe=One-Click");
    assert!(headers.token.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));

    let first = session.unsubscribe().redeem(&headers.token).unwrap();
    let second = session.unsubscribe().redeem(&headers.token).unwrap();
    assert!(!first.already && second.already);
    assert!(!serde_json::to_string(&first).unwrap().contains("ada"));
    assert!(is_suppressed(&session, ADA));
    assert_eq!(status(&session, Some(ada), Some(ADA)), Some(ConsentStatus::Withdrawn));
    assert_eq!(count(&session), 1);
    let withdrawals =
        session.consent_events().list(&Query::new().filter("kind = \"withdrawn\"".parse().unwrap()));
    let withdrawals = withdrawals.unwrap().records;
    assert_eq!(withdrawals.len(), 1);
    assert_eq!(withdrawals[0].address, None);

    // Two tokens for one address do not show that it is the same.
    let other = session.unsubscribe().issue(&message(ADA)).unwrap();
    assert_ne!(headers.token.as_bytes()[..40], other.token.as_bytes()[..40]);
}

#[test]
fn it_works_for_a_person_and_after_the_person_is_gone() {
    let (_crm, session, _) = open();
    let ada = person(&session, ADA);
    let of_person = UnsubscribeRequest { address: None, person: Some(ada), ..message(ADA) };
    let token = session.unsubscribe().issue(&of_person).unwrap().token;
    let by_text = UnsubscribeRequest { channel: ContactChannel::Sms, ..of_person.clone() };
    assert!(session.unsubscribe().issue(&by_text).is_ok());
    session.people().delete(ada).unwrap();
    assert_eq!(code(session.unsubscribe().issue(&of_person)), "record.not_found");
    session.unsubscribe().redeem(&token).unwrap();
    assert!(is_suppressed(&session, ADA));
}

#[test]
fn a_list_a_brand_and_a_topic_are_left_by_themselves() {
    let (_crm, session, _) = open();
    let newsletter = ProcessingPurpose {
        key: "newsletter".into(),
        name: "Newsletter".into(),
        parent: "direct_marketing".into(),
        ..ProcessingPurpose::default()
    };
    let newsletter = session.processing_purposes().create(newsletter).unwrap();
    let leave = |request: &UnsubscribeRequest| {
        let token = session.unsubscribe().issue(request).unwrap().token;
        session.unsubscribe().redeem(&token).unwrap()
    };
    let suppressed = |purpose: &str, brand: Option<&str>, topic: Option<&str>, channel| {
        let question = SuppressionQuestion {
            address: ADA.into(),
            channel,
            purpose: purpose.into(),
            brand: brand.map(str::to_owned),
            topic: topic.map(str::to_owned),
            at: None,
        };
        session.suppressions().check(&question).unwrap().suppressed
    };
    let email = ContactChannel::Email;
    leave(&UnsubscribeRequest { topic: Some("golf".into()), ..message(ADA) });
    assert!(suppressed("direct_marketing", None, Some("golf"), email));
    assert!(!suppressed("direct_marketing", None, Some("chess"), email));
    leave(&UnsubscribeRequest { brand: Some("acme".into()), ..message(ADA) });
    assert!(suppressed("direct_marketing", Some("acme"), None, email));
    assert!(!suppressed("direct_marketing", Some("other"), None, email));
    let of_list = UnsubscribeRequest { purpose: "newsletter".into(), ..message("bob@example.com") };
    let token = session.unsubscribe().issue(&of_list).unwrap().token;
    leave(&UnsubscribeRequest { purpose: "newsletter".into(), ..message(ADA) });
    assert!(suppressed("newsletter", None, None, email));
    assert!(!suppressed("direct_marketing", None, None, email));

    // A link whose purpose is gone still unsubscribes, and from more rather than from nothing.
    let gone = UnsubscribeRequest { purpose: "offers".into(), ..message("eve@example.com") };
    let offers = ProcessingPurpose {
        key: "offers".into(),
        name: "Offers".into(),
        parent: "direct_marketing".into(),
        ..Default::default()
    };
    let offers = session.processing_purposes().create(offers).unwrap();
    let late = session.unsubscribe().issue(&gone).unwrap().token;
    session.processing_purposes().delete(offers.meta.id).unwrap();
    session.unsubscribe().redeem(&late).unwrap();
    assert!(is_suppressed(&session, "eve@example.com"));
    session.unsubscribe().redeem(&token).unwrap();
    assert!(is_suppressed_for(&session, "bob@example.com", "newsletter"));
    assert_eq!(session.processing_purposes().get(newsletter.meta.id).unwrap().key, "newsletter");
}

#[test]
fn tokens_cannot_be_made_up_changed_or_taken_from_elsewhere() {
    let (_crm, session, _) = open();
    assert_eq!(code(session.unsubscribe().redeem("AAAA")), "unsubscribe.token");
    let token = session.unsubscribe().issue(&message(ADA)).unwrap().token;
    for at in 0..token.len() {
        let mut changed = token.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).unwrap();
        let redeemed = session.unsubscribe().redeem(&changed);
        assert_eq!(code(redeemed), "unsubscribe.token", "position {at}");
    }
    for wrong in
        ["", " ", "ada@example.com", token.trim_end_matches(char::is_alphanumeric), &format!("{token}A")]
    {
        let error = session.unsubscribe().redeem(wrong).unwrap_err();
        assert_eq!(error.code(), "unsubscribe.token");
        assert!(!error.to_string().contains("ada"));
    }
    let (_crm, elsewhere, _) = open_seeded(9);
    elsewhere.unsubscribe().issue(&message(ADA)).unwrap();
    assert_eq!(code(elsewhere.unsubscribe().redeem(&token)), "unsubscribe.token");
    assert_eq!(count(&session), 0);
    assert!(!session.unsubscribe().redeem(&format!(" {token}\n")).unwrap().already);
}

#[test]
fn what_cannot_be_issued_is_refused() {
    let (_crm, session, _) = open();
    let ada = person(&session, ADA);
    for (request, expected) in [
        (UnsubscribeRequest { address: None, ..message(ADA) }, "unsubscribe.address"),
        (UnsubscribeRequest { person: Some(ada), ..message(ADA) }, "unsubscribe.address"),
        (
            UnsubscribeRequest {
                address: None,
                person: Some(ada),
                channel: ContactChannel::Postal,
                ..message(ADA)
            },
            "unsubscribe.address",
        ),
        (UnsubscribeRequest { purpose: "golf".into(), ..message(ADA) }, "purpose.unknown"),
        (UnsubscribeRequest { base_url: "http://crm.example/".into(), ..message(ADA) }, "unsubscribe.url"),
        (message("nobody"), "email.no_at"),
    ] {
        assert_eq!(code(session.unsubscribe().issue(&request)), expected);
    }
}

fn snapshot(registry: &str, fetched: &str) -> RegisterSnapshot {
    RegisterSnapshot {
        registry: registry.into(),
        fetched_at: Some(fetched.parse().unwrap()),
        ..RegisterSnapshot::default()
    }
}

#[test]
fn a_register_is_screened_by_its_latest_complete_snapshot() {
    let (_crm, session, clock) = open();
    let registers = session.register_snapshots();
    let phone = AddressType::Phone;
    let answer = |number: &str| registers.screen("us_dnc", number, phone, None).unwrap().answer;
    assert_eq!(answer("+12025550123"), ScreeningAnswer::Stale, "never loaded");

    let first = registers.create(snapshot("us_dnc", "2026-11-20T00:00:00Z")).unwrap();
    assert_eq!((first.address_type, first.max_age_days), (Some(phone), Some(31)), "the usual");
    let entries: Vec<String> = (0..2_500).map(|number| format!("+1202555{number:04}")).collect();
    let mut told = Vec::new();
    let loaded = registers.load(first.meta.id, &entries, &mut |done: &Loaded| {
        told.push(done.taken);
        ControlFlow::Continue(())
    });
    assert_eq!(loaded.unwrap(), Loaded { taken: 2_500, rejected: 0, of: 2_500 });
    assert_eq!(told, [1_000, 2_000, 2_500]);
    assert_eq!(answer("+12025550123"), ScreeningAnswer::Stale, "not complete yet");
    let complete = registers.finish(first.meta.id).unwrap();
    assert_eq!(complete.entry_count, Some(2_500));
    assert_eq!(registers.finish(first.meta.id).unwrap(), complete);
    assert_eq!(
        answer("(202) 555-0123"),
        ScreeningAnswer::NotListed,
        "as dialled in Germany it is another number"
    );
    assert_eq!(answer("+1 (202) 555-0123"), ScreeningAnswer::Listed);
    assert_eq!(answer("+12025559999"), ScreeningAnswer::NotListed);

    clock.advance_days(31);
    assert_eq!(answer("+12025559999"), ScreeningAnswer::Stale);
    assert_eq!(answer("+12025550123"), ScreeningAnswer::Listed, "who is listed stays so");
    let then =
        registers.screen("us_dnc", "+12025559999", phone, Some("2026-12-21T00:00:00Z".parse().unwrap()));
    let then = then.unwrap();
    assert_eq!(
        (then.answer, then.fresh_until),
        (ScreeningAnswer::NotListed, Some("2026-12-21T00:00:00Z".parse().unwrap()))
    );

    let second = registers.create(snapshot("us_dnc", "2026-12-20T00:00:00Z")).unwrap();
    let rejected = registers
        .load(second.meta.id, &["+12025550001".into(), "call me".into()], &mut |_| ControlFlow::Continue(()));
    assert_eq!(rejected.unwrap(), Loaded { taken: 1, rejected: 1, of: 2 });
    registers.finish(second.meta.id).unwrap();
    assert_eq!(answer("+12025550123"), ScreeningAnswer::NotListed);
    assert_eq!(answer("+12025550001"), ScreeningAnswer::Listed);
}

#[test]
fn a_snapshot_is_loaded_step_by_step_and_stays_as_it_was() {
    let (_crm, session, _) = open();
    let registers = session.register_snapshots();
    let first = registers.create(snapshot("uk_tps", "2026-11-20T00:00:00Z")).unwrap();
    let entries: Vec<String> = (0..1_500).map(|number| format!("+1202555{number:04}")).collect();
    let stopped = registers.load(first.meta.id, &entries, &mut |_| ControlFlow::Break(()));
    assert_eq!(code(stopped), "register_snapshot.cancelled");
    // To load it again changes nothing but what was missing.
    registers.load(first.meta.id, &entries, &mut |_| ControlFlow::Continue(())).unwrap();
    assert_eq!(registers.finish(first.meta.id).unwrap().entry_count, Some(1_500));
    let again = registers.load(first.meta.id, &entries, &mut |_| ControlFlow::Continue(()));
    assert_eq!(code(again), "register_snapshot.complete");
    let other = registers.patch(first.meta.id, &json!({"fetched_at": "2026-11-21T00:00:00Z"}));
    assert_eq!(code(other), "register_snapshot.complete");
    assert_eq!(
        code(registers.create(snapshot("uk_tps", "2027-01-01T00:00:00Z"))),
        "register_snapshot.future"
    );

    // An export has no entries, so elsewhere nothing is known.
    let (_crm, there, _) = open_seeded(9);
    import(&there, &exported(&session));
    let elsewhere =
        there.register_snapshots().screen("uk_tps", "+12025559999", AddressType::Phone, None).unwrap();
    assert_eq!(elsewhere.answer, ScreeningAnswer::Stale);
    // Nor is it when the snapshot is deleted, or comes back without its entries.
    registers.delete(first.meta.id).unwrap();
    let gone = registers.screen("uk_tps", "+12025550001", AddressType::Phone, None).unwrap();
    assert_eq!((gone.answer, gone.snapshot), (ScreeningAnswer::Stale, None));
    registers.restore(first.meta.id).unwrap();
    let back = registers.screen("uk_tps", "+12025550001", AddressType::Phone, None).unwrap();
    assert_eq!(back.answer, ScreeningAnswer::Stale);
}
