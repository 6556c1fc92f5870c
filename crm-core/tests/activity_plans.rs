//! No list of activities scans a table: every statement that they run is explained.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;
use std::sync::{Arc, Mutex};

use crm_core::access::users::User;
use crm_core::activity::{
    AgendaQuery, Attachment, Meeting, MeetingAttendee, Note, Reminder, ReminderQuery, Task, TimelineQuery,
};
use crm_core::contacts::{Organisation, Person};
use crm_core::record::Meta;
use crm_core::storage::sqlite::Options;
use crm_core::storage::{Connection, Database, Dialect, Param, ReadMode, RowVisitor, SqliteDatabase};
use crm_core::{
    Actor, Config, Crm, ManualClock, Purpose, Reference, Result, SeededRandom, Session, Timestamp,
};

/// The statements that were read with, each with its plan.
type Plans = Arc<Mutex<Vec<(String, String)>>>;

/// A database that notes the plan of every query inside a read.
struct Watched {
    inner: SqliteDatabase,
    plans: Plans,
}

struct WatchedConnection<'a> {
    inner: &'a dyn Connection,
    plans: &'a Plans,
}

impl Database for Watched {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }
    fn read(&self, mode: ReadMode, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.inner.read(mode, &mut |inner| work(&WatchedConnection { inner, plans: &self.plans }))
    }
    fn write(&self, work: &mut dyn FnMut(&dyn Connection) -> Result<()>) -> Result<()> {
        self.inner.write(work)
    }
    fn interrupt(&self) {
        self.inner.interrupt();
    }
    fn backup(&self, target: &Path) -> Result<()> {
        self.inner.backup(target)
    }
    fn export(&self) -> Result<Vec<u8>> {
        self.inner.export()
    }
    fn integrity_check(&self) -> Result<Vec<String>> {
        self.inner.integrity_check()
    }
    fn settings(&self) -> Result<Vec<(String, String)>> {
        self.inner.settings()
    }
    fn checkpoint(&self) -> Result<bool> {
        self.inner.checkpoint()
    }
    fn close(&self) -> Result<()> {
        self.inner.close()
    }
}

impl Connection for WatchedConnection<'_> {
    fn dialect(&self) -> Dialect {
        self.inner.dialect()
    }
    fn execute(&self, sql: &str, parameters: &[Param<'_>]) -> Result<usize> {
        self.inner.execute(sql, parameters)
    }
    fn insert(&self, sql: &str, parameters: &[Param<'_>]) -> Result<i64> {
        self.inner.insert(sql, parameters)
    }
    fn query(&self, sql: &str, parameters: &[Param<'_>], each: &mut RowVisitor<'_>) -> Result<()> {
        let plan = self.inner.explain(sql, parameters)?.join("\n");
        self.plans.lock().unwrap().push((sql.to_owned(), plan));
        self.inner.query(sql, parameters, each)
    }
    fn execute_batch(&self, sql: &str) -> Result<()> {
        self.inner.execute_batch(sql)
    }
    fn explain(&self, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<String>> {
        self.inner.explain(sql, parameters)
    }
    fn format_version(&self) -> Result<u32> {
        self.inner.format_version()
    }
    fn set_format_version(&self, version: u32) -> Result<()> {
        self.inner.set_format_version(version)
    }
}

/// Runs some work twice, the second time from where the first page ended, and looks at its plans.
fn check(plans: &Plans, name: &str, sorts: bool, work: impl FnOnce()) {
    plans.lock().unwrap().clear();
    work();
    let plans = plans.lock().unwrap();
    assert!(!plans.is_empty(), "{name}");
    for (sql, plan) in plans.iter() {
        // The subqueries of a list with people are scanned as they come: they are a page long.
        let scans = plan.lines().filter(|line| line.starts_with("SCAN"));
        let foreign: Vec<&str> = scans.filter(|line| !matches!(*line, "SCAN own" | "SCAN theirs")).collect();
        assert!(foreign.is_empty(), "{name}: {sql}\n{plan}");
        assert!(sorts || !plan.contains("USE TEMP B-TREE FOR ORDER BY"), "{name}: {sql}\n{plan}");
    }
}

fn fill(session: &Session) -> (Reference, Reference, Reference) {
    let now: Timestamp = session.now();
    let ada = session.users().create(User { name: "Ada".into(), ..User::default() }).unwrap();
    let acme = Organisation { name: "Acme".into(), ..Organisation::default() };
    let acme = Reference::new("organisation", session.organisations().create(acme).unwrap().meta.id);
    let eve =
        Person { given_name: Some("Eve".into()), organisation: Some(acme.id.into()), ..Person::default() };
    let eve = Reference::new("person", session.people().create(eve).unwrap().meta.id);
    let owned = || Meta { owner: Some(ada.meta.id), ..Meta::default() };
    for number in 0..5 {
        let at = now.plus_days(number);
        let task = Task {
            meta: owned(),
            subject: "t".into(),
            due_at: Some(at),
            about: Some(eve.clone()),
            ..Task::default()
        };
        let task = session.tasks().create(task).unwrap();
        let meeting =
            Meeting { meta: owned(), subject: "m".into(), starts_at: at, ends_at: at, ..Meeting::default() };
        let meeting = session.meetings().create(meeting).unwrap();
        for attendee in [Reference::new("user", ada.meta.id), eve.clone()] {
            let meeting = meeting.meta.id.into();
            let attendee = MeetingAttendee { meeting, attendee, ..MeetingAttendee::default() };
            session.meeting_attendees().create(attendee).unwrap();
        }
        let about = Reference::new("task", task.meta.id);
        let reminder =
            Reminder { about, user: ada.meta.id.into(), seconds_before: Some(60), ..Reminder::default() };
        session.reminders().create(reminder).unwrap();
        session.notes().create(Note { about: acme.clone(), body: "n".into(), ..Note::default() }).unwrap();
    }
    (Reference::new("user", ada.meta.id), acme, eve)
}

#[test]
fn no_list_scans_a_table() {
    let plans = Plans::default();
    let inner = SqliteDatabase::memory(Options::default()).unwrap();
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let config = Config::default().clock(clock).random(SeededRandom::new([6; 32]));
    let crm = Crm::on(Box::new(Watched { inner, plans: Arc::clone(&plans) }), config).unwrap();
    let session = crm.session(Actor::System, Purpose::CustomerCare).unwrap();
    let (ada, acme, eve) = fill(&session);
    for (subject, with_people, sorts) in [(&eve, false, false), (&acme, false, false), (&acme, true, true)] {
        check(&plans, "timeline", sorts, || {
            let mut query = TimelineQuery { limit: 2, with_people, ..TimelineQuery::default() };
            for _ in 0..2 {
                query.cursor = session.timeline(subject, &query).unwrap().next;
                assert!(query.cursor.is_some());
            }
        });
    }
    check(&plans, "agenda", false, || {
        let mut query = AgendaQuery { limit: 2, ..AgendaQuery::default() };
        for _ in 0..2 {
            query.cursor = session.agenda(ada.id, &query).unwrap().next;
            assert!(query.cursor.is_some());
        }
    });
    for user in [None, Some(ada.id.into())] {
        check(&plans, "reminders", false, || {
            let mut query = ReminderQuery { user, limit: 2, ..ReminderQuery::default() };
            for _ in 0..2 {
                query.cursor = session.reminders().due(Timestamp::MAX, &query).unwrap().next;
                assert!(query.cursor.is_some());
            }
        });
    }
    check(&plans, "busy", true, || {
        let from = session.now();
        assert_eq!(session.meetings().busy(ada.id, from, from.plus_days(2), None).unwrap().len(), 1);
    });
    let file = Attachment { about: eve, file_name: "a".into(), ..Attachment::default() };
    let file = session.attachments().add(file, &mut vec![1_u8; 100_000].as_slice()).unwrap();
    check(&plans, "attachment", false, || {
        session.attachments().read_content(file.meta.id, &mut std::io::sink()).unwrap();
    });
}
