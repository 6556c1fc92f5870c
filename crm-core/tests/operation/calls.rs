//! Operations by their names: dispatch, inputs, envelopes, batches.

use std::ops::ControlFlow;

use crm_core::{Actor, Config, ManualClock, Purpose, SeededRandom, Session};
use serde_json::{Value as Json, json};

fn session() -> Session {
    let config = Config::default()
        .clock(ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap()))
        .random(SeededRandom::new([7; 32]));
    crate::engine_support::open(config)
        .session(Actor::System, Purpose::CustomerRelationshipManagement)
        .unwrap()
}

fn refused(session: &Session, operation: &str, input: Json) -> (String, Option<String>) {
    let error = session.call(operation, input).expect_err(operation);
    (error.code().to_owned(), error.path().map(str::to_owned))
}

#[test]
fn refuses_bad_calls_by_code_and_path() {
    let session = session();
    let deal = "0192f0c1-2345-7abc-8def-0123456789ab";
    let rows: &[(&str, Json, &str, Option<&str>)] = &[
        ("deal.fly", json!({}), "operation.unknown", Some("deal.fly")),
        ("", json!({}), "operation.unknown", Some("")),
        ("spaceship.create", json!({}), "type.unknown", None),
        ("deal.move_to", json!([]), "input.type", None),
        ("deal.move_to", json!({"deal": deal}), "input.missing", Some("stage")),
        ("deal.move_to", json!({"deal": 7, "stage": deal}), "input.type", Some("deal")),
        ("deal.move_to", json!({"deal": "x", "stage": deal}), "input.type", Some("deal")),
        ("deal.move_to", json!({"deal": deal, "stage": deal, "when": 1}), "input.unknown", Some("when")),
        ("deal.move_to", json!({"deal": deal, "stage": deal}), "record.not_found", None),
        ("person.create", json!({"given_name": 1}), "field.type", Some("given_name")),
        ("person.create", json!({"shoe_size": 1}), "field.unknown", Some("shoe_size")),
        ("person.get", json!({"id": null}), "input.type", Some("id")),
        ("person.list", json!({"limit": -1}), "input.type", Some("limit")),
        ("person.list", json!({"limit": 0}), "query.limit", Some("limit")),
        ("person.list", json!({"filter": "family_name ="}), "filter.syntax", None),
        ("deal.group", json!({"measures": [{"measure": "sum"}]}), "query.measure", Some("measures")),
        ("deal.group", json!({"measures": [{"measure": "guess"}]}), "input.type", Some("measures")),
        (
            "import.csv",
            json!({"content": "a", "mapping": {"recordtype": "person"}}),
            "input.type",
            Some("mapping"),
        ),
    ];
    for (operation, input, code, path) in rows {
        let (given, at) = refused(&session, operation, input.clone());
        assert_eq!(given, *code, "{operation} {input}");
        if path.is_some() {
            assert_eq!(at.as_deref(), *path, "{operation} {input}");
        }
    }
}

#[test]
fn no_value_of_the_input_is_in_an_error() {
    let session = session();
    for (operation, input) in [
        ("deal.move_to", json!({"deal": "Ada Lovelace", "stage": "Ada Lovelace"})),
        ("person.list", json!({"limit": "Ada Lovelace"})),
        ("case.reply", json!({"case": 1, "body": {"Ada Lovelace": 1}, "channel": "Ada Lovelace"})),
        ("deal.forecast", json!({"unit": "Ada Lovelace"})),
        ("meeting.busy", json!({"user": "x", "from": "Ada Lovelace", "to": "Ada Lovelace"})),
    ] {
        let text = session.call(operation, input).unwrap_err().to_json().to_string();
        assert!(!text.contains("Ada"), "{text}");
    }
}

#[test]
fn envelopes_hold_a_result_or_an_error() {
    let session = session();
    let mut silent = |_: &Json| ControlFlow::Continue(());
    assert_eq!(session.call_text("person.count", "", &mut silent), r#"{"result":0}"#);
    let broken: Json = serde_json::from_str(&session.call_text("person.count", "{", &mut silent)).unwrap();
    assert_eq!(broken["error"]["code"], "input.json");
    assert_eq!(broken["error"]["status"], 100);
    assert_eq!(broken["error"]["path"], "line 1 column 1");
}

#[test]
fn a_transaction_commits_all_or_nothing_and_refers_to_earlier_results() {
    let session = session();
    let calls = json!([
        {"operation": "organisation.create", "input": {"name": "Acme"}},
        {"operation": "person.create", "input": {"family_name": "Byron", "organisation": {"$result": "/0/id"}}},
        {"operation": "person.count"},
    ]);
    let results = session.call("batch.transaction", json!({"calls": calls})).unwrap();
    assert_eq!(results[1]["organisation"], results[0]["id"]);
    assert_eq!(results[2], 1);

    let mut calls = calls.as_array().unwrap().clone();
    calls.push(json!({"operation": "person.create", "input": {"family_name": 7}}));
    let error = session.call("batch.transaction", json!({"calls": calls})).unwrap_err();
    assert_eq!((error.code(), error.path()), ("field.type", Some("calls[3].family_name")));
    assert_eq!(session.call("person.count", json!({})).unwrap(), 1);

    let nested = json!({"calls": [{"operation": "import.jsonl", "input": {"content": ""}}]});
    assert_eq!(refused(&session, "batch.transaction", nested).0, "operation.nested");
    let written = json!({"calls": [{"operation": "organisation.create", "input": {"name": "B"}}]});
    assert_eq!(refused(&session, "batch.snapshot", written).0, "snapshot.read_only");
    let pointer = json!({"calls": [{"operation": "person.get", "input": {"id": {"$result": "/0/id"}}}]});
    assert_eq!(
        refused(&session, "batch.snapshot", pointer),
        ("batch.result".into(), Some("calls[0].$result".into()))
    );
}

#[test]
fn long_work_reports_and_can_be_stopped() {
    let session = session();
    let rows: String = (0..1_200).map(|row| format!("Name {row}\n")).collect();
    let input = json!({
        "content": format!("name\n{rows}"),
        "mapping": {"record_type": "organisation", "columns": [{"column": "name", "field": "name"}]},
    });
    let mut told = Vec::new();
    let report = session
        .call_with("import.csv", input.clone(), &mut |done| {
            told.push(done["counts"]["read"].as_u64().unwrap());
            ControlFlow::Continue(())
        })
        .unwrap();
    assert_eq!(report["total"]["created"], 1_200);
    assert_eq!(told, [500, 1_000, 1_200]);
    let stopped = session.call_with("import.csv", input, &mut |_| ControlFlow::Break(())).unwrap_err();
    assert_eq!(stopped.code(), "import.cancelled");
    assert_eq!(session.call("organisation.count", json!({})).unwrap(), 1_200);
}

#[test]
fn custom_types_have_the_operations_of_records() {
    let session = session();
    session.call("custom_type.create", json!({"name": "x_asset"})).unwrap();
    session
        .call("custom_field.create", json!({"record_type": "x_asset", "name": "x_serial", "kind": "text"}))
        .unwrap();
    let asset = session.call("x_asset.create", json!({"x_serial": "A-1"})).unwrap();
    let page =
        session.call("x_asset.list", json!({"filter": "x_serial = \"A-1\"", "sort": ["-x_serial"]})).unwrap();
    assert_eq!(page, json!({"records": [asset], "next": null}));
    let types = session.call("schema.list", json!({"record_type": "x_asset"})).unwrap();
    assert_eq!(types[0]["fields"].as_array().unwrap().last().unwrap()["name"], "x_serial");
}

#[test]
fn a_typed_record_is_the_json_that_its_operation_gives() {
    let session = session();
    session
        .call("custom_field.create", json!({"record_type": "person", "name": "x_badge", "kind": "integer"}))
        .unwrap();
    let team = session.call("team.create", json!({"name": "Sales"})).unwrap();
    let rows = [
        ("person", json!({"family_name": "Byron"})),
        (
            "person",
            json!({
                "given_name": "Ada", "family_name": "Lovelace", "birth_date": "1815-12-10", "x_badge": 7, "tags": ["vip"],
                "team": team["id"],
                "emails": [{"address": "ada@example.com", "kind": "work", "primary": true}],
                "phones": [{"number": "+44 20 7946 0000", "kind": "work"}],
                "addresses": [{"street": "1 High St", "locality": "London", "country": "GB", "kind": "home"}],
            }),
        ),
    ];
    for (record_type, record) in rows {
        let stored = session.call(&format!("{record_type}.create"), record).unwrap();
        let id: crm_core::RecordId = serde_json::from_value(stored["id"].clone()).unwrap();
        let typed = session.people().get(id).unwrap();
        assert_eq!(serde_json::to_value(&typed).unwrap(), stored);
    }
}
