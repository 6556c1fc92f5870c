//! Values go in and come out the same.

use super::{Check, create, equal, fails};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::{Date, Timestamp};
use crate::storage::{ColumnType, Connection, Database, Param, ReadMode, Row, query_one};

pub(super) const CHECKS: &[Check] = &[
    ("values.extremes", extremes),
    ("values.null", null),
    ("values.large", large),
    ("values.refused", refused),
    ("values.wrong_type", wrong_type),
];

const READ: &str = "SELECT a, b, c, d, e, f, g, h, i FROM every WHERE row_id = ?1";

/// A table with a column of each type.
fn every(c: &dyn Connection) -> Result<()> {
    let kinds = [
        ("a", ColumnType::Boolean),
        ("b", ColumnType::Integer),
        ("c", ColumnType::Real),
        ("d", ColumnType::Text),
        ("e", ColumnType::Blob),
        ("f", ColumnType::Id),
        ("g", ColumnType::Timestamp),
        ("h", ColumnType::Date),
        ("i", ColumnType::Json),
    ];
    create(c, "every", &kinds.map(|(name, kind)| (name, kind, "")))
}

fn insert(c: &dyn Connection, values: &[Param<'_>; 9]) -> Result<i64> {
    c.insert(
        "INSERT INTO every (a, b, c, d, e, f, g, h, i) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        values,
    )
}

/// Compares a row with what was put in.
fn compare(row: &dyn Row, values: &[Param<'_>; 9]) -> Result<()> {
    for (column, value) in values.iter().enumerate() {
        equal("is_null", row.is_null(column)?, *value == Param::Null)?;
        match *value {
            Param::Null => {}
            Param::Boolean(value) => equal("boolean", row.boolean(column)?, Some(value))?,
            Param::Integer(value) => equal("integer", row.integer(column)?, Some(value))?,
            Param::Real(value) => {
                equal("real", row.real(column)?.map(f64::to_bits), Some(value.to_bits()))?;
            }
            Param::Text(value) => equal("text", row.text(column)?, Some(value))?,
            Param::Blob(value) => equal("blob", row.blob(column)?, Some(value))?,
            Param::Id(value) => equal("id", row.id(column)?, Some(value))?,
            Param::Timestamp(value) => equal("timestamp", row.timestamp(column)?, Some(value))?,
            Param::Date(value) => equal("date", row.date(column)?, Some(value))?,
            Param::Json(value) => equal("json", row.json(column)?, Some(value))?,
        }
    }
    Ok(())
}

fn round_trip(database: &dyn Database, rows: &[[Param<'_>; 9]]) -> Result<()> {
    let mut ids = Vec::new();
    database.write(&mut |c| {
        ids.clear();
        every(c)?;
        for values in rows {
            ids.push(insert(c, values)?);
        }
        Ok(())
    })?;
    database.read(ReadMode::Snapshot, &mut |c| {
        for (id, values) in ids.iter().zip(rows) {
            let found = query_one(c, READ, &[Param::Integer(*id)], |row| compare(row, values))?;
            equal("row", found, Some(()))?;
        }
        Ok(())
    })
}

fn extremes(database: &dyn Database) -> Result<()> {
    let id = RecordId::from_bytes([0xFF; 16]);
    round_trip(
        database,
        &[
            [
                Param::Boolean(true),
                Param::Integer(i64::MAX),
                Param::Real(f64::MAX),
                Param::Text("naïve 漢字 \u{1F980} 'quoted' ?1"),
                Param::Blob(&[0, 255, 0, 128]),
                Param::Id(id),
                Param::Timestamp(Timestamp::MAX),
                Param::Date(Date::from_ymd_opt(9999, 12, 31).unwrap_or_default()),
                Param::Json(r#"{"a":[1,"ü",null]}"#),
            ],
            [
                Param::Boolean(false),
                Param::Integer(i64::MIN),
                Param::Real(f64::MIN_POSITIVE),
                Param::Text(""),
                Param::Blob(&[]),
                Param::Id(RecordId::NIL),
                Param::Timestamp(Timestamp::MIN),
                Param::Date(Date::from_ymd_opt(1, 1, 1).unwrap_or_default()),
                Param::Json("null"),
            ],
            [
                Param::Boolean(false),
                Param::Integer(-1),
                Param::Real(0.1),
                Param::Text("line\nbreak\ttab"),
                Param::Blob(b"text"),
                Param::Id(id),
                Param::Timestamp(Timestamp::from_micros(-1)),
                Param::Date(Date::from_ymd_opt(2028, 2, 29).unwrap_or_default()),
                Param::Json("[]"),
            ],
        ],
    )
}

fn null(database: &dyn Database) -> Result<()> {
    round_trip(database, &[[Param::Null; 9]])?;
    database.read(ReadMode::Statement, &mut |c| {
        query_one(c, READ, &[Param::Integer(1)], |row| {
            equal("boolean", row.boolean(0)?, None)?;
            equal("integer", row.integer(1)?, None)?;
            equal("real", row.real(2)?, None)?;
            equal("text", row.text(3)?, None)?;
            equal("blob", row.blob(4)?, None)?;
            equal("id", row.id(5)?, None)?;
            equal("timestamp", row.timestamp(6)?, None)?;
            equal("date", row.date(7)?, None)?;
            equal("json", row.json(8)?, None)
        })
        .map(|_| ())
    })
}

fn large(database: &dyn Database) -> Result<()> {
    let text = "äbc".repeat(500_000);
    let blob: Vec<u8> = (0..2_000_000_u32).map(|n| n.to_le_bytes()[0]).collect();
    let mut row = [Param::Null; 9];
    row[3] = Param::Text(&text);
    row[4] = Param::Blob(&blob);
    round_trip(database, &[row])
}

fn refused(database: &dyn Database) -> Result<()> {
    database.write(&mut every)?;
    for (column, value, code) in
        [(2, Param::Real(f64::NAN), "storage.real.nan"), (7, Param::Date(Date::MAX), "date.range")]
    {
        let mut row = [Param::Null; 9];
        row[column] = value;
        let error = fails(code, database.write(&mut |c| insert(c, &row).map(|_| ())), code)?;
        equal("path", error.path().map(str::to_owned), Some(format!("?{}", column + 1)))?;
    }
    Ok(())
}

fn wrong_type(database: &dyn Database) -> Result<()> {
    database.read(ReadMode::Statement, &mut |c| {
        query_one(c, "SELECT 'text', 2, 1.5", &[], |row| {
            fails("text as integer", row.integer(0), "storage.type")?;
            fails("text as boolean", row.boolean(0), "storage.type")?;
            fails("text as bytes", row.blob(0), "storage.type")?;
            fails("text as id", row.id(0), "storage.type")?;
            fails("text as date", row.date(0), "storage.type")?;
            fails("2 as boolean", row.boolean(1), "storage.type")?;
            fails("2 as text", row.text(1), "storage.type")?;
            fails("1.5 as integer", row.integer(2), "storage.type")?;
            fails("no such column", row.integer(3), "storage.statement")?;
            equal("2 as real", row.real(1)?, Some(2.0))
        })
        .map(|_| ())
    })
}
