//! The engine's round: create, read, change, delete, restore, undo, verify.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crm_core::access::users::{Team, TeamMember, User};
use crm_core::contacts::{Email, Person, Phone};
use crm_core::record::filter::Filter;
use crm_core::record::query::{GroupQuery, Measure, Query};
use crm_core::{Actor, Clock, Config, Crm, ManualClock, Purpose, SeededRandom, Session};
use serde_json::json;

fn open() -> (Crm, Session) {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let crm = crate::engine_support::open(Config::default().clock(clock).random(SeededRandom::new([1; 32])));
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    (crm, session)
}

#[test]
fn a_record_goes_its_round() {
    let (crm, session) = open();
    let told = Arc::new(AtomicU64::new(0));
    let counter = Arc::clone(&told);
    let _listening = crm.on_commit(move |range| {
        counter.fetch_add(range.end - range.start, Ordering::SeqCst);
    });
    let user = session
        .users()
        .create(User {
            name: " Ada  Lovelace ".into(),
            email: Some("Ada@Example.COM".into()),
            ..User::default()
        })
        .unwrap();
    assert_eq!(user.meta.version, 1);
    assert_eq!(user.email.as_deref(), Some("Ada@example.com"));
    assert_eq!(user.active, Some(true));
    let team = session.teams().create(Team { name: "Sales".into(), ..Team::default() }).unwrap();
    let member = TeamMember { team: team.meta.id.into(), user: user.meta.id.into(), ..TeamMember::default() };
    let member = session.team_members().create(member).unwrap();

    let renamed = session.users().patch(user.meta.id, &json!({"name": "Ada King", "version": 1})).unwrap();
    assert_eq!(renamed.meta.version, 2);
    let stale = session.users().update(user.clone()).unwrap_err();
    assert_eq!(stale.code(), "record.conflict");
    assert_eq!(stale.details()["fields"], json!(["name"]));

    session.users().delete(user.meta.id).unwrap();
    assert!(session.users().find(user.meta.id).unwrap().is_none());
    assert!(
        session.team_members().find(member.meta.id).unwrap().is_none(),
        "the membership goes with the user"
    );
    let back = session.users().restore(user.meta.id).unwrap();
    assert_eq!(back.name, "Ada King");
    assert!(session.team_members().find(member.meta.id).unwrap().is_some());

    let history = session.users().history(user.meta.id, None, 100).unwrap();
    assert_eq!(history.len(), 4);
    assert_eq!(history[2].changes[0].before, json!("Ada  Lovelace"));
    session.journal().undo(history[2].sequence).unwrap();
    assert_eq!(session.users().get(user.meta.id).unwrap().name, "Ada  Lovelace");

    let head = session.journal().head().unwrap();
    let verification = session.journal().verify().unwrap();
    assert!(verification.is_sound(), "{verification:?}");
    assert_eq!(verification.head, head);
    assert_eq!(head.size, told.load(Ordering::SeqCst));
    let (leaf, proof) = session.journal().inclusion_proof(2).unwrap();
    proof.verify(&leaf, &head).unwrap();
}

#[test]
fn lists_groups_and_the_past() {
    let clock = Arc::new(ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap()));
    let crm = crate::engine_support::open(
        Config::default().clock(Arc::clone(&clock)).random(SeededRandom::new([1; 32])),
    );
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    let person = |given: &str, family: &str, tags: &[&str]| Person {
        given_name: Some(given.into()),
        family_name: Some(family.into()),
        tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
        emails: vec![Email::work(format!("{given}@example.com"))],
        phones: vec![Phone::work("030 23125 123")],
        ..Person::default()
    };
    let ada = session.people().create(person("Ada", "Lovelace", &["VIP"])).unwrap();
    let bob = session.people().create(person("Bob", "Müller", &["vip", "new"])).unwrap();
    let names = |session: &Session, filter: &str| -> Vec<String> {
        let query = Query::new().filter(filter.parse().unwrap()).ascending("name_key");
        let page = session.people().list(&query).unwrap();
        page.records.into_iter().map(|person| person.given_name.unwrap()).collect()
    };
    assert_eq!(names(&session, r#"family_name = "Müller""#), ["Bob"]);
    assert_eq!(names(&session, r#"tags has "vip""#), ["Ada", "Bob"]);
    assert_eq!(names(&session, r#"emails.address = "ADA@example.com""#), ["Ada"]);
    assert_eq!(names(&session, r#"phones.number = "+49 (30) 231 25 123""#), ["Ada", "Bob"]);
    let before = clock.now();
    clock.advance_days(1);
    session.people().patch(ada.meta.id, &json!({"family_name": "King", "tags": ["left"]})).unwrap();
    session.people().delete(bob.meta.id).unwrap();
    session.people().create(person("Cid", "Late", &[])).unwrap();
    assert_eq!(names(&session, "family_name is not null"), ["Ada", "Cid"]);
    session
        .as_of(before, |past| {
            let all = past.people().list(&Query::new().ascending("name_key"))?.records;
            assert_eq!(all, [ada.clone(), bob.clone()]);
            assert_eq!(past.people().get(ada.meta.id)?, ada);
            assert_eq!(past.people().count(&r#"tags has "vip""#.parse()?)?, 2);
            assert_eq!(past.people().count(&r#"tags has "left""#.parse()?)?, 0);
            Ok(())
        })
        .unwrap();
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 2);
    let groups =
        session.people().group(&GroupQuery::new().by("family_name").measure(Measure::Count)).unwrap();
    assert_eq!(groups.rows.len(), 2);
}

#[test]
fn bad_input_changes_nothing() {
    let (_crm, session) = open();
    let user =
        |name: &str, email: &str| User { name: name.into(), email: Some(email.into()), ..User::default() };
    session.users().create(user("Ada", "a@example.com")).unwrap();
    for (bad, code, path) in [
        (user("", "b@example.com"), "field.required", "name"),
        (user("B\0", "b@example.com"), "text.control_character", "name"),
        (user(&"x".repeat(201), "b@example.com"), "text.too_long", "name"),
        (user("B", "nobody"), "email.no_at", "email"),
        (user("B", "a@example.com"), "field.duplicate", "email"),
    ] {
        let error = session.users().create(bad).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{error}");
    }
    assert_eq!(session.journal().head().unwrap().size, 1);
    let error = session.team_members().create(TeamMember::default()).unwrap_err();
    assert_eq!(error.path(), Some("member_of"));
    let results = session
        .users()
        .create_all(vec![
            user("C", "c@example.com"),
            user("", "x@y.example"),
            user("D", "d@example.com"),
            user("E", "c@example.com"),
        ])
        .unwrap();
    let outcome: Vec<Result<String, String>> = results
        .into_iter()
        .map(|row| row.map(|user| user.name).map_err(|error| error.code().to_owned()))
        .collect();
    assert_eq!(
        outcome,
        [Ok("C".into()), Err("field.required".into()), Ok("D".into()), Err("field.duplicate".into())]
    );
    assert!(session.journal().verify().unwrap().is_sound());
}
