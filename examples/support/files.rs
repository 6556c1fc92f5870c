//! Importing the files of a folder by a plan, with a progress bar.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

use crm_core::interchange::{ImportOptions, ImportReport, Plan, Progress};
use crm_core::{CrmError, ErrorKind, Result, Session};
use indicatif::{ProgressBar, ProgressStyle};

use super::screen::{bad, dim, good};
use super::table::Table;
use super::words::number;

/// What became of reading a file.
pub(crate) fn io_error(path: &Path, error: &std::io::Error) -> CrmError {
    CrmError::new(ErrorKind::Io, "example.file", format!("{}: {error}", path.display()))
}

/// Opens a file of a folder.
pub(crate) fn open(folder: &Path, name: &str) -> Result<File> {
    let path = folder.join(name);
    File::open(&path).map_err(|error| io_error(&path, &error))
}

/// Reads a plan, which is a JSON document beside the examples.
pub(crate) fn plan(path: &Path) -> Result<Plan> {
    let text = std::fs::read_to_string(path).map_err(|error| io_error(path, &error))?;
    Plan::from_json(&text)
}

/// A bar over so many bytes or steps.
pub(crate) fn progress_bar(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("  {bar:48.cyan/dim} {percent:>3} %  {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("█▉▊▋▌▍▎▏░");
    ProgressBar::new(length).with_style(style)
}

/// Imports the files of a plan from a folder, in one transaction: all or nothing.
pub(crate) fn import(session: &Session, plan: &Plan, folder: &Path) -> Result<ImportReport> {
    let mut size = 0;
    for step in &plan.steps {
        let file = open(folder, &step.file)?;
        size += file.metadata().map_err(|error| io_error(folder, &error))?.len();
    }
    let bar = progress_bar(size);
    let mut tell = |progress: &Progress| {
        let file = plan.steps.get(progress.file).map_or("", |step| step.file.as_str());
        bar.set_message(format!("{} rows  {file}", number(progress.total.read)));
        ControlFlow::Continue(())
    };
    let opened =
        |name: &str| -> Result<Box<dyn Read + '_>> { Ok(Box::new(bar.wrap_read(open(folder, name)?))) };
    let report = session.imports().plan(plan, opened, ImportOptions::default().progress(&mut tell));
    match &report {
        Ok(report) => bar.finish_with_message(format!("{} rows", number(report.total.read))),
        Err(_) => bar.abandon(),
    }
    report
}

/// The files of an import with what came of them.
pub(crate) fn print_counts(report: &ImportReport) {
    let mut table = Table::default()
        .left("File", 28)
        .left("becomes", 20)
        .right("rows")
        .right("created")
        .right("changed")
        .right("left out")
        .right("rejected");
    let cells = |name: &str, kind: &str, counts: &crm_core::interchange::Counts| {
        let or_dot = |count: u64| if count == 0 { dim('·').to_string() } else { number(count) };
        let rejected = if counts.rejected > 0 { bad(number(counts.rejected)) } else { good(number(0)) };
        [
            name.to_owned(),
            kind.to_owned(),
            number(counts.read),
            or_dot(counts.created),
            or_dot(counts.updated),
            or_dot(counts.skipped),
            rejected.to_string(),
        ]
    };
    for file in &report.files {
        table.row(cells(&file.file, &file.record_type, &file.counts));
    }
    table.rule();
    table.row(cells("all files", "", &report.total));
    table.print();
}

/// The rejected rows of an import.
pub(crate) fn print_rejects(report: &ImportReport, most: usize) {
    let mut table = Table::default().right("row").left("column", 16).left("reason", 50).left("code", 26);
    for reject in report.rejects.iter().take(most) {
        let column = reject.column.clone().unwrap_or_default();
        table.row([reject.row.to_string(), column, reject.reason.clone(), dim(&reject.code).to_string()]);
    }
    table.print();
    if report.rejects.len() > most {
        println!("  {}", dim(format!("… and {} more", report.rejects.len() - most)));
    }
}
