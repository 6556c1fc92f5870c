//! What encryption at rest costs: the same work on a plain file, which is the floor, and on an encrypted one.
//!
//! `cargo bench -p crm-core --features sqlcipher --bench cipher`. Both run on SQLCipher, so that only the ciphers differ.
//! Figures are processor time.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a program of measurements; criterion's macros make functions"
)]

#[expect(dead_code, reason = "only the folder is used")]
mod support;

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use crm_core::contacts::{Email, Person};
use crm_core::privacy::keys::StaticKey;
use crm_core::storage::DatabaseKey;
use crm_core::{Actor, Config, Crm, Purpose, RecordId, Session};
use support::Folder;
use support::cpu::CpuTime;

const PEOPLE: usize = 10_000;

fn open(path: &Path, encrypted: bool, cache_kib: u32) -> Crm {
    let mut keys = StaticKey::new(&[1; 32]);
    if encrypted {
        keys = keys.database(DatabaseKey::new(&[2; 32]));
    }
    let mut config = Config::default().keys(keys);
    config.sqlite.cache_kib = cache_kib;
    Crm::open(path, config).unwrap()
}

fn session(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap()
}

fn person(number: usize) -> Person {
    Person {
        given_name: Some(format!("Given {number}")),
        family_name: Some(format!("Family {}", number % 997)),
        emails: vec![Email::work(format!("person.{number}@example.com"))],
        ..Person::default()
    }
}

fn costs(criterion: &mut Criterion<CpuTime>) {
    let folder = Folder::new("cipher");
    for (name, encrypted) in [("plain", false), ("encrypted", true)] {
        let path = folder.file(&format!("{name}.db"));
        let crm = open(&path, encrypted, 16_384);
        let mut ids: Vec<RecordId> = Vec::new();
        for batch in 0..PEOPLE / 500 {
            let people = (0..500).map(|row| person(batch * 500 + row)).collect();
            let made = session(&crm).people().create_all(people).unwrap();
            ids.extend(made.into_iter().map(|person| person.unwrap().meta.id));
        }
        crm.close().unwrap();

        criterion.bench_function(&format!("open and close/{name}"), |bench| {
            bench.iter(|| open(&path, encrypted, 16_384).close().unwrap());
        });
        let crm = open(&path, encrypted, 16_384);
        let people = session(&crm);
        let mut next = PEOPLE;
        criterion.bench_function(&format!("create a person/{name}"), |bench| {
            bench.iter(|| {
                next += 1;
                people.people().create(person(next)).unwrap()
            });
        });
        criterion.bench_function(&format!("create 500 people/{name}"), |bench| {
            bench.iter(|| {
                next += 500;
                people.people().create_all((0..500).map(|row| person(next + row)).collect()).unwrap()
            });
        });
        let mut at = 0;
        criterion.bench_function(&format!("get a person from the cache/{name}"), |bench| {
            bench.iter(|| {
                at = (at + 1) % 500;
                black_box(people.people().get(ids[at]).unwrap())
            });
        });
        crm.close().unwrap();
        // With the smallest cache nearly every page is read and decrypted anew.
        let crm = open(&path, encrypted, 64);
        let people = session(&crm);
        criterion.bench_function(&format!("get a person from the disk/{name}"), |bench| {
            bench.iter(|| {
                at = (at + 7_919) % PEOPLE;
                black_box(people.people().get(ids[at]).unwrap())
            });
        });
        crm.close().unwrap();
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime).sample_size(20);
    targets = costs
}
criterion_main!(benches);
