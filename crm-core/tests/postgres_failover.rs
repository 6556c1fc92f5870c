//! A real cluster: the primary is killed under load, the replica takes over, and nothing that was acknowledged is lost or
//! there twice.
//!
//! `tests/postgres/run` says where the server's programs are. `CRM_FAILOVER_WRITES` sets how many writes are acknowledged
//! before the kill, and again after it (300).
#![cfg(all(feature = "postgres", target_os = "linux"))]
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test that cannot go on shall fail")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

mod failover_support;

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crm_core::contacts::Person;
use crm_core::privacy::keys::StaticKey;
use crm_core::record::Meta;
use crm_core::record::query::Query;
use crm_core::storage::postgres::Options;
use crm_core::{Actor, Config, Crm, CrmError, Purpose, RecordId, Session};
use failover_support::{Cluster, until};

const WRITERS: u64 = 8;
const READERS: usize = 8;
/// How long there is no server that takes writes, besides what promoting takes.
const OUTAGE: Duration = Duration::from_millis(500);

/// What came of the writes, told by the writers.
#[derive(Default)]
struct Outcomes {
    /// Acknowledged, with the record.
    acknowledged: Mutex<HashMap<String, RecordId>>,
    /// The answer was lost, and nobody asked again.
    unknown: Mutex<Vec<String>>,
    /// Writes that were sent again under the same identifier.
    retried: AtomicU64,
    /// Of those the ones that turned out to have been carried out already.
    were_there: AtomicU64,
    /// What the writers were told meanwhile.
    refusals: Mutex<BTreeMap<String, usize>>,
    /// Reads that came back.
    reads: AtomicU64,
    /// When the first write after the kill was acknowledged.
    recovered: Mutex<Option<Instant>>,
    killed: AtomicBool,
}

impl Outcomes {
    fn acknowledge(&self, name: String, id: RecordId) {
        // Whether the primary had been killed is asked before the write is noted, and noted when it was acknowledged.
        if self.killed.load(Ordering::Acquire) {
            self.recovered.lock().unwrap().get_or_insert_with(Instant::now);
        }
        assert!(self.acknowledged.lock().unwrap().insert(name, id).is_none());
    }

    /// A write was not acknowledged, for a reason that passes.
    fn refuse(&self, error: &CrmError) {
        assert!(is_outage(error), "{error}");
        *self.refusals.lock().unwrap().entry(error.code().to_owned()).or_default() += 1;
        sleep(Duration::from_millis(10));
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }
}

fn open(url: &str) -> Crm {
    let options = Options { busy_timeout_ms: 60_000, readers: READERS, ..Options::default() };
    Crm::connect(url, Config::default().keys(StaticKey::new(&[7; 32])).postgres(options)).unwrap()
}

fn session(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap()
}

/// What a host is told while there is no server that takes writes.
fn is_outage(error: &CrmError) -> bool {
    let known =
        ["storage.io", "storage.connect", "storage.commit_unknown", "storage.busy", "storage.read_only"];
    known.contains(&error.code())
}

/// The identifier of a write, which the host chooses so that it can be sent again.
fn key(writer: u64, number: u64) -> RecordId {
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&[1, 0x9a, 0, 0, 0, 0]);
    bytes[6..8].copy_from_slice(&[0x70, u8::try_from(writer).unwrap()]);
    bytes[8..].copy_from_slice(&(number | 1 << 63).to_be_bytes());
    RecordId::from_bytes(bytes)
}

/// Writes under identifiers of its own, each until it is acknowledged.
fn write_with_keys(session: &Session, writer: u64, outcomes: &Outcomes, stop: &AtomicBool) {
    for number in 0.. {
        if stop.load(Ordering::Acquire) {
            return;
        }
        let (name, id) = (format!("W{writer} N{number}"), key(writer, number));
        let mut sent_before = false;
        loop {
            let meta = Meta { id, ..Meta::default() };
            let person = Person { meta, family_name: Some(name.clone()), ..Person::default() };
            match session.people().create(person) {
                Ok(_) => break,
                Err(error) if sent_before && error.code() == "record.exists" => {
                    outcomes.were_there.fetch_add(1, Ordering::Relaxed);
                    break;
                }
                Err(error) => outcomes.refuse(&error),
            }
            sent_before = true;
            outcomes.retried.fetch_add(1, Ordering::Relaxed);
        }
        outcomes.acknowledge(name, id);
    }
}

/// Writes without, and never sends anything again.
fn write_once(session: &Session, writer: u64, outcomes: &Outcomes, stop: &AtomicBool) {
    for number in 0.. {
        if stop.load(Ordering::Acquire) {
            return;
        }
        let name = format!("W{writer} N{number}");
        let person = Person { family_name: Some(name.clone()), ..Person::default() };
        match session.people().create(person) {
            Ok(person) => outcomes.acknowledge(name, person.meta.id),
            Err(error) => {
                outcomes.unknown.lock().unwrap().push(name);
                outcomes.refuse(&error);
            }
        }
    }
}

/// Reads what was acknowledged; all of it must be there at any time.
fn read(session: &Session, outcomes: &Outcomes, stop: &AtomicBool) {
    while !stop.load(Ordering::Acquire) {
        let number = usize::try_from(outcomes.reads.load(Ordering::Relaxed)).unwrap();
        let chosen = {
            let known = outcomes.acknowledged.lock().unwrap();
            let place = number.wrapping_mul(7_919).checked_rem(known.len()).unwrap_or_default();
            known.iter().nth(place).map(|(name, id)| (name.clone(), *id))
        };
        let Some((name, id)) = chosen else {
            sleep(Duration::from_millis(5));
            continue;
        };
        match session.people().get(id) {
            Ok(person) => {
                assert_eq!(person.family_name, Some(name));
                outcomes.reads.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) if is_outage(&error) => sleep(Duration::from_millis(10)),
            Err(error) => panic!("{name} was acknowledged and cannot be read: {error}"),
        }
    }
}

/// How often each name is there.
fn names(session: &Session) -> HashMap<String, usize> {
    let (mut times, mut query) = (HashMap::new(), Query::new().limit(200));
    loop {
        let page = session.people().list(&query).unwrap();
        for person in page.records {
            *times.entry(person.family_name.unwrap()).or_default() += 1;
        }
        match page.next {
            Some(next) => query = query.after(next),
            None => return times,
        }
    }
}

#[test]
fn a_replica_takes_over_and_nothing_is_lost_or_doubled() {
    let enough: usize =
        std::env::var("CRM_FAILOVER_WRITES").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    let cluster = Cluster::start();
    let crm = open(&cluster.url());
    let (outcomes, stop, inside) = (Outcomes::default(), AtomicBool::new(false), AtomicUsize::new(0));
    let (outcomes, stop, inside) = (&outcomes, &stop, &inside);
    let (before, down, after) = std::thread::scope(|scope| {
        /// Lets the others end when a thread panics, or when all is done.
        struct Ending<'s>(&'s AtomicBool, &'s AtomicUsize);
        impl Drop for Ending<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Release);
                self.1.fetch_sub(1, Ordering::AcqRel);
            }
        }
        let spawn = |work: Box<dyn FnOnce(&Session) + Send>| {
            inside.fetch_add(1, Ordering::AcqRel);
            let session = session(&crm);
            scope.spawn(move || {
                let _ending = Ending(stop, inside);
                work(&session);
            });
        };
        for writer in 0..WRITERS {
            let run = if writer % 2 == 0 { write_with_keys } else { write_once };
            spawn(Box::new(move |session| run(session, writer, outcomes, stop)));
        }
        for _ in 0..READERS {
            spawn(Box::new(move |session| read(session, outcomes, stop)));
        }
        inside.fetch_add(1, Ordering::AcqRel);
        let _ending = Ending(stop, inside);
        let goes_on = |what: &str, wanted: usize| {
            until(what, || stop.load(Ordering::Acquire) || outcomes.count() >= wanted);
            assert!(!stop.load(Ordering::Acquire), "a thread has failed");
        };
        goes_on("writes are acknowledged", enough);
        let before = outcomes.count();
        let down = Instant::now();
        cluster.kill_primary();
        outcomes.killed.store(true, Ordering::Release);
        // Nobody knows at once that a server is gone.
        sleep(OUTAGE);
        cluster.promote_replica();
        goes_on("writes are acknowledged by the replica", before + enough);
        (before, down, outcomes.count())
    });
    let recovered = outcomes.recovered.lock().unwrap().unwrap().duration_since(down);

    // The handle that was there all the time, and a new one, see the same.
    let acknowledged = outcomes.acknowledged.lock().unwrap();
    let unknown = outcomes.unknown.lock().unwrap();
    assert!(after >= before + enough);
    let mut found_later = 0;
    for handle in [crm.clone(), open(&cluster.url())] {
        let session = session(&handle);
        let times = names(&session);
        let lost: Vec<&String> = acknowledged.keys().filter(|name| !times.contains_key(*name)).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        let doubled: Vec<_> = times.iter().filter(|(_, times)| **times != 1).collect();
        assert!(doubled.is_empty(), "there more than once: {doubled:?}");
        let strange =
            times.keys().filter(|name| !acknowledged.contains_key(*name) && !unknown.contains(name));
        assert_eq!(strange.count(), 0, "nobody has written that");
        found_later = unknown.iter().filter(|name| times.contains_key(*name)).count();
        let verification = session.journal().verify().unwrap();
        assert!(verification.is_sound(), "{:?}", verification.findings);
        // Every write is a change of one record, so the journal has as many entries as there are people.
        assert_eq!(verification.head.size, times.len() as u64);
        assert_eq!(handle.integrity_check().unwrap(), Vec::<String>::new());
    }
    println!(
        "failover: {} writes acknowledged ({before} before the kill), lost 0, doubled 0; {} sent again, {} of them were there \
         already; {} answers lost and not asked for again, {found_later} of them carried out; {} reads; \
         refused {:?}; {} ms from the kill to the next acknowledged write",
        acknowledged.len(),
        outcomes.retried.load(Ordering::Relaxed),
        outcomes.were_there.load(Ordering::Relaxed),
        unknown.len(),
        outcomes.reads.load(Ordering::Relaxed),
        outcomes.refusals.lock().unwrap(),
        recovered.as_millis(),
    );
}
