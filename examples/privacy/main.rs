//! Privacy at work: `cargo run --release --example privacy`.
//!
//! A campaign to 2,000 invented people in eleven jurisdictions: who may be mailed, texted and called now, who later, who
//! never, and why; then one request for access and one erasure with its certificate and a look through the bytes. What is
//! printed is what a data-protection officer would want to read.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, reason = "it is an example")]

mod campaign;
mod erasure;
mod rights;
mod sample;

#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;
use std::time::Instant;

use crm_core::Result;
use support::screen::{banner, dim, say};

fn main() -> ExitCode {
    match tour() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("privacy: {error}");
            ExitCode::FAILURE
        }
    }
}

fn tour() -> Result<()> {
    let started = Instant::now();
    let world = sample::fill()?;
    banner(
        "crm-core privacy — Nordlicht Werke writes to its contacts",
        &[
            format!("people     {} in {} jurisdictions", sample::PEOPLE, sample::PLACES.len()),
            format!("moment     {} UTC, a Tuesday", support::words::moment(world.now)),
            format!("rules      {}", world.marketing().privacy().rule_set().id()),
        ],
    );
    campaign::show(&world)?;
    rights::show(&world)?;
    erasure::show(&world)?;
    world.crm.close()?;
    println!();
    say(dim(format!("{:.1} seconds in all.", started.elapsed().as_secs_f64())).to_string());
    Ok(())
}
