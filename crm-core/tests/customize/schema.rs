//! Custom types, and what custom definitions do to the database: growth, upgrades, other handles.

use std::time::Instant;

use crm_core::contacts::Person;
use crm_core::customize::{CustomField, CustomKind, CustomType};
use crm_core::journal::entry::Operation;
use crm_core::record::filter::{Filter, parse};
use crm_core::record::query::Query;
use crm_core::{Actor, Config, Crm, Purpose, RecordId, Session};
use serde_json::json;

fn session(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap()
}

fn memory() -> (Crm, Session) {
    let crm = crate::engine_support::open(Config::default());
    let session = session(&crm);
    (crm, session)
}

/// An empty folder of its own, removed in the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("crm-customize-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> std::path::PathBuf {
        self.0.join("crm.db")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn asset_type(session: &Session) -> CustomType {
    let made = session
        .custom_types()
        .create(CustomType {
            name: "x_asset".into(),
            sort_key: vec!["x_title".into()],
            ..CustomType::default()
        })
        .unwrap();
    session
        .custom_fields()
        .create(CustomField { required: true, ..CustomField::new("x_asset", "x_title") })
        .unwrap();
    made
}

#[test]
fn a_custom_type_is_a_type_like_any_other() {
    let (crm, session) = memory();
    let defined = asset_type(&session);
    assert_eq!((defined.plural.as_deref(), defined.label.as_deref()), (Some("x_assets"), Some("Asset")));
    let assets = session.records("x_asset");
    let error = assets.create(&json!({})).unwrap_err();
    assert_eq!((error.code(), error.path()), ("field.required", Some("x_title")));
    assert_eq!(assets.create(&json!({"x_title": "A", "y": 1})).unwrap_err().path(), Some("y"));
    assert_eq!(assets.create(&json!({"x_title": "A", "version": 1})).unwrap_err().code(), "field.read_only");
    let made =
        assets.create_all(&[json!({"x_title": "Zebra"}), json!({}), json!({"x_title": "Ape"})]).unwrap();
    assert_eq!(made.iter().filter(|row| row.is_ok()).count(), 2);
    let page = assets.list(&Query::new().ascending("name_key")).unwrap();
    let titles: Vec<_> = page.records.iter().map(|record| record["x_title"].clone()).collect();
    assert_eq!(titles, [json!("Ape"), json!("Zebra")]);

    let mut ape = page.records[0].clone();
    let id: RecordId = ape["id"].as_str().unwrap().parse().unwrap();
    ape.insert("x_title".into(), json!("Bear"));
    let stored = assets.update(&json!(ape)).unwrap();
    assert_eq!(stored["version"], 2);
    assert_eq!(assets.update(&json!(ape)).unwrap_err().code(), "record.conflict");
    assert_eq!(
        assets.patch(id, &json!({"version": 1, "x_title": "Cat"})).unwrap_err().code(),
        "record.conflict"
    );
    assert_eq!(assets.history(id, None, 10).unwrap().len(), 2);

    let error = session.custom_types().delete(defined.meta.id).unwrap_err();
    assert_eq!(error.code(), "record.restricted");
    let ids: Vec<RecordId> =
        page.records.iter().map(|r| r["id"].as_str().unwrap().parse().unwrap()).collect();
    assets.delete_all(&ids).unwrap();
    session.custom_types().delete(defined.meta.id).unwrap();
    assert_eq!(assets.find(id).unwrap_err().code(), "type.unknown");
    session.custom_types().restore(defined.meta.id).unwrap();
    assert_eq!(assets.restore(id).unwrap()["x_title"], "Bear");
    assert!(session.journal().verify().unwrap().is_sound());
    assert!(crm.integrity_check().unwrap().is_empty());
}

#[test]
fn names_cannot_clash() {
    let (_crm, session) = memory();
    asset_type(&session);
    let named = |name: &str, plural: Option<&str>| CustomType {
        name: name.into(),
        plural: plural.map(Into::into),
        ..CustomType::default()
    };
    for (bad, path) in [
        (named("x_asset", Some("x_other")), "name"),
        (named("x_assets", None), "name"),
        (named("x_b", Some("people")), "plural"),
        (named("x_b", Some("x_assets")), "plural"),
        (named("person", None), "name"),
    ] {
        assert_eq!(session.custom_types().create(bad.clone()).unwrap_err().path(), Some(path), "{bad:?}");
    }
    // Their tables, columns and indexes do not get into each other's way either.
    session
        .custom_fields()
        .create(CustomField { kind: CustomKind::Money, ..CustomField::new("x_asset", "x_price") })
        .unwrap();
    session
        .custom_fields()
        .create(CustomField { indexed: true, ..CustomField::new("x_asset", "x_price_currency") })
        .unwrap();
    for name in ["x_asset_id", "x_asset_x_price_currency", "x_asset_name_key"] {
        session.custom_types().create(named(name, None)).unwrap();
    }
}

#[test]
fn definitions_and_records_work_in_one_transaction() {
    let (crm, session) = memory();
    let failed = session.transaction(|t| {
        t.custom_fields().create(CustomField::new("person", "x_a"))?;
        t.records("person").create(&json!({"family_name": "A", "x_a": "1"}))?;
        Err::<(), _>(crm_core::CrmError::invalid("test", "stop"))
    });
    assert!(failed.is_err());
    assert!(crm.schema().find("person").unwrap().field("x_a").is_none());
    session
        .transaction(|t| {
            t.custom_fields().create(CustomField::new("person", "x_a"))?;
            let mut person = Person { family_name: Some("A".into()), ..Person::default() };
            person.meta.custom.insert("x_a".into(), crm_core::record::Value::Text("1".into()));
            let made = t.people().create(person)?;
            assert_eq!(t.records("person").get(made.meta.id)?["x_a"], "1");
            Ok(())
        })
        .unwrap();
    assert!(crm.schema().find("person").unwrap().field("x_a").is_some());
}

#[test]
fn purge_drops_the_column_for_good() {
    let (crm, session) = memory();
    let field = session
        .custom_fields()
        .create(CustomField { indexed: true, ..CustomField::new("person", "x_a") })
        .unwrap();
    session.records("person").create(&json!({"family_name": "A", "x_a": "needle-in-row"})).unwrap();
    session.custom_fields().delete(field.meta.id).unwrap();
    // The name is free meanwhile; the old values are not the new field's.
    let second = session
        .custom_fields()
        .create(CustomField { kind: CustomKind::Date, ..CustomField::new("person", "x_a") })
        .unwrap();
    assert!(session.custom_fields().restore(field.meta.id).is_err());
    session.custom_fields().delete(second.meta.id).unwrap();
    let before = session.journal().head().unwrap().size;
    session.custom_fields().purge(field.meta.id.into()).unwrap();
    let entries = session.journal().feed(before, 10).unwrap();
    assert_eq!(entries.len(), 1);
    let entry = &entries[0];
    assert_eq!((entry.record, entry.operation), (field.meta.id, Operation::Purge));
    assert_eq!((entry.record_type.as_str(), entry.changes.len(), entry.version), ("custom_field", 0, 2));
    assert_eq!(session.journal().undo(entry.sequence).unwrap_err().code(), "undo.purged");
    assert!(session.journal().verify().unwrap().is_sound());
    let then = entry.at;
    assert_eq!(session.as_of(then, |past| past.people().count(&Filter::all())).unwrap(), 1);
    assert_eq!(session.custom_fields().restore(field.meta.id).unwrap_err().code(), "record.not_in_bin");
    assert_eq!(session.custom_fields().purge(field.meta.id.into()).unwrap_err().code(), "record.not_in_bin");
    assert_eq!(session.people().list(&Query::new()).unwrap().records.len(), 1);
    assert!(crm.integrity_check().unwrap().is_empty());
}

#[test]
fn adding_a_field_to_100_000_rows_rewrites_none() {
    let folder = Folder::new("growth");
    let crm = Crm::open(folder.file(), Config::default()).unwrap();
    let session = session(&crm);
    session.people().create(Person { family_name: Some("A".into()), ..Person::default() }).unwrap();
    // The rows come through the driver: it is the growth of the table that is measured, not the import.
    crm.database()
        .write(&mut |connection| {
            connection.execute_batch(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
                 INSERT INTO person (id, version, created_at, created_by, updated_at, updated_by, family_name, name_key)
                 SELECT randomblob(16), 1, created_at, created_by, updated_at, updated_by, 'Somebody with a name ' || i, 'somebody ' || i
                 FROM n, (SELECT * FROM person LIMIT 1)",
            )
        })
        .unwrap();
    assert!(crm.database().checkpoint().unwrap());
    let log = folder.0.join("crm.db-wal");
    let size = || std::fs::metadata(&log).map_or(0, |data| data.len());
    for kind in [CustomKind::Text, CustomKind::Money, CustomKind::Date, CustomKind::List] {
        assert!(crm.database().checkpoint().unwrap());
        assert_eq!(size(), 0);
        let begun = Instant::now();
        session
            .custom_fields()
            .create(CustomField {
                kind,
                indexed: kind != CustomKind::List,
                unique: kind == CustomKind::Text,
                ..CustomField::new("person", format!("x_{}", kind.key()))
            })
            .unwrap();
        let (written, took) = (size(), begun.elapsed());
        println!("{kind}: {written} bytes, {took:?}");
        assert!(written > 0 && written < 400_000, "{kind} wrote {written} bytes");
        assert!(took.as_millis() < 2_000, "{kind} took {took:?}");
    }
    let file = std::fs::metadata(folder.file()).unwrap().len();
    assert!(file > 10_000_000, "the table is large: {file}");
    crm.close().unwrap();
}

#[test]
fn another_handle_sees_the_changed_definitions() {
    let folder = Folder::new("handles");
    let (one, two) = (
        Crm::open(folder.file(), Config::default()).unwrap(),
        Crm::open(folder.file(), Config::default()).unwrap(),
    );
    let (first, second) = (session(&one), session(&two));
    let made = second.people().create(Person { family_name: Some("A".into()), ..Person::default() }).unwrap();
    let field = first.custom_fields().create(CustomField::new("person", "x_a")).unwrap();
    let id = made.meta.id;
    // A write with the new field through the handle that has not heard of it.
    assert_eq!(second.records("person").patch(id, &json!({"x_a": "1"})).unwrap()["x_a"], "1");
    first.custom_fields().create(CustomField::new("person", "x_b")).unwrap();
    first.records("person").patch(id, &json!({"x_b": "2"})).unwrap();
    // A read, then an update of the whole record, which must not lose the new value.
    let read = second.people().get(id).unwrap();
    assert_eq!(read.meta.custom.len(), 2);
    second.people().update(read).unwrap();
    assert_eq!(first.records("person").get(id).unwrap()["x_b"], "2");
    first.custom_fields().delete(field.meta.id).unwrap();
    let found = second.people().list(&Query::new().filter(parse("x_b = \"2\"").unwrap())).unwrap();
    assert_eq!(found.records[0].meta.custom.len(), 1);
    second.people().create(Person { family_name: Some("B".into()), ..Person::default() }).unwrap();
}

#[test]
fn custom_definitions_survive_an_upgrade_of_the_library() {
    let folder = Folder::new("upgrade");
    let id = {
        let crm = Crm::open(folder.file(), Config::default()).unwrap();
        let session = session(&crm);
        asset_type(&session);
        session
            .custom_fields()
            .create(CustomField { indexed: true, ..CustomField::new("person", "x_a") })
            .unwrap();
        session.records("x_asset").create(&json!({"x_title": "Kept"})).unwrap();
        let made = session.records("person").create(&json!({"family_name": "A", "x_a": "kept"})).unwrap();
        // As an older version left it: without a column, an index and the mark of this version.
        crm.database()
            .write(&mut |connection| {
                connection.execute_batch(
                    "DROP INDEX \"person.name_key\"; ALTER TABLE person DROP COLUMN vcard_extras;
                     ALTER TABLE x_asset DROP COLUMN version; DROP INDEX \"person.x_a\";
                     UPDATE crm_meta SET value = 'older' WHERE name = 'schema'",
                )
            })
            .unwrap();
        crm.close().unwrap();
        made["id"].as_str().unwrap().parse::<RecordId>().unwrap()
    };
    let crm = Crm::open(folder.file(), Config::default()).unwrap();
    let session = session(&crm);
    assert_eq!(session.records("person").get(id).unwrap()["x_a"], "kept");
    assert_eq!(session.records("x_asset").list(&Query::new()).unwrap().records[0]["x_title"], "Kept");
    assert_eq!(session.custom_fields().list(&Query::new()).unwrap().records.len(), 2);
    let found = session.people().list(&Query::new().filter(parse("x_a = \"kept\"").unwrap())).unwrap();
    assert_eq!(found.records.len(), 1);
    let mut plan = Vec::new();
    crm.database()
        .read(crm_core::storage::ReadMode::Statement, &mut |connection| {
            plan = connection.explain(
                "SELECT row_id FROM person WHERE x_a = ?1",
                &[crm_core::storage::Param::Text("kept")],
            )?;
            Ok(())
        })
        .unwrap();
    assert!(plan.concat().contains("person.x_a"), "{plan:?}");
    for record_type in crm.schema().types().iter().filter(|known| !known.is_custom()) {
        for field in record_type.fields.iter().filter(|field| !field.descriptor.custom) {
            assert!(!field.name().starts_with("x_"), "the prefix is the host's");
        }
        assert!(!record_type.descriptor.plural.starts_with("x_"));
    }
}

#[test]
fn definitions_come_and_go_while_others_read_and_write() {
    let folder = Folder::new("threads");
    let crm = Crm::open(folder.file(), Config::default()).unwrap();
    let made =
        session(&crm).people().create(Person { family_name: Some("A".into()), ..Person::default() }).unwrap();
    let id = made.meta.id;
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for number in 0..3 {
            let (crm, done) = (&crm, &done);
            scope.spawn(move || {
                let session = session(crm);
                let mut round = 0;
                while !done.load(std::sync::atomic::Ordering::SeqCst) {
                    round += 1;
                    let read = session.people().get(id).unwrap();
                    assert_eq!(read.family_name.as_deref(), Some("A"));
                    session.people().list(&Query::new()).unwrap();
                    let name = format!("{number}.{round}");
                    let made = session
                        .people()
                        .create(Person { family_name: Some(name), ..Person::default() })
                        .unwrap();
                    session.people().delete(made.meta.id).unwrap();
                }
            });
        }
        let session = session(&crm);
        for round in 0..10 {
            let field = CustomField {
                indexed: true,
                ..CustomField::new("person", format!("x_{}", ["a", "b"][round % 2]))
            };
            let field = session.custom_fields().create(field).unwrap();
            session.records("person").patch(id, &json!({field.name.clone(): "value"})).unwrap();
            session.custom_fields().delete(field.meta.id).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
    });
    assert!(session(&crm).journal().verify().unwrap().is_sound());
    crm.close().unwrap();
}
