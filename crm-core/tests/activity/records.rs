//! Tasks, meetings, calls and reminders: what follows from their times and states.

use std::sync::Arc;

use crm_core::access::AccessPolicy;
use crm_core::access::users::{User, UserId};
use crm_core::activity::{
    AgendaBucket, AgendaQuery, AttendeeResponse, Call, Due, EventStatus, FollowUp, Meeting, MeetingAttendee,
    Note, Reminder, ReminderQuery, Task, TaskStatus,
};
use crm_core::contacts::{Organisation, Person, PersonId};
use crm_core::record::filter::{Filter, field};
use crm_core::record::{Meta, RecordType};
use crm_core::session::Viewer;
use crm_core::{
    Actor, Config, Crm, ManualClock, Purpose, RecordId, Reference, SeededRandom, Session, Timestamp,
};
use serde_json::json;

const NOW: &str = "2026-11-21T10:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

struct World {
    clock: Arc<ManualClock>,
    crm: Crm,
    session: Session,
    ada: UserId,
    bob: UserId,
    eve: PersonId,
}

fn world_with(config: Config) -> World {
    let clock = Arc::new(ManualClock::at(at(NOW)));
    let config = config.clock(Arc::clone(&clock)).random(SeededRandom::new([3; 32]));
    let crm = crate::engine_support::open(config);
    let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    let user = |name: &str, zone: Option<&str>| -> UserId {
        let user = User { name: name.into(), time_zone: zone.map(Into::into), ..User::default() };
        session.users().create(user).unwrap().meta.id.into()
    };
    let (ada, bob) = (user("Ada", Some("Asia/Tokyo")), user("Bob", None));
    let eve = Person {
        given_name: Some("Eve".into()),
        family_name: Some("Moneypenny".into()),
        ..Person::default()
    };
    let eve = session.people().create(eve).unwrap().meta.id.into();
    World { clock, crm, session, ada, bob, eve }
}

fn world() -> World {
    world_with(Config::default())
}

fn owned(by: UserId) -> Meta {
    Meta { owner: Some(by.into()), ..Meta::default() }
}

impl World {
    fn task(&self, subject: &str, due: &str) -> Task {
        let task = Task { meta: owned(self.ada), subject: subject.into(), ..Task::default() };
        let task = match due.len() {
            0 => task,
            10 => Task { due_date: Some(crm_core::parse_date(due).unwrap()), ..task },
            _ => Task { due_at: Some(at(due)), ..task },
        };
        self.session.tasks().create(task).unwrap()
    }

    fn meeting(&self, subject: &str, from: &str, to: &str, owner: Option<UserId>) -> Meeting {
        let meeting = Meeting {
            meta: Meta { owner: owner.map(Into::into), ..Meta::default() },
            subject: subject.into(),
            starts_at: at(from),
            ends_at: at(to),
            ..Meeting::default()
        };
        self.session.meetings().create(meeting).unwrap()
    }

    fn attend(&self, meeting: &Meeting, attendee: Reference) -> crm_core::Result<MeetingAttendee> {
        let attendee =
            MeetingAttendee { meeting: meeting.meta.id.into(), attendee, ..MeetingAttendee::default() };
        self.session.meeting_attendees().create(attendee)
    }

    fn agenda(&self, user: UserId, until: Option<&str>) -> Vec<(String, AgendaBucket)> {
        let mut query = AgendaQuery { until: until.map(at), limit: 2, cursor: None };
        let mut found = Vec::new();
        loop {
            let page = self.session.agenda(user, &query).unwrap();
            assert!(page.records.len() <= 2);
            found.extend(page.records.into_iter().map(|item| (item.title, item.bucket)));
            match page.next {
                None => return found,
                next => query.cursor = next,
            }
        }
    }
}

#[test]
fn a_task_is_completed_reopened_and_undone() {
    let world = world();
    let task = world.task("Call back", "2026-11-22");
    assert_eq!(task.agenda_at, Some(at("2026-11-22T23:59:59.999999Z")));
    assert_eq!(task.occurs_at, task.agenda_at);
    world.clock.advance_days(1);
    let done = world.session.tasks().complete(task.meta.id).unwrap();
    let then = at(NOW).plus_days(1);
    assert_eq!(
        (done.status, done.completed_at, done.agenda_at, done.occurs_at),
        (TaskStatus::Completed, Some(then), None, Some(then))
    );
    let sequence = world.session.tasks().history(task.meta.id, None, 1).unwrap()[0].sequence;
    world.session.journal().undo(sequence).unwrap();
    let undone = world.session.tasks().get(task.meta.id).unwrap();
    assert_eq!((undone.status, undone.completed_at), (TaskStatus::NotStarted, None));
    world.session.tasks().complete(task.meta.id).unwrap();
    let open = world.session.tasks().reopen(task.meta.id).unwrap();
    assert_eq!((open.status, open.completed_at), (TaskStatus::InProgress, None));
    assert_eq!(open.agenda_at, task.agenda_at);
    assert_eq!(world.session.tasks().reopen(task.meta.id).unwrap().meta.version, open.meta.version);
}

#[test]
fn bad_activities_are_refused() {
    let world = world();
    let session = &world.session;
    let user = Reference::new("user", world.ada);
    let both = Task {
        subject: "x".into(),
        due_at: Some(at(NOW)),
        due_date: Some(at(NOW).date()),
        ..Task::default()
    };
    let meeting =
        |to: &str| Meeting { subject: "x".into(), starts_at: at(NOW), ends_at: at(to), ..Meeting::default() };
    let reminder = Reminder { about: user.clone(), user: world.ada, ..Reminder::default() };
    let call = session.calls().create(Call { subject: "x".into(), ..Call::default() }).unwrap();
    let held = world.meeting("x", NOW, NOW, None);
    world.attend(&held, user.clone()).unwrap();
    let set = Task { subject: "x".into(), agenda_at: Some(at(NOW)), ..Task::default() };
    for (error, code, path) in [
        (session.tasks().create(Task::default()).unwrap_err(), "field.required", "subject"),
        (session.tasks().create(both).unwrap_err(), "task.due", "due_date"),
        (session.tasks().create(set).unwrap_err(), "field.read_only", "agenda_at"),
        (session.meetings().create(meeting("2026-11-21T09:59:59Z")).unwrap_err(), "meeting.span", "ends_at"),
        (session.meetings().create(meeting("2026-12-22T10:00:01Z")).unwrap_err(), "meeting.span", "ends_at"),
        (session.reminders().create(reminder).unwrap_err(), "reminder.time", "due_at"),
        (
            session.notes().create(Note { body: "x".into(), ..Note::default() }).unwrap_err(),
            "field.required",
            "about",
        ),
        (world.attend(&held, user.clone()).unwrap_err(), "attendee.duplicate", "attendee"),
        (world.attend(&held, Reference::new("call", call.meta.id)).unwrap_err(), "attendee.type", "attendee"),
        (session.tasks().follow_up(&user, &FollowUp::default()).unwrap_err(), "task.follow_up", "of"),
        (session.meetings().busy(world.ada, at(NOW), at(NOW), None).unwrap_err(), "meeting.search", "to"),
        (
            session.agenda(world.ada, &AgendaQuery { limit: 0, ..AgendaQuery::default() }).unwrap_err(),
            "query.limit",
            "limit",
        ),
    ] {
        assert_eq!((error.code(), error.path()), (code, Some(path)), "{error}");
    }
}

#[test]
fn an_agenda_merges_tasks_calls_and_meetings() {
    let world = world();
    let session = &world.session;
    world.task("late", "2026-11-20");
    // Today ends at 15:00 UTC for Ada, who is in Tokyo.
    world.task("tonight", "2026-11-21T14:59:59Z");
    world.task("tomorrow", "2026-11-21T15:00:00Z");
    world.task("undated", "");
    let cancelled = world.task("cancelled", "2026-11-21");
    session.tasks().patch(cancelled.meta.id, &json!({"status": "cancelled"})).unwrap();
    let call = Call {
        meta: owned(world.ada),
        subject: "call".into(),
        starts_at: Some(at("2026-11-21T11:00:00Z")),
        ..Call::default()
    };
    session.calls().create(call.clone()).unwrap();
    session.calls().create(Call { status: EventStatus::Held, subject: "held".into(), ..call }).unwrap();
    // The same moment as the call: meetings come first.
    world.meeting("own", "2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z", Some(world.ada));
    let other = world.meeting("other", "2026-11-23T11:00:00Z", "2026-11-23T12:00:00Z", Some(world.ada));
    let mine = world.attend(&other, Reference::new("user", world.ada)).unwrap();
    world.attend(&other, Reference::new("user", world.bob)).unwrap();
    let all = [
        ("late", AgendaBucket::Overdue),
        ("own", AgendaBucket::Today),
        ("call", AgendaBucket::Today),
        ("tonight", AgendaBucket::Today),
        ("tomorrow", AgendaBucket::Upcoming),
        ("other", AgendaBucket::Upcoming),
    ];
    let expect = |found: Vec<(String, AgendaBucket)>, expected: &[(&str, AgendaBucket)]| {
        let found: Vec<(&str, AgendaBucket)> =
            found.iter().map(|(title, bucket)| (title.as_str(), *bucket)).collect();
        assert_eq!(found, expected);
    };
    expect(world.agenda(world.ada, None), &all);
    expect(world.agenda(world.ada, Some("2026-11-21T14:59:59Z")), &all[..4]);
    expect(world.agenda(world.bob, None), &all[5..]);
    session.meetings().respond(mine.meta.id, AttendeeResponse::Declined).unwrap();
    expect(world.agenda(world.ada, None), &all[..5]);
    // A meeting that is moved takes its attendees along.
    let moved = json!({"starts_at": "2026-11-21T09:00:00Z", "ends_at": "2026-11-21T09:30:00Z"});
    session.meetings().patch(other.meta.id, &moved).unwrap();
    expect(world.agenda(world.bob, None), &[("other", AgendaBucket::Overdue)]);
    session.meetings().delete(other.meta.id).unwrap();
    expect(world.agenda(world.bob, None), &[]);
    session.meetings().restore(other.meta.id).unwrap();
    expect(world.agenda(world.bob, None), &[("other", AgendaBucket::Overdue)]);
    session.meetings().patch(other.meta.id, &json!({"status": "held"})).unwrap();
    expect(world.agenda(world.bob, None), &[]);
    let foreign =
        session.agenda(world.ada, &AgendaQuery { limit: 1, ..AgendaQuery::default() }).unwrap().next;
    let error =
        session.agenda(world.bob, &AgendaQuery { cursor: foreign, ..AgendaQuery::default() }).unwrap_err();
    assert_eq!(error.code(), "cursor.other_query");
}

/// Users see the meetings that they own.
struct OwnMeetings;

impl AccessPolicy for OwnMeetings {
    fn predicate(&self, viewer: &Viewer, record_type: &RecordType) -> Option<Filter> {
        (record_type.name() == "meeting" && !viewer.user.is_nil()).then(|| field("owner").equals(viewer.user))
    }
}

#[test]
fn busy_times_show_conflicts_and_no_secrets() {
    let world = world_with(Config::default().access(OwnMeetings));
    let meeting = world.meeting("own", "2026-11-23T10:00:00Z", "2026-11-23T11:00:00Z", Some(world.ada));
    let secret = world.meeting("secret", "2026-11-23T10:30:00Z", "2026-11-23T12:00:00Z", Some(world.bob));
    let attendance = world.attend(&secret, Reference::new("user", world.ada)).unwrap();
    let ada = world.crm.session(Actor::User(world.ada), Purpose::CustomerRelationshipManagement).unwrap();
    let busy = |from: &str, to: &str, except: Option<RecordId>| -> Vec<(String, bool)> {
        ada.meetings()
            .busy(world.ada, at(from), at(to), except.map(Into::into))
            .unwrap()
            .into_iter()
            .map(|busy| (busy.starts_at.to_string(), busy.meeting.is_some()))
            .collect()
    };
    let own = ("2026-11-23T10:00:00Z".to_owned(), true);
    let hidden = ("2026-11-23T10:30:00Z".to_owned(), false);
    assert_eq!(busy("2026-11-23T10:45:00Z", "2026-11-23T11:30:00Z", None), [own.clone(), hidden.clone()]);
    assert_eq!(busy("2026-11-23T10:45:00Z", "2026-11-23T11:30:00Z", Some(meeting.meta.id)), [hidden]);
    assert_eq!(busy("2026-11-23T12:00:00Z", "2026-11-23T13:00:00Z", None), [], "touching is no conflict");
    assert_eq!(busy("2026-11-23T09:00:00Z", "2026-11-23T10:00:00Z", None), [], "touching is no conflict");
    // The agenda of somebody else's meeting stays hidden, too.
    let titles: Vec<String> = ada
        .agenda(world.ada, &AgendaQuery::default())
        .unwrap()
        .records
        .into_iter()
        .map(|item| item.title)
        .collect();
    assert_eq!(titles, ["own"]);
    world.session.meetings().respond(attendance.meta.id, AttendeeResponse::Declined).unwrap();
    assert_eq!(busy("2026-11-23T10:45:00Z", "2026-11-23T11:30:00Z", None), [own]);
}

#[test]
fn a_reminder_follows_its_activity() {
    let world = world();
    let session = &world.session;
    let meeting = world.meeting("m", "2026-11-21T11:00:00Z", "2026-11-21T12:00:00Z", Some(world.ada));
    let about = Reference::new("meeting", meeting.meta.id);
    let reminder = Reminder { about, user: world.ada, seconds_before: Some(900), ..Reminder::default() };
    let reminder = session.reminders().create(reminder).unwrap();
    assert_eq!(reminder.pending_at, Some(at("2026-11-21T10:45:00Z")));
    let due = |until: &str, user: UserId| -> usize {
        let query = ReminderQuery { user: Some(user), ..ReminderQuery::default() };
        let (mine, all) = (
            session.reminders().due(at(until), &query),
            session.reminders().due(at(until), &ReminderQuery::default()),
        );
        assert!(mine.as_ref().unwrap().records.len() <= all.unwrap().records.len());
        mine.unwrap().records.len()
    };
    assert_eq!(due("2026-11-21T10:44:59Z", world.ada), 0);
    assert_eq!(due("2026-11-21T10:45:00Z", world.ada), 1);
    assert_eq!(due("2026-11-21T10:45:00Z", world.bob), 0);
    let moved = json!({"starts_at": "2026-11-21T13:00:00Z", "ends_at": "2026-11-21T14:00:00Z"});
    session.meetings().patch(meeting.meta.id, &moved).unwrap();
    assert_eq!(due("2026-11-21T12:44:59Z", world.ada), 0);
    assert_eq!(due("2026-11-21T12:45:00Z", world.ada), 1);
    session.reminders().dismiss(reminder.meta.id).unwrap();
    assert_eq!(due("2026-11-22T00:00:00Z", world.ada), 0);
    session.reminders().snooze(reminder.meta.id, at("2026-11-21T12:50:00Z")).unwrap();
    assert_eq!(due("2026-11-21T12:50:00Z", world.ada), 1);
    session.reminders().mark_sent(reminder.meta.id).unwrap();
    assert_eq!(due("2026-11-22T00:00:00Z", world.ada), 0);
    session.reminders().snooze(reminder.meta.id, at("2026-11-21T12:55:00Z")).unwrap();
    session.meetings().patch(meeting.meta.id, &json!({"status": "not_held"})).unwrap();
    assert_eq!(due("2026-11-22T00:00:00Z", world.ada), 0, "nobody is reminded of what does not take place");
    session.meetings().patch(meeting.meta.id, &json!({"status": "planned"})).unwrap();
    assert_eq!(due("2026-11-22T00:00:00Z", world.ada), 1);
    session.meetings().delete(meeting.meta.id).unwrap();
    assert_eq!(due("2026-11-22T00:00:00Z", world.ada), 0);
    session.meetings().restore(meeting.meta.id).unwrap();
    assert_eq!(due("2026-11-22T00:00:00Z", world.ada), 1);
}

#[test]
fn reminders_are_paged() {
    let world = world();
    let ids: Vec<RecordId> = (0..7)
        .map(|number| {
            let due_at = Some(at(NOW).plus_seconds(number / 2));
            let about = Reference::new("person", world.eve);
            let reminder = Reminder { about, user: world.ada, due_at, ..Reminder::default() };
            world.session.reminders().create(reminder).unwrap().meta.id
        })
        .collect();
    let mut query = ReminderQuery { limit: 2, ..ReminderQuery::default() };
    let mut found = Vec::new();
    loop {
        let page = world.session.reminders().due(Timestamp::MAX, &query).unwrap();
        found.extend(page.records.iter().map(|reminder| reminder.meta.id));
        // What is dismissed between two pages hides nothing.
        world.session.reminders().dismiss(page.records[0].meta.id).unwrap();
        match page.next {
            None => break,
            next => query.cursor = next,
        }
    }
    assert_eq!(found, ids);
}

#[test]
fn a_follow_up_takes_over_the_links() {
    let world = world();
    let session = &world.session;
    let acme = session
        .organisations()
        .create(Organisation { name: "Acme".into(), ..Organisation::default() })
        .unwrap();
    let call = Call {
        meta: owned(world.bob),
        subject: "First call".into(),
        status: EventStatus::Held,
        about: Some(Reference::new("person", world.eve)),
        organisation: Some(acme.meta.id.into()),
        ..Call::default()
    };
    let call = session.calls().create(call).unwrap();
    assert_eq!(call.person, Some(world.eve), "the person is filled in");
    assert_eq!(call.starts_at, Some(at(NOW)));
    let due = Due::On(crm_core::parse_date("2026-11-30").unwrap());
    let of = Reference::new("call", call.meta.id);
    let follow_up = FollowUp { due: Some(due), ..FollowUp::default() };
    let task = session.transaction(|t| t.tasks().follow_up(&of, &follow_up)).unwrap();
    assert_eq!(task.subject, "First call");
    assert_eq!((task.person, task.organisation, task.about), (call.person, call.organisation, call.about));
    assert_eq!((task.follow_up_of, task.meta.owner), (Some(of), Some(world.bob.into())));
    let agenda = world.agenda(world.bob, None);
    assert_eq!(agenda, [("First call".to_owned(), AgendaBucket::Upcoming)]);
    // An activity goes with the record that it is about, and comes back with it.
    session.people().delete(world.eve).unwrap();
    assert!(session.tasks().find(task.meta.id).unwrap().is_none());
    session.people().restore(world.eve).unwrap();
    assert_eq!(session.tasks().get(task.meta.id).unwrap().person, Some(world.eve));
    assert_eq!(session.calls().get(call.meta.id).unwrap().person, Some(world.eve));
    assert!(session.journal().verify().unwrap().is_sound());
}
