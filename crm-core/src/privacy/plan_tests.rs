//! What a permit reads is served by an index, one statement each.

use super::consent::{ConsentEvent, ConsentStatements};
use super::permits::statements;
use super::standing;
use super::subjects::addresses::SHARING;
use super::suppression::{OF_ADDRESS, registers};
use crate::record::Record;
use crate::record::door::{Reader, read};
use crate::storage::{Param, ReadMode};
use crate::{Actor, Config, Crm, Purpose, RecordId};

#[test]
fn every_statement_is_served_by_an_index() {
    let crm = Crm::memory(Config::default()).unwrap();
    let session = crm.session(Actor::System, Purpose::DirectMarketing).unwrap();
    let id = Param::Id(RecordId::from_bytes([1; 16]));
    let text = Param::Text("0123456789abcdef0123456789abcdef");
    let check = |reader: &Reader<'_>, sql: &str, parameters: &[Param<'_>], index: &str| {
        let plan = reader.connection.explain(sql, parameters).unwrap();
        let scans = plan.iter().any(|step| step.starts_with("SCAN") && step != "SCAN CONSTANT ROW");
        assert!(!scans && plan.iter().any(|step| step.contains(index)), "{sql}\n{plan:#?}");
    };
    let of = |table: &str, condition: &str| format!("SELECT t.\"id\" FROM {table} AS t WHERE {condition}");
    read(&session, ReadMode::Snapshot, |reader| {
        check(reader, ConsentStatements::STANDING, &[id], "PRIMARY KEY (holder=?)");
        check(reader, ConsentStatements::WITH_ADDRESS, &[text], "crm_standing_address");
        check(reader, &of(ConsentEvent::NAME, "t.person = ?1"), &[id], "consent_event.person");
        check(
            reader,
            &of(ConsentEvent::NAME, "t.address_hash = ?1 AND t.person IS NULL"),
            &[text],
            "consent_event.address_hash",
        );
        check(reader, &of(ConsentEvent::NAME, "t.event_key = ?1"), &[text], "consent_event.event_key");
        check(reader, &of(ConsentEvent::NAME, "t.token_hash = ?1"), &[text], "consent_event.token_hash");
        check(reader, &of(ConsentEvent::NAME, "t.confirms = ?1"), &[id], "consent_event.confirms");
        check(reader, &of("suppression", OF_ADDRESS), &[text], "suppression.address_hash");
        for index in ["processing_basis.person.purpose", "relationship_event.person", "objection.person"] {
            check(reader, statements::OF_PERSON, &[id], index);
        }
        check(reader, statements::BASES_OF_ALL, &[], "processing_basis.person.purpose");
        for index in ["person.id", "SEARCH s USING PRIMARY KEY (holder=?)"] {
            check(reader, statements::PERSON, &[id], index);
        }
        check(reader, statements::SUBJECT, &[id], "data_subject.person");
        check(reader, statements::KEY, &[id], "PRIMARY KEY (subject=?)");
        for index in [
            "data_subject.person",
            "objection.person",
            "relationship_event.person",
            "processing_basis.person.purpose",
            "suppression.address_hash",
            "contact_permit.address_hash",
            "person.id",
        ] {
            check(reader, standing::ON_FILE, &[id, text], index);
        }
        check(reader, statements::PERSON_OF_ROW, &[Param::Integer(1)], "SEARCH p USING INTEGER PRIMARY KEY");
        for index in ["suppression.address_hash", "contact_permit.address_hash"] {
            check(reader, statements::OF_ADDRESS, &[text, text, id], index);
        }
        check(
            reader,
            &of("register_snapshot", registers::LATEST),
            &[text],
            "register_snapshot.registry.fetched_at",
        );
        check(reader, registers::ENTRY, &[id, text], "PRIMARY KEY (snapshot=? AND address=?)");
        check(
            reader,
            SHARING,
            &[Param::Integer(1), text, Param::Integer(9)],
            "PRIMARY KEY (field=? AND value=?)",
        );
        Ok(())
    })
    .unwrap();
}
