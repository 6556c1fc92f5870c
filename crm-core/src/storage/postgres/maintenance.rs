//! Looking after the whole database: checks and settings.

use super::link::{Form, Link};
use super::row::PostgresRow;
use crate::error::Result;
use crate::storage::{ContentVisitor, Param, Row};

/// The columns of a query as texts.
pub(super) fn texts(link: &Link, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<Vec<String>>> {
    let rows = link.query(sql, Form::Plain, parameters)?;
    rows.iter()
        .map(|row| {
            let count = row.columns().len();
            let row = PostgresRow::new(row);
            (0..count).map(|column| Ok(row.text(column)?.unwrap_or_default().to_owned())).collect()
        })
        .collect()
}

/// Checks every index and every foreign key of the schema; gives the findings. Pages are the server's to check.
pub(super) fn integrity_check(link: &Link) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let invalid = "SELECT CAST(c.relname AS text) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid \
                   JOIN pg_namespace AS n ON n.oid = c.relnamespace \
                   WHERE n.nspname = current_schema() AND NOT i.indisvalid ORDER BY 1";
    for row in texts(link, invalid, &[])? {
        findings.push(format!("index: {} is not complete", row.concat()));
    }
    let keys = "SELECT CAST(t.relname AS text), CAST(a.attname AS text), CAST(p.relname AS text), \
                CAST(b.attname AS text) FROM pg_constraint AS k \
                JOIN pg_class AS t ON t.oid = k.conrelid JOIN pg_class AS p ON p.oid = k.confrelid \
                JOIN pg_namespace AS n ON n.oid = k.connamespace \
                JOIN pg_attribute AS a ON a.attrelid = t.oid AND a.attnum = k.conkey[1] \
                JOIN pg_attribute AS b ON b.attrelid = p.oid AND b.attnum = k.confkey[1] \
                WHERE n.nspname = current_schema() AND k.contype = 'f' ORDER BY 1, 2";
    for row in texts(link, keys, &[])? {
        let [table, column, parent, key] = row.as_slice() else { continue };
        let orphans = format!(
            "SELECT CAST(count(*) AS text) FROM \"{table}\" AS c WHERE c.\"{column}\" IS NOT NULL AND NOT EXISTS \
             (SELECT 1 FROM \"{parent}\" AS p WHERE p.\"{key}\" = c.\"{column}\") HAVING count(*) > 0"
        );
        for count in texts(link, &orphans, &[])? {
            findings.push(format!(
                "foreign key: {table}.{column}, {} rows, points at no row of {parent}",
                count.concat()
            ));
        }
    }
    Ok(findings)
}

/// The tables of the schema, each with what is selected of it to see everything: texts, and bytes as they are.
const SELECTED: &str = "SELECT CAST(table_name AS text), string_agg(CASE data_type WHEN 'bytea' THEN quote_ident(column_name) \
     ELSE 'CAST(' || quote_ident(column_name) || ' AS text)' END, ', ' ORDER BY ordinal_position) \
     FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name) \
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' GROUP BY 1 ORDER BY 1";

/// The values that the planner keeps of the rows of the schema.
const SAMPLES: &str = "SELECT CAST(most_common_vals AS text), CAST(histogram_bounds AS text), \
     CAST(most_common_elems AS text) FROM pg_stats WHERE schemaname = current_schema()";

/// Shows the rows of all tables and the samples of the planner.
pub(super) fn contents(link: &Link, each: &mut ContentVisitor<'_>) -> Result<()> {
    for row in texts(link, SELECTED, &[])? {
        let [table, columns] = row.as_slice() else { continue };
        let sql = format!("COPY (SELECT {columns} FROM \"{table}\") TO STDOUT (FORMAT binary)");
        link.copy_out(&sql, &mut |rows| each(Some(table), rows))?;
    }
    let sql = format!("COPY ({SAMPLES}) TO STDOUT (FORMAT binary)");
    link.copy_out(&sql, &mut |samples| each(Some("pg_stats"), samples))
}

/// The settings in force, as the server reads them back.
pub(super) fn settings(link: &Link) -> Result<Vec<(String, String)>> {
    let sql = "SELECT name, setting FROM pg_settings WHERE name IN \
               ('server_version', 'server_encoding', 'client_encoding', 'search_path', 'lock_timeout', 'fsync', \
               'synchronous_commit', 'full_page_writes', 'default_transaction_isolation', 'TimeZone', 'ssl', \
               'max_connections', 'jit') ORDER BY name";
    let found = texts(link, sql, &[])?;
    Ok(found
        .into_iter()
        .filter_map(|row| <[String; 2]>::try_from(row).ok())
        .map(|[name, value]| (name.to_lowercase(), value))
        .collect())
}
