//! Attachments: in and out as a stream, with a limit, a hash and nothing left behind.

use std::fmt::Write;
use std::io::{Error, Read};

use crm_core::activity::Attachment;
use crm_core::contacts::Organisation;
use crm_core::journal::entry::Operation;
use crm_core::storage::{Param, query_one};
use crm_core::{Actor, Config, Crm, ErrorKind, ManualClock, Purpose, Reference, SeededRandom, Session};
use sha2::{Digest, Sha256};

const MIB: usize = 1024 * 1024;

fn open() -> (Crm, Session, Reference) {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let config =
        Config::default().clock(clock).random(SeededRandom::new([5; 32])).attachment_limit(6 * MIB as u64);
    let crm = crate::engine_support::open(config);
    let session = crm.session(Actor::System, Purpose::CustomerCare).unwrap();
    let acme = session
        .organisations()
        .create(Organisation { name: "Acme".into(), ..Organisation::default() })
        .unwrap();
    let about = Reference::new("organisation", acme.meta.id);
    (crm, session, about)
}

fn file(about: &Reference, name: &str) -> Attachment {
    Attachment { about: about.clone(), file_name: name.into(), ..Attachment::default() }
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|place| u8::try_from(place * 31 % 251).unwrap()).collect()
}

fn pieces(crm: &Crm) -> i64 {
    let mut count = 0;
    crm.database()
        .read(crm_core::storage::ReadMode::Statement, &mut |connection| {
            let sql = "SELECT count(*) FROM crm_attachment_chunk";
            count = query_one(connection, sql, &[], |row| row.integer(0))?.flatten().unwrap_or_default();
            Ok(())
        })
        .unwrap();
    count
}

/// Gives its bytes in odd portions, is interrupted now and then, and fails at a place if it is told to.
struct Source<'a> {
    rest: &'a [u8],
    fails: bool,
    calls: usize,
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.calls += 1;
        if self.calls.is_multiple_of(5) {
            return Err(Error::from(std::io::ErrorKind::Interrupted));
        }
        if self.rest.is_empty() && self.fails {
            return Err(Error::other("/home/eve/secret"));
        }
        let length = buffer.len().min(self.rest.len()).min(10_007);
        buffer[..length].copy_from_slice(&self.rest[..length]);
        self.rest = &self.rest[length..];
        Ok(length)
    }
}

#[test]
fn contents_go_in_and_out() {
    let (crm, session, about) = open();
    let mut expected_pieces = 0;
    for length in [0, 1, 65_535, 65_536, 65_537, 5 * MIB, 6 * MIB] {
        let content = bytes(length);
        let mut source = Source { rest: &content, fails: false, calls: 0 };
        let stored = session.attachments().add(file(&about, "a.bin"), &mut source).unwrap();
        let mut hash = String::new();
        for byte in Sha256::digest(&content) {
            write!(hash, "{byte:02x}").unwrap();
        }
        assert_eq!(stored.size, Some(i64::try_from(length).unwrap()));
        assert_eq!(stored.sha256.as_deref(), Some(hash.as_str()));
        assert_eq!(stored.media_type.as_deref(), Some("application/octet-stream"));
        let mut found = Vec::new();
        let read = session.attachments().read_content(stored.meta.id, &mut found).unwrap();
        assert!(found == content, "{length}");
        assert_eq!(read, stored);
        expected_pieces += length.div_ceil(65_536);
        assert_eq!(pieces(&crm), i64::try_from(expected_pieces).unwrap());
    }
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn what_fails_leaves_nothing() {
    let (crm, session, about) = open();
    let before = session.journal().head().unwrap();
    let content = bytes(200_000);
    let nobody = Reference::new("organisation", crm_core::RecordId::from_bytes([9; 16]));
    let with_type = Attachment { media_type: Some("nonsense".into()), ..file(&about, "x") };
    for (attachment, length, fails, code) in [
        (file(&about, "x"), 6 * MIB + 1, false, "attachment.too_large"),
        (file(&about, "x"), 200_000, true, "attachment.source"),
        (file(&nobody, "x"), 200_000, false, "link.broken"),
        (with_type, 200_000, false, "attachment.media_type"),
    ] {
        let content = if length > content.len() { bytes(length) } else { content.clone() };
        let mut source = Source { rest: &content, fails, calls: 0 };
        let error = session.attachments().add(attachment.clone(), &mut source).unwrap_err();
        assert_eq!(error.code(), code);
        assert!(!error.to_string().contains("eve"), "{error}");
        // Inside a transaction, too, which may go on.
        let note = session.transaction(|t| {
            let mut source = Source { rest: &content, fails, calls: 0 };
            assert_eq!(t.attachments().add(attachment.clone(), &mut source).unwrap_err().code(), code);
            Ok(())
        });
        note.unwrap();
        assert_eq!(pieces(&crm), 0);
    }
    assert_eq!(session.journal().head().unwrap(), before);
    let error = session.attachments().create(file(&about, "x")).unwrap_err();
    assert_eq!(error.code(), "attachment.no_content");
}

#[test]
fn the_bin_keeps_the_content_until_it_is_purged() {
    let (crm, session, about) = open();
    let content = bytes(100_000);
    let stored = session.attachments().add(file(&about, "../secret/a.txt"), &mut content.as_slice()).unwrap();
    assert_eq!(stored.file_name, "a.txt");
    let id = stored.meta.id;
    let renamed = session.attachments().patch(id, &serde_json::json!({"file_name": "x/b.txt"})).unwrap();
    assert_eq!(renamed.file_name, "b.txt");
    assert_eq!(session.attachments().purge_content(id).unwrap_err().code(), "record.not_in_bin");
    // With the record that it belongs to.
    session.organisations().delete(about.id).unwrap();
    assert_eq!(
        session.attachments().read_content(id, &mut Vec::new()).unwrap_err().code(),
        "record.not_found"
    );
    assert_eq!(pieces(&crm), 2);
    session.organisations().restore(about.id).unwrap();
    let mut found = Vec::new();
    session.attachments().read_content(id, &mut found).unwrap();
    assert!(found == content);
    session.attachments().delete(id).unwrap();
    let again = Attachment { meta: stored.meta.clone(), ..file(&about, "other") };
    let error = session.attachments().add(again, &mut "x".as_bytes()).unwrap_err();
    assert_eq!(error.code(), "record.exists", "the content in the bin is not overwritten");
    session.attachments().purge_content(id).unwrap();
    assert_eq!(pieces(&crm), 0);
    let size = session.journal().head().unwrap().size;
    session.attachments().purge_content(id).unwrap();
    assert_eq!(session.journal().head().unwrap().size, size, "there was nothing left to purge");
    let last = session.journal().feed(size - 1, 1).unwrap().remove(0);
    assert_eq!((last.record, last.operation), (id, Operation::Purge));
    assert_eq!(session.attachments().restore(id).unwrap_err().code(), "attachment.content_gone");
}

#[test]
fn damage_is_found_and_the_journal_has_no_content() {
    let (crm, session, about) = open();
    let content = vec![b'S'; 150_000];
    let id = session.attachments().add(file(&about, "a.txt"), &mut content.as_slice()).unwrap().meta.id;
    let history = session.attachments().history(id, None, 10).unwrap();
    assert!(!serde_json::to_string(&history).unwrap().contains("SSSS"));
    for sql in [
        "UPDATE crm_attachment_chunk SET bytes = ?3 WHERE position = ?1",
        "DELETE FROM crm_attachment_chunk WHERE bytes <> ?3 AND position = ?1",
    ] {
        for position in [2, 1] {
            let id =
                session.attachments().add(file(&about, "b.txt"), &mut content.as_slice()).unwrap().meta.id;
            let sql = format!("{sql} AND attachment = ?2");
            crm.database()
                .write(&mut |connection| {
                    let parameters = [Param::Integer(position), Param::Id(id), Param::Blob(&[0])];
                    connection.execute(&sql, &parameters).map(|_| ())
                })
                .unwrap();
            let error = session.attachments().read_content(id, &mut Vec::new()).unwrap_err();
            assert_eq!((error.code(), error.kind()), ("attachment.damaged", ErrorKind::Corrupt), "{sql}");
        }
    }
    // A target without room.
    let mut small = [0_u8; 10];
    let error = session.attachments().read_content(id, &mut small.as_mut_slice()).unwrap_err();
    assert_eq!(error.code(), "attachment.target");
}
