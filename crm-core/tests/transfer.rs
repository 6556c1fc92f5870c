//! Moving a database from SQLite to PostgreSQL and back.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod engine_support;
mod hot_support;

use std::ops::ControlFlow;

use crm_core::activity::{Attachment, Note};
use crm_core::contacts::Person;
use crm_core::customize::{CustomField, CustomKind, CustomType};
use crm_core::privacy::keys::StaticKey;
use crm_core::record::filter::{Filter, parse};
use crm_core::search::SearchQuery;
use crm_core::transfer::{CopyProgress, CopyReport};
use crm_core::{Actor, Config, Crm, Purpose, Reference, Session};
use serde_json::json;

fn config() -> Config {
    Config::default().keys(StaticKey::new(&[7; 32]))
}

fn session(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap()
}

fn person(name: &str) -> Person {
    Person { family_name: Some(name.to_owned()), ..Person::default() }
}

/// A database with something of everything, in SQLite.
fn filled() -> Crm {
    let crm = Crm::memory(config()).unwrap();
    let session = session(&crm);
    session.case_statuses().install_defaults().unwrap();
    hot_support::hot_operations(&session).unwrap();
    session
        .custom_types()
        .create(CustomType {
            name: "x_badge".into(),
            plural: Some("x_badges".into()),
            ..CustomType::default()
        })
        .unwrap();
    for (record_type, name, kind) in
        [("x_badge", "x_code", CustomKind::Text), ("person", "x_height", CustomKind::Number)]
    {
        let field = CustomField {
            record_type: record_type.into(),
            name: name.into(),
            kind,
            ..CustomField::default()
        };
        session.custom_fields().create(field).unwrap();
    }
    let people: Vec<Person> = (0..1_200).map(|number| person(&format!("Number {number}"))).collect();
    for chunk in people.chunks(400) {
        session.people().create_all(chunk.to_vec()).unwrap();
    }
    let tall = session.people().create(person("Tall")).unwrap().meta.id;
    session.people().patch(tall, &json!({"x_height": 2.01, "tags": ["a", "b"]})).unwrap();
    let about = Reference::new("person", tall);
    session
        .notes()
        .create(Note { about: about.clone(), body: "Met in Köln".into(), ..Note::default() })
        .unwrap();
    let file = Attachment { about, file_name: "a.txt".into(), ..Attachment::default() };
    session.attachments().add(file, &mut vec![b'S'; 150_000].as_slice()).unwrap();
    let gone = session.people().create(person("Gone")).unwrap().meta.id;
    session.people().delete(gone).unwrap();
    crm
}

fn copied(source: &Crm, target: &Crm) -> CopyReport {
    let mut steps = Vec::new();
    let report = source
        .copy_to(target, &mut |progress: &CopyProgress| {
            assert!(steps.last().is_none_or(|(_, rows)| *rows <= progress.rows));
            steps.push((progress.step, progress.rows));
            ControlFlow::Continue(())
        })
        .unwrap();
    assert!(steps.len() > 50, "{}", steps.len());
    report
}

/// What a host sees is what was there, and goes on from there.
fn check(target: &Crm, report: &CopyReport) {
    let session = session(target);
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 3 + 1_200 + 1);
    assert_eq!(session.people().count(&parse("x_height > 2").unwrap()).unwrap(), 1);
    assert_eq!(session.journal().head().unwrap(), report.head);
    let hits = session.search().run(&SearchQuery::new("koln")).unwrap();
    assert_eq!((hits.len(), hits[0].record_type.as_str()), (1, "note"));
    assert_eq!(session.search().find("number 77 ").unwrap()[0].title, "Number 77");
    let attachment =
        session.attachments().list(&crm_core::record::query::Query::new()).unwrap().records.remove(0);
    let mut content = Vec::new();
    session.attachments().read_content(attachment.meta.id, &mut content).unwrap();
    assert_eq!(content.len(), 150_000);
    // The history is readable: the keys came along.
    let tall =
        session.people().list(&crm_core::record::query::Query::new().filter(parse("x_height > 2").unwrap()));
    let tall = tall.unwrap().records.remove(0).meta.id;
    let history = session.people().history(tall, None, 10).unwrap();
    assert!(history.iter().all(|entry| !entry.erased) && history.len() == 2);
    // New rows are numbered behind the old ones, and the bin gives back what it has.
    session.people().create(person("After")).unwrap();
    let gone = session.bin().list(None, 10).unwrap().remove(0).record;
    session.people().restore(gone).unwrap();
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 3 + 1_200 + 3);
    assert!(session.journal().verify().unwrap().is_sound());
    assert_eq!(target.integrity_check().unwrap(), Vec::<String>::new());
}

#[test]
fn there_and_back() {
    let source = filled();
    let (server, back) = (engine_support::open(config()), Crm::memory(config()).unwrap());
    let report = copied(&source, &server);
    assert!(report.records > 1_200);
    assert_eq!(copied(&server, &back), report);
    check(&server, &report);
    check(&back, &report);
}

#[test]
fn a_copy_goes_on_where_it_was_broken_off() {
    let source = filled();
    let server = engine_support::open(config());
    let mut attempts = 0;
    let report = loop {
        attempts += 1;
        let mut left = 17;
        let outcome = source.copy_to(&server, &mut |_| {
            left -= 1;
            if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        match outcome {
            Ok(report) => break report,
            Err(error) if error.code() == "copy.cancelled" && attempts < 8 => {}
            // The comparison at the end is done as a whole.
            Err(error) if error.code() == "copy.cancelled" => {
                break source.copy_to(&server, &mut |_| ControlFlow::Continue(())).unwrap();
            }
            Err(error) => panic!("{error}"),
        }
    };
    assert!(attempts > 4);
    check(&server, &report);
}

#[test]
fn a_copy_needs_an_empty_target_and_a_source_that_stands_still() {
    let (source, target) = (Crm::memory(config()).unwrap(), engine_support::open(config()));
    let code = |source: &Crm, target: &Crm, broken: bool| {
        let flow = || if broken { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        source.copy_to(target, &mut |_| flow()).unwrap_err().code().to_owned()
    };
    session(&target).people().create(person("There")).unwrap();
    assert_eq!(code(&source, &target, false), "copy.target_not_empty");

    let fresh = engine_support::open(config());
    session(&source).people().create(person("First")).unwrap();
    assert_eq!(code(&source, &fresh, true), "copy.cancelled");
    session(&source).people().create(person("Second")).unwrap();
    assert_eq!(code(&source, &fresh, false), "copy.source_changed");

    // What is not the same is found.
    let other = engine_support::open(config());
    let mut damaged = false;
    let error = source.copy_to(&other, &mut |progress| {
        if progress.step == crm_core::transfer::CopyStep::Verification && !damaged {
            damaged = true;
            let change = "UPDATE person SET family_name = 'Other'";
            other.database().write(&mut |connection| connection.execute(change, &[]).map(|_| ())).unwrap();
        }
        ControlFlow::Continue(())
    });
    let error = error.unwrap_err();
    assert_eq!((error.code(), error.path()), ("copy.differs", Some("person")));
}
