//! What the engine costs beside hand-written SQL, the same rows in the same run: one table, plots, and a page of results.
//!
//! `cargo bench -p crm-core --bench crm-bench`, with these variables:
//!
//! - `CRM_BENCH_N`: the sizes, for example `10000,100000,1000000`. 10,000 and 100,000 by default.
//! - `CRM_BENCH_ONLY`: only steps whose name contains this text, and only the tables that they need.
//! - `CRM_BENCH_DIR`: where the databases are written.
//! - `CRM_BENCH_CACHE_KIB`, `CRM_BENCH_BATCH`: the page cache and the rows a transaction of the imports, of the floor and of the
//!   engine alike; those of the engine when nothing is said.
//! - `CRM_BENCH_KEEP`: leaves the databases there.
//! - `CRM_BENCH_RESULTS`: writes `benches/RESULTS.md` anew. Without it the page is written into `target/crm-bench`, where
//!   the plots are, too.
//!
//! Every step runs in five rounds of its floors and the engine in turns; the figure is the median over the rounds of the
//! ratio within a round. After the last round the floor runs once more: where it differs by more than 15 per cent from
//! its first run, the step is repeated, and marked as noisy if that does not help. Then the engine runs once more under a
//! counter of allocations, which counts those of Rust and not those of SQLite.
//!
//! Reads see the search index as the bulk load left it; before the writes it is merged, in all three databases.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program of measurements for people")]

#[path = "../support/mod.rs"]
mod support;

mod child;
mod fill;
mod machine;
mod measure;
mod people;
mod report;
mod sales;
mod service;
mod settings;
mod whole;

use measure::Bench;
use report::Run;
use settings::Settings;

fn main() {
    if child::is_one() {
        return child::run();
    }
    let settings = Settings::read();
    let machine = machine::Machine::look();
    report::terminal::banner(&settings, &machine);
    let mut runs = Vec::new();
    for size in &settings.sizes {
        let mut bench = Bench::open(*size, &settings);
        report::terminal::begin(*size);
        bench.fill();
        bench.people();
        bench.sales_reads();
        bench.settle();
        bench.writes();
        bench.sales_past();
        bench.whole();
        let run = Run::of(bench);
        report::terminal::table(&run);
        runs.push(run);
    }
    report::terminal::growth(&runs);
    let written = report::write(&settings, &machine, &runs);
    report::terminal::end(&written);
}
