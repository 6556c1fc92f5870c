//! The SQL that the engine writes, and how statements are run.

use std::ops::ControlFlow;

use super::{COUNT_ITEMS, Check, INSERT_ITEM, create, equal, fails, items, number};
use crate::error::{CrmError, Result};
use crate::storage::dialect::check_portable;
use crate::storage::{ColumnType, Connection, Database, Dialect, Param, ReadMode, query_all, query_one};

pub(super) const CHECKS: &[Check] = &[
    ("statements.shared_sql", shared_sql),
    ("statements.parameter_reuse", parameter_reuse),
    ("statements.parameter_count", parameter_count),
    ("statements.changes", changes),
    ("statements.insert", insert),
    ("statements.returning", returning),
    ("statements.upsert", upsert),
    ("statements.break_off", break_off),
    ("statements.visitor_error", visitor_error),
    ("statements.inner_query", inner_query),
    ("statements.cache_follows_schema", cache_follows_schema),
    ("statements.explain", explain),
    ("statements.full_text", full_text),
];

fn texts(c: &dyn Connection, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
    check_portable(sql)?;
    query_all(c, sql, parameters, |row| Ok(row.text(0)?.unwrap_or("NULL").to_owned()))
}

fn shared_sql(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 3), ("b", 1), ("c", 2)])?;
    database.read(ReadMode::Snapshot, &mut |c| {
        for (sql, parameters, expected) in [
            (
                "SELECT CASE WHEN ?1 IS NOT DISTINCT FROM ?2 THEN 'same' ELSE 'other' END",
                &[Param::Null, Param::Null][..],
                "same",
            ),
            (
                "SELECT CASE WHEN ?1 IS DISTINCT FROM ?2 THEN 'other' ELSE 'same' END",
                &[Param::Null, Param::Integer(1)],
                "other",
            ),
            ("SELECT name || RANK() OVER (ORDER BY amount) FROM item ORDER BY name", &[], "a3 b1 c2"),
            (
                "SELECT CAST(SUM(amount) OVER (ORDER BY name ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) \
                 AS TEXT) FROM item ORDER BY name",
                &[],
                "3 4 6",
            ),
            ("WITH big AS (SELECT name FROM item WHERE amount > ?1) SELECT name FROM big ORDER BY name",
                &[Param::Integer(1)],
                "a c",
            ),
            (
                "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4) \
                 SELECT CAST(x AS TEXT) FROM n ORDER BY x",
                &[],
                "1 2 3 4",
            ),
            ("SELECT ?1 ->> 'key'", &[Param::Json(r#"{"key":"value"}"#)], "value"),
            ("SELECT COALESCE(?1 ->> 'no', 'none')", &[Param::Json("{}")], "none"),
            ("SELECT name FROM item WHERE (amount, name) > (?1, ?2) ORDER BY amount, name",
                &[Param::Integer(1), Param::Text("b")],
                "c a",
            ),
            ("SELECT name FROM item ORDER BY NULLIF(amount, 2) NULLS LAST LIMIT ?1", &[Param::Integer(3)], "b a c"),
            ("SELECT CAST(COUNT(*) FILTER (WHERE amount > 1) AS TEXT) FROM item", &[], "2"),
            ("SELECT name FROM item UNION ALL SELECT 'z' ORDER BY 1", &[], "a b c z"),
        ] {
            equal(sql, texts(c, sql, parameters)?.join(" "), expected.to_owned())?;
        }
        Ok(())
    })
}

fn parameter_reuse(database: &dyn Database) -> Result<()> {
    database.read(ReadMode::Statement, &mut |c| {
        let found = number(c, "SELECT ?2 * 10 + ?1 * ?1", &[Param::Integer(3), Param::Integer(5)])?;
        equal("?1 twice, ?2 first", found, Some(59))
    })
}

fn parameter_count(database: &dyn Database) -> Result<()> {
    database.read(ReadMode::Statement, &mut |c| {
        fails("one too few", number(c, "SELECT ?1 + ?2", &[Param::Integer(1)]), "storage.statement")?;
        fails("one too many", number(c, "SELECT 1", &[Param::Integer(1)]), "storage.statement").map(|_| ())
    })
}

fn changes(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1), ("b", 2), ("c", 3)])?;
    database.write(&mut |c| {
        let update = "UPDATE item SET amount = amount + 1 WHERE amount >= ?1";
        equal("two", c.execute(update, &[Param::Integer(2)])?, 2)?;
        equal("none", c.execute(update, &[Param::Integer(99)])?, 0)?;
        equal("deleted", c.execute("DELETE FROM item", &[])?, 3)?;
        fails("rows from execute", c.execute("SELECT 1", &[]), "storage.statement").map(|_| ())
    })
}

fn insert(database: &dyn Database) -> Result<()> {
    items(database, &[])?;
    database.write(&mut |c| {
        let first = c.insert(INSERT_ITEM, &[Param::Text("a"), Param::Integer(1)])?;
        let second = c.insert(INSERT_ITEM, &[Param::Text("b"), Param::Integer(1)])?;
        equal("row numbers", (first, second), (1, 2))?;
        let nothing = "INSERT INTO item (name, amount) SELECT name, amount FROM item WHERE amount = ?1";
        fails("no row", c.insert(nothing, &[Param::Integer(9)]), "storage.statement").map(|_| ())
    })
}

fn returning(database: &dyn Database) -> Result<()> {
    items(database, &[])?;
    database.write(&mut |c| {
        let sql = "INSERT INTO item (name, amount) VALUES (?1, ?2) RETURNING row_id, amount * 2";
        let found = query_one(c, sql, &[Param::Text("a"), Param::Integer(21)], |row| {
            Ok((row.integer(0)?, row.integer(1)?))
        })?;
        equal("inserted", found, Some((Some(1), Some(42))))?;
        let sql = "UPDATE item SET amount = ?1 RETURNING name";
        equal("updated", texts(c, sql, &[Param::Integer(1)])?.join(" "), "a".to_owned())?;
        equal("deleted", texts(c, "DELETE FROM item RETURNING name", &[])?.join(" "), "a".to_owned())
    })?;
    equal("kept", super::count(database)?, Some(0))
}

fn upsert(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    database.write(&mut |c| {
        let sql = "INSERT INTO item (name, amount) VALUES (?1, ?2) \
                   ON CONFLICT (name) DO UPDATE SET amount = item.amount + excluded.amount RETURNING amount";
        equal("met", number(c, sql, &[Param::Text("a"), Param::Integer(5)])?, Some(6))?;
        equal("new", number(c, sql, &[Param::Text("b"), Param::Integer(5)])?, Some(5))?;
        let sql = "INSERT INTO item (name, amount) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        equal("left", c.execute(sql, &[Param::Text("a"), Param::Integer(7)])?, 0)
    })
}

fn break_off(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1), ("b", 2), ("c", 3)])?;
    let mut seen = 0;
    database.read(ReadMode::Snapshot, &mut |c| {
        for round in 1..=2 {
            c.query("SELECT name FROM item ORDER BY name", &[], &mut |_| {
                seen += 1;
                Ok(if seen == 2 * round { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
        }
        Ok(())
    })?;
    equal("rows seen", seen, 4)?;
    // A statement left half-way must not keep the table locked.
    database.write(&mut |c| c.execute_batch("DROP TABLE item"))
}

fn visitor_error(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1), ("b", 2)])?;
    let result = database.read(ReadMode::Statement, &mut |c| {
        c.query("SELECT name FROM item", &[], &mut |_| Err(CrmError::invalid("test.mine", "is mine")))
    });
    fails("error of the visitor", result, "test.mine").map(|_| ())
}

fn inner_query(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1), ("b", 2)])?;
    let mut pairs = Vec::new();
    database.read(ReadMode::Statement, &mut |c| {
        // The same text twice at once: the cache must hand out a second statement.
        let sql = "SELECT name FROM item ORDER BY name";
        c.query(sql, &[], &mut |outer| {
            let outer = outer.text(0)?.unwrap_or_default().to_owned();
            for inner in texts(c, sql, &[])? {
                pairs.push(format!("{outer}{inner}"));
            }
            Ok(ControlFlow::Continue(()))
        })
    })?;
    equal("pairs", pairs.join(" "), "aa ab ba bb".to_owned())
}

fn cache_follows_schema(database: &dyn Database) -> Result<()> {
    items(database, &[("a", 1)])?;
    equal("before", super::count(database)?, Some(1))?;
    database.write(&mut |c| {
        c.execute_batch("ALTER TABLE item ADD COLUMN extra TEXT; CREATE INDEX item_extra ON item (extra)")?;
        c.execute("UPDATE item SET extra = ?1", &[Param::Text("x")])?;
        equal("inside", number(c, COUNT_ITEMS, &[])?, Some(1))
    })?;
    equal("after", super::count(database)?, Some(1))
}

fn explain(database: &dyn Database) -> Result<()> {
    items(database, &[])?;
    database.read(ReadMode::Statement, &mut |c| {
        let plan = c.explain("SELECT amount FROM item WHERE name = ?1", &[Param::Text("a")])?;
        equal("steps", plan.is_empty(), false)?;
        equal("uses the index", plan.iter().any(|step| step.contains("SCAN item")), false)
    })
}

/// Full-text search, including that deleted words leave no trace in the index.
fn full_text(database: &dyn Database) -> Result<()> {
    match database.dialect() {
        Dialect::Sqlite => full_text_of_sqlite(database),
        #[cfg(feature = "postgres")]
        Dialect::Postgres => full_text_of_postgres(database),
    }
}

#[cfg(feature = "postgres")]
fn full_text_of_postgres(database: &dyn Database) -> Result<()> {
    let dialect = database.dialect();
    database.write(&mut |c| {
        c.execute_batch(dialect.create_search())?;
        c.execute(dialect.search_add(), &[Param::Integer(7), Param::Text("'gruße':1A 'koln':2C")])?;
        c.execute(dialect.search_add(), &[Param::Integer(8), Param::Text("'koln':1A")]).map(|_| ())
    })?;
    let find = |sql: &str, expression: &str| {
        let mut found = Vec::new();
        database.read(ReadMode::Statement, &mut |c| {
            found = query_all(c, sql, &[Param::Text(expression)], |row| row.integer(0))?;
            Ok(())
        })?;
        Ok::<_, CrmError>(found)
    };
    equal("prefix", find(dialect.search_unranked(), "('kol':*)")?, vec![Some(8), Some(7)])?;
    equal("the title weighs most", find(dialect.search_ranked(), "('koln')")?, vec![Some(8), Some(7)])?;
    equal("both words", find(dialect.search_ranked(), "('koln') & ('gruße')")?, vec![Some(7)])?;
    equal("no hit", find(dialect.search_ranked(), "('bonn')")?, Vec::new())?;
    let error = fails("bad expression", find(dialect.search_ranked(), "('secret"), "storage.statement")?;
    equal("nothing quoted", error.to_json().to_string().contains("secret"), false)?;
    database.write(&mut |c| c.execute(dialect.search_remove(), &[Param::Integer(8)]).map(|_| ()))?;
    equal("deleted", find(dialect.search_unranked(), "('kol':*)")?, vec![Some(7)])
}

fn full_text_of_sqlite(database: &dyn Database) -> Result<()> {
    database.write(&mut |c| {
        create(c, "note", &[("text", ColumnType::Text, "NOT NULL")])?;
        c.execute_batch(
            "CREATE VIRTUAL TABLE note_text USING fts5 (text, content = 'note', content_rowid = 'row_id', \
             prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2');
             INSERT INTO note_text (note_text, rank) VALUES ('secure-delete', 1)",
        )?;
        let row = c.insert("INSERT INTO note (text) VALUES (?1)", &[Param::Text("Grüße aus Köln")])?;
        c.execute(
            "INSERT INTO note_text (rowid, text) VALUES (?1, ?2)",
            &[Param::Integer(row), Param::Text("Grüße aus Köln")],
        )?;
        Ok(())
    })?;
    database.read(ReadMode::Statement, &mut |c| {
        let find = "SELECT rowid FROM note_text WHERE note_text MATCH ?1";
        equal("prefix", number(c, find, &[Param::Text("kol*")])?, Some(1))?;
        equal("no hit", number(c, find, &[Param::Text("bonn")])?, None)?;
        for expression in ["\"secret", "secret AND", "(secret"] {
            let error =
                fails("bad expression", number(c, find, &[Param::Text(expression)]), "storage.match")?;
            equal("nothing quoted", error.to_string().contains("secret"), false)?;
        }
        Ok(())
    })?;
    let word_is_kept = || Ok::<_, CrmError>(database.export()?.windows(4).any(|window| window == b"koln"));
    equal("indexed", word_is_kept()?, !database.is_encrypted())?;
    database.write(&mut |c| {
        let delete = "INSERT INTO note_text (note_text, rowid, text) VALUES ('delete', ?1, ?2)";
        c.execute(delete, &[Param::Integer(1), Param::Text("Grüße aus Köln")]).map(|_| ())
    })?;
    equal("deleted", word_is_kept()?, false)
}
