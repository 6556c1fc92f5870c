//! The round of an import: read a batch, put it, tell the host; commit, or leave no trace.

use std::collections::HashSet;
use std::io::Read;

use sha2::{Digest, Sha256};

use super::compile::Compiled;
use super::options::{ImportOptions, OnReject, Progress, Transactions};
use super::put;
use super::row::LinkCache;
use super::sight;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::ground::json;
use crate::ground::sort;
use crate::interchange::csv::{Cells, Rows};
use crate::interchange::jobs::{self, JobState};
use crate::interchange::mapping::{Mapping, Plan};
use crate::interchange::report::{Counts, FileReport, ImportReport};
use crate::journal::undo;
use crate::record::door::{Door, write};
use crate::record::unit::UnitOfWork;
use crate::session::Session;

/// How a host opens the files of a plan.
pub(crate) type Open<'o> = dyn FnMut(&str) -> Result<Box<dyn Read + 'o>> + 'o;

/// Where rows go: into the transaction around everything, or into one of their own.
type Sink<'s> = dyn FnMut(&mut dyn FnMut(&mut UnitOfWork<'_>) -> Result<()>) -> Result<()> + 's;

/// Runs the files of a plan.
pub(crate) fn run(
    session: &Session,
    plan: &Plan,
    open: &mut Open<'_>,
    options: &mut ImportOptions<'_>,
) -> Result<ImportReport> {
    sight::check(session, plan)?;
    committed(session, options, |job, options, sink| {
        let mut report = ImportReport { job, dry_run: options.dry_run, ..ImportReport::default() };
        for step in &plan.steps {
            let mut source = open(&step.file)?;
            let named = |error: CrmError| {
                if step.file.is_empty() { error } else { error.detail("file", step.file.as_str()) }
            };
            file(
                session,
                (&step.file, &step.mapping, plan.source.as_deref()),
                &mut *source,
                options,
                sink,
                &mut report,
            )
            .map_err(named)?;
        }
        report.sum();
        Ok(report)
    })
}

/// Runs work under a job, so that all of it is committed or nothing.
pub(crate) fn committed(
    session: &Session,
    options: &mut ImportOptions<'_>,
    mut work: impl FnMut(RecordId, &mut ImportOptions<'_>, &mut Sink<'_>) -> Result<ImportReport>,
) -> Result<ImportReport> {
    if !(1..=10_000).contains(&options.batch) {
        let reason = "takes 1 to 10,000 rows a batch";
        return Err(CrmError::new(ErrorKind::Limit, "import.batch", reason).at("batch"));
    }
    if options.transactions == Transactions::Batches && !options.dry_run {
        return in_batches(session, options, &mut work);
    }
    let mut started = false;
    let mut tried = None;
    let outcome = write(session, None, |unit| {
        // The stream was read already; a driver that repeats a transaction cannot be given it again.
        if std::mem::replace(&mut started, true) {
            return Err(CrmError::new(ErrorKind::Busy, "storage.busy", "another writer came in between"));
        }
        let job = jobs::begin(unit, jobs::IMPORT)?;
        let report = work(job, options, &mut |put| put(unit))?;
        if options.dry_run {
            tried = Some(report);
            return Err(dropped());
        }
        jobs::set_state(unit.connection, job, JobState::Done, &summary(&report))?;
        Ok(report)
    });
    match (outcome, tried) {
        (Ok(report), _) | (Err(_), Some(report)) => Ok(report),
        (Err(error), None) => Err(error),
    }
}

fn in_batches(
    session: &Session,
    options: &mut ImportOptions<'_>,
    work: &mut dyn FnMut(RecordId, &mut ImportOptions<'_>, &mut Sink<'_>) -> Result<ImportReport>,
) -> Result<ImportReport> {
    let job = write(session, None, |unit| jobs::begin(unit, jobs::IMPORT))?;
    let outcome = work(job, options, &mut |put| write(session, Some(job), |unit| put(unit)));
    let outcome = outcome.and_then(|report| {
        write(session, None, |unit| {
            jobs::set_state(unit.connection, job, JobState::Done, &summary(&report))
        })?;
        Ok(report)
    });
    if outcome.is_err() {
        // What cannot be undone now, because the disk is full, say, stays marked for `recover`.
        take_back(session, job)?;
    }
    outcome
}

/// Undoes what a job did, if it did anything, and marks it.
pub(crate) fn take_back(door: &dyn Door, job: RecordId) -> Result<u64> {
    write(door, None, |unit| {
        let undone = match undo::job(unit, job) {
            Err(error) if error.code() == "job.unknown" => 0,
            undone => undone?,
        };
        let known = jobs::get(unit.connection, job)?;
        jobs::set_state(unit.connection, job, JobState::Undone, &known.summary)?;
        Ok(undone)
    })
}

fn dropped() -> CrmError {
    CrmError::new(ErrorKind::Interrupted, "import.dry_run", "it was only tried")
}

fn summary(report: &ImportReport) -> serde_json::Value {
    let files = json::tree(&report.files).expect("the counts of files are plain data");
    serde_json::json!({"total": report.total, "files": files})
}

/// Reads one file.
fn file(
    session: &Session,
    (name, mapping, plan_source): (&str, &Mapping, Option<&str>),
    source: &mut dyn Read,
    options: &mut ImportOptions<'_>,
    sink: &mut Sink<'_>,
    report: &mut ImportReport,
) -> Result<()> {
    let mut rows = Rows::open(source, &mapping.format)?;
    let header = std::mem::take(&mut rows.header);
    let schema = session.engine.schema();
    let compiled = Compiled::new(mapping, plan_source, header, &schema)?;
    report.files.push(FileReport {
        file: name.to_owned(),
        record_type: compiled.record_type.name().to_owned(),
        unmapped: compiled.unmapped.clone(),
        ..FileReport::default()
    });
    let mut batch = vec![Cells::default(); options.batch];
    let mut seen = Seen::default();
    let mut cache = LinkCache::default();
    loop {
        let (mut count, mut ended) = (0, false);
        while count < batch.len() {
            if !rows.next(&mut batch[count])? {
                ended = true;
                break;
            }
            report.current().read += 1;
            if seen.takes(&compiled, &batch[count]) {
                count += 1;
            } else {
                report.current().skipped += 1;
            }
        }
        if count > 0 {
            let mut tell = |report: &mut ImportReport, cells: &Cells| tell(options, report, cells.row);
            sink(&mut |unit| put::batch(unit, &compiled, &batch[..count], &mut cache, report, &mut tell))?;
        }
        check(options, report)?;
        if ended {
            return Ok(());
        }
    }
}

/// Tells the host how far the import is, and ends it when it is to end.
pub(crate) fn check(options: &mut ImportOptions<'_>, report: &mut ImportReport) -> Result<()> {
    if let (OnReject::Abort, Some(reject)) = (options.on_reject, report.rejects.first()) {
        let place = match &reject.column {
            Some(column) => format!("row {}, column {column}", reject.row),
            None => format!("row {}", reject.row),
        };
        let error = CrmError::invalid("import.rejected", format!("{} ({})", reject.reason, reject.code));
        let details = json::tree(reject).unwrap_or_default();
        return Err(error.at(place).detail("reject", details));
    }
    let read = report.current().read;
    tell(options, report, read)
}

/// Tells the host up to which row of the current file the import is.
fn tell(options: &mut ImportOptions<'_>, report: &mut ImportReport, row: u64) -> Result<()> {
    report.sum();
    let Some(progress) = &mut options.progress else { return Ok(()) };
    let ahead = report.current().read.saturating_sub(row);
    let total = Counts { read: report.total.read - ahead, ..report.total };
    let state = Progress { file: report.files.len().saturating_sub(1), total };
    if progress(&state).is_break() {
        return Err(CrmError::new(
            ErrorKind::Interrupted,
            "import.cancelled",
            "the host cancelled the import",
        ));
    }
    Ok(())
}

/// Which rows a mapping takes.
#[derive(Default)]
struct Seen(HashSet<[u8; 16]>);

impl Seen {
    fn takes(&mut self, mapping: &Compiled, cells: &Cells) -> bool {
        let trimmed = |cell: &usize| cells.record.get(*cell).unwrap_or_default().trim_ascii();
        if let Some((cell, values)) = &mapping.only {
            if !values.iter().any(|value| value.as_bytes() == trimmed(cell)) {
                return false;
            }
        }
        let Some((columns, unordered)) = &mapping.once else { return true };
        let mut loose: Vec<&[u8]> = unordered.iter().map(trimmed).collect();
        sort::ascending(&mut loose);
        let mut hash = Sha256::new();
        for value in columns.iter().map(trimmed).chain(loose) {
            hash.update((value.len() as u64).to_le_bytes());
            hash.update(value);
        }
        let digest: [u8; 32] = hash.finalize().into();
        let mut short = [0; 16];
        short.copy_from_slice(&digest[..16]);
        self.0.insert(short)
    }
}
