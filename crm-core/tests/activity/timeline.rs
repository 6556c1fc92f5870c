//! The timeline: one list of activities and changes, the newest first, whatever happens between two pages.

use std::sync::Arc;

use crm_core::access::AccessPolicy;
use crm_core::access::users::User;
use crm_core::activity::timeline::CHANGE;
use crm_core::activity::{
    Attachment, Call, Meeting, MeetingAttendee, Note, Task, TimelineItem, TimelineQuery,
};
use crm_core::contacts::{Organisation, Person};
use crm_core::record::RecordType;
use crm_core::record::filter::{Filter, field};
use crm_core::session::Viewer;
use crm_core::storage::Param;
use crm_core::{
    Actor, Clock, Config, Crm, ManualClock, Purpose, RecordId, Reference, SeededRandom, Session, Timestamp,
};
use proptest::prelude::*;
use serde_json::json;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

struct World {
    clock: Arc<ManualClock>,
    crm: Crm,
    session: Session,
    eve: Reference,
    acme: Reference,
}

fn world_with(config: Config) -> World {
    let clock = Arc::new(ManualClock::at(at("2026-11-21T10:00:00Z")));
    let crm =
        crate::engine_support::open(config.clock(Arc::clone(&clock)).random(SeededRandom::new([4; 32])));
    let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    let acme = session
        .organisations()
        .create(Organisation { name: "Acme".into(), ..Organisation::default() })
        .unwrap();
    let eve = Person {
        given_name: Some("Eve".into()),
        family_name: Some("Moneypenny".into()),
        organisation: Some(acme.meta.id.into()),
        ..Person::default()
    };
    let eve = session.people().create(eve).unwrap();
    World {
        eve: Reference::new("person", eve.meta.id),
        acme: Reference::new("organisation", acme.meta.id),
        clock,
        crm,
        session,
    }
}

fn world() -> World {
    world_with(Config::default())
}

impl World {
    fn tick(&self) {
        self.clock.advance_micros(60_000_000);
    }

    fn note(&self, about: &Reference, body: &str) -> Note {
        let note = Note { about: about.clone(), body: body.into(), ..Note::default() };
        self.session.notes().create(note).unwrap()
    }

    fn meeting(&self, subject: &str, about: Option<&Reference>) -> Meeting {
        let starts_at = self.clock.now();
        let meeting = Meeting {
            subject: subject.into(),
            about: about.cloned(),
            starts_at,
            ends_at: starts_at.plus_seconds(1800),
            ..Meeting::default()
        };
        self.session.meetings().create(meeting).unwrap()
    }

    fn attend(&self, meeting: &Meeting, attendee: &Reference) {
        let attendee = MeetingAttendee {
            meeting: meeting.meta.id.into(),
            attendee: attendee.clone(),
            ..MeetingAttendee::default()
        };
        self.session.meeting_attendees().create(attendee).unwrap();
    }

    fn titles(&self, subject: &Reference, query: TimelineQuery) -> Vec<String> {
        all(&self.session, subject, query).into_iter().map(|item| item.title).collect()
    }
}

fn all(session: &Session, subject: &Reference, query: TimelineQuery) -> Vec<TimelineItem> {
    let mut query = TimelineQuery { limit: 2, ..query };
    let mut found = Vec::new();
    loop {
        let page = session.timeline(subject, &query).unwrap();
        assert!(page.records.len() <= 2);
        assert!(page.next.is_none() || page.records.len() == 2, "only the last page is short");
        found.extend(page.records);
        match page.next {
            None => return found,
            next => query.cursor = next,
        }
    }
}

fn of_kinds(kinds: &[&str]) -> TimelineQuery {
    TimelineQuery { kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(), ..TimelineQuery::default() }
}

#[test]
fn activities_and_changes_are_one_list() {
    let world = world();
    let session = &world.session;
    world.tick();
    world.note(&world.eve, "Likes\n  tea");
    world.tick();
    session.people().patch(world.eve.id, &json!({"job_title": "Secretary"})).unwrap();
    world.tick();
    let attended = world.meeting("Board", None);
    world.attend(&attended, &world.eve);
    world.tick();
    // A meeting about somebody who attends it stands there once.
    let double = world.meeting("Interview", Some(&world.eve));
    world.attend(&double, &world.eve);
    world.tick();
    let file = Attachment { about: world.eve.clone(), file_name: "cv.pdf".into(), ..Attachment::default() };
    session.attachments().add(file, &mut "x".as_bytes()).unwrap();
    let task = Task {
        subject: "Call back".into(),
        about: Some(world.eve.clone()),
        due_at: Some(at("2026-11-30T10:00:00Z")),
        ..Task::default()
    };
    let task = session.tasks().create(task).unwrap();
    world.tick();
    let call = Call { subject: "Hello".into(), person: Some(world.eve.id.into()), ..Call::default() };
    session.calls().create(call).unwrap();

    let items = all(session, &world.eve, TimelineQuery::default());
    let seen: Vec<(&str, &str)> =
        items.iter().map(|item| (item.kind.as_str(), item.title.as_str())).collect();
    assert_eq!(
        seen,
        [
            ("task", "Call back"),
            ("call", "Hello"),
            ("attachment", "cv.pdf"),
            ("meeting", "Interview"),
            ("meeting", "Board"),
            (CHANGE, "Job title changed"),
            ("note", "Note"),
            (CHANGE, "Person created"),
        ]
    );
    assert_eq!(items[4].record, Reference::new("meeting", attended.meta.id));
    assert_eq!(items[6].text.as_deref(), Some("Likes tea"));
    assert_eq!(items[5].text.as_deref(), Some("Job title: – → Secretary"));
    for (kinds, expected) in [
        (vec!["meeting"], vec!["Interview", "Board"]),
        (vec!["note", "call"], vec!["Hello", "Note"]),
        (vec![CHANGE], vec!["Job title changed", "Person created"]),
        (vec!["organisation"], vec![]),
    ] {
        assert_eq!(world.titles(&world.eve, of_kinds(&kinds)), expected, "{kinds:?}");
    }
    // What is done moves to where it was done; what is deleted goes, and comes back with a restore.
    world.tick();
    session.tasks().complete(task.meta.id).unwrap();
    assert_eq!(world.titles(&world.eve, of_kinds(&["task", "call"])), ["Call back", "Hello"]);
    session.meetings().delete(attended.meta.id).unwrap();
    assert_eq!(world.titles(&world.eve, of_kinds(&["meeting"])), ["Interview"]);
    session.meetings().restore(attended.meta.id).unwrap();
    assert_eq!(world.titles(&world.eve, of_kinds(&["meeting"])), ["Interview", "Board"]);
    // The timeline of a task shows its own changes, in words.
    let items = all(session, &Reference::new("task", task.meta.id), TimelineQuery::default());
    let status = items[0].changes.iter().find(|change| change.field == "status").unwrap();
    assert_eq!(
        (status.before.label.as_deref(), status.after.label.as_deref()),
        (Some("Not started"), Some("Completed"))
    );
    assert_eq!(status.after.value, json!("completed"));
}

#[test]
fn links_have_names_and_actors_too() {
    let world = world();
    let ada = world.session.users().create(User { name: "Ada".into(), ..User::default() }).unwrap();
    let user = world.crm.session(Actor::User(ada.meta.id.into()), Purpose::CustomerCare).unwrap();
    let emca =
        user.organisations().create(Organisation { name: "Emca".into(), ..Organisation::default() }).unwrap();
    user.people().patch(world.eve.id, &json!({"organisation": emca.meta.id})).unwrap();
    let item = all(&user, &world.eve, TimelineQuery::default()).remove(0);
    assert_eq!(item.text.as_deref(), Some("Organisation: Acme → Emca"));
    assert_eq!((item.actor, item.actor_name.as_deref()), (Some(ada.meta.id), Some("Ada")));
    user.journal().undo(item.sequence.unwrap()).unwrap();
    assert_eq!(user.people().get(world.eve.id).unwrap().organisation, Some(world.acme.id.into()));
    user.people().delete(world.eve.id).unwrap();
    let error = user.timeline(&world.eve, &TimelineQuery::default()).unwrap_err();
    assert_eq!(error.code(), "record.not_found");
    user.people().restore(world.eve.id).unwrap();
    assert_eq!(all(&user, &world.eve, TimelineQuery::default())[0].title, "Person restored");
}

#[test]
fn an_organisation_shows_its_people() {
    let world = world();
    world.tick();
    world.note(&world.acme, "of the organisation");
    world.tick();
    let note = Note {
        about: world.eve.clone(),
        organisation: Some(world.acme.id.into()),
        body: "of both".into(),
        ..Note::default()
    };
    world.session.notes().create(note).unwrap();
    world.tick();
    world.note(&world.eve, "of Eve");
    world.tick();
    let bob = Person {
        given_name: Some("Bob".into()),
        organisation: Some(world.acme.id.into()),
        ..Person::default()
    };
    let bob = Reference::new("person", world.session.people().create(bob).unwrap().meta.id);
    let stranger = Person { given_name: Some("Mallory".into()), ..Person::default() };
    let stranger = Reference::new("person", world.session.people().create(stranger).unwrap().meta.id);
    world.note(&stranger, "of a stranger");
    let meeting = world.meeting("All hands", None);
    for attendee in [&world.eve, &bob, &stranger] {
        world.attend(&meeting, attendee);
    }
    let texts = |with_people: bool| -> Vec<String> {
        let query = TimelineQuery { with_people, ..of_kinds(&["note", "meeting"]) };
        all(&world.session, &world.acme, query)
            .into_iter()
            .map(|item| item.text.unwrap_or(item.title))
            .collect()
    };
    assert_eq!(texts(false), ["of both", "of the organisation"]);
    assert_eq!(texts(true), ["All hands", "of Eve", "of both", "of the organisation"]);
    let query = TimelineQuery { with_people: true, ..TimelineQuery::default() };
    assert_eq!(world.session.timeline(&world.eve, &query).unwrap_err().code(), "timeline.people");
}

/// Users see no notes that others own, and none of the people without an owner that they do not own.
struct Private;

impl AccessPolicy for Private {
    fn predicate(&self, viewer: &Viewer, record_type: &RecordType) -> Option<Filter> {
        (matches!(record_type.name(), "note" | "meeting") && !viewer.user.is_nil())
            .then(|| field("owner").equals(viewer.user))
    }
}

#[test]
fn what_a_session_may_not_see_is_left_out() {
    let world = world_with(Config::default().access(Private));
    let ada = world.session.users().create(User { name: "Ada".into(), ..User::default() }).unwrap();
    let user = world.crm.session(Actor::User(ada.meta.id.into()), Purpose::CustomerCare).unwrap();
    for number in 0..9 {
        world.tick();
        let mut note = Note { about: world.eve.clone(), body: format!("{number}"), ..Note::default() };
        note.meta.owner = (number % 4 == 0).then_some(ada.meta.id);
        world.session.notes().create(note).unwrap();
    }
    let secret = world.meeting("Secret", None);
    world.attend(&secret, &world.eve);
    let texts: Vec<Option<String>> =
        all(&user, &world.eve, of_kinds(&["note", "meeting"])).into_iter().map(|item| item.text).collect();
    assert_eq!(texts, [Some("8".to_owned()), Some("4".to_owned()), Some("0".to_owned())]);
    let error =
        user.timeline(&Reference::new("meeting", secret.meta.id), &TimelineQuery::default()).unwrap_err();
    assert_eq!(error.code(), "record.not_found");
}

#[test]
fn erased_values_are_said_to_be() {
    let world = world();
    world.session.people().patch(world.eve.id, &json!({"job_title": "Secretary"})).unwrap();
    world
        .crm
        .database()
        .write(&mut |connection| {
            connection
                .execute("DELETE FROM crm_subject_key WHERE subject = ?1", &[Param::Id(world.eve.id)])
                .map(|_| ())
        })
        .unwrap();
    // A handle without the key in memory. A server has no file to open another handle from.
    if crate::engine_support::is_server() {
        return;
    }
    let bytes = world.crm.export_bytes().unwrap();
    let file = std::env::temp_dir().join(format!("crm-activity-{}.db", std::process::id()));
    std::fs::write(&file, bytes).unwrap();
    let items = {
        let database =
            crm_core::storage::SqliteDatabase::open(&file, crm_core::storage::sqlite::Options::default())
                .unwrap();
        let crm = Crm::on(Box::new(database), Config::default()).unwrap();
        let session = crm.session(Actor::System, Purpose::LegalCompliance).unwrap();
        let items = all(&session, &world.eve, TimelineQuery::default());
        crm.close().unwrap();
        items
    };
    std::fs::remove_file(&file).unwrap();
    assert!(items[0].erased && items[0].changes.is_empty());
    assert_eq!(items[0].text.as_deref(), Some("values erased"));
}

#[test]
fn bad_queries_are_refused() {
    let world = world();
    let error =
        |subject: &Reference, query: TimelineQuery| world.session.timeline(subject, &query).unwrap_err();
    let nobody = Reference::new("person", RecordId::from_bytes([1; 16]));
    world.note(&world.eve, "x");
    let next = world
        .session
        .timeline(&world.eve, &TimelineQuery { limit: 1, ..TimelineQuery::default() })
        .unwrap()
        .next;
    assert!(next.is_some());
    let invalid = Some(crm_core::record::query::Cursor::new("???"));
    for (error, code) in [
        (error(&nobody, TimelineQuery::default()), "record.not_found"),
        (error(&Reference::new("nothing", world.eve.id), TimelineQuery::default()), "type.unknown"),
        (error(&world.eve, of_kinds(&["nothing"])), "type.unknown"),
        (error(&world.eve, TimelineQuery { limit: 0, ..TimelineQuery::default() }), "query.limit"),
        (error(&world.eve, TimelineQuery { limit: 1001, ..TimelineQuery::default() }), "query.limit"),
        (error(&world.eve, TimelineQuery { cursor: invalid, ..TimelineQuery::default() }), "cursor.invalid"),
        (
            error(&world.acme, TimelineQuery { cursor: next, ..TimelineQuery::default() }),
            "cursor.other_query",
        ),
    ] {
        assert_eq!(error.code(), code);
    }
}

/// Something that happens between two pages.
#[derive(Clone, Debug)]
enum Step {
    Note { minutes: i64 },
    Change,
    Delete { which: usize },
    Tick,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (-5_i64..5).prop_map(|minutes| Step::Note { minutes }),
        3 => Just(Step::Change),
        1 => (0_usize..50).prop_map(|which| Step::Delete { which }),
        2 => Just(Step::Tick),
    ]
}

struct Play {
    world: World,
    notes: Vec<RecordId>,
    changes: u32,
}

impl Play {
    /// Does a step; gives the note that was deleted.
    fn step(&mut self, step: &Step) -> Option<RecordId> {
        let session = &self.world.session;
        match step {
            Step::Note { minutes } => {
                let note = Note {
                    about: self.world.eve.clone(),
                    body: "x".into(),
                    written_at: Some(self.world.clock.now().plus_seconds(minutes * 60)),
                    ..Note::default()
                };
                self.notes.push(session.notes().create(note).unwrap().meta.id);
            }
            Step::Change => {
                self.changes += 1;
                let patch = json!({"job_title": self.changes.to_string()});
                session.people().patch(self.world.eve.id, &patch).unwrap();
            }
            Step::Delete { which } => {
                if !self.notes.is_empty() {
                    let id = self.notes.remove(which % self.notes.len());
                    session.notes().delete(id).unwrap();
                    return Some(id);
                }
            }
            Step::Tick => self.world.tick(),
        }
        None
    }
}

/// What an item is, in a form that can be compared.
fn identity(item: &TimelineItem) -> (Timestamp, RecordId, Option<u64>) {
    (item.at, item.record.id, item.sequence)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Paging gives each item that was there all the time once, in order, and nothing twice.
    #[test]
    fn paging_survives_what_happens_meanwhile(
        before in prop::collection::vec(step(), 0..25),
        between in prop::collection::vec(prop::collection::vec(step(), 0..4), 0..12),
        limit in 1_u32..5,
    ) {
        let mut play = Play { world: world(), notes: Vec::new(), changes: 0 };
        for step in &before {
            play.step(step);
        }
        let session = play.world.session.clone();
        let whole = TimelineQuery { limit: 1000, ..TimelineQuery::default() };
        let start = session.timeline(&play.world.eve, &whole).unwrap().records;
        prop_assert!(start.windows(2).all(|pair| pair[0].at >= pair[1].at));
        let mut query = TimelineQuery { limit, ..TimelineQuery::default() };
        let (mut found, mut deleted) = (Vec::new(), Vec::new());
        let mut steps = between.iter();
        loop {
            let page = session.timeline(&play.world.eve, &query).unwrap();
            found.extend(page.records);
            for step in steps.next().into_iter().flatten() {
                deleted.extend(play.step(step));
            }
            match page.next {
                None => break,
                next => query.cursor = next,
            }
        }
        prop_assert!(found.windows(2).all(|pair| pair[0].at >= pair[1].at), "in order");
        let mut identities: Vec<_> = found.iter().map(identity).collect();
        let stayed: Vec<_> =
            start.iter().filter(|item| !deleted.contains(&item.record.id)).map(identity).collect();
        let of_start: Vec<_> = identities.iter().copied().filter(|known| stayed.contains(known)).collect();
        prop_assert_eq!(of_start, stayed, "each that stayed, once, in its order");
        let count = identities.len();
        identities.sort_unstable();
        identities.dedup();
        prop_assert_eq!(identities.len(), count, "nothing twice");
    }
}
