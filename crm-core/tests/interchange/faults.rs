//! A failing database in the middle of an import changes nothing.
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use crm_core::contacts::Person;
use crm_core::interchange::{ImportOptions, JobState, Mapping, Progress, Transactions};
use crm_core::record::query::Query;
use crm_core::storage::fault::{Fault, FaultPoint, FaultyDatabase};
use crm_core::storage::sqlite::{Options, SqliteDatabase};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, SeededRandom, Session};

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
    let crm = Crm::on(Box::new(Arc::clone(&database)), config).unwrap();
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

#[test]
fn what_a_crash_has_broken_off_is_undone() {
    let clock = Arc::new(ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap()));
    let crm =
        Crm::memory(Config::default().clock(Arc::clone(&clock)).random(SeededRandom::new([1; 32]))).unwrap();
    let session = crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap();
    let mapping: Mapping = Mapping::from_json(
        r#"{"record_type": "person", "mode": "upsert", "key": ["Id"], "columns": [{"column": "Name", "field": "family_name"}]}"#,
    )
    .unwrap();
    let done =
        session.imports().csv(&b"Id,Name\n1,Old\n"[..], &mapping, ImportOptions::default()).unwrap().job;
    let names = || -> Vec<String> {
        let people: Vec<Person> = session.people().list(&Query::new()).unwrap().records;
        people.into_iter().filter_map(|person| person.family_name).collect()
    };
    let before = names();
    let file = "Id,Name\n1,New\n2,B\n3,C\n4,D\n5,E\n6,F\n";
    for crash_after in 1..=3 {
        clock.set(format!("2026-11-21T1{crash_after}:00:00Z").parse().unwrap());
        let mut batches = 0;
        // The process goes down between two batches: nothing of this import runs any more.
        let mut progress = |_: &Progress| {
            batches += 1;
            assert!(batches < crash_after, "crash");
            ControlFlow::Continue(())
        };
        let options =
            ImportOptions { batch: 2, transactions: Transactions::Batches, ..ImportOptions::default() };
        let options = options.progress(&mut progress);
        let crashed = std::panic::catch_unwind(AssertUnwindSafe(|| {
            session.imports().csv(file.as_bytes(), &mapping, options).map(|report| report.job)
        }));
        assert!(crashed.is_err());
        assert_eq!(names().len(), crash_after * 2, "half of it is there");
        let broken_off = session.imports().list(None, 1).unwrap().remove(0);
        assert_eq!(broken_off.state, JobState::Running);
        assert_eq!(session.imports().recover().unwrap(), [broken_off.id]);
        assert_eq!(names(), before, "{crash_after}");
        assert_eq!(session.imports().list(None, 1).unwrap()[0].state, JobState::Undone);
        assert_eq!(session.imports().recover().unwrap(), [], "once");
    }
    // What was complete stays, and the file can be imported now.
    let jobs = session.imports().list(None, 10).unwrap();
    assert_eq!((jobs[3].id, jobs[3].state), (done, JobState::Done));
    let report = session.imports().csv(file.as_bytes(), &mapping, ImportOptions::default()).unwrap();
    assert_eq!((report.total.created, report.total.updated), (5, 1));
    assert!(session.journal().verify().unwrap().is_sound());
}
