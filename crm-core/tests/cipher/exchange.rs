//! One file format: what this machine and the browser's build write for each other. `tests/cipher/run` starts these with
//! a folder, and Node between them.
#![cfg(feature = "sqlcipher")]

use std::fs;
use std::path::PathBuf;

use crate::cipher_support::{count, crm, keys, session, settings_of, words};
use crm_core::Crm;
use crm_core::record::query::Query;

const OLD: [u8; 32] = [0xA5; 32];
const NEW: [u8; 32] = [0x5A; 32];

fn folder() -> PathBuf {
    std::env::var_os("CRM_EXCHANGE").expect("tests/cipher/run names the folder").into()
}

#[test]
#[ignore = "started by tests/cipher/run"]
fn writes_for_the_browser() {
    let path = folder().join("native-file.db");
    let open = crm(&path, keys(Some(&OLD), None)).unwrap();
    words(&open);
    fs::write(folder().join("native-export.db"), open.export_bytes().unwrap()).unwrap();
    open.backup(folder().join("native-backup.db")).unwrap();
    open.close().unwrap();
}

#[test]
#[ignore = "started by tests/cipher/run"]
fn opens_what_the_browser_wrote() {
    for (name, with, without, people) in [
        ("browser-new.db", OLD, NEW, 1),
        ("browser-native.db", OLD, NEW, 2),
        ("browser-rekeyed.db", NEW, OLD, 1),
    ] {
        let path = folder().join(name);
        let error = crm(&path, keys(Some(&without), None)).map(drop).unwrap_err();
        assert_eq!(error.code(), "storage.key", "{name}");
        let bytes = fs::read(&path).unwrap();
        let copy = Crm::from_bytes(&bytes, keys(Some(&with), None)).unwrap();
        assert_eq!(count(&copy), people, "{name} as bytes");
        let open = crm(&path, keys(Some(&with), None)).unwrap();
        assert_eq!(count(&open), people, "{name}");
        assert_eq!(open.integrity_check().unwrap(), Vec::<String>::new(), "{name}");
        assert!(session(&open).journal().verify().unwrap().is_sound(), "{name}");
        let found = session(&open).people().list(&Query::new()).unwrap();
        let names: Vec<_> = found.records.iter().map(|person| person.family_name.clone().unwrap()).collect();
        assert!(names.contains(&"Grüße aus Node".to_owned()), "{name}: {names:?}");
        assert_eq!(settings_of(&open)["journal_mode"], "wal", "{name}");
        words(&open);
        open.close().unwrap();
    }
}
