//! What proves an erasure: the log, the certificate, the ledger that outlives a restored backup, the keys.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::erasure_support::{Folder, call, config, fill, left, needles, session};
use crm_core::contacts::Person;
use crm_core::journal::verify::Verification;
use crm_core::privacy::erasure::{
    ErasureLedger, ErasureOptions, ErasureState, Signer, WaitsFor, certificate,
};
use crm_core::privacy::keys::{KeyEncryptionKey, KeyProvider, StaticKey};
use crm_core::record::query::Query;
use crm_core::storage::sqlite::Options;
use crm_core::surface::OpenOptions;
use crm_core::{Actor, Config, Crm, CrmError, ErrorKind, Purpose, RecordId, Session};
use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _};
use proptest::prelude::*;
use serde_json::json;

fn person(session: &Session, name: &str) -> RecordId {
    let person = Person { family_name: Some(name.into()), ..Person::default() };
    session.people().create(person).unwrap().meta.id
}

fn reasons(found: &Verification) -> Vec<&'static str> {
    found.findings.iter().map(|finding| finding.reason).collect()
}

/// What somebody with the file in hands does to the journal, and by which reason it is found.
const TAMPERINGS: [(&str, &str, &str); 9] = [
    (
        "a flipped bit in a plain payload",
        "UPDATE crm_journal SET plain = replace(plain, '\"vip\"', '\"vib\"') WHERE sequence = \
         (SELECT MAX(sequence) FROM crm_journal WHERE plain LIKE '%vip%')",
        "the entry was changed",
    ),
    (
        "a flipped bit in a sealed payload",
        "UPDATE crm_journal SET sealed = CAST(substr(sealed, 1, 40) || x'00' || substr(sealed, 42) AS BLOB) WHERE sequence = \
         (SELECT MAX(sequence) FROM crm_journal WHERE length(sealed) > 60)",
        "the entry was changed",
    ),
    ("another time", "UPDATE crm_journal SET at = at - 1 WHERE sequence = 5", "the entry was changed"),
    (
        "another hash of a shredded payload",
        "UPDATE crm_journal SET sealed_hash = zeroblob(32) WHERE sequence = \
         (SELECT MIN(sequence) FROM crm_journal WHERE sealed_hash IS NOT NULL)",
        "the entry was changed",
    ),
    ("a removed entry", "DELETE FROM crm_journal WHERE sequence = 7", "an entry is missing before this one"),
    (
        "an inserted entry",
        "UPDATE crm_journal SET sequence = -sequence - 1 WHERE sequence > 7; \
         UPDATE crm_journal SET sequence = -sequence WHERE sequence < 0; \
         INSERT INTO crm_journal SELECT 8, at, actor, purpose, job, record_type, record, operation, version, subject, \
         plain, sealed, sealed_hash, leaf FROM crm_journal WHERE sequence = 7",
        "the entry was changed",
    ),
    (
        "a payload that was shredded without an erasure",
        "UPDATE crm_journal SET sealed = NULL, sealed_hash = (SELECT hash FROM known) WHERE sequence = \
         (SELECT sequence FROM known)",
        "the sealed payload is gone, and no entry says that it was destroyed",
    ),
    (
        "the end cut off",
        "DELETE FROM crm_journal WHERE sequence >= (SELECT MIN(journal_size) FROM crm_erased_subject) - 1",
        "entries are missing at the end that an erasure was certified on",
    ),
    (
        "another head of an erasure",
        "UPDATE crm_erased_subject SET journal_root = zeroblob(32)",
        "the entries up to here are not those that an erasure was certified on",
    ),
];

#[test]
fn whatever_is_done_to_the_log_is_found_before_and_after_erasures() {
    for erased in [false, true] {
        let folder = Folder::new(if erased { "tamper-after" } else { "tamper-before" });
        let crm = Crm::open(folder.database(), config().0).unwrap();
        let session = session(&crm);
        let world = fill(&session);
        if erased {
            session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
        }
        assert!(session.journal().verify().unwrap().is_sound());
        let sealed: Vec<u8> = {
            let host = rusqlite::Connection::open(folder.database()).unwrap();
            let sql = "SELECT sealed FROM crm_journal WHERE record = ?1 AND sealed IS NOT NULL LIMIT 1";
            host.query_row(sql, [world.bob.as_bytes()], |row| row.get(0)).unwrap()
        };
        crm.close().unwrap();
        let copy = folder.0.join("copy.db");
        for (name, statement, reason) in TAMPERINGS {
            // Without an erasure there is nothing to be done to one.
            let of_an_erasure =
                statement.contains("erased_subject") || statement.contains("sealed_hash IS NOT");
            if of_an_erasure && !erased {
                continue;
            }
            std::fs::copy(folder.database(), &copy).unwrap();
            let host = rusqlite::Connection::open(&copy).unwrap();
            host.execute_batch("CREATE TEMP TABLE known (sequence INTEGER, hash BLOB)").unwrap();
            let sequence: i64 = host
                .query_row("SELECT sequence FROM crm_journal WHERE sealed = ?1", [&sealed], |row| row.get(0))
                .unwrap();
            let hash = crm_core::journal::leaf::payload_hash(&sealed);
            host.execute("INSERT INTO known VALUES (?1, ?2)", rusqlite::params![sequence, hash]).unwrap();
            host.execute_batch(statement).unwrap();
            drop(host);
            let crm = Crm::open(&copy, config().0).unwrap();
            let found = crate::erasure_support::session(&crm).journal().verify().unwrap();
            assert!(reasons(&found).contains(&reason), "{name}, erased: {erased}: {:?}", found.findings);
            crm.close().unwrap();
            std::fs::remove_file(&copy).unwrap();
        }
    }
}

#[test]
fn a_payload_that_comes_back_is_found() {
    let folder = Folder::new("back");
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let session = session(&crm);
    let world = fill(&session);
    crm.database().checkpoint().unwrap();
    let host = rusqlite::Connection::open(folder.database()).unwrap();
    let sql = "SELECT sequence, sealed FROM crm_journal WHERE record = ?1 AND sealed IS NOT NULL LIMIT 1";
    let (sequence, sealed): (i64, Vec<u8>) =
        host.query_row(sql, [world.ada.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    let sql = "UPDATE crm_journal SET sealed = ?2 WHERE sequence = ?1";
    host.execute(sql, rusqlite::params![sequence, sealed]).unwrap();
    let found = session.journal().verify().unwrap();
    assert_eq!(reasons(&found), ["a sealed payload of an erased subject is there"]);
}

/// A host's key that can be out of reach.
struct HostKey {
    key: SigningKey,
    failures: AtomicU32,
}

impl Signer for HostKey {
    fn key_name(&self) -> String {
        "test key 1".to_owned()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CrmError> {
        let failing = |left: u32| left.checked_sub(1);
        if self.failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, failing).is_ok() {
            return Err(CrmError::new(ErrorKind::Io, "host.key", "the key is out of reach"));
        }
        Ok(self.key.sign(message).to_bytes().to_vec())
    }
}

#[test]
fn a_certificate_is_signed_tells_nothing_and_cannot_be_changed() {
    let key = SigningKey::from_bytes(&[8; 32]);
    let public = key.verifying_key();
    let signer = HostKey { key, failures: AtomicU32::new(1) };
    let crm = crate::engine_support::open(config().0.signer(signer));
    let session = session(&crm);
    let world = fill(&session);
    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!((report.erasure.state, report.waits_for), (ErasureState::Pending, Some(WaitsFor::Signature)));
    assert_eq!(session.erasure().finish().unwrap().finished.len(), 1);

    let erasure = session.erasures().list(&Query::new()).unwrap().records.remove(0);
    assert_eq!(erasure.state, ErasureState::Completed);
    assert_eq!(erasure.signer.as_deref(), Some("test key 1"));
    let mut document = erasure.certificate.unwrap();
    let signature = erasure.signature.unwrap();
    let signed = |message: &[u8], signature: &[u8]| {
        Signature::from_slice(signature).is_ok_and(|signature| public.verify(message, &signature).is_ok())
    };
    certificate::verify(&document, &signature, signed).unwrap();
    let text = document.to_string();
    for needle in needles() {
        assert!(!text.contains(needle), "{needle} in the certificate");
    }
    assert!(!text.contains(&world.ada.to_string()), "not even the identifier of the person");
    assert_eq!((&document["key_destroyed"], &document["state"]), (&json!(true), &json!("completed")));
    let size = document["journal"]["size"].as_u64().unwrap();
    assert!(size <= session.journal().head().unwrap().size);
    document["key_destroyed"] = json!(false);
    let changed = certificate::verify(&document, &signature, signed).unwrap_err();
    assert_eq!(changed.code(), "privacy.certificate.signature");

    // Nobody makes, changes or removes the proof.
    for (operation, input) in [
        ("erasure.create", json!({})),
        ("erasure.delete", json!({"id": erasure.meta.id})),
        ("erasure.patch", json!({"id": erasure.meta.id, "patch": {"state": "partial"}})),
    ] {
        let refused = session.call(operation, input).unwrap_err();
        assert!(["erasure.proof", "field.read_only"].contains(&refused.code()), "{operation}: {refused}");
    }
}

#[test]
fn a_restored_backup_is_erased_before_anybody_reads_it() {
    let folder = Folder::new("restore");
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let session = session(&crm);
    let world = fill(&session);
    let gone = person(&session, "Deleted later");
    crm.backup(folder.0.join("backup")).unwrap();
    call(&session, "person.delete", json!({"id": gone}));
    session.erasure().erase(gone, ErasureOptions::default()).unwrap();
    let erased = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    let ledger = crm.erasure_ledger().unwrap();
    assert_eq!(ledger.len(), 2);
    crm.close().unwrap();

    // Over the file: the ledger beside it is still there.
    std::fs::copy(folder.0.join("backup"), folder.database()).unwrap();
    let read_only = Options { read_only: true, ..Options::default() };
    let refused = Crm::open(folder.database(), config().0.sqlite(read_only)).map(drop).unwrap_err();
    assert_eq!(refused.code(), "privacy.erasure.replay_needed");
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let restored = crate::erasure_support::session(&crm);
    for id in [world.ada, gone] {
        assert!(restored.people().find(id).unwrap().is_none());
    }
    assert!(restored.people().find(world.bob).unwrap().is_some());
    assert_eq!(crm.erasure_ledger().unwrap(), ledger);
    assert!(restored.journal().verify().unwrap().is_sound());
    let again = restored.erasures().list(&Query::new()).unwrap().records;
    assert_eq!(again.len(), 2);
    assert!(again.iter().all(|erasure| erasure.state == ErasureState::Completed));
    assert!(again.iter().any(|found| found.pseudonym == erased.erasure.pseudonym));
    crm.close().unwrap();

    // Elsewhere: the host gives the ledger.
    let elsewhere = Folder::new("elsewhere");
    std::fs::copy(folder.0.join("backup"), elsewhere.database()).unwrap();
    let text = ledger.to_string();
    let crm =
        Crm::open(elsewhere.database(), config().0.erasure_ledger(ErasureLedger::parse(&text).unwrap()))
            .unwrap();
    assert!(crate::erasure_support::session(&crm).people().find(world.ada).unwrap().is_none());
    crm.close().unwrap();
    assert_eq!(left(&elsewhere.0), Vec::<String>::new());

    // By the options that other languages pass.
    std::fs::copy(folder.0.join("backup"), folder.0.join("other.db")).unwrap();
    let options = |ledger: serde_json::Value| {
        let path = folder.0.join("other.db");
        let options = json!({"path": path, "key": "04".repeat(32), "erasure_ledger": ledger});
        OpenOptions::parse(&options.to_string()).unwrap().open(Config::default())
    };
    let refused = options(json!({"format": "something else"})).map(drop).unwrap_err();
    assert_eq!((refused.code(), refused.path()), ("privacy.erasure.ledger", Some("erasure_ledger")));
    let crm = options(serde_json::from_str(&text).unwrap()).unwrap();
    assert!(crate::erasure_support::session(&crm).people().find(world.ada).unwrap().is_none());
    crm.close().unwrap();

    let other = Crm::memory(config().0).unwrap();
    person(&crate::erasure_support::session(&other), "Somebody");
    let bytes = other.export_bytes().unwrap();
    let refused = Crm::from_bytes(&bytes, config().0.erasure_ledger(ledger)).map(drop).unwrap_err();
    assert_eq!(refused.code(), "privacy.erasure.ledger_other");
    for text in ["", "{}", r#"{"format":"crm-core erasure ledger","version":2,"erasures":[]}"#] {
        assert_eq!(ErasureLedger::parse(text).unwrap_err().code(), "privacy.erasure.ledger", "{text}");
    }
}

/// A host that began a second epoch, and may have destroyed the first key.
struct Epochs {
    first_is_there: bool,
}

impl KeyProvider for Epochs {
    fn current_epoch(&self) -> u32 {
        2
    }

    fn key(&self, epoch: u32) -> Result<KeyEncryptionKey, CrmError> {
        match epoch {
            1 if self.first_is_there => StaticKey::new(&[4; 32]).key(1),
            2 => Ok(KeyEncryptionKey::new(&[5; 32])),
            _ => Err(CrmError::new(ErrorKind::NotFound, "privacy.key.unavailable", "there is no such key")),
        }
    }
}

#[test]
fn a_new_epoch_makes_backups_forget() {
    let folder = Folder::new("epoch");
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let session = session(&crm);
    let world = fill(&session);
    let people: Vec<Person> =
        (0..1_200).map(|n| Person { family_name: Some(format!("P{n}")), ..Person::default() }).collect();
    session.people().create_all(people).unwrap();
    crm.backup(folder.0.join("backup")).unwrap();
    session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    crm.close().unwrap();

    let crm = Crm::open(folder.database(), config().0.keys(Epochs { first_is_there: true })).unwrap();
    let session = crate::erasure_support::session(&crm);
    let mut steps = 0;
    let stopped = session
        .erasure()
        .rewrap_keys(&mut |_| {
            steps += 1;
            ControlFlow::Break(())
        })
        .unwrap();
    assert_eq!((steps, stopped.done, stopped.complete), (1, 500, false));
    let done = session.erasure().rewrap_keys(&mut |_| ControlFlow::Continue(())).unwrap();
    assert!(done.complete);
    assert_eq!((done.epoch, done.done), (2, done.keys));
    assert_eq!(done.rewrapped, done.keys - 500);
    assert_eq!(session.erasure().rewrap_keys(&mut |_| ControlFlow::Continue(())).unwrap().rewrapped, 0);
    crm.close().unwrap();

    // The host destroys the first key: the living are read as before, the backup cannot be.
    let crm = Crm::open(folder.database(), config().0.keys(Epochs { first_is_there: false })).unwrap();
    let session = crate::erasure_support::session(&crm);
    let history = session.people().history(world.bob, None, 10).unwrap();
    assert!(history.iter().all(|entry| !entry.erased && !entry.changes.is_empty()));
    crm.close().unwrap();
    let backup = config().0.keys(Epochs { first_is_there: false });
    let crm = Crm::open(folder.0.join("backup"), backup).unwrap();
    let unreadable = crate::erasure_support::session(&crm).people().history(world.ada, None, 10).unwrap_err();
    assert_eq!(unreadable.code(), "privacy.key.unavailable");
}

/// A small crowd: who knows whom, who is in which household, who has a deal, a note, a case.
fn crowd(session: &Session, links: &[(u8, u8, u8)]) -> Vec<RecordId> {
    let people: Vec<RecordId> = (0..5).map(|n| person(session, &format!("Person{n}"))).collect();
    let kind =
        call(session, "relationship_type.create", json!({"name": "knows", "inverse_name": "known by"}));
    let pipeline = call(
        session,
        "pipeline.create_with_stages",
        json!({
            "pipeline": {"name": "Sales"}, "stages": [{"name": "Open", "key": "open", "stage_type": "open", "probability": "10"}],
        }),
    );
    call(session, "case_status.install_defaults", json!({}));
    let reference = |id: RecordId| format!("person:{id}");
    for (what, one, other) in links {
        let (one, other) = (people[usize::from(*one)], people[usize::from(*other)]);
        let made = match what {
            0 => {
                json!(["relationship.create", {"kind": kind["id"], "first": reference(one), "second": reference(other)}])
            }
            1 => json!(["note.create", {"about": reference(one), "person": other, "body": "a text"}]),
            2 => {
                json!(["deal.create", {"name": "D", "pipeline": pipeline["pipeline"]["id"], "person": one, "amount": "5.00 EUR"}])
            }
            3 => json!(["case.create", {"subject": "C", "requester": one}]),
            4 => json!(["task.create", {"subject": "T", "about": reference(one), "person": other}]),
            5 => json!(["data_subject.create", {"person": one, "guardian": other}]),
            _ => {
                let household = call(session, "household.create", json!({"name": "H"}));
                for id in [one, other] {
                    call(session, "person.patch", json!({"id": id, "patch": {"household": household["id"]}}));
                }
                continue;
            }
        };
        // Two of the same kind may contradict each other; then the first stands.
        let _ = session.call(made[0].as_str().unwrap(), made[1].clone());
    }
    people
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn erasing_one_never_changes_another(
        links in prop::collection::vec((0_u8..7, 0_u8..5, 0_u8..5), 1..14),
        who in 0_usize..5,
    ) {
        let crm = Crm::memory(Config::default().clock(crm_core::ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap()))).unwrap();
        let session = crm.session(Actor::System, Purpose::RightsFulfilment).unwrap();
        let people = crowd(&session, &links);
        let before = crate::erasure_support::export(&session);
        let gone = people[who].to_string();
        session.erasure().erase(people[who], ErasureOptions::default()).unwrap();
        let after = crate::erasure_support::export(&session);
        // Every record that had nothing to do with the person is there as it was; what had lost the link only.
        for line in before.iter().skip(1).filter(|line| !line.contains(&gone)) {
            let of_a_household = line.contains("\"type\":\"household\"");
            prop_assert!(of_a_household || after.contains(line), "{line}");
        }
        prop_assert!(!after.iter().any(|line| line.contains(&gone)));
        prop_assert!(session.journal().verify().unwrap().is_sound());
        prop_assert!(crm.integrity_check().unwrap().is_empty());
        let plan_of_others = people.iter().filter(|id| id.to_string() != gone);
        for id in plan_of_others {
            prop_assert!(session.people().find(*id).unwrap().is_some());
        }
    }
}
