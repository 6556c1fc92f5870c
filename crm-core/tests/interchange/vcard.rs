//! vCards into the database and out again: every property is there with its value.

use std::path::{Path, PathBuf};

use crm_core::interchange::vcard::{OutputVersion, VCard, read};
use crm_core::interchange::{ImportOptions, VcardOptions};
use crm_core::record::query::Query;
use crm_core::{Actor, Config, ManualClock, Purpose, RecordId, SeededRandom, Session};
use serde_json::json;

fn open() -> Session {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let crm = crate::engine_support::open(Config::default().clock(clock).random(SeededRandom::new([1; 32])));
    crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap()
}

fn files() -> Vec<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        own.join("tests/fixtures/vcards"),
        own.join("../examples/data"),
        own.join("../../shared/data/vcards"),
    ];
    let mut found: Vec<PathBuf> = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "vcf"))
        .collect();
    found.sort();
    found
}

fn import(session: &Session, bytes: &[u8]) -> crm_core::interchange::ImportReport {
    session.imports().vcards(bytes, &VcardOptions::default(), ImportOptions::default()).unwrap()
}

/// The identifiers of all people and firms with a card, in the order of creation.
fn contacts(session: &Session) -> Vec<RecordId> {
    let all = Query::new().limit(1000);
    let people = session.people().list(&all).unwrap().records.into_iter().map(|person| person.meta.id);
    let firms = session.organisations().list(&all).unwrap().records.into_iter().map(|firm| firm.meta.id);
    people.chain(firms).collect()
}

fn exported(session: &Session, version: OutputVersion) -> Vec<VCard> {
    let mut out = Vec::new();
    session.exports().vcards(&mut out, &contacts(session), version).unwrap();
    read(&out).map(|card| card.unwrap().card).collect()
}

fn has(cards: &[VCard], name: &str, value: &str) -> bool {
    cards
        .iter()
        .flat_map(|card| &card.properties)
        .any(|property| property.is(name) && property.value == value)
}

#[test]
fn every_property_comes_out_again() {
    let files = files();
    assert!(files.len() >= 6, "{files:?}");
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let session = open();
        let report = import(&session, &bytes);
        let bad = read(&bytes).filter(Result::is_err).count() as u64;
        assert_eq!(report.total.rejected, bad, "{}: {report}", file.display());
        for version in [OutputVersion::V4_0, OutputVersion::V3_0] {
            let cards = exported(&session, version);
            for card in read(&bytes).filter_map(Result::ok) {
                let through = card.card.converted(OutputVersion::V4_0).converted(version);
                // A conversion adds an empty name where the target demands one.
                for property in
                    through.properties.iter().filter(|property| !property.value.trim_matches(';').is_empty())
                {
                    assert!(
                        has(&cards, &property.name, &property.value),
                        "{} {version:?}: {}:{}",
                        file.display(),
                        property.name,
                        property.value
                    );
                }
            }
        }
        // The same file again finds the cards that have a UID by it and changes nothing.
        let again = import(&session, &bytes);
        assert_eq!(again.total.updated, 0, "{}", file.display());
    }
}

#[test]
fn a_card_fills_the_fields_and_a_change_wins_over_what_was_kept() {
    let session = open();
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u1\r\nFN:Dr. Ada Lovelace\r\nN:Lovelace;Ada;;Dr.;\r\n\
        ORG:Engines;Research\r\nTITLE:Analyst\r\nitem1.TEL;TYPE=CELL,pref:+49 30 23125 901\r\nitem1.X-ABLabel:Boat\r\n\
        TEL:call me\r\nEMAIL;TYPE=INTERNET,HOME:ada@example.com\r\nBDAY:1815-12-10\r\nCATEGORIES:a,b\r\n\
        ADR;TYPE=WORK:;;Weg 1;Wien;;1010;Atlantis\r\nX-UNKNOWN;X-P=1:kept\r\nEND:VCARD\r\n";
    let report = import(&session, card.as_bytes());
    assert_eq!(report.total.created, 1, "{report}");
    let person = session.people().list(&Query::new()).unwrap().records.remove(0);
    assert_eq!(
        (person.family_name.as_deref(), person.salutation.as_deref()),
        (Some("Lovelace"), Some("Dr."))
    );
    assert_eq!(person.department.as_deref(), Some("Research"));
    assert_eq!(person.phones.len(), 1, "what is no number is kept, but not as one");
    assert_eq!(person.phones[0].kind.key(), "mobile");
    assert_eq!(person.emails[0].kind.key(), "home");
    assert_eq!(person.addresses[0].locality, "Wien");
    assert_eq!(person.tags, ["a", "b"]);
    assert_eq!(session.organisations().list(&Query::new()).unwrap().records[0].name, "Engines");

    session.people().patch(person.meta.id, &json!({"emails": [], "job_title": "Countess"})).unwrap();
    let cards = exported(&session, OutputVersion::V4_0);
    assert!(has(&cards, "TITLE", "Countess") && !has(&cards, "TITLE", "Analyst"));
    assert!(cards[0].first("EMAIL").is_none(), "what was removed does not come back");
    assert!(
        has(&cards, "X-UNKNOWN", "kept") && has(&cards, "X-ABLabel", "Boat") && has(&cards, "TEL", "call me")
    );
    session.imports().undo(report.job).unwrap();
    assert!(contacts(&session).is_empty());
}

#[test]
fn a_broken_card_is_listed_and_the_rest_is_taken() {
    let session = open();
    let file = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A B\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:9\r\nFN:C\r\nEND:VCARD\r\n\
        BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:org\r\nFN:Firm\r\nEND:VCARD\r\n";
    let report = import(&session, file.as_bytes());
    assert_eq!((report.total.created, report.total.rejected), (2, 1));
    assert_eq!((report.rejects[0].row, report.rejects[0].code.as_str()), (2, "vcard.version"));
    session.imports().undo(report.job).unwrap();
    assert!(contacts(&session).is_empty());
}
