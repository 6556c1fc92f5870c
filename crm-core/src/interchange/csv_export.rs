//! Records as a file of separated values.

use std::borrow::Cow;
use std::io::Write;
use std::sync::Arc;

use serde_json::Value as Json;

use super::csv::Lines;
use super::exports::RedactedCell;
use super::jsonl::unwritable;
use crate::error::{CrmError, Result};
use crate::ground::number;
use crate::privacy::reading::{Logged, RedactionReason};
use crate::record::door::{Reader, read};
use crate::record::filter::Filter;
use crate::record::json::to_json;
use crate::record::list;
use crate::record::query::{MAX_LIMIT, Query};
use crate::record::schema::{RecordType, clip};
use crate::record::set::visible;
use crate::record::value::Value;
use crate::record::{FieldKind, RecordData};
use crate::session::Session;
use crate::storage::ReadMode;

/// One column of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportColumn {
    /// The field: `name`, a member of a part as `emails[0].address`, or a field behind a link as
    /// `organisation.name`. An amount of money can be taken apart: `amount.amount`, `amount.currency`.
    pub path: String,
    /// What stands in the header.
    pub label: String,
}

/// Which records go into a file, and how.
#[derive(Clone, Debug)]
pub struct CsvExport {
    /// The record type.
    pub record_type: String,
    /// The columns.
    pub columns: Vec<ExportColumn>,
    /// Which records; all when there is none.
    pub filter: Option<Filter>,
    /// What separates the columns.
    pub delimiter: char,
    /// Whether a text that a spreadsheet would take for a formula gets an apostrophe in front. Such a text reads
    /// back with it.
    pub guard_formulas: bool,
}

impl CsvExport {
    /// All records of a type with these columns, each labelled with its path.
    pub fn new(record_type: impl Into<String>, paths: &[&str]) -> Self {
        let column = |path: &&str| ExportColumn { path: (*path).to_owned(), label: (*path).to_owned() };
        Self {
            record_type: record_type.into(),
            columns: paths.iter().map(column).collect(),
            filter: None,
            delimiter: ',',
            guard_formulas: false,
        }
    }

    /// Only records that pass a filter.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(filter);
        self
    }

    /// Keeps spreadsheets from running texts as formulas.
    pub fn guard_formulas(mut self) -> Self {
        self.guard_formulas = true;
        self
    }
}

/// Where the text of a column comes from.
enum Path {
    Field(usize),
    Member { position: usize, item: usize, member: String },
    Amount(usize),
    Currency(usize),
    Through { link: usize, target: Arc<RecordType>, rest: Box<Path> },
}

/// Writes the records from one state of the database.
pub(crate) fn export(
    session: &Session,
    mut out: impl Write,
    export: &CsvExport,
    redacted: &mut Vec<RedactedCell>,
) -> Result<Logged> {
    let delimiter = u8::try_from(export.delimiter)
        .ok()
        .filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n'))
        .ok_or_else(|| CrmError::invalid("csv.delimiter", "is not an ASCII character").at("delimiter"))?;
    let mut lines = Lines::new(&mut out, delimiter);
    read(session, ReadMode::Snapshot, |reader| {
        let record_type = reader.schema.require(&export.record_type)?;
        let paths = export
            .columns
            .iter()
            .map(|column| compile(reader, record_type, &column.path, true))
            .collect::<Result<Vec<_>>>()?;
        for column in &export.columns {
            lines.cell(&guarded(&column.label, export.guard_formulas));
        }
        lines.end().map_err(|_| unwritable())?;
        let mut query = Query { filter: export.filter.clone(), limit: MAX_LIMIT, ..Query::new() };
        let mut logged = Logged::of("export.csv", record_type.name());
        loop {
            let (records, next) = list::page(reader, record_type, &query, Ok)?;
            for data in &records {
                for (path, column) in paths.iter().zip(&export.columns) {
                    let (text, reason) = text(reader, path, data)?;
                    redacted.extend(reason.map(|reason| RedactedCell {
                        record: data.id(),
                        field: column.path.clone(),
                        reason: reason.code().to_owned(),
                    }));
                    lines.cell(&guarded(&text, export.guard_formulas));
                }
                lines.end().map_err(|_| unwritable())?;
                logged.add(reader, record_type, data);
            }
            match next {
                Some(cursor) => query.cursor = Some(cursor),
                None => break,
            }
        }
        lines.finish().map_err(|_| unwritable())?;
        Ok(logged)
    })
}

/// A text that no spreadsheet takes for a formula. Plain numbers such as -5 are left alone.
pub(crate) fn guarded(text: &str, guard: bool) -> Cow<'_, str> {
    let starts = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if guard && starts && number::parse(text).is_none() {
        return Cow::Owned(format!("'{text}"));
    }
    Cow::Borrowed(text)
}

fn compile(reader: &Reader<'_>, record_type: &RecordType, path: &str, links: bool) -> Result<Path> {
    let invalid = |reason: &str| CrmError::invalid("export.path", reason).at(clip(path));
    let Some((head, rest)) = path.split_once('.') else {
        let field = record_type.require(path)?;
        reader.check_field(record_type, field).map_err(|error| error.at(clip(path)))?;
        return Ok(Path::Field(field.position));
    };
    let (name, item) = match head.split_once('[') {
        None => (head, 0),
        Some((name, number)) => {
            let number = number.strip_suffix(']').and_then(|number| number.parse().ok());
            (name, number.ok_or_else(|| invalid("is not of the form list[0].member"))?)
        }
    };
    let field = record_type.require(name)?;
    reader.check_field(record_type, field).map_err(|error| error.at(clip(path)))?;
    let position = field.position;
    match (field.kind(), rest) {
        (FieldKind::Money, "amount") => Ok(Path::Amount(position)),
        (FieldKind::Money, "currency") => Ok(Path::Currency(position)),
        (FieldKind::Parts(parts), member) if parts.members.iter().any(|known| known.name == member) => {
            Ok(Path::Member { position, item, member: member.to_owned() })
        }
        (FieldKind::Link { target, .. }, rest) if links => {
            let target = reader.schema.require(target)?;
            let rest = compile(reader, target, rest, false).map_err(|error| match error.code() {
                "field.redacted" => error.at(clip(path)),
                _ => error,
            })?;
            let rest = Box::new(rest);
            Ok(Path::Through { link: position, target: Arc::clone(target), rest })
        }
        _ => Err(invalid("leads nowhere")),
    }
}

/// The text of a cell, and why it is blank if the session may not see it.
fn text(reader: &Reader<'_>, path: &Path, data: &RecordData) -> Result<(String, Option<RedactionReason>)> {
    let at = match path {
        Path::Field(position)
        | Path::Member { position, .. }
        | Path::Amount(position)
        | Path::Currency(position) => *position,
        Path::Through { link, .. } => *link,
    };
    let hidden = data.redacted.iter().find(|(position, _)| *position == at).map(|(_, reason)| *reason);
    if hidden.is_some() {
        return Ok((String::new(), hidden));
    }
    let text = match path {
        Path::Field(position) => plain(&data.values[*position]),
        Path::Amount(position) => match &data.values[*position] {
            Value::Money(money) => money.to_decimal_string(),
            _ => String::new(),
        },
        Path::Currency(position) => match &data.values[*position] {
            Value::Money(money) => money.currency_code().to_owned(),
            _ => String::new(),
        },
        Path::Member { position, item, member } => {
            let parts: Json = match &data.values[*position] {
                Value::Json(json) => serde_json::from_str(json).unwrap_or_default(),
                _ => Json::Null,
            };
            match parts.get(item).and_then(|part| part.get(member)) {
                Some(Json::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            }
        }
        Path::Through { link, target, rest } => match data.values[*link].as_id() {
            None => String::new(),
            Some(id) => match visible(reader, target, id)? {
                Some(linked) => return text(reader, rest, &linked),
                None => String::new(),
            },
        },
    };
    Ok((text, None))
}

/// A value as the importer reads it: lists separated by semicolons, amounts with their currency.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Money(money) => format!("{} {}", money.to_decimal_string(), money.currency_code()),
        Value::Json(json) => match serde_json::from_str::<Vec<String>>(json) {
            Ok(items) => items.join(";"),
            Err(_) => json.clone(),
        },
        other => match to_json(other) {
            Json::String(text) => text,
            other => other.to_string(),
        },
    }
}
