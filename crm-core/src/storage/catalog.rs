//! Where the databases differ in asking for, and making, tables.

use super::dialect::Dialect;

impl Dialect {
    /// What stands behind a table whose rows lie in the order of its primary key.
    pub fn clustered_suffix(self) -> &'static str {
        match self {
            Self::Sqlite => " STRICT, WITHOUT ROWID",
        }
    }

    /// The query for the names of the columns of table `?1`; no rows when there is no such table.
    pub fn columns_query(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name FROM pragma_table_info(?1)",
        }
    }

    /// The query for the names of all indexes.
    pub fn indexes_query(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name FROM sqlite_schema WHERE type = 'index'",
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
        }
    }

    /// The table in which the query planner keeps values of rows as samples; nothing where it keeps none, or none that
    /// the engine may delete. They outlive the rows, and not even `VACUUM` removes them.
    pub fn sampled_statistics(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("sqlite_stat4"),
        }
    }

    /// Lets links be checked at the end of the transaction instead of at once, for the current transaction.
    pub fn defer_links(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA defer_foreign_keys = ON",
        }
    }
}
