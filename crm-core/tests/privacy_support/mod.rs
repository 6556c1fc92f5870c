//! What the tests of privacy share.
#![allow(unreachable_pub, dead_code, clippy::unwrap_used, reason = "each test takes what it needs")]

use crate::engine_support;
use std::sync::Arc;

use crm_core::contacts::{Email, Person, PersonId, Phone};
use crm_core::interchange::jsonl::Exported;
use crm_core::privacy::{
    ConsentEvent, ConsentState, ConsentStatus, ContactChannel, Question, SuppressionQuestion,
};
use crm_core::record::Record;
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, SeededRandom, Session};

/// A clock that the test and the database share.
pub type SharedClock = Arc<ManualClock>;

/// An empty database, and the clock that it goes by.
pub fn open() -> (Crm, Session, SharedClock) {
    open_seeded(7)
}

/// An empty database with keys of its own.
pub fn open_seeded(seed: u8) -> (Crm, Session, SharedClock) {
    let clock = Arc::new(ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap()));
    let config = Config::default().clock(Arc::clone(&clock)).random(SeededRandom::new([seed; 32]));
    let crm = engine_support::open(config);
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    (crm, session, clock)
}

/// Lets seconds pass.
pub fn later(clock: &ManualClock, seconds: i64) {
    clock.advance_micros(seconds * 1_000_000);
}

/// A person with an e-mail address.
pub fn person(session: &Session, email: &str) -> PersonId {
    let person = Person {
        given_name: Some("Ada".into()),
        emails: vec![Email::home(email)],
        phones: vec![Phone::mobile("+49 171 2345678")],
        ..Person::default()
    };
    session.people().create(person).unwrap().meta.id.into()
}

/// An event about direct marketing by e-mail.
pub fn event(kind: ConsentStatus) -> ConsentEvent {
    ConsentEvent {
        purpose: "direct_marketing".into(),
        channel: Some(ContactChannel::Email),
        kind,
        ..ConsentEvent::default()
    }
}

/// An event of a person.
pub fn event_of(person: PersonId, kind: ConsentStatus) -> ConsentEvent {
    ConsentEvent { person: Some(person), ..event(kind) }
}

/// An event of an address.
pub fn event_at(address: &str, kind: ConsentStatus) -> ConsentEvent {
    ConsentEvent { address: Some(address.into()), ..event(kind) }
}

/// Records an event.
pub fn record(session: &Session, event: ConsentEvent) -> ConsentEvent {
    session.consent().record(event, None).unwrap().event
}

/// A question about direct marketing by e-mail.
pub fn question(person: Option<PersonId>, address: Option<&str>) -> Question {
    Question {
        person,
        address: address.map(str::to_owned),
        purpose: "direct_marketing".into(),
        channel: Some(ContactChannel::Email),
        ..Question::default()
    }
}

/// Where direct marketing by e-mail stands.
pub fn status(session: &Session, person: Option<PersonId>, address: Option<&str>) -> Option<ConsentStatus> {
    session.consent().state(&question(person, address)).unwrap().map(|state| state.status)
}

/// Whether direct marketing by e-mail is suppressed.
pub fn is_suppressed(session: &Session, address: &str) -> bool {
    is_suppressed_for(session, address, "direct_marketing")
}

/// Whether an address is suppressed for e-mails of a purpose.
pub fn is_suppressed_for(session: &Session, address: &str, purpose: &str) -> bool {
    let question = SuppressionQuestion {
        address: address.into(),
        purpose: purpose.into(),
        ..SuppressionQuestion::default()
    };
    session.suppressions().check(&question).unwrap().suppressed
}

/// The database as JSON Lines.
pub fn exported(session: &Session) -> String {
    let mut out = Vec::new();
    session.exports().jsonl(&mut out, &mut |_: &Exported| std::ops::ControlFlow::Continue(())).unwrap();
    String::from_utf8(out).unwrap()
}

/// All that is stored: the bytes of the database in memory, or what a server has in its tables.
pub fn stored(crm: &Crm) -> Vec<u8> {
    let mut bytes = Vec::new();
    crm.database()
        .contents(&mut |_, source| {
            source.read_to_end(&mut bytes).unwrap();
            Ok(())
        })
        .unwrap();
    bytes
}

/// Reads JSON Lines into a database.
pub fn import(session: &Session, lines: &str) {
    session
        .imports()
        .jsonl(&mut lines.as_bytes(), &mut |_: &Exported| std::ops::ControlFlow::Continue(()))
        .unwrap();
}

/// The states that are kept beside the ledger, and those that the ledger folds to: they must be the same.
pub fn check_kept_states(session: &Session, question: &Question) {
    let kept = session.consent().states(question).unwrap();
    for state in kept {
        // The state of an address is asked for by the address; that of a person alone says nothing of one.
        if state.of_address && question.address.is_none() {
            continue;
        }
        let asked = Question {
            purpose: state.purpose.clone(),
            channel: state.channel,
            brand: state.brand.clone(),
            ..question.clone()
        };
        let folded: Option<ConsentState> = session.consent().state(&asked).unwrap();
        assert_eq!(folded.map(|state| state.status), Some(state.status), "{asked:?}");
    }
}

/// Turns a record into a struct's identifier.
pub fn id_of<R: Record>(record: &R) -> R::Id {
    record.id()
}
