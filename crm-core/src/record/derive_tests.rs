//! `#[derive(Record)]`, the field types and the select enums, on a record with every kind of field.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::descriptor::{DataClass, FieldDescriptor, FieldKind, OnDelete, SearchRole, Subject};
use super::parts::{Part, PartContext, PartsDescriptor, parts_descriptor};
use super::rules::Rules;
use super::select::select;
use super::{FieldType, Meta, Record, Redaction, Reference, Value};
use crate::error::{ErrorKind, Result};
use crate::ground::currency::Currency;
use crate::ground::ids::{RecordId, typed_ids};
use crate::ground::money::Money;
use crate::ground::time::{Date, Timestamp};

typed_ids! {
    /// A sample.
    SampleId => "sample";
    /// A person.
    PersonId => "person";
}

select! {
    /// How a sample stands.
    pub(crate) enum Status {
        /// Not begun.
        #[default]
        New = "new",
        /// Waiting.
        OnHold = "on_hold": "Waiting",
        /// Over.
        Done = "done",
    }

    /// Without a default.
    enum Size { Small = "small", Large = "large" }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
struct Note {
    text: String,
}

impl Part for Note {
    const DESCRIPTOR: &'static PartsDescriptor = &parts_descriptor::<Self>("note", &[]);

    fn normalise(&mut self, _context: &PartContext) -> Result<()> {
        Ok(())
    }

    fn index_terms(&self, _add: &mut dyn FnMut(&'static str, String)) {}

    fn search_text(&self, _add: &mut dyn FnMut(&str)) {}
}

struct SampleRules;
impl Rules for SampleRules {}

/// A sample of every kind
/// of field.
///
/// This paragraph is not part of the description.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(name = "sample", plural = "samples", id = SampleId, sort_key("title", "code"), rules = SampleRules)]
#[record(subject = "person", timeline(at = "moment", subjects("person", "about")))]
#[record(index("status", "day"), index("owner", "count"))]
struct Sample {
    meta: Meta,
    /// What it is called.
    #[field(personal, search = title, max = 100)]
    title: String,
    #[field(special, search = body, long)]
    story: Option<String>,
    #[field(unique, search = detail, label = "Number")]
    code: Option<String>,
    #[field(url)]
    site: Option<String>,
    #[field(email, indexed)]
    address: Option<String>,
    #[field(phone, required)]
    telephone: Option<String>,
    r#type: Option<String>,
    #[field(name = "ref")]
    reference: Option<String>,
    active: bool,
    #[field(range(-5, 100), default = 7)]
    count: i64,
    ratio: Option<f64>,
    rate: Decimal,
    #[field(scale = 2, default = Decimal::from(10))]
    probability: Option<Decimal>,
    price: Option<Money>,
    day: Option<Date>,
    #[field(read_only)]
    moment: Timestamp,
    status: Status,
    #[field(default = Size::Large)]
    size: Option<Size>,
    choices: Vec<Status>,
    #[field(on_delete = cascade)]
    person: PersonId,
    #[field(on_delete = clear)]
    friend: Option<PersonId>,
    #[field(on_delete = clear)]
    about: Reference,
    other: Option<Reference>,
    #[field(max = 3)]
    tags: Vec<String>,
    notes: Vec<Note>,
    data: serde_json::Value,
    words: BTreeMap<String, String>,
}

/// Starts the expected descriptor of a field.
fn expect(name: &'static str, kind: FieldKind) -> FieldDescriptor {
    FieldDescriptor::new(name, kind)
}

fn expected_fields() -> Vec<FieldDescriptor> {
    let person = |on_delete| FieldKind::Link { target: "person".into(), on_delete };
    vec![
        expect("title", FieldKind::Text)
            .describe("What it is called.")
            .required()
            .personal()
            .search(SearchRole::Title)
            .max_length(100),
        expect("story", FieldKind::LongText).special().search(SearchRole::Body),
        expect("code", FieldKind::Text).unique().search(SearchRole::Detail).label("Number"),
        expect("site", FieldKind::Url),
        expect("address", FieldKind::Email).indexed(),
        expect("telephone", FieldKind::Phone).required(),
        expect("type", FieldKind::Text),
        expect("ref", FieldKind::Text),
        expect("active", FieldKind::Boolean),
        expect("count", FieldKind::Integer).required().range(-5, 100).default_value(Value::Integer(7)),
        expect("ratio", FieldKind::Number),
        expect("rate", FieldKind::Decimal { scale: 4 }).required(),
        expect("probability", FieldKind::Decimal { scale: 2 })
            .default_value(Value::Decimal(Decimal::from(10))),
        expect("price", FieldKind::Money),
        expect("day", FieldKind::Date),
        expect("moment", FieldKind::Timestamp).required().read_only(),
        expect("status", FieldKind::Select(super::select::options::<Status>()))
            .required()
            .default_value(Value::Text("new".into())),
        expect("size", FieldKind::Select(super::select::options::<Size>()))
            .default_value(Value::Text("large".into())),
        expect("choices", FieldKind::MultiSelect(super::select::options::<Status>())),
        expect("person", person(OnDelete::Cascade)).required(),
        expect("friend", person(OnDelete::Clear)),
        expect("about", FieldKind::Reference { on_delete: OnDelete::Clear }).required(),
        expect("other", FieldKind::Reference { on_delete: OnDelete::Restrict }),
        expect("tags", FieldKind::List).max_length(3),
        expect("notes", FieldKind::Parts(Note::DESCRIPTOR)),
        expect("data", FieldKind::Json),
        expect("words", FieldKind::Json),
    ]
}

#[test]
fn describes_every_field() {
    let fields = Sample::descriptor().fields;
    let expected = expected_fields();
    assert_eq!(fields.len(), expected.len());
    for (field, expected) in fields.into_iter().zip(expected) {
        assert_eq!(field, expected);
    }
}

#[test]
fn describes_the_type() {
    let descriptor = Sample::descriptor();
    assert_eq!((Sample::NAME, &*descriptor.name, &*descriptor.plural), ("sample", "sample", "samples"));
    assert_eq!(descriptor.description, "A sample of every kind of field.");
    assert_eq!(descriptor.sort_key, ["title", "code"]);
    assert_eq!(descriptor.subject, Subject::Field("person".into()));
    let timeline = descriptor.timeline.unwrap();
    assert_eq!((&*timeline.at, timeline.subjects), ("moment", vec!["person".into(), "about".into()]));
    assert_eq!(descriptor.indexes, [["status", "day"], ["owner", "count"]]);
    assert_eq!(descriptor.fields[0].class, DataClass::Personal);
    assert_eq!(descriptor.fields[1].class, DataClass::Special);
}

fn values_of(sample: Sample) -> Vec<Value> {
    let mut values = Vec::new();
    sample.into_values(&mut values);
    values
}

fn position(field: &str) -> usize {
    Sample::descriptor().fields.iter().position(|descriptor| descriptor.name == field).unwrap()
}

fn euros(cents: i64) -> Money {
    Money::new(cents, Currency::from_code("EUR").unwrap())
}

#[test]
fn values_take_their_stored_form() {
    let id = RecordId::from_bytes([7; 16]);
    let sample = Sample {
        title: "A".into(),
        price: Some(euros(150)),
        status: Status::OnHold,
        choices: vec![Status::Done, Status::New],
        person: PersonId(id),
        friend: Some(PersonId::default()),
        other: Some(Reference::new("deal", id)),
        tags: vec!["b\"".into(), "a".into()],
        notes: vec![Note { text: "hello".into() }],
        data: json!({"b": 1, "a": {"d": 2, "c": []}}),
        story: Some(String::new()),
        ..Sample::default()
    };
    let values = values_of(sample);
    let json = |text: &str| Value::Json(text.into());
    for (field, expected) in [
        ("title", Value::Text("A".into())),
        ("story", Value::Null),
        ("active", Value::Boolean(false)),
        ("price", Value::Money(euros(150))),
        ("status", Value::Text("on_hold".into())),
        ("size", Value::Null),
        ("choices", json(r#"["done","new"]"#)),
        ("person", Value::Id(id)),
        ("friend", Value::Null),
        ("about", Value::Null),
        ("other", Reference::new("deal", id).into()),
        ("tags", json(r#"["b\"","a"]"#)),
        ("notes", json(r#"[{"text":"hello"}]"#)),
        ("data", json(r#"{"a":{"c":[],"d":2},"b":1}"#)),
        ("words", Value::Null),
    ] {
        assert_eq!(values[position(field)], expected, "{field}");
    }
}

#[test]
fn damaged_values_are_errors_that_name_the_field() {
    let json = |text: &str| Value::Json(text.into());
    for (field, value) in [
        ("title", Value::Integer(1)),
        ("active", Value::Text("true".into())),
        ("count", Value::Null),
        ("rate", Value::Integer(1)),
        ("status", Value::Null),
        ("status", Value::Text("gone".into())),
        ("size", Value::Integer(1)),
        ("choices", json(r#"["gone"]"#)),
        ("person", Value::Text("x".into())),
        ("tags", json("[1]")),
        ("notes", json("[{}]")),
        ("notes", Value::Text("[]".into())),
        ("data", json("{")),
    ] {
        let mut values = values_of(Sample::default());
        values[position(field)] = value;
        let error = Sample::from_values(Meta::default(), &mut values.into_iter()).unwrap_err();
        assert_eq!((error.code(), error.kind()), ("storage.value", ErrorKind::Corrupt), "{field}: {error}");
        assert_eq!(error.path(), Some(field));
    }
    let error = Sample::from_values(Meta::default(), &mut Vec::new().into_iter()).unwrap_err();
    assert_eq!((error.code(), error.path()), ("storage.value", Some("title")));
}

#[test]
fn redacted_fields_are_blank() {
    let mut values = values_of(Sample { count: 3, status: Status::Done, ..Sample::default() });
    let mut meta = Meta::default();
    for field in ["count", "status"] {
        values[position(field)] = Value::Null;
        meta.redactions.push(Redaction { field: field.into(), reason: "field.hidden".into() });
    }
    let sample = Sample::from_values(meta, &mut values.into_iter()).unwrap();
    assert_eq!((sample.count, sample.status), (0, Status::New));
}

#[test]
fn select_enums_speak_in_keys() {
    assert_eq!(Status::ALL, [Status::New, Status::OnHold, Status::Done]);
    assert_eq!(Status::default(), Status::New);
    assert_eq!(Status::OnHold.to_string(), "on_hold");
    for (option, key, label) in
        [(Status::New, "new", "New"), (Status::OnHold, "on_hold", "Waiting"), (Status::Done, "done", "Done")]
    {
        assert_eq!((option.key(), &*option.label()), (key, label));
        assert_eq!(key.parse::<Status>().unwrap(), option);
        assert_eq!(json!(option), json!(key));
        assert_eq!(serde_json::from_value::<Status>(json!(key)).unwrap(), option);
    }
    let error = "secret".parse::<Status>().unwrap_err();
    assert_eq!((error.code(), error.reason()), ("select.unknown", "is not one of: new, on_hold, done"));
    let error = serde_json::from_str::<Status>("\"secret\"").unwrap_err().to_string();
    assert!(error.starts_with("unknown variant, expected one of: new, on_hold") && !error.contains("secret"));
    assert!(!super::select::are_distinct(&["a", "b", "a"]) && super::select::are_distinct(&["a", "ab", "b"]));
}

#[test]
fn identifiers_are_compared_at_compile_time() {
    assert!(super::typed::derived::is_same("deal", "deal"));
    for (left, right) in [("deal", "deals"), ("deals", "deal"), ("deal", "dial"), ("", "a")] {
        assert!(!super::typed::derived::is_same(left, right), "{left} {right}");
    }
}

fn text() -> impl Strategy<Value = String> {
    ".{0,12}"
}

/// `Some("")` is not in the normal form, so it is left out.
fn optional_text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(".{1,12}")
}

fn status() -> impl Strategy<Value = Status> {
    proptest::sample::select(Status::ALL)
}

fn id() -> impl Strategy<Value = RecordId> {
    any::<[u8; 16]>().prop_map(RecordId::from_bytes)
}

fn reference() -> impl Strategy<Value = Reference> {
    ("[a-z]{1,5}", 1..=u8::MAX)
        .prop_map(|(name, byte)| Reference::new(name, RecordId::from_bytes([byte; 16])))
}

fn document() -> impl Strategy<Value = serde_json::Value> {
    let leaf =
        prop_oneof![Just(json!(null)), any::<bool>().prop_map(|b| json!(b)), text().prop_map(|t| json!(t))];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|list| json!(list)),
            proptest::collection::btree_map(text(), inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

prop_compose! {
    fn scalars()(
        title in text(), story in optional_text(), code in optional_text(), active: bool, count: i64,
        ratio in proptest::option::of(-1e300..1e300_f64), rate: i64, probability: Option<i32>,
        cents: Option<i64>, day in proptest::option::of(0..100_000_u64), moment: i64,
    ) -> Sample {
        Sample {
            title, story, code, active, count, ratio,
            rate: Decimal::new(rate, 4),
            probability: probability.map(|units| Decimal::new(units.into(), 2)),
            price: cents.map(euros),
            day: day.and_then(|days| Date::default().checked_add_days(chrono::Days::new(days))),
            moment: Timestamp::from_micros(moment),
            ..Sample::default()
        }
    }
}

prop_compose! {
    fn samples()(
        base in scalars(), status in status(), choices in proptest::collection::vec(status(), 0..4),
        size in proptest::option::of(proptest::sample::select(Size::ALL)),
        person in id(), friend in proptest::option::of(id()), about in reference(),
        other in proptest::option::of(reference()), tags in proptest::collection::vec(text(), 0..4),
        notes in proptest::collection::vec(text().prop_map(|text| Note { text }), 0..4),
        data in document(), words in proptest::collection::btree_map(text(), text(), 0..4),
    ) -> Sample {
        Sample {
            status, choices, size, about, other, tags, notes, data, words,
            person: PersonId(person),
            friend: friend.filter(|id| !id.is_nil()).map(PersonId),
            ..base
        }
    }
}

proptest! {
    #[test]
    fn values_round_trip(sample in samples(), version: i64) {
        let mut sample = sample;
        sample.meta_mut().version = version;
        let mut values = vec![Value::Integer(1)];
        let meta = sample.clone().into_values(&mut values);
        prop_assert_eq!(values.len(), 1 + Sample::descriptor().fields.len());
        let mut values = values.into_iter();
        values.next();
        prop_assert_eq!(Sample::from_values(meta, &mut values).unwrap(), sample);
    }

    #[test]
    fn equal_documents_have_equal_text(pairs in proptest::collection::btree_map(text(), text(), 0..6)) {
        let forwards: serde_json::Map<_, _> = pairs.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
        let backwards: serde_json::Map<_, _> = pairs.iter().rev().map(|(k, v)| (k.clone(), json!(v))).collect();
        let text = |map| serde_json::Value::Object(map).into_value();
        prop_assert_eq!(text(forwards), text(backwards));
    }
}
