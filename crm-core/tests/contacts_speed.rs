//! What cards and suggestions cost beside bare rusqlite on plain tables. Run by hand:
//! `CARGO_PROFILE_TEST_OPT_LEVEL=3 cargo test -p crm-core --test contacts_speed -- --ignored --nocapture`.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a measurement is read by people"
)]

mod contacts_support;

use std::hint::black_box;

use contacts_support::*;
use crm_core::RecordId;
use crm_core::contacts::{Email, Organisation, Person, Phone};
use rusqlite::params;

const PEOPLE: usize = 10_000;
const ORGANISATIONS: usize = 1_000;
const ROUNDS: usize = 20_000;

/// Nanoseconds that this thread ran so far (Linux only). Neighbours on the machine do not count.
fn ran() -> f64 {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    line.split(' ').next().unwrap().parse().unwrap()
}

/// Nanoseconds of one call.
fn time(rounds: usize, mut call: impl FnMut(usize)) -> f64 {
    let start = ran();
    for round in 0..rounds {
        call(round);
    }
    (ran() - start) / rounds as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A name that is made up from a number, evenly spread over the alphabet.
fn made_up(seed: usize, syllables: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "za"];
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 7;
    let mut name = String::new();
    for _ in 0..syllables {
        name.push_str(SYLLABLES[state % 16]);
        state /= 16;
    }
    name
}

#[allow(dead_code, reason = "built to be thrown away")]
struct FloorCard {
    name: String,
    organisation: Option<(RecordId, String)>,
    title: Option<String>,
    email: Option<String>,
    phone: Option<String>,
}

fn floor_card(raw: &rusqlite::Connection, id: RecordId) -> FloorCard {
    let mut person = raw
        .prepare_cached("SELECT given, family, account, title, email, phone FROM contact WHERE id = ?1")
        .unwrap();
    let (account, mut card) = person
        .query_row([id.as_bytes()], |row| {
            let account: Option<[u8; 16]> = row.get(2)?;
            let name = format!("{} {}", row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            let card = FloorCard {
                name,
                organisation: None,
                title: row.get(3)?,
                email: row.get(4)?,
                phone: row.get(5)?,
            };
            Ok((account, card))
        })
        .unwrap();
    if let Some(account) = account {
        let mut statement = raw.prepare_cached("SELECT name FROM account WHERE id = ?1").unwrap();
        let name: String = statement.query_row([account], |row| row.get(0)).unwrap();
        card.organisation = Some((RecordId::from_bytes(account), name));
    }
    card
}

fn floor_suggest(raw: &rusqlite::Connection, prefix: &str) -> Vec<(RecordId, String, Option<String>)> {
    let mut statement = raw
        .prepare_cached(
            "SELECT c.id, c.given, c.family, a.name FROM contact AS c LEFT JOIN account AS a ON a.id = c.account \
             WHERE c.name_key >= ?1 AND c.name_key < ?2 ORDER BY c.name_key LIMIT 20",
        )
        .unwrap();
    let end = format!("{prefix}\u{10ffff}");
    let rows = statement.query_map([prefix, &end], |row| {
        let name = format!("{} {}", row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        Ok((RecordId::from_bytes(row.get(0)?), name, row.get(3)?))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
#[ignore = "a measurement"]
fn cards_and_suggestions() {
    let session = open();
    let raw = rusqlite::Connection::open_in_memory().unwrap();
    raw.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).unwrap();
    raw.execute_batch(
        "CREATE TABLE account (row_id INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name TEXT NOT NULL) STRICT;
         CREATE TABLE contact (row_id INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, name_key TEXT NOT NULL,
             given TEXT, family TEXT, account BLOB, title TEXT, email TEXT, phone TEXT) STRICT;
         CREATE INDEX contact_name ON contact (name_key); BEGIN",
    )
    .unwrap();
    let organisations = (0..ORGANISATIONS)
        .map(|n| Organisation { name: format!("{} Works", made_up(n, 4)), ..Organisation::default() })
        .collect();
    let organisations: Vec<Organisation> =
        session.organisations().create_all(organisations).unwrap().into_iter().map(Result::unwrap).collect();
    for one in &organisations {
        raw.execute(
            "INSERT INTO account (id, name) VALUES (?1, ?2)",
            params![one.meta.id.as_bytes(), one.name],
        )
        .unwrap();
    }
    let people = (0..PEOPLE)
        .map(|n| Person {
            given_name: some(&made_up(n + 77, 2)),
            family_name: some(&made_up(n * 31, 4)),
            organisation: Some(organisations[n % ORGANISATIONS].meta.id.into()),
            job_title: some("Procurement Manager"),
            emails: vec![Email::work(format!("{}@example.com", made_up(n, 6)))],
            phones: vec![Phone::work(format!("030 9{n:07}"))],
            ..Person::default()
        })
        .collect();
    let people: Vec<Person> =
        session.people().create_all(people).unwrap().into_iter().map(Result::unwrap).collect();
    for one in &people {
        let (given, family) = (one.given_name.as_deref().unwrap(), one.family_name.as_deref().unwrap());
        raw.execute(
            "INSERT INTO contact (id, name_key, given, family, account, title, email, phone) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                one.meta.id.as_bytes(),
                format!("{family} {given}"),
                given,
                family,
                RecordId::from(one.organisation.unwrap()).as_bytes(),
                one.job_title,
                one.emails[0].address,
                one.phones[0].number,
            ],
        )
        .unwrap();
    }
    raw.execute_batch("COMMIT").unwrap();
    let id = |n: usize| people[n * 7919 % PEOPLE].meta.id;
    let prefixes: Vec<String> = (0..100).map(|n| made_up(n * 31, 4).chars().take(3).collect()).collect();
    let mut results: [Vec<f64>; 6] = Default::default();
    for _ in 0..7 {
        raw.execute_batch("BEGIN").unwrap();
        results[0].push(time(ROUNDS, |n| {
            black_box(floor_card(&raw, id(n)));
        }));
        results[3].push(time(2_000, |n| {
            black_box(floor_suggest(&raw, &prefixes[n % 100]));
        }));
        raw.execute_batch("COMMIT").unwrap();
        session
            .snapshot(|snapshot| {
                results[1].push(time(ROUNDS, |n| {
                    black_box(snapshot.people().card(id(n)).unwrap());
                }));
                results[4].push(time(2_000, |n| {
                    black_box(snapshot.people().suggest(&prefixes[n % 100], 20).unwrap());
                }));
                Ok(())
            })
            .unwrap();
        results[2].push(time(ROUNDS, |n| {
            black_box(session.people().card(id(n)).unwrap());
        }));
        results[5].push(time(2_000, |n| {
            black_box(session.people().suggest(&prefixes[n % 100], 20).unwrap());
        }));
    }
    let rows: usize = prefixes.iter().map(|prefix| floor_suggest(&raw, prefix).len()).sum();
    println!("{rows} rows for 100 prefixes");
    let names = [
        "card: floor, 2 statements",
        "card: in a snapshot",
        "card: alone",
        "suggest: floor",
        "suggest: in a snapshot",
        "suggest: alone",
    ];
    for (name, values) in names.into_iter().zip(results) {
        println!("{name:26} {:8.0} ns median", median(values));
    }
}
