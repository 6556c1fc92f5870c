//! What each purpose reads, what asks about the rest, and what a session may write back.

use crm_core::contacts::{Email, Person, PersonId};
use crm_core::customize::{CustomField, PersonalClass};
use crm_core::privacy::{
    Objection, ObjectionOutcome, ProcessingPurpose, ReadingEffect, ReadingRule, Restriction,
    SpecialCategoryGround,
};
use crm_core::record::DataCategory;
use crm_core::record::filter::{Filter, parse};
use crm_core::record::query::{GroupQuery, Measure, Query};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, SeededRandom, Session};
use serde_json::json;

fn open() -> Crm {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    crate::engine_support::open(Config::default().clock(clock).random(SeededRandom::new([7; 32])))
}

fn session(crm: &Crm, purpose: Purpose) -> Session {
    crm.session(Actor::System, purpose).unwrap()
}

fn system(crm: &Crm) -> Session {
    session(crm, Purpose::TechnicalServiceProvision)
}

fn person(session: &Session, given: &str) -> PersonId {
    let person = Person {
        given_name: Some(given.into()),
        family_name: Some("King".into()),
        job_title: Some("Analyst".into()),
        description: Some(format!("Wrote to {given}")),
        emails: vec![Email::work(format!("{}@example.com", given.to_lowercase()))],
        birth_date: "1815-12-10".parse().ok(),
        source: Some("Fair".into()),
        tags: vec!["vip".into()],
        ..Person::default()
    };
    session.people().create(person).unwrap().meta.id.into()
}

fn rule(purpose: &str, effect: ReadingEffect) -> ReadingRule {
    ReadingRule { purpose: purpose.into(), record_type: "person".into(), effect, ..ReadingRule::default() }
}

/// The fields of a person that a session finds blank.
fn blank(session: &Session, person: PersonId) -> Vec<String> {
    let found = session.people().get(person).unwrap();
    found.meta.redactions.into_iter().map(|redaction| redaction.field).collect()
}

#[test]
fn each_purpose_reads_what_its_table_says() {
    let crm = open();
    let ada = person(&system(&crm), "Ada");
    let names = ["salutation", "given_name", "middle_name", "family_name", "name_suffix", "nickname"];
    let work = ["job_title", "department"];
    let points = ["emails", "phones", "addresses", "profiles"];
    let check =
        |purpose, expected: &[&str]| assert_eq!(blank(&session(&crm, purpose), ada), expected, "{purpose:?}");
    check(Purpose::CustomerRelationshipManagement, &[]);
    check(Purpose::TechnicalServiceProvision, &[]);
    check(Purpose::LegalCompliance, &[]);
    check(Purpose::RightsFulfilment, &[]);
    check(Purpose::CustomerCare, &[]);
    check(Purpose::DirectMarketing, &["description", "vcard_extras"]);
    check(Purpose::CustomerOrderManagement, &["birth_date", "vcard_extras"]);
    let rest = ["birth_date", "description", "vcard_extras"];
    check(Purpose::Analytics, &[&names[..], &points[..], &rest[1..]].concat());
    check(Purpose::AiTraining, &[&names[..], &work[..], &points[..], &rest[..]].concat());
    check(Purpose::SellDataToThirdParties, &[&names[..], &work[..], &points[..], &rest[..]].concat());
}

#[test]
fn nothing_is_learned_by_asking_about_a_field_that_may_not_be_read() {
    let crm = open();
    let works = system(&crm)
        .organisations()
        .create(crm_core::contacts::Organisation { name: "Works".into(), ..Default::default() });
    let ada = person(&system(&crm), "Ada");
    system(&crm).people().patch(ada, &json!({"organisation": works.unwrap().meta.id})).unwrap();
    let analytics = session(&crm, Purpose::Analytics);
    for (filter, path) in [
        ("given_name = \"Ada\"", "position 0"),
        ("not given_name = \"Ada\"", "position 4"),
        ("given_name is null", "position 0"),
        ("description contains \"x\"", "position 0"),
        ("emails.address = \"ada@example.com\"", "position 0"),
        ("emails is null", "position 0"),
        ("name_key starts with \"k\"", "position 0"),
        ("source = \"Fair\" or given_name in (\"Ada\", \"Bob\")", "position 19"),
        ("exists(tasks via person where subject = \"x\")", "position 30"),
    ] {
        let filter = parse(filter).unwrap_or_else(|error| panic!("{filter}: {error}"));
        let list = analytics.people().list(&Query::new().filter(filter.clone())).unwrap_err();
        let count = analytics.people().count(&filter).unwrap_err();
        let group = GroupQuery::new().filter(filter.clone()).measure(Measure::Count);
        let group = analytics.people().group(&group).unwrap_err();
        for error in [list, count, group] {
            assert_eq!((error.code(), error.path()), ("field.redacted", Some(path)), "{filter}");
            assert_eq!(error.details()["reason"], "purpose.not_allowed");
        }
    }
    let query = |query: &Query| analytics.people().list(query).unwrap_err();
    assert_eq!(query(&Query::new().ascending("family_name")).path(), Some("family_name"));
    assert_eq!(query(&Query::new().descending("name_key")).code(), "field.redacted");
    let group = |query: GroupQuery| analytics.people().group(&query).unwrap_err().code().to_owned();
    assert_eq!(group(GroupQuery::new().by("nickname").measure(Measure::Count)), "field.redacted");
    assert_eq!(
        group(GroupQuery::new().measure(Measure::CountDistinct("family_name".into()))),
        "field.redacted"
    );
    assert_eq!(group(GroupQuery::new().measure(Measure::Minimum("given_name".into()))), "field.redacted");
    // Through links, from wherever one comes.
    for (record_type, path) in
        [("task", "person.family_name"), ("deal", "person.emails.address"), ("case", "requester.nickname")]
    {
        let by = Query::new().ascending(path);
        let filtered = Query::new().filter(Filter::IsNull { path: path.into() });
        for query in [by, filtered] {
            let error = analytics.records(record_type).list(&query).unwrap_err();
            assert!(
                matches!(error.code(), "field.redacted" | "query.not_sortable"),
                "{record_type} {path}: {error}"
            );
        }
    }
    assert_eq!(analytics.people().suggest("k", 5).unwrap_err().code(), "field.redacted");
    assert_eq!(analytics.search().suggest("person", "k", 5).unwrap_err().code(), "field.redacted");
    assert_eq!(analytics.people().find_by_email("ada@example.com").unwrap_err().code(), "field.redacted");
    // The search finds no words in what may not be read, and finds the rest.
    assert!(analytics.search().find("king").unwrap().is_empty());
    let hits = analytics.search().find("analyst").unwrap();
    assert_eq!((hits.len(), hits[0].title.as_str()), (1, ""));
    // What may be read can be asked about.
    let allowed = parse("job_title = \"Analyst\" and source = \"Fair\"").unwrap();
    assert_eq!(analytics.people().list(&Query::new().filter(allowed)).unwrap().records.len(), 1);
}

#[test]
fn a_closed_person_takes_no_part_in_what_is_asked_of_personal_cells() {
    let crm = open();
    let system = system(&crm);
    let (ada, grace) = (person(&system, "Ada"), person(&system, "Grace"));
    let restriction = Restriction { person: ada, ..Restriction::default() };
    system.restrictions().create(restriction).unwrap();
    let relations = session(&crm, Purpose::CustomerRelationshipManagement);
    let found = |filter: &str| -> Vec<PersonId> {
        let page = relations.people().list(&Query::new().filter(parse(filter).unwrap())).unwrap();
        page.records.into_iter().map(|person| person.meta.id.into()).collect()
    };
    for (filter, expected) in [
        ("given_name = \"Ada\"", vec![]),
        ("not given_name = \"Ada\"", vec![grace]),
        ("given_name != \"Ada\"", vec![grace]),
        ("given_name is null", vec![]),
        ("not given_name is null", vec![grace]),
        ("source = \"Fair\" or given_name = \"Ada\"", vec![grace]),
        ("emails.address = \"ada@example.com\"", vec![]),
        ("name_key starts with \"king\"", vec![grace]),
        ("source = \"Fair\"", vec![ada, grace]),
        ("tags has \"vip\"", vec![ada, grace]),
    ] {
        assert_eq!(found(filter), expected, "{filter}");
        let count = relations.people().count(&parse(filter).unwrap()).unwrap();
        assert_eq!(count, expected.len() as u64, "{filter}");
    }
    let sorted = relations.people().list(&Query::new().ascending("birth_date")).unwrap();
    assert_eq!(sorted.records.len(), 1, "an order tells");
    let groups = GroupQuery::new().by("job_title").measure(Measure::Count);
    assert_eq!(
        relations.people().group(&groups).unwrap().rows[0].measures,
        [crm_core::record::Value::Integer(1)]
    );
    let groups = GroupQuery::new().by("source").measure(Measure::Count);
    assert_eq!(
        relations.people().group(&groups).unwrap().rows[0].measures,
        [crm_core::record::Value::Integer(2)]
    );
    // Seen through a link, and from the past, it is the same.
    let task = |of: PersonId| crm_core::activity::Task {
        subject: "Call".into(),
        person: Some(of),
        ..Default::default()
    };
    system.tasks().create(task(ada)).unwrap();
    system.tasks().create(task(grace)).unwrap();
    let by_name = parse("person.given_name is null").unwrap();
    assert_eq!(relations.tasks().count(&by_name).unwrap(), 0);
    assert_eq!(relations.tasks().count(&parse("subject = \"Call\"").unwrap()).unwrap(), 1);
    assert_eq!(relations.tasks().count(&parse("status = \"not_started\"").unwrap()).unwrap(), 2);
    let past =
        relations.as_of(relations.now(), |past| past.people().count(&parse("given_name is null").unwrap()));
    assert_eq!(past.unwrap(), 0);
}

#[test]
fn a_transaction_is_bound_by_what_it_does_itself() {
    let crm = open();
    let ada = person(&system(&crm), "Ada");
    let relations = session(&crm, Purpose::CustomerRelationshipManagement);
    let is_blank = |transaction: &crm_core::record::Transaction<'_, '_>| {
        let found = transaction.people().get(ada)?;
        Ok::<_, crm_core::CrmError>(found.given_name.is_none() && !found.meta.redactions.is_empty())
    };
    relations
        .transaction(|transaction| {
            assert!(!is_blank(transaction)?);
            let restriction = Restriction { person: ada, ..Restriction::default() };
            let restriction = transaction.restrictions().create(restriction)?;
            assert!(is_blank(transaction)?);
            let echo = transaction.people().patch(ada, &json!({"source": "Web"}))?;
            assert_eq!((echo.given_name, echo.source.as_deref()), (None, Some("Web")));
            transaction.restrictions().delete(restriction.meta.id)?;
            assert!(!is_blank(transaction)?);
            Ok(())
        })
        .unwrap();
    assert!(blank(&relations, ada).is_empty());
}

#[test]
fn objections_close_a_person_to_their_purpose_and_what_lies_below_it() {
    let crm = open();
    let system = system(&crm);
    let ada = person(&system, "Ada");
    let newsletter = ProcessingPurpose {
        key: "newsletter".into(),
        name: "Newsletter".into(),
        parent: "direct_marketing".into(),
        ..ProcessingPurpose::default()
    };
    system.processing_purposes().create(newsletter).unwrap();
    let reason = |purpose: &str| {
        let session = crm.session_for(Actor::System, purpose).unwrap();
        let found = session.people().get(ada).unwrap().meta.redactions;
        found.into_iter().find(|redaction| redaction.field == "given_name").map(|redaction| redaction.reason)
    };
    assert_eq!(reason("newsletter"), None);
    let object = |purpose: &str, outcome| Objection {
        person: ada,
        purpose: purpose.into(),
        outcome,
        ..Objection::default()
    };
    // To something else, by a channel only, overridden or taken back: nothing is closed.
    system.objections().create(object("analytics", ObjectionOutcome::Upheld)).unwrap();
    let by_mail = Objection {
        channel: Some(crm_core::privacy::ContactChannel::Email),
        ..object("direct_marketing", ObjectionOutcome::Upheld)
    };
    system.objections().create(by_mail).unwrap();
    system.objections().create(object("direct_marketing", ObjectionOutcome::TakenBack)).unwrap();
    assert_eq!(reason("newsletter"), None);
    // While it is weighed, the processing stops, too.
    let pending = system.objections().create(object("newsletter", ObjectionOutcome::Pending)).unwrap();
    assert_eq!(reason("newsletter").as_deref(), Some("objection"));
    assert_eq!(reason("direct_marketing"), None);
    system.objections().delete(pending.meta.id).unwrap();
    assert_eq!(reason("newsletter"), None);
    system.objections().create(object("direct_marketing", ObjectionOutcome::Upheld)).unwrap();
    assert_eq!(reason("newsletter").as_deref(), Some("objection"));
    assert_eq!(reason("direct_marketing").as_deref(), Some("objection"));
    assert_eq!(reason("customer_relationship_management"), None);
}

#[test]
fn what_is_blank_is_not_written_back() {
    let crm = open();
    let ada = person(&system(&crm), "Ada");
    let marketing = session(&crm, Purpose::DirectMarketing);
    let mut seen = marketing.people().get(ada).unwrap();
    assert_eq!(seen.description, None);
    seen.job_title = Some("Countess".into());
    let stored = marketing.people().update(seen.clone()).unwrap();
    assert_eq!((stored.job_title.as_deref(), stored.description.as_deref()), (Some("Countess"), None));
    let whole = system(&crm).people().get(ada).unwrap();
    assert_eq!(whole.description.as_deref(), Some("Wrote to Ada"));
    // A value for it would show whether it is what is stored.
    for text in ["Wrote to Ada", "else"] {
        let guess = Person { description: Some(text.into()), ..stored.clone() };
        let guess = Person { meta: crm_core::record::Meta { redactions: Vec::new(), ..guess.meta }, ..guess };
        let error = marketing.people().update(guess).unwrap_err();
        assert_eq!((error.code(), error.path()), ("field.redacted", Some("description")), "{text}");
        let error = marketing.people().patch(ada, &json!({"description": text})).unwrap_err();
        assert_eq!((error.code(), error.path()), ("field.redacted", Some("description")), "{text}");
    }
    assert_eq!(
        marketing.people().patch(ada, &json!({"description": null})).unwrap_err().code(),
        "field.redacted"
    );
    // As JSON, with what names the blank fields in it.
    let mut object = marketing.records("person").get(ada).unwrap();
    assert_eq!(object["redactions"][0]["field"], "description");
    object.insert("job_title".into(), json!("Analyst"));
    marketing.records("person").update(&object.into()).unwrap();
    let whole = system(&crm).people().get(ada).unwrap();
    assert_eq!(
        (whole.description.as_deref(), whole.job_title.as_deref()),
        (Some("Wrote to Ada"), Some("Analyst"))
    );
    // A client that leaves out what it does not know loses nothing, either.
    let mut object = marketing.records("person").get(ada).unwrap();
    object.remove("redactions");
    marketing.records("person").update(&object.into()).unwrap();
    assert_eq!(system(&crm).people().get(ada).unwrap().description.as_deref(), Some("Wrote to Ada"));
    // What was read for one purpose and is written back for another keeps what was blank.
    let seen = marketing.people().get(ada).unwrap();
    let stored =
        session(&crm, Purpose::CustomerCare).people().update(Person { nickname: Some("A".into()), ..seen });
    assert_eq!(stored.unwrap().description.as_deref(), Some("Wrote to Ada"));
    // A required field that is blank is no missing one.
    let care = system(&crm);
    let task = crm_core::activity::Task { subject: "Call".into(), person: Some(ada), ..Default::default() };
    let task = care.tasks().create(task).unwrap();
    let mut seen = marketing.tasks().get(task.meta.id).unwrap();
    assert_eq!(seen.subject, "");
    seen.due_date = "2026-12-01".parse().ok();
    marketing.tasks().update(seen).unwrap();
    // A client whose types have no blank sends an empty text, and says that it is none.
    let mut object = marketing.records("task").get(task.meta.id).unwrap();
    object.insert("subject".into(), json!(""));
    marketing.records("task").update(&object.into()).unwrap();
    let copy = json!({"subject": "Copy", "redactions": []});
    assert!(marketing.records("task").create(&copy).is_ok());
    assert_eq!(care.tasks().get(task.meta.id).unwrap().subject, "Call");
}

#[test]
fn rules_of_the_host_refine_the_policy_and_are_inherited() {
    let crm = open();
    let system = system(&crm);
    let ada = person(&system, "Ada");
    for (key, parent) in [("newsletter", "direct_marketing"), ("fashion_letter", "newsletter")] {
        let purpose = ProcessingPurpose {
            key: key.into(),
            name: key.into(),
            parent: parent.into(),
            ..Default::default()
        };
        system.processing_purposes().create(purpose).unwrap();
    }
    let letter = crm.session_for(Actor::System, "fashion_letter").unwrap();
    assert_eq!(blank(&letter, ada), ["description", "vcard_extras"]);
    let allow = ReadingRule {
        category: Some(DataCategory::Communication),
        ..rule("newsletter", ReadingEffect::Allow)
    };
    system.reading_rules().create(allow).unwrap();
    assert_eq!(blank(&letter, ada), ["vcard_extras"]);
    assert_eq!(blank(&session(&crm, Purpose::DirectMarketing), ada), ["description", "vcard_extras"]);
    let deny =
        ReadingRule { field: Some("birth_date".into()), ..rule("direct_marketing", ReadingEffect::Deny) };
    let deny = system.reading_rules().create(deny).unwrap();
    assert_eq!(blank(&letter, ada), ["birth_date", "vcard_extras"]);
    // A permission below does not lift a denial above.
    let allow =
        ReadingRule { field: Some("birth_date".into()), ..rule("fashion_letter", ReadingEffect::Allow) };
    system.reading_rules().create(allow).unwrap();
    assert_eq!(blank(&letter, ada), ["birth_date", "vcard_extras"]);
    system.reading_rules().delete(deny.meta.id).unwrap();
    assert_eq!(blank(&letter, ada), ["vcard_extras"]);
    // An ordinary field can be closed by its name.
    let deny = ReadingRule { field: Some("source".into()), ..rule("newsletter", ReadingEffect::Deny) };
    system.reading_rules().create(deny).unwrap();
    assert_eq!(blank(&letter, ada), ["source", "vcard_extras"]);
    // What a transaction does and takes back is not kept.
    let outcome: crm_core::Result<()> = system.transaction(|transaction| {
        let deny = ReadingRule { record_type: "*".into(), ..rule("direct_marketing", ReadingEffect::Deny) };
        transaction.reading_rules().create(deny)?;
        Err(crm_core::CrmError::invalid("test.stop", "stops"))
    });
    assert_eq!(outcome.unwrap_err().code(), "test.stop");
    assert_eq!(blank(&letter, ada), ["source", "vcard_extras"]);
}

#[test]
fn bad_rules_and_purposes_are_refused() {
    let crm = open();
    let system = system(&crm);
    let base = || rule("direct_marketing", ReadingEffect::Deny);
    for (rule, code, path) in [
        (ReadingRule { purpose: "nonsense".into(), ..base() }, "purpose.unknown", "purpose"),
        (ReadingRule { record_type: "nonsense".into(), ..base() }, "type.unknown", "record_type"),
        (ReadingRule { field: Some("nonsense".into()), ..base() }, "field.unknown", "field"),
        (ReadingRule { field: Some("id".into()), ..base() }, "reading_rule.field", "field"),
        (
            ReadingRule { record_type: "*".into(), field: Some("emails".into()), ..base() },
            "reading_rule.record_type",
            "record_type",
        ),
        (
            ReadingRule { field: Some("emails".into()), category: Some(DataCategory::Contact), ..base() },
            "reading_rule.field_and_category",
            "category",
        ),
    ] {
        let error = system.reading_rules().create(rule).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)));
    }
    assert_eq!(crm.session_for(Actor::System, "nonsense").err().unwrap().code(), "purpose.unknown");
    let purpose = ProcessingPurpose {
        key: "old".into(),
        name: "Old".into(),
        parent: "analytics".into(),
        active: Some(false),
        ..Default::default()
    };
    system.processing_purposes().create(purpose).unwrap();
    assert_eq!(crm.session_for(Actor::System, "old").err().unwrap().code(), "purpose.inactive");
}

#[test]
fn the_journal_knows_registered_purposes() {
    let crm = open();
    let system = system(&crm);
    let letter = ProcessingPurpose {
        key: "newsletter".into(),
        name: "Newsletter".into(),
        parent: "direct_marketing".into(),
        ..Default::default()
    };
    system.processing_purposes().create(letter).unwrap();
    for (key, root) in
        [("newsletter", Purpose::DirectMarketing), ("payment_management", Purpose::CustomerOrderManagement)]
    {
        let session = crm.session_for(Actor::System, key).unwrap();
        assert_eq!((session.viewer().purpose, session.viewer().purpose_key()), (root, key));
        let ada = person(&session, "Ada");
        session.people().patch(ada, &json!({"source": "Web"})).unwrap();
        for entry in system.people().history(ada, None, 10).unwrap() {
            assert_eq!((entry.purpose, entry.registered_purpose.as_deref()), (None, Some(key)));
        }
    }
    let ada = person(&system, "Ada");
    let entry = &system.people().history(ada, None, 1).unwrap()[0];
    assert_eq!(
        (entry.purpose, entry.registered_purpose.clone()),
        (Some(Purpose::TechnicalServiceProvision), None)
    );
}

#[test]
fn special_categories_need_a_gate_of_their_own() {
    let crm = open();
    let system = system(&crm);
    let field = |name: &str| CustomField::new("person", name);
    let diet = CustomField { category: Some(DataCategory::Health), ..field("x_diet") };
    system.custom_fields().create(diet).unwrap();
    system.custom_fields().create(CustomField { class: PersonalClass::Special, ..field("x_creed") }).unwrap();
    let wrong = CustomField {
        class: PersonalClass::Special,
        category: Some(DataCategory::Contact),
        ..field("x_wrong")
    };
    let error = system.custom_fields().create(wrong).unwrap_err();
    assert_eq!((error.code(), error.path()), ("custom.category", Some("category")));
    let ada = system
        .records("person")
        .create(&json!({"given_name": "Ada", "x_diet": "no nuts", "x_creed": "none"}));
    let ada = ada.unwrap()["id"].as_str().unwrap().parse::<crm_core::RecordId>().unwrap();
    let reason = |session: &Session, field: &str| {
        let found = session.people().get(ada).unwrap();
        let named = found.meta.redactions.iter().find(|redaction| redaction.field == field);
        assert_eq!(named.is_none(), found.meta.custom.contains_key(field));
        named.map(|redaction| redaction.reason.clone())
    };
    let gate = |session: &Session| session.with_special_categories(SpecialCategoryGround::ExplicitConsent);
    let (relations, care) =
        (session(&crm, Purpose::CustomerRelationshipManagement), session(&crm, Purpose::CustomerCare));
    assert_eq!(reason(&relations, "x_diet").as_deref(), Some("special_category.gate"));
    assert_eq!(reason(&gate(&relations), "x_diet"), None);
    assert_eq!(reason(&care, "x_diet").as_deref(), Some("purpose.not_allowed"));
    assert_eq!(reason(&gate(&care), "x_diet").as_deref(), Some("purpose.not_allowed"));
    let allow =
        ReadingRule { category: Some(DataCategory::Health), ..rule("customer_care", ReadingEffect::Allow) };
    let allow = system.reading_rules().create(allow).unwrap();
    assert_eq!(reason(&care, "x_diet").as_deref(), Some("special_category.gate"));
    assert_eq!(reason(&gate(&care), "x_diet"), None);
    assert_eq!(reason(&gate(&care), "x_creed").as_deref(), Some("purpose.not_allowed"));
    // A rule with a ground opens the gate for what it allows.
    system.reading_rules().patch(allow.meta.id, &json!({"special_ground": "vital_interests"})).unwrap();
    assert_eq!(reason(&care, "x_diet"), None);
    // A rule can ask for the gate, whatever the class.
    let ask = ReadingRule {
        field: Some("birth_date".into()),
        ..rule("customer_relationship_management", ReadingEffect::Gate)
    };
    system.reading_rules().create(ask).unwrap();
    assert_eq!(blank(&relations, ada.into()), ["birth_date", "x_diet", "x_creed"]);
    assert!(blank(&gate(&relations), ada.into()).is_empty());
}

#[test]
fn every_personal_field_has_a_category_that_fits_its_class() {
    use crm_core::record::DataClass;
    let crm = open();
    let mut personal = 0;
    for record_type in crm.schema().types() {
        for field in record_type.own_fields() {
            let (class, category) = (field.descriptor.class, field.descriptor.category);
            personal += usize::from(class == DataClass::Personal);
            assert_eq!(
                class == DataClass::Ordinary,
                category.is_none(),
                "{} {}",
                record_type.name(),
                field.name()
            );
            assert!(category.is_none_or(|category| category.class() == class));
        }
    }
    assert!(personal > 50);
}

#[test]
fn another_process_is_bound_at_once() {
    let folder = std::env::temp_dir().join(format!("crm-reading-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("shared.crm");
    let (first, second) =
        (Crm::open(&path, Config::default()).unwrap(), Crm::open(&path, Config::default()).unwrap());
    let ada = person(&system(&first), "Ada");
    let relations = session(&second, Purpose::CustomerRelationshipManagement);
    assert!(blank(&relations, ada).is_empty());
    let restriction = Restriction { person: ada, ..Restriction::default() };
    let restriction = system(&first).restrictions().create(restriction).unwrap();
    assert!(!blank(&relations, ada).is_empty());
    system(&first).restrictions().delete(restriction.meta.id).unwrap();
    assert!(blank(&relations, ada).is_empty());
    first.close().unwrap();
    second.close().unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn an_import_does_not_tell_what_records_hold() {
    use crm_core::interchange::{ImportOptions, Mapping, Mode};
    let crm = open();
    person(&system(&crm), "Ada");
    let marketing = session(&crm, Purpose::DirectMarketing);
    let mapping = |mode| {
        let mapping =
            Mapping::new("person").column("Mail", "emails[0].address").column("Note", "description");
        Mapping { mode, match_fields: vec!["emails.address".into()], ..mapping }
    };
    let run = |session: &Session, mode| {
        let file = "Mail,Note\nada@example.com,Wrote to Ada\n";
        session.imports().csv(file.as_bytes(), &mapping(mode), ImportOptions::default())
    };
    let error = run(&marketing, Mode::Upsert).unwrap_err();
    assert_eq!((error.code(), error.path()), ("field.redacted", Some("description")));
    assert_eq!(run(&system(&crm), Mode::Upsert).unwrap().total.unchanged, 1);
}
