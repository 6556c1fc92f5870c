//! Purposes, notices, bases, and what privacy knows of people.

use crate::privacy_support::{exported, import, later, open, open_seeded, person};
use crm_core::contacts::{Organisation, Person};
use crm_core::privacy::{
    AgeBand, AssessmentOutcome, BUILT_IN, BasisStatus, DataSubject, LegalBasis, LegitimateInterestAssessment,
    NoticeKind, Objection, ObjectionOutcome, PrivacyNotice, ProcessingBasis, ProcessingPurpose, PurposeClass,
    RelationshipEvent, RelationshipEventKind, Restriction, SpecialCategoryGround,
};
use crm_core::record::query::Query;
use crm_core::{CrmError, RecordId, Session, Timestamp};
use serde_json::json;

fn code<T: std::fmt::Debug>(result: Result<T, CrmError>) -> (String, Option<String>) {
    let error = result.unwrap_err();
    (error.code().to_owned(), error.path().map(str::to_owned))
}

fn is(code: &str, path: &str) -> (String, Option<String>) {
    (code.to_owned(), Some(path.to_owned()))
}

fn purpose(key: &str, parent: &str) -> ProcessingPurpose {
    ProcessingPurpose {
        key: key.into(),
        name: key.into(),
        parent: parent.into(),
        ..ProcessingPurpose::default()
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the fields that it is for may be empty")]
fn at(text: &str) -> Option<Timestamp> {
    Some(text.parse().unwrap())
}

#[test]
fn a_purpose_has_its_place_in_the_tree() {
    let (_crm, session, _) = open();
    let purposes = session.processing_purposes();
    // By JSON, and below by a struct: a purpose that says no class has that of the purpose above it.
    let newsletter = session
        .records("processing_purpose")
        .create(&json!({"key": "newsletter", "name": "Newsletter", "parent": "direct_marketing"}))
        .unwrap();
    assert_eq!(newsletter["class"], "marketing");
    for (key, parent, expected) in [
        ("Newsletter", "direct_marketing", is("purpose.key", "key")),
        ("1st", "direct_marketing", is("purpose.key", "key")),
        ("customer_care", "direct_marketing", is("field.duplicate", "key")),
        ("newsletter", "direct_marketing", is("field.duplicate", "key")),
        ("golf", "nowhere", is("purpose.unknown", "parent")),
        ("golf", "golf", is("purpose.unknown", "parent")),
        ("golf", "", is("purpose.unknown", "parent")),
    ] {
        assert_eq!(code(purposes.create(purpose(key, parent))), expected, "{key} below {parent}");
    }
    let weekly = purposes.create(purpose("weekly", "newsletter")).unwrap();
    let id = newsletter["id"].as_str().unwrap().parse::<RecordId>().unwrap();
    assert_eq!(code(purposes.patch(id, &json!({"parent": "weekly"}))), is("purpose.loop", "parent"));
    assert_eq!(code(purposes.patch(id, &json!({"key": "other"}))), is("purpose.key_fixed", "key"));
    assert_eq!(code(purposes.delete(id)), is("record.restricted", "parent"));
    purposes.delete(weekly.meta.id).unwrap();
    purposes.delete(id).unwrap();

    let mut parent = "direct_marketing".to_owned();
    for depth in 0..14 {
        let key = format!("deep_{depth}");
        purposes.create(purpose(&key, &parent)).unwrap();
        parent = key;
    }
    assert_eq!(code(purposes.create(purpose("too_deep", &parent))), is("purpose.too_deep", "parent"));
    let tree = purposes.tree().unwrap();
    assert_eq!(tree.len(), BUILT_IN.len() + 14);
    assert!(tree.iter().all(|purpose| {
        purpose.parent.as_ref().is_none_or(|parent| tree.iter().any(|other| other.key == *parent))
    }));
    assert_eq!(tree.iter().find(|purpose| purpose.key == "deep_3").unwrap().class, PurposeClass::Marketing);
}

fn notice(language: &str, version: &str, text: &str) -> PrivacyNotice {
    PrivacyNotice {
        key: "newsletter".into(),
        kind: NoticeKind::Consent,
        language: language.into(),
        notice_version: version.into(),
        text: text.into(),
        ..PrivacyNotice::default()
    }
}

#[test]
fn a_notice_stays_as_it_was_read() {
    let (_crm, session, _) = open();
    let notices = session.privacy_notices();
    let first = notices.create(notice("DE-at", "1", "Wir schreiben.")).unwrap();
    assert_eq!(first.language, "de-AT");
    assert_eq!(first.content_hash.as_ref().map(String::len), Some(64));
    for (patch, field) in [
        (json!({"text": "Wir schreiben täglich."}), "text"),
        (json!({"notice_version": "2"}), "notice_version"),
        (json!({"language": "en"}), "language"),
        (json!({"key": "other"}), "key"),
        (json!({"kind": "privacy"}), "kind"),
    ] {
        assert_eq!(code(notices.patch(first.meta.id, &patch)), is("privacy_notice.fixed", field));
    }
    assert_eq!(
        code(notices.patch(first.meta.id, &json!({"content_hash": "0"}))),
        is("field.read_only", "content_hash")
    );
    notices.patch(first.meta.id, &json!({"effective_to": "2027-01-01T00:00:00Z"})).unwrap();
    assert_eq!(
        code(notices.create(notice("de-AT", "1", "Anderes"))),
        is("field.duplicate", "notice_version")
    );
    assert_eq!(code(notices.create(notice("German language", "1", "x"))), is("language.invalid", "language"));
    let backwards = PrivacyNotice {
        effective_from: at("2026-02-01T00:00:00Z"),
        effective_to: at("2026-01-01T00:00:00Z"),
        ..notice("en", "1", "We write.")
    };
    assert_eq!(code(notices.create(backwards)), is("privacy_notice.period", "effective_to"));
    // The same text has the same hash, whoever stores it.
    let same =
        notices.create(PrivacyNotice { key: "other".into(), ..notice("de-AT", "9", "Wir schreiben.") });
    assert_eq!(same.unwrap().content_hash, first.content_hash);
}

#[test]
fn the_notice_that_is_shown_is_found_by_time_and_language() {
    let (_crm, session, _) = open();
    let notices = session.privacy_notices();
    for (language, version, from, to) in [
        ("de", "1", None, None),
        ("de", "2", at("2026-06-01T00:00:00Z"), None),
        ("de-AT", "1", at("2026-03-01T00:00:00Z"), at("2026-09-01T00:00:00Z")),
    ] {
        let text = format!("{language} {version}");
        let stored =
            PrivacyNotice { effective_from: from, effective_to: to, ..notice(language, version, &text) };
        notices.create(stored).unwrap();
    }
    for (language, when, expected) in [
        ("de", "2026-05-31T23:59:59Z", Some("de 1")),
        ("de", "2026-06-01T00:00:00Z", Some("de 2")),
        ("de-at", "2026-07-01T00:00:00Z", Some("de-AT 1")),
        ("de-AT", "2026-09-01T00:00:00Z", Some("de 2")),
        ("de-AT", "2026-02-01T00:00:00Z", Some("de 1")),
        ("de-CH", "2026-07-01T00:00:00Z", Some("de 2")),
        ("en", "2026-07-01T00:00:00Z", None),
    ] {
        let found = notices.current("newsletter", language, at(when)).unwrap();
        assert_eq!(found.map(|notice| notice.text).as_deref(), expected, "{language} {when}");
    }
    assert_eq!(notices.current("unknown", "de", None).unwrap(), None);
    assert_eq!(code(notices.current("newsletter", "", None)), is("language.invalid", "language"));
}

fn basis(legal_basis: LegalBasis) -> ProcessingBasis {
    ProcessingBasis {
        purpose: "direct_marketing".into(),
        legal_basis: Some(legal_basis),
        ..ProcessingBasis::default()
    }
}

#[test]
fn a_basis_that_holds_says_what_it_rests_on() {
    let (_crm, session, _) = open();
    let bases = session.processing_bases();
    let stored = bases.create(basis(LegalBasis::Consent)).unwrap();
    assert_eq!((stored.status, stored.effective_from), (BasisStatus::Active, Some(session.now())));
    assert_eq!(
        code(bases.create(ProcessingBasis { legal_basis: None, ..basis(LegalBasis::Consent) })),
        is("field.required", "legal_basis")
    );
    assert_eq!(
        code(bases.create(ProcessingBasis { purpose: "golf".into(), ..basis(LegalBasis::Consent) })),
        is("purpose.unknown", "purpose")
    );
    assert_eq!(
        code(bases.create(basis(LegalBasis::LegalObligation))),
        is("processing_basis.law", "law_reference")
    );
    let by_law =
        ProcessingBasis { law_reference: Some("HGB § 257".into()), ..basis(LegalBasis::LegalObligation) };
    bases.create(by_law).unwrap();
    let special = ProcessingBasis {
        special_category_ground: Some(SpecialCategoryGround::HealthCare),
        ..basis(LegalBasis::Consent)
    };
    assert_eq!(code(bases.create(special)), is("processing_basis.law", "law_reference"));
    let backwards =
        ProcessingBasis { effective_to: at("2020-01-01T00:00:00Z"), ..basis(LegalBasis::Contract) };
    assert_eq!(code(bases.create(backwards)), is("processing_basis.period", "effective_to"));

    let of_interest = basis(LegalBasis::LegitimateInterests);
    assert_eq!(code(bases.create(of_interest.clone())), is("processing_basis.assessment", "assessment"));
    let assessment = LegitimateInterestAssessment {
        purpose: "direct_marketing".into(),
        interest: "To tell customers of what they may like".into(),
        ..LegitimateInterestAssessment::default()
    };
    let assessment = session.legitimate_interest_assessments().create(assessment).unwrap();
    let of_interest = ProcessingBasis { assessment: Some(assessment.meta.id.into()), ..of_interest };
    assert_eq!(code(bases.create(of_interest.clone())), is("processing_basis.assessment", "assessment"));
    let suspended = ProcessingBasis { status: BasisStatus::Suspended, ..of_interest.clone() };
    let suspended = bases.create(suspended).unwrap();
    let decided = LegitimateInterestAssessment { outcome: AssessmentOutcome::Outweighs, ..assessment };
    let decided = session.legitimate_interest_assessments().update(decided).unwrap();
    assert_eq!(decided.decided_at, Some(session.now()));
    bases.create(of_interest).unwrap();
    bases.patch(suspended.meta.id, &json!({"status": "active"})).unwrap();
    // While a basis rests on it, an assessment stays.
    assert_eq!(
        code(session.legitimate_interest_assessments().delete(decided.meta.id)).0,
        "record.restricted"
    );
}

#[test]
fn a_persons_own_basis_goes_with_the_person() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let own = session
        .processing_bases()
        .create(ProcessingBasis { person: Some(ada), ..basis(LegalBasis::Contract) })
        .unwrap();
    session.people().delete(ada).unwrap();
    assert_eq!(session.processing_bases().find(own.meta.id).unwrap(), None);
    session.people().restore(ada).unwrap();
    assert_eq!(session.processing_bases().get(own.meta.id).unwrap().person, Some(ada));
}

#[test]
fn events_of_a_relationship_have_happened() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let event = |kind, when: Option<Timestamp>| RelationshipEvent {
        person: Some(ada),
        kind,
        occurred_at: when,
        seller: Some("acme".into()),
        ..RelationshipEvent::default()
    };
    let events = session.relationship_events();
    let purchase = events.create(event(RelationshipEventKind::Purchase, None)).unwrap();
    assert_eq!(purchase.occurred_at, Some(session.now()));
    assert_eq!(
        (purchase.own_similar_goods, purchase.opt_out_offered_at_collection),
        (Some(false), Some(false))
    );
    let future = at("2027-01-01T00:00:00Z");
    assert_eq!(
        code(events.create(event(RelationshipEventKind::Purchase, future))),
        is("relationship_event.future", "occurred_at")
    );
    events.create(event(RelationshipEventKind::ContractEnd, future)).unwrap();
    let nobody = RelationshipEvent { person: None, ..event(RelationshipEventKind::Quote, None) };
    assert_eq!(code(events.create(nobody.clone())), is("relationship_event.party", "person"));
    let works =
        session.organisations().create(Organisation { name: "Works".into(), ..Default::default() }).unwrap();
    events.create(RelationshipEvent { organisation: Some(works.meta.id.into()), ..nobody }).unwrap();
}

#[test]
fn a_data_subject_is_checked() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let subjects = session.data_subjects();
    let subject = DataSubject { person: ada, ..DataSubject::default() };
    for (subject, expected) in [
        (DataSubject { residence_country: Some("XX".into()), ..subject.clone() }, "residence_country"),
        (
            DataSubject { residence_subdivision: Some("California".into()), ..subject.clone() },
            "residence_subdivision",
        ),
        (
            DataSubject {
                residence_country: Some("DE".into()),
                residence_subdivision: Some("US-CA".into()),
                ..subject.clone()
            },
            "residence_subdivision",
        ),
        (DataSubject { time_zone: Some("Mars/Olympus".into()), ..subject.clone() }, "time_zone"),
        (DataSubject { guardian: Some(ada), ..subject.clone() }, "guardian"),
    ] {
        assert_eq!(code(subjects.create(subject)).1.as_deref(), Some(expected));
    }
    let stored = DataSubject {
        residence_subdivision: Some("us-ca".into()),
        age_band: Some(AgeBand::From13To15),
        ..subject.clone()
    };
    let stored = subjects.create(stored).unwrap();
    assert_eq!(stored.residence_subdivision.as_deref(), Some("US-CA"));
    assert_eq!(stored.residence_country.as_deref(), Some("US"));
    assert_eq!(code(subjects.create(subject)).0, "field.duplicate");
}

/// Since when the processing of a person's data is restricted.
fn restricted(session: &Session, person: RecordId) -> Option<Timestamp> {
    let filter = crm_core::record::filter::field("person").equals(person);
    let found = session.data_subjects().list(&Query::new().filter(filter)).unwrap().records;
    found.first().and_then(|subject| subject.restricted_since)
}

#[test]
fn a_restriction_is_seen_at_its_subject_as_long_as_one_holds() {
    let (_crm, session, clock) = open();
    let ada = person(&session, "ada@example.com");
    let restriction = Restriction { person: ada, ..Restriction::default() };
    let first = session.restrictions().create(restriction.clone()).unwrap();
    let since = session.now();
    assert_eq!(first.since, since);
    assert_eq!(restricted(&session, ada.into()), Some(since));
    later(&clock, 60);
    let second = session.restrictions().create(restriction).unwrap();
    session.restrictions().patch(first.meta.id, &json!({"until": session.now()})).unwrap();
    assert_eq!(restricted(&session, ada.into()), Some(second.since));
    session.restrictions().delete(second.meta.id).unwrap();
    assert_eq!(restricted(&session, ada.into()), None);
    session.restrictions().restore(second.meta.id).unwrap();
    assert_eq!(restricted(&session, ada.into()), Some(second.since));
    let backwards = session.restrictions().patch(second.meta.id, &json!({"until": "2020-01-01T00:00:00Z"}));
    assert_eq!(code(backwards), is("restriction.period", "until"));
}

#[test]
fn an_objection_to_marketing_is_final() {
    let (_crm, session, _) = open();
    let ada = person(&session, "ada@example.com");
    let objection = |purpose: &str, outcome| Objection {
        person: ada,
        purpose: purpose.into(),
        outcome,
        ..Objection::default()
    };
    let objections = session.objections();
    assert_eq!(
        code(objections.create(objection("direct_marketing", ObjectionOutcome::Overridden))),
        is("objection.final", "outcome")
    );
    assert_eq!(
        code(objections.create(objection("golf", ObjectionOutcome::Upheld))),
        is("purpose.unknown", "purpose")
    );
    objections.create(objection("customer_care", ObjectionOutcome::Overridden)).unwrap();
    let upheld = objections.create(objection("direct_marketing", ObjectionOutcome::Upheld)).unwrap();
    let overridden = objections.patch(upheld.meta.id, &json!({"outcome": "overridden"}));
    assert_eq!(code(overridden), is("objection.final", "outcome"));
}

#[test]
fn all_of_it_moves_with_the_database() {
    let (_crm, here, _) = open();
    let ada = person(&here, "ada@example.com");
    here.processing_purposes().create(purpose("newsletter", "direct_marketing")).unwrap();
    here.privacy_notices().create(notice("de", "1", "Wir schreiben.")).unwrap();
    here.processing_bases().create(basis(LegalBasis::Consent)).unwrap();
    here.restrictions().create(Restriction { person: ada, ..Restriction::default() }).unwrap();
    let bought = RelationshipEvent { person: Some(ada), ..RelationshipEvent::default() };
    here.relationship_events().create(bought).unwrap();
    let lines = exported(&here);
    let (_crm, there, _) = open_seeded(9);
    import(&there, &lines);
    assert_eq!(exported(&there), lines);
    assert_eq!(restricted(&there, ada.into()), restricted(&here, ada.into()));
    assert_eq!(there.people().count(&crm_core::record::filter::Filter::all()).unwrap(), 1);
    let _: Person = there.people().get(ada).unwrap();
    assert!(here.journal().verify().unwrap().is_sound());
}
