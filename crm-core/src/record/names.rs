//! Records by the beginning of their name: a range of the index over name keys, never a ranking.

use super::door::Reader;
use super::filter::OwnedParam;
use super::filter::compile::Selection;
use super::list::with_context;
use super::schema::{NAME_KEY, RecordType};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::text::fold;
use crate::storage::{Connection, Param, Row, query_all};

/// The most records at a time.
pub(crate) const MOST_NAMES: u32 = 50;
/// The longest beginning of a name, in bytes.
const LONGEST: usize = 1_000;

/// The first names that begin like a text, whatever its case and accents, in their order.
pub(crate) struct NameRange {
    first: String,
    end: String,
    limit: u32,
}

impl NameRange {
    /// The first `limit` names, 1 to [`MOST_NAMES`].
    ///
    /// # Errors
    /// `search.too_long`, `search.limit`.
    pub(crate) fn new(prefix: &str, limit: u32) -> Result<Self> {
        if prefix.len() > LONGEST {
            let reason = format!("is longer than {LONGEST} bytes");
            return Err(CrmError::new(ErrorKind::Limit, "search.too_long", reason));
        }
        if !(1..=MOST_NAMES).contains(&limit) {
            let reason = format!("is not between 1 and {MOST_NAMES}");
            return Err(CrmError::new(ErrorKind::Limit, "search.limit", reason).at("limit"));
        }
        let first = fold(prefix);
        // U+10FFFF sorts after every character in UTF-8, and no name has it.
        let end = format!("{first}\u{10FFFF}");
        Ok(Self { first, end, limit })
    }

    /// The rows for a session that sees all present records; `head` is a statement up to `FROM`, which names them `t`.
    pub(crate) fn all<T>(
        &self,
        connection: &dyn Connection,
        head: &str,
        read: impl FnMut(&dyn Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let parameters =
            [Param::Text(&self.first), Param::Text(&self.end), Param::Integer(self.limit.into())];
        query_all(connection, &in_range(head), &parameters, read)
    }

    /// The rows that any session may see, also of the past; `columns` are those of the record, named `t`.
    pub(crate) fn visible<T>(
        &self,
        reader: &Reader<'_>,
        record_type: &RecordType,
        columns: &str,
        read: impl FnMut(&dyn Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        let statement = with_context(reader, |context| {
            let mut selection = Selection::new(record_type, context)?;
            // Who may not be read by name is not found by it.
            selection.target(&NAME_KEY.into())?;
            let first = selection.bind(OwnedParam::Text(self.first.clone()));
            let end = selection.bind(OwnedParam::Text(self.end.clone()));
            selection.restrict_sql(format!("t.name_key >= {first} AND t.name_key < {end}"));
            let limit = selection.bind(OwnedParam::Integer(self.limit.into()));
            let (from, condition) = (selection.from(), selection.condition());
            selection.finish(format!("SELECT {columns} FROM {from} WHERE {condition}{ORDER} {limit}"))
        })?;
        query_all(reader.connection, &statement.sql, &statement.params(), read)
    }
}

const ORDER: &str = " ORDER BY t.name_key, t.row_id LIMIT";

/// A statement for the names from `?1` on and before `?2`, at most `?3`.
pub(crate) fn in_range(head: &str) -> String {
    format!("{head} WHERE t.name_key >= ?1 AND t.name_key < ?2{ORDER} ?3")
}
