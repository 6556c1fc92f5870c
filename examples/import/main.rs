//! Imports a whole CRM from CSV files: `cargo run --release --example import -- FOLDER [MAPPING [DATABASE]]`.
//!
//! FOLDER holds the files. MAPPING is a plan, which says how their columns become records; without it, it is
//! `examples/mappings/npsp-1k.json`. DATABASE must not exist yet; without it, the import goes into memory. vCards in
//! FOLDER, or in a folder `vcards` beside it, are imported, too, and exported again to show that nothing is lost.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "it is an example")]

mod stages;
mod vcards;

#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use crm_core::interchange::ImportReport;
use crm_core::{Actor, Config, Crm, CrmError, ErrorKind, Purpose, Result, Session};
use support::bars::bar;
use support::files;
use support::screen::{bad, banner, cool, dim, done, heading, say, section};
use support::table::Table;
use support::words::number;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("import: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().ok_or_else(|| {
        CrmError::invalid("example.usage", "cargo run --example import -- FOLDER [MAPPING [DATABASE]]")
    })?;
    let mapping = arguments
        .next()
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/mappings/npsp-1k.json"));
    let config = Config::default().country("US")?;
    let crm = match arguments.next() {
        Some(path) if path.exists() => {
            let reason = format!("{} exists; name a file that does not", path.display());
            return Err(CrmError::new(ErrorKind::Duplicate, "example.exists", reason));
        }
        Some(path) => Crm::open(path, config)?,
        None => Crm::memory(config)?,
    };
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision)?;
    banner(
        "crm-core import",
        &[format!("files      {}", folder.display()), format!("mapping    {}", mapping.display())],
    );
    section(1, "Import", &["session.imports().plan(&Plan::from_json(text)?, open, options)?"]);
    let plan = files::plan(&mapping)?;
    let started = Instant::now();
    let report = files::import(&session, &plan, &folder)?;
    files::print_counts(&report);
    println!();
    let seconds = started.elapsed().as_secs_f64();
    done(
        &format!(
            "{} rows read, {} loaded, {} rejected",
            number(report.total.read),
            number(report.total.loaded()),
            number(report.total.rejected)
        ),
        &format!("{seconds:.1} seconds, one transaction"),
    );
    print_left_out(&report);
    stages::compare(&session, &plan, &folder)?;
    tags(&session)?;
    vcards::round_trip(&crm, &folder)?;
    crm.close()
}

/// The tags that people have, such as the campaigns that they are members of.
fn tags(session: &Session) -> Result<()> {
    let tags = session.people().tags(None, 40)?;
    if tags.is_empty() {
        return Ok(());
    }
    section(3, "Lists by tag", &["session.people().tags(None, 40)?"]);
    let most = tags.iter().map(|tag| tag.count).max().unwrap_or(1);
    let mut table = Table::default().left("tag", 40).right("people").left("", 44);
    for tag in tags {
        #[expect(clippy::cast_precision_loss, reason = "a length to draw")]
        let length = bar(tag.count as f64, most as f64, 44);
        table.row([tag.tag, number(tag.count), cool(length).to_string()]);
    }
    table.print();
    Ok(())
}

/// The rejected rows and the cells that were left out.
fn print_left_out(report: &ImportReport) {
    if !report.rejects.is_empty() {
        println!();
        heading("Rejected rows", "");
        files::print_rejects(report, 20);
    }
    if report.warned > 0 {
        say(bad(format!("{} cells were left out of rows that were loaded:", number(report.warned)))
            .to_string());
        let mut kinds: std::collections::BTreeMap<(String, String, String), u64> =
            std::collections::BTreeMap::new();
        for warning in &report.warnings {
            let file = warning.file.clone().unwrap_or_default();
            let kind = (file, warning.column.clone().unwrap_or_default(), warning.reason.clone());
            *kinds.entry(kind).or_default() += 1;
        }
        for ((file, column, reason), count) in kinds {
            say(dim(format!("  {:>5} × {file}, column {column}: {reason}", number(count))).to_string());
        }
    }
}
