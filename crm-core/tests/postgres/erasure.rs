//! Erasing a person on a server: from rows and samples at once, from pages by the command that the certificate names.
//!
//! `tests/postgres/run` starts the server.

use std::collections::BTreeSet;

use crate::erasure_support::{config, fill, needles, session};
use crm_core::privacy::erasure::{ErasureOptions, ErasureState, Store, WaitsFor};
use crm_core::storage::postgres::Options;
use crm_core::{Config, Crm};
use postgres::{Client, NoTls};
use serde_json::Value as Json;

/// What stands nowhere in the open even before: it is only in the journal, sealed.
const SEALED: [&str; 3] = ["zqbinnote", "zqreminder", "zqoldfamily"];

/// An open database, and another way into it.
fn open() -> (Crm, Client) {
    let url = crate::engine_support::url().unwrap();
    let config: Config = config().0.postgres(Options { busy_timeout_ms: 500, ..Options::default() });
    (Crm::connect(&url, config).unwrap(), Client::connect(&url, NoTls).unwrap())
}

/// The needles that stand in the files of tables and indexes, as the server has them on its disk.
fn in_files(client: &mut Client) -> BTreeSet<&'static str> {
    client.batch_execute("CHECKPOINT").unwrap();
    let sql = "SELECT pg_read_binary_file(path, 0, 1 << 29, true) \
               FROM (SELECT pg_relation_filepath(oid) AS path FROM pg_class) AS files WHERE path IS NOT NULL";
    let files: Vec<Option<Vec<u8>>> = client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect();
    let mut starts = vec![false; 1 << 16];
    let start = |bytes: &[u8]| usize::from(u16::from_le_bytes([bytes[0], bytes[1]]));
    needles().iter().for_each(|needle| starts[start(needle.as_bytes())] = true);
    let mut found = BTreeSet::new();
    for file in files.iter().flatten() {
        for at in (0..file.len().saturating_sub(1)).filter(|at| starts[start(&file[*at..])]) {
            found.extend(needles().into_iter().filter(|needle| file[at..].starts_with(needle.as_bytes())));
        }
    }
    found
}

/// The columns of which the planner has a value of the person as a sample, with what it takes the table for.
fn samples(client: &mut Client) -> Vec<String> {
    let sql = "SELECT concat(s.tablename, '.', s.attname, ': ', c.reltuples, ' rows, ', c.relpages, ' pages') \
               FROM pg_stats AS s JOIN pg_class AS c ON c.oid = format('%I.%I', s.schemaname, s.tablename)::regclass \
               WHERE s.schemaname = 'crm' \
               AND concat(s.histogram_bounds, s.most_common_vals, s.most_common_elems) LIKE '%zq%'";
    client.query(sql, &[]).unwrap().iter().map(|row| row.get(0)).collect()
}

#[test]
fn an_erased_person_is_gone_and_the_certificate_names_the_rest() {
    let (crm, mut client) = open();
    let session = session(&crm);
    let world = fill(&session);
    client.batch_execute("ANALYZE").unwrap();
    assert!(samples(&mut client).len() > 5, "the planner has samples");
    assert!(in_files(&mut client).len() > needles().len() / 2, "the files hold what is looked for");
    let there = session.erasure().verify(&needles(), &[]).unwrap();
    let seen: BTreeSet<usize> = there.hits.iter().map(|hit| hit.needle).collect();
    let unseen: Vec<&str> = needles()
        .into_iter()
        .enumerate()
        .filter(|(at, _)| !seen.contains(at))
        .map(|(_, text)| text)
        .collect();
    assert!(unseen.iter().all(|text| SEALED.contains(text)), "not found before: {unseen:?}");
    assert!(there.files.iter().any(|table| table.name.as_deref() == Some("person") && table.bytes > 100));

    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!((report.waits_for, report.erasure.state), (None, ErasureState::Completed));
    assert!(report.verification.unwrap().is_clean());
    let found = session.erasure().verify(&needles(), &[]).unwrap();
    assert!(found.is_clean(), "{:?}", found.hits);
    assert_eq!(samples(&mut client), Vec::<String>::new());

    // Neither the plan nor the certificate says of a server what is true of a file.
    for store in [Store::WriteAheadLog, Store::FreePages] {
        assert!(report.plan.lines.iter().all(|line| line.store != store), "{store:?}");
    }
    let certificate = report.erasure.certificate.unwrap();
    let remains = certificate["remains"].as_array().unwrap();
    let places: Vec<&str> = remains.iter().filter_map(|place| place["place"].as_str()).collect();
    assert_eq!(places, ["free_space", "write_ahead_log", "copies"]);
    // The command that it names does end it.

    assert!(remains[0]["ended_by"].as_str().unwrap().starts_with("VACUUM (FULL, ANALYZE)"));
    client.batch_execute("VACUUM (FULL, ANALYZE)").unwrap();
    assert_eq!(in_files(&mut client), BTreeSet::new());
    assert!(session.journal().verify().unwrap().is_sound());
    assert_eq!(crm.integrity_check().unwrap(), Vec::<String>::new());
}

#[test]
fn with_an_older_snapshot_an_erasure_is_pending_until_it_is_finished() {
    let (crm, mut client) = open();
    let session = session(&crm);
    let world = fill(&session);
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM crm.person").unwrap();
    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!(
        (report.waits_for, report.erasure.state),
        (Some(WaitsFor::Reader), ErasureState::Pending),
        "somebody can read the person"
    );
    let sql = "SELECT count(*) FROM crm.person WHERE family_name = 'zqfamilyxw'";
    assert_eq!(client.query_one(sql, &[]).unwrap().get::<_, i64>(0), 1);
    let waiting = session.erasure().finish().unwrap();
    assert_eq!((waiting.pending, waiting.waits_for), (1, Some(WaitsFor::Reader)));
    client.batch_execute("ROLLBACK").unwrap();
    let finished = session.erasure().finish().unwrap();
    assert_eq!((finished.finished.len(), finished.pending), (1, 0));
    let erasure = session.erasures().get(report.erasure.meta.id).unwrap();
    assert_eq!(erasure.state, ErasureState::Completed);
    assert!(erasure.certificate.as_ref().is_some_and(|certificate| certificate["remains"] != Json::Null));
}
