//! A full export, read into an empty database, gives the same export.

use std::ops::ControlFlow;

use crm_core::access::users::{Team, User};
use crm_core::contacts::{
    Affiliation, Email, Household, Organisation, Person, Relationship, RelationshipType,
};
use crm_core::interchange::{ImportOptions, Mapping};
use crm_core::{Actor, Config, Date, ManualClock, Money, Purpose, Reference, SeededRandom, Session};
use proptest::prelude::*;

fn open(seed: u8) -> Session {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let crm =
        crate::engine_support::open(Config::default().clock(clock).random(SeededRandom::new([seed; 32])));
    crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap()
}

fn export(session: &Session) -> String {
    let mut out = Vec::new();
    session.exports().jsonl(&mut out, &mut |_| ControlFlow::Continue(())).unwrap();
    String::from_utf8(out).unwrap()
}

fn import(session: &Session, text: &str) -> crm_core::Result<u64> {
    let done = session.imports().jsonl(text.as_bytes(), &mut |_| ControlFlow::Continue(()))?;
    Ok(done.records)
}

fn check(session: &Session) {
    let first = export(session);
    let other = open(9);
    import(&other, &first).unwrap();
    assert_eq!(export(&other), first);
    assert!(other.journal().verify().unwrap().is_sound());
}

fn sample(session: &Session) -> Person {
    let user = session.users().create(User { name: "Ada".into(), ..User::default() }).unwrap();
    session.teams().create(Team { name: "North".into(), ..Team::default() }).unwrap();
    let mut parent =
        Organisation { name: "Parent \"&\" Söhne\u{2028}".trim().into(), ..Organisation::default() };
    parent.annual_revenue = Some("1234.50 EUR".parse::<Money>().unwrap());
    parent.meta.owner = Some(user.meta.id);
    let parent = session.organisations().create(parent).unwrap();
    let child = session
        .organisations()
        .create(Organisation { name: "Child".into(), ..Organisation::default() })
        .unwrap();
    // A link to a record that was stored later must survive, too.
    session.organisations().set_parent(&parent, &child);
    let household =
        session.households().create(Household { name: "H".into(), ..Household::default() }).unwrap();
    let person = session
        .people()
        .create(Person {
            family_name: Some("Lovelace".into()),
            emails: vec![Email::work("a@example.com")],
            birth_date: Date::from_ymd_opt(1815, 12, 10),
            household: Some(household.id()),
            organisation: Some(parent.id()),
            tags: vec!["a".into(), "b".into()],
            ..Person::default()
        })
        .unwrap();
    let kind = session
        .relationship_types()
        .create(RelationshipType {
            name: "owns".into(),
            inverse_name: "belongs to".into(),
            ..RelationshipType::default()
        })
        .unwrap();
    session
        .relationships()
        .create(Relationship {
            kind: kind.id(),
            first: Some(Reference::new("person", person.meta.id)),
            second: Some(Reference::new("organisation", child.meta.id)),
            ..Relationship::default()
        })
        .unwrap();
    session
        .affiliations()
        .create(Affiliation { person: person.id(), organisation: child.id(), ..Affiliation::default() })
        .unwrap();
    person
}

trait SetParent {
    fn set_parent(&self, child: &Organisation, parent: &Organisation);
}

impl SetParent for crm_core::Records<'_, Organisation> {
    fn set_parent(&self, child: &Organisation, parent: &Organisation) {
        self.patch(child.meta.id, &serde_json::json!({"parent": parent.meta.id.to_string()})).unwrap();
    }
}

use crm_core::record::Record;

#[test]
fn all_that_there_is_comes_back_equal() {
    let session = open(1);
    let person = sample(&session);
    session.people().patch(person.meta.id, &serde_json::json!({"nickname": "The \\ Enchantress"})).unwrap();
    let mapping = Mapping::new("person").key("Id").column("Name", "family_name");
    session.imports().csv(&b"Id,Name\n1,A\n2,B\n"[..], &mapping, ImportOptions::default()).unwrap();
    check(&session);
    // The copy finds records by the keys that came along.
    let other = open(2);
    import(&other, &export(&session)).unwrap();
    let report = other.imports().csv(&b"Id,Name\n1,A\n"[..], &mapping, ImportOptions::default()).unwrap();
    assert_eq!(report.rejects[0].code, "import.exists");
    assert_eq!(other.people().get(person.meta.id).unwrap().meta.version, 2);
}

#[test]
fn what_cannot_be_read_is_refused_with_its_line() {
    let session = open(1);
    sample(&session);
    let good = export(&session);
    let error = import(&session, &good).unwrap_err();
    assert_eq!(error.code(), "jsonl.not_empty");
    let lines: Vec<&str> = good.lines().collect();
    let replaced = |number: usize, with: &str| {
        let mut lines = lines.clone();
        lines[number - 1] = with;
        format!("{}\n", lines.join("\n"))
    };
    let person = lines.iter().position(|line| line.contains("\"type\":\"person\"")).unwrap() + 1;
    let bad_mail = lines[person - 1].replace("a@example.com", "nobody");
    let lost = lines[..lines.len() - 1].join("\n");
    let other_parent = good.replacen("\"parent\":\"0", "\"parent\":\"f", 1);
    for (text, code, place) in [
        (String::new(), "jsonl.invalid", "line 1".to_owned()),
        ("{}\n".into(), "jsonl.invalid", "line 1.column 2".into()),
        (good.replacen("crm-core", "other", 1), "jsonl.format", "line 1".into()),
        (good.replacen("\"version\":1", "\"version\":9", 1), "jsonl.version", "line 1".into()),
        (good.replacen("\"person\":1", "\"alien\":1", 1), "jsonl.type_unknown", "line 1".into()),
        (replaced(3, "{broken"), "jsonl.invalid", "line 3.column 2".into()),
        (replaced(person, &bad_mail), "email.no_at", format!("line {person}.emails[0].address")),
        (replaced(3, lines[1]), "record.exists", "line 3.id".into()),
        (lost, "jsonl.incomplete", format!("line {}", lines.len())),
    ] {
        let empty = open(3);
        let error = import(&empty, &text).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(place.as_str())), "{error}");
        assert_eq!(empty.journal().head().unwrap().size, 0, "{code}");
    }
    let error = import(&open(3), &other_parent).unwrap_err();
    assert_eq!(error.code(), "link.broken");
}

#[test]
fn a_cancelled_reading_leaves_nothing() {
    let session = open(1);
    sample(&session);
    let empty = open(3);
    let error =
        empty.imports().jsonl(export(&session).as_bytes(), &mut |_| ControlFlow::Break(())).unwrap_err();
    assert_eq!(error.code(), "import.cancelled");
    assert_eq!(export(&empty), export(&open(4)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn random_databases_come_back_equal(
        people in prop::collection::vec(("\\PC{1,20}", "[a-z]{1,8}", prop::option::of(0_usize..20), any::<bool>()), 0..20)
    ) {
        let session = open(1);
        let mut made: Vec<Person> = Vec::new();
        for (name, mail, organisation, deleted) in people {
            let organisation = organisation.filter(|n| n % 3 == 0).map(|n| {
                let firm = Organisation { name: format!("Firm {n} {name}"), ..Organisation::default() };
                session.organisations().create(firm).unwrap().id()
            });
            let person = Person {
                family_name: Some(format!("N{name}")),
                emails: vec![Email::home(format!("{mail}@example.com"))],
                description: Some(format!("{name}\n{name}")),
                organisation,
                ..Person::default()
            };
            if let Ok(person) = session.people().create(person) {
                if deleted { session.people().delete(person.meta.id).unwrap(); } else { made.push(person); }
            }
        }
        check(&session);
    }
}
