//! Whatever fails below, at whichever step: the change is not there, the journal is sound, and the next change works.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use crm_core::access::users::{TeamMember, User};
use crm_core::contacts::{Affiliation, Email, Organisation, Person, Phone};
use crm_core::record::filter::Filter;
use crm_core::record::query::Query;
use crm_core::storage::SqliteDatabase;
use crm_core::storage::fault::{Fault, FaultPoint, FaultyDatabase};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, Result, SeededRandom, Session};
use serde_json::json;
use std::sync::Arc;

struct World {
    faults: Arc<FaultyDatabase>,
    session: Session,
    user: User,
    person: Person,
    organisation: Organisation,
}

fn world(database: SqliteDatabase) -> World {
    let faults = Arc::new(FaultyDatabase::new(Box::new(database)));
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let config = Config::default().clock(clock).random(SeededRandom::new([3; 32]));
    let crm = Crm::on(Box::new(Arc::clone(&faults)), config).unwrap();
    let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    let user = session.users().create(User { name: "Ann".into(), ..User::default() }).unwrap();
    let team = session
        .teams()
        .create(crm_core::access::users::Team { name: "Sales".into(), ..Default::default() })
        .unwrap();
    let member = TeamMember { team: team.meta.id.into(), user: user.meta.id.into(), ..Default::default() };
    session.team_members().create(member).unwrap();
    let organisation = session
        .organisations()
        .create(Organisation { name: "Acme".into(), ..Organisation::default() })
        .unwrap();
    let person = session.people().create(new_person("Ada", organisation.meta.id)).unwrap();
    let affiliation = Affiliation {
        person: person.meta.id.into(),
        organisation: organisation.meta.id.into(),
        role: Some("Adviser".into()),
        ..Affiliation::default()
    };
    session.affiliations().create(affiliation).unwrap();
    World { faults, session, user, person, organisation }
}

fn new_person(name: &str, organisation: crm_core::RecordId) -> Person {
    Person {
        family_name: Some(name.into()),
        organisation: Some(organisation.into()),
        emails: vec![Email::work(format!("{name}@example.com"))],
        phones: vec![Phone::work("+49 30 23125 123")],
        tags: vec!["vip".into()],
        ..Person::default()
    }
}

/// Everything that a change could have touched, as one text.
fn state(session: &Session) -> String {
    let all = Query::new().limit(1000);
    format!(
        "{:?} {:?} {:?} {:?} {:?} {}",
        session.users().list(&all).unwrap(),
        session.people().list(&all).unwrap(),
        session.organisations().list(&all).unwrap(),
        session.team_members().list(&all).unwrap(),
        session.affiliations().list(&all).unwrap(),
        session.journal().head().unwrap().size,
    )
}

type Work = fn(&World) -> Result<()>;

const WORKS: [(&str, Work); 6] = [
    ("create", |world| {
        world.session.people().create(new_person("Bea", world.organisation.meta.id)).map(drop)
    }),
    ("patch", |world| {
        let patch = json!({"family_name": "King", "tags": ["new"], "emails": [{"address": "k@example.com"}]});
        world.session.people().patch(world.person.meta.id, &patch).map(drop)
    }),
    ("delete with what hangs on it", |world| world.session.users().delete(world.user.meta.id)),
    ("delete that clears a link", |world| world.session.organisations().delete(world.organisation.meta.id)),
    ("bulk", |world| {
        let people = (0..5).map(|n| new_person(&format!("P{n}"), world.organisation.meta.id)).collect();
        for row in world.session.people().create_all(people)? {
            row?;
        }
        Ok(())
    }),
    ("transaction", |world| {
        world.session.transaction(|transaction| {
            let made = transaction.people().create(new_person("Cid", world.organisation.meta.id))?;
            transaction.people().patch(made.meta.id, &json!({"given_name": "Cyd"}))?;
            transaction.people().delete(world.person.meta.id)
        })
    }),
];

#[test]
fn a_failure_at_any_step_changes_nothing() {
    fail_at_every_step(&|| SqliteDatabase::memory(Default::default()).unwrap());
}

#[cfg(feature = "sqlcipher")]
#[test]
fn a_failure_at_any_step_of_an_encrypted_database_changes_nothing() {
    let key = crm_core::storage::DatabaseKey::new(&[5; 32]);
    fail_at_every_step(&|| SqliteDatabase::memory_with_key(Some(&key), Default::default()).unwrap());
}

fn fail_at_every_step(make: &dyn Fn() -> SqliteDatabase) {
    let mut steps_tried = 0;
    for (name, work) in WORKS {
        for point in [FaultPoint::WriteStatement, FaultPoint::Commit, FaultPoint::ReadStatement] {
            for step in 1.. {
                let world = world(make());
                let before = state(&world.session);
                let fault = Fault::ALL[step % Fault::ALL.len()];
                world.faults.reset();
                world.faults.fail_at(point, step as u64, fault);
                let outcome = work(&world);
                let failed = world.faults.has_failed();
                world.faults.reset();
                if !failed {
                    assert!(outcome.is_ok(), "{name} fails without a fault: {outcome:?}");
                    break;
                }
                steps_tried += 1;
                assert!(outcome.is_err(), "{name} swallows a fault at {point:?} {step}");
                assert_eq!(state(&world.session), before, "{name} changed something: {point:?} {step}");
                assert!(world.session.journal().verify().unwrap().is_sound());
                work(&world)
                    .unwrap_or_else(|error| panic!("{name} does not work after {point:?} {step}: {error}"));
                assert!(world.session.journal().verify().unwrap().is_sound());
                let found = world.session.search().find("vip").unwrap().len();
                let counted =
                    world.session.people().count(&r#"tags has "vip""#.parse::<Filter>().unwrap()).unwrap();
                assert_eq!(
                    found as u64, counted,
                    "{name}: the search index is out of step after {point:?} {step}"
                );
            }
        }
    }
    assert!(steps_tried > 100, "only {steps_tried} faults were met");
}
