//! Removing the rows that were deleted, for good.
//!
//! A deleted row lies in its table, and its values in the indexes, until `VACUUM` finds that no snapshot can see it. What
//! the planner has sampled of it lies in the statistics until the table is sampled anew.

use std::thread::sleep;
use std::time::Duration;

use super::link::Link;
use super::maintenance::texts;
use crate::error::Result;
use crate::storage::Param;

/// The first transaction that has not begun yet: everybody whose snapshot is older may see what is dead for us.
const BOUNDARY: &str = "SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)";

/// Whether somebody sees an older state than transaction `?1` does: a session, a replica that feeds back what it reads, a
/// replication slot, a prepared transaction.
const HELD_BACK: &str = "SELECT CAST(count(*) AS text) FROM (\
     SELECT backend_xmin AS seen FROM pg_stat_activity WHERE pid <> pg_backend_pid() \
     AND (datname = current_database() OR datname IS NULL) \
     UNION ALL SELECT backend_xid FROM pg_stat_activity WHERE datname = current_database() \
     UNION ALL SELECT xmin FROM pg_replication_slots \
     UNION ALL SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()) AS holders \
     WHERE age(seen) > age(CAST(CAST(CAST(?1 AS text) AS xid8) AS xid)) HAVING count(*) > 0";

const TABLES: &str = "SELECT CAST(quote_ident(tablename) AS text) FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1";

const SAMPLED: &str = "SELECT DISTINCT CAST(quote_ident(tablename) AS text) FROM pg_stats WHERE schemaname = current_schema() ORDER BY 1";

/// The statements that take the samples from tables without rows: to such a table `ANALYZE` does nothing. That a column
/// gets a type, be it its own, removes what was sampled of it. Identifiers and row numbers say nothing of anybody.
const FORGETTING: &str = "SELECT CAST(format('ALTER TABLE %I ALTER COLUMN %I TYPE %s', c.relname, a.attname, \
     format_type(a.atttypid, a.atttypmod) || coalesce(' COLLATE ' || quote_ident(l.collname), '')) AS text) \
     FROM pg_stats AS s JOIN pg_namespace AS n ON n.nspname = s.schemaname \
     JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = s.tablename \
     JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = s.attname \
     LEFT JOIN pg_collation AS l ON l.oid = a.attcollation \
     WHERE s.schemaname = current_schema() AND c.reltuples = 0 AND a.attidentity = '' \
     AND a.atttypid <> CAST('uuid' AS regtype) ORDER BY 1";

/// How long to wait before looking again whether an older state is still read.
const PAUSE: Duration = Duration::from_millis(20);

/// Removes dead rows with their index entries from all tables of the schema, and replaces the samples of the planner.
/// `false` when somebody still sees an older state after the longest wait, or does the same at this moment.
pub(super) fn dead_rows(link: &Link, longest: Duration) -> Result<bool> {
    let boundary = texts(link, BOUNDARY, &[])?.concat().concat();
    let mut waited = Duration::ZERO;
    while !texts(link, HELD_BACK, &[Param::Text(&boundary)])?.is_empty() {
        if waited >= longest {
            return Ok(false);
        }
        sleep(PAUSE);
        waited += PAUSE;
    }
    match vacuum(link) {
        Ok(()) => Ok(true),
        Err(error) if error.code() == "storage.busy" => Ok(false),
        Err(error) => Err(error),
    }
}

fn vacuum(link: &Link) -> Result<()> {
    // By default few dead rows are left in the indexes.
    link.batch(&format!("VACUUM (INDEX_CLEANUP ON) {}", listed(link, TABLES)?))?;
    let sampled = listed(link, SAMPLED)?;
    if sampled.is_empty() {
        return Ok(());
    }
    link.batch(&format!("ANALYZE {sampled}"))?;
    let forgetting: Vec<String> = texts(link, FORGETTING, &[])?.into_iter().flatten().collect();
    if !forgetting.is_empty() {
        // The connection is one that reads by default.
        link.begin("BEGIN READ WRITE")?;
        link.batch(&forgetting.join("; "))?;
        link.commit("COMMIT")?;
    }
    // The old samples are dead rows themselves. Who does not own the database is not let there, and told so by a warning.
    link.batch("VACUUM (INDEX_CLEANUP ON) pg_catalog.pg_statistic")
}

/// The names that a query gives, as a list for a command. An empty list would stand for all tables of the database.
fn listed(link: &Link, query: &str) -> Result<String> {
    let names: Vec<String> = texts(link, query, &[])?.into_iter().flatten().collect();
    Ok(names.join(", "))
}
