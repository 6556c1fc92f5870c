//! A tour of crm-core: `cargo run --release --example quickstart [-- [--database] DATABASE]`.
//!
//! It imports the sample organisation of `examples/data` into a database file, lets a few weeks of work go by, and
//! prints a report. Each section names the calls that it is made with, and is one module here.
//!
//! DATABASE must not exist yet: the tour never writes into a database that it did not make. Without it, the file lies
//! in the folder of temporary files, and the next run replaces it. With `--features postgres`, DATABASE may be the URL of
//! a PostgreSQL database, `postgres://…`, which holds no records yet.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "it is an example")]

mod board;
mod cases;
mod contact;
mod forecast;
mod history;
mod place;
mod proof;
mod report;
mod sample;
mod weeks;

#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::time::Instant;

use crm_core::Result;
use place::Place;
use support::screen::{banner, dim, say};

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
    let place = Place::from_arguments(std::env::args().skip(1))?;
    let demo = sample::open(&place)?;
    banner(
        "crm-core quickstart — Nordlicht Werke, an invented maker of industrial lighting",
        &[format!("database   {place}"), format!("sample     {}", sample::folder().display())],
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
    say(place.farewell());
    say(dim(format!("{:.1} seconds in all.", started.elapsed().as_secs_f64())).to_string());
    Ok(())
}
