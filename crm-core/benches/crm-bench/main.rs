//! Prints the table of ratios: what the engine costs beside its floors, the same rows in the same run.
//!
//! `cargo bench -p crm-core --bench ratios` with these variables:
//!
//! - `CRM_BENCH_N`: the sizes, for example `10000,100000,1000000`. 10,000 by default. With more than one the growth
//!   from the first to the last is shown, too.
//! - `CRM_BENCH_ONLY`: only steps whose name contains this text.
//! - `CRM_BENCH_DIR`: where the databases are written.
//!
//! Reads see the search index as the bulk load left it; before the writes it is merged, in all three databases.
//!
//! Every step runs in five rounds of F0, F1, engine; the figure is the median over the rounds of the ratio within
//! a round. After the last round the floor runs once more: where it differs by more than 15 per cent from its
//! first run, the step is repeated, and marked `noisy` if that does not help.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program of measurements for people")]

mod support;

use std::hint::black_box;
use std::slice::from_ref;

use cpu_time::ProcessTime;
use support::data::Data;
use support::floor::{Floor, Level, Place, Searched};
use support::ours::Ours;
use support::{Folder, bytes_of, settle};

/// Keeps the compiler from leaving out what nobody looks at.
fn used<T>(value: T) {
    black_box(value);
}

const ROUNDS: usize = 5;
/// How many writes in transactions of their own each round makes.
const WRITES: usize = 300;

/// How many rows a step may write at most: two attempts of all rounds and the floor once more.
const SPARE: usize = WRITES * (2 * ROUNDS + 2);

/// What a step is held to.
#[derive(Clone, Copy)]
enum Gate {
    /// So many times F0.
    F0(f64),
    /// So many times F1.
    F1(f64),
}

/// One line of the table: microseconds of processor time an operation.
#[derive(Clone)]
struct Line {
    step: &'static str,
    f0: f64,
    f1: f64,
    ours: f64,
    ratio: f64,
    gate: Gate,
    noisy: bool,
}

/// The three databases side by side.
struct Bench {
    data: Data,
    f0: Floor,
    f1: Floor,
    ours: Ours,
    lines: Vec<Line>,
    only: Option<String>,
}

fn micros(operations: usize, work: impl FnOnce()) -> f64 {
    let start = ProcessTime::now();
    work();
    #[expect(clippy::cast_precision_loss, reason = "a count of operations is small")]
    let operations = operations as f64;
    start.elapsed().as_secs_f64() * 1e6 / operations
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn line(step: &'static str, gate: Gate, rounds: &[[f64; 3]], noisy: bool) -> Line {
    let of = |which: usize| median(rounds.iter().map(|round| round[which]).collect());
    let floor = match gate {
        Gate::F0(_) => 0,
        Gate::F1(_) => 1,
    };
    let ratio = median(rounds.iter().map(|round| round[2] / round[floor]).collect());
    Line { step, f0: of(0), f1: of(1), ours: of(2), ratio, gate, noisy }
}

impl Bench {
    fn wanted(&self, step: &str) -> bool {
        self.only.as_ref().is_none_or(|only| step.contains(only.as_str()))
    }

    /// Runs a step: the closure does it for F0, F1 and the engine, by number, in a round.
    fn step(
        &mut self,
        name: &'static str,
        gate: Gate,
        operations: usize,
        mut run: impl FnMut(&mut Self, usize, usize),
    ) {
        if !self.wanted(name) {
            return;
        }
        let mut round_number = 0;
        let mut outcome = None;
        for _ in 0..2 {
            let mut rounds = Vec::with_capacity(ROUNDS);
            for _ in 0..ROUNDS {
                rounds.push([0, 1, 2].map(|who| micros(operations, || run(self, who, round_number))));
                round_number += 1;
            }
            let floor = match gate {
                Gate::F0(_) => 0,
                Gate::F1(_) => 1,
            };
            let last = micros(operations, || run(self, floor, round_number));
            round_number += 1;
            let first = rounds[0][floor];
            let noisy = (last / first - 1.0).abs() > 0.15;
            outcome = Some(line(name, gate, &rounds, noisy));
            if !noisy {
                break;
            }
        }
        self.lines.extend(outcome);
    }

    /// Fills the tables, 500 contacts a transaction.
    fn fill(&mut self) {
        for (batch, accounts) in self.data.accounts.chunks(500).enumerate() {
            self.f0.accounts(batch * 500 + 1, accounts);
            self.f1.accounts(batch * 500 + 1, accounts);
            self.ours.accounts(accounts);
        }
        let mut rounds = Vec::new();
        let contacts = &self.data.contacts[..self.data.size];
        let per_round = (contacts.len() / ROUNDS).max(500);
        for (number, rows) in contacts.chunks(per_round).enumerate() {
            let first = number * per_round + 1;
            let batches = || rows.chunks(500).enumerate().map(|(batch, rows)| (first + batch * 500, rows));
            rounds.push([
                micros(rows.len(), || batches().for_each(|(first, rows)| self.f0.contacts(first, rows))),
                micros(rows.len(), || batches().for_each(|(first, rows)| self.f1.contacts(first, rows))),
                micros(rows.len(), || batches().for_each(|(_, rows)| self.ours.contacts(rows))),
            ]);
        }
        self.lines.push(line("W2 contacts, 500 a transaction", Gate::F1(2.0), &rounds, false));
        let rounds = self.fill_rest(
            |floor, first, data| {
                floor.deals(first, &data.deals[first - 1..][..500.min(data.size + 1 - first)], Searched::Yes)
            },
            |ours, first, data| ours.deals(&data.deals[first - 1..][..500.min(data.size + 1 - first)]),
        );
        self.lines.push(line("deals, 500 a transaction", Gate::F1(2.0), &rounds, false));
        let rounds = self.fill_rest(
            |floor, first, data| {
                floor.cases(first, &data.cases[first - 1..][..500.min(data.size + 1 - first)], Searched::Yes)
            },
            |ours, first, data| ours.cases(&data.cases[first - 1..][..500.min(data.size + 1 - first)]),
        );
        self.lines.push(line("cases, 500 a transaction", Gate::F1(2.0), &rounds, false));
    }

    /// Fills a table in five rounds of batches of 500 rows, whose first number the closures are given.
    fn fill_rest(
        &mut self,
        floor: impl Fn(&mut Floor, usize, &Data),
        ours: impl Fn(&mut Ours, usize, &Data),
    ) -> Vec<[f64; 3]> {
        let size = self.data.size;
        // Whole batches, so that none reaches into the next round.
        let per_round = (size / ROUNDS).next_multiple_of(500);
        (1..=size)
            .step_by(per_round)
            .map(|first| {
                let rows = per_round.min(size + 1 - first);
                let batches = || (first..first + rows).step_by(500);
                [
                    micros(rows, || batches().for_each(|first| floor(&mut self.f0, first, &self.data))),
                    micros(rows, || batches().for_each(|first| floor(&mut self.f1, first, &self.data))),
                    micros(rows, || batches().for_each(|first| ours(&mut self.ours, first, &self.data))),
                ]
            })
            .collect()
    }

    fn reads(&mut self) {
        let ids = self.data.scattered(5_000);
        self.step("W3 card by id, in a snapshot", Gate::F0(2.0), ids.len(), |bench, who, _| match who {
            0 => bench.f0.snapshot(|floor| ids.iter().for_each(|id| used(floor.card(*id)))),
            1 => bench.f1.snapshot(|floor| ids.iter().for_each(|id| used(floor.card(*id)))),
            _ => bench.ours.snapshot(|at| ids.iter().for_each(|id| used(bench.ours.card(at, *id)))),
        });
        self.step("person by id, the whole record", Gate::F0(f64::INFINITY), ids.len(), |bench, who, _| {
            match who {
                0 => bench.f0.snapshot(|floor| ids.iter().for_each(|id| used(floor.card(*id)))),
                1 => bench.f1.snapshot(|floor| ids.iter().for_each(|id| used(floor.card(*id)))),
                _ => bench
                    .ours
                    .snapshot(|at| ids.iter().for_each(|id| used(bench.ours.person_record(at, *id)))),
            }
        });
        let times = 10;
        let queries = self.data.queries.len() * times;
        self.step("W4 type-ahead, top 20", Gate::F0(2.0), queries, |bench, who, _| {
            let queries = || std::iter::repeat_n(&bench.data.queries, times).flatten();
            match who {
                0 => bench.f0.snapshot(|floor| queries().for_each(|q| assert!(floor.suggest(q) > 0))),
                1 => bench.f1.snapshot(|floor| queries().for_each(|q| assert!(floor.suggest(q) > 0))),
                _ => bench.ours.snapshot(|at| queries().for_each(|q| assert!(Ours::suggest(at, q) > 0))),
            }
        });
        for (name, gate, snippets) in
            [("W5 full text, two words, top 20", 1.3, false), ("W5 the same with snippets", 2.0, true)]
        {
            self.step(name, Gate::F0(gate), queries, |bench, who, _| {
                let queries = || std::iter::repeat_n(&bench.data.queries, times).flatten();
                match who {
                    0 => bench.f0.snapshot(|floor| queries().for_each(|q| assert!(floor.search(q) > 0))),
                    1 => bench.f1.snapshot(|floor| queries().for_each(|q| assert!(floor.search(q) > 0))),
                    _ => {
                        bench.ours.snapshot(|at| {
                            queries().for_each(|q| assert!(Ours::search(at, q, snippets) > 0))
                        });
                    }
                }
            });
        }
        self.lists();
    }

    fn lists(&mut self) {
        let pages = 20;
        self.step("list by name, page of 50", Gate::F0(1.5), pages, |bench, who, _| {
            let walk = |floor: &Floor| {
                let mut place = Place::default();
                for _ in 0..pages {
                    place = floor.page(&place);
                }
            };
            match who {
                0 => bench.f0.snapshot(walk),
                1 => bench.f1.snapshot(walk),
                _ => bench.ours.snapshot(|at| {
                    let mut cursor = None;
                    for _ in 0..pages {
                        cursor = Ours::page(at, cursor.as_ref());
                    }
                }),
            }
        });
        let accounts: Vec<usize> =
            self.data.scattered(200).iter().map(|i| i % self.data.accounts.len() + 1).collect();
        self.step("list of an account by name", Gate::F0(1.5), accounts.len(), |bench, who, _| match who {
            0 => bench.f0.snapshot(|floor| accounts.iter().for_each(|a| used(floor.page_of_account(*a)))),
            1 => bench.f1.snapshot(|floor| accounts.iter().for_each(|a| used(floor.page_of_account(*a)))),
            _ => bench
                .ours
                .snapshot(|at| accounts.iter().for_each(|a| used(bench.ours.page_of_account(at, *a)))),
        });
    }

    /// Writes on the filled tables, one transaction each.
    fn writes(&mut self) {
        let start = self.data.size;
        self.step("W1 contact, own transaction", Gate::F1(1.5), WRITES, |bench, who, round| {
            let Bench { data, f0, f1, ours, .. } = bench;
            let first = start + round * WRITES;
            let rows = (first + 1..).zip(&data.contacts[first..first + WRITES]);
            match who {
                0 => rows.for_each(|(at, row)| f0.contacts(at, from_ref(row))),
                1 => rows.for_each(|(at, row)| f1.contacts(at, from_ref(row))),
                _ => rows.for_each(|(_, row)| ours.create_contact(row)),
            }
        });
        // The bare floors come first, on their own rows behind the others, so that both tables stay comparable.
        for (name, gate, searched, behind) in [
            ("W6 deal, own transaction", 1.5, Searched::Yes, 0),
            ("W6 deal, floor without search", f64::INFINITY, Searched::No, SPARE),
        ] {
            self.step(name, Gate::F1(gate), WRITES, |bench, who, round| {
                let Bench { data, f0, f1, ours, .. } = bench;
                let first = start + behind + round * WRITES;
                let rows = (first + 1..).zip(&data.deals[first..first + WRITES]);
                match who {
                    0 => rows.for_each(|(at, row)| f0.deals(at, from_ref(row), searched)),
                    1 => rows.for_each(|(at, row)| f1.deals(at, from_ref(row), searched)),
                    _ => rows.for_each(|(_, row)| ours.create_deal(row)),
                }
            });
        }
        for (name, gate, searched, behind) in [
            ("W6 case, own transaction", 1.5, Searched::Yes, 0),
            ("W6 case, floor without search", f64::INFINITY, Searched::No, SPARE),
        ] {
            self.step(name, Gate::F1(gate), WRITES, |bench, who, round| {
                let Bench { data, f0, f1, ours, .. } = bench;
                let first = start + behind + round * WRITES;
                let rows = (first + 1..).zip(&data.cases[first..first + WRITES]);
                match who {
                    0 => rows.for_each(|(at, row)| f0.cases(at, from_ref(row), searched)),
                    1 => rows.for_each(|(at, row)| f1.cases(at, from_ref(row), searched)),
                    _ => rows.for_each(|(_, row)| ours.create_case(row)),
                }
            });
        }
        let deals: Vec<usize> = self.data.scattered(WRITES);
        self.step("W7 stage move, own transaction", Gate::F1(1.5), WRITES, |bench, who, round| {
            let Bench { f0, f1, ours, .. } = bench;
            let stage = 1 + round % 3;
            match who {
                0 => deals.iter().for_each(|deal| f0.move_deal(*deal, stage)),
                1 => deals.iter().for_each(|deal| f1.move_deal(*deal, stage)),
                _ => deals.iter().for_each(|deal| ours.move_deal(*deal, stage)),
            }
        });
    }
}

fn run(size: usize) -> Vec<Line> {
    let folder = Folder::new("ratios");
    let [f0, f1, ours] = ["f0.db", "f1.db", "ours.db"].map(|name| folder.file(name));
    let mut bench = Bench {
        data: Data::generate(size, 2 * SPARE),
        f0: Floor::create(&f0, Level::F0),
        f1: Floor::create(&f1, Level::F1),
        ours: Ours::create(&ours),
        lines: Vec::new(),
        only: std::env::var("CRM_BENCH_ONLY").ok(),
    };
    bench.fill();
    for floor in [&bench.f0, &bench.f1] {
        floor.checkpoint();
    }
    bench.ours.checkpoint();
    let bytes = [&f0, &f1, &ours].map(|path| bytes_of(path));
    bench.reads();
    [&f0, &f1, &ours].into_iter().for_each(|path| settle(path));
    bench.writes();
    let opens = 20;
    let first = bench.ours.contact(1);
    bench.step("W16 open and first card", Gate::F0(f64::INFINITY), opens, |_, who, _| {
        for _ in 0..opens {
            match who {
                0 => drop(Floor::open_and_read(&f0, 1)),
                1 => drop(Floor::open_and_read(&f1, 1)),
                _ => drop(Ours::open_and_read(&ours, first)),
            }
        }
    });
    print(size, &bench.lines, bytes);
    bench.lines
}

fn print(size: usize, lines: &[Line], bytes: [u64; 3]) {
    println!("\nN = {size}: microseconds of processor time an operation");
    println!("{:<36} {:>9} {:>9} {:>9} {:>7} {:>9}", "step", "F0", "F1", "engine", "ratio", "gate");
    for line in lines {
        let (least, floor) = match line.gate {
            Gate::F0(least) => (least, "F0"),
            Gate::F1(least) => (least, "F1"),
        };
        let verdict = if line.ratio <= least { "ok" } else { "over" };
        let noisy = if line.noisy { ", noisy" } else { "" };
        println!(
            "{:<36} {:>9.2} {:>9.2} {:>9.2} {:>7.2} {least:>6.1} {floor} {verdict}{noisy}",
            line.step, line.f0, line.f1, line.ours, line.ratio
        );
    }
    let [f0, f1, ours] = bytes.map(|bytes| bytes >> 10);
    println!("file after the fill, KiB: F0 {f0}, F1 {f1}, engine {ours}");
}

/// How much more each step grew from the first size to the last than its floor did.
fn print_growth(first: &[Line], last: &[Line]) {
    println!("\ngrowth from the first size to the last: floor, engine, engine by floor");
    for before in first {
        let Some(after) = last.iter().find(|line| line.step == before.step) else { continue };
        let floor = |line: &Line| match line.gate {
            Gate::F0(_) => line.f0,
            Gate::F1(_) => line.f1,
        };
        let (floor, ours) = (floor(after) / floor(before), after.ours / before.ours);
        println!("{:<36} {floor:>7.2} {ours:>7.2} {:>7.2}", before.step, ours / floor);
    }
}

fn main() {
    let sizes = std::env::var("CRM_BENCH_N").unwrap_or_else(|_| "10000".to_owned());
    let sizes: Vec<usize> = sizes.split(',').map(|size| size.trim().parse().unwrap()).collect();
    let tables: Vec<Vec<Line>> = sizes.iter().map(|size| run(*size)).collect();
    if let [first, .., last] = tables.as_slice() {
        print_growth(first, last);
    }
}
