//! What a run has found: on the terminal, as a page, as plots.

mod markdown;
mod plot;
pub(crate) mod terminal;

#[path = "../../../../examples/support/screen.rs"]
#[allow(dead_code, reason = "the examples need more of it")]
mod screen;
#[path = "../../../../examples/support/table.rs"]
#[allow(dead_code, reason = "the examples need more of it")]
mod table;

use std::fs;
use std::path::{Path, PathBuf};

use crate::machine::Machine;
use crate::measure::{Bench, Gate, Line, Weight, Who};
use crate::settings::Settings;

/// What was found at one size.
pub(crate) struct Run {
    pub(crate) size: usize,
    pub(crate) lines: Vec<Line>,
    pub(crate) bytes: [u64; 3],
    pub(crate) weights: Vec<Weight>,
}

impl Run {
    pub(crate) fn of(bench: Bench) -> Self {
        Self { size: bench.data.size, lines: bench.lines, bytes: bench.bytes, weights: bench.weights }
    }

    fn line(&self, name: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.name == name)
    }
}

/// What was written.
pub(crate) struct Written {
    pub(crate) page: PathBuf,
    pub(crate) plots: PathBuf,
}

/// Writes the page and the plots.
pub(crate) fn write(settings: &Settings, machine: &Machine, runs: &[Run]) -> Written {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| package.join("../target"), PathBuf::from);
    let folder = target.join("crm-bench");
    fs::create_dir_all(&folder).expect("the target folder can be written to");
    let page = if settings.keep { package.join("benches/RESULTS.md") } else { folder.join("RESULTS.md") };
    fs::write(&page, markdown::page(machine, runs)).expect("the page can be written");
    let plots = folder.join("costs.svg");
    plot::sheet(runs, &plots);
    Written { page, plots }
}

/// The steps of all runs, in the order in which they came first.
fn steps(runs: &[Run]) -> Vec<&Line> {
    let mut all: Vec<&Line> = Vec::new();
    for line in runs.iter().flat_map(|run| &run.lines) {
        if !all.iter().any(|known| known.name == line.name) {
            all.push(line);
        }
    }
    all
}

/// How much more a step costs at the last size than at the first: the floor and the engine.
fn growth(runs: &[Run], name: &str) -> Option<(f64, f64)> {
    let [first, .., last] = runs else { return None };
    let (before, after) = (first.line(name)?, last.line(name)?);
    Some((after.bare / before.bare, after.engine / before.engine))
}

fn floor_name(line: &Line) -> &'static str {
    if line.floor == Who::F0 { "F0" } else { "F1" }
}

fn gate_text(gate: Gate) -> String {
    match gate {
        Gate::Times(most) => format!("{most:.1} ×"),
        Gate::Micros(most) => format!("{} µs", grouped(most)),
        Gate::None => "–".to_owned(),
    }
}

/// A count of microseconds with as many digits as it is worth.
fn grouped(value: f64) -> String {
    let digits = if value < 10.0 {
        return format!("{value:.2}");
    } else if value < 100.0 {
        return format!("{value:.1}");
    } else {
        format!("{value:.0}")
    };
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
