//! A process that works on a database and says what was acknowledged, so that another can end it and look.
//!
//! The process is this test program once more, with the path of the database in its environment. On standard error it
//! writes a line for each change that the engine has acknowledged; a line without its end was never acknowledged.

#[path = "../storage_support/mod.rs"]
pub(crate) mod folder;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use crm_core::contacts::{Email, Person};
use crm_core::journal::entry::Operation;
use crm_core::record::query::Query;
use crm_core::sales::{self, Deal, Stage};
use crm_core::service::Case;
use crm_core::{Actor, Config, Crm, Purpose, RecordId, Result, Session};
use serde_json::json;

/// The variable that makes this program a worker on the database that it names.
pub(crate) const DATABASE: &str = "CRM_SURVIVAL_DATABASE";
/// How many changes a worker makes; it goes on for ever without.
pub(crate) const CHANGES: &str = "CRM_SURVIVAL_CHANGES";
/// How many threads a worker has.
pub(crate) const THREADS: &str = "CRM_SURVIVAL_THREADS";

pub(crate) fn open(path: &Path) -> Crm {
    Crm::open(path, Config::default()).unwrap()
}

pub(crate) fn session(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap()
}

/// Makes the database that workers work on: it has a pipeline, without which there are no deals.
pub(crate) fn prepare(path: &Path) {
    let crm = open(path);
    let (pipeline, stages) = sales::template("New business");
    session(&crm).pipelines().create_with_stages(pipeline, stages).unwrap();
    crm.close().unwrap();
}

/// Starts a worker. `before` is the shell's word before the program, such as a limit.
pub(crate) fn start(path: &Path, before: &str, threads: usize, changes: Option<usize>) -> Child {
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("{before} exec \"$0\" --exact a_worker --nocapture --test-threads 1"))
        .arg(program)
        .env(DATABASE, path)
        .env(THREADS, threads.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    if let Some(changes) = changes {
        command.env(CHANGES, changes.to_string());
    }
    command.spawn().unwrap()
}

/// What workers were told: the version of each record, 0 for a deleted one; and the codes of failures.
#[derive(Debug, Default)]
pub(crate) struct Acknowledged {
    pub(crate) versions: BTreeMap<(String, RecordId), i64>,
    pub(crate) failures: Vec<String>,
    pub(crate) changes: usize,
}

impl Acknowledged {
    /// Takes one line of a worker.
    pub(crate) fn take(&mut self, line: &str) {
        let mut words = line.split(' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("done"), Some(record_type), Some(id), Some(version)) => {
                self.changes += 1;
                let version: i64 = version.parse().unwrap();
                let known = self.versions.entry((record_type.to_owned(), id.parse().unwrap())).or_default();
                *known = if version == 0 { 0 } else { version.max(*known) };
            }
            (Some("failed"), Some(code), at, _) => {
                self.failures.push(format!("{code} at {}", at.unwrap_or_default()))
            }
            // A panic of the worker, or what the test program says.
            _ => assert!(!line.contains("panicked"), "a worker panicked: {line}"),
        }
    }

    /// Reads the lines of a worker until `enough` of them, or its end; the lines after that with [`rest`](Self::rest).
    pub(crate) fn read(&mut self, lines: &mut BufReader<impl std::io::Read>, enough: usize) {
        let mut line = String::new();
        let begun = self.changes;
        while self.changes - begun < enough && lines.read_line(&mut line).unwrap() > 0 {
            if let Some(whole) = line.strip_suffix('\n') {
                self.take(whole);
            }
            line.clear();
        }
    }

    /// Reads what is left of the lines of a worker that has ended.
    pub(crate) fn rest(&mut self, lines: &mut BufReader<impl std::io::Read>) {
        self.read(lines, usize::MAX);
    }

    /// Checks that everything that was acknowledged is there, and that the file, the index and the journal are sound.
    pub(crate) fn check(&self, crm: &Crm, what: &str) {
        let session = session(crm);
        for ((record_type, id), version) in &self.versions {
            let found = session.records(record_type).find(*id).unwrap();
            let Some(found) = found.map(|record| record["version"].as_i64().unwrap()) else {
                // The deletion may have been committed when the worker could not say so any more.
                let newest = session.records(record_type).history(*id, None, 1).unwrap().remove(0);
                assert_eq!(newest.operation, Operation::Delete, "{what}: a {record_type} is lost");
                assert!(newest.version > *version, "{what}: a {record_type} is older than acknowledged");
                continue;
            };
            assert_ne!(*version, 0, "{what}: an acknowledged deletion of a {record_type} is lost");
            assert!(found >= *version, "{what}: an acknowledged change of a {record_type} is lost");
        }
        assert_eq!(crm.integrity_check().unwrap(), Vec::<String>::new(), "{what}");
        let verified = session.journal().verify().unwrap();
        assert!(verified.is_sound(), "{what}: {:?}", verified.findings);
        let records = session.journal().verify_records(&mut |_| ControlFlow::Continue(())).unwrap();
        assert!(records.is_sound(), "{what}: {:?}", records.findings);
    }
}

/// Works on the database of the environment until it is ended, or has made its changes.
pub(crate) fn work(path: &Path) {
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    // What cannot even be opened is said like any other failure.
    let crm = match Crm::open(path, Config::default()) {
        Ok(crm) => crm,
        Err(error) => return say(&format!("failed {} -\n", error.code())),
    };
    let left = Mutex::new(number(CHANGES).unwrap_or(usize::MAX));
    std::thread::scope(|scope| {
        for thread in 0..number(THREADS).unwrap_or(1) {
            let (crm, left) = (&crm, &left);
            scope.spawn(move || {
                let session = session(crm);
                for round in 0.. {
                    {
                        let mut left = left.lock().unwrap();
                        if *left == 0 {
                            return;
                        }
                        *left -= 1;
                    }
                    if let Err(error) = round_of(&session, thread, round) {
                        say(&format!("failed {} {}\n", error.code(), error.path().unwrap_or("-")));
                    }
                }
            });
        }
    });
    let _ = crm.close();
}

/// One round of work, each change in a transaction of its own.
fn round_of(session: &Session, thread: usize, round: usize) -> Result<()> {
    let name = format!("Thread{thread}Round{round}");
    let person = session.people().create(Person {
        family_name: Some(name.clone()),
        emails: vec![Email::work(format!("{name}@example.com"))],
        ..Person::default()
    })?;
    done("person", person.meta.id, 1);
    let renamed = session.people().patch(person.meta.id, &json!({ "given_name": "Ada" }))?;
    done("person", person.meta.id, renamed.meta.version);
    let stages = open_stages(session)?;
    let deal = session.deals().create(new_deal(&name, &stages[0]))?;
    done("deal", deal.meta.id, 1);
    let moved = session.deals().move_to(deal.meta.id, stages[1].meta.id)?;
    done("deal", deal.meta.id, moved.meta.version);
    let case = session.cases().create(Case { subject: name, ..Case::default() })?;
    done("case", case.meta.id, 1);
    if round.is_multiple_of(3) {
        session.people().delete(person.meta.id)?;
        done("person", person.meta.id, 0);
    }
    Ok(())
}

/// The open stages of the pipeline, in their order.
pub(crate) fn open_stages(session: &Session) -> Result<Vec<Stage>> {
    let open = Query::new().filter(r#"stage_type = "open""#.parse()?).ascending("position");
    Ok(session.stages().list(&open)?.records)
}

pub(crate) fn new_deal(name: &str, stage: &Stage) -> Deal {
    Deal { name: name.to_owned(), stage: stage.meta.id.into(), ..Deal::default() }
}

fn done(record_type: &str, id: RecordId, version: i64) {
    say(&format!("done {record_type} {id} {version}\n"));
}

/// One write, so that lines of several threads are not mixed.
fn say(line: &str) {
    // Whoever listens may have gone.
    let _ = std::io::stderr().write_all(line.as_bytes());
}
