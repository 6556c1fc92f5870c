//! The typed objects, as Kotlin, Swift and Python see them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]
#![cfg(feature = "uniffi")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crm::uniffi::{
    CrmError, Database, Filter, ImportColumn, ImportMapping, JsonText, Kind, Person, ProgressListener,
    Result, Session,
};

fn session() -> (Arc<Database>, Arc<Session>) {
    let database = Database::open_memory().unwrap();
    let session = database.session(None, None, None).unwrap();
    (database, session)
}

/// A person as a foreign constructor makes one: everything that has a default is left out.
fn person(input: &str) -> Person {
    let (_database, session) = session();
    let text = session.call("person.create".to_owned(), Some(JsonText(input.to_owned()))).unwrap();
    let id = serde_json::from_str::<serde_json::Value>(&text.0).unwrap()["id"].as_str().unwrap().to_owned();
    let mut person = session.people().get(id).unwrap().lift().unwrap();
    person.id = String::new();
    person.version = 0;
    person.created_at = String::new();
    person.updated_at = String::new();
    person.created_by = None;
    person.updated_by = None;
    person
}

fn parts(error: CrmError) -> (String, Kind, Option<String>) {
    let CrmError::Failed { code, kind, path, .. } = error;
    (code, kind, path)
}

#[test]
fn a_record_comes_back_as_it_was_given() {
    let (_database, session) = session();
    let given = person(
        r#"{"given_name": "Ada", "emails": [{"address": "ada@example.com"}], "tags": ["mathematics"]}"#,
    );
    let stored = session.people().create(given).unwrap().lift().unwrap();
    assert_eq!((stored.version, stored.tags.clone()), (1, vec!["mathematics".to_owned()]));
    assert_eq!(session.people().get(stored.id.clone()).unwrap().lift().unwrap(), stored);
    let updated = session.people().update(Person { nickname: Some("Countess".to_owned()), ..stored });
    let updated = updated.unwrap().lift().unwrap();
    assert_eq!((updated.version, updated.nickname.as_deref()), (2, Some("Countess")));
}

#[test]
fn what_is_no_json_is_refused_with_its_place() {
    let (_database, session) = session();
    let custom = |name: &str, text: &str| HashMap::from([(name.to_owned(), JsonText(text.to_owned()))]);
    for (custom, code, path) in [
        (custom("x_size", "{"), "input.json", "x_size"),
        (custom("family_name", r#""Lovelace""#), "field.unknown", "family_name"),
        (custom("x_size", "42"), "field.unknown", "x_size"),
    ] {
        let error =
            session.people().create(Person { custom, ..person(r#"{"given_name": "Ada"}"#) }).unwrap_err();
        assert_eq!(parts(error), (code.to_owned(), Kind::Invalid, Some(path.to_owned())));
    }
    let error = session.people().patch("x".to_owned(), JsonText("[".to_owned())).unwrap_err();
    assert_eq!(parts(error).0, "input.json");
    assert_eq!(session.people().count(None).unwrap(), 0);
}

#[test]
fn filters_are_text_or_json() {
    let (_database, session) = session();
    session.people().create(person(r#"{"given_name": "Ada"}"#)).unwrap();
    for (filter, expected) in [
        (r#"given_name = "Ada""#, Ok(1)),
        (r#" {"field": "given_name", "op": "=", "value": "Bob"}"#, Ok(0)),
        ("{", Err("filter")),
        ("given_name =", Err("filter")),
    ] {
        let counted = session.people().count(Some(Filter(filter.to_owned())));
        match expected {
            Ok(expected) => assert_eq!(counted.unwrap(), expected, "{filter}"),
            Err(_) => assert_eq!(parts(counted.unwrap_err()).1, Kind::Invalid, "{filter}"),
        }
    }
}

#[test]
fn a_closed_database_says_so() {
    let (database, session) = session();
    database.shutdown().unwrap();
    database.shutdown().unwrap();
    assert_eq!(parts(session.people().count(None).unwrap_err()).1, Kind::Closed);
    assert_eq!(parts(session.call("person.count".to_owned(), None).unwrap_err()).1, Kind::Closed);
}

#[test]
fn events_tell_commits_until_they_are_stopped() {
    let (database, session) = session();
    let events = database.events();
    assert_eq!(events.next(0), None);
    session.people().create(person(r#"{"given_name": "Ada"}"#)).unwrap();
    let commit = events.next(1000).unwrap();
    assert!(commit.first <= commit.last);
    session.people().create(person(r#"{"given_name": "Bob"}"#)).unwrap();
    events.stop();
    assert!(!events.is_over());
    assert_eq!(events.next(1000).unwrap().first, commit.last + 1);
    assert!(events.is_over());
    session.people().create(person(r#"{"given_name": "Eve"}"#)).unwrap();
    assert_eq!(events.next(0), None);
}

/// Hears everything, and answers with what it was given.
struct Listener {
    heard: Mutex<usize>,
    answer: Result<bool>,
}

impl ProgressListener for Listener {
    fn on_progress(&self, done: JsonText) -> Result<bool> {
        assert!(done.0.starts_with('{'));
        *self.heard.lock().unwrap() += 1;
        self.answer.clone()
    }
}

#[test]
fn a_listener_hears_and_stops_an_import() {
    let column: ImportColumn = column();
    let rows: String =
        std::iter::once("name\n".to_owned()).chain((0..3000).map(|at| format!("P{at}\n"))).collect();
    let failure = CrmError::from(crm_core::CrmError::invalid("mine", "is thrown by the host"));
    for (answer, code) in
        [(Ok(true), None), (Ok(false), Some("import.cancelled")), (Err(failure), Some("mine"))]
    {
        let (_database, session) = session();
        let listener = Arc::new(Listener { heard: Mutex::new(0), answer });
        let imports = session.with_progress(Arc::clone(&listener) as Arc<dyn ProgressListener>).imports();
        let outcome = imports.csv(rows.clone(), mapping(column.clone()), None, None, None);
        assert!(*listener.heard.lock().unwrap() > 0);
        assert_eq!(outcome.err().map(|error| parts(error).0).as_deref(), code);
        assert_eq!(session.people().count(None).unwrap(), if code.is_none() { 3000 } else { 0 });
    }
}

fn column() -> ImportColumn {
    ImportColumn {
        field: Some("family_name".to_owned()),
        column: Some("name".to_owned()),
        columns: Vec::new(),
        join: None,
        constant: None,
        values: HashMap::new(),
        otherwise: None,
        default: None,
        required: None,
        optional: None,
        formats: Vec::new(),
        decimal_comma: None,
        separator: None,
        currency: None,
        currency_column: None,
        link: None,
        empty: None,
        existing: None,
        invalid: None,
    }
}

fn mapping(column: ImportColumn) -> ImportMapping {
    ImportMapping {
        record_type: Some("person".to_owned()),
        mode: None,
        key: Vec::new(),
        source: None,
        r#match: Vec::new(),
        columns: vec![column],
        only: None,
        once_per: None,
        country: None,
        country_column: None,
        strict: None,
        format: None,
    }
}

#[test]
fn what_the_engine_fills_in_need_not_be_given() {
    let (_database, session) = session();
    let pipelines = session.pipelines();
    let template = pipelines.template("Sales".to_owned()).unwrap().lift().unwrap();
    let sales = pipelines.create_with_stages(template.pipeline, template.stages).unwrap().lift().unwrap();
    let text = serde_json::json!({"name": "Engine", "pipeline": sales.pipeline.id}).to_string();
    let deal = session.call("deal.create".to_owned(), Some(JsonText(text))).unwrap();
    let id = serde_json::from_str::<serde_json::Value>(&deal.0).unwrap()["id"].as_str().unwrap().to_owned();
    let deal = session.deals().get(id).unwrap().lift().unwrap();
    let copy = crm::uniffi::Deal { id: String::new(), version: 0, stage: String::new(), ..deal.clone() };
    let copy = crm::uniffi::Deal {
        created_at: String::new(),
        updated_at: String::new(),
        created_by: None,
        updated_by: None,
        stage_entered_at: None,
        ..copy
    };
    assert_eq!(session.deals().create(copy).unwrap().lift().unwrap().stage, deal.stage);
}

#[test]
fn special_categories_are_read_with_a_gate_only() {
    let (database, session) = session();
    let field = r#"{"record_type": "person", "name": "x_diet", "kind": "text", "category": "health"}"#;
    session.call("custom_field.create".to_owned(), Some(JsonText(field.to_owned()))).unwrap();
    let custom = HashMap::from([("x_diet".to_owned(), JsonText("\"no nuts\"".to_owned()))]);
    let given = Person { custom: custom.clone(), ..person(r#"{"given_name": "Ada"}"#) };
    let ada = session.people().create(given).unwrap().lift().unwrap();
    assert_eq!((ada.custom.len(), ada.redactions[0].reason.as_str()), (0, "special_category.gate"));
    let gated = database.session(None, None, Some("explicit_consent".to_owned())).unwrap();
    assert_eq!(gated.people().get(ada.id).unwrap().lift().unwrap().custom, custom);
    let wrong = database.session(None, None, Some("nonsense".to_owned())).unwrap_err();
    assert_eq!(parts(wrong).2.as_deref(), Some("special_categories"));
}
