//! The shared vectors of `tests/vectors`, run through what all surfaces share.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod engine_support;
mod vector_support;

use std::collections::BTreeSet;

use crm_core::operation::{RECORD_OPERATIONS, table};
use serde_json::Value as Json;
use vector_support::matching::matches;
use vector_support::{VectorFile, files, folder};

/// Operations that no vector calls, with the reason.
const NOT_CALLED: &[(&str, &str)] = &[];

/// All cases with their files; with `CRM_VECTORS` set only those of files whose path has this in it.
fn chosen() -> Vec<VectorFile> {
    let wanted = std::env::var("CRM_VECTORS").unwrap_or_default();
    files().into_iter().filter(|file| file.path.contains(&wanted)).collect()
}

#[test]
fn vectors_pass() {
    let (mut passed, mut failures) = (0, Vec::new());
    for file in chosen() {
        for case in &file.cases {
            match case.run() {
                Ok(()) => passed += 1,
                Err(problem) => failures.push(format!("{}: {}: {problem}", file.path, case.name)),
            }
        }
    }
    assert!(failures.is_empty(), "{} vectors failed:\n{}", failures.len(), failures.join("\n"));
    println!("rust: {passed} vectors passed");
}

#[test]
fn matcher_follows_its_table() {
    let text = std::fs::read_to_string(folder().join("matcher.json")).unwrap();
    let rows: Vec<Json> = serde_json::from_str(&text).unwrap();
    assert!(rows.len() > 80);
    for row in &rows {
        assert_eq!(Json::Bool(matches(&row["expect"], &row["got"])), row["matches"], "{row}");
    }
}

#[test]
fn a_wrong_case_fails() {
    let rows = [
        r#"{"steps": [{"call": "person.count", "expect": 1}]}"#,
        r#"{"steps": [{"call": "person.count", "expect": null}]}"#,
        r#"{"steps": [{"call": "person.count", "error": {"code": "operation.unknown"}}]}"#,
        r#"{"steps": [{"call": "person.fly", "error": {"code": "operation.unknown", "status": 200}}]}"#,
        r#"{"steps": [{"call": "person.fly"}]}"#,
        r#"{"steps": [{"call": "person.get", "input": {"id": {"$ref": "nobody.id"}}}]}"#,
        r#"{"steps": [{"session": {"actor": "nobody"}}]}"#,
        r#"{"steps": [{"session": {}, "error": {"code": "actor.invalid"}}]}"#,
        r#"{"steps": [{}]}"#,
        r#"{"open_error": {"code": "zone.unknown"}}"#,
        r#"{"options": {"zone": "Nowhere"}, "open_error": {"code": "country.unknown"}}"#,
        r#"{"options": {"zone": "Nowhere"}, "steps": []}"#,
        r#"{"session_error": {"code": "actor.invalid"}}"#,
    ];
    for row in rows {
        let mut case: Json = serde_json::from_str(row).unwrap();
        case["name"] = Json::from("wrong");
        let case: vector_support::Case = serde_json::from_value(case).unwrap();
        assert!(case.run().is_err(), "{row}");
    }
}

#[test]
fn vectors_are_many_named_and_mixed() {
    let files = files();
    let mut names = BTreeSet::new();
    for file in &files {
        for case in &file.cases {
            assert!(
                !case.name.is_empty() && names.insert((&file.path, &case.name)),
                "{}: {}",
                file.path,
                case.name
            );
        }
        assert!(!file.area.is_empty(), "{}", file.path);
    }
    let refused = files.iter().flat_map(|file| &file.cases).filter(|case| case.expects_error()).count();
    assert!(names.len() >= 150, "{} vectors", names.len());
    assert!(refused * 3 >= names.len(), "{refused} of {} vectors have an error", names.len());
}

#[test]
fn every_operation_is_called() {
    let mut called: BTreeSet<String> = BTreeSet::new();
    for file in files() {
        for step in file.cases.iter().flat_map(|case| &case.steps).filter(|step| step.error.is_none()) {
            called.extend(step.call.clone());
            let batch = step.input.iter().flat_map(|input| input["calls"].as_array()).flatten();
            called.extend(batch.filter_map(|call| call["operation"].as_str()).map(str::to_owned));
        }
    }
    let known = |name: &str| NOT_CALLED.iter().any(|(known, _)| *known == name);
    let mut missing: Vec<&str> =
        table().map(|operation| operation.name).filter(|name| !called.contains(*name)).collect();
    let verbs: BTreeSet<&str> =
        called.iter().filter_map(|name| name.rsplit_once('.')).map(|(_, verb)| verb).collect();
    missing.extend(
        RECORD_OPERATIONS.iter().map(|operation| operation.name).filter(|name| !verbs.contains(name)),
    );
    missing.retain(|name| !known(name));
    assert!(missing.is_empty(), "no vector calls {} operations successfully: {missing:#?}", missing.len());
    for (name, reason) in NOT_CALLED {
        assert!(!called.contains(*name), "{name} is called: {reason}");
    }
}

#[test]
fn errors_are_those_that_the_table_names() {
    let mut unnamed = BTreeSet::new();
    for file in files() {
        for step in file.cases.iter().flat_map(|case| &case.steps) {
            let code = step.error.as_ref().and_then(|error| error["code"].as_str());
            let operation = table().find(|operation| Some(operation.name) == step.call.as_deref());
            let (Some(code), Some(operation)) = (code, operation) else { continue };
            // What every operation may report, and what the calls inside of a batch report, is not named.
            if code.starts_with("input.")
                || code.starts_with("operation.")
                || operation.name.starts_with("batch.")
            {
                continue;
            }
            let named = operation.errors.iter().any(|pattern| match pattern.strip_suffix('*') {
                Some(family) => code.starts_with(family),
                None => code == *pattern,
            });
            if !named {
                unnamed.insert((operation.name, code.to_owned()));
            }
        }
    }
    assert!(unnamed.is_empty(), "{unnamed:#?}");
}
