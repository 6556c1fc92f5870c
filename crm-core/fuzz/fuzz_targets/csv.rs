//! Any mapping over any bytes: an error or a report, never a panic, and a dry run stores nothing.
#![no_main]

use std::sync::OnceLock;

use crm_core::interchange::{ImportOptions, Mapping};
use crm_core::{Actor, Config, Crm, Purpose, Session};
use libfuzzer_sys::fuzz_target;

/// Everything that a mapping can ask for, for inputs that hold no mapping of their own.
const MAPPING: &str = r#"{"record_type": "person", "mode": "upsert", "key": ["a"], "match": ["emails.address"],
    "country_column": "c", "columns": [
    {"column": "a", "field": "family_name"}, {"column": "b", "field": "emails[0].address"},
    {"column": "c", "field": "addresses[0].country", "invalid": "skip"},
    {"column": "d", "field": "phones[0].number"}, {"column": "e", "field": "birth_date", "formats": ["%d.%m.%y"]},
    {"column": "f", "field": "organisation", "link": {"by": "name", "missing": "create"}},
    {"columns": ["a", "f"], "field": "tags"}]}"#;

fn session() -> &'static Session {
    static SESSION: OnceLock<Session> = OnceLock::new();
    SESSION.get_or_init(|| {
        let crm = Crm::memory(Config::default()).expect("memory opens");
        crm.session(Actor::System, Purpose::TechnicalServiceProvision).expect("the system may act")
    })
}

fuzz_target!(|input: &[u8]| {
    // What stands before a NUL is the mapping, if it is one.
    let split = input.iter().position(|byte| *byte == 0);
    let (own, file) = split.map_or((&b""[..], input), |at| (&input[..at], &input[at + 1..]));
    let own = std::str::from_utf8(own).ok().and_then(|text| Mapping::from_json(text).ok());
    let mapping = own.unwrap_or_else(|| Mapping::from_json(MAPPING).expect("the mapping is sound"));
    let with_header = [b"a,b,c,d,e,f\n", file].concat();
    for file in [file, with_header.as_slice()] {
        if let Ok(report) = session().imports().csv(file, &mapping, ImportOptions::dry_run()) {
            let counts = report.total;
            assert_eq!(counts.read, counts.loaded() + counts.rejected + counts.skipped);
        }
    }
    assert_eq!(session().journal().head().expect("the journal is sound").size, 0);
});
