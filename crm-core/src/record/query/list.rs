//! A page of a list.

use std::ops::ControlFlow;

use super::cursor::{Cursor, SortValue, fingerprint};
use super::key::{Key, KeyKind, refuse};
use super::{Direction, MAX_LIMIT, MAX_SORT_KEYS, Query, check_limit};
use crate::error::{CrmError, ErrorKind, Result};
use crate::record::filter::compile::Selection;
use crate::record::filter::{Filter, FilterContext, OwnedParam, Statement};
use crate::record::schema::RecordType;
use crate::storage::{Connection, Param, Row};

/// A list, ready to run.
///
/// Rows with and without a value of the first sort key are read by statements of their own ([`Phase`]), one
/// after the other until the page is full: each walks an index from the place where the last page ended.
#[derive(Debug)]
pub struct ListPlan {
    phases: Vec<Phase>,
    keys: Vec<Key>,
    /// Where the columns of the keys start: behind `row_id` and the columns of the fields.
    first_key: usize,
    limit: u32,
    fingerprint: u64,
}

/// One of the statements of a list. Its last parameter is how many rows it may give.
#[derive(Clone, Debug, PartialEq)]
pub struct Phase {
    statement: Statement,
}

impl Phase {
    /// The statement for at most so many rows. A row has `row_id`, the columns of the fields in order, as
    /// [`Statements::columns`](crate::record::statements::Statements) lists them, and then the sort keys.
    pub fn statement(&self, rows: u32) -> Statement {
        let mut statement = self.statement.clone();
        statement.parameters.push(OwnedParam::Integer(rows.into()));
        statement
    }
}

/// What a page was.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// How many rows were visited.
    pub rows: u32,
    /// Where the list goes on; `None` when this was the end.
    pub next: Option<Cursor>,
}

impl ListPlan {
    /// Compiles a query for a type.
    ///
    /// # Errors
    /// As [`compile`](crate::record::filter::compile::compile); `query.limit`, `query.not_sortable`,
    /// `query.too_many_keys`; `cursor.invalid`, `cursor.other_query`, `cursor.too_long`.
    pub fn compile<'c>(
        query: &Query,
        record_type: &'c RecordType,
        context: &'c FilterContext<'c>,
    ) -> Result<Self> {
        check_limit(query.limit, MAX_LIMIT)?;
        if query.sort.len() > MAX_SORT_KEYS {
            let reason = format!("has more than {MAX_SORT_KEYS} keys");
            return Err(CrmError::new(ErrorKind::Limit, "query.too_many_keys", reason).at("sort"));
        }
        let mut builder = Builder { query, record_type, context, ready: None, phases: Vec::new() };
        // Checks filter and keys, and gives the types of the keys, before the cursor is looked at.
        let (selection, keys) = builder.selection()?;
        builder.ready = Some(selection);
        let fingerprint = fingerprint(record_type.name(), query.filter.as_ref(), &query.sort);
        let types: Vec<_> = keys.iter().map(|key| key.column_type).collect();
        let after = query.cursor.as_ref().map(|cursor| cursor.decode(fingerprint, &types)).transpose()?;
        builder.build(&keys, after.as_ref())?;
        Ok(Self {
            phases: builder.phases,
            keys,
            first_key: record_type.statements().column_count + 1,
            limit: query.limit,
            fingerprint,
        })
    }

    /// The statements of the page, in their order.
    pub fn phases(&self) -> &[Phase] {
        &self.phases
    }

    /// How many rows the page may have.
    pub fn limit(&self) -> u32 {
        self.limit
    }

    /// Reads the page. The connection must show one state to all statements when there are several phases:
    /// use [`ReadMode::Snapshot`](crate::storage::ReadMode) then.
    ///
    /// # Errors
    /// What the statements or the closure return.
    pub fn run(
        &self,
        connection: &dyn Connection,
        each: &mut dyn FnMut(&dyn Row) -> Result<()>,
    ) -> Result<Page> {
        let mut rows = 0;
        let mut next = None;
        for phase in &self.phases {
            // One row more than wanted tells whether the list goes on.
            let mut parameters = phase.statement.params();
            parameters.push(Param::Integer((self.limit - rows + 1).into()));
            let mut more = false;
            connection.query(&phase.statement.sql, &parameters, &mut |row| {
                if rows == self.limit {
                    more = true;
                    return Ok(ControlFlow::Break(()));
                }
                each(row)?;
                rows += 1;
                if rows == self.limit {
                    next = Some(self.cursor_of(row)?);
                }
                Ok(ControlFlow::Continue(()))
            })?;
            if more {
                return Ok(Page { rows, next });
            }
        }
        Ok(Page { rows, next: None })
    }

    /// The cursor that goes on after a row of the list.
    ///
    /// # Errors
    /// When the row is none of this list.
    pub fn cursor_of(&self, row: &dyn Row) -> Result<Cursor> {
        let row_id = row.integer(0)?.ok_or_else(|| CrmError::internal("a row has no number"))?;
        let values = self
            .keys
            .iter()
            .enumerate()
            .map(|(position, key)| key.read(row, self.first_key + position))
            .collect::<Result<Vec<_>>>()?;
        Ok(Cursor::encode(self.fingerprint, row_id, &values))
    }
}

/// The block of rows that a phase reads, by the first sort key.
#[derive(Clone, Copy, PartialEq)]
enum Block {
    Whole,
    Nulls,
    Values,
}

struct Builder<'q, 'c> {
    query: &'q Query,
    record_type: &'c RecordType,
    context: &'c FilterContext<'c>,
    /// The selection that the keys were checked with: the first phase takes it.
    ready: Option<Selection<'c>>,
    phases: Vec<Phase>,
}

impl<'c> Builder<'_, 'c> {
    fn selection(&self) -> Result<(Selection<'c>, Vec<Key>)> {
        let mut selection = Selection::new(self.record_type, self.context)?;
        selection.restrict(self.query.filter.as_ref().unwrap_or(&Filter::All))?;
        let mut keys = Vec::with_capacity(self.query.sort.len());
        for sort in &self.query.sort {
            let key = Key::of(&sort.path, &mut selection)?;
            if key.kind == KeyKind::LongText {
                return Err(refuse(&sort.path, "query.not_sortable", "is text of several lines"));
            }
            keys.push(key);
        }
        Ok((selection, keys))
    }

    fn direction(&self, position: usize) -> Direction {
        self.query.sort.get(position).map(|sort| sort.direction).unwrap_or_default()
    }

    fn build(&mut self, keys: &[Key], after: Option<&(i64, Vec<SortValue>)>) -> Result<()> {
        if !keys.first().is_some_and(|key| key.nullable) {
            return self.phase(Block::Whole, keys, after);
        }
        let in_nulls = after.map(|(_, values)| values.first() == Some(&SortValue::Null));
        let blocks = match self.direction(0) {
            Direction::Ascending => [Block::Nulls, Block::Values],
            Direction::Descending => [Block::Values, Block::Nulls],
        };
        for block in blocks {
            match in_nulls.map(|in_nulls| in_nulls == (block == Block::Nulls)) {
                // The block in which the last page ended goes on from there.
                Some(true) => self.phase(block, keys, after)?,
                // A block before it is done with; one after it is read from its start.
                Some(false) if block == blocks[0] => {}
                _ => self.phase(block, keys, None)?,
            }
        }
        Ok(())
    }

    fn phase(&mut self, block: Block, keys: &[Key], after: Option<&(i64, Vec<SortValue>)>) -> Result<()> {
        let mut selection = match self.ready.take() {
            Some(selection) => selection,
            // Made in the same way, it calls its joins by the same names as the keys do.
            None => self.selection()?.0,
        };
        // In the block of nulls the first key decides nothing.
        let skipped = usize::from(block == Block::Nulls);
        match (block, keys.first()) {
            (Block::Nulls, Some(first)) => selection.restrict_sql(format!("{} IS NULL", first.sql)),
            (Block::Values, Some(first)) => selection.restrict_sql(format!("{} IS NOT NULL", first.sql)),
            _ => {}
        }
        let last = self.direction(keys.len().wrapping_sub(1));
        if let Some((row_id, values)) = after {
            let mut parts = Vec::new();
            for (position, (key, value)) in keys.iter().zip(values).enumerate().skip(skipped) {
                // A phase with values has no nulls in its first key.
                let nullable = key.nullable && position > 0;
                parts.push(Step::of(key, value, nullable, self.direction(position), &mut selection));
            }
            let row_id = selection.bind(OwnedParam::Integer(*row_id));
            let beyond = if last == Direction::Ascending { '>' } else { '<' };
            let condition = beyond_all(&parts, &format!("t.row_id {beyond} {row_id}"));
            selection.restrict_sql(condition);
        }
        let mut order = String::new();
        for (position, key) in keys.iter().enumerate().skip(skipped) {
            let direction = self.direction(position);
            let nulls = match (key.nullable && position > 0, direction) {
                (false, _) => "",
                (true, Direction::Ascending) => " NULLS FIRST",
                (true, Direction::Descending) => " NULLS LAST",
            };
            order.push_str(&format!("{} {}{nulls}, ", key.sql, direction.sql()));
        }
        let mut columns = self.record_type.statements().columns.clone();
        for key in keys {
            columns.push_str(", ");
            columns.push_str(&key.sql);
        }
        let mut statement = selection.statement(&format!("SELECT {columns}"))?;
        let limit = statement.parameters.len() + 1;
        statement.sql.push_str(&format!(" ORDER BY {order}t.row_id {} LIMIT ?{limit}", last.sql()));
        self.phases.push(Phase { statement });
        Ok(())
    }
}

/// The conditions that compare one key with its value in the last row.
struct Step {
    /// The key lies beyond, or is equal: what an index can seek to.
    at_or_beyond: Option<String>,
    /// The key lies beyond.
    beyond: String,
    /// The key is equal.
    equal: String,
}

impl Step {
    fn of(
        key: &Key,
        value: &SortValue,
        nullable: bool,
        direction: Direction,
        selection: &mut Selection<'_>,
    ) -> Self {
        let sql = &key.sql;
        if *value == SortValue::Null {
            // Nulls stand before everything ascending, and behind everything descending.
            let beyond = match direction {
                Direction::Ascending => format!("{sql} IS NOT NULL"),
                // Plain `FALSE` could be the name of a column.
                Direction::Descending => "1 = 0".to_owned(),
            };
            return Self { at_or_beyond: None, beyond, equal: format!("{sql} IS NULL") };
        }
        let place = selection.bind(value.param());
        let symbol = if direction == Direction::Ascending { '>' } else { '<' };
        let nulls_follow = nullable && direction == Direction::Descending;
        let beyond = match nulls_follow {
            true => format!("({sql} < {place} OR {sql} IS NULL)"),
            false => format!("{sql} {symbol} {place}"),
        };
        Self {
            at_or_beyond: (!nulls_follow).then(|| format!("{sql} {symbol}= {place}")),
            beyond,
            equal: format!("{sql} = {place}"),
        }
    }
}

/// The rows behind the last one: beyond in the first key, or equal in it and beyond in the rest.
fn beyond_all(steps: &[Step], row_beyond: &str) -> String {
    let rest = steps.iter().skip(1).rev().fold(row_beyond.to_owned(), |rest, step| {
        format!("({} OR ({} AND {rest}))", step.beyond, step.equal)
    });
    match steps.first() {
        None => rest,
        // Rows with a null do not follow here, so an index can seek to the bound.
        Some(Step { at_or_beyond: Some(bound), beyond, .. }) => {
            format!("{bound} AND ({beyond} OR {rest})")
        }
        Some(step) => format!("({} OR ({} AND {rest}))", step.beyond, step.equal),
    }
}
