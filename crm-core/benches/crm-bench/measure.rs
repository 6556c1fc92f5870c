//! Rounds, medians, and what a step comes to.

use cpu_time::ProcessTime;

use crate::machine;
use crate::settings::Settings;
use crate::support::data::Data;
use crate::support::floor::{Floor, Level};
use crate::support::ours::Ours;
use crate::support::{Folder, bytes_of, settle};

/// How often a step runs in turns.
pub(crate) const ROUNDS: usize = 5;
/// How many writes in transactions of their own each round makes.
pub(crate) const WRITES: usize = 300;
/// How many rows a step may write at most: two attempts of all rounds, the floor once more, the counted run.
pub(crate) const SPARE: usize = WRITES * (2 * ROUNDS + 3);

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// The bare rows.
    F0,
    /// The bare rows with identifiers, audit and change log.
    F1,
    /// The engine.
    Engine,
}

/// What a step is held to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Gate {
    /// So many times the floor.
    Times(f64),
    /// So many microseconds.
    Micros(f64),
    /// It is only shown.
    None,
}

/// What is measured, and how.
#[derive(Clone, Copy)]
pub(crate) struct Step {
    /// What it is called in tables and plots.
    pub(crate) name: &'static str,
    /// The floor that the ratio is to.
    pub(crate) floor: Who,
    /// What it is held to.
    pub(crate) gate: Gate,
    /// How many operations a round does.
    pub(crate) operations: usize,
}

/// One line of the table.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// What it is called.
    pub(crate) name: &'static str,
    /// The floor that the ratio is to.
    pub(crate) floor: Who,
    /// What it is held to.
    pub(crate) gate: Gate,
    /// Microseconds of processor time an operation of the floor.
    pub(crate) bare: f64,
    /// Those of the engine.
    pub(crate) engine: f64,
    /// The median of the ratios of the rounds.
    pub(crate) ratio: f64,
    /// Allocations of Rust an operation.
    pub(crate) allocations: Option<f64>,
    /// Whether the floor did not agree with itself.
    pub(crate) noisy: bool,
    /// How loaded the machine was.
    pub(crate) load: Option<f64>,
}

impl Line {
    /// Whether it is within its gate; nothing for a line without one.
    pub(crate) fn passes(&self) -> Option<bool> {
        match self.gate {
            Gate::Times(most) => Some(self.ratio <= most),
            Gate::Micros(most) => Some(self.engine <= most),
            Gate::None => None,
        }
    }
}

/// What one record of a type takes in the files, with its indexes and what is written of it elsewhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    /// The records.
    pub(crate) name: &'static str,
    /// Bytes a record: F0, F1, the engine.
    pub(crate) bytes: [f64; 3],
}

/// The three databases side by side.
pub(crate) struct Bench {
    pub(crate) data: Data,
    pub(crate) f0: Floor,
    pub(crate) f1: Floor,
    pub(crate) ours: Ours,
    pub(crate) lines: Vec<Line>,
    /// Bytes of the files after they were filled: F0, F1, the engine.
    pub(crate) bytes: [u64; 3],
    /// What a record takes in the files: F0, F1, the engine.
    pub(crate) weights: Vec<Weight>,
    pub(crate) folder: Folder,
    only: Option<String>,
}

/// Microseconds of processor time an operation.
pub(crate) fn micros(operations: usize, work: impl FnOnce()) -> f64 {
    let start = ProcessTime::now();
    work();
    start.elapsed().as_secs_f64() * 1e6 / real(operations)
}

/// Does what is measured under a function of its own, by which a profile tells the engine's part of a step from the
/// floor's and from all that prepares it.
pub(crate) fn marked(who: Who, work: impl FnOnce()) {
    match who {
        Who::Engine => of_engine(work),
        Who::F0 | Who::F1 => of_floor(work),
    }
}

#[inline(never)]
fn of_engine(work: impl FnOnce()) {
    work();
    // Without anything after it, the call would become a jump and the function vanish from the stack; without a
    // difference, the two would become one.
    std::hint::black_box("engine");
}

#[inline(never)]
fn of_floor(work: impl FnOnce()) {
    work();
    std::hint::black_box("floor");
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What the rounds of a step come to; each is the floor and the engine.
fn line(step: Step, rounds: &[[f64; 2]], allocations: Option<f64>, noisy: bool) -> Line {
    let of = |which: usize| median(rounds.iter().map(|round| round[which]).collect());
    let Step { name, floor, gate, .. } = step;
    let ratio = median(rounds.iter().map(|round| round[1] / round[0]).collect());
    Line { name, floor, gate, bare: of(0), engine: of(1), ratio, allocations, noisy, load: machine::load() }
}

impl Bench {
    /// New databases for so many rows.
    pub(crate) fn open(size: usize, settings: &Settings) -> Self {
        let folder = Folder::new("crm-bench");
        let [f0, f1, ours] = Self::files(&folder);
        Self {
            data: Data::generate(size, 2 * SPARE),
            f0: Floor::create(&f0, Level::F0),
            f1: Floor::create(&f1, Level::F1),
            ours: Ours::create(&ours),
            lines: Vec::new(),
            bytes: [0; 3],
            weights: Vec::new(),
            folder,
            only: settings.only.clone(),
        }
    }

    /// The files of F0, F1 and the engine.
    pub(crate) fn files(folder: &Folder) -> [std::path::PathBuf; 3] {
        ["f0.db", "f1.db", "ours.db"].map(|name| folder.file(name))
    }

    /// Whether a step with this name is to run.
    pub(crate) fn wanted(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| name.contains(only.as_str()))
    }

    /// Whether any of these steps is to run.
    pub(crate) fn any_wanted(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.wanted(name))
    }

    /// Moves the logs into the files, and notes how much these have grown by so many records.
    pub(crate) fn weigh(&mut self, name: &'static str, records: usize) {
        self.f0.checkpoint();
        self.f1.checkpoint();
        self.ours.checkpoint();
        let before = self.bytes;
        self.bytes = Self::files(&self.folder).map(|path| bytes_of(&path));
        let grown = |place: usize| per(self.bytes[place].saturating_sub(before[place]), records);
        self.weights.push(Weight { name, bytes: [grown(0), grown(1), grown(2)] });
    }

    /// Merges the search indexes.
    pub(crate) fn settle(&self) {
        Self::files(&self.folder).iter().for_each(|path| settle(path));
    }

    /// Runs a step: the closure does it for the floor or the engine in a round.
    pub(crate) fn step(&mut self, step: Step, run: impl FnMut(&mut Self, Who, usize)) {
        self.step_after(step, |_, _, _| {}, run);
    }

    /// As [`step`](Self::step), with work before each run that is not measured.
    pub(crate) fn step_after(
        &mut self,
        step: Step,
        mut prepare: impl FnMut(&mut Self, Who, usize),
        mut run: impl FnMut(&mut Self, Who, usize),
    ) {
        if !self.wanted(step.name) {
            return;
        }
        let mut one = |bench: &mut Self, who: Who, round: usize| {
            prepare(bench, who, round);
            micros(step.operations, || marked(who, || run(bench, who, round)))
        };
        let mut round_number = 0;
        let mut rounds = Vec::with_capacity(ROUNDS);
        let mut noisy = true;
        for attempt in 0..2 {
            rounds.clear();
            for _ in 0..ROUNDS {
                rounds.push([step.floor, Who::Engine].map(|who| one(self, who, round_number)));
                round_number += 1;
            }
            let last = one(self, step.floor, round_number);
            noisy = (last / rounds[0][0] - 1.0).abs() > 0.15;
            if !noisy || attempt == 1 {
                break;
            }
            round_number += 1;
        }
        round_number += 1;
        prepare(self, Who::Engine, round_number);
        let counted = allocation_counter::measure(|| run(self, Who::Engine, round_number));
        let allocations = Some(per(counted.count_total, step.operations));
        self.lines.push(line(step, &rounds, allocations, noisy));
    }

    /// Notes a step whose rounds were run elsewhere.
    pub(crate) fn note(&mut self, step: Step, rounds: &[[f64; 2]], allocations: Option<f64>) {
        if self.wanted(step.name) {
            self.lines.push(line(step, rounds, allocations, false));
        }
    }
}

/// A count an operation.
pub(crate) fn per(count: u64, operations: usize) -> f64 {
    real(usize::try_from(count).unwrap_or(usize::MAX)) / real(operations)
}
