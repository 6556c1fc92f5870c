//! What the tests of service share.
#![allow(unreachable_pub, dead_code, reason = "each test takes what it needs")]

use crate::engine_support;
use std::collections::BTreeMap;
use std::sync::Arc;

use crm_core::contacts::{Person, PersonId};
use crm_core::record::filter::field;
use crm_core::record::query::Query;
use crm_core::record::{Record, Records};
use crm_core::service::{Case, CaseStatusId, StatusType};
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, SeededRandom, Session};

/// A clock that the test and the database share.
pub type SharedClock = Arc<ManualClock>;

/// An empty database, and the clock that it goes by.
pub fn open() -> (Crm, Session, SharedClock) {
    let clock = Arc::new(ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap()));
    let config = Config::default().clock(Arc::clone(&clock)).random(SeededRandom::new([7; 32]));
    let crm = engine_support::open(config);
    let session = crm.session(Actor::System, Purpose::CustomerCare).unwrap();
    (crm, session, clock)
}

pub fn new_case(subject: &str) -> Case {
    Case { subject: subject.into(), ..Case::default() }
}

pub fn case(session: &Session, subject: &str) -> Case {
    session.cases().create(new_case(subject)).unwrap()
}

pub fn person(session: &Session, name: &str) -> PersonId {
    let person = Person { family_name: Some(name.into()), ..Person::default() };
    session.people().create(person).unwrap().meta.id.into()
}

/// The default status of a type.
pub fn status_of(session: &Session, of: StatusType) -> CaseStatusId {
    let filter = field("status_type").equals(of.key()).and(field("is_default").equals(true));
    let page = session.case_statuses().list(&Query::new().filter(filter)).unwrap();
    assert_eq!(page.records.len(), 1, "one default for each type");
    page.records[0].meta.id.into()
}

fn all<R: Record + std::fmt::Debug>(records: &Records<'_, R>, out: &mut BTreeMap<String, String>) {
    let mut query = Query::new().limit(1_000);
    loop {
        let page = records.list(&query).unwrap();
        for mut record in page.records {
            // An undo is a change, too: it counts, and it has its own time.
            let meta = record.meta_mut();
            meta.version = 0;
            meta.updated_at = meta.created_at;
            let key = format!("{} {}", R::NAME, meta.id);
            out.insert(key, format!("{record:?}"));
        }
        match page.next {
            Some(next) => query = query.after(next),
            None => return,
        }
    }
}

/// Everything that the database holds of service, but for versions and times of change.
pub fn export(session: &Session) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    all(&session.queues(), &mut out);
    all(&session.case_statuses(), &mut out);
    all(&session.case_categories(), &mut out);
    all(&session.cases(), &mut out);
    all(&session.case_messages(), &mut out);
    all(&session.case_participants(), &mut out);
    all(&session.case_links(), &mut out);
    all(&session.people(), &mut out);
    out
}
