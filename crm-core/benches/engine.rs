//! The engine beside its floors, by criterion: one group for each step, with F0, F1 and the engine in it.
//!
//! `cargo bench -p crm-core --bench engine`; the size is `CRM_BENCH_N`, 10,000 by default. Figures are processor
//! time. For ratios with their gates see the benchmark `crm-bench`, which runs the three in turns.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a program of measurements; criterion's macros make functions"
)]

mod support;

use std::hint::black_box;
use std::slice::from_ref;

use criterion::{Criterion, criterion_group, criterion_main};
use support::Folder;
use support::cpu::CpuTime;
use support::data::Data;
use support::floor::{Floor, Level, Place, Searched};
use support::ours::Ours;

/// How many rows a step writes before it begins again with the first: identifiers stay new, names repeat.
const SPARE: usize = 10_000;

/// The three databases, filled with the same rows.
struct Filled {
    data: Data,
    floors: [(&'static str, Floor); 2],
    ours: Ours,
    /// The number of the next row of each table.
    next: usize,
    _folder: Folder,
}

impl Filled {
    fn new() -> Self {
        let size = std::env::var("CRM_BENCH_N").map_or(10_000, |size| size.parse().unwrap());
        let folder = Folder::new("engine");
        let data = Data::generate(size, SPARE);
        let mut floors = [
            ("F0", Floor::create(&folder.file("f0.db"), Level::F0)),
            ("F1", Floor::create(&folder.file("f1.db"), Level::F1)),
        ];
        let mut ours = Ours::create(&folder.file("ours.db"));
        for (_, floor) in &mut floors {
            floor.accounts(1, &data.accounts);
            for (batch, rows) in data.contacts[..size].chunks(500).enumerate() {
                floor.contacts(batch * 500 + 1, rows);
            }
            floor.deals(1, &data.deals[..size], Searched::Yes);
            floor.cases(1, &data.cases[..size], Searched::Yes);
        }
        data.accounts.chunks(500).for_each(|rows| ours.accounts(rows));
        data.contacts[..size].chunks(500).for_each(|rows| ours.contacts(rows));
        data.deals[..size].chunks(500).for_each(|rows| ours.deals(rows));
        data.cases[..size].chunks(500).for_each(|rows| ours.cases(rows));
        Self { next: size + 1, data, floors, ours, _folder: folder }
    }

    /// The number of a new row, and which of the spare ones it is.
    fn fresh(next: &mut usize, data: &Data) -> (usize, usize) {
        let number = *next;
        *next += 1;
        (number, data.size + number % SPARE)
    }
}

fn reads(criterion: &mut Criterion<CpuTime>) {
    let filled = Filled::new();
    let ids = filled.data.scattered(1_000);
    let queries = &filled.data.queries;
    let ours = &filled.ours;

    let mut group = criterion.benchmark_group("card by id, 1,000 in a snapshot");
    for (name, floor) in &filled.floors {
        group.bench_function(*name, |bencher| {
            bencher
                .iter(|| floor.snapshot(|floor| ids.iter().for_each(|id| drop(black_box(floor.card(*id))))));
        });
    }
    group.bench_function("engine", |bencher| {
        bencher.iter(|| ours.snapshot(|at| ids.iter().for_each(|id| drop(black_box(ours.card(at, *id))))));
    });
    group.bench_function("engine, whole records", |bencher| {
        bencher.iter(|| {
            ours.snapshot(|at| ids.iter().for_each(|id| drop(black_box(ours.person_record(at, *id)))))
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("type-ahead, 100 prefixes");
    for (name, floor) in &filled.floors {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                floor.snapshot(|floor| queries.iter().map(|query| floor.suggest(query)).sum::<usize>())
            });
        });
    }
    group.bench_function("engine", |bencher| {
        bencher
            .iter(|| ours.snapshot(|at| queries.iter().map(|query| Ours::suggest(at, query)).sum::<usize>()));
    });
    group.finish();

    let mut group = criterion.benchmark_group("full text, 100 names");
    for (name, floor) in &filled.floors {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                floor.snapshot(|floor| queries.iter().map(|query| floor.search(query)).sum::<usize>())
            });
        });
    }
    for (name, snippets) in [("engine", false), ("engine, with snippets", true)] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                ours.snapshot(|at| {
                    queries.iter().map(|query| Ours::search(at, query, snippets)).sum::<usize>()
                })
            });
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("list by name, 20 pages of 50");
    for (name, floor) in &filled.floors {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                floor.snapshot(|floor| (0..20).fold(Place::default(), |place, _| floor.page(&place)))
            });
        });
    }
    group.bench_function("engine", |bencher| {
        bencher.iter(|| ours.snapshot(|at| (0..20).fold(None, |cursor, _| Ours::page(at, cursor.as_ref()))));
    });
    group.finish();
}

fn writes(criterion: &mut Criterion<CpuTime>) {
    let Filled { data, mut floors, mut ours, next: first, _folder } = Filled::new();

    let mut group = criterion.benchmark_group("create a contact, own transaction");
    for (name, floor) in &mut floors {
        let mut next = first;
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                let (number, row) = Filled::fresh(&mut next, &data);
                floor.contacts(number, from_ref(&data.contacts[row]));
            });
        });
    }
    let mut next = first;
    group.bench_function("engine", |bencher| {
        bencher.iter(|| ours.create_contact(&data.contacts[Filled::fresh(&mut next, &data).1]));
    });
    group.finish();

    let mut group = criterion.benchmark_group("create a deal, own transaction");
    for (name, floor) in &mut floors {
        let mut next = first;
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                let (number, row) = Filled::fresh(&mut next, &data);
                floor.deals(number, from_ref(&data.deals[row]), Searched::Yes);
            });
        });
    }
    group.bench_function("engine", |bencher| {
        bencher.iter(|| ours.create_deal(&data.deals[Filled::fresh(&mut next, &data).1]));
    });
    group.finish();

    let mut group = criterion.benchmark_group("move a deal, own transaction");
    for (name, floor) in &mut floors {
        let mut round = 0;
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                round += 1;
                floor.move_deal(round % data.size + 1, 1 + round / data.size % 3);
            });
        });
    }
    let mut round = 0;
    group.bench_function("engine", |bencher| {
        bencher.iter(|| {
            round += 1;
            ours.move_deal(round % data.size + 1, 1 + round / data.size % 3);
        });
    });
    group.finish();

    let mut group = criterion.benchmark_group("create a case, own transaction");
    for (name, floor) in &mut floors {
        let mut next = first;
        group.bench_function(*name, |bencher| {
            bencher.iter(|| {
                let (number, row) = Filled::fresh(&mut next, &data);
                floor.cases(number, from_ref(&data.cases[row]), Searched::Yes);
            });
        });
    }
    group.bench_function("engine", |bencher| {
        bencher.iter(|| ours.create_case(&data.cases[Filled::fresh(&mut next, &data).1]));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime).sample_size(20);
    targets = reads, writes
}
criterion_main!(benches);
