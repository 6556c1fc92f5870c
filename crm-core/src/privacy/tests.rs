use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;

use super::key_file::FileKey;
use super::keys::{KeyCache, KeyEncryptionKey, KeyProvider, StaticKey, WrappedKey};
use super::seal::{OVERHEAD, Place, SubjectKey};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::random::{Random, SeededRandom};

fn id(byte: u8) -> RecordId {
    RecordId::from_bytes([byte; 16])
}

fn place() -> Place {
    Place { record_type: 3, record: id(1), sequence: 77, key: id(2) }
}

fn random() -> SeededRandom {
    SeededRandom::new([5; 32])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// Counts up, so that nonces and keys of golden vectors are known.
struct Counting;

impl Random for Counting {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.iter_mut().zip(0..).for_each(|(byte, value)| *byte = value);
    }
}

#[test]
fn a_sealed_payload_opens_only_at_its_place_with_its_key() {
    let (random, place) = (random(), place());
    let key = SubjectKey::generate(&random);
    let sealed = key.seal(&random, &place, b"Ada");
    assert_eq!(sealed.len(), 3 + OVERHEAD);
    assert_eq!(key.open(&place, &sealed).unwrap(), b"Ada");
    assert_ne!(sealed, key.seal(&random, &place, b"Ada"), "the nonce is fresh");
    let check = |key: &SubjectKey, place: &Place, sealed: &[u8]| {
        let error = key.open(place, sealed).unwrap_err();
        assert_eq!((error.code(), error.kind()), ("journal.sealed", ErrorKind::Corrupt));
        assert!(error.details().is_empty());
    };
    check(&SubjectKey::generate(&random), &place, &sealed);
    for other in [
        Place { record_type: 4, ..place },
        Place { record: id(9), ..place },
        Place { sequence: 78, ..place },
        Place { key: id(9), ..place },
    ] {
        check(&key, &other, &sealed);
    }
    for bit in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        check(&key, &place, &changed);
    }
    for length in 0..sealed.len() {
        check(&key, &place, &sealed[..length]);
    }
    check(&key, &place, &[&sealed[..], &[0]].concat());
}

/// The expected bytes come from another implementation (pyca/cryptography and HChaCha20 by its draft).
#[test]
fn the_sealed_form_never_changes() {
    let key = SubjectKey::generate(&Counting);
    let sealed = key.seal(&Counting, &place(), b"Ada Lovelace");
    assert_eq!(
        hex(&sealed),
        "01000102030405060708090a0b0c0d0e0f1011121314151617dfa66e5fdcbdfbcb5f2545abc53a6e7ee372ad6c6ed26cf6d2e84edb"
    );
    let wrapped = WrappedKey::wrap(&StaticKey::new(&[1; 32]), &Counting, id(2), &key).unwrap();
    assert_eq!(
        hex(wrapped.as_bytes()),
        "0100000001000102030405060708090a0bc95c56bdb7eb52a3c5d322d95364fa80b11cd89123b9e219288c0a9811b412d0c41573665e4355b676a1f9cc3d448e4c"
    );
}

proptest! {
    #[test]
    fn every_payload_comes_back(payload in proptest::collection::vec(any::<u8>(), 0..2000), seed in any::<[u8; 32]>()) {
        let random = SeededRandom::new(seed);
        let key = SubjectKey::generate(&random);
        let sealed = key.seal(&random, &place(), &payload);
        prop_assert_eq!(key.open(&place(), &sealed).unwrap(), payload);
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let random = random();
        prop_assert!(SubjectKey::generate(&random).open(&place(), &bytes).is_err());
        if let Ok(wrapped) = WrappedKey::from_bytes(&bytes) {
            prop_assert!(wrapped.open(&StaticKey::ephemeral(&random), id(1)).is_err());
        }
    }
}

#[test]
fn keys_do_not_show_themselves() {
    let random = random();
    let key = SubjectKey::generate(&random);
    let mut cache = KeyCache::new(2);
    cache.insert(id(1), key.clone());
    assert_eq!(format!("{key:?}"), "SubjectKey");
    assert_eq!(
        format!("{:?}", StaticKey::new(&[1; 32])),
        "StaticKey { subjects: KeyEncryptionKey, database: None, next_database: None }"
    );
    assert!(format!("{cache:?}").contains("SubjectKey"));
}

fn sees_the_same(left: &SubjectKey, right: &SubjectKey) -> bool {
    right.open(&place(), &left.seal(&random(), &place(), b"x")).is_ok()
}

#[test]
fn a_wrapped_key_opens_only_for_its_subject_under_its_key() {
    let (random, host) = (random(), StaticKey::new(&[1; 32]));
    let key = SubjectKey::generate(&random);
    let wrapped = WrappedKey::wrap(&host, &random, id(1), &key).unwrap();
    assert!(sees_the_same(&key, &wrapped.open(&host, id(1)).unwrap()));
    let code = |wrapped: &WrappedKey, host: &StaticKey, subject| {
        wrapped.open(host, subject).unwrap_err().code().to_owned()
    };
    assert_eq!(code(&wrapped, &host, id(2)), "privacy.key.mismatch");
    assert_eq!(code(&wrapped, &StaticKey::new(&[2; 32]), id(1)), "privacy.key.mismatch");
    for at in 0..wrapped.as_bytes().len() {
        let mut bytes = wrapped.as_bytes().to_vec();
        bytes[at] ^= 1;
        let outcome = WrappedKey::from_bytes(&bytes).and_then(|changed| changed.open(&host, id(1)));
        let expected = match at {
            0 => "privacy.key.wrapped",
            1..5 => "privacy.key.unavailable",
            _ => "privacy.key.mismatch",
        };
        assert_eq!(outcome.unwrap_err().code(), expected, "byte {at}");
    }
    for length in [0, 64, 66] {
        assert_eq!(WrappedKey::from_bytes(&vec![1; length]).unwrap_err().code(), "privacy.key.wrapped");
    }
}

/// A host that destroys the key of an old epoch.
struct Rotating(u32);

impl KeyProvider for Rotating {
    fn current_epoch(&self) -> u32 {
        self.0
    }

    fn key(&self, epoch: u32) -> Result<KeyEncryptionKey> {
        if epoch + 1 < self.0 {
            return Err(CrmError::new(ErrorKind::NotFound, "privacy.key.unavailable", "destroyed"));
        }
        Ok(KeyEncryptionKey::new(&[epoch.to_le_bytes()[0]; 32]))
    }
}

#[test]
fn a_new_epoch_leaves_old_backups_unreadable() {
    let random = random();
    let key = SubjectKey::generate(&random);
    let backup = WrappedKey::wrap(&Rotating(1), &random, id(1), &key).unwrap();
    let opened = backup.open(&Rotating(2), id(1)).unwrap();
    let live = WrappedKey::wrap(&Rotating(2), &random, id(1), &opened).unwrap();
    assert_eq!((backup.epoch(), live.epoch()), (1, 2));
    assert!(sees_the_same(&key, &live.open(&Rotating(3), id(1)).unwrap()));
    assert_eq!(backup.open(&Rotating(3), id(1)).unwrap_err().kind(), ErrorKind::NotFound);
    // A wrapped key cannot pretend to be of another epoch.
    let mut bytes = backup.as_bytes().to_vec();
    bytes[4] = 2;
    assert!(WrappedKey::from_bytes(&bytes).unwrap().open(&Rotating(2), id(1)).is_err());
}

#[test]
fn the_cache_keeps_the_keys_used_last() {
    let random = random();
    let key = || SubjectKey::generate(&random);
    let held =
        |cache: &mut KeyCache| (0..6).filter(|&byte| cache.get(id(byte)).is_some()).collect::<Vec<_>>();
    let mut cache = KeyCache::new(3);
    (0..3).for_each(|byte| cache.insert(id(byte), key()));
    assert!(cache.get(id(0)).is_some());
    cache.insert(id(3), key());
    assert_eq!(held(&mut cache), [0, 2, 3]);
    let newer = key();
    cache.insert(id(0), newer.clone());
    assert!(sees_the_same(&newer, &cache.get(id(0)).unwrap()));
    assert_eq!(held(&mut cache), [0, 2, 3]);
    cache.remove(id(2));
    cache.remove(id(2));
    cache.insert(id(4), key());
    assert_eq!(held(&mut cache), [0, 3, 4]);
    cache.clear();
    assert!(held(&mut cache).is_empty());
    let mut none = KeyCache::new(0);
    none.insert(id(0), key());
    assert!(held(&mut none).is_empty());
}

/// A folder of its own for a test, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("crm-core-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn files(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(&self.0)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_key_file_is_made_once_and_read_back() {
    let folder = Folder::new("once");
    let (database, random) = (folder.0.join("crm.db"), random());
    assert_eq!(FileKey::open(&database).unwrap_err().code(), "privacy.key.unavailable");
    // What a crash in the middle leaves behind is overwritten.
    fs::write(folder.0.join("crm.db.key.new"), [7; 100]).unwrap();
    let first = FileKey::open_or_create(&database, &random).unwrap();
    assert_eq!(folder.files(), ["crm.db.key"]);
    assert_eq!(fs::read(FileKey::path_for(&database)).unwrap().len(), 48);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(FileKey::path_for(&database)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let key = SubjectKey::generate(&random);
    let wrapped = WrappedKey::wrap(&first, &random, id(1), &key).unwrap();
    for again in [FileKey::open(&database), FileKey::open_or_create(&database, &random)] {
        assert!(sees_the_same(&key, &wrapped.open(&again.unwrap(), id(1)).unwrap()));
    }
}

#[test]
fn a_damaged_key_file_is_an_error_and_is_kept() {
    let folder = Folder::new("damaged");
    let (database, random) = (folder.0.join("crm.db"), random());
    FileKey::open_or_create(&database, &random).unwrap();
    let good = fs::read(FileKey::path_for(&database)).unwrap();
    let mut broken: Vec<Vec<u8>> =
        vec![Vec::new(), good[..47].to_vec(), [&good[..], &[0]].concat(), vec![0; 5000]];
    broken.extend((0..48).map(|at| {
        let mut bytes = good.clone();
        bytes[at] ^= 0x10;
        bytes
    }));
    for bytes in broken {
        fs::write(FileKey::path_for(&database), &bytes).unwrap();
        assert_eq!(FileKey::open_or_create(&database, &random).unwrap_err().code(), "privacy.key.file");
        assert_eq!(fs::read(FileKey::path_for(&database)).unwrap(), bytes);
    }
}

#[test]
fn creators_at_once_agree_on_one_key() {
    for round in 0..20 {
        let folder = Folder::new(&format!("race-{round}"));
        let database = Arc::new(folder.0.join("crm.db"));
        let makers: Vec<_> = (0..6)
            .map(|seed| {
                let database = Arc::clone(&database);
                std::thread::spawn(move || {
                    FileKey::open_or_create(&database, &SeededRandom::new([seed; 32])).unwrap()
                })
            })
            .collect();
        let hosts: Vec<_> = makers.into_iter().map(|maker| maker.join().unwrap()).collect();
        let key = SubjectKey::generate(&random());
        let wrapped = WrappedKey::wrap(&hosts[0], &random(), id(1), &key).unwrap();
        assert!(hosts.iter().all(|host| wrapped.open(host, id(1)).is_ok()));
        assert_eq!(folder.files(), ["crm.db.key"]);
    }
}

#[test]
fn trouble_with_the_file_names_no_path() {
    let folder = Folder::new("trouble");
    let database = folder.0.join("no such folder").join("ada.db");
    let error = FileKey::open_or_create(&database, &random()).unwrap_err();
    assert_eq!(error.code(), "privacy.key.unavailable");
    let database = folder.0.join("ada.db");
    fs::create_dir(FileKey::path_for(&database)).unwrap();
    let error = FileKey::open_or_create(&database, &random()).unwrap_err();
    assert_eq!((error.code(), error.kind()), ("privacy.key.io", ErrorKind::Io));
    assert!(!error.to_string().contains("ada"));
}
