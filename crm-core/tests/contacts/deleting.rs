//! What happens to the rest when a contact is deleted, and that all of it can be taken back.

use crate::contacts_support::*;
use crm_core::Reference;
use crm_core::contacts::{Affiliation, Household, Relationship};
use serde_json::json;

#[test]
fn an_organisation_goes_and_comes_back() {
    let session = open();
    let top = organisation(&session, "Top", None);
    let works = organisation(&session, "Works", Some(top));
    let ada = person(&session, "Ada", "King");
    session.people().patch(ada, &json!({"organisation": works})).unwrap();
    let affiliation =
        Affiliation { person: ada, organisation: works, role: some("chair"), ..Affiliation::default() };
    let affiliation = session.affiliations().create(affiliation).unwrap().meta.id;
    let owns = kind(&session, "owner of", "owned by", false);
    let relationship = Relationship {
        kind: owns,
        first: Some(Reference::new("person", ada)),
        second: Some(Reference::new("organisation", works)),
        ..Relationship::default()
    };
    let relationship = session.relationships().create(relationship).unwrap().meta.id;

    let error = session.organisations().delete(top).unwrap_err();
    assert_eq!(
        (error.code(), error.details()["record_type"].as_str()),
        ("record.restricted", Some("organisation"))
    );
    let before = session.journal().head().unwrap().size;
    session.organisations().delete(works).unwrap();
    assert_eq!(
        session.people().get(ada).unwrap().organisation,
        None,
        "people stay, without the organisation"
    );
    assert!(session.affiliations().find(affiliation).unwrap().is_none());
    assert!(session.relationships().find(relationship).unwrap().is_none());
    assert_eq!(session.people().organisations(ada, None).unwrap(), []);
    session.organisations().delete(top).unwrap();

    // A parent that is gone cannot be linked to again.
    assert_eq!(refusal(session.organisations().restore(works)), refused("link.broken", "parent"));
    session.organisations().restore(top).unwrap();
    session.organisations().restore(works).unwrap();
    assert_eq!(session.affiliations().get(affiliation).unwrap().role.as_deref(), Some("chair"));
    assert_eq!(session.relationships().get(relationship).unwrap().kind, owns);
    let cleared = session.people().history(ada, None, 1).unwrap()[0].sequence;
    assert!(cleared >= before);
    session.journal().undo(cleared).unwrap();
    assert_eq!(session.people().get(ada).unwrap().organisation, Some(works));
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn a_person_takes_what_is_theirs_along() {
    let session = open();
    let (ada, eve) = (person(&session, "Ada", ""), person(&session, "Eve", ""));
    let works = organisation(&session, "Works", None);
    let home = Household { name: "Home".into(), ..Household::default() };
    let home = session.households().create(home).unwrap().meta.id;
    session.people().patch(ada, &json!({"household": home})).unwrap();
    let affiliation = Affiliation { person: ada, organisation: works, ..Affiliation::default() };
    let affiliation = session.affiliations().create(affiliation).unwrap().meta.id;
    let spouse = kind(&session, "spouse of", "", true);
    let [first, second] = [eve, ada].map(|id| Some(Reference::new("person", id)));
    let relationship = Relationship { kind: spouse, first, second, ..Relationship::default() };
    let relationship = session.relationships().create(relationship).unwrap().meta.id;

    session.people().delete(ada).unwrap();
    assert!(session.affiliations().find(affiliation).unwrap().is_none());
    assert!(session.relationships().find(relationship).unwrap().is_none());
    session.people().restore(ada).unwrap();
    assert!(session.affiliations().find(affiliation).unwrap().is_some());
    assert!(session.relationships().find(relationship).unwrap().is_some());

    session.households().delete(home).unwrap();
    assert_eq!(session.people().get(ada).unwrap().household, None);
}

#[test]
fn every_change_can_be_undone() {
    let session = open();
    let works = organisation(&session, "Works", None);
    let top = organisation(&session, "Top", None);
    let ada = person(&session, "Ada", "King");
    let affiliation = Affiliation { person: ada, organisation: works, ..Affiliation::default() };
    let affiliation = session.affiliations().create(affiliation).unwrap();
    let colleague = kind(&session, "colleague of", "", true);
    session.organisations().patch(works, &json!({"parent": top, "tags": ["vip"]})).unwrap();
    session.affiliations().patch(affiliation.meta.id, &json!({"end_date": "2026-01-31"})).unwrap();
    session.relationship_types().patch(colleague, &json!({"name": "works with"})).unwrap();
    session
        .people()
        .patch(ada, &json!({"language": "EN-gb", "emails": [{"address": "a@b.example"}]}))
        .unwrap();

    let last = session.journal().head().unwrap().size;
    let state = || {
        (
            session.organisations().get(works).unwrap().parent,
            session.affiliations().get(affiliation.meta.id).unwrap().end_date,
            session.relationship_types().get(colleague).unwrap().inverse_name,
            session.people().get(ada).unwrap().emails.len(),
        )
    };
    assert_eq!(state(), (Some(top), day("2026-01-31"), "works with".into(), 1));
    for sequence in (last - 4..last).rev() {
        session.journal().undo(sequence).unwrap();
    }
    assert_eq!(state(), (None, None, "colleague of".into(), 0));
    for sequence in (0..last - 4).rev() {
        session.journal().undo(sequence).unwrap();
    }
    assert!(session.people().find(ada).unwrap().is_none());
    assert!(session.organisations().find(works).unwrap().is_none());
    assert!(session.journal().verify().unwrap().is_sound());
}
