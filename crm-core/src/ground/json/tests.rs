//! Both sinks give what serde_json gives.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::{JsonText, TextSink, TreeSink, text, tree, write};

fn text_of(value: &impl Serialize) -> String {
    text(value).unwrap()
}

fn tree_of(value: &impl Serialize) -> Json {
    tree(value).unwrap()
}

fn check(value: &impl Serialize) {
    assert_eq!(text_of(value), serde_json::to_string(value).unwrap());
    assert_eq!(tree_of(value), serde_json::to_value(value).unwrap());
}

#[derive(Serialize)]
enum Shape {
    Unit,
    Newtype(u8),
    Tuple(i8, f32),
    Struct { name: &'static str, inner: Box<Shape> },
}

#[derive(Serialize)]
struct Newtype(Option<char>);

#[derive(Serialize)]
struct Pair((), bool);

#[derive(Serialize)]
struct Members {
    none: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<u32>,
    newtype: Newtype,
    pair: Pair,
    shapes: Vec<Shape>,
    map: BTreeMap<String, Vec<[u64; 2]>>,
    number: f64,
}

#[test]
fn every_shape_has_the_form_that_serde_json_gives_it() {
    check(&Members {
        none: None,
        left_out: None,
        newtype: Newtype(Some('"')),
        pair: Pair((), true),
        shapes: vec![
            Shape::Unit,
            Shape::Newtype(7),
            Shape::Tuple(-1, 0.5),
            Shape::Struct {
                name: "",
                inner: Box::new(Shape::Struct { name: "{", inner: Box::new(Shape::Unit) }),
            },
        ],
        map: BTreeMap::from([(String::new(), vec![]), ("a,\n".to_owned(), vec![[0, u64::MAX], [1, 2]])]),
        number: 1e300,
    });
    check(&[f64::NAN, f64::INFINITY, -0.0, 0.1]);
    check(&(i64::MIN, "x", [(); 0]));
    check(&"only a text");
}

#[test]
fn every_escape_is_the_one_of_serde_json() {
    let all: String = (0..0x3000).filter_map(char::from_u32).collect();
    check(&all);
    // A text in the words of a value comes in pieces.
    assert_eq!(text_of(&format_args!("{}\"{}\\", 'a', '\u{1}')), r#""a\"\u0001\\""#);
}

#[test]
fn names_are_texts() {
    let mut text = String::new();
    let numbers = BTreeMap::from([(1, 2)]);
    assert!(write(&numbers, &mut TextSink::at_end_of(&mut text)).is_err());
    assert!(write(&numbers, &mut TreeSink::default()).is_err());
}

#[test]
fn json_text_is_a_value_in_every_form() {
    for (given, expected) in [
        (r#"[{"a":1},"b"]"#, json!([{"a": 1}, "b"])),
        (" 12 \n", json!(12)),
        (r#""a\u0001""#, json!("a\u{1}")),
        ("{\"a\":", Json::Null),
        ("", Json::Null),
        ("1,2", Json::Null),
    ] {
        let wrapped = [Some(JsonText(given)), None, Some(JsonText(given))];
        let expected = json!([expected, null, expected]);
        assert_eq!(tree_of(&wrapped), expected, "{given}");
        assert_eq!(serde_json::to_value(&wrapped).unwrap(), expected, "{given}");
        assert_eq!(text_of(&wrapped), expected.to_string(), "{given}");
        assert_eq!(serde_json::to_string(&wrapped).unwrap(), expected.to_string(), "{given}");
    }
}

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        ".*".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::from),
            prop::collection::vec((".*", inner), 0..6)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_tree_comes_out_as_it_went_in(value in any_json()) {
        prop_assert_eq!(text_of(&value), value.to_string());
        prop_assert_eq!(tree_of(&value), value.clone());
        prop_assert_eq!(text_of(&JsonText(&value.to_string())), value.to_string());
    }
}
