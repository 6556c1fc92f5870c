//! Where the databases differ in asking for, and making, tables.

use std::borrow::Cow;

use super::dialect::Dialect;
#[cfg(feature = "postgres")]
use super::postgres::words;

impl Dialect {
    /// What stands behind a table whose rows lie in the order of its primary key.
    pub fn clustered_suffix(self) -> &'static str {
        match self {
            Self::Sqlite => " STRICT, WITHOUT ROWID",
            #[cfg(feature = "postgres")]
            Self::Postgres => "",
        }
    }

    /// The query for the names of the columns of table `?1`; no rows when there is no such table.
    pub fn columns_query(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name FROM pragma_table_info(?1)",
            #[cfg(feature = "postgres")]
            Self::Postgres => words::COLUMNS,
        }
    }

    /// The query for the names of all indexes.
    pub fn indexes_query(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'index'",
            #[cfg(feature = "postgres")]
            Self::Postgres => words::INDEXES,
        }
    }

    /// The query for the columns of table `?1` that are checked as links, where links are made after the tables:
    /// PostgreSQL wants both ends to be there. `None` where they are part of the table.
    pub fn links_query(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            #[cfg(feature = "postgres")]
            Self::Postgres => Some(words::LINKS),
        }
    }

    /// The name under which something is kept whose name is put together of others: PostgreSQL cuts off what has more
    /// than 63 bytes.
    pub fn identifier(self, name: &str) -> Cow<'_, str> {
        match self {
            Self::Sqlite => Cow::Borrowed(name),
            #[cfg(feature = "postgres")]
            Self::Postgres => words::identifier(name),
        }
    }

    /// What stands before the name of a temporary table or view.
    pub fn temporary(self) -> &'static str {
        match self {
            Self::Sqlite => "temp.",
            #[cfg(feature = "postgres")]
            Self::Postgres => "pg_temp.",
        }
    }

    /// What stands before the name of a table where a temporary one could be meant.
    pub fn permanent(self) -> &'static str {
        match self {
            Self::Sqlite => "main.",
            // No temporary table is called as another one.
            #[cfg(feature = "postgres")]
            Self::Postgres => "",
        }
    }

    /// The statement for a unique index of a temporary table.
    pub fn temporary_index(self, name: &str, table: &str, columns: &str) -> String {
        match self {
            Self::Sqlite => format!("CREATE UNIQUE INDEX temp.\"{name}\" ON \"{table}\" ({columns})"),
            #[cfg(feature = "postgres")]
            Self::Postgres => format!("CREATE UNIQUE INDEX \"{name}\" ON pg_temp.\"{table}\" ({columns})"),
        }
    }

    /// The statements that make the full-text index. SQLite: without a copy of the text, with prefixes of two and
    /// three letters for type-ahead, and erasing what is deleted at once instead of at some later merge.
    pub fn create_search(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "CREATE VIRTUAL TABLE crm_search USING fts5(title, detail, body, content='', prefix='2 3', \
                 tokenize=\"unicode61 remove_diacritics 0 categories 'L* N* M* Co'\");
                 INSERT INTO crm_search (crm_search, rank) VALUES ('secure-delete', 1);"
            }
            #[cfg(feature = "postgres")]
            Self::Postgres => words::CREATE_SEARCH,
        }
    }

    /// The query that lets a table number its next rows behind those that were put in with their numbers; nothing where
    /// that goes without saying.
    #[cfg(any(feature = "postgres", feature = "sqlcipher"))]
    #[cfg_attr(not(feature = "postgres"), expect(unused_variables, reason = "SQLite needs no statement"))]
    pub fn renumber_rows(self, table: &str) -> Option<String> {
        match self {
            Self::Sqlite => None,
            #[cfg(feature = "postgres")]
            Self::Postgres => Some(format!(
                "SELECT setval(pg_get_serial_sequence('{table}', 'row_id'), (SELECT max(row_id) FROM {table}))"
            )),
        }
    }

    /// The table in which the query planner keeps values of rows as samples; nothing where it keeps none, or none that
    /// the engine may delete. They outlive the rows, and not even `VACUUM` removes them.
    pub fn sampled_statistics(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("sqlite_stat4"),
            // The samples of `pg_statistic` are the server's own; its next ANALYZE replaces them.
            #[cfg(feature = "postgres")]
            Self::Postgres => None,
        }
    }

    /// Lets links be checked at the end of the transaction instead of at once, for the current transaction.
    pub fn defer_links(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA defer_foreign_keys = ON",
            #[cfg(feature = "postgres")]
            Self::Postgres => "SET CONSTRAINTS ALL DEFERRED",
        }
    }
}
