//! Pages of lists: complete, without repetition, and by index.

use std::collections::BTreeSet;

use crm_core::error::Result;
use crm_core::record::Schema;
use crm_core::record::filter::parse;
use crm_core::record::query::{Cursor, ListPlan, MAX_LIMIT, Query};
use crm_core::storage::{Connection, Dialect, Param, Row};
use proptest::prelude::*;
use serde_json::json;

use super::support::{Database, context, dialect, schema};

fn page(schema: &Schema, database: &Database, query: &Query) -> Result<(Vec<i64>, Option<Cursor>)> {
    let context = context(schema);
    let plan = ListPlan::compile(query, schema.require("deal")?, &context)?;
    let mut rows = Vec::new();
    let page = plan.run(database, &mut |row: &dyn Row| {
        rows.push(row.integer(0)?.unwrap());
        Ok(())
    })?;
    assert_eq!(page.rows as usize, rows.len());
    Ok((rows, page.next))
}

fn all(schema: &Schema, database: &Database, mut query: Query) -> Vec<i64> {
    let mut found = Vec::new();
    loop {
        let (rows, next) = page(schema, database, &query).unwrap();
        found.extend(rows);
        match next {
            Some(cursor) => query = query.after(Cursor::new(cursor.as_str())),
            None => return found,
        }
    }
}

#[test]
fn lists_are_sorted() {
    let schema = schema();
    let database = super::good::database(&schema);
    for (query, expected) in [
        (Query::new(), [1, 2, 3, 4, 5]),
        (Query::new().ascending("name_key"), [1, 2, 4, 5, 3]),
        (Query::new().descending("name_key"), [3, 5, 4, 2, 1]),
        (Query::new().ascending("count"), [5, 4, 1, 2, 3]),
        (Query::new().descending("count"), [3, 2, 1, 4, 5]),
        (Query::new().ascending("close_date"), [4, 5, 3, 1, 2]),
        (Query::new().descending("close_date"), [2, 1, 3, 5, 4]),
        (Query::new().ascending("organisation.name_key"), [4, 1, 3, 2, 5]),
        (Query::new().descending("organisation.name_key").descending("score"), [5, 2, 3, 1, 4]),
        (Query::new().ascending("stage.type").descending("count"), [4, 2, 1, 3, 5]),
        (Query::new().ascending("done").descending("created_at"), [3, 4, 2, 5, 1]),
        (Query::new().descending("owner").ascending("rate"), [2, 5, 4, 1, 3]),
        (Query::new().descending("score").ascending("id"), [5, 1, 2, 3, 4]),
        (Query::new().descending("amount.currency").ascending("amount"), [3, 5, 2, 1, 4]),
    ] {
        for limit in 1..=6 {
            let query = query.clone().limit(limit);
            assert_eq!(all(&schema, &database, query.clone()), expected, "{query:?}");
        }
    }
    let filtered =
        Query::new().filter(parse("done = true or amount > 0").unwrap()).descending("rate").limit(2);
    assert_eq!(all(&schema, &database, filtered), [5, 2, 1, 3]);
}

#[test]
fn bad_queries_are_refused() {
    let schema = schema();
    let database = super::good::database(&schema);
    let (_, cursor) = page(&schema, &database, &Query::new().ascending("count").limit(1)).unwrap();
    let cursor = cursor.unwrap();
    let check = |query: Query, code: &str, path: &str| {
        let error = page(&schema, &database, &query).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{query:?}");
    };
    check(Query::new().limit(0), "query.limit", "limit");
    check(Query::new().limit(MAX_LIMIT + 1), "query.limit", "limit");
    check(Query::new().ascending("nothing"), "field.unknown", "nothing");
    check(Query::new().ascending("tags"), "query.not_sortable", "tags");
    check(Query::new().ascending("data"), "query.not_sortable", "data");
    check(Query::new().ascending("notes"), "query.not_sortable", "notes");
    let many = (0..6).fold(Query::new(), |query, _| query.ascending("count"));
    check(many, "query.too_many_keys", "sort");
    check(Query::new().after(cursor.clone()), "cursor.other_query", "cursor");
    check(Query::new().descending("count").after(cursor.clone()), "cursor.other_query", "cursor");
    let other = Query::new().filter(parse("done = true").unwrap()).ascending("count");
    check(other.after(cursor.clone()), "cursor.other_query", "cursor");
    for bad in ["", "x", "é", "AAAA", "W10", "WzEsMl0", &cursor.as_str()[1..], &"A".repeat(1000)] {
        check(Query::new().ascending("count").after(Cursor::new(bad)), "cursor.invalid", "cursor");
    }
    let long = Cursor::new("A".repeat(10_000_000));
    check(Query::new().after(long), "cursor.too_long", "cursor");
    assert_eq!(
        page(&schema, &database, &Query::new().ascending("count").limit(2).after(cursor)).unwrap().0,
        [4, 1]
    );
}

fn many(schema: &Schema, rows: i64) -> Database {
    let database = Database::new(schema);
    let values = |row: i64| {
        json!({
            "name": format!("Deal {}", row * 7_919 % rows), "created_at": "2026-01-01T00:00:00Z",
            "count": if row % 5 == 0 { json!(null) } else { json!(row * 31 % 50) },
            "close_date": if row % 3 == 0 { json!(null) } else { json!(format!("2026-01-{:02}", row % 28 + 1)) },
            "amount": row, "amount_currency": "EUR",
        })
    };
    let rows: Vec<_> = (1..=rows).map(|row| (row, values(row))).collect();
    database.insert_all(schema, "deal", &rows);
    database
}

#[test]
fn an_index_serves_every_page() {
    let schema = schema();
    // The words of the plans are SQLite's; the pages are the same everywhere.
    let reads_plans = dialect() == Dialect::Sqlite;
    let rows: u32 = if reads_plans { 10_000 } else { 2_000 };
    let limit = rows / 10;
    let database = many(&schema, rows.into());
    let context = context(&schema);
    let deal = schema.require("deal").unwrap();
    for analysed in [false, true] {
        if analysed {
            database.batch("ANALYZE");
        }
        for query in [
            Query::new().limit(limit),
            Query::new().ascending("name_key").limit(limit),
            Query::new().descending("name_key").limit(limit),
            Query::new().ascending("count").limit(limit),
            Query::new().descending("count").limit(limit),
            Query::new().ascending("close_date").limit(limit),
            Query::new().descending("amount").limit(limit),
        ] {
            let mut query = query;
            let mut pages = 0;
            loop {
                let plan = ListPlan::compile(&query, deal, &context).unwrap();
                for phase in plan.phases().iter().filter(|_| reads_plans) {
                    let steps = database.plan(&phase.statement(11));
                    // The first page walks an index from its start, every later one seeks its place in it.
                    let walks = steps.contains("SCAN t") && !steps.contains("USING INDEX");
                    let by_row = query.sort.is_empty();
                    assert!(!steps.contains("TEMP B-TREE"), "{query:?}: {steps}");
                    assert!(!walks || by_row, "{query:?}: {steps}");
                    assert!(query.cursor.is_none() || steps.contains("SEARCH t"), "{query:?}: {steps}");
                }
                pages += 1;
                let Some(next) = page(&schema, &database, &query).unwrap().1 else { break };
                query = query.after(next);
            }
            assert_eq!(pages, 10);
        }
    }
    if !reads_plans {
        return;
    }
    // A prefix of a name is a range of the index.
    let filter = parse(r#"name starts with "deal 77""#).unwrap();
    let plan = ListPlan::compile(&Query::new().filter(filter), deal, &context).unwrap();
    let steps = database.plan(&plan.phases()[0].statement(11));
    assert!(steps.contains("SEARCH t USING INDEX"), "{steps}");
}

/// What a test row sorts by.
type Values = (Option<i8>, Option<u8>);

fn put(schema: &Schema, database: &Database, row: i64, (count, day): Values) {
    let day = day.map(|day| format!("2026-01-{:02}", day + 1));
    database.insert(schema, "deal", row, json!({"count": count, "close_date": day, "name": "x"}));
}

fn values() -> impl Strategy<Value = Values> {
    // Few values, so that most rows have equals.
    (prop::option::weighted(0.7, 0_i8..4), prop::option::weighted(0.7, 0_u8..3))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_row_is_repeated_or_skipped(
        start in prop::collection::vec(values(), 0..40),
        changes in prop::collection::vec((prop::collection::vec(values(), 0..4), prop::collection::vec(any::<prop::sample::Index>(), 0..4)), 0..30),
        first in any::<bool>(),
        second in prop::option::of(any::<bool>()),
        limit in 1_u32..6,
    ) {
        let schema = schema();
        let database = Database::new(&schema);
        let mut alive: Vec<i64> = Vec::new();
        let mut next_row = 1;
        for values in start {
            // Gaps, into which later rows are put.
            put(&schema, &database, next_row * 2, values);
            alive.push(next_row * 2);
            next_row += 1;
        }
        let mut throughout: BTreeSet<i64> = alive.iter().copied().collect();
        let mut query = Query::new().limit(limit);
        query = if first { query.ascending("count") } else { query.descending("count") };
        query = match second {
            None => query,
            Some(true) => query.ascending("close_date"),
            Some(false) => query.descending("close_date"),
        };
        let mut seen = BTreeSet::new();
        let mut changes = changes.into_iter();
        let mut odd = 1;
        loop {
            let (rows, next) = page(&schema, &database, &query).unwrap();
            for row in rows {
                prop_assert!(seen.insert(row), "row {} came twice", row);
            }
            let Some(cursor) = next else { break };
            query = query.after(cursor);
            let Some((inserted, deleted)) = changes.next() else { continue };
            for values in inserted {
                put(&schema, &database, odd, values);
                alive.push(odd);
                odd += 2;
            }
            for index in deleted {
                if !alive.is_empty() {
                    let row = alive.swap_remove(index.index(alive.len()));
                    throughout.remove(&row);
                    database.execute("DELETE FROM deal WHERE row_id = ?1", &[Param::Integer(row)]).unwrap();
                }
            }
        }
        let missed: Vec<_> = throughout.difference(&seen).collect();
        prop_assert!(missed.is_empty(), "rows {:?} were skipped", missed);
    }
}
