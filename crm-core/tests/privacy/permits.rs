//! Permits on a database: facts collected from records, tokens for one contact each, screening of campaigns.

mod standing;

use std::ops::ControlFlow;
use std::sync::Arc;

use crm_core::access::OwnAndTeam;
use crm_core::contacts::{Email, Person, Phone, PostalAddress};
use crm_core::privacy::permit::{ContactCap, ContentFacts, ControllerFacts, Decision};
use crm_core::privacy::{
    AgeBand, ConsentEvent, ConsentStatus, ContactChannel, ContactRequest, DataSubject, IndicationMethod,
    LegalBasis, Objection, PermitOutcome, ProcessRequest, ProcessingBasis, RegisterSnapshot,
    RelationshipEvent, RelationshipEventKind, Restriction, ScreeningRequest, SuppressionReason,
    SuppressionRequest, SuppressionScope,
};
use crm_core::{
    Actor, Config, Crm, ErrorKind, ManualClock, Purpose, RecordId, SeededRandom, Session, Timestamp,
};

struct World {
    clock: Arc<ManualClock>,
    crm: Crm,
    session: Session,
}

fn world_with(adapt: impl FnOnce(Config) -> Config) -> World {
    let clock = Arc::new(ManualClock::at("2026-11-26T10:00:00Z".parse().unwrap()));
    let config = Config::default().random(SeededRandom::new([7; 32]));
    let mut config = adapt(config);
    config.clock = Some(Arc::clone(&clock) as Arc<dyn crm_core::Clock>);
    let crm = crate::engine_support::open(config);
    let session = crm.session(Actor::System, Purpose::DirectMarketing).unwrap();
    World { clock, crm, session }
}

fn world() -> World {
    world_with(|config| config)
}

impl World {
    fn person(&self, name: &str, country: &str, region: &str) -> RecordId {
        let slug = name.to_lowercase();
        let phones = match country {
            "US" => vec![Phone::mobile("+1 415 555 0123")],
            "GB" => vec![Phone::mobile("+44 7400 123456")],
            _ => vec![Phone::mobile("+49 171 2345678")],
        };
        let person = Person {
            family_name: Some(name.into()),
            emails: vec![Email::home(format!("{slug}@example.com"))],
            phones,
            addresses: vec![PostalAddress {
                street: "1 Main Street".into(),
                locality: "Town".into(),
                region: region.into(),
                country: country.into(),
                ..PostalAddress::default()
            }],
            ..Person::default()
        };
        self.session.people().create(person).unwrap().meta.id
    }

    fn consent(&self, person: RecordId, channel: ContactChannel, kind: ConsentStatus) {
        let notice = self.notice();
        let event = ConsentEvent {
            person: Some(person.into()),
            purpose: "direct_marketing".into(),
            channel: Some(channel),
            kind,
            notice: (kind == ConsentStatus::Given).then_some(notice),
            method: IndicationMethod::WebForm,
            ..ConsentEvent::default()
        };
        self.session.consent().record(event, None).unwrap();
    }

    fn notice(&self) -> crm_core::privacy::PrivacyNoticeId {
        use crm_core::privacy::{NoticeKind, PrivacyNotice};
        let all = self.session.privacy_notices().list(&Default::default()).unwrap().records;
        if let Some(notice) = all.first() {
            return notice.meta.id.into();
        }
        let notice = PrivacyNotice {
            kind: NoticeKind::Consent,
            key: "newsletter".into(),
            language: "en".into(),
            notice_version: "1".into(),
            text: "We send you our newsletter once a month.".into(),
            ..PrivacyNotice::default()
        };
        self.session.privacy_notices().create(notice).unwrap().meta.id.into()
    }

    fn ask(&self, person: RecordId, channel: ContactChannel) -> Decision {
        self.session.privacy().may_contact(&request(person, channel)).unwrap()
    }

    fn expect(&self, person: RecordId, channel: ContactChannel, outcome: PermitOutcome, code: &str) {
        let explained = self.ask(person, channel).explain();
        let codes: Vec<_> = explained.reasons.iter().map(|reason| reason.code).collect();
        assert_eq!(explained.outcome, outcome, "{codes:?}");
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
}

fn request(person: RecordId, channel: ContactChannel) -> ContactRequest {
    ContactRequest {
        person: Some(person.into()),
        purpose: "direct_marketing".into(),
        channel,
        ..ContactRequest::default()
    }
}

use ContactChannel::{Email as ByEmail, Postal, Sms, VoiceLive};
use PermitOutcome::{PermitWithObligations, Refused};

#[test]
fn consent_decides_where_the_law_asks_for_it() {
    let world = world();
    let ada = world.person("Ada", "DE", "");
    world.expect(ada, ByEmail, Refused, "consent.missing");
    world.consent(ada, ByEmail, ConsentStatus::Given);
    world.expect(ada, ByEmail, PermitWithObligations, "consent.given");
    // One channel is not another.
    assert_eq!(world.ask(ada, Sms).outcome, Refused);
    world.clock.advance_days(1);
    world.consent(ada, ByEmail, ConsentStatus::Withdrawn);
    assert_eq!(world.ask(ada, ByEmail).outcome, Refused);
    // Nobody asked this person, and the law of the place asks nobody to.
    let bea = world.person("Bea", "US", "NY");
    assert_eq!(world.ask(bea, ByEmail).outcome, PermitWithObligations);
}

#[test]
fn a_refusal_belongs_to_the_address() {
    let world = world();
    let ada = world.person("Ada", "US", "NY");
    assert_eq!(world.ask(ada, ByEmail).outcome, PermitWithObligations);
    // Somebody else with the same address says no.
    let twin = world.person("Ada", "US", "NY");
    world.consent(twin, ByEmail, ConsentStatus::Withdrawn);
    assert_eq!(world.ask(ada, ByEmail).outcome, Refused);
    // And it goes on to be no when the person is deleted and imported anew.
    world.session.people().delete(ada).unwrap();
    world.session.people().delete(twin).unwrap();
    let again = world.person("Ada", "US", "NY");
    assert_eq!(world.ask(again, ByEmail).outcome, Refused);
}

#[test]
fn what_people_claimed_stops_contacts() {
    let world = world();
    let person = |name: &str| world.person(name, "US", "NY");
    let objector = person("Objector");
    let objection =
        Objection { person: objector.into(), purpose: "direct_marketing".into(), ..Objection::default() };
    world.session.objections().create(objection).unwrap();
    world.expect(objector, Postal, Refused, "objection.upheld");
    let restricted = person("Restricted");
    let restriction = Restriction { person: restricted.into(), ..Restriction::default() };
    let restriction = world.session.restrictions().create(restriction).unwrap();
    world.expect(restricted, ByEmail, Refused, "restriction");
    let ended = serde_json::json!({"until": "2026-11-26T10:00:00Z"});
    world.session.restrictions().patch(restriction.meta.id, &ended).unwrap();
    assert_eq!(world.ask(restricted, ByEmail).outcome, PermitWithObligations);
    let dead = person("Dead");
    let subject = DataSubject {
        person: dead.into(),
        deceased_at: Some("2026-10-01".parse().unwrap()),
        ..DataSubject::default()
    };
    world.session.data_subjects().create(subject).unwrap();
    world.expect(dead, ByEmail, Refused, "subject.deceased");
    let child = person("Child");
    let subject =
        DataSubject { person: child.into(), age_band: Some(AgeBand::Under13), ..DataSubject::default() };
    world.session.data_subjects().create(subject).unwrap();
    let codes: Vec<_> =
        world.ask(child, ByEmail).explain().reasons.iter().map(|reason| reason.code).collect();
    assert!(codes.iter().any(|code| code.starts_with("age.")), "{codes:?}");
}

#[test]
fn suppressions_bases_events_and_registers_are_facts() {
    let world = world();
    let ada = world.person("Ada", "US", "NY");
    let suppression = SuppressionRequest {
        address: "ADA@example.com".into(),
        scope: SuppressionScope::Global,
        channel: Some(ByEmail),
        reason: SuppressionReason::Complaint,
        ..SuppressionRequest::default()
    };
    world.session.suppressions().add(suppression).unwrap();
    assert_eq!(world.ask(ada, ByEmail).outcome, Refused);
    assert_ne!(world.ask(ada, Postal).outcome, Refused, "another channel has another address");

    // Canada: an inquiry carries for six months (CASL 10(10)(e)).
    let cid = world.person("Cid", "CA", "ON");
    assert_eq!(world.ask(cid, ByEmail).outcome, Refused);
    let inquiry = RelationshipEvent {
        person: Some(cid.into()),
        kind: RelationshipEventKind::Inquiry,
        occurred_at: Some("2026-10-01T00:00:00Z".parse().unwrap()),
        ..RelationshipEvent::default()
    };
    world.session.relationship_events().create(inquiry).unwrap();
    assert_eq!(world.ask(cid, ByEmail).outcome, PermitWithObligations);
    world.clock.advance_days(160);
    assert_eq!(world.ask(cid, ByEmail).outcome, Refused);

    // A basis for everybody, then data of a person.
    let eve = world.person("Eve", "DE", "");
    let process = ProcessRequest {
        person: eve.into(),
        purpose: "analytics".into(),
        category: "contact".into(),
        ..ProcessRequest::default()
    };
    let decision = world.session.privacy().may_process(&process).unwrap();
    assert_eq!(decision.outcome, Refused, "{:?}", decision.explain().reasons);
    let basis = ProcessingBasis {
        purpose: "analytics".into(),
        legal_basis: Some(LegalBasis::PublicTask),
        law_reference: Some("the statistics act".into()),
        ..ProcessingBasis::default()
    };
    world.session.processing_bases().create(basis).unwrap();
    assert!(world.session.privacy().may_process(&process).unwrap().is_permitted());
}

#[test]
fn what_others_write_is_seen_by_the_next_permit() {
    let folder = std::env::temp_dir().join(format!("crm-permits-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("crm.db");
    let open = || Crm::open(&file, Config::default()).unwrap();
    let [ours, theirs] = [open(), open()].map(|crm| crm.session(Actor::System, Purpose::Analytics).unwrap());
    let person = Person {
        family_name: Some("Eve".into()),
        phones: vec![Phone::mobile("+49 171 2345678")],
        ..Person::default()
    };
    let process = ProcessRequest {
        person: ours.people().create(person).unwrap().meta.id.into(),
        purpose: "analytics".into(),
        category: "contact".into(),
        ..ProcessRequest::default()
    };
    let permitted = || ours.privacy().may_process(&process).unwrap().is_permitted();
    assert!(!permitted());
    let basis = ProcessingBasis {
        purpose: "analytics".into(),
        legal_basis: Some(LegalBasis::PublicTask),
        law_reference: Some("the statistics act".into()),
        ..ProcessingBasis::default()
    };
    // What is kept of the bases is neither what another handle has replaced nor what a rollback has taken back.
    let rolled_back: crm_core::Result<()> = ours.transaction(|transaction| {
        transaction.processing_bases().create(basis.clone())?;
        assert!(transaction.privacy().may_process(&process)?.is_permitted());
        Err(crm_core::CrmError::invalid("test.rollback", "is taken back"))
    });
    assert_eq!(rolled_back.unwrap_err().code(), "test.rollback");
    assert!(!permitted());
    let basis = theirs.processing_bases().create(basis).unwrap();
    assert!(permitted() && permitted());
    let ended = serde_json::json!({"status": "ended"});
    theirs.processing_bases().patch(basis.meta.id, &ended).unwrap();
    assert!(!permitted());
    theirs.processing_bases().patch(basis.meta.id, &serde_json::json!({"status": "active"})).unwrap();
    assert!(permitted());
    theirs.processing_bases().delete(basis.meta.id).unwrap();
    assert!(!permitted());
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_register_is_screened_by_its_latest_copy() {
    let world = world();
    let max = world.person("Max", "US", "CA");
    // 10 o'clock in California is 18:00 by UTC.
    world.clock.set("2026-11-24T18:00:00Z".parse().unwrap());
    let unscreened = world.ask(max, VoiceLive);
    assert_eq!(unscreened.outcome, Refused);
    let load = |entries: &[&str]| {
        let snapshot = RegisterSnapshot {
            registry: "us_national".into(),
            fetched_at: Some(world.session.now()),
            ..RegisterSnapshot::default()
        };
        let snapshot = world.session.register_snapshots().create(snapshot).unwrap();
        let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        let id = snapshot.meta.id;
        world.session.register_snapshots().load(id, &entries, &mut |_| ControlFlow::Continue(())).unwrap();
        world.session.register_snapshots().finish(id).unwrap();
    };
    load(&["+1 212 555 0100"]);
    assert!(world.ask(max, VoiceLive).is_permitted());
    // 31 days later the copy is too old (47 CFR 64.1200(c)(2)(i)(D)); a new one lists the number.
    world.clock.advance_days(32);
    assert_eq!(world.ask(max, VoiceLive).outcome, Refused);
    load(&["+1 (415) 555-0123"]);
    world.expect(max, VoiceLive, Refused, "register.listed");
}

#[test]
fn the_hour_puts_a_call_off() {
    let world =
        world_with(|config| config.controller(ControllerFacts { seat: "US".parse().ok(), charity: false }));
    let max = world.person("Max", "US", "CA");
    let snapshot = RegisterSnapshot {
        registry: "us_national".into(),
        fetched_at: Some(world.session.now()),
        ..RegisterSnapshot::default()
    };
    let snapshot = world.session.register_snapshots().create(snapshot).unwrap().meta.id;
    world.session.register_snapshots().finish(snapshot).unwrap();
    // Two in the morning in California.
    let decision = world.ask(max, VoiceLive);
    let codes: Vec<_> =
        decision.explain().reasons.into_iter().map(|reason| (reason.code, reason.regime)).collect();
    assert_eq!(decision.outcome, PermitOutcome::Defer, "{codes:?}");
    let first: Timestamp = "2026-11-26T16:00:00Z".parse().unwrap();
    assert_eq!(decision.not_before, Some(first));
    world.clock.set(first);
    assert!(world.ask(max, VoiceLive).is_permitted());
}

#[test]
fn a_token_is_good_for_one_contact() {
    let world = world();
    let ada = world.person("Ada", "DE", "");
    let refused = world.session.privacy().issue_permit(&request(ada, ByEmail), None).unwrap();
    assert_eq!((refused.token, refused.decision.outcome), (None, Refused));
    world.consent(ada, ByEmail, ConsentStatus::Given);
    let issue = || world.session.privacy().issue_permit(&request(ada, ByEmail), Some(30)).unwrap();
    let redeem = |token: &str, address: Option<&str>| world.session.privacy().redeem_permit(token, address);
    let code = |outcome: crm_core::Result<_>| {
        outcome.map(|_: crm_core::privacy::ContactPermit| ()).unwrap_err().code().to_owned()
    };

    let permit = issue();
    let token = permit.token.unwrap();
    assert_eq!(code(redeem("nonsense", None)), "permit.token_unknown");
    assert_eq!(code(redeem(&token, Some("bea@example.com"))), "permit.address");
    assert_eq!(redeem(&token, Some("Ada <ADA@example.com>")).unwrap().consumed_at, Some(world.session.now()));
    assert_eq!(code(redeem(&token, None)), "permit.token_used");
    // The evidence of a contact stays as it is.
    let tampered = world.session.contact_permits().patch(permit.permit, &serde_json::json!({"topic": "x"}));
    assert!(tampered.is_err());
    assert_eq!(
        world.session.contact_permits().delete(permit.permit).unwrap_err().kind(),
        ErrorKind::Forbidden
    );

    let late = issue().token.unwrap();
    world.clock.advance_micros(31 * 60_000_000);
    assert_eq!(code(redeem(&late, None)), "permit.token_expired");

    let between = issue().token.unwrap();
    world.clock.advance_micros(60_000_000);
    world.consent(ada, ByEmail, ConsentStatus::Withdrawn);
    let error = redeem(&between, None).unwrap_err();
    assert_eq!(error.code(), "permit.refused");
    assert!(!error.to_string().contains("ada"));
}

#[test]
fn a_decision_can_be_made_again() {
    let world = world();
    let ada = world.person("Ada", "DE", "");
    world.consent(ada, ByEmail, ConsentStatus::Given);
    let permit = world.session.privacy().issue_permit(&request(ada, ByEmail), None).unwrap();
    world.clock.advance_days(400);
    world.consent(ada, ByEmail, ConsentStatus::Withdrawn);
    let replayed = world.session.privacy().replay_permit(permit.permit).unwrap();
    assert!(replayed.identical);
    assert_eq!(replayed.rule_set, permit.decision.rule_set);
    assert!(world.session.journal().verify().unwrap().is_sound());
}

#[test]
fn the_host_may_only_refuse() {
    let world = world_with(|config| {
        config
            .extra_rule(
                |_: &crm_core::privacy::permit::Facts<'_>,
                 question: &crm_core::privacy::permit::ContactQuestion<'_>| {
                    (question.brand.as_deref() == Some("quiet"))
                        .then(|| "The brand is silent this week.".to_owned())
                },
            )
            .contact_cap(ContactCap { contacts: 2, hours: 24 })
    });
    let ada = world.person("Ada", "US", "NY");
    let quiet = ContactRequest { brand: Some("quiet".into()), ..request(ada, ByEmail) };
    let decision = world.session.privacy().may_contact(&quiet).unwrap();
    assert_eq!(decision.outcome, Refused);
    assert!(decision.explain().reasons.iter().any(|reason| reason.text.contains("silent this week")));
    // Two contacts a day, then later.
    for _ in 0..2 {
        let token =
            world.session.privacy().issue_permit(&request(ada, ByEmail), None).unwrap().token.unwrap();
        world.session.privacy().redeem_permit(&token, None).unwrap();
    }
    let decision = world.ask(ada, ByEmail);
    assert_eq!(decision.outcome, PermitOutcome::Defer);
    assert_eq!(decision.not_before, Some(world.session.now().plus_days(1)));
}

#[test]
fn screening_comes_to_what_deciding_one_by_one_does() {
    let world = world();
    let countries = [("DE", ""), ("US", "NY"), ("CA", "ON"), ("GB", ""), ("BR", ""), ("FR", "")];
    for number in 0..120 {
        let (country, region) = countries[number % countries.len()];
        let person = world.person(&format!("Person{number}"), country, region);
        match number % 5 {
            0 => world.consent(person, ByEmail, ConsentStatus::Given),
            1 => world.consent(person, ByEmail, ConsentStatus::Refused),
            2 => {
                world.session.people().patch(person, &serde_json::json!({"emails": []})).unwrap();
            }
            _ => {}
        }
    }
    for channel in [ByEmail, Sms, Postal, VoiceLive] {
        let contact = ContactRequest {
            content: ContentFacts { opt_out: Some(true), ..ContentFacts::default() },
            ..request(RecordId::NIL, channel)
        };
        let contact = ContactRequest { person: None, ..contact };
        let mut screened = Vec::new();
        let mut cursor = None;
        // In pages, as over a surface.
        loop {
            let page = ScreeningRequest {
                contact: contact.clone(),
                limit: Some(50),
                cursor,
                ..ScreeningRequest::default()
            };
            let part = world
                .session
                .privacy()
                .screen(&page, &mut |one| {
                    screened.push(one);
                    ControlFlow::Continue(())
                })
                .unwrap();
            cursor = part.next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(screened.len(), 120);
        for one in &screened {
            let single = ContactRequest { person: Some(one.person), ..contact.clone() };
            match (&one.decision, world.session.privacy().may_contact(&single)) {
                (Some(decision), Ok(expected)) => assert_eq!(*decision, expected),
                (None, Err(error)) => assert_eq!(error.code(), "permit.address_missing"),
                other => panic!("they differ: {other:?}"),
            }
        }
    }
    let stopped = world.session.privacy().screen(
        &ScreeningRequest {
            contact: ContactRequest { purpose: "direct_marketing".into(), ..ContactRequest::default() },
            ..ScreeningRequest::default()
        },
        &mut |_| ControlFlow::Break(()),
    );
    assert_eq!(stopped.unwrap_err().code(), "screening.cancelled");
}

#[test]
fn what_is_no_question_is_an_error() {
    let world = world_with(|config| config.access(OwnAndTeam::of(&["person"])));
    let ada = world.person("Ada", "DE", "");
    let good = request(ada, ByEmail);
    for (request, code, path) in [
        (ContactRequest { person: None, ..good.clone() }, "permit.nobody", "person"),
        (ContactRequest { purpose: "nonsense".into(), ..good.clone() }, "purpose.unknown", "purpose"),
        (ContactRequest { address: Some("nonsense".into()), ..good.clone() }, "email.no_at", "address"),
        (
            ContactRequest { person: Some(RecordId::from_bytes([1; 16]).into()), ..good.clone() },
            "record.not_found",
            "person",
        ),
        (
            ContactRequest { channel: ContactChannel::SocialDm, ..good.clone() },
            "permit.address_missing",
            "address",
        ),
    ] {
        let error = world.session.privacy().may_contact(&request).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)));
    }
    for minutes in [0, 1_441] {
        let error = world.session.privacy().issue_permit(&good, Some(minutes)).unwrap_err();
        assert_eq!(error.code(), "permit.minutes");
    }
}
