//! The PostgreSQL driver against a server: the conformance suite, and what is special to a server.
//!
//! `tests/postgres/run` starts the server.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::engine_support::server;
use crm_core::contacts::Person;
use crm_core::customize::{CustomField, CustomKind};
use crm_core::ground::text::fold;
use crm_core::privacy::keys::StaticKey;
use crm_core::record::filter::{Filter, parse};
use crm_core::storage::fault::FaultyDatabase;
use crm_core::storage::postgres::{Options, PostgresDatabase};
use crm_core::storage::{Database, Param, ReadMode, conformance, query_one};
use crm_core::{Actor, Config, Crm, DateUnit, Purpose, RecordId, Session, Timestamp, Zone};
use serde_json::json;

/// A database without anything in it.
fn empty() -> String {
    server::with_database(&server::address(), &server::create(None))
}

fn check(make: &dyn Fn() -> crm_core::Result<Box<dyn Database>>) {
    let passed = conformance::run(make).unwrap();
    assert!(passed.len() >= 35, "{passed:?}");
}

/// Each check in a schema of its own.
fn conforms(options: &Options) {
    let url = empty();
    let number = std::cell::Cell::new(0);
    check(&|| {
        number.set(number.get() + 1);
        let options = Options { schema: format!("check_{}", number.get()), ..options.clone() };
        Ok(Box::new(PostgresDatabase::open(&url, options)?))
    });
}

#[test]
fn a_server() {
    conforms(&Options::default());
}

#[test]
fn a_server_without_a_queue() {
    conforms(&Options { queue_writers: false, ..Options::default() });
}

#[test]
fn a_faulty_database_without_faults() {
    check(&|| {
        Ok(Box::new(FaultyDatabase::new(Box::new(PostgresDatabase::open(&empty(), Options::default())?))))
    });
}

/// An open database with the engine's tables, and another handle on it.
fn two_handles(options: &Options) -> (Crm, Crm) {
    let url = crate::engine_support::url().unwrap();
    let open = || {
        let config = Config::default().keys(StaticKey::new(&[7; 32])).postgres(options.clone());
        Crm::connect(&url, config).unwrap()
    };
    (open(), open())
}

fn session(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap()
}

fn person(name: &str) -> Person {
    Person { family_name: Some(name.to_owned()), ..Person::default() }
}

/// Eight threads on two handles, each with changes of its own and of one record that all of them change.
fn writers_meet(options: &Options) {
    const WRITERS: usize = 8;
    const ROUNDS: usize = 10;
    let handles = two_handles(options);
    let shared = session(&handles.0).people().create(person("Shared")).unwrap().meta.id;
    std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let crm = if writer % 2 == 0 { &handles.0 } else { &handles.1 };
            scope.spawn(move || {
                let session = session(crm);
                for round in 0..ROUNDS {
                    session.people().create(person(&format!("W{writer} R{round}"))).unwrap();
                    session
                        .people()
                        .patch(shared, &json!({"job_title": format!("{writer}.{round}")}))
                        .unwrap();
                }
            });
        }
    });
    for crm in [&handles.0, &handles.1] {
        let session = session(crm);
        assert_eq!(session.people().count(&Filter::all()).unwrap(), 1 + (WRITERS * ROUNDS) as u64);
        // Each of the changes met the one before it: none was lost.
        assert_eq!(session.people().get(shared).unwrap().meta.version, 1 + (WRITERS * ROUNDS) as i64);
        let verification = session.journal().verify().unwrap();
        assert!(verification.is_sound(), "{:?}", verification.findings);
        assert_eq!(verification.head.size, 1 + 2 * (WRITERS * ROUNDS) as u64);
        assert_eq!(crm.integrity_check().unwrap(), Vec::<String>::new());
    }
}

#[test]
fn writers_of_two_handles_queue() {
    // Nobody has to begin again, so nobody may.
    writers_meet(&Options { retries: 0, busy_timeout_ms: 60_000, ..Options::default() });
}

#[test]
fn writers_of_two_handles_begin_again_without_a_queue() {
    let options = Options { queue_writers: false, busy_timeout_ms: 60_000, ..Options::default() };
    writers_meet(&Options { retries: 200, ..options.clone() });
    // That they do meet: without another attempt some are refused.
    let handles = two_handles(&Options { retries: 0, ..options });
    let refused = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for crm in [&handles.0, &handles.1] {
            let refused = &refused;
            scope.spawn(move || {
                let session = session(crm);
                for round in 0..50 {
                    if let Err(error) = session.people().create(person(&format!("R{round}"))) {
                        assert_eq!(error.code(), "storage.busy");
                        refused.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert!(refused.into_inner() > 0);
    assert!(session(&handles.0).journal().verify().unwrap().is_sound());
}

#[test]
fn commits_of_other_handles_are_heard() {
    let (one, other) = two_handles(&Options::default());
    session(&one).people().create(person("Before")).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    let subscription = one.on_commit(move |range| tell.send(range).unwrap());
    let hear = |end: u64| {
        // Several commits may be told as one, and every sequence is told once.
        let mut ranges: Vec<std::ops::Range<u64>> = Vec::new();
        while ranges.last().is_none_or(|range| range.end < end) {
            let range = told.recv_timeout(Duration::from_secs(20)).unwrap();
            assert!(ranges.last().is_none_or(|last| last.end == range.start), "{ranges:?} {range:?}");
            ranges.push(range);
        }
        (ranges[0].start, ranges[ranges.len() - 1].end)
    };
    session(&other).people().create(person("Theirs")).unwrap();
    assert_eq!(hear(2), (1, 2));
    for round in 0..10 {
        session(&other).people().create(person(&format!("Theirs {round}"))).unwrap();
        session(&one).people().create(person(&format!("Ours {round}"))).unwrap();
    }
    assert_eq!(hear(22), (2, 22));
    drop(subscription);
    session(&other).people().create(person("Unheard")).unwrap();
    assert!(told.recv_timeout(Duration::from_millis(600)).is_err());
    // A handle that is open after others were closed still works.
    other.close().unwrap();
    session(&one).people().create(person("After")).unwrap();
}

#[test]
fn what_a_handle_has_learnt_others_learn() {
    let (one, other) = two_handles(&Options::default());
    let field = CustomField {
        record_type: "person".to_owned(),
        name: "x_badge".to_owned(),
        label: Some("Badge".to_owned()),
        kind: CustomKind::Text,
        ..CustomField::default()
    };
    session(&one).custom_fields().create(field).unwrap();
    let theirs = session(&other);
    let made = theirs.people();
    let id = made.create(person("New")).unwrap().meta.id;
    made.patch(id, &json!({"x_badge": "7"})).unwrap();
    let found = session(&one).people().count(&parse("x_badge = \"7\"").unwrap()).unwrap();
    assert_eq!(found, 1);
}

#[test]
fn a_failed_call_leaves_its_transaction_usable() {
    let crm = crate::engine_support::open(Config::default());
    let session = session(&crm);
    let nobody = RecordId::from_bytes([9; 16]);
    session
        .transaction(|transaction| {
            transaction.people().create(person("First"))?;
            let lost = Person { organisation: Some(nobody.into()), ..person("Lost") };
            let error = transaction.people().create(lost).unwrap_err();
            assert_eq!((error.code(), error.path()), ("link.broken", Some("organisation")));
            transaction.people().create(person("Second")).map(|_| ())
        })
        .unwrap();
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 2);
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn a_lost_connection_comes_back() {
    let url = crate::engine_support::url().unwrap();
    let crm = Crm::connect(&url, Config::default().keys(StaticKey::new(&[7; 32]))).unwrap();
    let session = session(&crm);
    session.people().create(person("Before")).unwrap();
    let terminate = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = $1 AND application_name = 'crm-core'";
    let name = url.rsplit('/').next().unwrap();
    assert!(!server::client().query(terminate, &[&name]).unwrap().is_empty());
    // What was idle is opened again, and nobody notices.
    session.people().create(person("After")).unwrap();
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 2);
    // What runs is lost with its connection, and the next call opens another.
    let error = session
        .transaction(|transaction| {
            transaction.people().create(person("Lost"))?;
            server::client().query(terminate, &[&name]).unwrap();
            transaction.people().create(person("Lost, too")).map(|_| ())
        })
        .unwrap_err();
    assert_eq!(error.code(), "storage.io");
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 2);
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn connections_are_encrypted_and_certificates_checked() {
    let url = std::env::var("CRM_TEST_DATABASE_TLS").expect("the cluster has TLS");
    let certificates = std::env::var("CRM_TEST_CERTIFICATES").expect("the cluster has certificates");
    let options = |file: Option<&str>| Options {
        schema: "tls".to_owned(),
        root_certificates: file.map(Into::into),
        ..Options::default()
    };
    let database = PostgresDatabase::open(&url, options(Some(&certificates))).unwrap();
    let mut encrypted = None;
    database
        .read(ReadMode::Statement, &mut |connection| {
            let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
            encrypted = query_one(connection, sql, &[], |row| row.boolean(0))?.flatten();
            Ok(())
        })
        .unwrap();
    assert_eq!(encrypted, Some(true));
    // Who signed it is known to nobody but the test.
    let error = PostgresDatabase::open(&url, options(None)).unwrap_err();
    assert_eq!(error.code(), "storage.connect");
    assert!(error.reason().contains("certificate"), "{error}");
    // The first host that takes writes is taken.
    let port = url.rsplit_once(':').unwrap().1.split('/').next().unwrap();
    let several = url.replace("localhost:", &format!("localhost:1,localhost:{port},localhost:"));
    PostgresDatabase::open(&several, options(Some(&certificates))).unwrap().close().unwrap();
}

#[test]
fn labels_are_those_of_the_engine() {
    let database = PostgresDatabase::open(&empty(), Options::default()).unwrap();
    let zones =
        ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"];
    database
        .read(ReadMode::Snapshot, &mut |connection| {
            for unit in DateUnit::ALL {
                let sql = format!("SELECT {}", connection.dialect().bucket_timestamp("?1", unit, "?2"));
                for name in zones {
                    let zone: Zone = name.parse()?;
                    // An odd step meets every hour of the day and both turns of the clocks, from 1970 to 2037.
                    for step in 0..400 {
                        let at = Timestamp::from_micros(step * 5_363_131_717_171);
                        let found =
                            query_one(connection, &sql, &[Param::Timestamp(at), Param::Text(name)], |row| {
                                Ok(row.text(0)?.map(str::to_owned))
                            })?;
                        let label = unit.label(zone.date(at));
                        assert_eq!(found.flatten().as_deref(), Some(label.as_str()), "{at} {name}");
                    }
                }
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn folded_texts_are_those_of_the_engine() {
    let database = PostgresDatabase::open(&empty(), Options::default()).unwrap();
    let dialect = database.dialect();
    // Every character, in texts of some length, and between letters that it could join.
    let characters: Vec<char> = ('\u{1}'..=char::MAX).collect();
    let mut texts: Vec<String> = characters.chunks(64).map(|chunk| chunk.iter().collect()).collect();
    texts.extend(characters.iter().take(0x3000).map(|c| format!("Aé{c}o{c}\u{301} ß")));
    texts.extend(
        ["  Łódź,  STRASSE / Straße ", "İstanbul Ｉ", "", " ", "ǅ Σίσυφος ﬁ ½ ㎏"].map(str::to_owned),
    );
    let sql = format!("SELECT {}", dialect.folded("?1"));
    let mut others = Vec::new();
    database
        .read(ReadMode::Snapshot, &mut |connection| {
            for text in &texts {
                let found = query_one(connection, &sql, &[Param::Text(text)], |row| {
                    Ok(row.text(0)?.unwrap_or_default().to_owned())
                })?;
                if found.as_deref() != Some(fold(text).as_str()) {
                    others.push(text.clone());
                }
            }
            Ok(())
        })
        .unwrap();
    // Letters of the latest versions of Unicode are known to one of the two only.
    assert!(others.len() * 100 < texts.len(), "{} of {}: {others:?}", others.len(), texts.len());
}

#[test]
fn a_newer_or_missing_database_is_refused() {
    let url = empty();
    let reading = Options { read_only: true, ..Options::default() };
    let error = PostgresDatabase::open(&url, reading.clone()).unwrap_err();
    assert_eq!(error.code(), "storage.not_a_database");
    let database = PostgresDatabase::open(&url, Options::default()).unwrap();
    database.write(&mut |connection| connection.set_format_version(9)).unwrap();
    let error = PostgresDatabase::open(&url, Options { supported: 8, ..Options::default() }).unwrap_err();
    assert_eq!((error.code(), error.details()["found"].as_u64()), ("storage.newer_version", Some(9)));
    let reader = PostgresDatabase::open(&url, reading).unwrap();
    let error = reader.write(&mut |_| Ok(())).unwrap_err();
    assert_eq!(error.code(), "storage.read_only");
    let error = Crm::connect(&url, Config::default()).map(drop).unwrap_err();
    assert_eq!(error.code(), "options.key");
}

#[test]
fn a_handle_reads_its_own_writes_from_replicas() {
    let url = crate::engine_support::url().unwrap();
    let name = url.rsplit('/').next().unwrap();
    let server = std::env::var("CRM_TEST_REPLICA").expect("the cluster has a replica");
    let replica = server::with_database(&server, name);
    let options = Options { replicas: Some(replica.clone()), ..Options::default() };
    let config = Config::default().keys(StaticKey::new(&[7; 32])).postgres(options);
    let crm = Crm::connect(&url, config).unwrap();
    let reads_from_replica = || {
        let mut found = None;
        crm.database()
            .read(ReadMode::Snapshot, &mut |connection| {
                found =
                    query_one(connection, "SELECT pg_is_in_recovery()", &[], |row| row.boolean(0))?.flatten();
                Ok(())
            })
            .unwrap();
        found.unwrap()
    };
    let follows = || {
        // The replica has the database a while after the test has.
        (0..3_000).any(|_| {
            std::thread::sleep(Duration::from_millis(20));
            reads_from_replica()
        })
    };
    let session = session(&crm);
    session.people().create(person("First")).unwrap();
    assert!(follows(), "the replica does not follow");
    for count in 2..20 {
        session.people().create(person("Next")).unwrap();
        assert_eq!(session.people().count(&Filter::all()).unwrap(), count);
    }
    // A replica that stands still is not read from, and is again when it has followed.
    let mut control = postgres::Client::connect(&replica, postgres::NoTls).unwrap();
    control.batch_execute("SELECT pg_wal_replay_pause()").unwrap();
    session.people().create(person("Last")).unwrap();
    assert!(!reads_from_replica());
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 20);
    control.batch_execute("SELECT pg_wal_replay_resume()").unwrap();
    assert!(follows(), "the replica does not follow any more");
    assert_eq!(session.people().count(&Filter::all()).unwrap(), 20);
    // The past needs temporary tables, which a replica has not.
    let before = session.now();
    session.people().create(person("Later")).unwrap();
    let past = session.as_of(before, |past| past.people().count(&Filter::all())).unwrap();
    assert_eq!(past, 20);
}

/// How often each table was walked through, as the server has counted.
fn walks(url: &str) -> std::collections::BTreeMap<String, i64> {
    let sql = "SELECT relname::text, seq_scan FROM pg_stat_user_tables WHERE schemaname = 'crm'";
    let rows = postgres::Client::connect(url, postgres::NoTls).unwrap().query(sql, &[]).unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// The walks that were made while a handle was open.
fn walks_of(url: &str, work: &dyn Fn(&Session)) -> Vec<String> {
    let before = walks(url);
    let crm = Crm::connect(url, Config::default().keys(StaticKey::new(&[7; 32]))).unwrap();
    work(&session(&crm));
    // A connection tells its counts when it ends.
    crm.close().unwrap();
    let mut after = walks(url);
    for _ in 0..40 {
        std::thread::sleep(Duration::from_millis(50));
        after = walks(url);
    }
    after
        .into_iter()
        .filter(|(table, count)| before.get(table) != Some(count))
        .map(|(table, _)| table)
        .collect()
}

#[test]
fn hot_operations_walk_through_no_table() {
    let url = crate::engine_support::url().unwrap();
    // The planner takes an index wherever there is one that serves, however small the tables are.
    let name = url.rsplit('/').next().unwrap();
    server::client().batch_execute(&format!("ALTER DATABASE \"{name}\" SET enable_seqscan = off")).unwrap();
    let opening = walks_of(&url, &|session| {
        session.case_statuses().install_defaults().unwrap();
    });
    let hot = walks_of(&url, &|session| crate::hot_support::hot_operations(session).unwrap());
    // What is read whole when a database is opened is small.
    let expected: Vec<&String> = hot.iter().filter(|table| !opening.contains(*table)).collect();
    assert_eq!(expected, Vec::<&String>::new(), "{opening:?}");
    assert!(opening.len() < 6, "{opening:?}");
    // The test can fail: no index serves this.
    let by_salutation = parse("salutation = \"Dr\"").unwrap();
    let walked = walks_of(&url, &|session| {
        session.people().count(&by_salutation).unwrap();
    });
    assert!(walked.contains(&"person".to_owned()), "{walked:?}");
}
