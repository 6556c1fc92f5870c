//! Requests of data subjects from the day they come to the day they are answered, and what is done for them.

use std::sync::Arc;

use crm_core::access::users::User;
use crm_core::activity::Note;
use crm_core::contacts::{Email, Person, PersonId};
use crm_core::privacy::rights::{
    AutomatedDecision, IdentityCheck, IdentityState, PackageOptions, PauseReason, PublicHoliday,
    Rectification, RefusalGround, RequestStatus, Review, ReviewState, RightsEventKind, RightsRegime,
    RightsRequest, RightsRequestId, SubjectRight, TaskState, TrafficLight,
};
use crm_core::privacy::{DataSubject, RestrictionGround};
use crm_core::record::Record;
use crm_core::record::filter::field;
use crm_core::record::query::Query;
use crm_core::storage::{ReadMode, query_all};
use crm_core::{
    Actor, Config, Crm, CrmError, ManualClock, Purpose, RecordId, Reference, SeededRandom, Session,
};
use serde_json::{Value as Json, json};

struct Office {
    crm: Crm,
    session: Session,
    clock: Arc<ManualClock>,
}

impl Office {
    fn open() -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-10T09:00:00Z".parse().unwrap()));
        let config = Config::default().clock(Arc::clone(&clock)).random(SeededRandom::new([7; 32]));
        let crm = crate::engine_support::open(config.zone("Europe/Berlin").unwrap());
        let session = crm.session(Actor::System, Purpose::RightsFulfilment).unwrap();
        Self { crm, session, clock }
    }

    fn at(&self, time: &str) {
        self.clock.set(time.parse().unwrap());
    }

    fn person(&self, name: &str) -> PersonId {
        let person = Person {
            family_name: Some(name.into()),
            emails: vec![Email::work(format!("{name}@example.com"))],
            ..Person::default()
        };
        self.session.people().create(person).unwrap().id()
    }

    fn request(&self, right: SubjectRight, regime: RightsRegime, person: Option<PersonId>) -> RightsRequest {
        let request = RightsRequest { right, regime, person, ..RightsRequest::default() };
        self.session.rights().open(request).unwrap()
    }

    fn access(&self, person: PersonId) -> RightsRequestId {
        self.request(SubjectRight::Access, RightsRegime::Gdpr, Some(person)).id()
    }

    fn identify(&self, request: RightsRequestId, state: IdentityState) -> Result<RightsRequest, CrmError> {
        let check = IdentityCheck { state, ..IdentityCheck::default() };
        self.session.rights().verify_identity(request, check)
    }

    fn events(&self, request: RightsRequestId) -> Vec<RightsEventKind> {
        let query = Query::new().filter(field("request").equals(RecordId::from(request))).ascending("at");
        let page = self.session.rights_request_events().list(&query).unwrap();
        page.records.into_iter().map(|event| event.kind).collect()
    }
}

fn due(request: &RightsRequest) -> String {
    request.due_on.map(|day| day.to_string()).unwrap_or_default()
}

fn code<T: std::fmt::Debug>(outcome: Result<T, CrmError>) -> String {
    outcome.unwrap_err().code().to_owned()
}

#[test]
fn a_request_runs_by_the_zone_of_the_controller() {
    let office = Office::open();
    // It is past midnight in Berlin already.
    let request = RightsRequest {
        received_at: "2026-03-09T23:30:00Z".parse().ok(),
        requester_name: Some("Ada".into()),
        ..RightsRequest::default()
    };
    let request = office.session.rights().open(request).unwrap();
    assert_eq!(request.number.as_deref(), Some("R-00001"));
    assert_eq!(due(&request), "2026-04-10");
    // Summer time has begun meanwhile.
    assert_eq!(request.due_at.unwrap().to_string(), "2026-04-10T21:59:59.999999Z");
    assert_eq!(request.status, Some(RequestStatus::Received));
    assert_eq!(request.identity_state, Some(IdentityState::Unverified));
    assert_eq!(office.events(request.id()), [RightsEventKind::Received]);
    let clock = office.session.rights().clock(request.id()).unwrap();
    assert_eq!((clock.due_on, clock.extend_by), (request.due_on, request.due_on));
    assert!(clock.statutory && clock.source.unwrap().contains("12(3)"));
    let holiday = PublicHoliday {
        date: "2026-04-10".parse().unwrap(),
        name: "Strike".into(),
        ..PublicHoliday::default()
    };
    office.session.public_holidays().create(holiday).unwrap();
    assert_eq!(
        office.session.rights().clock(request.id()).unwrap().due_on.unwrap().to_string(),
        "2026-04-13"
    );
}

#[test]
fn the_clock_stops_and_goes_on() {
    let office = Office::open();
    let request = office.access(office.person("Lovelace"));
    let rights = office.session.rights();
    office.at("2026-03-20T10:00:00Z");
    let paused = office.identify(request, IdentityState::Requested).unwrap();
    assert_eq!((paused.status, due(&paused)), (Some(RequestStatus::Paused), "2026-04-10".to_owned()));
    assert_eq!(code(rights.pause(request, PauseReason::Clarification, None, None)), "rights.paused");
    office.at("2026-03-27T10:00:00Z");
    let verified = office.identify(request, IdentityState::Verified).unwrap();
    assert_eq!((verified.status, due(&verified)), (Some(RequestStatus::InProgress), "2026-04-17".to_owned()));
    assert_eq!(code(rights.resume(request, None, None)), "rights.not_paused");
    assert_eq!(code(rights.extend(request, "  ", None)), "field.required");
    let extended = rights.extend(request, "Four archives", None).unwrap();
    assert_eq!((extended.status, due(&extended)), (Some(RequestStatus::Extended), "2026-06-17".to_owned()));
    assert_eq!(code(rights.extend(request, "Five", None)), "rights.extension.not_allowed");
    // What was a pause for identity is not ended by another question, and time does not run backwards.
    let early = Some("2026-03-21T10:00:00Z".parse().unwrap());
    assert_eq!(code(rights.pause(request, PauseReason::Clarification, early, None)), "rights.time");
    let future = Some("2026-04-21T10:00:00Z".parse().unwrap());
    assert_eq!(code(rights.pause(request, PauseReason::Clarification, future, None)), "rights.time");
    office.at("2026-06-18T10:00:00Z");
    assert_eq!(code(rights.pause(request, PauseReason::Clarification, None, None)), "rights.overdue");
    use RightsEventKind::{Extend, IdentityRequested, IdentityVerified, Pause, Received, Resume};
    assert_eq!(
        office.events(request),
        [Received, IdentityRequested, Pause, IdentityVerified, Resume, Extend]
    );
}

#[test]
fn a_law_without_a_pause_has_none() {
    let office = Office::open();
    let person = office.person("Lovelace");
    let request = office.request(SubjectRight::Access, RightsRegime::Ccpa, Some(person));
    assert_eq!(
        (due(&request), request.acknowledge_by.unwrap().to_string()),
        ("2026-04-24".into(), "2026-03-24".into())
    );
    let asked = office.identify(request.id(), IdentityState::Requested).unwrap();
    assert_eq!((asked.status, due(&asked)), (Some(RequestStatus::Received), "2026-04-24".to_owned()));
    let outcome = office.session.rights().pause(request.id(), PauseReason::Identity, None, None);
    assert_eq!(code(outcome), "rights.pause.not_allowed");
}

#[test]
fn an_opt_out_needs_no_identity() {
    let office = Office::open();
    let request = office.request(SubjectRight::DoNotSell, RightsRegime::Ccpa, None);
    assert_eq!(request.identity_state, Some(IdentityState::NotNeeded));
    assert_eq!(due(&request), "2026-03-31");
    let done = office.session.rights().complete(request.id(), Some("Stopped")).unwrap();
    assert_eq!(done.status, Some(RequestStatus::Completed));
    let unknown = RightsRequest { right: SubjectRight::DoNotSell, ..RightsRequest::default() };
    let error = office.session.rights().open(unknown).unwrap_err();
    assert_eq!((error.code(), error.path()), ("rights.not_in_regime", Some("right")));
}

#[test]
fn the_work_is_listed_and_must_be_done() {
    let office = Office::open();
    let ada = office.person("Lovelace");
    let about = Reference::new("person", ada);
    let note = |body: &str| Note { about: about.clone(), body: body.into(), ..Note::default() };
    office.session.notes().create(note("Likes anvils")).unwrap();
    let request = office.request(SubjectRight::Erasure, RightsRegime::Gdpr, None);
    let lines = || {
        let query = Query::new().filter(field("request").equals(request.meta.id)).ascending("store");
        let page = office.session.rights_request_tasks().list(&query).unwrap();
        page.records
            .into_iter()
            .map(|line| (line.store.clone(), line.count, line.meta.id, line.state))
            .collect::<Vec<_>>()
    };
    assert!(lines().is_empty(), "nobody knows yet whose data it is about");
    let check =
        IdentityCheck { state: IdentityState::Verified, person: Some(ada), ..IdentityCheck::default() };
    let request = office.session.rights().verify_identity(request.id(), check).unwrap();
    let found: Vec<_> = lines().into_iter().map(|(store, count, ..)| (store, count.unwrap())).collect();
    assert_eq!(found, [("note".to_owned(), 1), ("person".to_owned(), 1)]);
    let error = office.session.rights().complete(request.id(), None).unwrap_err();
    assert_eq!((error.code(), &error.details()["open"]), ("rights.work_open", &json!(2)));
    office.session.data_subjects().create(DataSubject { person: ada, ..DataSubject::default() }).unwrap();
    office.session.rights().list_work(request.id()).unwrap();
    assert_eq!(lines().len(), 3);
    for (_, _, line, _) in lines() {
        office.session.rights_request_tasks().patch(line, &json!({"state": "done"})).unwrap();
    }
    let done = office.session.rights().complete(request.id(), Some("All gone")).unwrap();
    assert_eq!(done.completed_at, Some(office.session.now()));
    assert_eq!(code(office.session.rights().complete(request.id(), None)), "rights.closed");
    let later = office.session.rights_requests().patch(request.id(), &json!({"regime": "ccpa"}));
    assert_eq!(code(later), "rights.closed");
}

#[test]
fn requests_end_in_four_ways() {
    let office = Office::open();
    let ada = office.person("Lovelace");
    let rights = office.session.rights();
    let first = office.access(ada);
    assert_eq!(code(rights.complete(first, None)), "rights.identity");
    office.identify(first, IdentityState::Failed).unwrap();
    let refused =
        rights.refuse(first, RefusalGround::IdentityNotVerified, Some("We do not know you")).unwrap();
    assert_eq!(refused.refusal_ground, Some(RefusalGround::IdentityNotVerified));
    let second = office.access(ada);
    assert_eq!(rights.withdraw(second, None).unwrap().status, Some(RequestStatus::Withdrawn));
    let third = office.access(ada);
    assert_eq!(code(rights.mark_duplicate(third, third)), "rights.itself");
    assert_eq!(rights.mark_duplicate(third, first).unwrap().duplicate_of, Some(first));
    for request in [first, second, third] {
        assert_eq!(code(rights.acknowledge(request, None)), "rights.closed");
        assert_eq!(
            code(rights.access_package(None, Some(request), &PackageOptions::default())),
            "rights.closed"
        );
    }
    assert!(rights.due(10).unwrap().is_empty());
}

#[test]
fn what_is_due_is_listed_with_its_light() {
    let office = Office::open();
    let ada = office.person("Lovelace");
    let gdpr = office.access(ada);
    let lgpd = office.request(SubjectRight::Access, RightsRegime::Lgpd, Some(ada)).id();
    let other = office.request(SubjectRight::Access, RightsRegime::Other, Some(ada)).id();
    let paused = office.access(ada);
    office.session.rights().pause(paused, PauseReason::Clarification, None, Some("Which year?")).unwrap();
    let lights = |limit| -> Vec<(RightsRequestId, TrafficLight, Option<i64>)> {
        let due = office.session.rights().due(limit).unwrap();
        due.into_iter().map(|line| (line.request, line.light, line.days_left)).collect()
    };
    use TrafficLight::{Amber, Green, NoClock, Paused, Red};
    let expected =
        [(lgpd, Amber, Some(0)), (gdpr, Green, Some(31)), (paused, Paused, None), (other, NoClock, None)];
    assert_eq!(lights(10), expected);
    assert_eq!(lights(1), expected[..1]);
    // The simplified answer was given, the full one is due in 15 days.
    office.session.rights().acknowledge(lgpd, None).unwrap();
    assert_eq!(lights(1), [(lgpd, Green, Some(15))]);
    office.at("2026-04-03T08:00:00Z");
    assert_eq!(lights(2), [(lgpd, Red, Some(-9)), (gdpr, Amber, Some(7))]);
    assert_eq!(office.session.rights().due(10).unwrap()[1].open_tasks, 1);
}

#[test]
fn events_stay_as_they_were_written() {
    let office = Office::open();
    let request = office.access(office.person("Lovelace"));
    let events = office.session.rights_request_events();
    let event = events.list(&Query::new()).unwrap().records.remove(0);
    let id = event.meta.id;
    assert_eq!(code(events.patch(id, &json!({"at": "2026-01-01T00:00:00Z"}))), "rights.event.fixed");
    assert_eq!(code(events.delete(id)), "rights.event.fixed");
    assert_eq!(code(events.create(event)), "rights.event.fixed");
    let created = events.history(id, None, 10).unwrap()[0].sequence;
    assert_eq!(code(office.session.journal().undo(created)), "rights.event.fixed");
    // With its request it goes into the bin, and it comes back with it.
    office.session.rights_requests().delete(request).unwrap();
    assert!(events.find(id).unwrap().is_none());
    office.session.rights_requests().restore(request).unwrap();
    assert!(events.find(id).unwrap().is_some());
    for field in ["status", "due_on", "completed_at", "identity_state", "response_hash"] {
        let value = if field == "due_on" { json!("2026-01-01") } else { json!("completed") };
        let patched = office.session.rights_requests().patch(request, &json!({ field: value }));
        assert!(patched.is_err(), "{field}");
    }
}

#[test]
fn another_law_is_another_clock() {
    let office = Office::open();
    let request = office.access(office.person("Lovelace"));
    let patch = |patch: Json| office.session.rights_requests().patch(request, &patch);
    office.session.rights().pause(request, PauseReason::Identity, None, None).unwrap();
    office.at("2026-03-12T09:00:00Z");
    let patched = patch(json!({"regime": "ccpa"})).unwrap();
    assert_eq!((due(&patched), patched.acknowledge_by.is_some()), ("2026-04-24".into(), true));
    assert_eq!(patched.status, Some(RequestStatus::InProgress), "California knows no pause");
    let back = patch(json!({"regime": "gdpr"})).unwrap();
    assert_eq!((due(&back), back.status), ("2026-04-10".into(), Some(RequestStatus::Paused)));
    assert_eq!(code(patch(json!({"received_at": "2027-01-01T00:00:00Z"}))), "rights.time");
}

#[test]
fn proof_of_identity_can_be_asked_for_too_late() {
    let office = Office::open();
    let request = office.access(office.person("Lovelace"));
    office.at("2026-04-13T09:00:00Z");
    let asked = office.identify(request, IdentityState::Requested).unwrap();
    assert_eq!((asked.status, due(&asked)), (Some(RequestStatus::Received), "2026-04-10".to_owned()));
}

#[test]
fn a_package_for_another_right_does_no_work() {
    let office = Office::open();
    let ada = office.person("Lovelace");
    let request = office.request(SubjectRight::Erasure, RightsRegime::Gdpr, Some(ada)).id();
    office.identify(request, IdentityState::Verified).unwrap();
    office.session.rights().access_package(None, Some(request), &PackageOptions::default()).unwrap();
    assert_eq!(code(office.session.rights().complete(request, None)), "rights.work_open");
}

/// All that the journal holds in the open.
fn in_the_open(crm: &Crm) -> String {
    let mut all = String::new();
    crm.database()
        .read(ReadMode::Snapshot, &mut |connection| {
            let rows = query_all(connection, "SELECT plain FROM crm_journal", &[], |row| {
                Ok(row.text(0)?.unwrap_or_default().to_owned())
            })?;
            all = rows.concat();
            Ok(())
        })
        .unwrap();
    all
}

#[test]
fn nothing_personal_is_journalled_in_the_open() {
    let office = Office::open();
    let ada = office.person("Lovelace");
    let request = RightsRequest {
        person: Some(ada),
        requester_name: Some("Needle Name".into()),
        requester_contact: Some("needle@example.com".into()),
        description: Some("Needle wish".into()),
        ..RightsRequest::default()
    };
    let rights = office.session.rights();
    let request = rights.open(request).unwrap().id();
    let note = Some("Needle passport".to_owned());
    let check = IdentityCheck { state: IdentityState::Verified, note, ..IdentityCheck::default() };
    rights.verify_identity(request, check).unwrap();
    let package = rights.access_package(None, Some(request), &PackageOptions::default()).unwrap();
    rights.complete(request, Some("Needle outcome")).unwrap();
    let stored = office.session.rights_requests().get(request).unwrap();
    assert_eq!(stored.response_hash.as_ref(), Some(&package.sha256));
    let open = in_the_open(&office.crm);
    assert!(open.contains("verified"), "the state is in the open");
    for needle in ["Needle", "needle", "Lovelace", package.sha256.as_str()] {
        assert!(!open.contains(needle), "{needle}");
    }
}

#[test]
fn a_rectified_value_is_nowhere_any_more() {
    let office = Office::open();
    let ada = office.person("Lovelase");
    let people = office.session.people();
    people.patch(ada, &json!({"nickname": "Countess"})).unwrap();
    let created = people.history(ada, None, 10).unwrap().pop().unwrap().sequence;
    let head = office.session.journal().head().unwrap();
    let rights = office.session.rights();
    office.at("2026-03-11T09:00:00Z");
    let request = office.request(SubjectRight::Rectification, RightsRegime::Gdpr, Some(ada)).id();
    let rectification = Rectification {
        record: Reference::new("person", ada),
        values: json!({"family_name": "Lovelace"}).as_object().unwrap().clone(),
        request: Some(request),
        note: Some("Misspelt".into()),
    };
    assert_eq!(code(rights.rectify(&rectification)), "rights.identity");
    assert_eq!(
        people.get(ada).unwrap().family_name.as_deref(),
        Some("Lovelase"),
        "a refusal changes nothing"
    );
    office.identify(request, IdentityState::Verified).unwrap();
    let of_another = Reference::new("person", office.person("Babbage"));
    let wrong = Rectification { record: of_another, ..rectification.clone() };
    assert_eq!(code(rights.rectify(&wrong)), "rights.other_person");
    let rectified = rights.rectify(&rectification).unwrap();
    assert_eq!(rectified.fields, ["family_name"]);
    // The entry of the creation, and that of the change itself, which said what was before; not the other change.
    assert_eq!((rectified.shredded, rectified.version), (2, 3));
    assert!(rectified.disclosures.is_empty());
    let history = people.history(ada, None, 10).unwrap();
    assert!(!serde_json::to_string(&history).unwrap().contains("Lovelase"));
    assert!(serde_json::to_string(&history).unwrap().contains("Countess"));
    assert_eq!(history.iter().filter(|entry| entry.erased).count(), 2);
    let verified = office.session.journal().verify().unwrap();
    assert!(verified.is_sound(), "{:?}", verified.findings);
    let proof = office.session.journal().consistency_proof(head.size).unwrap();
    proof.verify(&head, &office.session.journal().head().unwrap()).expect("the old head still holds");
    // The past shows the right value, and nothing brings the wrong one back.
    let past =
        office.session.as_of("2026-03-10T12:00:00Z".parse().unwrap(), |past| past.people().get(ada)).unwrap();
    assert_eq!(past.family_name.as_deref(), Some("Lovelace"));
    let update = history.iter().find(|entry| entry.version == 3 && entry.erased).unwrap().sequence;
    assert_eq!(code(office.session.journal().undo(update)), "undo.erased");
    assert!(office.session.journal().inclusion_proof(created).is_ok());
    // The emails are gone from the entry of the creation, too, and not from the record.
    assert_eq!(people.get(ada).unwrap().emails.len(), 1);
    let nothing = rights.rectify(&Rectification { request: None, ..rectification }).unwrap();
    assert_eq!((nothing.shredded, nothing.fields.len()), (0, 0));
}

#[test]
fn rectification_goes_through_the_one_door() {
    let office = Office::open();
    let ada = office.person("Lovelace");
    let rectify = |record: Reference, values: Json| {
        let values = values.as_object().unwrap().clone();
        let rectification = Rectification { record, values, request: None, note: None };
        office.session.rights().rectify(&rectification)
    };
    let about = || Reference::new("person", ada);
    assert_eq!(code(rectify(about(), json!({"emails": [{"address": "no"}]}))), "email.no_at");
    assert_eq!(code(rectify(about(), json!({"x": 1}))), "field.unknown");
    assert_eq!(code(rectify(about(), json!({"version": 9, "nickname": "A"}))), "record.conflict");
    assert_eq!(code(rectify(Reference::new("nothing", ada), json!({}))), "type.unknown");
    let nobody = Reference::new("person", RecordId::NIL);
    assert_eq!(code(rectify(nobody, json!({}))), "record.not_found");
    let care = office.crm.session(Actor::System, Purpose::CustomerCare).unwrap();
    assert_eq!(code(care.rights().rectify(&Rectification::default())), "rights.purpose");
}

#[test]
fn restrictions_and_objections_follow_from_requests() {
    let office = Office::open();
    let ada = office.person("Lovelace");
    let rights = office.session.rights();
    let request = office.request(SubjectRight::Restriction, RightsRegime::Gdpr, Some(ada)).id();
    let restrict = |person, request| {
        rights.restrict(person, request, RestrictionGround::AccuracyContested, Some("Wrong"))
    };
    assert_eq!(code(restrict(None, Some(request))), "rights.identity");
    assert_eq!(code(restrict(None, None)), "rights.person_missing");
    office.identify(request, IdentityState::Verified).unwrap();
    assert_eq!(code(restrict(Some(office.person("Babbage")), Some(request))), "rights.other_person");
    assert_eq!(restrict(None, Some(request)).unwrap().person, ada);
    let subject = office.session.data_subjects().list(&Query::new()).unwrap().records.remove(0);
    assert_eq!(subject.restricted_since, Some(office.session.now()));
    assert!(office.events(request).contains(&RightsEventKind::Executed));
    let request = office.request(SubjectRight::Objection, RightsRegime::Gdpr, Some(ada)).id();
    let objection = rights.object(None, Some(request), "direct_marketing", None, None).unwrap();
    assert_eq!((objection.person, objection.purpose.as_str()), (ada, "direct_marketing"));
    assert_eq!(code(rights.object(Some(ada), None, "flying", None, None)), "purpose.unknown");
}

#[test]
fn a_decision_is_reviewed_by_a_human() {
    let office = Office::open();
    let ada = office.person("Lovelace");
    let decisions = office.session.automated_decisions();
    let decision = AutomatedDecision {
        person: ada,
        decision: "credit_limit".into(),
        result: "500 EUR".into(),
        inputs: Some(json!({"postcode": "10115", "orders": 3})),
        model: "limits 4.2".into(),
        purpose: "customer_order_management".into(),
        ..AutomatedDecision::default()
    };
    let unknown = AutomatedDecision { purpose: "fun".into(), ..decision.clone() };
    assert_eq!(code(decisions.create(unknown)), "purpose.unknown");
    let decision = decisions.create(decision).unwrap();
    assert_eq!((decision.reviewed(), decision.solely_automated), (ReviewState::None, Some(true)));
    for patch in [
        json!({"inputs": {}}),
        json!({"result": "9"}),
        json!({"model": "x"}),
        json!({"decided_at": "2026-01-01T00:00:00Z"}),
    ] {
        assert_eq!(code(decisions.patch(decision.meta.id, &patch)), "automated_decision.fixed");
    }
    let review = |state, reviewer, request| Review {
        decision: decision.id(),
        state,
        reviewer,
        note: Some("Fair".into()),
        request,
    };
    let rights = office.session.rights();
    assert_eq!(
        code(rights.automated_decision_review(&review(ReviewState::None, None, None))),
        "automated_decision.review"
    );
    let other = office.access(office.person("Babbage"));
    let wrong = review(ReviewState::Requested, None, Some(other));
    assert_eq!(code(rights.automated_decision_review(&wrong)), "rights.other_person");
    let asked = rights.automated_decision_review(&review(ReviewState::Requested, None, None)).unwrap();
    assert_eq!((asked.reviewed(), asked.reviewer), (ReviewState::Requested, None));
    let machine = review(ReviewState::Upheld, None, None);
    assert_eq!(code(rights.automated_decision_review(&machine)), "automated_decision.reviewer");
    let user = office.session.users().create(User { name: "Grace".into(), ..User::default() }).unwrap();
    let done =
        rights.automated_decision_review(&review(ReviewState::Changed, Some(user.id()), None)).unwrap();
    assert_eq!((done.reviewed(), done.reviewer), (ReviewState::Changed, Some(user.id())));
    assert_eq!(done.reviewed_at, Some(office.session.now()));
    let human = office.crm.session(Actor::User(user.id()), Purpose::RightsFulfilment).unwrap();
    let upheld = human.rights().automated_decision_review(&machine).unwrap();
    assert_eq!(upheld.reviewer, Some(user.id()));
}

#[test]
fn a_package_marks_its_lines_as_done() {
    let office = Office::open();
    let request = office.access(office.person("Lovelace"));
    let options = PackageOptions::default();
    assert_eq!(
        code(office.session.rights().access_package(None, Some(request), &options)),
        "rights.identity"
    );
    office.identify(request, IdentityState::Verified).unwrap();
    office.session.rights().access_package(None, Some(request), &options).unwrap();
    let lines = office.session.rights_request_tasks().list(&Query::new()).unwrap().records;
    assert!(!lines.is_empty() && lines.iter().all(|line| line.state == TaskState::Done));
    let done = office.session.rights().complete(request, None).unwrap();
    assert_eq!(done.status, Some(RequestStatus::Completed));
    let unknown = office.request(SubjectRight::Access, RightsRegime::Gdpr, None).id();
    office.identify(unknown, IdentityState::Verified).unwrap();
    assert_eq!(
        code(office.session.rights().access_package(None, Some(unknown), &options)),
        "rights.person_missing"
    );
}

#[test]
fn a_request_outlives_its_person() {
    let office = Office::open();
    let ada = office.person("Lovelace");
    let request = office.access(ada);
    office.session.people().delete(ada).unwrap();
    let request = office.session.rights_requests().get(request).unwrap();
    assert_eq!((request.person, request.number.as_deref()), (None, Some("R-00001")));
    assert_eq!(office.events(request.id()).len(), 1);
}
