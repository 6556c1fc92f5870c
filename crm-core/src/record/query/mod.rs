//! Lists, counts and groups over the records of one type.
//!
//! All of them compile to statements whose rows are restricted by the filter and by what the session may see;
//! the engine runs them on a connection. A list goes on where it ended by a [`Cursor`] that holds the sort
//! values of the last row, never an offset: rows that are inserted or deleted between two pages neither repeat
//! nor hide another row.

mod cursor;
mod group;
mod key;
mod list;
mod measure;

use crate::error::{CrmError, ErrorKind, Result};
use crate::record::filter::compile::compile;
use crate::record::filter::{Filter, FilterContext, Path, Statement};
use crate::record::schema::RecordType;

pub use cursor::{Cursor, MAX_CURSOR_LENGTH, SortValue};
pub use group::{
    DEFAULT_GROUPS, GroupColumn, GroupKey, GroupPlan, GroupQuery, GroupRow, GroupSort, Groups,
    MAX_GROUP_COLUMNS, MAX_GROUPS,
};
pub use list::{ListPlan, Page, Phase};
pub use measure::Measure;

/// The most rows of a page.
pub const MAX_LIMIT: u32 = 1_000;
/// The rows of a page when the query does not say.
pub const DEFAULT_LIMIT: u32 = 50;
/// The most keys that a list is sorted by.
pub const MAX_SORT_KEYS: usize = 5;

/// Which way rows are sorted. Rows without a value are first ascending, last descending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// From the least to the greatest.
    #[default]
    Ascending,
    /// From the greatest to the least.
    Descending,
}

impl Direction {
    pub(super) fn sql(self) -> &'static str {
        match self {
            Self::Ascending => "ASC",
            Self::Descending => "DESC",
        }
    }
}

/// One key that a list is sorted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The value; may go through links, and be `name_key`.
    pub path: Path,
    /// Which way.
    pub direction: Direction,
}

/// A list of records: which, in what order, and how many at a time.
///
/// ```
/// use crm_core::record::filter::field;
/// use crm_core::record::query::Query;
/// let query = Query::new()
///     .filter(field("stage.type").equals("open"))
///     .descending("amount")
///     .ascending("name_key")
///     .limit(100);
/// assert_eq!(query.sort.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// Which records; all when there is none.
    pub filter: Option<Filter>,
    /// In what order; by row, which is the order of creation in this database, when there is none.
    pub sort: Vec<Sort>,
    /// How many, 1 to [`MAX_LIMIT`].
    pub limit: u32,
    /// Where to go on.
    pub cursor: Option<Cursor>,
}

impl Default for Query {
    fn default() -> Self {
        Self { filter: None, sort: Vec::new(), limit: DEFAULT_LIMIT, cursor: None }
    }
}

impl Query {
    /// All records, [`DEFAULT_LIMIT`] at a time.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only records that pass the filter, in addition to earlier ones.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(match self.filter {
            None => filter,
            Some(earlier) => earlier.and(filter),
        });
        self
    }

    /// Sorts by a value, the least first, after earlier keys.
    pub fn ascending(self, path: &str) -> Self {
        self.sorted(path, Direction::Ascending)
    }

    /// Sorts by a value, the greatest first, after earlier keys.
    pub fn descending(self, path: &str) -> Self {
        self.sorted(path, Direction::Descending)
    }

    fn sorted(mut self, path: &str, direction: Direction) -> Self {
        self.sort.push(Sort { path: path.into(), direction });
        self
    }

    /// So many at a time.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// Goes on after an earlier page of the same query.
    pub fn after(mut self, cursor: Cursor) -> Self {
        self.cursor = Some(cursor);
        self
    }
}

/// The statement that counts the records of a type: one row with one number.
///
/// # Errors
/// As [`compile`].
pub fn count<'c>(
    filter: &Filter,
    record_type: &'c RecordType,
    context: &'c FilterContext<'c>,
) -> Result<Statement> {
    compile(filter, record_type, context)?.statement("SELECT count(*)")
}

pub(super) fn check_limit(limit: u32, most: u32) -> Result<()> {
    if (1..=most).contains(&limit) {
        return Ok(());
    }
    let reason = format!("is not between 1 and {most}");
    Err(CrmError::new(ErrorKind::Limit, "query.limit", reason).at("limit"))
}
