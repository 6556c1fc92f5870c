//! Cards, suggestions, hierarchies, members, relationships, tags: what contacts give beyond plain records.

use crate::contacts_support::*;
use crm_core::access::AccessPolicy;
use crm_core::contacts::{
    Affiliation, Email, Household, Organisation, Person, PersonCard, Phone, Relationship,
};
use crm_core::record::RecordType;
use crm_core::record::filter::{Filter, field};
use crm_core::session::Viewer;
use crm_core::{Actor, ManualClock, Purpose, RecordId, Reference, Session};
use serde_json::json;

/// Hides everything whose source is `hidden`.
struct Hiding;

impl AccessPolicy for Hiding {
    fn predicate(&self, _viewer: &Viewer, record_type: &RecordType) -> Option<Filter> {
        record_type.field("source")?;
        Some(field("source").is_null().or(field("source").differs("hidden")))
    }
}

fn hiding() -> Session {
    let crm = crate::engine_support::open(config().access(Hiding));
    crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap()
}

fn hide(session: &Session, organisation: RecordId) {
    session.organisations().patch(organisation, &json!({"source": "hidden"})).unwrap();
}

#[test]
fn a_card_has_what_is_shown_first() {
    for session in [open(), hiding()] {
        let works = organisation(&session, "Works", None);
        let ada = Person {
            salutation: some("Dr."),
            given_name: some("Ada"),
            family_name: some("King"),
            organisation: Some(works),
            job_title: some("Analyst"),
            emails: vec![
                Email { primary: true, invalid: true, ..Email::work("old@example.com") },
                Email::work("ada\"quoted\"@example.com".replace("\"quoted\"", "+new")),
            ],
            phones: vec![
                Phone::work("030 23125123"),
                Phone { primary: true, ..Phone::mobile("0171 3920097") },
            ],
            ..Person::default()
        };
        let ada = session.people().create(ada).unwrap().meta.id;
        let card = session.people().card(ada).unwrap();
        assert_eq!(
            serde_json::to_value(&card).unwrap(),
            json!({
                "id": ada, "name": "Ada King", "organisation": {"id": works, "name": "Works"},
                "job_title": "Analyst", "email": "ada+new@example.com", "phone": "+491713920097", "redactions": [],
            })
        );
        session
            .snapshot(|snapshot| {
                assert_eq!(snapshot.people().card(ada)?, card);
                Ok(())
            })
            .unwrap();
        session
            .transaction(|transaction| {
                transaction.people().patch(ada, &json!({"job_title": null}))?;
                assert_eq!(transaction.people().card(ada)?.job_title, None);
                Ok(())
            })
            .unwrap();
        let plain = person(&session, "Eve", "");
        let expected = PersonCard { id: plain, name: "Eve".into(), ..PersonCard::default() };
        assert_eq!(session.people().card(plain).unwrap(), expected);
        assert_eq!(refusal(session.people().card(RecordId::NIL)), refused("record.not_found", "id"));
    }
    let session = hiding();
    let works = organisation(&session, "Works", None);
    let ada = Person { given_name: some("Ada"), organisation: Some(works), ..Person::default() };
    let ada = session.people().create(ada).unwrap().meta.id;
    hide(&session, works.into());
    assert_eq!(session.people().card(ada).unwrap().organisation, None);
    session.people().patch(ada, &json!({"source": "hidden"})).unwrap();
    assert_eq!(refusal(session.people().card(ada)), refused("record.not_found", "id"));
}

#[test]
fn names_are_suggested_by_their_beginning() {
    for session in [open(), hiding()] {
        let works = organisation(&session, "Öresund Works", None);
        organisation(&session, "Oregon Lights", Some(works));
        for (given, family) in [("Ada", "Ørsted"), ("Bea", "Orban"), ("Cleo", "Müller"), ("Dan", "Muller")]
        {
            let person = Person {
                given_name: some(given),
                family_name: some(family),
                organisation: Some(works),
                ..Person::default()
            };
            session.people().create(person).unwrap();
        }
        for (prefix, limit, expected) in [
            ("OR", 10, vec!["Bea Orban", "Ada Ørsted"]),
            ("mül", 10, vec!["Cleo Müller", "Dan Muller"]),
            ("muller d", 10, vec!["Dan Muller"]),
            ("", 3, vec!["Cleo Müller", "Dan Muller", "Bea Orban"]),
            ("x", 10, vec![]),
            ("%", 10, vec![]),
        ] {
            let found = session.people().suggest(prefix, limit).unwrap();
            assert!(found.iter().all(|one| one.organisation.as_deref() == Some("Öresund Works")));
            assert_eq!(found.into_iter().map(|one| one.name).collect::<Vec<_>>(), expected, "{prefix}");
        }
        let found = session.organisations().suggest("ore", 50).unwrap();
        let found: Vec<_> =
            found.iter().map(|one| (one.name.as_str(), one.organisation.as_deref())).collect();
        assert_eq!(found, [("Oregon Lights", Some("Öresund Works")), ("Öresund Works", None)]);
        for limit in [0, 51] {
            assert_eq!(refusal(session.people().suggest("a", limit)), refused("search.limit", "limit"));
        }
        let hidden = session.people().suggest("orban", 1).unwrap()[0].id;
        session.people().patch(hidden, &json!({"source": "hidden"})).unwrap();
    }
    let session = hiding();
    let works = organisation(&session, "Works", None);
    let ada = Person { given_name: some("Ada"), organisation: Some(works), ..Person::default() };
    session.people().create(ada).unwrap();
    let eve = Person { given_name: some("Adele"), source: some("hidden"), ..Person::default() };
    session.people().create(eve).unwrap();
    hide(&session, works.into());
    let found = session.people().suggest("a", 10).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].organisation, None);
}

#[test]
fn hierarchies_are_walked_both_ways() {
    let session = hiding();
    let top = organisation(&session, "Top", None);
    let [b, a] = ["B", "A"].map(|name| organisation(&session, name, Some(top)));
    let low = organisation(&session, "Low", Some(a));
    let lowest = organisation(&session, "Lowest", Some(low));
    let walk = |entries: Vec<crm_core::contacts::HierarchyEntry>| {
        entries.into_iter().map(|entry| (entry.name, entry.level)).collect::<Vec<_>>()
    };
    let named = |names: &[(&str, u32)]| names.iter().map(|(n, l)| ((*n).to_owned(), *l)).collect::<Vec<_>>();
    let organisations = session.organisations();
    assert_eq!(walk(organisations.ancestors(lowest).unwrap()), named(&[("Low", 1), ("A", 2), ("Top", 3)]));
    assert_eq!(walk(organisations.ancestors(top).unwrap()), []);
    assert_eq!(walk(organisations.descendants(top, 2).unwrap()), named(&[("A", 1), ("B", 1), ("Low", 2)]));
    assert_eq!(walk(organisations.descendants(top, 0).unwrap()), []);
    assert_eq!(organisations.descendants(b, 9).unwrap(), []);
    hide(&session, a.into());
    let found = organisations.descendants(top, 9).unwrap();
    assert_eq!(found.iter().find(|entry| entry.id == low).unwrap().parent, None);
    assert_eq!(walk(found), named(&[("B", 1), ("Low", 2), ("Lowest", 3)]));
    assert_eq!(refusal(organisations.descendants(a, 9)), refused("record.not_found", "id"));
}

#[test]
fn people_belong_to_several_organisations() {
    let session = open();
    let (works, board) = (organisation(&session, "Works", None), organisation(&session, "Board", None));
    let ids: Vec<_> = ["Ada", "Bea", "Cleo"].map(|name| person(&session, name, "")).into();
    for id in &ids[..2] {
        session.people().patch(*id, &json!({"organisation": works, "job_title": "Analyst"})).unwrap();
    }
    for (person, organisation, role, start, end) in [
        (ids[2], works, "adviser", "2020-01-01", "2020-12-31"),
        (ids[2], works, "adviser", "2024-01-01", ""),
        (ids[0], board, "chair", "", ""),
    ] {
        let affiliation = Affiliation {
            person,
            organisation,
            role: some(role),
            start_date: day(start),
            end_date: day(end),
            ..Affiliation::default()
        };
        session.affiliations().create(affiliation).unwrap();
    }
    let people = |on: &str, limit: u32| {
        let mut names = Vec::new();
        let mut cursor = None;
        loop {
            let page = session.organisations().people(works, day(on), cursor.as_ref(), limit).unwrap();
            names.extend(
                page.members.into_iter().map(|one| format!("{} {}", one.name, one.role.unwrap_or_default())),
            );
            match page.next {
                Some(next) => cursor = Some(next),
                None => return names,
            }
        }
    };
    for limit in [1, 2, 3, 4, 5, 100] {
        assert_eq!(
            people("", limit),
            ["Ada Analyst", "Bea Analyst", "Cleo adviser", "Cleo adviser"],
            "{limit}"
        );
        assert_eq!(people("2022-01-01", limit), ["Ada Analyst", "Bea Analyst"], "{limit}");
        assert_eq!(people("2020-12-31", limit), ["Ada Analyst", "Bea Analyst", "Cleo adviser"], "{limit}");
    }
    let wrong = crm_core::record::query::Cursor::new("main:x");
    let error = session.organisations().people(works, None, Some(&wrong), 5);
    assert_eq!(refusal(error), refused("query.cursor", "cursor"));
    let of = |id, on: &str| {
        let found = session.people().organisations(id, day(on)).unwrap();
        found.into_iter().map(|one| (one.name, one.role, one.affiliation.is_some())).collect::<Vec<_>>()
    };
    let (works, board) = ("Works".to_owned(), "Board".to_owned());
    assert_eq!(of(ids[0], ""), [(works.clone(), some("Analyst"), false), (board, some("chair"), true)]);
    assert_eq!(of(ids[2], "2025-01-01"), [(works, some("adviser"), true)]);
    assert_eq!(of(ids[2], "2022-01-01"), []);

    let home = Household { name: "Home".into(), ..Household::default() };
    let home = session.households().create(home).unwrap().meta.id;
    for id in [ids[2], ids[0]] {
        session.people().patch(id, &json!({"household": home})).unwrap();
    }
    let members = session.households().members(home).unwrap();
    assert_eq!(members.into_iter().map(|one| one.name).collect::<Vec<_>>(), ["Ada", "Cleo"]);
}

#[test]
fn relationships_are_told_from_either_end() {
    let session = hiding();
    let (ada, eve) = (person(&session, "Ada", ""), person(&session, "Eve", ""));
    let works = organisation(&session, "Works", None);
    let [ada, eve] = [ada, eve].map(|id| Reference::new("person", id));
    let firm = Reference::new("organisation", works);
    let manager = kind(&session, "manager of", "reports to", false);
    let spouse = kind(&session, "spouse of", "", true);
    let customer = kind(&session, "customer of", "supplier of", false);
    for (kind, first, second, start, end) in [
        (manager, &ada, &eve, "2020-01-01", "2021-01-01"),
        (spouse, &eve, &ada, "", ""),
        (customer, &ada, &firm, "2024-01-01", ""),
    ] {
        let relationship = Relationship {
            kind,
            first: Some(first.clone()),
            second: Some(second.clone()),
            start_date: day(start),
            end_date: day(end),
            ..Relationship::default()
        };
        session.relationships().create(relationship).unwrap();
    }
    let of = |contact: &Reference, on: &str, limit: u32| {
        let mut found = Vec::new();
        let mut cursor = None;
        loop {
            let page = session.relationships().of(contact, day(on), cursor.as_ref(), limit).unwrap();
            found.extend(page.related.into_iter().map(|one| format!("{} {}", one.label, one.name)));
            match page.next {
                Some(next) => cursor = Some(next),
                None => return found,
            }
        }
    };
    for limit in [1, 2, 3, 10] {
        assert_eq!(of(&ada, "", limit), ["manager of Eve", "spouse of Eve", "customer of Works"], "{limit}");
        assert_eq!(of(&eve, "", limit), ["reports to Ada", "spouse of Ada"], "{limit}");
        assert_eq!(of(&eve, "2022-01-01", limit), ["spouse of Ada"], "{limit}");
        assert_eq!(of(&firm, "2023-12-31", limit), [""; 0], "{limit}");
        assert_eq!(of(&firm, "2024-01-01", limit), ["supplier of Ada"], "{limit}");
    }
    hide(&session, works.into());
    assert_eq!(of(&ada, "", 10), ["manager of Eve", "spouse of Eve"]);
    let hidden = session.relationships().of(&firm, None, None, 10);
    assert_eq!(refusal(hidden), refused("record.not_found", "id"));
}

#[test]
fn tags_are_counted_renamed_and_merged() {
    let session = hiding();
    let tagged = |tags: &[&str], source: &str| {
        let organisation = Organisation {
            name: "Works".into(),
            tags: tags.iter().map(ToString::to_string).collect(),
            source: some(source),
            ..Organisation::default()
        };
        session.organisations().create(organisation).unwrap().meta.id
    };
    let ids = [
        tagged(&["Customer", "Key account"], ""),
        tagged(&["customer", "VIP"], ""),
        tagged(&["vip", "key account", "Öl"], ""),
        tagged(&["vip"], "hidden"),
    ];
    let organisations = session.organisations();
    let tags = |after: Option<&str>, limit: u32| {
        let found = organisations.tags(after, limit).unwrap();
        found.into_iter().map(|one| format!("{} {}", one.tag, one.count)).collect::<Vec<_>>()
    };
    let all = ["Customer 2", "Key account 2", "Öl 1", "VIP 2"];
    assert_eq!(tags(None, 100), all);
    assert_eq!(tags(None, 2), all[..2]);
    assert_eq!(tags(Some("Key account"), 2), all[2..]);

    let merged = organisations.rename_tag("vip", " Key account ").unwrap();
    assert_eq!(merged.changed, 2);
    assert_eq!(tags(None, 100), ["Customer 2", "Key account 3", "Öl 1"]);
    assert_eq!(organisations.get(ids[1]).unwrap().tags, ["customer", "Key account"]);
    assert_eq!(organisations.get(ids[2]).unwrap().tags, ["Key account", "Öl"]);
    session.journal().undo_job(merged.job).unwrap();
    assert_eq!(tags(None, 100), all);
    assert_eq!(organisations.get(ids[2]).unwrap().tags, ["vip", "key account", "Öl"]);

    assert_eq!(organisations.remove_tag("customer").unwrap().changed, 2);
    assert_eq!(tags(None, 100), all[1..]);
    assert_eq!(organisations.rename_tag("nothing", "something").unwrap().changed, 0);
    assert_eq!(refusal(organisations.rename_tag("vip", "  ")), refused("tag.empty", "to"));
    assert_eq!(refusal(session.households().tags(None, 10)), refused("field.unknown", "tags"));
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn the_past_is_read_alike() {
    let clock = std::sync::Arc::new(ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap()));
    let mut config = config();
    config.clock = Some(clock.clone());
    let crm = crate::engine_support::open(config);
    let session = crm.session(Actor::System, Purpose::CustomerCare).unwrap();
    let top = organisation(&session, "Top", None);
    let works = organisation(&session, "Works", Some(top));
    let ada = person(&session, "Ada", "King");
    let patch = json!({"organisation": works, "tags": ["vip"], "emails": [{"address": "ada@example.com"}]});
    session.people().patch(ada, &patch).unwrap();
    let affiliation = Affiliation { person: ada, organisation: top, ..Affiliation::default() };
    session.affiliations().create(affiliation).unwrap();
    let then = session.now();
    clock.advance_days(1);
    session.people().rename_tag("vip", "old").unwrap();
    session.people().delete(ada).unwrap();
    session.organisations().delete(works).unwrap();
    session
        .as_of(then, |past| {
            assert_eq!(past.people().card(ada)?.organisation.unwrap().name, "Works");
            assert_eq!(past.people().suggest("king", 5)?[0].organisation.as_deref(), Some("Works"));
            assert_eq!(past.people().tags(None, 5)?[0].tag, "vip");
            assert_eq!(past.people().find_by_email("ada@example.com")?, [ada]);
            assert_eq!(past.people().organisations(ada, None)?.len(), 2);
            assert_eq!(past.organisations().people(works, None, None, 5)?.members[0].name, "Ada King");
            assert_eq!(past.organisations().people(top, None, None, 5)?.members[0].name, "Ada King");
            assert_eq!(past.organisations().descendants(top, 5)?[0].name, "Works");
            Ok(())
        })
        .unwrap();
    assert!(session.people().suggest("king", 5).unwrap().is_empty());
}
