//! What is more than plain records survives an export and its reading, too: custom fields and types, periods, keys,
//! counters, contents, and whatever the store derives.

use std::ops::ControlFlow;

use crm_core::access::users::User;
use crm_core::activity::{Attachment, Note, TimelineQuery};
use crm_core::contacts::Person;
use crm_core::customize::{CustomField, CustomKind, CustomOption, CustomType, SearchWeight};
use crm_core::record::Meta;
use crm_core::record::filter::parse;
use crm_core::record::query::Query;
use crm_core::sales::{Deal, Pipeline, Stage};
use crm_core::service::Case;
use crm_core::{Actor, Config, ManualClock, Purpose, RecordId, Reference, SeededRandom, Session};
use serde_json::{Value as Json, json};

fn open(seed: u8) -> Session {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let crm =
        crate::engine_support::open(Config::default().clock(clock).random(SeededRandom::new([seed; 32])));
    crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap()
}

fn export(session: &Session) -> String {
    let mut out = Vec::new();
    session.exports().jsonl(&mut out, &mut |_| ControlFlow::Continue(())).unwrap();
    String::from_utf8(out).unwrap()
}

fn import(session: &Session, text: &str) -> crm_core::Result<u64> {
    Ok(session.imports().jsonl(text.as_bytes(), &mut |_| ControlFlow::Continue(()))?.records)
}

/// A copy that exports the same, byte for byte.
fn copy(session: &Session) -> Session {
    let first = export(session);
    let other = open(9);
    import(&other, &first).unwrap();
    let second = export(&other);
    for (number, (before, after)) in first.lines().zip(second.lines()).enumerate() {
        assert_eq!(after, before, "line {}", number + 1);
    }
    assert_eq!(second, first);
    assert!(other.journal().verify().unwrap().is_sound());
    other
}

fn count(session: &Session, record_type: &str, filter: &str) -> u64 {
    let count = session.records(record_type).count(&parse(filter).unwrap());
    count.unwrap_or_else(|error| panic!("{filter}: {error}"))
}

fn id_of(record: &serde_json::Map<String, Json>) -> RecordId {
    record["id"].as_str().unwrap().parse().unwrap()
}

fn define(session: &Session, record_type: &str, name: &str, refine: impl Fn(&mut CustomField)) {
    let mut field = CustomField::new(record_type, name);
    refine(&mut field);
    session.custom_fields().create(field).unwrap();
}

/// People with every sort of custom field, and projects that link to people and back.
fn customized(session: &Session) -> (RecordId, RecordId) {
    // A record that is older than the fields must not come before them in the export.
    session.people().create(Person { family_name: Some("Elder".into()), ..Person::default() }).unwrap();
    let user = session.users().create(User { name: "Owner".into(), ..User::default() }).unwrap();
    session
        .custom_types()
        .create(CustomType {
            name: "x_project".into(),
            sort_key: vec!["x_title".into()],
            timeline_at: Some("x_due".into()),
            timeline_subjects: vec!["x_lead".into()],
            // Users come after the definitions.
            meta: Meta { owner: Some(user.meta.id), ..Meta::default() },
            ..CustomType::default()
        })
        .unwrap();
    let kind = |kind: CustomKind| move |field: &mut CustomField| field.kind = kind;
    let link = |target: &'static str| {
        move |field: &mut CustomField| {
            (field.kind, field.target) = (CustomKind::Link, Some(target.into()));
        }
    };
    let choice = |kind: CustomKind| {
        move |field: &mut CustomField| {
            field.kind = kind;
            field.options = vec![CustomOption::new("red", ""), CustomOption::new("blue", "")];
        }
    };
    define(session, "x_project", "x_title", |field| {
        (field.required, field.search) = (true, SearchWeight::Title);
    });
    define(session, "x_project", "x_due", kind(CustomKind::Date));
    define(session, "x_project", "x_lead", link("person"));
    define(session, "person", "x_project", link("x_project"));
    define(session, "person", "x_nick", |field| (field.unique, field.search) = (true, SearchWeight::Detail));
    define(session, "person", "x_budget", kind(CustomKind::Money));
    define(session, "person", "x_rate", kind(CustomKind::Decimal));
    define(session, "person", "x_colour", choice(CustomKind::Select));
    define(session, "person", "x_colours", choice(CustomKind::MultiSelect));
    define(session, "person", "x_likes", kind(CustomKind::List));
    define(session, "person", "x_extra", kind(CustomKind::Json));
    define(session, "person", "x_seen", kind(CustomKind::Timestamp));
    // Its order is not that of its creation, and its definition was changed.
    define(session, "person", "x_first", |field| field.position = Some(1));
    let (people, projects) = (session.records("person"), session.records("x_project"));
    let project = id_of(&projects.create(&json!({"x_title": "Bridge", "x_due": "2026-12-01"})).unwrap());
    let ada = json!({
        "family_name": "Ada", "x_project": project, "x_nick": "Wizard", "x_budget": "12.50 EUR", "x_rate": "1.25",
        "x_colour": "red", "x_colours": ["blue", "red"], "x_likes": ["Wine", "Beer"], "x_extra": {"b": [1], "a": null},
        "x_seen": "2026-11-20T09:00:00Z", "x_first": "1",
    });
    let ada = id_of(&people.create(&ada).unwrap());
    projects.patch(project, &json!({"x_lead": ada})).unwrap();
    (ada, project)
}

#[test]
fn custom_fields_and_types_come_back_in_force() {
    let session = open(1);
    let (ada, project) = customized(&session);
    let other = copy(&session);
    for (record_type, id) in [("person", ada), ("x_project", project)] {
        assert_eq!(
            other.records(record_type).get(id).unwrap(),
            session.records(record_type).get(id).unwrap()
        );
    }
    for (record_type, filter) in [
        ("person", "x_likes has \"beer\""),
        ("person", "x_colours has \"blue\""),
        ("person", "x_budget = 12.50 EUR"),
        ("person", "x_project.x_title = \"Bridge\""),
        ("x_project", "x_lead.family_name = \"Ada\""),
    ] {
        assert_eq!(count(&other, record_type, filter), 1, "{filter}");
    }
    let found = |text: &str| -> Vec<RecordId> {
        other.search().find(text).unwrap().into_iter().map(|hit| hit.id).collect()
    };
    assert_eq!((found("bridge"), found("wizard")), (vec![project], vec![ada]));
    let timeline = other.timeline(&Reference::new("person", ada), &TimelineQuery::default()).unwrap();
    assert!(timeline.records.iter().any(|item| item.kind == "x_project"), "{timeline:?}");
    // Constraints and rules are there again.
    let twice = other.records("person").create(&json!({"family_name": "B", "x_nick": "Wizard"})).unwrap_err();
    assert_eq!((twice.code(), twice.path()), ("field.duplicate", Some("x_nick")));
    assert_eq!(other.records("x_project").create(&json!({})).unwrap_err().path(), Some("x_title"));
    other.records("x_project").delete(project).unwrap();
    assert!(other.records("person").get(ada).unwrap().get("x_project").is_none_or(Json::is_null));
    // What came can be customised further.
    define(&other, "x_project", "x_more", |_| ());
    copy(&other);
}

#[test]
fn definitions_that_no_rule_would_let_pass_are_refused() {
    let session = open(1);
    customized(&session);
    let good = export(&session);
    for (from, to, code) in [
        ("\"name\":\"x_project\"", "\"name\":\"crm_journal\"", "custom.name"),
        ("\"name\":\"x_nick\"", "\"name\":\"nick\\\" TEXT; --\"", "custom.name"),
        ("\"key\":\"person.x_nick\"", "\"key\":\"person.x_other\"", "custom.key"),
        (
            "\"record_type\":\"person\",\"name\":\"x_nick\"",
            "\"record_type\":\"custom_field\",\"name\":\"x_nick\"",
            "custom.key",
        ),
        ("\"x_nick\":\"Wizard\"", "\"x_none\":\"Wizard\"", "field.unknown"),
        ("\"x_colour\":\"red\"", "\"x_colour\":\"green\"", "select.unknown"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        let empty = open(3);
        let error = import(&empty, &bad).unwrap_err();
        assert_eq!(error.code(), code, "{to}: {error}");
        assert!(error.path().unwrap().starts_with("line "), "{to}: {error}");
        // Nothing stays: neither columns nor tables nor what the handle knows of them.
        assert_eq!(export(&empty), export(&open(4)), "{to}");
        import(&empty, &good).unwrap();
        assert_eq!(export(&empty), good, "{to}");
    }
}

#[test]
fn counters_go_on_and_periods_stay() {
    let clock = std::sync::Arc::new(ManualClock::at("2026-11-01T10:00:00Z".parse().unwrap()));
    let config = Config::default().clock(std::sync::Arc::clone(&clock)).random(SeededRandom::new([1; 32]));
    let crm = crate::engine_support::open(config);
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    let case =
        |session: &Session| session.cases().create(Case { subject: "S".into(), ..Case::default() }).unwrap();
    case(&session);
    let second = case(&session);
    session.cases().delete(second.meta.id).unwrap();
    let pipeline = session.pipelines().create(Pipeline { name: "P".into(), ..Pipeline::default() }).unwrap();
    let stage = |name: &str| {
        let pipeline = pipeline.meta.id.into();
        session.stages().create(Stage { pipeline, name: name.into(), ..Stage::default() }).unwrap().meta.id
    };
    let (first, next) = (stage("First"), stage("Next"));
    let deal =
        Deal { name: "D".into(), stage: first.into(), pipeline: pipeline.meta.id.into(), ..Deal::default() };
    let deal = session.deals().create(deal).unwrap().meta.id;
    clock.set("2026-11-11T10:00:00Z".parse().unwrap());
    session.deals().patch(deal, &json!({"stage": next})).unwrap();

    let other = copy(&session);
    assert_eq!(case(&other).number.as_deref(), Some("C-00003"), "a deleted case keeps its number");
    let line = export(&session).lines().find(|line| line.contains("\"type\":\"deal\"")).unwrap().to_owned();
    assert_eq!(line.matches("\"from\":").count(), 2, "{line}");
    assert!(line.contains("\"to\":\"2026-11-11T10:00:00"), "{line}");
    for bad in ["-1", "9223372036854775807", "\"x\""] {
        let text = export(&session).replacen(
            "\"counters\":{\"case\":2}",
            &format!("\"counters\":{{\"case\":{bad}}}"),
            1,
        );
        let error = import(&open(3), &text).unwrap_err();
        assert_eq!(error.code(), "jsonl.invalid", "{bad}");
    }
}

#[test]
fn contents_come_along_and_are_checked() {
    let session = open(1);
    let about =
        session.people().create(Person { family_name: Some("Ada".into()), ..Person::default() }).unwrap();
    let about = Reference::new("person", about.meta.id);
    let add = |name: &str, bytes: &[u8]| {
        let file = Attachment { about: about.clone(), file_name: name.into(), ..Attachment::default() };
        session.attachments().add(file, &mut { bytes }).unwrap().meta.id
    };
    let long: Vec<u8> = (0..150_000_u32).map(|place| u8::try_from(place * 31 % 251).unwrap()).collect();
    let files = [
        (add("empty", b""), &b""[..]),
        (add("long", &long), &long),
        (add("short", b"100 anvils"), b"100 anvils"),
    ];
    let gone = add("gone", b"x");
    session.attachments().delete(gone).unwrap();
    let other = copy(&session);
    for (id, expected) in files {
        let mut content = Vec::new();
        other.attachments().read_content(id, &mut content).unwrap();
        assert_eq!(content, expected);
    }
    let good = export(&session);
    assert_eq!(good.matches("\"content\":").count(), 4, "three pieces and one");
    let without = |keep: &dyn Fn(&str) -> bool| -> String {
        good.split_inclusive('\n').filter(|line| keep(line.trim_end())).collect()
    };
    let short = "{\"type\":\"attachment\",\"content\":\"MTAwIGFudmlscw==\"}";
    for (text, code) in [
        (without(&|line| line != short), "attachment.damaged"),
        (good.replace("MTAwIGFudmlscw==", "MTAxIGFudmlscw=="), "attachment.damaged"),
        (good.replace(short, &format!("{short}\n{short}")), "attachment.damaged"),
        (good.replace("MTAwIGFudmlscw==", "?"), "jsonl.invalid"),
        (good.replace("MTAwIGFudmlscw==", ""), "jsonl.invalid"),
        (good.replace(short, "{\"type\":\"attachment\"}"), "jsonl.invalid"),
        (good.replacen('\n', &format!("\n{short}\n"), 1), "jsonl.invalid"),
    ] {
        assert_ne!(text, good);
        assert_eq!(import(&open(3), &text).unwrap_err().code(), code);
    }
}

#[test]
fn search_tags_and_timelines_are_made_anew() {
    let session = open(1);
    let person = session
        .people()
        .create(Person {
            family_name: Some("Lovelace".into()),
            tags: vec!["Poet".into()],
            ..Person::default()
        })
        .unwrap();
    let about = Reference::new("person", person.meta.id);
    session
        .notes()
        .create(Note { body: "About engines".into(), about: about.clone(), ..Note::default() })
        .unwrap();
    let other = copy(&session);
    assert_eq!(count(&other, "person", "tags has \"poet\""), 1);
    for text in ["lovelace", "engines"] {
        assert_eq!(other.search().find(text).unwrap(), session.search().find(text).unwrap());
        assert_eq!(other.search().find(text).unwrap().len(), 1, "{text}");
    }
    let notes = TimelineQuery { kinds: vec!["note".into()], ..TimelineQuery::default() };
    let items = other.timeline(&about, &notes).unwrap().records;
    assert_eq!(items.len(), 1);
    assert_eq!(items, session.timeline(&about, &notes).unwrap().records);
}

#[test]
fn a_database_with_a_bin_is_not_empty() {
    let session = open(1);
    let person =
        session.people().create(Person { family_name: Some("A".into()), ..Person::default() }).unwrap();
    let text = export(&session);
    session.people().delete(person.meta.id).unwrap();
    let error = import(&session, &text).unwrap_err();
    assert_eq!((error.code(), error.path()), ("jsonl.not_empty", Some("bin")));
    assert_eq!(session.people().list(&Query::new()).unwrap().records.len(), 0);
}
