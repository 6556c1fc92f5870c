//! Cases: numbers, statuses, times, queues, links, deletion.

use crate::service_support::{case, open, person, status_of};
use crm_core::access::users::{Team, User};
use crm_core::contacts::{Organisation, Person};
use crm_core::service::{
    Case, CaseCategory, CaseLinkKind, CaseParticipant, CaseStatus, CaseStatusId, Inbound, ParticipantRole,
    Queue, Reply, StatusType,
};
use crm_core::{RecordId, Session, Timestamp};
use serde_json::json;

#[test]
fn a_case_begins_with_what_follows_from_its_requester_and_its_queue() {
    let (_, session, clock) = open();
    let organisation = session
        .organisations()
        .create(Organisation { name: "Acme".into(), ..Organisation::default() })
        .unwrap();
    let requester = session
        .people()
        .create(Person {
            family_name: Some("Shaw".into()),
            organisation: Some(organisation.meta.id.into()),
            ..Person::default()
        })
        .unwrap();
    let team = session.teams().create(Team { name: "Support".into(), ..Team::default() }).unwrap();
    let queue = session
        .queues()
        .create(Queue { name: "Mail".into(), default_team: Some(team.meta.id.into()), ..Queue::default() })
        .unwrap();
    let created = session
        .cases()
        .create(Case {
            subject: "Printer".into(),
            requester: Some(requester.meta.id.into()),
            queue: Some(queue.meta.id.into()),
            ..Case::default()
        })
        .unwrap();
    assert_eq!(created.number.as_deref(), Some("C-00001"));
    assert_eq!(created.organisation, Some(organisation.meta.id.into()));
    assert_eq!(created.meta.team, Some(team.meta.id));
    assert_eq!(created.status_type, Some(StatusType::Open));
    assert_eq!(created.opened_at, Some(session.now()));
    assert_eq!(created.reopened_count, Some(0));

    // Another queue brings its own team; a change that names a team itself keeps it.
    let user = session.users().create(User { name: "Ada".into(), ..User::default() }).unwrap();
    let second = session.teams().create(Team { name: "Second".into(), ..Team::default() }).unwrap();
    let other = session
        .queues()
        .create(Queue {
            name: "Web".into(),
            default_team: Some(second.meta.id.into()),
            default_assignee: Some(user.meta.id.into()),
            ..Queue::default()
        })
        .unwrap();
    clock.advance_days(1);
    let moved = session.cases().patch(created.meta.id, &json!({"queue": other.meta.id})).unwrap();
    assert_eq!((moved.meta.team, moved.meta.owner), (Some(second.meta.id), Some(user.meta.id)));
    let back = json!({"queue": queue.meta.id, "team": null, "owner": null});
    let moved = session.cases().patch(created.meta.id, &back).unwrap();
    assert_eq!((moved.meta.team, moved.meta.owner), (None, None));
    let id = created.meta.id.into();
    assert_eq!(session.cases().assign(id, user.meta.id.into()).unwrap().meta.owner, Some(user.meta.id));
    assert_eq!(session.cases().unassign(id).unwrap().meta.owner, None);

    session.queues().patch(queue.meta.id, &json!({"active": false})).unwrap();
    let refused = Case { subject: "x".into(), queue: Some(queue.meta.id.into()), ..Case::default() };
    assert_eq!(session.cases().create(refused).unwrap_err().code(), "queue.inactive");
    let inbound = Inbound { queue: Some(queue.meta.id.into()), ..Inbound::default() };
    assert_eq!(session.cases().receive(&inbound).unwrap_err().code(), "queue.inactive");
}

#[test]
fn the_engine_alone_sets_what_follows() {
    let (_, session, _) = open();
    let created = case(&session, "A");
    for (field, value) in [
        ("number", json!("C-00009")),
        ("status_type", json!("closed")),
        ("first_response_at", json!("2026-11-21T10:00:00Z")),
        ("closed_at", json!("2026-11-21T10:00:00Z")),
        ("reopened_count", json!(7)),
        ("merged_into", json!(created.meta.id)),
    ] {
        let error = session.cases().patch(created.meta.id, &json!({field: value})).unwrap_err();
        assert_eq!((error.code(), error.path()), ("field.read_only", Some(field)));
    }
}

#[test]
fn numbers_rise_and_are_given_once() {
    let (_, session, _) = open();
    let numbers = |session: &Session| case(session, "next").number.unwrap();
    let first = case(&session, "A");
    assert_eq!(first.number.as_deref(), Some("C-00001"));
    // A rolled back transaction gives its numbers back.
    let rolled_back: crm_core::Result<()> = session.transaction(|t| {
        assert_eq!(
            t.cases().create(crate::service_support::new_case("B"))?.number.as_deref(),
            Some("C-00002")
        );
        Err(crm_core::CrmError::invalid("test", "roll back"))
    });
    assert!(rolled_back.is_err());
    assert_eq!(numbers(&session), "C-00002");
    // A deleted case keeps its number, in the bin and when it comes back.
    session.cases().delete(first.meta.id).unwrap();
    assert_eq!(numbers(&session), "C-00003");
    assert_eq!(session.cases().restore(first.meta.id).unwrap().number, first.number);
    // In bulk, refused rows do not stop the others and no number is given twice.
    let rows = vec![
        crate::service_support::new_case("C"),
        crate::service_support::new_case(""),
        Case { requester: Some(first.meta.id.into()), ..crate::service_support::new_case("broken link") },
        crate::service_support::new_case("D"),
    ];
    let outcome: Vec<_> = session.cases().create_all(rows).unwrap();
    let found: Vec<Result<String, String>> = outcome
        .into_iter()
        .map(|row| row.map(|case| case.number.unwrap()).map_err(|error| error.code().to_owned()))
        .collect();
    assert_eq!(found[0].as_deref(), Ok("C-00004"));
    assert_eq!(found[1].as_deref().unwrap_err(), "field.required");
    assert_eq!(found[2].as_deref().unwrap_err(), "link.broken");
    assert!(found[3].as_ref().unwrap() > found[0].as_ref().unwrap());
    assert_eq!(session.cases().find_by_number(" c-00001 ").unwrap().unwrap().meta.id, first.meta.id);
    assert!(session.cases().find_by_number("C-99999").unwrap().is_none());
    assert!(session.cases().find_by_number("nonsense").unwrap().is_none());
}

#[test]
fn the_statuses_stay_sound() {
    let (_, session, _) = open();
    let created = case(&session, "A");
    assert_eq!(session.case_statuses().install_defaults().unwrap(), 0, "the first case has made them");
    let waiting = session
        .case_statuses()
        .create(CaseStatus {
            name: "Waiting for parts".into(),
            key: "waiting".into(),
            status_type: StatusType::OnHold,
            is_default: true,
            ..CaseStatus::default()
        })
        .unwrap();
    let plain = session.case_statuses().get(status_of(&session, StatusType::OnHold)).unwrap();
    assert_eq!(plain.meta.id, waiting.meta.id, "the new default takes the place of the old");
    session.cases().set_status(created.meta.id.into(), waiting.meta.id.into()).unwrap();
    let error = session.case_statuses().patch(waiting.meta.id, &json!({"status_type": "open"})).unwrap_err();
    assert_eq!((error.code(), error.path()), ("case_status.in_use", Some("status_type")));
    assert_eq!(session.case_statuses().delete(waiting.meta.id).unwrap_err().code(), "record.restricted");
    let unknown = CaseStatusId(created.meta.id);
    let error = session.cases().set_status(created.meta.id.into(), unknown).unwrap_err();
    assert_eq!((error.code(), error.path()), ("link.broken", Some("status")));
    // What was deleted is not brought back.
    session.case_statuses().delete(status_of(&session, StatusType::Resolved)).unwrap();
    assert_eq!(session.case_statuses().install_defaults().unwrap(), 0);
    let error = session.cases().resolve(created.meta.id.into(), None).unwrap_err();
    assert_eq!(error.code(), "case_status.missing");
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn two_databases_have_the_same_default_statuses() {
    let ids = || {
        let (_, session, _) = open();
        case(&session, "A");
        status_of(&session, StatusType::Closed)
    };
    assert_eq!(ids(), ids());
}

#[test]
fn the_times_follow_from_the_status() {
    let (_, session, clock) = open();
    let created = case(&session, "A");
    let id = created.meta.id.into();
    assert_eq!(session.cases().reopen(id).unwrap_err().code(), "case.not_finished");
    let until: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
    let pending = status_of(&session, Pending);
    clock.advance_days(1);
    let patch = json!({"status": pending, "pending_until": until});
    assert_eq!(session.cases().patch(created.meta.id, &patch).unwrap().pending_until, Some(until));
    clock.advance_days(1);
    let resolved = session.cases().resolve(id, Some("Switched it on")).unwrap();
    let at = Some(session.now());
    assert_eq!((resolved.resolved_at, resolved.closed_at, resolved.pending_until), (at, None, None));
    assert_eq!(resolved.resolution.as_deref(), Some("Switched it on"));
    clock.advance_days(1);
    let closed = session.cases().close(id).unwrap();
    assert_eq!((closed.resolved_at, closed.closed_at), (at, Some(session.now())));
    assert_eq!(session.cases().close(id).unwrap().meta.version, closed.meta.version, "closed stays closed");
    clock.advance_days(1);
    let again = session.cases().reopen(id).unwrap();
    assert_eq!((again.resolved_at, again.closed_at, again.reopened_count), (None, None, Some(1)));
    let periods = session.cases().status_periods(id).unwrap();
    let types: Vec<StatusType> = periods
        .iter()
        .map(|period| session.case_statuses().get(period.status).unwrap().status_type)
        .collect();
    use StatusType::{Closed, Open, Pending, Resolved};
    assert_eq!(types, [Open, Pending, Resolved, Closed, Open]);
    assert!(periods.windows(2).all(|pair| pair[0].left_at == Some(pair[1].entered_at)));
    assert_eq!(periods[4].left_at, None);
}

#[test]
fn cases_are_linked_once_and_seen_from_both_ends() {
    let (_, session, _) = open();
    let (first, second) = (case(&session, "A"), case(&session, "B"));
    let (a, b) = (first.meta.id.into(), second.meta.id.into());
    session.cases().link(a, b, CaseLinkKind::Blocks).unwrap();
    for (first, second, kind, code) in [
        (a, a, CaseLinkKind::Related, "case_link.itself"),
        (a, b, CaseLinkKind::Blocks, "case_link.exists"),
        (b, a, CaseLinkKind::Blocks, "case_link.exists"),
    ] {
        assert_eq!(session.cases().link(first, second, kind).unwrap_err().code(), code);
    }
    session.cases().link(b, a, CaseLinkKind::DuplicateOf).unwrap();
    let seen: Vec<_> = session.cases().links(a).unwrap().iter().map(|link| (link.case, link.label)).collect();
    assert_eq!(seen, [(b, "blocks"), (b, "has the duplicate")]);
    let seen: Vec<_> = session.cases().links(b).unwrap().iter().map(|link| link.label).collect();
    assert_eq!(seen, ["is blocked by", "is a duplicate of"]);
}

#[test]
fn queues_show_what_they_hold() {
    let (_, session, clock) = open();
    let queue = session.queues().create(Queue { name: "Mail".into(), ..Queue::default() }).unwrap();
    let user = session.users().create(User { name: "Ada".into(), ..User::default() }).unwrap();
    let in_queue = |subject: &str| {
        let queue = Some(queue.meta.id.into());
        session
            .cases()
            .create(Case { queue, ..crate::service_support::new_case(subject) })
            .unwrap()
            .meta
            .id
            .into()
    };
    let oldest = session.now();
    let (a, b, c, d) = (in_queue("A"), in_queue("B"), in_queue("C"), in_queue("D"));
    clock.advance_days(1);
    case(&session, "in no queue");
    session.cases().assign(a, user.meta.id.into()).unwrap();
    session.cases().set_status(b, status_of(&session, StatusType::OnHold)).unwrap();
    session.cases().resolve(c, None).unwrap();
    session.cases().close(d).unwrap();
    let overview = session.cases().queue_overview().unwrap();
    assert_eq!(overview.len(), 2);
    assert_eq!((overview[0].queue, overview[0].open, overview[0].unassigned), (None, 1, 1));
    assert_eq!(overview[0].oldest, Some(session.now()));
    let mail = &overview[1];
    assert_eq!(mail.queue, Some(queue.meta.id.into()));
    let counts = [mail.open, mail.pending, mail.on_hold, mail.resolved, mail.closed, mail.unassigned];
    assert_eq!(counts, [1, 0, 1, 1, 1, 1]);
    assert_eq!(mail.oldest, Some(oldest));
}

#[test]
fn a_deleted_case_comes_back_with_its_conversation() {
    let (_, session, _) = open();
    let requester = person(&session, "Shaw");
    let created = session
        .cases()
        .create(Case { requester: Some(requester), ..crate::service_support::new_case("A") })
        .unwrap();
    let id = created.meta.id.into();
    let other = case(&session, "B");
    session.cases().link(id, other.meta.id.into(), CaseLinkKind::Related).unwrap();
    let first = session.cases().reply(id, Reply { body: "one".into(), ..Reply::default() }).unwrap();
    let in_reply_to = Some(first.meta.id.into());
    session.cases().reply(id, Reply { body: "two".into(), in_reply_to, ..Reply::default() }).unwrap();
    let copy = CaseParticipant {
        case: id,
        person: person(&session, "Lee"),
        role: ParticipantRole::Copy,
        ..CaseParticipant::default()
    };
    session.case_participants().create(copy.clone()).unwrap();
    assert_eq!(session.case_participants().create(copy).unwrap_err().code(), "case_participant.exists");
    // A person with cases is not deleted by accident; nor is a queue or a status.
    let error = session.people().delete(requester).unwrap_err();
    assert_eq!((error.code(), error.details()["record_type"].clone()), ("record.restricted", json!("case")));

    let before = crate::service_support::export(&session);
    session.cases().delete(created.meta.id).unwrap();
    assert!(session.case_messages().find(first.meta.id).unwrap().is_none());
    assert!(session.cases().links(other.meta.id.into()).unwrap().is_empty());
    session.cases().restore(created.meta.id).unwrap();
    assert_eq!(crate::service_support::export(&session), before);
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn categories_are_a_tree() {
    let (_crm, session, _clock) = open();
    let categories = session.case_categories();
    let create = |name: &str, parent: Option<RecordId>| {
        let parent = parent.map(Into::into);
        categories
            .create(CaseCategory { name: name.into(), parent, ..CaseCategory::default() })
            .unwrap()
            .meta
            .id
    };
    let hardware = create("Hardware", None);
    let printers = create("Printers", Some(hardware));
    let ink = create("Ink", Some(printers));
    for (category, parent) in [(ink, ink), (hardware, ink), (hardware, printers), (printers, ink)] {
        let refused = categories.patch(category, &json!({"parent": parent})).unwrap_err();
        assert_eq!((refused.code(), refused.path()), ("case_category.parent.cycle", Some("parent")));
    }
    categories.patch(ink, &json!({"parent": hardware})).unwrap();
    categories.patch(printers, &json!({"parent": ink})).unwrap();
    let history = categories.history(ink, None, 1).unwrap();
    let undone = session.journal().undo(history[0].sequence).unwrap_err();
    assert_eq!(undone.code(), "case_category.parent.cycle", "undoing would close a ring now");
}
