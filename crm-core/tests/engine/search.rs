//! One search over all record types.

use crm_core::access::OwnAndTeam;
use crm_core::access::users::User;
use crm_core::activity::Note;
use crm_core::contacts::{Email, Organisation, Person, Phone};
use crm_core::search::SearchQuery;
use crm_core::service::{Case, Reply};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, Reference, SeededRandom, Session};
use serde_json::json;

fn config() -> Config {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    Config::default().clock(clock).random(SeededRandom::new([1; 32]))
}

fn person(given: &str, family: &str, email: &str, phone: &str, notes: &str) -> Person {
    Person {
        given_name: Some(given.into()),
        family_name: Some(family.into()),
        emails: vec![Email::work(email)],
        phones: vec![Phone::work(phone)],
        description: Some(notes.into()),
        ..Person::default()
    }
}

fn filled() -> (Crm, Session) {
    let crm = crate::engine_support::open(config());
    let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    for record in [
        person("Łukasz", "Żółć", "lukasz.zolc@example.pl", "+48 22 123 45 67", "Met at the Berlin fair"),
        person("Jürgen", "Groß", "j.gross@berlin.example", "030 / 231 25-123", "Prefers e-mail"),
        person("Ada", "Berlin", "ada@example.com", "+1 303 555 0102", ""),
        person("美咲", "東京", "misaki@example.jp", "+81 3 1234 5678", "首都の担当者"),
    ] {
        session.people().create(record).unwrap();
    }
    session
        .organisations()
        .create(Organisation { name: "Berliner Lichtwerke GmbH".into(), ..Organisation::default() })
        .unwrap();
    (crm, session)
}

#[test]
fn words_numbers_and_addresses_are_found() {
    let (_crm, session) = filled();
    let check = |query: &str, expected: &[&str]| {
        let mut titles: Vec<String> =
            session.search().find(query).unwrap().into_iter().map(|hit| hit.title).collect();
        titles.sort();
        let mut expected: Vec<String> = expected.iter().map(|title| (*title).to_owned()).collect();
        expected.sort();
        assert_eq!(titles, expected, "{query}");
    };
    check("lukasz", &["Łukasz Żółć"]);
    check("ZOLC", &["Łukasz Żółć"]);
    check("gross jur", &["Jürgen Groß"]);
    check("berlin", &["Łukasz Żółć", "Jürgen Groß", "Ada Berlin", "Berliner Lichtwerke GmbH"]);
    check("berlin ", &["Łukasz Żółć", "Jürgen Groß", "Ada Berlin"]);
    check("lichtw", &["Berliner Lichtwerke GmbH"]);
    check("zolc@example", &["Łukasz Żółć"]);
    check("京", &["美咲 東京"]);
    check("担当", &["美咲 東京"]);
    for spelling in ["+49 30 23125123", "0049 (30) 231 25-123", "030 23125123", "(030) 231 25", "030/231"] {
        check(spelling, &["Jürgen Groß"]);
    }
    check("+1 (303) 555-0102", &["Ada Berlin"]);
    check("nothing such", &[]);
    check("", &[]);
    check("\"; DROP TABLE person; --", &[]);
}

#[test]
fn a_name_outranks_a_note_and_the_snippet_marks_the_hit() {
    let (_crm, session) = filled();
    let hits = session.search().run(&SearchQuery::new("berlin").of_types(&["person"])).unwrap();
    assert_eq!(hits[0].title, "Ada Berlin");
    let note = hits.iter().find(|hit| hit.title.starts_with("Łukasz")).unwrap().snippet.as_ref().unwrap();
    let range = note.snippet.ranges[0];
    assert_eq!(note.field, "description");
    assert_eq!(&note.snippet.text[range.start as usize..range.end as usize], "Berlin");
    assert_eq!(session.search().run(&SearchQuery::new("x").limit(0)).unwrap_err().code(), "search.limit");
    assert_eq!(session.search().find(&"x".repeat(2_000)).unwrap_err().code(), "search.too_long");
}

#[test]
fn the_index_follows_changes_and_undo() {
    let (_crm, session) = filled();
    let count = |query: &str| session.search().find(query).unwrap().len();
    let hit = session.search().find("zolc").unwrap().remove(0);
    session.people().patch(hit.id, &json!({"family_name": "Nowak"})).unwrap();
    assert_eq!((count("zolc"), count("nowak")), (1, 1), "the e-mail address still has the old name");
    session.people().delete(hit.id).unwrap();
    assert_eq!((count("zolc"), count("nowak")), (0, 0));
    session.people().restore(hit.id).unwrap();
    assert_eq!(count("nowak"), 1);
    let change = session.people().history(hit.id, None, 10).unwrap().remove(2);
    session.journal().undo(change.sequence).unwrap();
    assert_eq!((count("żółć"), count("nowak")), (1, 0));
}

#[test]
fn suggestions_come_in_the_order_of_names() {
    let (_crm, session) = filled();
    let titles = |record_type: &str, prefix: &str| -> Vec<String> {
        session
            .search()
            .suggest(record_type, prefix, 20)
            .unwrap()
            .into_iter()
            .map(|found| found.title)
            .collect()
    };
    assert_eq!(titles("person", "ZO"), ["Łukasz Żółć"]);
    assert_eq!(titles("person", "be"), ["Ada Berlin"]);
    assert_eq!(titles("organisation", "Berl"), ["Berliner Lichtwerke GmbH"]);
    assert_eq!(titles("person", "").len(), 4);
}

#[test]
fn the_access_predicate_holds_in_every_read() {
    let crm = crate::engine_support::open(config().access(OwnAndTeam::of(&["person"])));
    let system = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    let user = |name: &str| system.users().create(User { name: name.into(), ..User::default() }).unwrap();
    let (ann, bea) = (user("Ann"), user("Bea"));
    let mut owned = person("Ada", "Lovelace", "ada@example.com", "+1 303 555 0102", "");
    owned.meta.owner = Some(ann.meta.id);
    let owned = system.people().create(owned).unwrap();
    let count = |session: &Session| {
        let people = session.people();
        (
            people.list(&Default::default()).unwrap().records.len(),
            people.count(&crm_core::record::filter::Filter::all()).unwrap(),
            session.search().find("lovelace").unwrap().len(),
            session.search().find("+1 303 555 0102").unwrap().len(),
            session.search().suggest("person", "lo", 10).unwrap().len(),
            usize::from(people.find(owned.meta.id).unwrap().is_some()),
        )
    };
    let session = |user: &User| crm.session(Actor::User(user.meta.id.into()), Purpose::CustomerCare).unwrap();
    assert_eq!(count(&session(&ann)), (1, 1, 1, 1, 1, 1));
    assert_eq!(count(&session(&bea)), (0, 0, 0, 0, 0, 0));
    let error = session(&bea).people().patch(owned.meta.id, &json!({"given_name": "X"})).unwrap_err();
    assert_eq!(error.code(), "record.not_found");
    assert_eq!(session(&bea).people().delete(owned.meta.id).unwrap_err().code(), "record.not_found");
}

#[test]
fn what_has_no_name_is_called_by_its_text() {
    let (_crm, session) = filled();
    let about = session.search().find("lichtw").unwrap().remove(0);
    let about = Reference::new("organisation", about.id);
    let body = format!("\n  They want\tlanterns {}for the harbour", "and lamps ".repeat(20));
    session.notes().create(Note { about, body, ..Note::default() }).unwrap();
    let case = session.cases().create(Case { subject: "Broken lantern".into(), ..Case::default() }).unwrap();
    let id = case.meta.id.into();
    let reply = |subject: Option<&str>, body: &str| Reply {
        subject: subject.map(str::to_owned),
        body: body.into(),
        ..Reply::default()
    };
    session.cases().reply(id, reply(Some("Your lantern"), "It is being repaired")).unwrap();
    session.cases().reply(id, reply(None, "The lantern is on its way.")).unwrap();
    let titles = |text: &str, record_type: &str| -> Vec<String> {
        let query = SearchQuery::new(text).of_types(&[record_type]);
        session.search().run(&query).unwrap().into_iter().map(|hit| hit.title).collect()
    };
    let note = titles("harbour", "note").remove(0);
    assert!(note.starts_with("They want lanterns and lamps") && note.ends_with("lamps…"), "{note}");
    assert_eq!(titles("lantern", "case_message"), ["Your lantern", "The lantern is on its way."]);
    assert_eq!(titles("repaired", "case_message"), ["Your lantern"]);
    let hit = session.search().run(&SearchQuery::new("lanterns").of_types(&["note"])).unwrap().remove(0);
    assert_eq!(hit.snippet.unwrap().field, "body", "the text is told from a name");
}
