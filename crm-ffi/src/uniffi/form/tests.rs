//! What pieces become in a buffer, read back the way the other languages read it.

use ::uniffi::{Lift, Lower};
use crm_core::operation::Sink;
use serde_json::{Value as Json, json};

use super::{Form, Lowering, stored};
use crate::UniFfiTag;
use crate::uniffi::{Filter, JsonText, Membership, Person, Redaction, StageType};

/// The buffer of a JSON value, or what was expected where it is something else.
fn lower<T: Form>(json: &str) -> Result<Vec<u8>, &'static str> {
    let mut lowering = Lowering::new(T::SHAPE);
    assert!(stored::read(json, &mut lowering), "{json}");
    lowering.finish()
}

/// The value that another language gets.
fn given<T: Form + Lift<UniFfiTag>>(json: &str) -> Result<T, &'static str> {
    let buffer = lower::<T>(json)?;
    let mut rest = buffer.as_slice();
    let value = T::try_read(&mut rest).expect("the buffer is as the type says");
    assert_eq!(rest.len(), 0, "{json}");
    Ok(value)
}

/// Checks what texts of JSON become.
fn check<T: Form + Lift<UniFfiTag> + PartialEq + std::fmt::Debug>(rows: &[(&str, Result<T, &'static str>)]) {
    for (json, expected) in rows {
        assert_eq!(given::<T>(json), *expected, "{json}");
    }
}

#[test]
fn values_become_what_their_types_say() {
    check::<bool>(&[
        ("true", Ok(true)),
        ("false", Ok(false)),
        ("null", Err("boolean")),
        ("1", Err("boolean")),
    ]);
    check::<i64>(&[
        ("-9223372036854775808", Ok(i64::MIN)),
        ("9223372036854775808", Err("i64")),
        ("1.5", Err("i64")),
    ]);
    check::<u64>(&[("18446744073709551615", Ok(u64::MAX)), ("-1", Err("u64")), ("null", Err("u64"))]);
    check::<i32>(&[("-2147483648", Ok(i32::MIN)), ("2147483648", Err("i32"))]);
    check::<u32>(&[("4294967295", Ok(u32::MAX)), ("4294967296", Err("u32"))]);
    check::<f64>(&[("2.5", Ok(2.5)), ("-3", Ok(-3.0)), ("\"3\"", Err("f64"))]);
    check::<String>(&[
        ("\"zażółć \\u0007\"", Ok("zażółć \u{7}".into())),
        ("\"\"", Ok(String::new())),
        ("7", Err("text")),
    ]);
    check::<StageType>(&[
        ("\"open\"", Ok(StageType::Open)),
        ("\"won\"", Ok(StageType::Won)),
        ("\"x\"", Err("key")),
    ]);
    check::<Option<bool>>(&[("null", Ok(None)), ("true", Ok(Some(true))), ("[]", Err("boolean"))]);
    check::<Vec<Option<u32>>>(&[
        ("[1, null, 2]", Ok(vec![Some(1), None, Some(2)])),
        ("null", Ok(vec![])),
        ("{}", Err("list")),
    ]);
    check::<Vec<Vec<String>>>(&[(r#"[[], ["a", "b"]]"#, Ok(vec![vec![], vec!["a".into(), "b".into()]]))]);
    let map = [("a".to_owned(), 1_u32), ("b".to_owned(), 2)].into();
    check::<std::collections::HashMap<String, u32>>(&[
        (r#"{"a": 1, "b": 2}"#, Ok(map)),
        ("[]", Err("object")),
    ]);
}

#[test]
fn any_json_becomes_its_text() {
    let text = |text: &str| Ok(JsonText(text.to_owned()));
    check::<JsonText>(&[
        ("null", text("null")),
        (" [1, {\"a\": \"\\\"\"}, null] ", text(r#"[1,{"a":"\""},null]"#)),
        ("\"a\"", text("\"a\"")),
        ("-1.5", text("-1.5")),
    ]);
    let filter = |text: &str| Ok(Filter(text.to_owned()));
    check::<Filter>(&[
        ("\"name = \\\"A\\\"\"", filter("name = \"A\"")),
        (r#"{"all": [{"x": 1}]}"#, filter(r#"{"all":[{"x":1}]}"#)),
    ]);
    let several = vec![JsonText("{}".to_owned()), JsonText("2".to_owned())];
    check::<Vec<JsonText>>(&[("[{}, 2]", Ok(several))]);
}

/// A person with members of every sort, in the order in which the engine writes them.
fn ada() -> serde_json::Map<String, Json> {
    let ada = json!({
        "id": "0197", "version": 3, "created_at": "2026", "updated_at": "2027", "given_name": "Ada",
        "emails": [{"address": "ada@example.com", "kind": "work"}, {"address": "b@example.com"}],
        "tags": ["a", "b"], "x_size": {"w": [1, 2]}, "x_none": null, "x_colour": "red",
        "redactions": [{"field": "nickname", "reason": "purpose.not_allowed"}],
    });
    let Json::Object(members) = ada else { unreachable!() };
    members
}

#[test]
fn records_have_custom_fields_and_leave_out_what_is_empty() {
    let ada: Person = given(&Json::Object(ada()).to_string()).unwrap();
    assert_eq!((ada.id.as_str(), ada.version, ada.given_name.as_deref()), ("0197", 3, Some("Ada")));
    assert_eq!((ada.family_name, ada.phones.len(), ada.emails.len()), (None, 0, 2));
    assert_eq!(ada.emails[1].address.as_deref(), Some("b@example.com"));
    assert_eq!(ada.redactions[0].field, "nickname");
    let custom = [("x_size", r#"{"w":[1,2]}"#), ("x_colour", "\"red\"")];
    assert_eq!(ada.custom, custom.map(|(name, text)| (name.to_owned(), JsonText(text.to_owned()))).into());
}

#[test]
fn members_may_come_in_any_order_and_unknown_ones_are_passed_over() {
    let expected: Person = given(&Json::Object(ada()).to_string()).unwrap();
    let members: Vec<(String, Json)> = ada().into_iter().collect();
    for turn in 0..members.len() {
        for reversed in [false, true] {
            let mut members = members.clone();
            members.rotate_left(turn);
            if reversed {
                members.reverse();
            }
            members.insert(turn, ("of_tomorrow".to_owned(), json!({"id": [{"id": 1}]})));
            let text = Json::Object(members.into_iter().collect()).to_string();
            assert_eq!(given::<Person>(&text).as_ref(), Ok(&expected), "{text}");
        }
    }
}

#[test]
fn what_is_always_there_is_missed_unless_it_was_left_blank() {
    let whole = r#"{"organisation": "1", "name": "A", "redactions": []}"#;
    assert_eq!(given::<Membership>(whole).map(|membership| membership.name).as_deref(), Ok("A"));
    let blank = r#"{"redactions": [{"field": "name", "reason": "r"}], "organisation": "1"}"#;
    let redaction = Redaction { field: "name".to_owned(), reason: "r".to_owned() };
    let membership = given::<Membership>(blank).unwrap();
    assert_eq!((membership.name.as_str(), membership.redactions), ("", vec![redaction]));
    for missed in [
        r#"{"organisation": "1", "redactions": []}"#,
        r#"{"organisation": "1", "redactions": [{"field": "role", "reason": "r"}]}"#,
        r#"{"organisation": "1", "name": null, "redactions": []}"#,
        r#"{"name": 1, "organisation": "1"}"#,
    ] {
        assert_eq!(given::<Membership>(missed).map(|_| ()), Err("text"), "{missed}");
    }
    assert_eq!(given::<Membership>("[]").map(|_| ()), Err("object"));
}

#[test]
fn the_layout_is_that_of_uniffi() {
    // Without custom fields, since a map has no order.
    let mut members = ada();
    members.retain(|name, _| !name.starts_with("x_"));
    let text = Json::Object(members).to_string();
    let ada: Person = given(&text).unwrap();
    let mut expected = Vec::new();
    <Person as Lower<UniFfiTag>>::write(ada, &mut expected);
    assert_eq!(lower::<Person>(&text), Ok(expected));
}

#[test]
fn what_comes_after_a_fault_is_not_looked_at() {
    let mut lowering = Lowering::new(<Vec<u32>>::SHAPE);
    stored::read(r#"[1, "2", 3, {"a": []}]"#, &mut lowering);
    lowering.json("[");
    assert_eq!(lowering.finish(), Err("u32"));
    let mut broken = Lowering::new(<Vec<u32>>::SHAPE);
    broken.json("[1");
    assert_eq!(broken.finish(), Err("JSON"));
}
