//! Erasing a person: nothing is left in any file, nobody else notices, and the log proves what it proved.

use crate::erasure_support::{Folder, call, config, create, export, fill, left, lines_of, needles, session};
use crm_core::journal::tree::Hash;
use crm_core::privacy::erasure::{ErasureOptions, ErasureState, Outcome, Store, WaitsFor};
use crm_core::record::query::Query;
use crm_core::{Crm, Reference};
use serde_json::json;

#[test]
fn nothing_of_an_erased_person_is_left_in_any_file() {
    let folder = Folder::new("bytes");
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let session = session(&crm);
    let world = fill(&session);
    assert!(crm.database().checkpoint().unwrap());
    // What is looked for is there before: each needle is found by the test and by the engine.
    let before = left(&folder.0);
    for needle in needles() {
        // What is only in the journal is sealed; everything else lies in the open.
        let sealed = ["zqbinnote", "zqreminder", "zqoldfamily"].contains(&needle);
        assert!(sealed || before.iter().any(|hit| hit.starts_with(needle)), "{needle} was never there");
    }
    let there = session.erasure().verify(&needles(), &[]).unwrap();
    let seen: std::collections::BTreeSet<usize> = there.hits.iter().map(|hit| hit.needle).collect();
    assert_eq!(seen.len(), needles().len() - 3, "the engine finds what the test finds");
    let control = lines_of(&export(&session), world.bob);

    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!(report.waits_for, None);
    assert_eq!(report.erasure.state, ErasureState::Completed);
    assert!(report.verification.unwrap().is_clean());
    let found = session.erasure().verify(&needles(), &[]).unwrap();
    assert!(found.is_clean(), "{:?}", found.hits);
    assert!(crm.integrity_check().unwrap().is_empty());
    assert!(session.journal().verify().unwrap().is_sound());
    // The control person is the same, byte for byte, but for the relationship that both had.
    let after = lines_of(&export(&session), world.bob);
    let expected: Vec<String> =
        control.into_iter().filter(|line| !line.contains(&world.ada.to_string())).collect();
    assert_eq!(after, expected);
    crm.close().unwrap();
    assert_eq!(left(&folder.0), Vec::<String>::new());
    // Not even a backup that is made from it has anything.
    let crm = Crm::open(folder.database(), config().0).unwrap();
    crm.backup(folder.0.join("backup.db")).unwrap();
    assert_eq!(left(&folder.0), Vec::<String>::new());
}

#[test]
fn what_others_need_stays_without_the_person() {
    let crm = crate::engine_support::open(config().0);
    let session = session(&crm);
    let world = fill(&session);
    let sums = |filter: &str| {
        call(
            &session,
            "deal.group",
            json!({
                "by": [{"path": "stage"}], "filter": filter,
                "measures": [{"measure": "count"}, {"measure": "sum", "of": "amount"}],
            }),
        )
    };
    let (before, cases) = (sums("true"), call(&session, "case.queue_overview", json!({})));
    session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!(sums("true"), before, "reports do not change");
    assert_eq!(call(&session, "case.queue_overview", json!({})), cases);

    let deal = call(&session, "deal.get", json!({"id": world.deal}));
    assert_eq!((&deal["name"], &deal["amount"]["amount"]), (&json!("Lights"), &json!("1250.00")));
    for field in ["person", "description", "lost_notes"] {
        assert_eq!(deal.get(field), None, "{field}");
    }
    let case = call(&session, "case.get", json!({"id": world.case}));
    assert_eq!((&case["subject"], &case["status_type"]), (&json!("[erased]"), &json!("resolved")));
    assert_eq!((case.get("requester"), case.get("resolution")), (None, None));
    let message = call(&session, "case_message.get", json!({"id": world.message}));
    assert_eq!((message.get("body"), message.get("author"), message.get("person")), (None, None, None));
    let made = call(&session, "call.get", json!({"id": world.call}));
    assert_eq!((&made["duration_seconds"], &made["subject"]), (&json!(77), &json!("[erased]")));
    assert_eq!((made.get("about"), made.get("phone")), (None, None));
    // An edit goes on from there.
    call(&session, "deal.patch", json!({"id": world.deal, "patch": {"next_step": "Ask the organisation"}}));

    for (record_type, id) in [
        ("person", world.ada),
        ("note", world.note),
        ("note", world.bin_note),
        ("attachment", world.file),
        ("household", world.household),
    ] {
        let gone = session.call(&format!("{record_type}.get"), json!({"id": id})).unwrap_err();
        assert_eq!(gone.code(), "record.not_found", "{record_type}");
        let restored = session.call(&format!("{record_type}.restore"), json!({"id": id})).unwrap_err();
        assert_eq!(restored.code(), "record.erased", "{record_type}");
        for entry in session.records(record_type).set_history(id) {
            assert!(entry.erased || entry.changes.is_empty(), "{entry:?}");
        }
    }
    let again = session.call("person.create", json!({"id": world.ada, "family_name": "Again"}));
    assert_eq!(again.unwrap_err().code(), "record.erased", "an old export does not bring her back");
    let unknown = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap_err();
    assert_eq!(unknown.code(), "record.not_found");
    let found = call(&session, "search.run", json!({"text": "zqfamilyxw"}));
    assert_eq!(found, json!([]));
}

/// The history of a record that is gone, from the journal.
trait History {
    fn set_history(&self, id: crm_core::RecordId) -> Vec<crm_core::journal::entry::Entry>;
}

impl History for crm_core::record::JsonRecords<'_> {
    fn set_history(&self, id: crm_core::RecordId) -> Vec<crm_core::journal::entry::Entry> {
        self.history(id, None, 100).unwrap_or_default()
    }
}

#[test]
fn a_plan_is_what_is_done() {
    let crm = crate::engine_support::open(config().0);
    let session = session(&crm);
    let world = fill(&session);
    let (head, exported) = (session.journal().head().unwrap(), export(&session));
    let plan = session.erasure().plan(world.ada).unwrap();
    assert_eq!(session.journal().head().unwrap(), head, "a plan changes nothing");
    assert_eq!(export(&session), exported);
    let count = |store: Store, record_type: Option<&str>, outcome: Outcome| {
        let lines = plan.lines.iter().filter(|line| {
            (line.store, line.record_type.as_deref(), line.outcome) == (store, record_type, outcome)
        });
        lines.map(|line| line.count).sum::<u64>()
    };
    for (record_type, outcome, expected) in [
        ("person", Outcome::Erased, 1),
        ("household", Outcome::Erased, 1),
        ("affiliation", Outcome::Erased, 1),
        ("data_subject", Outcome::Erased, 1),
        ("restriction", Outcome::Erased, 1),
        ("legal_hold", Outcome::Erased, 1),
        ("relationship", Outcome::Erased, 1),
        ("meeting_attendee", Outcome::Erased, 1),
        ("note", Outcome::Erased, 2),
        ("reminder", Outcome::Erased, 1),
        ("attachment", Outcome::Erased, 1),
        ("deal_contact", Outcome::Erased, 1),
        ("task", Outcome::Anonymised, 1),
        ("meeting", Outcome::Anonymised, 1),
        ("call", Outcome::Anonymised, 1),
        ("deal", Outcome::Anonymised, 1),
        ("case", Outcome::Anonymised, 1),
        ("case_message", Outcome::Anonymised, 1),
        ("x_visit", Outcome::Anonymised, 1),
    ] {
        assert_eq!(count(Store::Records, Some(record_type), outcome), expected, "{record_type}");
    }
    assert_eq!(count(Store::Bin, Some("note"), Outcome::Erased), 1);
    assert_eq!(count(Store::Attachments, None, Outcome::Erased), 2, "pieces of 64 KiB");
    assert_eq!(count(Store::ExternalKeys, None, Outcome::Erased), 1);
    // Ada, the household and the relationship have keys of their own; so has what named nobody.
    assert!(count(Store::SubjectKeys, None, Outcome::Erased) >= 3);
    assert!(count(Store::JournalSealed, None, Outcome::Erased) > 15);
    assert!(count(Store::ValueIndex, None, Outcome::Erased) >= 3);
    assert_eq!(count(Store::JournalPlain, None, Outcome::Review), 0, "ordinary fields name nobody");
    let text = serde_json::to_string(&plan).unwrap();
    for needle in needles() {
        assert!(!text.contains(needle), "{needle} in the plan");
    }
    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!(report.plan, plan);
}

#[test]
fn texts_about_others_are_queued_and_left_alone() {
    let crm = crate::engine_support::open(config().0);
    let session = session(&crm);
    let world = fill(&session);
    let works = call(&session, "organisation.list", json!({}))["records"][0]["id"].clone();
    let note = create(
        &session,
        "note",
        json!({
            "about": format!("organisation:{}", works.as_str().unwrap()), "body": "Met zqgivenxw zqfamilyxw there",
        }),
    );
    call(&session, "person.patch", json!({"id": world.bob, "patch": {"description": "Ring 030 / 555-019"}}));
    call(
        &session,
        "deal.patch",
        json!({"id": world.deal, "patch": {"next_step": "Mail zqmailbox@example.com"}}),
    );
    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    let found = call(&session, "erasure_review.list", json!({"sort": ["record"]}));
    let mut places: Vec<String> = found["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|review| format!("{} {} {}", review["record"], review["field"], review["hit"]).replace('"', ""))
        .collect();
    places.sort();
    let mut expected = vec![
        format!("deal:{} next_step email", world.deal),
        format!("note:{note} body full_name"),
        format!("person:{} description phone", world.bob),
    ];
    expected.sort();
    assert_eq!(places, expected);
    assert_eq!(report.plan.reviews.len(), 3);
    assert_eq!(report.verification, None, "her address is in the text of a deal, so the bytes prove nothing");
    let text = call(&session, "note.get", json!({"id": note}));
    assert_eq!(text["body"], "Met zqgivenxw zqfamilyxw there");
}

#[test]
fn a_household_of_others_is_reviewed_and_a_former_link_too() {
    let crm = crate::engine_support::open(config().0);
    let session = session(&crm);
    let world = fill(&session);
    call(&session, "person.patch", json!({"id": world.bob, "patch": {"household": world.household}}));
    call(&session, "deal.patch", json!({"id": world.deal, "patch": {"person": world.bob}}));
    let plan = session.erasure().plan(world.ada).unwrap();
    let whole: Vec<String> = plan
        .reviews
        .iter()
        .filter(|mention| mention.field.is_none())
        .map(|mention| format!("{} {}", mention.record, mention.hit.key()))
        .collect();
    assert_eq!(
        whole,
        [format!("household:{} household", world.household), format!("deal:{} formerly_linked", world.deal)]
    );
}

#[test]
fn a_hold_forbids_an_erasure_and_a_statute_keeps_what_it_names() {
    let (config, clock) = config();
    let folder = Folder::new("kept");
    let crm = Crm::open(folder.database(), config).unwrap();
    let session = session(&crm);
    let world = fill(&session);
    let hold = create(&session, "legal_hold", json!({"person": world.ada, "reason": "zqhold on all"}));
    assert!(session.erasure().plan(world.ada).unwrap().held);
    let before = session.journal().head().unwrap();
    let refused = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap_err();
    assert_eq!(refused.code(), "privacy.erasure.held");
    assert_eq!(session.journal().head().unwrap(), before);
    call(
        &session,
        "legal_hold.patch",
        json!({"id": hold, "patch": {"until": "2026-11-20", "from": "2026-11-01"}}),
    );

    create(
        &session,
        "retention_rule",
        json!({
            "name": "Offers are letters", "record_type": "deal", "trigger": "created_at",
            "statutory_class": "letter", "jurisdiction": "DE",
        }),
    );
    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!(report.erasure.state, ErasureState::Partial);
    assert_eq!(report.erasure.kept_until, crm_core::parse_date("2032-12-31").ok());
    let kept: Vec<_> = report.plan.lines.iter().filter(|line| line.outcome == Outcome::Kept).collect();
    let deal = kept.iter().find(|line| line.record_type.as_deref() == Some("deal")).unwrap();
    assert!(deal.source.as_ref().unwrap().contains("HGB § 257"), "{deal:?}");
    // The deal is as it was; of the person there is what identifies her, restricted.
    let stored = call(&session, "deal.get", json!({"id": world.deal}));
    assert_eq!((&stored["person"], &stored["description"]), (&json!(world.ada), &json!("zqdealdesc")));
    let person = call(&session, "person.get", json!({"id": world.ada}));
    assert_eq!(person["family_name"], "zqfamilyxw");
    assert_eq!((person.get("emails"), person.get("birth_date"), person.get("x_motto")), (None, None, None));
    let subject =
        call(&session, "data_subject.list", json!({"filter": format!("person = \"{}\"", world.ada)}));
    assert!(subject["records"][0]["restricted_since"].is_string(), "{subject}");
    assert!(session.journal().verify().unwrap().is_sound());
    assert_eq!(session.erasure().finish().unwrap().partial, 1, "it is not over yet");
    let still: Vec<String> = left(&folder.0);
    for gone in ["zqmailbox", "zqnoteabout", "zqmessage", "zqfilebytes", "zqdescription"] {
        assert!(!still.iter().any(|hit| hit.starts_with(gone)), "{gone}");
    }
    // The period ends, and with it the rest.
    clock.set("2033-01-01T10:00:00Z".parse().unwrap());
    let finished = session.erasure().finish().unwrap();
    assert_eq!((finished.finished.len(), finished.partial), (1, 0));
    assert_eq!(session.erasures().list(&Query::new()).unwrap().records[0].state, ErasureState::Completed);
    assert!(session.journal().verify().unwrap().is_sound());
    crm.close().unwrap();
    assert_eq!(left(&folder.0), Vec::<String>::new());
}

#[test]
fn a_statute_keeps_what_lies_in_the_bin_too() {
    let (config, clock) = config();
    let folder = Folder::new("kept-bin");
    let crm = Crm::open(folder.database(), config).unwrap();
    let session = session(&crm);
    let world = fill(&session);
    create(
        &session,
        "retention_rule",
        json!({
            "name": "Offers are letters", "record_type": "deal", "trigger": "stage_entered_at",
            "statutory_class": "letter", "jurisdiction": "DE",
        }),
    );
    call(&session, "deal.delete", json!({"id": world.deal}));
    call(
        &session,
        "legal_hold.delete",
        json!({
            "id": call(&session, "legal_hold.list", json!({}))["records"][0]["id"],
        }),
    );
    call(&session, "case.patch", json!({"id": world.case, "patch": {"requester": null}}));
    // The person goes into the bin herself.
    call(&session, "person.delete", json!({"id": world.ada}));
    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!(report.erasure.state, ErasureState::Partial);
    let kept =
        report.plan.lines.iter().find(|line| line.outcome == Outcome::Kept && line.store == Store::Bin);
    assert_eq!(kept.unwrap().record_type.as_deref(), Some("deal"));
    assert_eq!(session.call("person.restore", json!({"id": world.ada})).unwrap_err().code(), "record.erased");
    assert!(session.journal().verify().unwrap().is_sound());
    clock.set("2040-01-01T10:00:00Z".parse().unwrap());
    assert_eq!(session.erasure().finish().unwrap().finished.len(), 1);
    assert_eq!(session.call("deal.restore", json!({"id": world.deal})).unwrap_err().code(), "record.erased");
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn a_hold_on_a_record_keeps_it() {
    let crm = crate::engine_support::open(config().0);
    let session = session(&crm);
    let world = fill(&session);
    create(
        &session,
        "legal_hold",
        json!({
            "record": Reference::new("case", world.case).to_string(), "reason": "A suit", "until": "2027-06-30",
        }),
    );
    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!(report.erasure.state, ErasureState::Partial);
    let case = call(&session, "case.get", json!({"id": world.case}));
    assert_eq!(case["description"], "zqcasedesc");
    let history = session.cases().history(world.case, None, 10).unwrap();
    assert!(history.iter().all(|entry| !entry.erased), "its history is kept, too");
    let refused = session.call("case.delete", json!({"id": world.case})).unwrap_err();
    assert_eq!(refused.code(), "record.restricted", "what is held is not deleted either");
}

#[test]
fn with_an_open_reader_an_erasure_is_pending_until_it_is_finished() {
    let folder = Folder::new("reader");
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let session = session(&crm);
    let world = fill(&session);
    let reader = rusqlite_reader(&folder);
    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    assert_eq!(report.erasure.state, ErasureState::Pending);
    assert_eq!(report.waits_for, Some(WaitsFor::Reader));
    assert_eq!(report.erasure.finished_at, None);
    assert!(!left(&folder.0).is_empty(), "the bytes are still there, and it says so");
    let waiting = session.erasure().finish().unwrap();
    assert_eq!((waiting.pending, waiting.waits_for), (1, Some(WaitsFor::Reader)));
    drop(reader);
    let finished = session.erasure().finish().unwrap();
    assert_eq!((finished.finished.len(), finished.pending), (1, 0));
    let erasure = session.erasures().get(report.erasure.meta.id).unwrap();
    assert_eq!(erasure.state, ErasureState::Completed);
    assert!(erasure.finished_at.is_some());
    crm.close().unwrap();
    assert_eq!(left(&folder.0), Vec::<String>::new());
}

/// A connection of somebody else, in the middle of reading.
fn rusqlite_reader(folder: &Folder) -> rusqlite::Connection {
    let reader = rusqlite::Connection::open(folder.database()).unwrap();
    reader.execute_batch("BEGIN; SELECT COUNT(*) FROM person").unwrap();
    reader
}

#[test]
fn statistics_of_the_query_planner_forget() {
    let folder = Folder::new("statistics");
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let session = session(&crm);
    let world = fill(&session);
    crm.close().unwrap();
    let host = rusqlite::Connection::open(folder.database()).unwrap();
    host.execute_batch("ANALYZE").unwrap();
    let samples: i64 = host.query_row("SELECT COUNT(*) FROM sqlite_stat4", [], |row| row.get(0)).unwrap();
    assert!(samples > 0, "SQLite has samples");
    drop(host);
    let crm = Crm::open(folder.database(), config().0).unwrap();
    let session = crate::erasure_support::session(&crm);
    let report = session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    let line = report.plan.lines.iter().find(|line| line.store == Store::Statistics).unwrap();
    assert_eq!((line.outcome, i64::try_from(line.count).unwrap()), (Outcome::Erased, samples));
    crm.close().unwrap();
    assert_eq!(left(&folder.0), Vec::<String>::new());
}

#[test]
fn old_proofs_and_heads_hold_after_an_erasure() {
    let crm = crate::engine_support::open(config().0);
    let session = session(&crm);
    let world = fill(&session);
    let head = session.journal().head().unwrap();
    let proofs: Vec<(Hash, _)> =
        (0..head.size).map(|sequence| session.journal().inclusion_proof(sequence).unwrap()).collect();
    session.erasure().erase(world.ada, ErasureOptions::default()).unwrap();
    for (leaf, proof) in &proofs {
        proof.verify(leaf, &head).unwrap();
        let (now, _) = session.journal().inclusion_proof(proof.index).unwrap();
        assert_eq!(now, *leaf);
    }
    let now = session.journal().head().unwrap();
    session.journal().consistency_proof(head.size).unwrap().verify(&head, &now).unwrap();
}
