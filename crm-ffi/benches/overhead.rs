//! What a call through the C ABI costs beside the same call in Rust, and how large the shared library is.
//!
//! `cargo bench -p crm-ffi --bench overhead [-- LIBRARY]` prints one table and fails when a limit is exceeded: 5 µs for a
//! call, 5 MB for the shared library at the path LIBRARY. `tests/overhead/ledger` keeps what it says.
#![allow(clippy::print_stdout, reason = "a program for people")]

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, fs, ptr};

use cpu_time::ThreadTime;
use crm::c::{Buffer, buffer, call, database, session};
use crm_core::{Actor, Config, Crm, Purpose};
use serde_json::{Value as Json, json};

const CALL_LIMIT: Duration = Duration::from_micros(5);
const SIZE_LIMIT: u64 = 5 << 20;
const ROUNDS: usize = 15;

/// One measurement: an operation, its input, how many calls make a round, and whether the limit holds for it.
struct Case {
    name: &'static str,
    operation: &'static str,
    input: Json,
    calls: u32,
    /// Results of many rows are bound by the writing of their JSON; they are shown, and bound per row by nobody.
    limited: bool,
}

fn main() -> ExitCode {
    let crm = Crm::memory(Config::default()).expect("memory opens");
    let rust = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).expect("a session");
    let (mut handle, mut c) = (0, 0);
    let mut out = Buffer::EMPTY;
    // SAFETY: The pointers come from references that live through each call.
    unsafe {
        assert_eq!(database::crm_open(ptr::null(), 0, &raw mut handle, &raw mut out), 0);
        assert_eq!(session::crm_session_open(handle, ptr::null(), 0, &raw mut c, &raw mut out), 0);
    }
    // Both databases hold the same records.
    let people: Vec<Json> = (0..500)
        .map(|n| {
            json!({"given_name": "Ada", "family_name": format!("Lovelace {n}"),
                "emails": [{"address": format!("ada{n}@example.com")}], "tags": ["analyst"]})
        })
        .collect();
    let input = json!({ "records": people });
    let made = rust.call("person.create_all", input.clone()).expect("records are created");
    let others: Json =
        serde_json::from_slice(&call_c(c, "person.create_all", &input.to_string())).expect("JSON");
    let (id, other) = (made[0]["record"]["id"].clone(), others[0]["record"]["id"].clone());

    let cases = [
        Case { name: "system.info", operation: "system.info", input: json!({}), calls: 4_000, limited: true },
        Case {
            name: "person.get",
            operation: "person.get",
            input: json!({ "id": id }),
            calls: 4_000,
            limited: true,
        },
        Case {
            name: "person.count",
            operation: "person.count",
            input: json!({}),
            calls: 1_000,
            limited: true,
        },
        Case {
            name: "organisation.create",
            operation: "organisation.create",
            input: json!({"name": "Acme GmbH", "website": "https://acme.example", "industry": "Steel"}),
            calls: 300,
            limited: true,
        },
        Case {
            name: "person.list of 50",
            operation: "person.list",
            input: json!({"limit": 50}),
            calls: 100,
            limited: false,
        },
        Case {
            name: "person.list of 500",
            operation: "person.list",
            input: json!({"limit": 500}),
            calls: 15,
            limited: false,
        },
    ];
    println!("{:<22}{:>14}{:>14}{:>14}{:>10}", "operation", "in Rust", "through C", "more", "limit");
    let mut sound = true;
    for case in &cases {
        let text = match case.name {
            "person.get" => json!({ "id": other }).to_string(),
            _ => case.input.to_string(),
        };
        let mut in_rust = || drop(rust.call(case.operation, case.input.clone()).expect(case.name));
        let mut through_c = || _ = call_c_only(c, case.operation, &text);
        // The two take turns, so that whatever else the machine does meets both.
        let (mut rust_times, mut c_times, mut more) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (a, b) = (round(case.calls, &mut in_rust), round(case.calls, &mut through_c));
            rust_times.push(a);
            c_times.push(b);
            more.push(b - a);
        }
        let overhead = median(&mut more);
        let held = !case.limited || overhead <= micros(CALL_LIMIT);
        sound &= held;
        println!(
            "{:<22}{:>11.2} µs{:>11.2} µs{:>11.2} µs{:>10}{}",
            case.name,
            median(&mut rust_times),
            median(&mut c_times),
            overhead,
            if case.limited { "5 µs" } else { "" },
            if held { "" } else { "  EXCEEDED" },
        );
    }
    if let Some(library) = env::args().skip(1).find(|argument| !argument.starts_with('-')) {
        let size = fs::metadata(Path::new(&library)).expect("the library is there").len();
        let held = size <= SIZE_LIMIT;
        sound &= held;
        println!(
            "{:<22}{:>39} bytes{:>10}{}",
            "libcrm.so, stripped",
            size,
            "5 MB",
            if held { "" } else { "  EXCEEDED" }
        );
    }
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Calls through the ABI and frees the result, as a C host does.
fn call_c_only(session: u64, operation: &str, input: &str) -> usize {
    let mut out = Buffer::EMPTY;
    // SAFETY: The pointers come from references that live through the call; the buffer is freed once.
    unsafe {
        let status = call::crm_call(
            session,
            operation.as_ptr().cast(),
            operation.len(),
            input.as_ptr().cast(),
            input.len(),
            &raw mut out,
        );
        assert_eq!(status, 0);
        let length = out.length;
        buffer::crm_buffer_free(&raw mut out);
        length
    }
}

fn call_c(session: u64, operation: &str, input: &str) -> Vec<u8> {
    let mut out = Buffer::EMPTY;
    // SAFETY: As above; the bytes are copied before the buffer is freed.
    unsafe {
        let status = call::crm_call(
            session,
            operation.as_ptr().cast(),
            operation.len(),
            input.as_ptr().cast(),
            input.len(),
            &raw mut out,
        );
        assert_eq!(status, 0);
        let bytes = out.as_bytes().to_vec();
        buffer::crm_buffer_free(&raw mut out);
        bytes
    }
}

/// Microseconds of one call, over so many calls: of processor time, because other programs run, too.
fn round(calls: u32, work: &mut dyn FnMut()) -> f64 {
    let begin = ThreadTime::now();
    (0..calls).for_each(|_| work());
    micros(begin.elapsed()) / f64::from(calls)
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
