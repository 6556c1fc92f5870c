//! A library that cannot encrypt says so, and never keeps in the clear what the host wants encrypted.
#![cfg(not(feature = "sqlcipher"))]

use crate::cipher_support::{crm, keys};
use crate::storage_support::Folder;
use crm_core::storage::sqlite::{Options, SqliteDatabase};
use crm_core::storage::{Database, DatabaseKey};
use crm_core::surface::OpenOptions;
use crm_core::{Config, Crm, ErrorKind};

const KEY: [u8; 32] = [0xA5; 32];

#[test]
fn a_key_is_refused_before_anything_is_written() {
    let folder = Folder::new();
    let path = folder.path("crm.db");
    let plain = Crm::memory(keys(None, None)).unwrap().export_bytes().unwrap();
    let memory = || SqliteDatabase::memory(Options::default()).unwrap();
    let options = format!(r#"{{"key": "{0}", "database_key": "{0}"}}"#, "a5".repeat(32));
    for (what, outcome) in [
        ("a file", crm(&path, keys(Some(&KEY), None))),
        ("memory", Crm::memory(keys(Some(&KEY), None))),
        ("bytes", Crm::from_bytes(&plain, keys(Some(&KEY), None))),
        ("no bytes", Crm::from_bytes(&[], keys(Some(&KEY), None))),
        ("a driver", Crm::on(Box::new(memory()), keys(Some(&KEY), None))),
        ("options", OpenOptions::parse(&options).unwrap().open(Config::default())),
    ] {
        let error = outcome.map(drop).unwrap_err();
        assert_eq!(
            (error.code(), error.kind()),
            ("storage.encryption.unsupported", ErrorKind::Invalid),
            "{what}"
        );
    }
    assert!(folder.contents().is_empty());
    assert!(!memory().is_encrypted());
    let rekeyed = memory().rekey(&DatabaseKey::new(&KEY)).unwrap_err();
    assert_eq!(rekeyed.code(), "storage.encryption.none");
}

/// What another library has encrypted is no damaged file.
#[test]
fn an_encrypted_file_is_told_from_one_that_is_no_database() {
    // Every value occurs, as it does in what a cipher gives.
    let encrypted: Vec<u8> = (0..40_960_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let folder = Folder::new();
    std::fs::write(folder.path("crm.db"), &encrypted).unwrap();
    let error = crm(&folder.path("crm.db"), keys(None, None)).map(drop).unwrap_err();
    assert_eq!(error.code(), "storage.key.missing");
    assert_eq!(
        Crm::from_bytes(&encrypted, keys(None, None)).map(drop).unwrap_err().code(),
        "storage.key.missing"
    );
    assert_eq!(folder.contents().len(), 1);
}

#[test]
fn the_options_name_what_is_missing() {
    let alone = format!(r#"{{"database_key": "{}"}}"#, "a5".repeat(32));
    let error = OpenOptions::parse(&alone).unwrap().open(Config::default()).map(drop).unwrap_err();
    assert_eq!((error.code(), error.path()), ("options.key", Some("key")));
}
