//! A tour of crm-core: `cargo run --release --example quickstart [-- DATABASE]`.
//!
//! It imports the sample organisation of `examples/data` into a database file, lets a few weeks of work go by, and
//! prints a report. Each section names the calls that it is made with, and is one module here.
//!
//! DATABASE must not exist yet: the tour never writes into a database that it did not make. Without it, the file lies
//! in the folder of temporary files, and the next run replaces it.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "it is an example")]

mod board;
mod cases;
mod contact;
mod forecast;
mod history;
mod proof;
mod report;
mod sample;
mod weeks;

#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use crm_core::{CrmError, ErrorKind, Result};
use support::screen::{banner, dim, say};
use support::words::bytes;

fn main() -> ExitCode {
    match tour() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("quickstart: {error}");
            ExitCode::FAILURE
        }
    }
}

fn tour() -> Result<()> {
    let started = Instant::now();
    let path = database_path()?;
    let demo = sample::open(&path)?;
    banner(
        "crm-core quickstart — Nordlicht Werke, an invented maker of industrial lighting",
        &[format!("database   {}", path.display()), format!("sample     {}", sample::folder().display())],
    );
    let imported = sample::import(&demo)?;
    board::show(&demo)?;
    let deal = board::move_deals(&demo)?;
    forecast::show(&demo)?;
    cases::show(&demo)?;
    cases::answer(&demo)?;
    contact::show(&demo)?;
    report::search(&demo)?;
    history::of_deal(&demo, deal)?;
    history::undo_import(&demo, &imported)?;
    history::as_of(&demo)?;
    proof::show(&demo, &imported)?;
    demo.crm.close()?;
    println!();
    let size = std::fs::metadata(&path).map(|file| file.len()).unwrap_or_default();
    say(format!("The database has {} and is yours to look at: {}", bytes(size), path.display()));
    say(dim(format!("{:.1} seconds in all.", started.elapsed().as_secs_f64())).to_string());
    Ok(())
}

/// The file that was named, or the tour's own, which is made anew.
fn database_path() -> Result<PathBuf> {
    if let Some(named) = std::env::args_os().nth(1) {
        let named = PathBuf::from(named);
        if named.exists() {
            let reason = format!("{} exists; name a file that does not", named.display());
            return Err(CrmError::new(ErrorKind::Duplicate, "example.exists", reason));
        }
        return Ok(named);
    }
    let folder = std::env::temp_dir().join("crm-core-quickstart");
    let failed = |error: std::io::Error| support::files::io_error(&folder, &error);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    std::fs::create_dir_all(&folder).map_err(failed)?;
    Ok(Path::new(&folder).join("nordlicht.db"))
}
