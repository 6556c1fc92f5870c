//! What a database survives: processes that are killed, disks that are full, two processes at once, flipped bytes, many
//! threads. Whatever was acknowledged is there afterwards, once, and the journal proves itself.
//!
//! `CRM_SURVIVAL_KILLS` sets how often a process is killed (200), `CRM_SURVIVAL_SECONDS` how long the threads work (5).
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on shall fail")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

mod survival_support;

use std::collections::BTreeMap;
use std::fs;
use std::io::BufReader;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crm_core::contacts::Person;
use crm_core::record::query::Query;
use crm_core::{Config, Crm, ErrorKind, Result, Session};
use survival_support::folder::Folder;
use survival_support::{Acknowledged, DATABASE, new_deal, open, open_stages, prepare, session, start, work};

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Not a test of its own: the process that others start and end.
#[test]
fn a_worker() {
    if let Some(path) = std::env::var_os(DATABASE) {
        work(Path::new(&path));
    }
}

#[test]
fn a_killed_process_loses_nothing_that_was_acknowledged() {
    const RUNS_OF_ONE_FILE: u64 = 20;
    let kills = setting("CRM_SURVIVAL_KILLS", 200);
    let folder = Folder::new();
    let mut changes = 0;
    let mut in_the_middle = 0;
    for file in 0..kills.div_ceil(RUNS_OF_ONE_FILE) {
        let path = folder.next("killed.db");
        prepare(&path);
        for run in 0..RUNS_OF_ONE_FILE.min(kills - file * RUNS_OF_ONE_FILE) {
            let mut acknowledged = Acknowledged::default();
            let mut worker = start(&path, "", 4, None);
            let mut lines = BufReader::new(worker.stderr.take().unwrap());
            // Between one change and many, so that the kill meets every stage of the work, checkpoints included.
            let enough = 1 + usize::try_from((run * 37 + file * 11) % 90).unwrap();
            acknowledged.read(&mut lines, enough);
            worker.kill().unwrap();
            worker.wait().unwrap();
            acknowledged.rest(&mut lines);
            assert_eq!(acknowledged.failures, Vec::<String>::new());
            let crm = open(&path);
            acknowledged.check(&crm, &format!("file {file}, run {run}"));
            let size = session(&crm).journal().head().unwrap().size;
            in_the_middle += u64::from(size > 0);
            crm.close().unwrap();
            changes += acknowledged.changes;
        }
        remove(&path);
    }
    println!("killed {kills} processes after {changes} acknowledged changes; none was lost");
    assert_eq!(in_the_middle, kills);
    assert!(changes as u64 > kills * 10, "the processes did next to nothing: {changes}");
}

/// The operating system refuses to let the file or its log grow, a little later in each run.
#[test]
fn a_write_that_fails_anywhere_is_a_clear_error() {
    let folder = Folder::new();
    let whole = folder.next("whole.db");
    prepare(&whole);
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    let (mut runs, mut changes) = (0, 0);
    // In units of 512 bytes; a page with its head in the log has 4,120.
    for blocks in (0..4_000).step_by(29) {
        let path = folder.next("limited.db");
        for suffix in ["", ".key"] {
            fs::copy(with_suffix(&whole, suffix), with_suffix(&path, suffix)).unwrap();
        }
        let mut acknowledged = Acknowledged::default();
        let limit = format!("trap '' XFSZ; ulimit -f {blocks};");
        let mut worker = start(&path, &limit, 1, Some(12));
        let mut lines = BufReader::new(worker.stderr.take().unwrap());
        acknowledged.rest(&mut lines);
        worker.wait().unwrap();
        for code in &acknowledged.failures {
            *met.entry(code.clone()).or_default() += 1;
        }
        let crm = open(&path);
        acknowledged.check(&crm, &format!("limit of {blocks} blocks"));
        session(&crm).people().create(person("Afterwards")).unwrap();
        crm.close().unwrap();
        remove(&path);
        runs += 1;
        changes += acknowledged.changes;
        if blocks > 0 && acknowledged.failures.is_empty() {
            break;
        }
    }
    println!("{runs} runs against a limit, {changes} acknowledged changes; failures: {met:?}");
    assert!(runs > 5 && !met.is_empty(), "no limit was met");
    let known = ["storage.full at -", "storage.io at -"];
    assert!(met.keys().all(|failure| known.contains(&failure.as_str())), "{met:?}");
}

#[test]
fn two_processes_share_one_file() {
    let folder = Folder::new();
    let path = folder.next("shared.db");
    prepare(&path);
    let mut workers: Vec<_> = (0..2).map(|_| start(&path, "", 2, Some(40))).collect();
    let mut acknowledged = Acknowledged::default();
    let lines: Vec<_> = workers.iter_mut().map(|worker| worker.stderr.take().unwrap()).collect();
    // Both pipes are drained side by side, so that neither process waits for a reader.
    let both: Vec<Acknowledged> = std::thread::scope(|scope| {
        let readers: Vec<_> = lines
            .into_iter()
            .map(|lines| {
                scope.spawn(move || {
                    let mut acknowledged = Acknowledged::default();
                    acknowledged.rest(&mut BufReader::new(lines));
                    acknowledged
                })
            })
            .collect();
        readers.into_iter().map(|reader| reader.join().unwrap()).collect()
    });
    for (mut worker, of_one) in workers.into_iter().zip(both) {
        assert!(worker.wait().unwrap().success());
        assert_eq!(of_one.failures, Vec::<String>::new(), "a process waits for the other");
        acknowledged.changes += of_one.changes;
        acknowledged.versions.extend(of_one.versions);
    }
    let crm = open(&path);
    acknowledged.check(&crm, "two processes");
    let cases = session(&crm).cases().list(&Query::new().limit(1_000)).unwrap().records;
    let mut numbers: Vec<_> = cases.iter().map(|case| case.number.clone()).collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 80, "every case has a number of its own");
    println!("two processes made {} acknowledged changes", acknowledged.changes);
}

fn person(name: &str) -> Person {
    Person { family_name: Some(name.into()), ..Person::default() }
}

fn with_suffix(path: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn remove(path: &Path) {
    for suffix in ["", "-wal", "-shm", ".key"] {
        let _ = fs::remove_file(with_suffix(path, suffix));
    }
}

/// What a page is, by its first byte (SQLite file format, 1.6), or by what points at it.
fn kind_of(page: &[u8], first: bool) -> &'static str {
    match page[if first { 100 } else { 0 }] {
        _ if first => "the first page",
        2 => "interior of an index",
        5 => "interior of a table",
        10 => "leaf of an index",
        13 => "leaf of a table",
        0 => "overflow or free",
        _ => "other",
    }
}

/// Everything that a host could read.
fn read_all(session: &Session) -> Result<String> {
    let all = Query::new().limit(1_000);
    Ok(format!(
        "{:?}{:?}{:?}{:?}{:?}{:?}",
        session.people().list(&all)?.records,
        session.deals().list(&all)?.records,
        session.cases().list(&all)?.records,
        session.stages().list(&all)?.records,
        session.search().find("ada")?.len(),
        session.journal().head()?,
    ))
}

#[test]
fn a_flipped_byte_is_found_or_harmless() {
    const PAGE: usize = 4_096;
    let folder = Folder::new();
    let sound = folder.next("sound.db");
    prepare(&sound);
    let mut worker = start(&sound, "", 1, Some(60));
    drop(worker.stderr.take());
    worker.wait().unwrap();
    let crm = open(&sound);
    // A long text needs pages of its own, and deleting another leaves free ones.
    let long = |name: &str| Person { description: Some("lorem ipsum ".repeat(2_000)), ..person(name) };
    session(&crm).people().create(long("Long")).unwrap();
    let gone = session(&crm).people().create(long("Gone")).unwrap();
    session(&crm).people().delete(gone.meta.id).unwrap();
    let expected = read_all(&session(&crm)).unwrap();
    crm.close().unwrap();
    let bytes = fs::read(&sound).unwrap();
    assert_eq!(bytes.len() % PAGE, 0);

    // Four pages of each kind, five places in each: its head, the pointers, the middle, the cells, the end.
    let mut pages: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (number, page) in bytes.chunks(PAGE).enumerate() {
        pages.entry(kind_of(page, number == 0)).or_default().push(number);
    }
    let mut outcomes: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for (kind, numbers) in &pages {
        for number in numbers.iter().step_by(numbers.len().div_ceil(4)) {
            for place in [1, 9, 40, 1_000, 3_000, 4_095] {
                let path = folder.next("flipped.db");
                let mut damaged = bytes.clone();
                damaged[number * PAGE + place] ^= 0x41;
                fs::write(&path, damaged).unwrap();
                fs::copy(with_suffix(&sound, ".key"), with_suffix(&path, ".key")).unwrap();
                let outcome = outcome_of(&path, &expected);
                remove(&path);
                *outcomes.entry((kind, outcome)).or_default() += 1;
            }
        }
    }
    for ((kind, outcome), count) in &outcomes {
        println!("{kind}: {count} × {outcome}");
    }
    for kind in ["the first page", "interior of a table", "leaf of a table", "leaf of an index"] {
        assert!(outcomes.keys().any(|(found, _)| *found == kind), "no page is of this kind: {kind}");
    }
    let silent: usize = outcomes
        .iter()
        .filter(|((_, outcome), _)| outcome == "read differently")
        .map(|(_, count)| count)
        .sum();
    assert_eq!(silent, 0, "a damaged value was read as if it were sound");
}

/// What a host sees of a damaged file: an error, a finding of the checks, or the same as before.
fn outcome_of(path: &Path, expected: &str) -> String {
    let crm = match Crm::open(path, Config::default()) {
        Ok(crm) => crm,
        Err(error) => return named(&error),
    };
    let read = read_all(&session(&crm));
    let file = crm.integrity_check();
    let journal = session(&crm).journal().verify();
    let records = session(&crm).journal().verify_records(&mut |_| ControlFlow::Continue(()));
    let _ = crm.close();
    let errors = [read.as_ref().err(), file.as_ref().err(), journal.as_ref().err(), records.as_ref().err()];
    if let Some(error) = errors.into_iter().flatten().next() {
        return named(error);
    }
    let found = [
        (!file.unwrap().is_empty(), "found by the check of the file"),
        (!journal.unwrap().is_sound(), "found by the check of the journal"),
        (!records.unwrap().is_sound(), "found by comparing the records with the journal"),
        (read.unwrap() == expected, "harmless"),
    ];
    found.iter().find(|(is, _)| *is).map_or("read differently", |(_, what)| what).to_owned()
}

fn named(error: &crm_core::CrmError) -> String {
    let clear = matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::Incompatible | ErrorKind::Io);
    assert!(clear, "damage is told as such: {error}");
    format!("error {}", error.code())
}

#[test]
fn many_threads_share_one_handle() {
    const THREADS: usize = 32;
    /// How often the memory is looked at while the threads work.
    const SAMPLES: u32 = 12;
    let folder = Folder::new();
    let path = folder.next("threads.db");
    prepare(&path);
    let crm = open(&path);
    let lasts = Duration::from_secs(setting("CRM_SURVIVAL_SECONDS", 5));
    let until = Instant::now() + lasts;
    let (reads, writes) = (AtomicU64::new(0), AtomicU64::new(0));
    let took = Mutex::new([Vec::new(), Vec::new()]);
    let mut memory = vec![resident()];
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (crm, reads, writes, took) = (&crm, &reads, &writes, &took);
            scope.spawn(move || {
                let session = session(crm);
                let stage = open_stages(&session).unwrap().remove(0);
                let mut own = [Vec::new(), Vec::new()];
                let mut done = 0_u64;
                while Instant::now() < until {
                    let began = Instant::now();
                    // Three reads to a write.
                    let write = done.is_multiple_of(4);
                    if write {
                        let name = format!("Thread{thread}Number{done}");
                        session.people().create(person(&name)).unwrap();
                        session.deals().create(new_deal(&name, &stage)).unwrap();
                        writes.fetch_add(2, Ordering::Relaxed);
                    } else {
                        session.people().list(&Query::new().ascending("name_key").limit(20)).unwrap();
                        reads.fetch_add(1, Ordering::Relaxed);
                    }
                    own[usize::from(write)].push(began.elapsed());
                    done += 1;
                }
                assert!(done > 0, "a thread was starved");
                let mut took = took.lock().unwrap();
                for (all, own) in took.iter_mut().zip(own) {
                    all.extend(own);
                }
            });
        }
        for _ in 0..SAMPLES {
            std::thread::sleep(lasts / (SAMPLES + 1));
            memory.push(resident());
        }
    });
    let (reads, writes) = (reads.into_inner(), writes.into_inner());
    let deals = session(&crm).deals().count(&crm_core::record::filter::Filter::all()).unwrap();
    assert_eq!(deals * 2, writes);
    assert!(session(&crm).journal().verify().unwrap().is_sound());
    println!("{THREADS} threads: {reads} reads and {writes} writes without an error");
    for (name, mut times) in ["read", "write"].into_iter().zip(took.into_inner().unwrap()) {
        times.sort();
        let at = |share: usize| times[(times.len() - 1) * share / 100];
        println!("{name}: p50 {:?}, p99 {:?}, longest {:?}", at(50), at(99), at(100));
    }
    let megabytes: Vec<String> = memory.iter().map(|kib| format!("{:.0}", *kib as f64 / 1024.0)).collect();
    println!("resident memory in MiB, before and as time went by: {}", megabytes.join(", "));
    // The caches of the connections are full after a third of a long run; what still grows after that leaks. The times
    // that are kept for the line above are all that does.
    if lasts >= Duration::from_secs(30) {
        let (middle, end) = (memory[5..9].iter().max().unwrap(), memory[9..].iter().max().unwrap());
        let kept = (reads + writes) * 16 / 1024;
        assert!(*end <= middle + middle / 10 + kept, "memory grows: {megabytes:?} MiB");
    }
}

/// The resident memory of this process in KiB, where the system tells.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or_default()
}
