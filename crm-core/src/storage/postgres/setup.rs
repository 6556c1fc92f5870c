//! What the driver keeps beside the engine's tables: the schema they lie in, the number of their format, the lock that
//! writers queue at, and the function that folds text.

use super::connect::Target;
use super::fold;
use super::link::Link;
use super::options::Options;
use crate::error::Result;
use crate::storage::error as storage_error;
use crate::storage::{Connection, Param, Row as _, query_one};

/// The table of the driver. Its rows are few and its lock is the one that writers queue at.
pub(super) const TABLE: &str = "crm_storage";

/// The number of the schema that the database holds.
pub(super) fn format_version(connection: &dyn Connection) -> Result<u32> {
    Ok(kept(connection, "format")?.map_or(0, |text| text.parse().unwrap_or(u32::MAX)))
}

/// Sets the number of the schema.
pub(super) fn set_format_version(connection: &dyn Connection, version: u32) -> Result<()> {
    keep(connection, "format", &version.to_string())
}

fn kept(connection: &dyn Connection, name: &str) -> Result<Option<String>> {
    let sql = format!("SELECT value FROM {TABLE} WHERE name = ?1");
    let found = query_one(connection, &sql, &[Param::Text(name)], |row| Ok(row.text(0)?.map(str::to_owned)))?;
    Ok(found.flatten())
}

fn keep(connection: &dyn Connection, name: &str, value: &str) -> Result<()> {
    let sql = format!(
        "INSERT INTO {TABLE} (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    );
    connection.execute(&sql, &[Param::Text(name), Param::Text(value)]).map(|_| ())
}

/// Makes what is missing, unless the database is only read, and checks that the database can be worked with.
///
/// # Errors
/// `storage.not_a_database` when it is only read and there is nothing in it; `storage.newer_version`.
pub(super) fn prepare(link: &Link, target: &Target, options: &Options) -> Result<()> {
    let connection = super::connection::PostgresConnection::new(link, super::connection::Mode::Write);
    let version = fold::version();
    let ready = is_there(link, target)?;
    let current = ready && kept(&connection, "functions")?.as_deref() == Some(version.as_str());
    if !current && !options.read_only {
        // Another process may be at the same; a transaction that waited here finds everything done.
        link.begin("BEGIN")?;
        if link.server.has_advisory_locks() {
            let lock = format!("SELECT pg_advisory_xact_lock({})", lock_number(target.schema()));
            link.query(&lock, super::link::Form::Plain, &[])?;
        }
        connection.execute_batch(&format!(
            "CREATE SCHEMA IF NOT EXISTS \"{schema}\"; CREATE TABLE IF NOT EXISTS {TABLE} \
             (name text COLLATE \"C\" PRIMARY KEY, value text COLLATE \"C\" NOT NULL); {statement}",
            schema = target.schema(),
            statement = fold::function(),
        ))?;
        keep(&connection, "functions", &version)?;
        link.commit("COMMIT")?;
    } else if !ready {
        return Err(storage_error::not_a_database());
    }
    let found = format_version(&connection)?;
    if found > options.supported {
        return Err(storage_error::newer_version(found, options.supported));
    }
    Ok(())
}

fn is_there(link: &Link, target: &Target) -> Result<bool> {
    let name = format!("\"{}\".{TABLE}", target.schema());
    let sql = "SELECT to_regclass(?1) IS NOT NULL";
    let rows = link.query(sql, super::link::Form::Plain, &[Param::Text(&name)])?;
    let there = rows.first().map(|row| super::row::PostgresRow::new(row).boolean(0)).transpose()?;
    Ok(there.flatten().unwrap_or_default())
}

/// The number of the advisory lock over the tables of a schema: FNV-1a of its name.
fn lock_number(schema: &str) -> i64 {
    let text = format!("crm-core {schema}");
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
        .cast_signed()
}
