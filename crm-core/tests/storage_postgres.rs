//! The PostgreSQL driver against a server: the conformance suite, and what is special to a server.
//!
//! `tests/postgres/run` starts the server.
#![cfg(feature = "postgres")]
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod engine_support;

use crm_core::storage::fault::FaultyDatabase;
use crm_core::storage::postgres::{Options, PostgresDatabase};
use crm_core::storage::{Database, conformance};
use engine_support::server;

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
