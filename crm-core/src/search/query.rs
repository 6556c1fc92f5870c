//! Running a search.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use super::expression::{self, Expression};
use super::suggest::joined;
use super::{index, phone, sight};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::snippet::{Snippet, snippet};
use crate::ground::text::{shortened, tokens};
use crate::record::columns::read_record;
use crate::record::derived::each_text;
use crate::record::door::Reader;
use crate::record::{RecordData, RecordType, Redaction, SearchRole, list};
use crate::storage::{Param, query_one};

/// The longest text that is searched for, in bytes.
const MAX_SEARCH: usize = 1_000;
/// The most hits that one search gives.
pub(super) const MAX_HITS: u32 = 200;

/// What is searched for, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    text: String,
    record_types: Vec<String>,
    limit: u32,
    whole_words: bool,
    snippets: bool,
}

impl SearchQuery {
    /// A search over all record types for at most 20 hits. The last word is taken for the beginning of one,
    /// unless a space follows it.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), record_types: Vec::new(), limit: 20, whole_words: false, snippets: true }
    }

    /// Only records of these types.
    pub fn of_types(mut self, record_types: &[&str]) -> Self {
        self.record_types = record_types.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    /// At most so many hits, up to 200.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit;
        self
    }

    /// The last word is a whole word, too.
    pub fn whole_words(mut self) -> Self {
        self.whole_words = true;
        self
    }

    /// Whether the last word is taken for the beginning of one.
    fn open_ended(&self) -> bool {
        !self.whole_words && !self.text.ends_with(char::is_whitespace)
    }

    /// Without snippets: faster, for lists that show names only.
    pub fn without_snippets(mut self) -> Self {
        self.snippets = false;
        self
    }
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hit {
    /// The name of its type.
    pub record_type: String,
    /// Its identifier.
    pub id: RecordId,
    /// Its name or subject; of a record without one, such as a note, how its text begins.
    pub title: String,
    /// The field in which the words stand, with the hits marked: `None` when it was not asked for, or when the
    /// words stand in several fields and none holds any of them as it is shown.
    pub snippet: Option<FieldSnippet>,
    /// The fields of the record that the session may not see. Words in them are not found.
    pub redactions: Vec<Redaction>,
}

/// Where in a record the words stand.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldSnippet {
    /// The name of the field.
    pub field: String,
    /// The part of its text around the words.
    pub snippet: Snippet,
}

/// About how many characters a snippet has.
const SNIPPET_WIDTH: usize = 80;
/// How many characters of its text stand for the name of a record at most.
const OPENING_WIDTH: usize = 80;

pub(super) fn run(reader: &Reader<'_>, query: &SearchQuery) -> Result<Vec<Hit>> {
    if reader.as_of.is_some() {
        let reason = "the index of the search holds the present; a list with a filter reads the past";
        return Err(CrmError::invalid("search.past", reason));
    }
    if query.text.len() > MAX_SEARCH {
        return Err(CrmError::new(
            ErrorKind::Limit,
            "search.too_long",
            format!("is longer than {MAX_SEARCH} bytes"),
        ));
    }
    if !(1..=MAX_HITS).contains(&query.limit) {
        return Err(CrmError::new(
            ErrorKind::Limit,
            "search.limit",
            format!("is not between 1 and {MAX_HITS}"),
        )
        .at("limit"));
    }
    let mut wanted = HashSet::new();
    for name in &query.record_types {
        wanted.insert(reader.schema.require(name)?.number);
    }
    let words = tokens(&query.text);
    let mut collector = Collector {
        reader,
        query,
        wanted,
        words: &words,
        types: HashMap::new(),
        seen: HashSet::new(),
        by_phone: true,
        hits: Vec::new(),
    };
    phone::entries(reader, &query.text, &mut |number, row_id| collector.take(number, row_id))?;
    collector.by_phone = false;
    if let Some(expression) = expression::of(&words, query.open_ended(), reader.connection.dialect()) {
        full_text(&mut collector, &expression)?;
    }
    Ok(collector.hits)
}

fn full_text(collector: &mut Collector<'_>, expression: &Expression) -> Result<()> {
    let connection = collector.reader.connection;
    let dialect = connection.dialect();
    let sql = if expression.ranked { dialect.search_ranked() } else { dialect.search_unranked() };
    connection.query(sql, &[Param::Text(&expression.text)], &mut |row| {
        let entry = row.integer(0)?.unwrap_or_default();
        let (number, row_id) = index::record_of(entry);
        collector.take(number, row_id)
    })
}

/// Takes entries until there are enough that the session may see.
struct Collector<'a> {
    reader: &'a Reader<'a>,
    query: &'a SearchQuery,
    wanted: HashSet<i64>,
    words: &'a [String],
    types: HashMap<i64, Titles>,
    seen: HashSet<(i64, i64)>,
    /// Whether the entries that come were found by a phone number.
    by_phone: bool,
    hits: Vec<Hit>,
}

/// A type whose records were hit.
struct Titles {
    record_type: Arc<RecordType>,
    restricted: bool,
    /// Whether all cells may be read.
    open: bool,
}

impl Collector<'_> {
    fn take(&mut self, number: i64, row_id: i64) -> Result<ControlFlow<()>> {
        let enough = self.query.limit as usize;
        if self.hits.len() >= enough {
            return Ok(ControlFlow::Break(()));
        }
        if (!self.wanted.is_empty() && !self.wanted.contains(&number)) || !self.seen.insert((number, row_id))
        {
            return Ok(ControlFlow::Continue(()));
        }
        if let Some(hit) = self.hit(number, row_id)? {
            self.hits.push(hit);
        }
        Ok(if self.hits.len() < enough { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    }

    fn hit(&mut self, number: i64, row_id: i64) -> Result<Option<Hit>> {
        let reader = self.reader;
        let Some(record_type) = reader.schema.by_number(number) else { return Ok(None) };
        self.types.entry(number).or_insert_with(|| Titles::of(reader, record_type));
        let titles = &self.types[&number];
        if !titles.open {
            let record_type = Arc::clone(&titles.record_type);
            return self.redacted_hit(&record_type, row_id);
        }
        let statements = titles.record_type.statements();
        let found = query_one(reader.connection, &statements.title, &[Param::Integer(row_id)], |row| {
            let name = joined(row, 1, statements.title_columns)?;
            let opening = if name.is_empty() && statements.has_opening {
                shortened(row.text(1 + statements.title_columns)?.unwrap_or_default(), OPENING_WIDTH)
            } else {
                String::new()
            };
            Ok((row.id(0)?.unwrap_or_default(), name, opening))
        })?;
        let Some((id, name, opening)) = found else { return Ok(None) };
        let record_type = &titles.record_type;
        if titles.restricted {
            let predicate = reader
                .engine
                .access
                .predicate(reader.viewer, record_type)
                .unwrap_or_else(crate::record::filter::Filter::all);
            if list::by_id(reader, record_type, id, predicate)?.is_none() {
                return Ok(None);
            }
        }
        let snippet = if self.query.snippets { self.snippet(record_type, row_id, &name)? } else { None };
        let title = if name.is_empty() { opening } else { name };
        let record_type = record_type.name().to_owned();
        Ok(Some(Hit { record_type, id, title, snippet, redactions: Vec::new() }))
    }

    /// The hit for a record of which the session may not see everything: only if the query finds what it may see.
    fn redacted_hit(&self, record_type: &RecordType, row_id: i64) -> Result<Option<Hit>> {
        let Some(data) = list::by_row(self.reader, record_type, row_id)? else { return Ok(None) };
        let found = data.redacted.is_empty()
            || (self.by_phone && sight::shows_phones(record_type, &data))
            || sight::shows_words(record_type, &data, self.words, self.query.open_ended())?;
        if !found {
            return Ok(None);
        }
        let name = sight::name(record_type, &data);
        let snippet = if self.query.snippets { self.snippet_of(record_type, &data, &name)? } else { None };
        let title = if name.is_empty() { sight::opening(record_type, &data, OPENING_WIDTH) } else { name };
        let redactions = data.redactions(record_type);
        Ok(Some(Hit {
            record_type: record_type.name().to_owned(),
            id: data.id(),
            title,
            snippet,
            redactions,
        }))
    }

    /// Where the words stand: in the title if all do, else in the first field with most of them.
    fn snippet(&self, record_type: &RecordType, row_id: i64, title: &str) -> Result<Option<FieldSnippet>> {
        let best = self.in_title(title);
        if self.covers_all(best.as_ref()) {
            return Ok(best);
        }
        let sql = format!(
            "SELECT {} FROM {} AS t WHERE t.row_id = ?1",
            record_type.statements().columns,
            record_type.table
        );
        let data = query_one(self.reader.connection, &sql, &[Param::Integer(row_id)], |row| {
            read_record(record_type, row)
        })?;
        match data {
            Some(data) => self.snippet_of(record_type, &data, title),
            None => Ok(best),
        }
    }

    /// The same, of a record that was read.
    fn snippet_of(
        &self,
        record_type: &RecordType,
        data: &RecordData,
        title: &str,
    ) -> Result<Option<FieldSnippet>> {
        let mut best = self.in_title(title);
        if self.covers_all(best.as_ref()) {
            return Ok(best);
        }
        let covered =
            |found: &Option<FieldSnippet>| found.as_ref().map_or(0, |found| found.snippet.ranges.len());
        for field in record_type.own_fields() {
            if matches!(field.descriptor.search, SearchRole::None | SearchRole::Title) {
                continue;
            }
            each_text(field, &data.values[field.position], &mut |text| {
                let found = snippet(text, self.words, SNIPPET_WIDTH)
                    .map(|found| FieldSnippet { field: field.name().to_owned(), snippet: found });
                if covered(&found) > covered(&best) {
                    best = found;
                }
            })?;
        }
        Ok(best)
    }

    fn in_title(&self, title: &str) -> Option<FieldSnippet> {
        snippet(title, self.words, SNIPPET_WIDTH)
            .map(|found| FieldSnippet { field: "title".to_owned(), snippet: found })
    }

    fn covers_all(&self, found: Option<&FieldSnippet>) -> bool {
        found.map_or(0, |found| found.snippet.ranges.len()) >= self.words.len()
    }
}

impl Titles {
    fn of(reader: &Reader<'_>, record_type: &Arc<RecordType>) -> Self {
        let restricted = reader.engine.access.predicate(reader.viewer, record_type).is_some();
        let open = reader.scope.is_open_for(record_type);
        Self { record_type: Arc::clone(record_type), restricted, open }
    }
}
