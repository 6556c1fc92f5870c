//! Violated constraints have their own errors, which name columns and never values.

use super::{Check, INSERT_ITEM, create, equal, fails, items};
use crate::error::{ErrorKind, Result};
use crate::storage::{ColumnType, Connection, Database, Param};

pub(super) const CHECKS: &[Check] = &[
    ("constraints.unique", unique),
    ("constraints.foreign_key", foreign_key),
    ("constraints.foreign_key_at_commit", foreign_key_at_commit),
    ("constraints.not_null_and_check", not_null_and_check),
    ("constraints.wrong_sql", wrong_sql),
];

fn unique(database: &dyn Database) -> Result<()> {
    items(database, &[("secret", 1)])?;
    let again = database
        .write(&mut |c| c.insert(INSERT_ITEM, &[Param::Text("secret"), Param::Integer(2)]).map(|_| ()));
    let error = fails("again", again, "storage.unique")?;
    equal("kind", error.kind(), ErrorKind::Duplicate)?;
    equal("columns", error.details().get("columns"), Some(&serde_json::json!(["name"])))?;
    equal("no value", error.to_json().to_string().contains("secret"), false)?;

    database.write(&mut |c| c.execute_batch("CREATE UNIQUE INDEX pair ON item (amount, name)"))?;
    database.write(&mut |c| c.execute_batch("CREATE TABLE two (a INTEGER, b INTEGER, UNIQUE (a, b))"))?;
    let twice = database.write(&mut |c| {
        for _ in 0..2 {
            c.execute("INSERT INTO two (a, b) VALUES (?1, ?2)", &[Param::Integer(1), Param::Integer(2)])?;
        }
        Ok(())
    });
    let error = fails("both columns", twice, "storage.unique")?;
    equal("columns", error.details().get("columns"), Some(&serde_json::json!(["a", "b"])))
}

fn family(c: &dyn Connection, rest: &str) -> Result<()> {
    create(c, "parent", &[("name", ColumnType::Text, "")])?;
    create(
        c,
        "child",
        &[("parent", ColumnType::Integer, &format!("NOT NULL REFERENCES parent (row_id) {rest}"))],
    )
}

const INSERT_CHILD: &str = "INSERT INTO child (parent) VALUES (?1)";

fn foreign_key(database: &dyn Database) -> Result<()> {
    database.write(&mut |c| {
        family(c, "")?;
        let parent = c.insert("INSERT INTO parent (name) VALUES (?1)", &[Param::Null])?;
        c.insert(INSERT_CHILD, &[Param::Integer(parent)]).map(|_| ())
    })?;
    let orphan = database.write(&mut |c| c.insert(INSERT_CHILD, &[Param::Integer(99)]).map(|_| ()));
    let error = fails("orphan", orphan, "storage.foreign_key")?;
    equal("kind", error.kind(), ErrorKind::Restricted)?;
    let orphaned = database.write(&mut |c| c.execute("DELETE FROM parent", &[]).map(|_| ()));
    fails("still pointed at", orphaned, "storage.foreign_key").map(|_| ())
}

fn foreign_key_at_commit(database: &dyn Database) -> Result<()> {
    database.write(&mut |c| family(c, "DEFERRABLE INITIALLY DEFERRED"))?;
    let orphan = database.write(&mut |c| c.insert(INSERT_CHILD, &[Param::Integer(99)]).map(|_| ()));
    fails("found by the commit", orphan, "storage.foreign_key")?;
    database
        .write(&mut |c| equal("nothing kept", super::number(c, "SELECT COUNT(*) FROM child", &[])?, Some(0)))
}

fn not_null_and_check(database: &dyn Database) -> Result<()> {
    database.write(&mut |c| {
        create(
            c,
            "rule",
            &[
                ("must", ColumnType::Text, "NOT NULL"),
                ("small", ColumnType::Integer, "CONSTRAINT small_enough CHECK (small < 10)"),
            ],
        )
    })?;
    let insert = |must: Param<'_>, small: i64| {
        database.write(&mut |c| {
            c.insert("INSERT INTO rule (must, small) VALUES (?1, ?2)", &[must, Param::Integer(small)])
                .map(|_| ())
        })
    };
    insert(Param::Text("x"), 9)?;
    let error = fails("missing", insert(Param::Null, 1), "storage.not_null")?;
    equal("columns", error.details().get("columns"), Some(&serde_json::json!(["must"])))?;
    let error = fails("too large", insert(Param::Text("x"), 10), "storage.check")?;
    equal("constraint", error.details().get("constraint"), Some(&serde_json::json!("small_enough")))?;
    fails("wrong type", insert(Param::Blob(b"x"), 1), "storage.type").map(|_| ())
}

fn wrong_sql(database: &dyn Database) -> Result<()> {
    for sql in ["SELECT FROM WHERE", "SELECT * FROM nowhere", "SELECT nothing"] {
        let result = database.write(&mut |c| super::number(c, sql, &[]).map(|_| ()));
        equal(sql, fails(sql, result, "storage.statement")?.kind(), ErrorKind::Internal)?;
    }
    Ok(())
}
