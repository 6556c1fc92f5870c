//! Calendar buckets, in any time zone and across the turn of the clocks.

use super::{Check, equal, fails};
use crate::error::Result;
use crate::ground::time::{Timestamp, parse_date};
use crate::ground::zone::DateUnit;
use crate::storage::{Database, Param, ReadMode, query_one};

pub(super) const CHECKS: &[Check] = &[
    ("buckets.timestamp", timestamp),
    ("buckets.date", date),
    ("buckets.null_and_unknown", null_and_unknown),
];

fn bucket(database: &dyn Database, sql: &str, parameters: &[Param<'_>]) -> Result<Option<String>> {
    let mut label = None;
    database.read(ReadMode::Statement, &mut |c| {
        label = query_one(c, sql, parameters, |row| Ok(row.text(0)?.map(str::to_owned)))?.flatten();
        Ok(())
    })?;
    Ok(label)
}

fn timestamp(database: &dyn Database) -> Result<()> {
    let dialect = database.dialect();
    for (time, zone, labels) in [
        ("2026-11-21T12:00:00Z", "UTC", ["2026-11-21", "2026-W47", "2026-11", "2026-Q4", "2026"]),
        // The last hour of the year in UTC is the new year in Berlin and not yet in New York.
        ("2026-12-31T23:30:00Z", "UTC", ["2026-12-31", "2026-W53", "2026-12", "2026-Q4", "2026"]),
        ("2026-12-31T23:30:00Z", "Europe/Berlin", ["2027-01-01", "2026-W53", "2027-01", "2027-Q1", "2027"]),
        (
            "2027-01-01T04:59:59Z",
            "America/New_York",
            ["2026-12-31", "2026-W53", "2026-12", "2026-Q4", "2026"],
        ),
        // Clocks go forward on 2026-03-29 at 01:00 UTC and back on 2026-10-25 at 01:00 UTC.
        ("2026-03-28T22:59:59Z", "Europe/Berlin", ["2026-03-28", "2026-W13", "2026-03", "2026-Q1", "2026"]),
        ("2026-03-29T21:59:59Z", "Europe/Berlin", ["2026-03-29", "2026-W13", "2026-03", "2026-Q1", "2026"]),
        ("2026-03-29T22:00:00Z", "Europe/Berlin", ["2026-03-30", "2026-W14", "2026-03", "2026-Q1", "2026"]),
        ("2026-10-24T22:00:00Z", "Europe/Berlin", ["2026-10-25", "2026-W43", "2026-10", "2026-Q4", "2026"]),
        ("2026-10-25T22:59:59Z", "Europe/Berlin", ["2026-10-25", "2026-W43", "2026-10", "2026-Q4", "2026"]),
        ("2026-10-25T23:00:00Z", "Europe/Berlin", ["2026-10-26", "2026-W44", "2026-10", "2026-Q4", "2026"]),
        // Samoa skipped the whole of 2011-12-30.
        ("2011-12-30T09:59:59Z", "Pacific/Apia", ["2011-12-29", "2011-W52", "2011-12", "2011-Q4", "2011"]),
        ("2011-12-30T10:00:00Z", "Pacific/Apia", ["2011-12-31", "2011-W52", "2011-12", "2011-Q4", "2011"]),
        // The first days of January can belong to the last week of the old year, and the other way round.
        ("2027-01-03T12:00:00Z", "UTC", ["2027-01-03", "2026-W53", "2027-01", "2027-Q1", "2027"]),
        ("2024-12-30T12:00:00Z", "UTC", ["2024-12-30", "2025-W01", "2024-12", "2024-Q4", "2024"]),
        ("0001-01-01T00:00:00Z", "UTC", ["0001-01-01", "0001-W01", "0001-01", "0001-Q1", "0001"]),
    ] {
        let time: Timestamp = time.parse()?;
        for (unit, label) in DateUnit::ALL.into_iter().zip(labels) {
            let sql = format!("SELECT {}", dialect.bucket_timestamp("?1", unit, "?2"));
            let found = bucket(database, &sql, &[Param::Timestamp(time), Param::Text(zone)])?;
            equal(&format!("{time} in {zone}"), found.as_deref(), Some(label))?;
        }
    }
    Ok(())
}

fn date(database: &dyn Database) -> Result<()> {
    let dialect = database.dialect();
    for (day, labels) in [
        ("2026-11-21", ["2026-11-21", "2026-W47", "2026-11", "2026-Q4", "2026"]),
        ("2027-01-01", ["2027-01-01", "2026-W53", "2027-01", "2027-Q1", "2027"]),
        ("2024-12-30", ["2024-12-30", "2025-W01", "2024-12", "2024-Q4", "2024"]),
        ("2028-02-29", ["2028-02-29", "2028-W09", "2028-02", "2028-Q1", "2028"]),
        ("2026-06-30", ["2026-06-30", "2026-W27", "2026-06", "2026-Q2", "2026"]),
        ("2026-07-01", ["2026-07-01", "2026-W27", "2026-07", "2026-Q3", "2026"]),
        ("0001-01-01", ["0001-01-01", "0001-W01", "0001-01", "0001-Q1", "0001"]),
        ("9999-12-31", ["9999-12-31", "9999-W52", "9999-12", "9999-Q4", "9999"]),
    ] {
        for (unit, label) in DateUnit::ALL.into_iter().zip(labels) {
            let sql = format!("SELECT {}", dialect.bucket_date("?1", unit));
            let found = bucket(database, &sql, &[Param::Date(parse_date(day)?)])?;
            equal(day, found.as_deref(), Some(label))?;
        }
    }
    Ok(())
}

fn null_and_unknown(database: &dyn Database) -> Result<()> {
    let dialect = database.dialect();
    for unit in DateUnit::ALL {
        let sql = format!("SELECT {}", dialect.bucket_timestamp("?1", unit, "?2"));
        equal("NULL time", bucket(database, &sql, &[Param::Null, Param::Text("UTC")])?, None)?;
        let nowhere = bucket(database, &sql, &[Param::Integer(0), Param::Text("Mars/Olympus")]);
        fails("unknown zone", nowhere, "storage.statement")?;
        let sql = format!("SELECT {}", dialect.bucket_date("?1", unit));
        if unit != DateUnit::Day {
            equal("NULL date", bucket(database, &sql, &[Param::Null])?, None)?;
        }
    }
    Ok(())
}
