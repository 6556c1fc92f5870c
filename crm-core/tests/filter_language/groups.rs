//! Groups with measures, worked out by hand.

use crm_core::DateUnit;
use crm_core::record::Value;
use crm_core::record::filter::parse;
use crm_core::record::query::{Direction, GroupColumn, GroupPlan, GroupQuery, Groups, MAX_GROUPS, Measure};

use super::support::{context, schema};

fn groups(query: &GroupQuery) -> crm_core::Result<Groups> {
    let schema = schema();
    let database = super::good::database(&schema);
    let context = context(&schema);
    GroupPlan::compile(query, schema.require("deal")?, &context)?.run(&database)
}

fn word(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => format!("{number}f"),
        Value::Decimal(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Boolean(value) => value.to_string(),
        Value::Date(date) => date.to_string(),
        Value::Money(money) => format!("{}{}", money.minor(), money.currency().code()),
        Value::Id(id) => id.to_string().trim_start_matches(['0', '-']).to_owned(),
        other => format!("{other:?}"),
    }
}

fn words(query: &GroupQuery) -> Vec<String> {
    let rows = groups(query).unwrap_or_else(|error| panic!("{query:?}: {error}")).rows;
    let line = |row: &crm_core::record::query::GroupRow| {
        let (keys, measures): (Vec<_>, Vec<_>) =
            (row.keys.iter().map(word).collect(), row.measures.iter().map(word).collect());
        format!("{}: {}", keys.join(" "), measures.join(" "))
    };
    rows.iter().map(line).collect()
}

#[test]
fn groups_are_measured() {
    let sum = || Measure::Sum("amount".into());
    let weighted = || Measure::Weighted { value: "amount".into(), weight: "stage.probability".into() };
    for (query, expected) in [
        (GroupQuery::new().measure(Measure::Count), vec![": 5"]),
        (GroupQuery::new().filter(parse("false").unwrap()).measure(Measure::Count), vec![": 0"]),
        (GroupQuery::new().filter(parse("false").unwrap()).by("done").measure(Measure::Count), vec![]),
        (GroupQuery::new().by("done").measure(Measure::Count), vec!["-: 1", "false: 2", "true: 2"]),
        (
            GroupQuery::new().by("priority").by("done"),
            vec!["- false: ", "high false: ", "high true: ", "low true: ", "medium -: "],
        ),
        // A board: money never crosses currencies, and deals without an amount stand alone.
        (
            GroupQuery::new().by("stage.type").measure(Measure::Count).measure(sum()).measure(weighted()),
            vec!["-: 1 - -", "open: 2 199999EUR 60499EUR", "won: 1 0EUR 0EUR", "won: 1 100000USD 100000USD"],
        ),
        (
            GroupQuery::new()
                .by("stage.type")
                .by("amount.currency")
                .measure(Measure::Average("amount".into())),
            vec!["- -: -", "open EUR: 100000EUR", "won EUR: 0EUR", "won USD: 100000USD"],
        ),
        (
            GroupQuery::new()
                .measure(Measure::Minimum("amount".into()))
                .measure(Measure::Maximum("amount".into())),
            vec![": - -", ": 0EUR 100000EUR", ": 100000USD 100000USD"],
        ),
        (
            GroupQuery::new()
                .measure(Measure::Sum("rate".into()))
                .measure(Measure::Average("rate".into()))
                .measure(Measure::Average("stage.position".into()))
                .measure(Measure::Sum("score".into()))
                .measure(Measure::Average("score".into()))
                .measure(Measure::Minimum("close_date".into()))
                .measure(Measure::Maximum("rate".into()))
                .measure(Measure::CountDistinct("owner".into())),
            vec![": 13.75 4.58333333 2.25 97.5f 32.5f 2026-10-22 10.00 2"],
        ),
        (
            GroupQuery::new().by_bucket("close_date", DateUnit::Month).measure(Measure::Count),
            vec!["-: 1", "2026-10: 1", "2026-11: 2", "2026-12: 1"],
        ),
        (
            GroupQuery::new().by_bucket("close_date", DateUnit::Week).measure(Measure::Count),
            vec!["-: 1", "2026-W43: 1", "2026-W47: 1", "2026-W48: 1", "2026-W53: 1"],
        ),
        // Days and months are those of Zurich.
        (GroupQuery::new().by_bucket("created_at", DateUnit::Year).measure(Measure::Count), vec!["2026: 5"]),
        (
            GroupQuery::new().by_bucket("created_at", DateUnit::Quarter).measure(Measure::Count),
            vec!["2026-Q1: 2", "2026-Q2: 1", "2026-Q4: 2"],
        ),
        (
            GroupQuery::new()
                .by("owner")
                .measure(Measure::Count)
                .sort(GroupColumn::Measure(0), Direction::Descending),
            vec!["65: 2", "66: 2", "-: 1"],
        ),
        (
            GroupQuery::new()
                .by("organisation.name")
                .measure(sum())
                .sort(GroupColumn::Measure(0), Direction::Descending),
            vec!["Alpha: 100000EUR", "Beta_50%: 100000USD", "Müller AG: 99999EUR", "-: -"],
        ),
        (
            GroupQuery::new()
                .by("stage")
                .measure(weighted())
                .sort(GroupColumn::Measure(0), Direction::Descending)
                .limit(2),
            vec!["21: 100000USD", "20: 50499EUR"],
        ),
    ] {
        // Identifiers print in hexadecimal: 101 is 65, 33 is 21.
        assert_eq!(words(&query), expected, "{query:?}");
    }
}

#[test]
fn more_groups_than_wanted_are_told() {
    let by_code = GroupQuery::new().by("code").measure(Measure::Count);
    assert!(groups(&by_code.clone().limit(4)).unwrap().more);
    assert!(!groups(&by_code.limit(5)).unwrap().more);
}

#[test]
fn access_holds_for_groups() {
    let schema = schema();
    let database = super::good::database(&schema);
    let mut context = context(&schema);
    context.access = &|record_type| (record_type.name() == "deal").then(|| parse("owner = me").unwrap());
    let query = GroupQuery::new().measure(Measure::Count);
    let plan = GroupPlan::compile(&query, schema.require("deal").unwrap(), &context).unwrap();
    assert_eq!(plan.run(&database).unwrap().rows[0].measures, [Value::Integer(2)]);
}

#[test]
fn large_amounts_weigh_exactly() {
    let schema = schema();
    let database = super::support::Database::new(&schema);
    database.insert(&schema, "stage", 1, serde_json::json!({"name": "s", "probability": 333}));
    let amount = 9_000_000_000_000_000_007_i64;
    let deal =
        serde_json::json!({"name": "d", "amount": amount, "amount_currency": "JPY", "stage": {"id": 1}});
    database.insert(&schema, "deal", 2, deal);
    let context = context(&schema);
    let weighted = Measure::Weighted { value: "amount".into(), weight: "stage.probability".into() };
    let query = GroupQuery::new().measure(weighted);
    let rows = GroupPlan::compile(&query, schema.require("deal").unwrap(), &context)
        .unwrap()
        .run(&database)
        .unwrap();
    // 9 000 000 000 000 000 007 × 0.333 = 2 997 000 000 000 000 002.331
    assert_eq!(word(&rows.rows[0].measures[0]), "2997000000000000002JPY");
}

#[test]
fn bad_groups_are_refused() {
    for (query, code, path) in [
        (GroupQuery::new(), "query.no_columns", None),
        (GroupQuery::new().by("code").limit(MAX_GROUPS + 1), "query.limit", Some("limit")),
        (GroupQuery::new().by("nothing"), "field.unknown", Some("nothing")),
        (GroupQuery::new().by("tags"), "query.not_sortable", Some("tags")),
        (GroupQuery::new().by("amount"), "query.not_groupable", Some("amount")),
        (GroupQuery::new().by("notes"), "query.not_groupable", Some("notes")),
        (GroupQuery::new().by_bucket("code", DateUnit::Day), "query.bucket", Some("code")),
        (GroupQuery::new().measure(Measure::Sum("code".into())), "query.not_measurable", Some("code")),
        (
            GroupQuery::new().measure(Measure::Average("close_date".into())),
            "query.not_measurable",
            Some("close_date"),
        ),
        (GroupQuery::new().measure(Measure::Maximum("owner".into())), "query.not_measurable", Some("owner")),
        (
            GroupQuery::new().measure(Measure::CountDistinct("amount".into())),
            "query.not_measurable",
            Some("amount"),
        ),
        (
            GroupQuery::new().measure(Measure::Weighted { value: "amount".into(), weight: "score".into() }),
            "query.not_measurable",
            Some("score"),
        ),
        (
            GroupQuery::new().by("code").sort(GroupColumn::Measure(0), Direction::Ascending),
            "query.sort",
            Some("sort[0]"),
        ),
        ((0..33).fold(GroupQuery::new(), |query, _| query.by("code")), "query.too_many_columns", None),
    ] {
        let error = groups(&query).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, path), "{query:?}");
    }
}
