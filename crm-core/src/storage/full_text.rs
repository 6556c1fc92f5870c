//! Where the databases differ in searching text.

use super::dialect::Dialect;

impl Dialect {
    /// The statement that adds entry `?1` to the full-text index: with the texts of its title, details and body as
    /// `?2` to `?4` in SQLite, with its words and their places as `?2` in PostgreSQL.
    pub fn search_add(self) -> &'static str {
        match self {
            Self::Sqlite => "INSERT INTO crm_search (rowid, title, detail, body) VALUES (?1, ?2, ?3, ?4)",
            #[cfg(feature = "postgres")]
            Self::Postgres => "INSERT INTO crm_search (entry, words) VALUES (?1, CAST(?2 AS tsvector))",
        }
    }

    /// The statement that removes entry `?1`: in SQLite with its texts as `?2` to `?4`, which the index does not hold.
    pub fn search_remove(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "INSERT INTO crm_search (crm_search, rowid, title, detail, body) VALUES ('delete', ?1, ?2, ?3, ?4)"
            }
            #[cfg(feature = "postgres")]
            Self::Postgres => "DELETE FROM crm_search WHERE entry = ?1",
        }
    }

    /// The query for the entries that meet the expression `?1`, the best first: a hit in the title weighs ten times, one
    /// in a detail three times one in running text.
    pub fn search_ranked(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT rowid FROM crm_search WHERE crm_search MATCH ?1 ORDER BY bm25(crm_search, 10.0, 3.0, 1.0), rowid DESC"
            }
            #[cfg(feature = "postgres")]
            Self::Postgres => {
                "SELECT entry FROM crm_search WHERE words @@ CAST(?1 AS tsquery) \
                 ORDER BY ts_rank('{0.1, 0.1, 0.3, 1.0}', words, CAST(?1 AS tsquery), 1) DESC, entry DESC"
            }
        }
    }

    /// The query for the entries that meet the expression `?1`, the newest first.
    pub fn search_unranked(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT rowid FROM crm_search WHERE crm_search MATCH ?1 ORDER BY rowid DESC",
            #[cfg(feature = "postgres")]
            Self::Postgres => {
                "SELECT entry FROM crm_search WHERE words @@ CAST(?1 AS tsquery) ORDER BY entry DESC"
            }
        }
    }
}
