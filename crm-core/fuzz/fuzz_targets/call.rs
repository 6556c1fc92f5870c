//! Operations from any text: every call gives an envelope, and none finds a defect of the library.
#![no_main]

use std::cell::RefCell;
use std::ops::ControlFlow;
use std::sync::OnceLock;

use crm_core::operation::{RECORD_OPERATIONS, table};
use crm_core::record::catalog::descriptors;
use crm_core::surface::{OpenOptions, SessionOptions};
use crm_core::{Config, Session};
use libfuzzer_sys::fuzz_target;
use serde_json::Value as Json;

/// After so many calls the database is made anew.
const CALLS: usize = 1_000;

fn names() -> &'static [String] {
    static NAMES: OnceLock<Vec<String>> = OnceLock::new();
    NAMES.get_or_init(|| {
        let records = descriptors();
        let of_records = records.iter().flat_map(|descriptor| {
            RECORD_OPERATIONS.iter().map(move |operation| format!("{}.{}", descriptor.name, operation.name))
        });
        table().map(|operation| operation.name.to_owned()).chain(of_records).collect()
    })
}

/// A small database with identifiers that a corpus can name.
fn session() -> Session {
    let options = r#"{"clock": "2026-11-21T10:00:00Z", "seed": "0101010101010101010101010101010101010101010101010101010101010101"}"#;
    let crm = OpenOptions::parse(options).and_then(|options| options.open(Config::default())).expect("it opens");
    let session = SessionOptions::default().begin(&crm).expect("it begins");
    let call = |name: &str, input: &str| {
        let input = serde_json::from_str(input).expect("it is JSON");
        session.call(name, input).expect("the sample is sound")
    };
    call("organisation.create", r#"{"id": "00000000-0000-7000-8000-000000000001", "name": "Acme", "tags": ["a"]}"#);
    call(
        "person.create",
        r#"{"id": "00000000-0000-7000-8000-000000000002", "family_name": "Byron", "organisation": "00000000-0000-7000-8000-000000000001", "emails": [{"address": "a@example.com"}]}"#,
    );
    call("case_status.install_defaults", "{}");
    call("case.create", r#"{"id": "00000000-0000-7000-8000-000000000003", "subject": "Broken"}"#);
    call("custom_type.create", r#"{"name": "x_asset"}"#);
    session
}

thread_local! {
    static SESSION: RefCell<(Session, usize)> = RefCell::new((session(), 0));
}

fuzz_target!(|data: &[u8]| {
    let [first, second, text @ ..] = data else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let name = &names()[usize::from(u16::from_be_bytes([*first, *second])) % names().len()];
    SESSION.with_borrow_mut(|(current, calls)| {
        *calls += 1;
        if *calls > CALLS {
            (*current, *calls) = (session(), 0);
        }
        let envelope = current.call_text(name, text, &mut |_| ControlFlow::Continue(()));
        let envelope: Json = serde_json::from_str(&envelope).expect("an envelope is JSON");
        if let Some(error) = envelope.get("error") {
            let kind = error["kind"].as_str().expect("an error has a kind");
            assert!(!matches!(kind, "internal" | "corrupt" | "io"), "{name}: {error}");
        } else {
            assert!(envelope.get("result").is_some(), "{name}: neither a result nor an error");
        }
    });
});
