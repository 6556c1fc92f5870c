//! The conformance suite against every way to have a SQLite database.

use crate::storage_support::Folder;
use crm_core::storage::fault::FaultyDatabase;
use crm_core::storage::sqlite::{Options, SqliteDatabase};
use crm_core::storage::{Database, conformance};

fn check(make: &dyn Fn() -> crm_core::Result<Box<dyn Database>>) {
    let passed = conformance::run(make).unwrap();
    assert!(passed.len() >= 35, "{passed:?}");
}

#[test]
fn a_file() {
    let folder = Folder::new();
    let open = |options: Options| SqliteDatabase::open(folder.next("conformance.db"), options);
    check(&|| Ok(Box::new(open(Options::default())?)));
}

#[test]
fn a_file_with_one_connection() {
    let folder = Folder::new();
    let options = Options { readers: 0, ..Options::default() };
    check(&|| Ok(Box::new(SqliteDatabase::open(folder.next("one.db"), options)?)));
}

#[test]
fn memory() {
    check(&|| Ok(Box::new(SqliteDatabase::memory(Options::default())?)));
}

#[test]
fn bytes() {
    let empty = SqliteDatabase::memory(Options::default()).unwrap().export().unwrap();
    check(&|| Ok(Box::new(SqliteDatabase::from_bytes(&empty, Options::default())?)));
}

#[test]
fn a_faulty_database_without_faults() {
    check(&|| Ok(Box::new(FaultyDatabase::new(Box::new(SqliteDatabase::memory(Options::default())?)))));
}
