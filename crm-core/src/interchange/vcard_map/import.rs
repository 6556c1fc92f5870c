//! Importing and exporting cards.

use std::io::{BufRead, Write};
use std::sync::Arc;

use super::generate::card;
use super::take::{Taken, is_organisation, organisation_of};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::country::CountryCode;
use crate::ground::ids::RecordId;
use crate::ground::text::fold;
use crate::interchange::exports::RedactedCell;
use crate::interchange::jsonl::unwritable;
use crate::interchange::keys;
use crate::interchange::mapping::Mode;
use crate::interchange::report::{FileReport, ImportReport, Reject};
use crate::interchange::run::{ImportOptions, check, committed, is_about_row};
use crate::interchange::vcard::{
    OutputVersion, ParsedCard, Reader as CardReader, VCard, write as write_card,
};
use crate::privacy::reading::Logged;
use crate::record::door::{Reader, read};
use crate::record::schema::{NAME_KEY, system};
use crate::record::set::{require_visible, visible};
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::value::Value;
use crate::record::{RecordData, RecordType, Redaction};
use crate::session::Session;
use crate::storage::{Param, ReadMode, query_all};

/// What becomes of the organisation that a person's card names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "VcardOrganisations"))]
#[serde(rename_all = "snake_case")]
pub enum Organisations {
    /// The one of that name is linked, or else one is made.
    #[default]
    Create,
    /// The one of that name is linked, if there is exactly one.
    Find,
    /// None is linked; the name is kept for exports.
    Ignore,
}

/// How cards are taken.
#[derive(Clone, Debug)]
pub struct VcardOptions {
    /// What is done with a card whose UID was imported before: an update or upsert changes that record.
    pub mode: Mode,
    /// The name of the address book, under which the UIDs are kept.
    pub source: String,
    /// What becomes of the organisations that the cards of people name.
    pub organisations: Organisations,
    /// The country whose spelling of phone numbers is assumed; the database's when there is none.
    pub country: Option<CountryCode>,
}

impl Default for VcardOptions {
    fn default() -> Self {
        Self {
            mode: Mode::Upsert,
            source: "vcard".to_owned(),
            organisations: Organisations::default(),
            country: None,
        }
    }
}

/// Reads cards into people and organisations.
pub(crate) fn import(
    session: &Session,
    source: &mut dyn BufRead,
    taking: &VcardOptions,
    options: &mut ImportOptions<'_>,
) -> Result<ImportReport> {
    committed(session, options, |job, options, sink| {
        let mut report = ImportReport { job, dry_run: options.dry_run, ..ImportReport::default() };
        report.files.push(FileReport { record_type: "person".to_owned(), ..FileReport::default() });
        let mut cards = CardReader::new(&mut *source);
        loop {
            let mut batch = Vec::new();
            let mut ended = true;
            for item in cards.by_ref().take(options.batch) {
                report.current().read += 1;
                ended = false;
                match item {
                    Ok(card) => batch.push(card),
                    Err(error) if error.kind() == ErrorKind::Io => return Err(error),
                    Err(error) => {
                        let number =
                            |name: &str| error.details().get(name).and_then(serde_json::Value::as_u64);
                        let row = number("card").unwrap_or(report.current().read);
                        report.reject(Reject::of(row, number("line").unwrap_or(0), None, &error));
                    }
                }
            }
            if !batch.is_empty() {
                sink(&mut |unit| batch.iter().try_for_each(|card| one(unit, taking, card, &mut report)))?;
            }
            check(options, &mut report)?;
            if ended {
                return Ok(report);
            }
        }
    })
}

#[derive(Clone, Copy)]
enum Outcome {
    Created,
    Updated,
    Unchanged,
}

fn one(
    unit: &mut UnitOfWork<'_>,
    taking: &VcardOptions,
    parsed: &ParsedCard,
    report: &mut ImportReport,
) -> Result<()> {
    match unit.savepoint(|unit| store(unit, taking, &parsed.card)) {
        Ok(outcome) => {
            let counts = report.current();
            match outcome {
                Outcome::Created => counts.created += 1,
                Outcome::Updated => counts.updated += 1,
                Outcome::Unchanged => counts.unchanged += 1,
            }
            Ok(())
        }
        Err(error) if is_about_row(&error) => {
            report.reject(Reject::of(parsed.number as u64, parsed.line as u64, None, &error));
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn store(unit: &mut UnitOfWork<'_>, taking: &VcardOptions, card: &VCard) -> Result<Outcome> {
    let card = card.converted(OutputVersion::V4_0);
    let is_firm = is_organisation(&card);
    let record_type = unit.record_type(if is_firm { "organisation" } else { "person" })?;
    let country = taking.country.or(unit.engine.part_context().default_country);
    let mut taken = Taken::new(&record_type, &card, country);
    let mut firm = None;
    if let (false, Some(name)) = (is_firm, organisation_of(&card)) {
        firm = organisation(unit, taking.organisations, &name)?;
    }
    if let Some((id, _)) = &firm {
        taken.data.set(&record_type, "organisation", Value::Id(*id))?;
    }
    taken.keep(firm.as_ref().map(|(_, name)| name.as_str()))?;
    let uid = card.first("UID").map(|uid| uid.text().trim().to_owned()).filter(|uid| !uid.is_empty());
    let known = match &uid {
        Some(uid) => keys::find(unit.connection, &record_type, &taking.source, uid)?,
        None => None,
    };
    match (taking.mode, known) {
        (Mode::Create, Some(_)) => Err(CrmError::new(
            ErrorKind::Duplicate,
            "import.exists",
            "a card with this UID was imported before",
        )),
        (Mode::Update, None) => {
            Err(CrmError::new(ErrorKind::NotFound, "import.not_found", "no card with this UID was imported"))
        }
        (_, Some(id)) => change(unit, &record_type, id, &taken.data),
        (_, None) => {
            let id = unit.create(&record_type, taken.data, Origin::Host)?.id();
            if let Some(uid) = uid {
                keys::remember(unit.connection, &record_type, &taking.source, &uid, id)?;
            }
            Ok(Outcome::Created)
        }
    }
}

fn change(
    unit: &mut UnitOfWork<'_>,
    record_type: &Arc<RecordType>,
    id: RecordId,
    new: &RecordData,
) -> Result<Outcome> {
    require_visible(unit, record_type, id)?;
    let mut version = 0;
    let stored = unit.update(record_type, id, None, Origin::Host, &mut |data| {
        version = data.version();
        for position in system::COUNT..new.values.len() {
            if !new.values[position].is_null() {
                data.values[position] = new.values[position].clone();
            }
        }
        Ok(())
    })?;
    Ok(if stored.version() == version { Outcome::Unchanged } else { Outcome::Updated })
}

/// The organisation of a name, with the name that it has.
fn organisation(
    unit: &mut UnitOfWork<'_>,
    rule: Organisations,
    name: &str,
) -> Result<Option<(RecordId, String)>> {
    if rule == Organisations::Ignore {
        return Ok(None);
    }
    let record_type = unit.record_type("organisation")?;
    let sql = format!(
        "SELECT t.\"id\" FROM {} AS t WHERE t.{NAME_KEY} = ?1 ORDER BY t.row_id LIMIT 2",
        record_type.table
    );
    let found = query_all(unit.connection, &sql, &[Param::Text(&fold(name))], |row| row.id(0))?;
    let data = match (found.as_slice(), rule) {
        ([Some(id)], _) => unit.require(&record_type, *id)?,
        ([], Organisations::Create) => {
            let mut data = RecordData::empty(&record_type);
            data.set(&record_type, "name", Value::Text(name.to_owned()))?;
            unit.create(&record_type, data, Origin::Host)?
        }
        _ => return Ok(None),
    };
    let name = data.get(&record_type, "name").as_text().unwrap_or_default().to_owned();
    Ok(Some((data.id(), name)))
}

/// Writes the cards of people and organisations.
pub(crate) fn export(
    session: &Session,
    out: &mut dyn Write,
    ids: &[RecordId],
    version: OutputVersion,
    redacted: &mut Vec<RedactedCell>,
) -> Result<Logged> {
    read(session, ReadMode::Snapshot, |reader| {
        let mut logged = Logged::of("export.vcards", "person");
        for id in ids {
            let text = write_card(&card_of(reader, *id, &mut logged, redacted)?, version)?;
            out.write_all(text.as_bytes()).map_err(|_| unwritable())?;
        }
        out.flush().map_err(|_| unwritable())?;
        Ok(logged)
    })
}

/// The card of one record by itself, in the current version.
pub(crate) fn card_text(record_type: &RecordType, data: &RecordData) -> Result<String> {
    write_card(&card(record_type, data, None), OutputVersion::V4_0)
}

fn card_of(
    reader: &Reader<'_>,
    id: RecordId,
    logged: &mut Logged,
    redacted: &mut Vec<RedactedCell>,
) -> Result<VCard> {
    for name in ["person", "organisation"] {
        let record_type = reader.schema.require(name)?;
        let Some(data) = visible(reader, record_type, id)? else { continue };
        logged.add(reader, record_type, &data);
        redacted.extend(
            data.redactions(record_type).into_iter().map(|Redaction { field, reason }| RedactedCell {
                record: id,
                field,
                reason,
            }),
        );
        let firm = match data.get(record_type, "organisation") {
            Value::Id(firm) => {
                let record_type = reader.schema.require("organisation")?;
                visible(reader, record_type, *firm)?
                    .and_then(|firm| firm.get(record_type, "name").as_text().map(str::to_owned))
            }
            _ => None,
        };
        return Ok(card(record_type, &data, firm.as_deref()));
    }
    Err(crate::record::unit::not_found("contact"))
}
