//! What makes contacts valid.

use crate::contacts_support::*;
use crm_core::Reference;
use crm_core::contacts::{Affiliation, ContactKind, Person, Relationship, RelationshipType};
use crm_core::contacts::{Email, Phone, PostalAddress, Profile};
use serde_json::json;

#[test]
fn a_person_has_a_name_and_a_language() {
    let session = open();
    let check = |given: &str, family: &str, language: &str, expected: Result<(&str, &str), (&str, &str)>| {
        let person = Person {
            given_name: some(given),
            family_name: some(family),
            language: some(language),
            ..Person::default()
        };
        let found = session
            .people()
            .create(person)
            .map(|person| (person.display_name(), person.language.unwrap_or_default()));
        match (found, expected) {
            (Ok(found), Ok((name, language))) => assert_eq!(found, (name.to_owned(), language.to_owned())),
            (Err(error), Err(expected)) => {
                assert_eq!((error.code(), error.path().unwrap_or_default()), expected);
            }
            (found, expected) => panic!("{found:?} is not {expected:?}"),
        }
    };
    check("Ada", "", "", Ok(("Ada", "")));
    check("", "Lovelace", "EN-gb", Ok(("Lovelace", "en-GB")));
    check(" Ada   Maria ", "de\u{a0}la Cruz", "zh_hant_tw", Ok(("Ada Maria de la Cruz", "zh-Hant-TW")));
    check("", "", "", Err(("person.name_missing", "family_name")));
    check("  ", "\t", "", Err(("person.name_missing", "family_name")));
    check("Ada", "", "English, please", Err(("person.language", "language")));

    let ada = person(&session, "Ada", "");
    let error = session.people().patch(ada, &json!({"given_name": null}));
    assert_eq!(refusal(error), refused("person.name_missing", "family_name"));
    // Undo cannot leave a person nameless, either.
    session.people().patch(ada, &json!({"family_name": "King"})).unwrap();
    session.people().patch(ada, &json!({"given_name": null})).unwrap();
    let history = session.people().history(ada, None, 10).unwrap();
    assert_eq!(
        refusal(session.journal().undo(history[1].sequence)),
        refused("person.name_missing", "family_name")
    );
    session.journal().undo(history[0].sequence).unwrap();
    assert_eq!(session.people().get(ada).unwrap().display_name(), "Ada King");
}

#[test]
fn contact_points_take_their_normal_form() {
    let session = open();
    let ada = Person {
        given_name: some("Ada"),
        emails: vec![
            Email { invalid: true, ..Email::work("Ada King <ADA@Example.COM>") },
            Email { primary: true, verified: true, ..Email::home("ada@example.org") },
        ],
        phones: vec![Phone::work("(030) 231 25-123 ext. 7"), Phone::mobile("+44 7700 900541")],
        addresses: vec![
            PostalAddress {
                street: "Am Sandtorkai 912".into(),
                postal_code: "d-20457".into(),
                locality: "Hamburg".into(),
                country: "Germany".into(),
                verified: true,
                ..PostalAddress::default()
            },
            PostalAddress::default(),
        ],
        profiles: vec![Profile { address: "example.com/ada".into(), ..Profile::default() }],
        ..Person::default()
    };
    let ada = session.people().create(ada).unwrap();
    assert_eq!(ada.emails[0].address, "ADA@example.com");
    assert_eq!(ada.primary_email().unwrap().address, "ada@example.org");
    assert_eq!(ada.primary_phone().unwrap().number, "+493023125123");
    assert_eq!(ada.phones[0].extension.as_deref(), Some("7"));
    let format = crm_core::PhoneFormat::International;
    assert_eq!(ada.phones[0].formatted(format), "+49 30 23125123 ext. 7");
    assert!(ada.phones[0].is_assigned());
    assert!(!ada.phones[1].is_assigned(), "a number for films is taken all the same");
    assert_eq!(ada.addresses.len(), 1, "an empty address is none");
    assert_eq!((ada.addresses[0].country.as_str(), ada.addresses[0].postal_code.as_str()), ("DE", "20457"));
    assert!(ada.addresses[0].primary);
    assert!(ada.profiles[0].address.starts_with("https://example.com/ada"));

    let check = |patch: serde_json::Value, code: &str, path: &str| {
        assert_eq!(refusal(session.people().patch(ada.meta.id, &patch)), refused(code, path), "{patch}");
    };
    check(
        json!({"emails": [{"address": "a@b.example"}, {"address": "nobody"}]}),
        "email.no_at",
        "emails[1].address",
    );
    check(
        json!({"emails": [{"address": "a@b.example"}, {"address": "A@b.example"}]}),
        "parts.twice",
        "emails[1].address",
    );
    check(json!({"phones": [{"number": "12"}]}), "phone.invalid", "phones[0].number");
    check(json!({"addresses": [{"country": "Atlantis"}]}), "country.unknown", "addresses[0].country");
    check(json!({"profiles": [{"address": " "}]}), "field.required", "profiles[0].address");
}

#[test]
fn a_hierarchy_is_a_tree() {
    let session = open();
    let top = organisation(&session, "Top", None);
    let middle = organisation(&session, "Middle", Some(top));
    let low = organisation(&session, "Low", Some(middle));
    let move_to = |id, parent| session.organisations().patch(id, &json!({"parent": parent}));
    for (id, parent) in [(top, top), (top, middle), (top, low), (middle, low)] {
        assert_eq!(refusal(move_to(id, parent)), refused("organisation.parent.cycle", "parent"));
    }
    assert_eq!(refusal(move_to(low, top)), None);
    assert_eq!(refusal(move_to(middle, low)), None, "what was moved away may stand above");
    // Undoing the first move would close a ring now.
    let history = session.organisations().history(low, None, 10).unwrap();
    let undone = session.journal().undo(history[0].sequence);
    assert_eq!(refusal(undone), refused("organisation.parent.cycle", "parent"));

    let mut deep = vec![top];
    for level in 1..64 {
        deep.push(organisation(&session, &format!("Level {level}"), deep.last().copied()));
    }
    let extra = crm_core::contacts::Organisation {
        name: "Extra".into(),
        parent: deep.last().copied(),
        ..Default::default()
    };
    assert_eq!(
        refusal(session.organisations().create(extra)),
        refused("organisation.parent.too_deep", "parent")
    );
    let above = organisation(&session, "Above", None);
    assert_eq!(refusal(move_to(top, above)), refused("organisation.parent.too_deep", "parent"));
    assert_eq!(session.organisations().ancestors(deep[63]).unwrap().len(), 63);
    assert_eq!(session.organisations().descendants(top, 100).unwrap().len(), 65);
}

#[test]
fn affiliations_do_not_overlap() {
    let session = open();
    let (ada, works) = (person(&session, "Ada", "King"), organisation(&session, "Works", None));
    let board = organisation(&session, "Board", None);
    let create = |organisation, role: &str, start: &str, end: &str| {
        session.affiliations().create(Affiliation {
            person: ada,
            organisation,
            role: some(role),
            start_date: day(start),
            end_date: day(end),
            ..Affiliation::default()
        })
    };
    let overlap = refused("affiliation.overlap", "start_date");
    for (organisation, role, start, end, expected) in [
        (works, "adviser", "2020-01-01", "2020-12-31", None),
        (works, "adviser", "2021-01-01", "", None),
        (works, "Adviser", "2022-01-01", "2022-02-01", overlap.clone()),
        (works, "adviser", "", "2019-12-31", None),
        (works, "adviser", "", "", overlap.clone()),
        (works, "member", "2020-01-01", "", None),
        (works, "", "2020-01-01", "", None),
        (works, "", "", "", overlap),
        (board, "adviser", "2020-01-01", "", None),
        (board, "guest", "2020-01-02", "2020-01-01", refused("affiliation.dates", "end_date")),
    ] {
        assert_eq!(refusal(create(organisation, role, start, end)), expected, "{role} {start} {end}");
    }
    // What was deleted comes back only while its time is still free.
    let first = create(board, "chair", "2024-01-01", "").unwrap();
    session.affiliations().delete(first.meta.id).unwrap();
    let second = create(board, "chair", "2024-06-01", "").unwrap();
    let restored = session.affiliations().restore(first.meta.id);
    assert_eq!(refusal(restored), refused("affiliation.overlap", "start_date"));
    session.affiliations().delete(second.meta.id).unwrap();
    session.affiliations().restore(first.meta.id).unwrap();
}

#[test]
fn relationships_fit_their_kind() {
    let session = open();
    let (ada, eve) = (person(&session, "Ada", "King"), person(&session, "Eve", "Stone"));
    let works = organisation(&session, "Works", None);
    let [ada, eve] = [ada, eve].map(|id| Reference::new("person", id));
    let works = Reference::new("organisation", works);
    let spouse = kind(&session, "spouse of", "", true);
    let manager = kind(&session, "manager of", "reports to", false);
    let owner = RelationshipType {
        name: "owner of".into(),
        inverse_name: "owned by".into(),
        first_kind: ContactKind::Person,
        second_kind: ContactKind::Organisation,
        allow_self: true,
        ..RelationshipType::default()
    };
    let owner = session.relationship_types().create(owner).unwrap().meta.id.into();
    let create = |kind, first: &Reference, second: &Reference, start: &str, end: &str| {
        session.relationships().create(Relationship {
            kind,
            first: Some(first.clone()),
            second: Some(second.clone()),
            start_date: day(start),
            end_date: day(end),
            ..Relationship::default()
        })
    };
    let duplicate = refused("relationship.duplicate", "second");
    for (kind, first, second, start, end, expected) in [
        (spouse, &ada, &eve, "2010-01-01", "2015-12-31", None),
        (spouse, &ada, &eve, "2012-01-01", "", duplicate.clone()),
        (spouse, &eve, &ada, "2012-01-01", "", duplicate.clone()),
        (spouse, &eve, &ada, "2020-01-01", "", None),
        (spouse, &ada, &ada, "", "", refused("relationship.self", "second")),
        (manager, &ada, &eve, "", "", None),
        (manager, &eve, &ada, "", "", None),
        (manager, &ada, &eve, "2020-01-01", "", duplicate),
        (manager, &ada, &eve, "2020-01-02", "2020-01-01", refused("relationship.dates", "end_date")),
        (owner, &ada, &works, "", "", None),
        (owner, &works, &ada, "", "", refused("relationship.end", "first")),
        (owner, &ada, &eve, "", "", refused("relationship.end", "second")),
        (
            manager,
            &Reference::new("relationship_type", spouse),
            &eve,
            "",
            "",
            refused("relationship.end", "first"),
        ),
    ] {
        let found = refusal(create(kind, first, second, start, end));
        assert_eq!(found, expected, "{first} {second} {start} {end}");
    }

    let patch = |id, patch: serde_json::Value| refusal(session.relationship_types().patch(id, &patch));
    assert_eq!(patch(spouse, json!({"name": "married to"})), None);
    assert_eq!(session.relationship_types().get(spouse).unwrap().inverse_name, "married to");
    assert_eq!(
        patch(spouse, json!({"inverse_name": "wife of"})),
        refused("relationship_type.symmetric_name", "inverse_name")
    );
    assert_eq!(
        patch(spouse, json!({"first_kind": "person"})),
        refused("relationship_type.symmetric_ends", "second_kind")
    );
    assert_eq!(patch(spouse, json!({"first_kind": "person", "second_kind": "person"})), None);
    assert_eq!(
        patch(manager, json!({"symmetric": true, "inverse_name": null})),
        refused("relationship_type.in_use", "symmetric")
    );
    assert_eq!(
        patch(owner, json!({"first_kind": "organisation"})),
        refused("relationship_type.in_use", "first_kind")
    );
    assert_eq!(patch(owner, json!({"first_kind": "any", "allow_self": false})), None);
    let restricted = session.relationship_types().delete(spouse);
    assert_eq!(refusal(restricted), refused("record.restricted", "id"));
    let nameless = RelationshipType { name: "one way".into(), ..RelationshipType::default() };
    let refusal = refusal(session.relationship_types().create(nameless));
    assert_eq!(refusal, refused("field.required", "inverse_name"));
}
