//! The workload of `tests/web/measure.mjs` without WebAssembly: the same calls with the same JSON, in Rust.
//!
//! Prints one JSON object of microseconds a call, and milliseconds for the workload.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "a measurement for people")]

use std::ops::ControlFlow;
use std::time::Instant;

use crm_core::surface::{OpenOptions, SessionOptions};
use crm_core::{Config, Session};
use serde_json::{Value as Json, json};

fn call(session: &Session, operation: &str, input: &Json) -> Json {
    let text = session.call_text(operation, &input.to_string(), &mut |_| ControlFlow::Continue(()));
    let mut envelope: Json = serde_json::from_str(&text).expect("an envelope is JSON");
    envelope.get_mut("result").map(Json::take).expect("the workload has no errors")
}

/// The middle of seven rounds, in microseconds a call.
fn per_call(session: &Session, operation: &str, input: &Json) -> f64 {
    let mut rounds: Vec<f64> = (0..7)
        .map(|_| {
            let started = Instant::now();
            for _ in 0..2_000 {
                call(session, operation, input);
            }
            started.elapsed().as_secs_f64() * 1e6 / 2_000.0
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[3]
}

fn contact(number: usize) -> Json {
    json!({
        "given_name": format!("Given{}", number % 97),
        "family_name": format!("Family{number}"),
        "emails": [{"address": format!("contact{number}@example.com")}],
        "phones": [{"number": format!("+49 30 {}", 1_000_000 + number)}],
        "tags": [format!("tag{}", number % 13)],
    })
}

fn workload(session: &Session) -> f64 {
    let started = Instant::now();
    for batch in 0..20 {
        let records: Vec<Json> = (0..500).map(|at| contact(batch * 500 + at)).collect();
        call(session, "person.create_all", &json!({ "records": records }));
    }
    for at in 0..200 {
        let filter = format!("emails.address = \"contact{}@example.com\"", at * 37);
        call(session, "person.list", &json!({ "filter": filter, "limit": 50 }));
        call(session, "person.list", &json!({ "sort": ["family_name"], "limit": 50 }));
        call(session, "search.run", &json!({ "text": format!("Family{}", at * 11) }));
    }
    started.elapsed().as_secs_f64() * 1e3
}

fn main() {
    let crm = OpenOptions::default().open(Config::default()).expect("a database in memory opens");
    let session = SessionOptions::default().begin(&crm).expect("a session of the system begins");
    let id = call(&session, "person.create", &contact(0))["id"].clone();
    let count = per_call(&session, "person.count", &json!({}));
    let get = per_call(&session, "person.get", &json!({ "id": id }));
    let crm = OpenOptions::default().open(Config::default()).expect("a database in memory opens");
    let session = SessionOptions::default().begin(&crm).expect("a session of the system begins");
    println!("{}", json!({"count": count, "get": get, "workload": workload(&session)}));
}
