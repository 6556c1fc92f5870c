//! No list of activities scans a table: every statement that they run is explained.

use crate::recording_support::{Recorded, plan};
use crm_core::access::users::User;
use crm_core::activity::{
    AgendaQuery, Attachment, Meeting, MeetingAttendee, Note, Reminder, ReminderQuery, Task, TimelineQuery,
};
use crm_core::contacts::{Organisation, Person};
use crm_core::record::Meta;
use crm_core::{Actor, Config, Crm, ManualClock, Purpose, Reference, SeededRandom, Session, Timestamp};

/// Runs some work twice, the second time from where the first page ended, and looks at its plans.
fn check((crm, recorded): (&Crm, &Recorded), name: &str, sorts: bool, work: impl FnOnce()) {
    recorded.take();
    work();
    let statements = recorded.take();
    assert!(!statements.is_empty(), "{name}");
    for (sql, parameters) in &statements {
        let plan = plan(crm.database(), sql, *parameters);
        // The subqueries of a list with people are scanned as they come: they are a page long.
        let scans = plan.iter().filter(|step| step.starts_with("SCAN"));
        let foreign: Vec<_> =
            scans.filter(|step| !matches!(step.as_str(), "SCAN own" | "SCAN theirs")).collect();
        assert!(foreign.is_empty(), "{name}: {sql}\n{plan:#?}");
        let sorted = plan.iter().any(|step| step.contains("USE TEMP B-TREE FOR ORDER BY"));
        assert!(sorts || !sorted, "{name}: {sql}\n{plan:#?}");
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
    let clock = ManualClock::at("2026-11-21T10:00:00Z".parse().unwrap());
    let config = Config::default().clock(clock).random(SeededRandom::new([6; 32]));
    let (crm, recorded) = Recorded::open(config);
    let watched = (&crm, &recorded);
    let session = crm.session(Actor::System, Purpose::CustomerCare).unwrap();
    let (ada, acme, eve) = fill(&session);
    for (subject, with_people, sorts) in [(&eve, false, false), (&acme, false, false), (&acme, true, true)] {
        check(watched, "timeline", sorts, || {
            let mut query = TimelineQuery { limit: 2, with_people, ..TimelineQuery::default() };
            for _ in 0..2 {
                query.cursor = session.timeline(subject, &query).unwrap().next;
                assert!(query.cursor.is_some());
            }
        });
    }
    check(watched, "agenda", false, || {
        let mut query = AgendaQuery { limit: 2, ..AgendaQuery::default() };
        for _ in 0..2 {
            query.cursor = session.agenda(ada.id, &query).unwrap().next;
            assert!(query.cursor.is_some());
        }
    });
    for user in [None, Some(ada.id.into())] {
        check(watched, "reminders", false, || {
            let mut query = ReminderQuery { user, limit: 2, ..ReminderQuery::default() };
            for _ in 0..2 {
                query.cursor = session.reminders().due(Timestamp::MAX, &query).unwrap().next;
                assert!(query.cursor.is_some());
            }
        });
    }
    check(watched, "busy", true, || {
        let from = session.now();
        assert_eq!(session.meetings().busy(ada.id, from, from.plus_days(2), None).unwrap().len(), 1);
    });
    let file = Attachment { about: eve, file_name: "a".into(), ..Attachment::default() };
    let file = session.attachments().add(file, &mut vec![1_u8; 100_000].as_slice()).unwrap();
    check(watched, "attachment", false, || {
        session.attachments().read_content(file.meta.id, &mut std::io::sink()).unwrap();
    });
}
