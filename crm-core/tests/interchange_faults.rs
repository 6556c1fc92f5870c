//! A failing database in the middle of an import changes nothing.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall fail")]

use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use crm_core::interchange::{ImportOptions, Mapping};
use crm_core::storage::fault::{Fault, FaultPoint, FaultyDatabase};
use crm_core::storage::sqlite::{Options, SqliteDatabase};
use crm_core::storage::{Connection, Database, Dialect, ReadMode};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, Result, SeededRandom, Session};

/// Lets the test keep a hand on the database that the engine owns.
struct Shared(Arc<FaultyDatabase>);

impl Database for Shared {
    fn dialect(&self) -> Dialect {
        self.0.dialect()
    }
    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.0.read(mode, work)
    }
    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.0.write(work)
    }
    fn interrupt(&self) {
        self.0.interrupt();
    }
    fn backup(&self, target: &Path) -> Result<()> {
        self.0.backup(target)
    }
    fn export(&self) -> Result<Vec<u8>> {
        self.0.export()
    }
    fn integrity_check(&self) -> Result<Vec<String>> {
        self.0.integrity_check()
    }
    fn settings(&self) -> Result<Vec<(String, String)>> {
        self.0.settings()
    }
    fn checkpoint(&self) -> Result<bool> {
        self.0.checkpoint()
    }
    fn close(&self) -> Result<()> {
        self.0.close()
    }
}

fn state(session: &Session) -> Vec<u8> {
    let mut out = Vec::new();
    session.exports().jsonl(&mut out, &mut |_| ControlFlow::Continue(())).unwrap();
    out
}

#[test]
fn a_failing_statement_anywhere_leaves_the_database_as_it_was() {
    let database =
        Arc::new(FaultyDatabase::new(Box::new(SqliteDatabase::memory(Options::default()).unwrap())));
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let config = Config::default().clock(clock).random(SeededRandom::new([1; 32]));
    let crm = Crm::on(Box::new(Shared(Arc::clone(&database))), config).unwrap();
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    let mapping =
        Mapping::new("person").key("Id").column("Name", "family_name").column("Mail", "emails[0].address");
    let file = "Id,Name,Mail\n1,A,a@example.com\n2,B,nobody\n3,C,\n1,D,\n";
    let before = state(&session);
    let mut steps = 0;
    for (point, fault) in [(FaultPoint::WriteStatement, Fault::Full), (FaultPoint::Commit, Fault::Io)] {
        for step in 1.. {
            database.fail_at(point, step, fault);
            let outcome = session.imports().csv(file.as_bytes(), &mapping, ImportOptions::default());
            if !database.has_failed() {
                let report = outcome.unwrap();
                assert_eq!((report.total.created, report.total.rejected), (2, 2));
                database.reset();
                session.imports().undo(report.job).unwrap();
                break;
            }
            database.reset();
            assert!(outcome.is_err());
            assert_eq!(state(&session), before, "{point:?} {step}");
            steps += 1;
        }
    }
    assert!(steps > 20, "{steps}");
    assert!(session.journal().verify().unwrap().is_sound());
}
