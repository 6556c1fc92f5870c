//! Writing the whole database.

use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value as Json};

use super::FORMAT_VERSION;
use super::line::{Exported, FORMAT, Header, Key, Line, Period};
use crate::activity::Attachment;
use crate::activity::attachments::content;
use crate::customize::is_definition;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::json;
use crate::ground::sort;
use crate::interchange::keys;
use crate::privacy::consent::{self, ConsentEvent};
use crate::privacy::reading::Logged;
use crate::privacy::secret::DatabaseSecret;
use crate::record::columns::read_record;
use crate::record::counters;
use crate::record::door::{Reader, read};
use crate::record::json::record_to_json;
use crate::record::{Record, RecordData, RecordType};
use crate::session::Session;
use crate::storage::{Param, ReadMode, query_all, query_one};

/// How many records are read at a time.
const BATCH: i64 = 500;

/// Writes all records from one state of the database.
pub(crate) fn export(
    session: &Session,
    out: &mut dyn Write,
    progress: &mut dyn FnMut(&Exported) -> ControlFlow<()>,
) -> Result<(Exported, Logged)> {
    read(session, ReadMode::Snapshot, |reader| {
        let mut done = Exported::default();
        let mut logged = Logged::of("export.jsonl", "*");
        let mut types = Map::new();
        let in_order = in_order(reader);
        for record_type in &in_order {
            if reader.engine.access.predicate(reader.viewer, record_type).is_some() {
                let reason = "the session does not see all records";
                return Err(
                    CrmError::new(ErrorKind::Forbidden, "export.forbidden", reason).at(record_type.name())
                );
            }
            // What comes out must go in again as it was: a record with blank cells does not.
            if !reader.scope.is_open_for(record_type) {
                let reason = "the session may not read all of the records";
                return Err(
                    CrmError::new(ErrorKind::Forbidden, "export.forbidden", reason).at(record_type.name())
                );
            }
            logged.add_categories(reader, record_type);
            let count = count(reader, record_type)?;
            done.of += count;
            types.insert(record_type.name().to_owned(), Json::from(count));
        }
        let counters = counters::all(reader.connection)?;
        let secret = DatabaseSecret::find(reader.engine, reader.connection)?;
        let secret = secret.map(|secret| STANDARD.encode(secret.bytes()));
        put(out, &Header { format: FORMAT.to_owned(), version: FORMAT_VERSION, types, counters, secret })?;
        for record_type in in_order {
            each(reader, record_type, out, &mut done, progress)?;
        }
        out.flush().map_err(|_| unwritable())?;
        logged.count(done.records);
        Ok((done, logged))
    })
}

/// The types, those of the definitions first: what reads the export must know custom fields and types before it
/// comes to records that have them.
fn in_order<'r>(reader: &'r Reader<'_>) -> Vec<&'r Arc<RecordType>> {
    let mut types: Vec<_> = reader.schema.types().iter().collect();
    sort::by_key(&mut types, |record_type| !is_definition(record_type));
    types
}

fn count(reader: &Reader<'_>, record_type: &RecordType) -> Result<u64> {
    let sql = format!("SELECT COUNT(*) FROM {}", record_type.table);
    let count = query_one(reader.connection, &sql, &[], |row| row.integer(0))?.flatten();
    u64::try_from(count.unwrap_or_default()).map_err(|_| CrmError::internal("a count is negative"))
}

fn each(
    reader: &Reader<'_>,
    record_type: &RecordType,
    out: &mut dyn Write,
    done: &mut Exported,
    progress: &mut dyn FnMut(&Exported) -> ControlFlow<()>,
) -> Result<()> {
    let sql = format!(
        "SELECT {} FROM {} AS t WHERE t.row_id > ?1 ORDER BY t.row_id LIMIT ?2",
        record_type.statements().columns,
        record_type.table
    );
    let mut last = 0;
    loop {
        let parameters = [Param::Integer(last), Param::Integer(BATCH)];
        let page = query_all(reader.connection, &sql, &parameters, |row| read_record(record_type, row))?;
        let Some(end) = page.last() else { return Ok(()) };
        last = end.row_id;
        for data in &page {
            put(out, &line(reader, record_type, data)?)?;
            if record_type.name() == Attachment::NAME {
                put_content(reader, data.id(), out)?;
            }
            done.records += 1;
        }
        if progress(done).is_break() {
            return Err(CrmError::new(ErrorKind::Interrupted, "export.cancelled", "the host cancelled it"));
        }
    }
}

fn line(reader: &Reader<'_>, record_type: &RecordType, data: &RecordData) -> Result<Line> {
    let keys = keys::of_record(reader.connection, data.id())?;
    let mut record = record_to_json(record_type, data);
    let evidence = evidence(reader, record_type, data.id(), &mut record)?;
    Ok(Line {
        record_type: record_type.name().to_owned(),
        record: Some(record),
        content: None,
        evidence,
        periods: periods(reader, record_type, data)?,
        keys: keys.into_iter().map(|(source, key)| Key { source, key }).collect(),
    })
}

/// Takes the sealed evidence out of an event of the consent ledger and opens it. What was erased is left out.
fn evidence(
    reader: &Reader<'_>,
    record_type: &RecordType,
    id: RecordId,
    record: &mut Map<String, Json>,
) -> Result<Option<Json>> {
    if record_type.name() != ConsentEvent::NAME {
        return Ok(None);
    }
    let Some(Json::String(sealed)) = record.remove("evidence") else { return Ok(None) };
    match consent::open_evidence(reader.engine, reader.connection, record_type, id, &sealed) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        opened => opened.map(Some),
    }
}

/// The content of an attachment, a piece a line.
fn put_content(reader: &Reader<'_>, id: RecordId, out: &mut dyn Write) -> Result<()> {
    content::pieces(reader.connection, id, &mut |bytes| {
        put(
            out,
            &Line {
                record_type: Attachment::NAME.to_owned(),
                content: Some(STANDARD.encode(bytes)),
                ..Line::default()
            },
        )
    })
}

/// The periods of a record, field by field in the order of the declaration.
fn periods(reader: &Reader<'_>, record_type: &RecordType, data: &RecordData) -> Result<Vec<Period>> {
    let mut all = Vec::new();
    for field in record_type.fields.iter().filter(|field| field.descriptor.periods) {
        all.extend(query_all(
            reader.connection,
            "SELECT entered_at, left_at, link, value, entered_by FROM crm_period \
             WHERE record = ?1 AND field = ?2 ORDER BY entered_at",
            &[Param::Id(data.id()), Param::Integer(field.number)],
            |row| {
                Ok(Period {
                    field: field.name().to_owned(),
                    from: row.timestamp(0)?.unwrap_or_default(),
                    to: row.timestamp(1)?,
                    link: row.id(2)?,
                    value: row.text(3)?.map(str::to_owned),
                    by: row.id(4)?.unwrap_or_default(),
                })
            },
        )?);
    }
    Ok(all)
}

fn put(out: &mut dyn Write, line: &impl serde::Serialize) -> Result<()> {
    let mut text = json::text(line).map_err(|_| CrmError::internal("a line does not serialise"))?;
    text.push('\n');
    out.write_all(text.as_bytes()).map_err(|_| unwritable())
}

/// The error for a stream that cannot be written.
pub(crate) fn unwritable() -> CrmError {
    CrmError::new(ErrorKind::Io, "export.write", "the stream cannot be written")
}
