//! The schema as SQL, committed, so that every change of it is seen in review.
//!
//! `CRM_UPDATE_SNAPSHOTS=1 cargo test --test schema_snapshot` writes it anew, with `--features postgres` for both engines.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::path::Path;

use crm_core::storage::Dialect;
use crm_core::storage::dialect::check_portable;
use crm_core::{Config, Crm, ManualClock, SeededRandom};

fn check(dialect: Dialect, file: &str) {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let crm = Crm::memory(Config::default().clock(clock).random(SeededRandom::new([1; 32]))).unwrap();
    let statements = crm.schema().statements(dialect);
    for statement in &statements {
        check_portable(statement).unwrap_or_else(|error| panic!("{error}: {statement}"));
    }
    let text = format!("{};\n", statements.join(";\n"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots").join(file);
    if std::env::var_os("CRM_UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = text.lines().zip(committed.lines()).find(|(now, then)| now != then);
    assert_eq!(differs, None, "the schema differs from {}", path.display());
    assert_eq!(text.lines().count(), committed.lines().count());
}

#[test]
fn the_schema_is_the_committed_one() {
    check(Dialect::Sqlite, "schema.sqlite.sql");
}

#[cfg(feature = "postgres")]
#[test]
fn the_schema_of_postgres_is_the_committed_one() {
    check(Dialect::Postgres, "schema.postgres.sql");
}
