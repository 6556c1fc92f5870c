//! Work in a process of its own, so that its memory is seen by itself.

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::str::FromStr;
use std::time::Instant;

use crm_core::Config;
use crm_core::interchange::ImportOptions;

use crate::machine::peak_memory;
use crate::measure::{Who, marked, micros, per};
use crate::support::floor::{Floor, Level};
use crate::support::ours::Ours;

/// Who imports, in the environment of the process that does.
const WHO: &str = "CRM_BENCH_CHILD";
const SOURCE: &str = "CRM_BENCH_CHILD_SOURCE";
const TARGET: &str = "CRM_BENCH_CHILD_TARGET";

/// What an import came to.
#[derive(Debug)]
pub(crate) struct Imported {
    /// How many rows.
    pub(crate) rows: usize,
    /// Microseconds of processor time a row.
    pub(crate) micros: f64,
    /// Seconds that the clock on the wall showed.
    pub(crate) seconds: f64,
    /// The most memory that the process held, in bytes; 0 where nobody says.
    pub(crate) memory: u64,
    /// Allocations of Rust a row.
    pub(crate) allocations: f64,
}

fn setting<T: FromStr>(name: &str, otherwise: T) -> T {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Whether this process was started by [`import`].
pub(crate) fn is_one() -> bool {
    std::env::var_os(WHO).is_some()
}

/// Imports a file into a new database in a process of its own.
pub(crate) fn import(who: Who, source: &Path, target: &Path) -> Imported {
    let output = Command::new(std::env::current_exe().unwrap())
        .env(WHO, format!("{who:?}"))
        .env(SOURCE, source)
        .env(TARGET, target)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let figures: Vec<f64> = text.split_whitespace().map(|figure| figure.parse().unwrap()).collect();
    let [rows, micros, seconds, memory, allocations] = figures.try_into().unwrap();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they were whole numbers")]
    let (rows, memory) = (rows as usize, memory as u64);
    Imported { rows, micros, seconds, memory, allocations }
}

/// What the process does that [`import`] starts.
pub(crate) fn run() {
    let source = File::open(std::env::var_os(SOURCE).unwrap()).unwrap();
    let target = std::env::var_os(TARGET).unwrap();
    let target = Path::new(&target);
    let floor = match std::env::var(WHO).unwrap().as_str() {
        "F0" => Some(Level::F0),
        "F1" => Some(Level::F1),
        _ => None,
    };
    let cache_kib = setting("CRM_BENCH_CACHE_KIB", Config::default().sqlite.cache_kib);
    let batch = setting("CRM_BENCH_BATCH", ImportOptions::default().batch);
    #[expect(clippy::disallowed_methods, reason = "it measures")]
    let started = Instant::now();
    let mut rows = 0;
    let mut allocations = 0;
    let micros = micros(1, || {
        allocations = allocation_counter::measure(|| {
            let imported = || match floor {
                Some(level) => {
                    let mut floor = Floor::create(target, level);
                    floor.set_cache(cache_kib);
                    floor.accounts(1, &[crate::support::data::Account { name: "All".into() }]);
                    floor.import(source, batch)
                }
                None => {
                    let mut config = Config::default();
                    config.sqlite.cache_kib = cache_kib;
                    Ours::create_with(target, config).import(source, batch)
                }
            };
            let who = if floor.is_some() { Who::F1 } else { Who::Engine };
            marked(who, || rows = imported());
        })
        .count_total;
    });
    let seconds = started.elapsed().as_secs_f64();
    let micros = micros / crate::measure::real(rows);
    let allocations = per(allocations, rows);
    println!("{rows} {micros} {seconds} {} {allocations}", peak_memory().unwrap_or_default());
}
