//! Custom fields: every kind, and everything that built-in fields can do.

use crm_core::contacts::Person;
use crm_core::customize::{
    CustomField, CustomKind, CustomOption, CustomType, LinkRule, PersonalClass, SearchWeight,
};
use crm_core::record::Value;
use crm_core::record::filter::{Filter, parse};
use crm_core::record::query::{GroupQuery, Measure, Query};
use crm_core::storage::{Param, ReadMode, query_all};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, RecordId, SeededRandom, Session};
use serde_json::{Value as Json, json};

fn open() -> (Crm, Session) {
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let crm = crate::engine_support::open(Config::default().clock(clock).random(SeededRandom::new([1; 32])));
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    (crm, session)
}

fn define(session: &Session, kind: CustomKind) -> CustomField {
    let choice = matches!(kind, CustomKind::Select | CustomKind::MultiSelect);
    let options =
        vec![CustomOption::new("red", "Red"), CustomOption::new("green", ""), CustomOption::new("blue", "")];
    let field = CustomField {
        kind,
        indexed: true,
        options: if choice { options } else { Vec::new() },
        target: (kind == CustomKind::Link).then(|| "person".into()),
        scale: (kind == CustomKind::Decimal).then_some(3),
        ..CustomField::new("person", format!("x_{}", kind.key()))
    };
    session.custom_fields().create(field).unwrap()
}

fn person(session: &Session, name: &str) -> Person {
    session.people().create(Person { family_name: Some(name.into()), ..Person::default() }).unwrap()
}

fn names(session: &Session, filter: &str) -> Vec<String> {
    let query = Query::new().filter(parse(filter).unwrap()).ascending("name_key");
    let page = session.people().list(&query).unwrap_or_else(|error| panic!("{filter}: {error}"));
    page.records.into_iter().filter_map(|person| person.family_name).collect()
}

/// What goes in, what comes out, what is refused with which code, and a filter that finds what came out.
fn samples(kind: CustomKind, other: RecordId) -> (Json, Json, Vec<(Json, &'static str)>, String) {
    let name = format!("x_{}", kind.key());
    let equals = |text: &str| format!("{name} = {text}");
    match kind {
        CustomKind::Text => (
            json!("  a  b "),
            json!("a  b"),
            vec![(json!(5), "field.type"), (json!("x\ny"), "text.control_character")],
            equals("\"a  b\""),
        ),
        CustomKind::LongText => (
            json!("a\r\nb"),
            json!("a\nb"),
            vec![(json!("\u{0}"), "text.control_character")],
            format!("{name} contains \"b\""),
        ),
        CustomKind::Integer => {
            (json!(42), json!(42), vec![(json!("x"), "field.type"), (json!(1.5), "field.type")], equals("42"))
        }
        CustomKind::Number => {
            (json!(1.5), json!(1.5), vec![(json!("x"), "field.type")], format!("{name} > 1"))
        }
        CustomKind::Decimal => {
            (json!("1.250"), json!("1.25"), vec![(json!("1.2345"), "field.scale")], equals("1.25"))
        }
        CustomKind::Money => (
            json!("12.50 EUR"),
            json!({"amount": "12.50", "currency": "EUR"}),
            vec![(json!("12.505 EUR"), "money.too_many_decimals")],
            equals("12.50 EUR"),
        ),
        CustomKind::Boolean => (json!(true), json!(true), vec![(json!("yes"), "field.type")], equals("true")),
        CustomKind::Date => (
            json!("2026-02-28"),
            json!("2026-02-28"),
            vec![(json!("2026-02-30"), "date.invalid")],
            equals("2026-02-28"),
        ),
        CustomKind::Timestamp => (
            json!("2026-02-28T10:00:00+01:00"),
            json!("2026-02-28T09:00:00Z"),
            vec![(json!("noon"), "time.invalid")],
            format!("{name} > 2026-02-01"),
        ),
        CustomKind::Select => {
            (json!("red"), json!("red"), vec![(json!("pink"), "select.unknown")], equals("\"red\""))
        }
        CustomKind::MultiSelect => (
            json!(["blue", "red"]),
            json!(["red", "blue"]),
            vec![(json!(["pink"]), "select.unknown"), (json!("red"), "field.type")],
            format!("{name} has \"blue\""),
        ),
        CustomKind::Link => (
            json!(other),
            json!(other),
            vec![(json!("0192f0c1-2345-7abc-8def-0123456789ab"), "link.broken")],
            format!("{name}.family_name = \"Other\""),
        ),
        CustomKind::Reference => (
            json!(format!("person:{other}")),
            json!(format!("person:{other}")),
            vec![(json!("person:0192f0c1-2345-7abc-8def-0123456789ab"), "link.broken")],
            format!("{name} is not null"),
        ),
        CustomKind::List => (
            json!(["Wine", "wine", "Beer"]),
            json!(["Wine", "Beer"]),
            vec![(json!([1]), "field.type")],
            format!("{name} has \"beer\""),
        ),
        CustomKind::Url => (
            json!("Example.com/a"),
            Json::Null,
            vec![(json!("not a url"), "url.invalid")],
            format!("{name} is not null"),
        ),
        CustomKind::Email => (
            json!("A@Example.COM"),
            json!("A@example.com"),
            vec![(json!("nobody"), "email.no_at")],
            equals("\"A@example.com\""),
        ),
        CustomKind::Phone => (
            json!("030 123456"),
            json!("+4930123456"),
            vec![(json!("hello"), "phone.invalid")],
            equals("\"+4930123456\""),
        ),
        CustomKind::Json => {
            (json!({"b": 1, "a": [2]}), json!({"a": [2], "b": 1}), vec![], format!("{name} is not null"))
        }
        other => panic!("no samples for {other}"),
    }
}

#[test]
fn every_kind_is_written_read_filtered_sorted_journaled_and_undone() {
    for kind in CustomKind::ALL.iter().copied() {
        let (_crm, session) = open();
        let other = person(&session, "Other");
        let defined = define(&session, kind);
        let name = defined.name.clone();
        let (given, expected, refused, filter) = samples(kind, other.meta.id);
        let people = session.records("person");
        let stored = people
            .create(&json!({"family_name": "Ada", name.clone(): given}))
            .unwrap_or_else(|e| panic!("{kind}: {e}"));
        let id: RecordId = stored["id"].as_str().unwrap().parse().unwrap();
        if !expected.is_null() {
            assert_eq!(stored[&name], expected, "{kind}");
        }
        let typed = session.people().get(id).unwrap();
        assert!(!typed.meta.custom[&name].is_null(), "{kind}");
        for (bad, code) in refused {
            let error = people.patch(id, &json!({ name.clone(): bad })).unwrap_err();
            let of_field = error.path().is_some_and(|path| path.starts_with(&name));
            assert!(of_field, "{kind}: {error}");
            let area = |code: &str| code.split('.').next().map(str::to_owned);
            assert_eq!(area(error.code()), area(code), "{kind}: {error}");
        }
        assert_eq!(names(&session, &filter), ["Ada"], "{kind}: {filter}");
        assert_eq!(names(&session, &format!("{name} is null")), ["Other"], "{kind}");
        let field = session.people().list(&Query::new().ascending(&name));
        let sortable = !matches!(
            kind,
            CustomKind::LongText | CustomKind::MultiSelect | CustomKind::List | CustomKind::Json
        );
        assert_eq!(field.is_ok(), sortable, "{kind}");
        if let Ok(page) = field {
            assert_eq!(page.records.last().unwrap().meta.id, id, "{kind}");
        }

        let cleared = people.patch(id, &json!({ name.clone(): null })).unwrap();
        assert!(!cleared.contains_key(&name), "{kind}");
        assert!(names(&session, &filter).is_empty(), "{kind}");
        let history = people.history(id, None, 10).unwrap();
        assert_eq!(
            (history[0].changes[0].field.as_str(), &history[0].changes[0].after),
            (name.as_str(), &Json::Null)
        );
        session.journal().undo(history[0].sequence).unwrap();
        assert_eq!(people.get(id).unwrap()[&name], stored[&name], "{kind}");
        assert_eq!(names(&session, &filter), ["Ada"], "{kind}");

        // The definition goes to the bin and comes back, with the value.
        let before = session.custom_fields().history(defined.meta.id, None, 1).unwrap()[0].sequence;
        session.custom_fields().delete(defined.meta.id).unwrap();
        assert!(!people.get(id).unwrap().contains_key(&name), "{kind}");
        assert_eq!(people.patch(id, &json!({ name.clone(): given })).unwrap_err().code(), "field.unknown");
        session.custom_fields().restore(defined.meta.id).unwrap();
        assert_eq!(people.get(id).unwrap()[&name], stored[&name], "{kind}");
        assert_eq!(names(&session, &filter), ["Ada"], "{kind}");
        session.journal().undo(before).unwrap();
        assert!(!people.get(id).unwrap().contains_key(&name), "{kind}");
        session.custom_fields().restore(defined.meta.id).unwrap();

        people.delete(id).unwrap();
        assert_eq!(people.restore(id).unwrap()[&name], stored[&name], "{kind}");
        assert_eq!(names(&session, &filter), ["Ada"], "{kind}");
        assert!(session.journal().verify().unwrap().is_sound(), "{kind}");
        assert!(_crm.integrity_check().unwrap().is_empty(), "{kind}");
    }
}

#[test]
fn required_default_unique_bounds_and_pattern_hold() {
    let (_crm, session) = open();
    let early = person(&session, "Early");
    let fields = session.custom_fields();
    let number = fields
        .create(CustomField {
            kind: CustomKind::Integer,
            required: true,
            default: Some(json!(5)),
            least: Some(json!(1)),
            greatest: Some(json!(9)),
            ..CustomField::new("person", "x_rank")
        })
        .unwrap();
    fields
        .create(CustomField {
            unique: true,
            pattern: Some("@@-###".into()),
            ..CustomField::new("person", "x_card")
        })
        .unwrap();
    assert_eq!(person(&session, "Late").meta.custom["x_rank"], Value::Integer(5));
    assert!(
        session.people().get(early.meta.id).unwrap().meta.custom.is_empty(),
        "defaults are for new records"
    );
    let people = session.records("person");
    let error = people.patch(early.meta.id, &json!({"family_name": "Earlier"})).unwrap_err();
    assert_eq!((error.code(), error.path()), ("field.required", Some("x_rank")));
    for (value, code) in [(json!(0), "field.range"), (json!(10), "field.range")] {
        assert_eq!(people.patch(early.meta.id, &json!({"x_rank": value})).unwrap_err().code(), code);
    }
    people.patch(early.meta.id, &json!({"x_rank": 9, "x_card": "AB-123"})).unwrap();
    let error = people.create(&json!({"family_name": "B", "x_card": "AB-12"})).unwrap_err();
    assert_eq!((error.code(), error.path()), ("field.pattern", Some("x_card")));
    let error = people.create(&json!({"family_name": "B", "x_card": "AB-123"})).unwrap_err();
    assert_eq!((error.code(), error.path()), ("field.duplicate", Some("x_card")));
    // A unique field over equal values is refused, and nothing changes.
    let error = session.records("custom_field").patch(number.meta.id, &json!({"unique": true})).unwrap_err();
    assert_eq!(error.path(), Some("default_value"));
    people.create(&json!({"family_name": "C", "x_rank": 9})).unwrap();
    let patch = json!({"unique": true, "default_value": null});
    let error = session.records("custom_field").patch(number.meta.id, &patch).unwrap_err();
    assert_eq!((error.code(), error.path()), ("custom.duplicates", Some("unique")));
    people.create(&json!({"family_name": "D", "x_rank": 9})).unwrap();
}

#[test]
fn what_a_required_field_lacks_does_not_stop_the_engine() {
    let (_crm, session) = open();
    let organisation = session
        .organisations()
        .create(crm_core::contacts::Organisation { name: "Acme".into(), ..Default::default() })
        .unwrap();
    let id = session
        .people()
        .create(Person {
            family_name: Some("A".into()),
            organisation: Some(organisation.meta.id.into()),
            ..Person::default()
        })
        .unwrap()
        .meta
        .id;
    session
        .custom_fields()
        .create(CustomField { required: true, ..CustomField::new("person", "x_must") })
        .unwrap();
    session.organisations().delete(organisation.meta.id).unwrap();
    assert_eq!(session.people().get(id).unwrap().organisation, None);
    session.people().delete(id).unwrap();
    session.people().restore(id).unwrap();
}

#[test]
fn bad_definitions_name_what_is_wrong() {
    let (_crm, session) = open();
    let field = || CustomField::new("person", "x_a");
    for (bad, code, path) in [
        (CustomField::new("nobody", "x_a"), "type.unknown", "record_type"),
        (CustomField::new("custom_field", "x_a"), "custom.not_extensible", "record_type"),
        (CustomField::new("person", "a"), "custom.name", "name"),
        (CustomField::new("person", "x_a\" b"), "custom.name", "name"),
        (CustomField { kind: CustomKind::Select, ..field() }, "custom.options", "options"),
        (
            CustomField { options: vec![CustomOption::new("A", "")], kind: CustomKind::Select, ..field() },
            "custom.option_key",
            "options[0].key",
        ),
        (
            CustomField { options: vec![CustomOption::new("a", "")], ..field() },
            "custom.unsuitable",
            "options",
        ),
        (CustomField { kind: CustomKind::Link, ..field() }, "custom.target", "target"),
        (
            CustomField { kind: CustomKind::Link, target: Some("nobody".into()), ..field() },
            "type.unknown",
            "target",
        ),
        (CustomField { kind: CustomKind::List, unique: true, ..field() }, "custom.unsuitable", "unique"),
        (
            CustomField { kind: CustomKind::Integer, default: Some(json!("x")), ..field() },
            "field.type",
            "default_value",
        ),
        (
            CustomField {
                kind: CustomKind::Integer,
                least: Some(json!(5)),
                greatest: Some(json!(4)),
                ..field()
            },
            "custom.range",
            "greatest",
        ),
        (CustomField { least: Some(json!(5)), ..field() }, "custom.unsuitable", "least"),
        (CustomField { pattern: Some("[".into()), ..field() }, "pattern.invalid", "pattern"),
        (CustomField { scale: Some(3), ..field() }, "custom.unsuitable", "scale"),
    ] {
        let error = session.custom_fields().create(bad).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{error}");
    }
    let made = session.custom_fields().create(field()).unwrap();
    assert_eq!(session.custom_fields().create(field()).unwrap_err().path(), Some("name"));
    for (patch, path) in [(json!({"kind": "date"}), "kind"), (json!({"name": "x_b"}), "name")] {
        let error = session.records("custom_field").patch(made.meta.id, &patch).unwrap_err();
        assert_eq!((error.code(), error.path()), ("custom.fixed", Some(path)));
    }
    let raised = session.records("custom_field").patch(made.meta.id, &json!({"class": "special"})).unwrap();
    assert_eq!(raised["class"], "special");
    let error =
        session.records("custom_field").patch(made.meta.id, &json!({"class": "ordinary"})).unwrap_err();
    assert_eq!(error.path(), Some("class"));
    assert_eq!(session.records("x_none").find(RecordId::NIL).unwrap_err().code(), "type.unknown");
}

#[test]
fn options_in_use_can_only_be_made_inactive() {
    let (_crm, session) = open();
    let people = session.records("person");
    for kind in [CustomKind::Select, CustomKind::MultiSelect] {
        let field = define(&session, kind);
        let value = |key: &str| if kind == CustomKind::Select { json!(key) } else { json!([key]) };
        let stored = people.create(&json!({"family_name": "A", field.name.clone(): value("red")})).unwrap();
        let id: RecordId = stored["id"].as_str().unwrap().parse().unwrap();
        let options = |keys: &[&str]| json!({"options": keys.iter().map(|key| json!({"key": key})).collect::<Vec<_>>()});
        let definitions = session.records("custom_field");
        let error = definitions.patch(field.meta.id, &options(&["green", "blue"])).unwrap_err();
        assert_eq!(error.code(), "custom.option_in_use", "{kind}");
        definitions.patch(field.meta.id, &options(&["green", "red", "black"])).unwrap();
        people.patch(id, &json!({field.name.clone(): value("black")})).unwrap();
        people.patch(id, &json!({field.name.clone(): value("red")})).unwrap();
        definitions
            .patch(field.meta.id, &json!({"options": [{"key": "red", "active": false}, {"key": "green"}]}))
            .unwrap();
        people.patch(id, &json!({"family_name": "B"})).unwrap();
        let error =
            people.create(&json!({"family_name": "C", field.name.clone(): value("red")})).unwrap_err();
        assert_eq!(error.code(), "select.inactive", "{kind}");
        let filter =
            if kind == CustomKind::Select { "x_select = \"red\"" } else { "x_multi_select has \"red\"" };
        assert_eq!(names(&session, filter), ["B"]);
    }
}

#[test]
fn custom_fields_are_searched_and_grouped_also_after_a_change_of_the_definition() {
    let (_crm, session) = open();
    let definitions = session.records("custom_field");
    let nickname = session.custom_fields().create(CustomField::new("person", "x_motto")).unwrap();
    let people = session.records("person");
    people.create(&json!({"family_name": "Ada", "x_motto": "carpe diem"})).unwrap();
    people.create(&json!({"family_name": "Bob", "x_motto": "festina lente"})).unwrap();
    let hits = |text: &str| {
        session.search().find(text).unwrap().into_iter().map(|hit| hit.title).collect::<Vec<_>>()
    };
    assert!(hits("carpe").is_empty());
    definitions.patch(nickname.meta.id, &json!({"search": SearchWeight::Detail.key()})).unwrap();
    assert_eq!(hits("carpe"), ["Ada"]);
    session.custom_fields().delete(nickname.meta.id).unwrap();
    assert!(hits("carpe").is_empty());
    let bob = session
        .people()
        .list(&Query::new().filter(parse("family_name = \"Bob\"").unwrap()))
        .unwrap()
        .records
        .remove(0);
    session.people().delete(bob.meta.id).unwrap();
    session.custom_fields().restore(nickname.meta.id).unwrap();
    assert_eq!(hits("carpe"), ["Ada"]);
    assert!(hits("festina").is_empty());
    session.people().restore(bob.meta.id).unwrap();

    let groups = people.group(&GroupQuery::new().by("x_motto").measure(Measure::Count)).unwrap();
    assert!(groups.rows.iter().any(|row| row.keys == [Value::Text("carpe diem".into())]));
    assert_eq!(people.count(&Filter::All).unwrap(), 2);
}

#[test]
fn custom_links_restrict_cascade_or_clear() {
    for (rule, expected) in
        [(LinkRule::Restrict, "restricted"), (LinkRule::Cascade, "gone"), (LinkRule::Clear, "cleared")]
    {
        let (crm, session) = open();
        session
            .custom_types()
            .create(CustomType { name: "x_asset".into(), ..CustomType::default() })
            .unwrap();
        let link = session
            .custom_fields()
            .create(CustomField {
                kind: CustomKind::Link,
                target: Some("person".into()),
                on_delete: Some(rule),
                ..CustomField::new("x_asset", "x_owner")
            })
            .unwrap();
        let owner = person(&session, "Owner");
        let asset = session.records("x_asset").create(&json!({"x_owner": owner.meta.id})).unwrap();
        let id: RecordId = asset["id"].as_str().unwrap().parse().unwrap();
        let outcome = match session.people().delete(owner.meta.id) {
            Err(error) => error.kind().status().to_string().replace("320", "restricted"),
            Ok(()) => match session.records("x_asset").find(id).unwrap() {
                None => "gone".into(),
                Some(asset) if asset.contains_key("x_owner") => "dangling".into(),
                Some(_) => "cleared".into(),
            },
        };
        assert_eq!(outcome, expected, "{rule}");
        if rule == LinkRule::Restrict {
            // With the definition in the bin nobody is asked, and nothing dangles when it comes back.
            session.custom_fields().delete(link.meta.id).unwrap();
            session.people().delete(owner.meta.id).unwrap();
            session.custom_fields().restore(link.meta.id).unwrap();
            assert!(!session.records("x_asset").get(id).unwrap().contains_key("x_owner"));
        }
        assert!(crm.integrity_check().unwrap().is_empty());
    }
}

#[test]
fn personal_custom_fields_are_sealed_in_the_journal() {
    let (crm, session) = open();
    let session = session.with_special_categories(crm_core::privacy::SpecialCategoryGround::ExplicitConsent);
    for (name, class) in [("x_open", PersonalClass::Ordinary), ("x_closed", PersonalClass::Special)] {
        session.custom_fields().create(CustomField { class, ..CustomField::new("person", name) }).unwrap();
    }
    let people = session.records("person");
    let made =
        people.create(&json!({"family_name": "A", "x_open": "haystack", "x_closed": "needle"})).unwrap();
    let id: RecordId = made["id"].as_str().unwrap().parse().unwrap();
    people.patch(id, &json!({"x_closed": "needle again"})).unwrap();
    let mut payloads = String::new();
    crm.database()
        .read(ReadMode::Snapshot, &mut |connection| {
            let found = query_all(
                connection,
                "SELECT plain FROM crm_journal WHERE record = ?1",
                &[Param::Id(id)],
                |row| Ok(row.text(0)?.unwrap_or_default().to_owned()),
            )?;
            payloads = found.concat();
            Ok(())
        })
        .unwrap();
    assert!(payloads.contains("haystack") && !payloads.contains("needle"), "{payloads}");
    let history = people.history(id, None, 10).unwrap();
    assert_eq!(history[0].changes[0].before, json!("needle"));
}
