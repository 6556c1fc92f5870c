//! Putting rows into the database: finding what exists, creating or changing.

use std::sync::Arc;

use super::compile::{Compiled, Place};
use super::merge::apply;
use super::row::{Built, LinkCache, Refused, build, is_about_row};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::interchange::csv::Cells;
use crate::interchange::keys;
use crate::interchange::mapping::Mode;
use crate::interchange::report::{ImportReport, Reject};
use crate::record::data::RecordData;
use crate::record::parts::PartContext;
use crate::record::set::require_visible;
use crate::record::unit::{Origin, UnitOfWork};
use crate::record::validate::normal_form;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Created,
    Updated,
    Unchanged,
}

type Taken = (Outcome, Vec<Refused>);

/// After how many rows of a batch the host is told.
const TELL_EVERY: usize = 500;

/// Is told of a row that was put, and ends the import by an error.
pub(crate) type Tell<'t> = dyn FnMut(&mut ImportReport, &Cells) -> Result<()> + 't;

/// Puts many rows: one that is refused leaves no trace and does not stop the others.
///
/// Most refusals come before the first statement, so the rows run under one savepoint: one for each would make
/// the full-text index write itself out after every row. When a row fails half-way, those before it are put again, it
/// gets a savepoint of its own, and the others go on behind it: no row is put more than twice for the failure of another.
///
/// # Errors
/// Errors of the database, not of the rows; what `tell` gives.
pub(crate) fn batch(
    unit: &mut UnitOfWork<'_>,
    mapping: &Compiled,
    rows: &[Cells],
    cache: &mut LinkCache,
    report: &mut ImportReport,
    tell: &mut Tell<'_>,
) -> Result<()> {
    let mut outcomes = Vec::with_capacity(rows.len());
    let mut until = rows.len();
    // Rows that are put again are not told again, and the last are told with what became of all.
    let mut next = TELL_EVERY;
    let mut told = |place: usize| {
        if place + 1 < next || place + 1 == rows.len() {
            return Ok(());
        }
        next = place + 1 + TELL_EVERY;
        tell(report, &rows[place])
    };
    while outcomes.len() < rows.len() {
        let start = outcomes.len();
        match together(unit, mapping, &rows[start..until], cache, &mut |place| told(start + place))? {
            Ok(put) => {
                outcomes.extend(put);
                until = rows.len();
            }
            Err(failed) => {
                cache.clear();
                if failed == 0 {
                    outcomes.push(alone(unit, mapping, &rows[outcomes.len()], cache)?);
                    until = rows.len();
                } else {
                    until = outcomes.len() + failed;
                }
            }
        }
    }
    for (cells, outcome) in rows.iter().zip(outcomes) {
        let listed =
            |refused: &Refused| Reject::of(cells.row, cells.line, refused.column.clone(), &refused.error);
        match outcome {
            Ok((outcome, warnings)) => {
                let counts = report.current();
                match outcome {
                    Outcome::Created => counts.created += 1,
                    Outcome::Updated => counts.updated += 1,
                    Outcome::Unchanged => counts.unchanged += 1,
                }
                for warning in &warnings {
                    report.warn(listed(warning));
                }
            }
            Err(refused) => report.reject(listed(&refused)),
        }
    }
    Ok(())
}

/// Puts rows under one savepoint. Gives what became of each, or which of them failed half-way; nothing is put then.
fn together(
    unit: &mut UnitOfWork<'_>,
    mapping: &Compiled,
    rows: &[Cells],
    cache: &mut LinkCache,
    told: &mut dyn FnMut(usize) -> Result<()>,
) -> Result<Result<Vec<Result<Taken, Refused>>, usize>> {
    let mut failed = None;
    let attempt = unit.savepoint(|unit| {
        let mut outcomes = Vec::with_capacity(rows.len());
        for (place, cells) in rows.iter().enumerate() {
            let written = unit.written;
            let outcome = one(unit, mapping, cells, cache);
            match &outcome {
                Err(refused) if !is_about_row(&refused.error) => return Err(refused.error.clone()),
                Err(refused) if unit.is_half_way(written) => {
                    failed = Some(place);
                    return Err(refused.error.clone());
                }
                _ => outcomes.push(outcome),
            }
            told(place)?;
        }
        Ok(outcomes)
    });
    match (attempt, failed) {
        (Ok(outcomes), _) => Ok(Ok(outcomes)),
        (Err(_), Some(failed)) => Ok(Err(failed)),
        (Err(error), None) => Err(error),
    }
}

/// Puts one row under a savepoint of its own.
fn alone(
    unit: &mut UnitOfWork<'_>,
    mapping: &Compiled,
    cells: &Cells,
    cache: &mut LinkCache,
) -> Result<Result<Taken, Refused>> {
    let mut refused = None;
    let outcome = unit.savepoint(|unit| {
        one(unit, mapping, cells, cache).map_err(|why| {
            let error = why.error.clone();
            refused = Some(why);
            error
        })
    });
    match (outcome, refused) {
        (Ok(taken), _) => Ok(Ok(taken)),
        (Err(error), Some(refused)) if is_about_row(&error) => {
            cache.clear();
            Ok(Err(refused))
        }
        (Err(error), _) => Err(error),
    }
}

fn one(
    unit: &mut UnitOfWork<'_>,
    mapping: &Compiled,
    cells: &Cells,
    cache: &mut LinkCache,
) -> Result<Taken, Refused> {
    let mut built = build(unit, mapping, cells, cache)?;
    let outcome = store(unit, mapping, &built).map_err(|error| {
        let column = built.column_of(mapping, &error);
        Refused { column, error }
    })?;
    Ok((outcome, std::mem::take(&mut built.warnings)))
}

fn store(unit: &mut UnitOfWork<'_>, mapping: &Compiled, built: &Built) -> Result<Outcome> {
    let record_type = &mapping.record_type;
    let by_key = match &built.key {
        Some(key) => keys::find(unit.connection, record_type, &mapping.source, key)?,
        None => None,
    };
    let found = match by_key {
        Some(id) => Some(id),
        None => by_fields(unit, mapping, built)?,
    };
    let (id, outcome) = match (mapping.mode, found) {
        (Mode::Create, Some(_)) => {
            let reason = "there is a record with this key or match already";
            return Err(CrmError::new(ErrorKind::Duplicate, "import.exists", reason));
        }
        (Mode::Update, None) => {
            let reason = "there is no record with this key or match";
            return Err(CrmError::new(ErrorKind::NotFound, "import.not_found", reason));
        }
        (_, Some(id)) => (id, change(unit, mapping, built, id)?),
        (_, None) => {
            let mut data = RecordData::empty(record_type);
            for set in &built.sets {
                data.values[set.position] = set.value.clone();
            }
            (unit.create(record_type, data, Origin::Host)?.id(), Outcome::Created)
        }
    };
    if let (Some(key), None) = (&built.key, by_key) {
        keys::remember(unit.connection, record_type, &mapping.source, key, id)?;
        unit.written += 1;
    }
    Ok(outcome)
}

fn change(unit: &mut UnitOfWork<'_>, mapping: &Compiled, built: &Built, id: RecordId) -> Result<Outcome> {
    let record_type = Arc::clone(&mapping.record_type);
    require_visible(unit, &record_type, id)?;
    let context = PartContext { default_country: built.country };
    let mut version = 0;
    let stored = unit.update(&record_type, id, None, Origin::Host, &mut |data| {
        version = data.version();
        built.sets.iter().try_for_each(|set| apply(&record_type, data, set, &context))
    })?;
    Ok(if stored.version() == version { Outcome::Unchanged } else { Outcome::Updated })
}

/// The record that has the values of all fields that are matched by.
fn by_fields(unit: &UnitOfWork<'_>, mapping: &Compiled, built: &Built) -> Result<Option<RecordId>> {
    let mut found: Option<Vec<RecordId>> = None;
    for ((finder, number), text) in mapping.matching.iter().zip(&built.matches) {
        // A row without the value matches nothing, rather than all records without it.
        if text.is_empty() {
            return Ok(None);
        }
        let rule = &mapping.rules[*number];
        let field = &rule.declared.field;
        let linked = rule.link.is_some();
        found = match (finder, found) {
            (Some(finder), None) if !linked => {
                Some(finder.find(unit, text, built.country).map_err(|error| error.at(field.clone()))?)
            }
            (Some(finder), Some(earlier)) if matches!(rule.place, Place::Member { .. }) => {
                let these =
                    finder.find(unit, text, built.country).map_err(|error| error.at(field.clone()))?;
                Some(earlier.into_iter().filter(|id| these.contains(id)).collect())
            }
            (_, earlier) => Some(having(unit, mapping, built, *number, earlier.unwrap_or_default())?),
        };
    }
    match found.as_deref() {
        None | Some([]) => Ok(None),
        Some([id]) => Ok(Some(*id)),
        Some(_) => {
            Err(CrmError::new(ErrorKind::Duplicate, "import.ambiguous", "several records match the row"))
        }
    }
}

/// Those of some records that have the value of a rule.
fn having(
    unit: &UnitOfWork<'_>,
    mapping: &Compiled,
    built: &Built,
    number: usize,
    ids: Vec<RecordId>,
) -> Result<Vec<RecordId>> {
    let position = mapping.rules[number].position;
    let field = &mapping.record_type.fields[position];
    let Some(set) = built.sets.iter().find(|set| set.position == position) else { return Ok(Vec::new()) };
    let context = PartContext { default_country: built.country };
    let value = normal_form(field, set.value.clone(), &context)?;
    let mut kept = Vec::new();
    for id in ids {
        if unit.get(&mapping.record_type, id)?.is_some_and(|data| data.values[position] == value) {
            kept.push(id);
        }
    }
    Ok(kept)
}
