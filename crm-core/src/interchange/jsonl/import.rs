//! Reading an export back into an empty database.

use std::io::{BufRead, Read};
use std::ops::ControlFlow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::FORMAT_VERSION;
use super::check::{check_contents, check_links, require_empty};
use super::line::{Exported, FORMAT, Header, Line};
use crate::activity::Attachment;
use crate::activity::attachments::content::{self, PIECE};
use crate::customize::{CustomField, CustomType, check_definition, is_definition, take_definitions};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::interchange::{jobs, keys};
use crate::privacy::consent::{self, ConsentEvent};
use crate::privacy::secret::DatabaseSecret;
use crate::record::door::write;
use crate::record::json::changes_from_json;
use crate::record::schema::{Field, RecordType, clip, system};
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::{Record, RecordData, counters};
use crate::session::Session;
use crate::storage::Param;

/// The longest line, in bytes.
const LONGEST_LINE: usize = 64 * 1024 * 1024;

/// After how many records the host is told.
const TOLD_EVERY: u64 = 500;

/// Reads all records in one transaction; links are checked when all are there.
pub(crate) fn import(
    session: &Session,
    source: &mut dyn BufRead,
    progress: &mut dyn FnMut(&Exported) -> ControlFlow<()>,
) -> Result<Exported> {
    let mut started = false;
    write(session, None, |unit| {
        // The stream was read already; a driver that repeats a transaction cannot be given it again.
        if std::mem::replace(&mut started, true) {
            return Err(CrmError::new(ErrorKind::Busy, "storage.busy", "another writer came in between"));
        }
        require_empty(unit)?;
        let job = jobs::begin(unit, "restore")?;
        unit.connection.execute_batch(unit.connection.dialect().defer_links())?;
        let mut lines = Lines { source, number: 0, buffer: Vec::new() };
        let header = header(&mut lines, unit)?;
        adopt_secret(unit, header.secret.as_deref())?;
        let mut done = Exported { records: 0, of: header.types.values().filter_map(Json::as_u64).sum() };
        let mut state = State::default();
        while lines.next()? {
            let number = lines.number;
            if !state.take(unit, &lines.buffer).map_err(|error| in_line(error, number))? {
                continue;
            }
            done.records += 1;
            let told = done.records.is_multiple_of(TOLD_EVERY) || done.records == done.of;
            if told && progress(&done).is_break() {
                let reason = "the host cancelled the import";
                return Err(CrmError::new(ErrorKind::Interrupted, "import.cancelled", reason));
            }
        }
        if done.records != done.of {
            let reason = format!("the header promises {} records and there are {}", done.of, done.records);
            return Err(CrmError::invalid("jsonl.incomplete", reason).at(format!("line {}", lines.number)));
        }
        state.learn(unit)?;
        check_links(unit)?;
        check_contents(unit)?;
        let summary = serde_json::json!({"records": done.records});
        jobs::set_state(unit.connection, job, jobs::JobState::Done, &summary)?;
        Ok(done)
    })
}

fn in_line(error: CrmError, number: u64) -> CrmError {
    error.within(&format!("line {number}")).detail("line", number)
}

/// Lines with their numbers.
struct Lines<'r> {
    source: &'r mut dyn BufRead,
    number: u64,
    buffer: Vec<u8>,
}

impl Lines<'_> {
    /// Reads the next line into the buffer; `false` at the end.
    fn next(&mut self) -> Result<bool> {
        self.buffer.clear();
        self.number += 1;
        let unreadable = |_| CrmError::new(ErrorKind::Io, "jsonl.read", "the stream cannot be read");
        let limit = LONGEST_LINE as u64 + 1;
        let read = (&mut *self.source).take(limit).read_until(b'\n', &mut self.buffer).map_err(unreadable)?;
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
        }
        if self.buffer.len() > LONGEST_LINE {
            let error = CrmError::new(ErrorKind::Limit, "jsonl.line_too_long", "has more than 64 MiB");
            return Err(error.at(format!("line {}", self.number)));
        }
        Ok(read > 0)
    }

    fn parsed<T: serde::de::DeserializeOwned>(&self) -> Result<T> {
        parse(&self.buffer).map_err(|error| in_line(error, self.number))
    }
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        let reason = if error.is_data() { "is not of the right shape" } else { "is no valid JSON" };
        CrmError::invalid("jsonl.invalid", reason).at(format!("column {}", error.column()))
    })
}

/// Takes over the secret of the database that the export comes from, so that its suppressions go on to match.
fn adopt_secret(unit: &mut UnitOfWork<'_>, secret: Option<&str>) -> Result<()> {
    let Some(text) = secret else { return Ok(()) };
    let bytes = STANDARD.decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    let bytes = bytes.ok_or_else(|| {
        CrmError::invalid("jsonl.invalid", "holds a secret that is not BASE64 of 32 bytes").at("line 1")
    })?;
    DatabaseSecret::adopt(unit, &bytes)
}

/// Reads the header, and makes sure that this library can read what follows.
fn header(lines: &mut Lines<'_>, unit: &UnitOfWork<'_>) -> Result<Header> {
    if !lines.next()? {
        return Err(CrmError::invalid("jsonl.invalid", "the stream is empty").at("line 1"));
    }
    let header: Header = lines.parsed()?;
    if header.format != FORMAT {
        return Err(CrmError::invalid("jsonl.format", "is no export of this library").at("line 1"));
    }
    if header.version > FORMAT_VERSION {
        let reason = "was written by a newer version of the library";
        return Err(CrmError::new(ErrorKind::Incompatible, "jsonl.version", reason).at("line 1"));
    }
    let custom = |name: &str| name.starts_with("x_");
    let unknown = header.types.keys().find(|name| !custom(name) && unit.schema.find(name).is_none());
    if let Some(name) = unknown {
        let reason = format!("holds the unknown record type {}", clip(name));
        return Err(CrmError::new(ErrorKind::Incompatible, "jsonl.type_unknown", reason).at("line 1"));
    }
    for (name, last) in &header.counters {
        counters::go_on_after(unit.connection, name, *last).map_err(|error| error.at("line 1"))?;
    }
    Ok(header)
}

/// What was read so far, as far as later lines depend on it.
#[derive(Default)]
struct State {
    /// Whether definitions came that are not in force yet.
    defines: bool,
    /// The attachment whose content may follow, and how many pieces came.
    attachment: Option<(RecordId, i64)>,
}

impl State {
    /// Takes a line. Gives whether it is a record.
    fn take(&mut self, unit: &mut UnitOfWork<'_>, bytes: &[u8]) -> Result<bool> {
        let mut line: Line = parse(bytes)?;
        match (line.record.take(), &line.content) {
            (Some(record), None) => {
                self.record(unit, &line, record)?;
                Ok(true)
            }
            (None, Some(content)) => {
                self.piece(unit, content)?;
                Ok(false)
            }
            _ => Err(CrmError::invalid("jsonl.invalid", "holds neither a record nor a content")),
        }
    }

    /// Brings custom fields and types into force.
    fn learn(&mut self, unit: &mut UnitOfWork<'_>) -> Result<()> {
        if std::mem::take(&mut self.defines) { take_definitions(unit) } else { Ok(()) }
    }

    fn record(&mut self, unit: &mut UnitOfWork<'_>, line: &Line, record: Map<String, Json>) -> Result<()> {
        if !matches!(line.record_type.as_str(), CustomType::NAME | CustomField::NAME) {
            self.learn(unit)?;
        }
        let record_type = unit.record_type(&line.record_type)?;
        let record = match &line.evidence {
            None => record,
            Some(evidence) => with_evidence(unit, &record_type, record, evidence)?,
        };
        let data = take(unit, &record_type, record)?;
        beside(unit, &record_type, data.id(), line)?;
        if is_definition(&record_type) {
            check_definition(&record_type, &data)?;
            self.defines = true;
        }
        self.attachment = (record_type.name() == Attachment::NAME).then(|| (data.id(), 0));
        Ok(())
    }

    fn piece(&mut self, unit: &UnitOfWork<'_>, text: &str) -> Result<()> {
        let Some((attachment, position)) = &mut self.attachment else {
            return Err(CrmError::invalid("jsonl.invalid", "does not follow an attachment").at("content"));
        };
        let bytes = STANDARD.decode(text).ok().filter(|bytes| (1..=PIECE).contains(&bytes.len()));
        let bytes = bytes.ok_or_else(|| {
            CrmError::invalid("jsonl.invalid", "is not BASE64 of 1 to 65,536 bytes").at("content")
        })?;
        content::put(unit.connection, *attachment, *position, &bytes)?;
        *position += 1;
        Ok(())
    }
}

/// Seals the evidence of an event of the consent ledger under the key that its subject has here.
fn with_evidence(
    unit: &mut UnitOfWork<'_>,
    record_type: &RecordType,
    mut record: Map<String, Json>,
    evidence: &Json,
) -> Result<Map<String, Json>> {
    let id = |name: &str| record.get(name).and_then(Json::as_str)?.parse::<RecordId>().ok();
    let (Some(event), ConsentEvent::NAME) = (id("id"), record_type.name()) else {
        return Err(CrmError::invalid("jsonl.invalid", "belongs to no event of the ledger").at("evidence"));
    };
    let subject = id("person").unwrap_or(event);
    let sealed = consent::seal_evidence(unit, record_type, (event, subject), evidence)?;
    record.insert("evidence".to_owned(), Json::String(sealed));
    Ok(record)
}

/// Takes one record as it was.
fn take(
    unit: &mut UnitOfWork<'_>,
    record_type: &Arc<RecordType>,
    record: Map<String, Json>,
) -> Result<RecordData> {
    let mut data = RecordData::empty(record_type);
    for (position, value) in changes_from_json(record_type, record)? {
        data.values[position] = value;
    }
    for position in [system::ID, system::VERSION, system::CREATED_AT, system::UPDATED_AT] {
        if data.values[position].is_null() {
            let field = record_type.fields[position].name();
            return Err(CrmError::invalid("field.required", "is missing").at(field));
        }
    }
    unit.create(record_type, data, Origin::Replica)
}

/// Takes what stands beside a record.
fn beside(unit: &UnitOfWork<'_>, record_type: &RecordType, id: RecordId, line: &Line) -> Result<()> {
    let timed: Vec<&Field> = record_type.fields.iter().filter(|field| field.descriptor.periods).collect();
    if !timed.is_empty() {
        // Storing the record has begun a period today; the export knows since when it really was so.
        unit.connection.execute("DELETE FROM crm_period WHERE record = ?1", &[Param::Id(id)])?;
    }
    for period in &line.periods {
        let field = timed.iter().find(|field| field.name() == period.field).ok_or_else(|| {
            CrmError::invalid("field.unknown", "is no field with periods").at(clip(&period.field))
        })?;
        unit.connection.execute(
            "INSERT INTO crm_period (record, field, entered_at, left_at, link, value, entered_by) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            &[
                Param::Id(id),
                Param::Integer(field.number),
                Param::Timestamp(period.from),
                period.to.map_or(Param::Null, Param::Timestamp),
                period.link.map_or(Param::Null, Param::Id),
                period.value.as_deref().map_or(Param::Null, Param::Text),
                Param::Id(period.by),
            ],
        )?;
    }
    for key in &line.keys {
        keys::remember(unit.connection, record_type, &key.source, &key.key, id)?;
    }
    Ok(())
}
