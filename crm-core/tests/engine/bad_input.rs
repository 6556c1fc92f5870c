//! Bad input: a clear error that names the field, row or position, and nothing changed.

use std::fs;

use crm_core::contacts::{Email, Organisation, Person};
use crm_core::record::filter::Filter;
use crm_core::record::query::{Cursor, Query};
use crm_core::storage::sqlite::Options;
use crm_core::{Actor, Config, Crm, ErrorKind, ManualClock, Purpose, SeededRandom, Session};
use serde_json::{Value as Json, json};

fn config() -> Config {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    Config::default().clock(clock).random(SeededRandom::new([1; 32]))
}

fn open() -> Session {
    crate::engine_support::open(config())
        .session(Actor::System, Purpose::CustomerRelationshipManagement)
        .unwrap()
}

#[test]
fn a_bad_patch_names_its_field() {
    let session = open();
    let organisation = Organisation { name: "Acme".into(), ..Organisation::default() };
    let organisation = session.organisations().create(organisation).unwrap();
    let nobody = "0192f0c1-2345-7abc-8def-0123456789ab";
    let cases: Vec<(Json, &str, &str)> = vec![
        (json!({"name": 5}), "field.type", "name"),
        (json!({"name": null}), "field.required", "name"),
        (json!({"name": ""}), "field.required", "name"),
        (json!({"name": "a\u{0}b"}), "text.control_character", "name"),
        (json!({"name": "x".repeat(256)}), "text.too_long", "name"),
        (json!({"nmae": "x"}), "field.unknown", "nmae"),
        (json!({"employees": "many"}), "field.type", "employees"),
        (json!({"employees": 1.5}), "field.type", "employees"),
        (json!({"employees": -1}), "field.range", "employees"),
        (
            json!({"annual_revenue": {"amount": "12.345", "currency": "EUR"}}),
            "money.too_many_decimals",
            "annual_revenue",
        ),
        (json!({"annual_revenue": "99999999999999999999 EUR"}), "money.overflow", "annual_revenue"),
        (json!({"annual_revenue": "5 XXX"}), "currency.unknown", "annual_revenue"),
        (json!({"parent": nobody}), "link.broken", "parent"),
        (json!({"parent": "nobody"}), "id.invalid", "parent"),
        (json!({"owner": nobody}), "link.broken", "owner"),
        (json!({"website": "ftp://x.example"}), "url.scheme", "website"),
        (json!({"emails": "a@b.example"}), "field.type", "emails"),
        (json!({"emails": [{"address": "nobody"}]}), "email.no_at", "emails[0].address"),
        (json!({"emails": [{"address": "a@b.example"}, {"addres": "x"}]}), "parts.invalid", "emails[1]"),
        (json!({"phones": [{"number": "call me"}]}), "phone.invalid", "phones[0].number"),
        (json!({"addresses": [{"country": "Atlantis"}]}), "country.unknown", "addresses[0].country"),
        (json!({"tags": ["ok", 5]}), "field.type", "tags"),
        (json!({"created_at": "2026-01-01T00:00:00Z"}), "field.read_only", "created_at"),
        (json!({"version": 7, "name": "x"}), "record.conflict", "version"),
        (json!([]), "patch.invalid", ""),
    ];
    for (patch, code, path) in cases {
        let error = session.organisations().patch(organisation.meta.id, &patch).unwrap_err();
        assert_eq!((error.code(), error.path().unwrap_or_default()), (code, path), "{patch}: {error}");
    }
    assert_eq!(session.organisations().get(organisation.meta.id).unwrap(), organisation);
    assert_eq!(session.journal().head().unwrap().size, 1);
    let born = json!({"birth_date": "12026-01-01"});
    let person =
        session.people().create(Person { family_name: Some("X".into()), ..Person::default() }).unwrap();
    assert_eq!(session.people().patch(person.meta.id, &born).unwrap_err().path(), Some("birth_date"));
}

#[test]
fn filters_and_cursors_are_bounded_and_checked() {
    let session = open();
    for name in ["a", "b", "c"] {
        session
            .organisations()
            .create(Organisation { name: name.into(), ..Organisation::default() })
            .unwrap();
    }
    let huge = format!("name = \"{}\"", "x".repeat(10_000_000));
    assert_eq!(huge.parse::<Filter>().unwrap_err().kind(), ErrorKind::Limit);
    let deep = format!("{}name = \"a\"{}", "(".repeat(100_000), ")".repeat(100_000));
    assert_eq!(deep.parse::<Filter>().unwrap_err().kind(), ErrorKind::Limit);
    let error = "name = ".parse::<Filter>().unwrap_err();
    assert_eq!(error.code(), "filter.syntax");
    assert!(error.path().is_some(), "{error}");
    let unknown: Filter = "nmae = \"a\"".parse().unwrap();
    let error = session.organisations().count(&unknown).unwrap_err();
    assert_eq!(error.code(), "field.unknown");
    assert!(!error.to_string().contains("\"a\""), "no operand in an error: {error}");

    let query = Query::new().ascending("name").limit(1);
    let cursor = session.organisations().list(&query).unwrap().next.unwrap();
    assert_eq!(
        session.organisations().list(&query.clone().after(cursor.clone())).unwrap().records[0].name,
        "b"
    );
    let other = Query::new().descending("name").limit(1).after(cursor);
    assert_eq!(session.organisations().list(&other).unwrap_err().code(), "cursor.other_query");
    let broken = query.after(Cursor::new("not a cursor"));
    assert_eq!(session.organisations().list(&broken).unwrap_err().code(), "cursor.invalid");
    let limit = Query::new().limit(100_000);
    assert_eq!(session.organisations().list(&limit).unwrap_err().code(), "query.limit");
}

#[test]
fn files_that_are_not_ours_are_refused_untouched() {
    let folder = std::env::temp_dir().join(format!("crm-core-bad-input-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let garbage = folder.join("garbage.db");
    fs::write(&garbage, "this is not a database, and long enough to have a header. ".repeat(40)).unwrap();
    let check = |path: &std::path::Path, code: &str| {
        let before = fs::read(path).unwrap();
        let error = Crm::open(path, config()).map(drop).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(fs::read(path).unwrap(), before, "{code}: the file was touched");
    };
    check(&garbage, "storage.not_a_database");

    let newer = folder.join("newer.db");
    Crm::open(&newer, config()).unwrap().close().unwrap();
    let mut bytes = fs::read(&newer).unwrap();
    // The schema number stands at byte 60 of the header.
    bytes[60..64].copy_from_slice(&99_u32.to_be_bytes());
    fs::write(&newer, &bytes).unwrap();
    check(&newer, "storage.newer_version");
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_full_disk_changes_nothing_and_the_next_small_write_works() {
    let mut config = config();
    config.sqlite = Options { max_pages: Some(700), ..Options::default() };
    let session = Crm::memory(config).unwrap().session(Actor::System, Purpose::CustomerCare).unwrap();
    let person = |notes: &str| Person {
        family_name: Some("X".into()),
        emails: vec![Email::work("x@example.com")],
        description: Some(notes.into()),
        ..Person::default()
    };
    session.people().create(person("small")).unwrap();
    let error = session.people().create(person(&"much to say ".repeat(80_000))).unwrap_err();
    assert_eq!(error.code(), "storage.full");
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 1);
    session.people().create(person("small again")).unwrap();
    assert!(session.journal().verify().unwrap().is_sound());
}
