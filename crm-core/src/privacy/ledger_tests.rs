//! What only the engine does with the ledger: merges and erasures, and the readings that a permit rests on.

use std::ops::ControlFlow;

use super::consent::{ConsentEvent, states_of};
use super::secret::DatabaseSecret;
use super::subjects::sharing;
use super::suppression::{Refusal, covering, refuse};
use super::*;
use crate::contacts::{Email, Person, PersonId, Phone};
use crate::crm::lock;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::door::{Reader, read, write};
use crate::record::unit::UnitOfWork;
use crate::record::{Record, Value};
use crate::session::Session;
use crate::storage::{Param, ReadMode, query_all, query_one};
use crate::{Actor, Config, Crm, ManualClock, Purpose, SeededRandom};

fn open() -> Session {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let config = Config::default().clock(clock).random(SeededRandom::new([5; 32]));
    Crm::memory(config).unwrap().session(Actor::System, Purpose::TechnicalServiceProvision).unwrap()
}

fn person(session: &Session, email: &str) -> PersonId {
    let person = Person {
        given_name: Some("Ada".into()),
        emails: vec![Email::home(email)],
        phones: vec![Phone::mobile("+49 171 2345678")],
        ..Person::default()
    };
    session.people().create(person).unwrap().meta.id.into()
}

/// Who stands in a row.
fn person_of_row(reader: &Reader<'_>, row: i64) -> PersonId {
    let sql = "SELECT p.\"id\" FROM person AS p WHERE p.row_id = ?1";
    let found = query_one(reader.connection, sql, &[Param::Integer(row)], |row| row.id(0)).unwrap();
    found.flatten().unwrap().into()
}

fn event(person: PersonId, kind: ConsentStatus) -> ConsentEvent {
    ConsentEvent {
        person: Some(person),
        address: Some("ada@example.com".into()),
        channel: Some(ContactChannel::Email),
        purpose: "direct_marketing".into(),
        kind,
        ..ConsentEvent::default()
    }
}

/// Sets fields of an event as a rule does.
fn set(session: &Session, id: RecordId, values: &[(&str, Value)]) -> Result<()> {
    write(session, None, |work: &mut UnitOfWork<'_>| {
        let record_type = work.record_type(ConsentEvent::NAME)?;
        work.set(&record_type, id, values).map(|_| ())
    })
}

fn stored(session: &Session, person: PersonId) -> Vec<ConsentStatus> {
    read(session, ReadMode::Statement, |reader| {
        let states = states_of(reader, Some(person.into()), None)?;
        Ok(states.into_iter().map(|state| state.status).collect())
    })
    .unwrap()
}

#[test]
fn a_merge_takes_the_ledger_along_and_the_strictest_word_wins() {
    let session = open();
    let (source, target) = (person(&session, "ada@example.com"), person(&session, "ada@example.com"));
    let evidence = serde_json::json!({"form": 1});
    let withdrawn =
        session.consent().record(event(source, ConsentStatus::Withdrawn), Some(&evidence)).unwrap().event;
    let given = ConsentEvent { origin: Some("shop".into()), ..event(target, ConsentStatus::Given) };
    session.consent().record(given, None).unwrap();
    assert_eq!(stored(&session, target), [ConsentStatus::Given]);

    set(&session, withdrawn.meta.id, &[("person", Value::Id(target.into()))]).unwrap();
    assert_eq!(stored(&session, source), []);
    assert_eq!(stored(&session, target), [ConsentStatus::Withdrawn]);
    // The evidence stays under the key that it was sealed with.
    assert_eq!(session.consent().evidence(withdrawn.meta.id).unwrap(), Some(evidence));
    // The undo of the merge gives it back.
    let entry = session.consent_events().history(withdrawn.meta.id, None, 1).unwrap()[0].sequence;
    session.journal().undo(entry).unwrap();
    assert_eq!(stored(&session, source), [ConsentStatus::Withdrawn]);
    assert_eq!(stored(&session, target), [ConsentStatus::Given]);
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn a_rule_changes_no_more_than_a_merge_and_an_erasure_need() {
    let session = open();
    let ada = person(&session, "ada@example.com");
    let stored_event = session.consent().record(event(ada, ConsentStatus::Withdrawn), None).unwrap().event;
    let id = stored_event.meta.id;
    for (field, value) in [
        ("kind", Value::Text("given".into())),
        ("purpose", Value::Text("ai_training".into())),
        ("address", Value::Text("eve@example.com".into())),
        ("parents", Value::Json("[]".into())),
        ("event_time", Value::Null),
    ] {
        let refused = set(&session, id, &[(field, value)]);
        if field == "parents" {
            // Nothing is nothing.
            assert!(refused.is_ok());
            continue;
        }
        assert_eq!(refused.unwrap_err().code(), "consent_event.append_only", "{field}");
    }
    assert_eq!(session.consent_events().get(id).unwrap(), stored_event);

    // An erasure takes out what is personal; what was said stays.
    let cleared =
        ["person", "address", "address_hash", "event_key", "evidence"].map(|field| (field, Value::Null));
    set(&session, id, &cleared).unwrap();
    let left = session.consent_events().get(id).unwrap();
    assert_eq!((left.person, left.address, left.kind), (None, None, ConsentStatus::Withdrawn));
    assert_eq!(stored(&session, ada), []);
}

#[test]
fn a_grant_for_a_person_whose_key_is_gone_is_refused_and_a_withdrawal_taken() {
    let session = open();
    let ada = person(&session, "ada@example.com");
    let evidence = serde_json::json!({"form": 1});
    let before = session.consent().record(event(ada, ConsentStatus::Given), Some(&evidence)).unwrap().event;
    write(&session, None, |work: &mut UnitOfWork<'_>| {
        work.connection.execute("DELETE FROM crm_subject_key WHERE subject = ?1", &[Param::Id(ada.into())])
    })
    .unwrap();
    lock(&session.engine.key_cache).clear();
    for kind in [ConsentStatus::Given, ConsentStatus::Renewed] {
        let refused = session.consent().record(event(ada, kind), None).unwrap_err();
        assert_eq!((refused.code(), refused.path()), ("consent_event.subject_erased", Some("person")));
    }
    assert_eq!(session.consent().evidence(before.meta.id).unwrap_err().code(), "consent.evidence_erased");
    let withdrawn = ConsentEvent { event_key: Some("17".into()), ..event(ada, ConsentStatus::Withdrawn) };
    let taken = session.consent().record(withdrawn.clone(), Some(&evidence)).unwrap().event;
    // It is the word of the address, and holds nothing of the person.
    assert_eq!((taken.person, taken.address, taken.event_key, taken.evidence), (None, None, None, None));
    assert!(taken.address_hash.is_some());
    assert_eq!(stored(&session, ada), [ConsentStatus::Withdrawn]);
    let without_address = ConsentEvent { address: None, ..withdrawn };
    let taken = session.consent().record(without_address, Some(&evidence)).unwrap().event;
    assert_eq!((taken.person, taken.evidence), (Some(ada), None));
    read(&session, ReadMode::Statement, |reader| {
        assert!(subjects::is_erased(reader.connection, ada.into())?, "no key was made again");
        Ok(())
    })
    .unwrap();
    // Evidence that cannot be opened any more is left out of an export.
    let mut lines = Vec::new();
    session.exports().jsonl(&mut lines, &mut |_| ControlFlow::Continue(())).unwrap();
    assert!(!String::from_utf8(lines).unwrap().contains("\"evidence\""));
}

/// All that is kept of where people and addresses stand.
fn standings(session: &Session) -> Vec<String> {
    let sql = "SELECT holder, purpose, channel, brand, address, noted, status, event FROM crm_standing \
               ORDER BY holder, purpose, channel, brand, address";
    read(session, ReadMode::Snapshot, |reader| {
        query_all(reader.connection, sql, &[], |row| {
            let texts = [1, 2, 3, 4, 6].map(|column| row.text(column).unwrap().map(str::to_owned));
            Ok(format!("{:?} {texts:?} {:?} {:?}", row.id(0)?, row.integer(5)?, row.id(7)?))
        })
    })
    .unwrap()
}

#[test]
fn where_everybody_stands_can_be_made_anew() {
    let session = open();
    let (ada, eve) = (person(&session, "ada@example.com"), person(&session, "eve@example.com"));
    session.consent().record(event(ada, ConsentStatus::Given), None).unwrap();
    session
        .consent()
        .record(ConsentEvent { person: None, ..event(ada, ConsentStatus::Withdrawn) }, None)
        .unwrap();
    let objection = Objection { person: eve, purpose: "analytics".into(), ..Objection::default() };
    session.objections().create(objection).unwrap();
    session.data_subjects().create(DataSubject { person: eve, ..DataSubject::default() }).unwrap();
    let before = standings(&session);
    // Ada's state, hers and the address's since the withdrawal, the marks of the address and of Eve.
    assert!(before.len() >= 4, "{before:#?}");
    write(&session, None, |work: &mut UnitOfWork<'_>| {
        work.connection.execute("DELETE FROM crm_standing", &[])?;
        work.record_type(ConsentEvent::NAME)?.descriptor.rules.refill(work.connection)
    })
    .unwrap();
    assert_eq!(standings(&session), before);
}

#[test]
fn what_a_permit_reads_is_found() {
    let session = open();
    let (ada, twin) = (person(&session, "Ada@example.com"), person(&session, "ada@EXAMPLE.com"));
    let eve = person(&session, "eve@example.com");
    session.consent().record(event(ada, ConsentStatus::Given), None).unwrap();
    let basis = |person| ProcessingBasis {
        person,
        purpose: "direct_marketing".into(),
        legal_basis: Some(LegalBasis::Consent),
        ..ProcessingBasis::default()
    };
    for person in [Some(ada), None, Some(eve)] {
        session.processing_bases().create(basis(person)).unwrap();
    }
    let bought = RelationshipEvent { person: Some(ada), ..RelationshipEvent::default() };
    session.relationship_events().create(bought.clone()).unwrap();
    session.relationship_events().create(RelationshipEvent { person: Some(eve), ..bought }).unwrap();
    let address = ContactAddress::parse(AddressType::Email, "ada@example.com", None).unwrap();
    write(&session, None, |work: &mut UnitOfWork<'_>| {
        let hash = address.hash(&DatabaseSecret::of(work)?);
        let erased = Refusal::of_erased(AddressType::Email, hash);
        assert!(!refuse(work, erased.clone())?.1);
        assert!(refuse(work, erased)?.1, "once");
        Ok(())
    })
    .unwrap();

    read(&session, ReadMode::Snapshot, |reader| {
        let secret = DatabaseSecret::find(reader.engine, reader.connection)?.expect("it was made");
        let hash = address.hash(&secret);
        let people = |address: &ContactAddress| {
            let rows = sharing(reader, address).unwrap().into_iter();
            rows.map(|row| person_of_row(reader, row)).collect::<Vec<_>>()
        };
        assert_eq!(people(&address), [ada, twin]);
        let phone = ContactAddress::parse(AddressType::Phone, "+49 171 2345678", None)?;
        assert_eq!(people(&phone), [ada, twin, eve]);
        let nobodys = ContactAddress::parse(AddressType::Phone, "+49 30 901820", None)?;
        assert_eq!(people(&nobodys), []);
        assert_eq!(covering(reader, &hash)?.len(), 1);
        assert_eq!(covering(reader, "0123456789abcdef0123456789abcdef")?.len(), 0);
        // The states of the person and those of the address, in one statement.
        assert_eq!(states_of(reader, Some(ada.into()), Some(&hash))?.len(), 2);
        assert_eq!(states_of(reader, Some(twin.into()), Some(&hash))?.len(), 1);
        assert_eq!(states_of(reader, Some(eve.into()), None)?.len(), 0);
        Ok(())
    })
    .unwrap();
}
