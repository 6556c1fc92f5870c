//! Filters that are refused: with which code, and where.

use crm_core::record::filter::compile::compile;
use crm_core::record::filter::{
    Filter, MAX_CHILDREN_DEPTH, MAX_DEPTH, MAX_LENGTH, MAX_NODES, MAX_OPERANDS, field, from_json_text, parse,
};
use crm_core::{CrmError, ErrorKind};

use super::support::{Database, context, schema};

fn refusal(record_type: &str, filter: Result<Filter, CrmError>) -> CrmError {
    let schema = schema();
    let context = context(&schema);
    match filter {
        Err(error) => error,
        Ok(filter) => compile(&filter, schema.require(record_type).unwrap(), &context)
            .map(|_| filter.to_string())
            .expect_err("was not refused"),
    }
}

#[test]
fn text_is_refused_at_its_position() {
    for (text, code, position) in [
        // Syntax.
        ("amount >", "filter.syntax", 8),
        ("and", "filter.syntax", 3),
        ("code", "filter.syntax", 4),
        ("code = ", "filter.syntax", 7),
        ("code = x", "filter.syntax", 7),
        ("code == \"x\"", "filter.syntax", 6),
        ("code = \"x", "filter.syntax", 7),
        ("code = \"\\q\"", "filter.syntax", 8),
        ("code = \"\\u{110000}\"", "filter.syntax", 8),
        ("code = \"x\" code", "filter.syntax", 11),
        ("(code = \"x\"", "filter.syntax", 11),
        ("code = \"x\")", "filter.syntax", 10),
        ("code is 5", "filter.syntax", 8),
        ("code is not 5", "filter.syntax", 12),
        ("code not = 5", "filter.syntax", 9),
        ("code in 5", "filter.syntax", 8),
        ("code in (\"a\" \"b\")", "filter.syntax", 13),
        ("code in (\"a\",)", "filter.syntax", 13),
        ("count between 1 or 2", "filter.syntax", 16),
        ("code starts \"a\"", "filter.syntax", 12),
        ("code contains 5", "filter.syntax", 14),
        ("code like \"a\"", "filter.syntax", 5),
        ("organisation. = 5", "filter.syntax", 14),
        ("sum(deals) > 5", "filter.syntax", 0),
        ("exists()", "filter.syntax", 7),
        ("exists(tasks when done = true)", "filter.syntax", 13),
        ("count(tasks)", "filter.syntax", 12),
        ("count(tasks) > 1.5", "filter.syntax", 15),
        ("count(tasks) > -1", "filter.syntax", 15),
        ("count(tasks) > 99999999999", "filter.syntax", 15),
        ("close_date in last 3 parsecs", "filter.syntax", 21),
        ("close_date in the week", "filter.syntax", 14),
        ("close_date = today - days", "filter.syntax", 21),
        ("count = 99999999999999999999999999999999", "filter.syntax", 8),
        ("owner = my house", "filter.syntax", 11),
        ("code = \"a\" ; drop", "filter.syntax", 11),
        ("code = 'a'", "filter.syntax", 7),
        ("not", "filter.syntax", 3),
        ("not (", "filter.syntax", 5),
        ("tags has any \"a\"", "filter.syntax", 13),
        ("close_date = 2026-02-30", "date.invalid", 13),
        ("created_at = 2026-01-01T25:00:00Z", "time.invalid", 13),
        ("amount = 5 ZZQ", "currency.unknown", 11),
        // Fields and paths.
        ("nothing = 5", "field.unknown", 0),
        ("done = true and nothing = 5", "field.unknown", 16),
        ("organisation.nothing = 5", "field.unknown", 0),
        ("code.nothing = 5", "filter.path", 0),
        ("amount.value = 5", "filter.path", 0),
        ("amount.currency.code = 5", "filter.path", 0),
        ("id.name = 5", "filter.path", 0),
        ("name_key.x = 5", "field.unknown", 0),
        ("organisation.parent.parent.parent.parent.parent.name = \"x\"", "filter.link_depth", 0),
        // Operators.
        ("done > true", "filter.operator", 0),
        ("owner < me", "filter.operator", 0),
        ("data = \"x\"", "filter.operator", 0),
        ("data contains \"x\"", "filter.operator", 0),
        ("tags = \"vip\"", "filter.operator", 0),
        ("code has \"vip\"", "filter.operator", 0),
        ("count contains \"1\"", "filter.operator", 0),
        ("amount.currency > \"EUR\"", "filter.operator", 0),
        ("colours starts with \"r\"", "filter.operator", 0),
        // Operands.
        ("code = 5", "filter.operand", 7),
        ("code = true", "filter.operand", 7),
        ("code contains \"\"", "filter.operand", 0),
        ("code contains \" \"", "filter.operand", 0),
        ("count = \"5\"", "filter.operand", 8),
        ("count = 1.5", "filter.operand", 8),
        ("count = 9223372036854775808", "filter.operand", 8),
        ("rate = 1.234", "filter.operand", 7),
        ("done = 1", "filter.operand", 7),
        ("close_date = 5", "filter.operand", 13),
        ("close_date = \"soon\"", "filter.operand", 13),
        ("close_date > now", "filter.operand", 13),
        ("created_at > \"soon\"", "time.invalid", 13),
        ("amount = \"5 EUR\"", "filter.operand", 9),
        ("amount > 1000", "filter.currency_missing", 9),
        ("amount in (5 EUR, 6)", "filter.currency_missing", 18),
        ("amount = 5.001 EUR", "money.too_many_decimals", 9),
        ("amount between 1 EUR and 2 USD", "filter.operand", 25),
        ("amount.currency = \"EURO\"", "currency.unknown", 18),
        ("priority = \"urgent\"", "filter.option", 11),
        ("priority > \"urgent\"", "filter.option", 11),
        ("priority in (\"low\", \"urgent\")", "filter.option", 20),
        ("colours has \"pink\"", "filter.option", 12),
        ("stage.type = \"closed\"", "filter.option", 13),
        ("owner = \"Ann\"", "id.invalid", 8),
        ("organisation = me", "filter.operand", 15),
        ("owner = my team", "filter.operand", 8),
        ("close_date in last 99999 years", "filter.date_range", 14),
        ("created_at > now - 4294967296 weeks", "filter.date_range", 13),
        // Linking records.
        ("exists(nothing)", "type.unknown", 7),
        ("exists(stages)", "filter.child", 7),
        ("exists(tasks via done)", "filter.child", 17),
        ("exists(tasks via nothing)", "field.unknown", 17),
        ("exists(tasks where nothing = 1)", "field.unknown", 19),
        ("count(people) > 1", "filter.child", 6),
    ] {
        let error = refusal("deal", parse(text));
        let found = (error.code(), error.path().unwrap_or("nowhere"));
        assert_eq!(found, (code, format!("position {position}").as_str()), "{text}: {error}");
        assert_eq!(error.details()["offset"], position, "{text}");
    }
    for (record_type, text, code, position) in [
        ("person", "emails = \"x\"", "filter.operator", 0),
        ("person", "emails has \"x\"", "filter.operator", 0),
        ("person", "emails.label = \"x\"", "filter.not_indexed", 0),
        ("person", "emails.label is null", "filter.not_indexed", 0),
        ("person", "emails.nothing = \"x\"", "filter.path", 0),
        ("person", "emails.address > \"x\"", "filter.operator", 0),
        ("person", "emails.address = 5", "filter.operand", 17),
        ("task", "about = \"deal\"", "reference.invalid", 8),
        ("task", "about = \"house:00000000-0000-0000-0000-000000000001\"", "type.unknown", 8),
        ("task", "about.type = \"house\"", "type.unknown", 13),
        ("task", "about.name = \"house\"", "filter.path", 0),
        ("organisation", "exists(people)", "filter.child", 7),
    ] {
        let error = refusal(record_type, parse(text));
        let found = (error.code(), error.path().unwrap_or("nowhere"));
        assert_eq!(found, (code, format!("position {position}").as_str()), "{text}: {error}");
    }
}

#[test]
fn lines_and_columns_are_told() {
    let error = parse("done = true\n  and \"é\" = 5").unwrap_err();
    assert_eq!((error.details()["line"].as_u64(), error.details()["column"].as_u64()), (Some(2), Some(7)));
    let error = parse("code = \"ééé\" oder").unwrap_err();
    assert_eq!((error.path(), error.details()["column"].as_u64()), (Some("position 16"), Some(14)));
    assert_eq!(error.reason(), "expected and, or, or the end");
}

#[test]
fn json_is_refused_at_its_pointer() {
    for (json, code, path) in [
        ("", "filter.json", "line 1 column 0"),
        ("{", "filter.json", "line 1 column 1"),
        ("5", "filter.json", ""),
        ("{}", "filter.json", ""),
        (r#"{"and":5}"#, "filter.json", "/and"),
        (r#"{"and":[true,5]}"#, "filter.json", "/and/1"),
        (r#"{"and":[],"or":[]}"#, "filter.json", "/or"),
        (r#"{"not":{"field":"code","op":"=","value":"a","a/b":1}}"#, "filter.json", "/not/a~1b"),
        (r#"{"field":5,"op":"="}"#, "filter.json", "/field"),
        (r#"{"field":"a b","op":"=","value":1}"#, "filter.json", "/field"),
        (r#"{"field":"code"}"#, "filter.json", "/op"),
        (r#"{"field":"code","op":"like","value":"a"}"#, "filter.json", "/op"),
        (r#"{"field":"code","op":"="}"#, "filter.json", "/value"),
        (r#"{"field":"code","op":"<","value":null}"#, "filter.json", "/value"),
        (r#"{"field":"code","op":"=","value":[1]}"#, "filter.json", "/value"),
        (r#"{"field":"code","op":"in","value":"a"}"#, "filter.json", "/value"),
        (r#"{"field":"code","op":"in","value":["a",{}]}"#, "filter.json", "/value/1"),
        (r#"{"field":"code","op":"between","value":[1]}"#, "filter.json", "/value"),
        (r#"{"field":"code","op":"is_null","value":1}"#, "filter.json", "/value"),
        (r#"{"field":"code","op":"contains","value":1}"#, "filter.json", "/value"),
        (r#"{"field":"close_date","op":"=","value":{"relative":"5"}}"#, "filter.json", "/value"),
        (r#"{"field":"close_date","op":"=","value":{"date":"x"}}"#, "date.invalid", "/value"),
        (r#"{"field":"owner","op":"=","value":{"me":false}}"#, "filter.json", "/value"),
        (r#"{"exists":"task"}"#, "filter.json", "/exists"),
        (r#"{"exists":{"via":"about"}}"#, "filter.json", "/exists/child"),
        (r#"{"exists":{"child":"task","where":5}}"#, "filter.json", "/exists/where"),
        (r#"{"count":{"child":"task"}}"#, "filter.json", "/op"),
        (r#"{"count":{"child":"task"},"op":"=","value":-1}"#, "filter.json", "/value"),
        (r#"{"or":[true,{"field":"nothing","op":"=","value":1}]}"#, "field.unknown", "/or/1/field"),
        (r#"{"or":[true,{"field":"count","op":"=","value":"1"}]}"#, "filter.operand", "/or/1/value"),
        (r#"{"exists":{"child":"x"}}"#, "type.unknown", "/exists/child"),
        (r#"{"not":"code ="}"#, "filter.syntax", "/not: position 6"),
    ] {
        let error = refusal("deal", from_json_text(json));
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{json}: {error}");
    }
}

#[test]
fn a_filter_built_in_rust_is_refused_by_its_field() {
    let error = refusal("deal", Ok(field("organisation.nothing").equals(5)));
    assert_eq!((error.code(), error.path()), ("field.unknown", Some("organisation.nothing")));
    let error = refusal("deal", Ok(field("priority").equals("urgent")));
    assert_eq!(error.details()["options"], serde_json::json!(["low", "medium", "high"]));
    assert_eq!(error.reason(), "is none of the options low, medium, high");
}

#[test]
fn size_is_limited() {
    let check = |text: &str, code: &str| {
        let error = refusal("deal", parse(text));
        assert_eq!((error.code(), error.kind()), (code, ErrorKind::Limit));
    };
    check(&"x".repeat(10_000_000), "filter.too_long");
    check(&" ".repeat(MAX_LENGTH + 1), "filter.too_long");
    check(&"(".repeat(MAX_LENGTH), "filter.too_deep");
    check(&"not ".repeat(MAX_DEPTH + 1), "filter.too_deep");
    check(&"exists(tasks where ".repeat(MAX_DEPTH + 1), "filter.too_deep");
    let open = "exists(tasks via owner where ".repeat(MAX_CHILDREN_DEPTH + 1);
    check(&format!("{open}true{}", ")".repeat(MAX_CHILDREN_DEPTH + 1)), "filter.too_deep");
    check(&vec!["count = 1"; MAX_NODES + 1].join(" or "), "filter.too_many");
    check(&format!("count in ({})", vec!["1"; MAX_OPERANDS + 1].join(",")), "filter.too_many");
    let json = |text: &str| from_json_text(text).unwrap_err().code().to_owned();
    assert_eq!(json(&" ".repeat(10_000_000)), "filter.too_long");
    assert_eq!(json(&format!("{}true{}", r#"{"not":"#.repeat(60), "}".repeat(60))), "filter.too_deep");
    assert_eq!(json(&"[".repeat(60_000)), "filter.json");
    let mut deep = Filter::All;
    for _ in 0..MAX_DEPTH {
        deep = !deep;
    }
    assert_eq!(refusal("deal", Ok(deep)).code(), "filter.too_deep");
}

/// What the limits allow, the database takes.
#[test]
fn the_largest_filters_run() {
    let schema = schema();
    let database = Database::new(&schema);
    let context = context(&schema);
    let run = |text: &str| {
        let filter = parse(text).unwrap();
        let selection = compile(&filter, schema.require("organisation").unwrap(), &context).unwrap();
        let statement = selection.statement("SELECT t.row_id").unwrap();
        assert!(database.numbers(&statement).is_empty());
    };
    run(&vec!["version = 1"; MAX_NODES - 1].join(" or "));
    run(&vec!["version = 1"; MAX_NODES - 1].join(" and "));
    run(&format!("version in ({})", vec!["1"; MAX_OPERANDS].join(",")));
    let depth = MAX_DEPTH - 1;
    run(&format!("{}version = 1", "not ".repeat(depth)));
    let open = "exists(organisations where version = 2 and count(organisations) = 0 and not (id is null or "
        .repeat(MAX_CHILDREN_DEPTH - 1);
    run(&format!("{open}version = 1{}", "))".repeat(MAX_CHILDREN_DEPTH - 1)));
    let path = "parent.parent.parent.parent.parent.name = \"x\"";
    run(&format!("not ({path} or parent.owner.name = \"x\")"));
}
