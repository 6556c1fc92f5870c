//! Permits by criterion, all regimes enabled: with the facts in memory, from a database, and a screened campaign.
//!
//! `cargo bench -p crm-core --bench permit`; the number of contacts is `CRM_BENCH_N`, 10,000 by default, and with
//! `CRM_BENCH_FILE` the filled database is kept in that file for the next run. `CRM_BENCH_CACHE_KIB` sets the cache of each
//! connection, which is that of a host that says nothing by default. Figures are processor time. The limits
//! for the middle one of runs: 2 µs in memory; 10 µs from a database of 10,000 contacts and 20 µs of 1,000,000; 2 s for
//! a campaign of 100,000.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a program of measurements; criterion's macros make functions"
)]

#[path = "permit/database.rs"]
mod database;
#[path = "permit/memory.rs"]
mod memory;
mod support;

use criterion::{Criterion, criterion_group, criterion_main};
use support::cpu::CpuTime;

criterion_group! {
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = memory::permits, database::permits
}
criterion_main!(benches);
