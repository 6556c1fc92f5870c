//! Conversations: replies, notes, what comes in, and what it does to the case.

use crate::service_support::{case, new_case, open, person, status_of};
use crm_core::contacts::PersonId;
use crm_core::record::filter::field;
use crm_core::service::rules::{
    FollowUpAction, FollowUpFacts, Stamps, case_number, follow_up, number_in, stamps,
};
use crm_core::service::{
    Case, CaseId, CaseMessage, Channel, FollowUp, Inbound, Match, MatchedBy, MessageDirection,
    MessageVisibility, Queue, ReceivedAs, Reply, StatusType, ThreadView,
};
use crm_core::{Reference, Session, Timestamp};
use serde_json::json;

#[test]
fn a_message_does_to_its_case_what_the_queue_says() {
    use FollowUpAction::{Keep, NewCase, Open, Reopen};
    use MessageDirection::{Inbound, Note, Outbound};
    use MessageVisibility::{Internal, Public};
    let end: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    let table = [
        // status, direction, visibility, days after the end, policy, days of the queue, action
        (StatusType::Open, Inbound, Public, 0, FollowUp::Reopen, None, Keep),
        (StatusType::OnHold, Inbound, Public, 0, FollowUp::Reopen, None, Keep),
        (StatusType::Pending, Inbound, Public, 0, FollowUp::Reopen, None, Open),
        (StatusType::Pending, Inbound, Public, 0, FollowUp::NewCase, Some(0), Open),
        (StatusType::Pending, Inbound, Internal, 0, FollowUp::Reopen, None, Keep),
        (StatusType::Pending, Outbound, Public, 0, FollowUp::Reopen, None, Keep),
        (StatusType::Resolved, Inbound, Public, 5000, FollowUp::Reopen, None, Reopen),
        (StatusType::Resolved, Inbound, Public, 7, FollowUp::Reopen, Some(7), Reopen),
        (StatusType::Resolved, Inbound, Public, 8, FollowUp::Reopen, Some(7), NewCase),
        (StatusType::Closed, Inbound, Public, 0, FollowUp::Reopen, Some(0), Reopen),
        (StatusType::Closed, Inbound, Public, 1, FollowUp::Reopen, Some(0), NewCase),
        (StatusType::Closed, Inbound, Public, 0, FollowUp::NewCase, None, NewCase),
        (StatusType::Closed, Inbound, Public, -1, FollowUp::NewCase, None, Keep),
        (StatusType::Closed, Inbound, Internal, 1, FollowUp::Reopen, None, Keep),
        (StatusType::Closed, Outbound, Public, 1, FollowUp::Reopen, None, Keep),
        (StatusType::Closed, Note, Public, 1, FollowUp::Reopen, None, Keep),
    ];
    for (row, (status, direction, visibility, days, policy, reopen_days, action)) in
        table.into_iter().enumerate()
    {
        let facts = FollowUpFacts {
            status,
            direction,
            visibility,
            finished_at: status.is_finished().then_some(end),
            arrives_at: end.plus_days(days),
            policy,
            reopen_days,
        };
        assert_eq!(follow_up(&facts), action, "row {row}");
    }
}

#[test]
fn the_times_of_every_change_of_type() {
    use StatusType::{Closed, OnHold, Open, Pending, Resolved};
    let (t0, t1, now) = (Timestamp::from_micros(1), Timestamp::from_micros(2), Timestamp::from_micros(9));
    let table = [
        (None, Open, (None, None, 0), (None, None, 0)),
        (None, Closed, (None, None, 0), (None, Some(now), 0)),
        (Some(Open), Pending, (None, None, 1), (None, None, 1)),
        (Some(Pending), Resolved, (None, None, 0), (Some(now), None, 0)),
        (Some(Resolved), Resolved, (Some(t0), None, 0), (Some(t0), None, 0)),
        (Some(Resolved), Closed, (Some(t0), None, 0), (Some(t0), Some(now), 0)),
        (Some(Closed), Resolved, (Some(t0), Some(t1), 2), (Some(now), None, 2)),
        (Some(Closed), Open, (Some(t0), Some(t1), 2), (None, None, 3)),
        (Some(Resolved), OnHold, (Some(t0), None, 0), (None, None, 1)),
    ];
    for (row, (from, to, old, new)) in table.into_iter().enumerate() {
        let of = |(resolved_at, closed_at, reopened)| Stamps { resolved_at, closed_at, reopened };
        assert_eq!(stamps(from, to, of(old), now), of(new), "row {row}");
    }
}

#[test]
fn numbers_are_found_in_texts() {
    for (text, number) in [
        ("C-00042", Some("C-00042")),
        ("Re: [C-00042] Printer", Some("C-00042")),
        ("AW: c-00042: C-00043", Some("C-00042")),
        ("(C-123456)", Some("C-123456")),
        ("C-000000042", Some("C-00042")),
        ("C-0042", None),
        ("ABC-00042", None),
        ("C-00042a", None),
        ("éC-00042", None),
        ("C-99999999999999999999999", None),
        ("Vitamin C-12", None),
        ("C-", None),
        ("", None),
    ] {
        assert_eq!(number_in(text).as_deref(), number, "{text}");
    }
    assert_eq!((case_number(7).as_str(), case_number(123_456).as_str()), ("C-00007", "C-123456"));
}

fn inbound(session: &Session, subject: &str, id: &str, answers: Option<&str>) -> (CaseId, ReceivedAs) {
    let inbound = Inbound {
        channel: Channel::Email,
        subject: Some(subject.into()),
        message_id: Some(id.into()),
        in_reply_to: answers.map(Into::into),
        body: Some("text".into()),
        ..Inbound::default()
    };
    let received = session.cases().receive(&inbound).unwrap();
    assert_eq!(received.message.case, received.case.meta.id.into());
    (received.case.meta.id.into(), received.received_as)
}

#[test]
fn mail_finds_its_case() {
    let (_, session, _) = open();
    let (first, as_new) = inbound(&session, "Printer", "<1@a>", None);
    assert_eq!(as_new, ReceivedAs::New);
    assert_eq!(session.cases().get(first).unwrap().subject, "Printer");
    let message_id = Some("<2@us>".to_owned());
    let reply = session.cases().reply(first, Reply { message_id, ..Reply::default() }).unwrap();
    assert_eq!(reply.message_id.as_deref(), Some("2@us"));
    for (subject, id, answers, expected) in [
        ("Re: Printer", "<3@a>", Some("<2@us>"), (first, ReceivedAs::Added)),
        ("Re: Printer", "<3@a>", Some("<2@us>"), (first, ReceivedAs::Known)),
        ("[C-00001] once more", "<4@a>", None, (first, ReceivedAs::Added)),
        ("[C-00009] what?", "<5@a>", Some("<unknown@a>"), (CaseId::default(), ReceivedAs::New)),
    ] {
        let found = inbound(&session, subject, id, answers);
        assert_eq!(found.1, expected.1, "{id}");
        if expected.1 == ReceivedAs::New {
            assert_ne!(found.0, first);
        } else {
            assert_eq!(found.0, expected.0);
        }
    }
    let probe = Inbound { references: vec!["<1@a>".into(), "<x>".into()], ..Inbound::default() };
    let found = session.cases().match_inbound(&probe).unwrap().unwrap();
    assert_eq!((found.case, found.by), (first, MatchedBy::Thread));
    assert!(found.message.is_some());
    let probe = Inbound { subject: Some("c-00001".into()), ..Inbound::default() };
    let by_number = Match { case: first, message: None, by: MatchedBy::Number };
    assert_eq!(session.cases().match_inbound(&probe).unwrap(), Some(by_number));
    assert_eq!(session.cases().match_inbound(&Inbound::default()).unwrap(), None);
    let (untitled, _) = inbound(&session, " ", "<6@a>", None);
    assert_eq!(session.cases().get(untitled).unwrap().subject, "(no subject)");
}

#[test]
fn an_answer_opens_a_case_again_or_begins_a_new_one() {
    let (_, session, clock) = open();
    let queue = session
        .queues()
        .create(Queue { name: "Mail".into(), reopen_days: Some(7), ..Queue::default() })
        .unwrap();
    let requester = person(&session, "Shaw");
    let case = Case { queue: Some(queue.meta.id.into()), requester: Some(requester), ..new_case("Printer") };
    let id: CaseId = session.cases().create(case).unwrap().meta.id.into();
    let answer = Inbound { case: Some(id), from: Some(requester), ..Inbound::default() };

    let pending = status_of(&session, StatusType::Pending);
    session.cases().set_status(id, pending).unwrap();
    let received = session.cases().receive(&answer).unwrap();
    assert_eq!((received.case.status_type, received.case.reopened_count), (Some(StatusType::Open), Some(0)));

    session.cases().close(id).unwrap();
    clock.advance_days(7);
    let received = session.cases().receive(&answer).unwrap();
    assert_eq!(received.received_as, ReceivedAs::Reopened);
    assert_eq!((received.case.status_type, received.case.reopened_count), (Some(StatusType::Open), Some(1)));

    session.cases().close(id).unwrap();
    clock.advance_days(8);
    let received = session.cases().receive(&answer).unwrap();
    assert_eq!(received.received_as, ReceivedAs::Continued);
    let new: CaseId = received.case.meta.id.into();
    assert_ne!(new, id);
    assert_eq!((received.case.requester, received.case.queue), (Some(requester), Some(queue.meta.id.into())));
    assert_eq!(session.cases().links(id).unwrap()[0].case, new);
    assert_eq!(session.cases().get(id).unwrap().status_type, Some(StatusType::Closed));

    // A message that is written as a plain record does the same; what was sent before the end is history.
    let plain = |sent_at: Option<Timestamp>| {
        let message =
            CaseMessage { case: id, direction: MessageDirection::Inbound, sent_at, ..CaseMessage::default() };
        CaseId::from(session.case_messages().create(message).unwrap().case.0)
    };
    assert_eq!(plain(Some("2026-11-21T10:00:01Z".parse().unwrap())), id);
    let other = plain(None);
    assert!(other != id && other != new);
    // A note and a reply leave a closed case closed.
    assert_eq!(session.cases().note(id, "called back").unwrap().case, id);
    session.cases().reply(id, Reply { body: "bye".into(), ..Reply::default() }).unwrap();
    assert_eq!(session.cases().get(id).unwrap().status_type, Some(StatusType::Closed));
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn messages_know_who_wrote_them_and_stop_the_first_response() {
    let (_, session, clock) = open();
    let requester = person(&session, "Shaw");
    let created = session.cases().create(Case { requester: Some(requester), ..new_case("A") }).unwrap();
    let id: CaseId = created.meta.id.into();
    let inbound = Inbound { case: Some(id), ..Inbound::default() };
    let message = session.cases().receive(&inbound).unwrap().message;
    assert_eq!(message.author, Some(Reference::new("person", requester)));
    assert_eq!(message.visibility, Some(MessageVisibility::Public));
    let note = session.cases().note(id, "hm").unwrap();
    assert_eq!((note.visibility, note.person), (Some(MessageVisibility::Internal), Some(requester)));
    assert_eq!(session.cases().get(id).unwrap().first_response_at, None);
    clock.advance_days(1);
    let at = session.now();
    session.cases().reply(id, Reply::default()).unwrap();
    clock.advance_days(1);
    session.cases().reply(id, Reply::default()).unwrap();
    assert_eq!(session.cases().get(id).unwrap().first_response_at, Some(at));
    let of_person: Vec<PersonId> = session
        .case_messages()
        .list(&crm_core::record::query::Query::new().filter(field("person").equals(requester.0)))
        .unwrap()
        .records
        .into_iter()
        .filter_map(|message| message.person)
        .collect();
    assert_eq!(of_person.len(), 4);
}

#[test]
fn messages_of_a_closed_case_stay_as_they_are() {
    let (_, session, _) = open();
    let (id, other): (CaseId, CaseId) =
        (case(&session, "A").meta.id.into(), case(&session, "B").meta.id.into());
    let note = session.cases().note(id, "one").unwrap();
    let patch = |body: serde_json::Value| session.case_messages().patch(note.meta.id, &body).map(|_| ());
    patch(json!({"body": "two"})).unwrap();
    assert_eq!(patch(json!({"case": other})).unwrap_err().code(), "case_message.moved");
    assert_eq!(patch(json!({"in_reply_to": note.meta.id})).unwrap_err().code(), "case_message.itself");
    session.cases().close(id).unwrap();
    assert_eq!(patch(json!({"body": "three"})).unwrap_err().code(), "case.closed");
    assert_eq!(session.case_messages().delete(note.meta.id).unwrap_err().code(), "case.closed");
    session.cases().reopen(id).unwrap();
    session.case_messages().delete(note.meta.id).unwrap();
}

#[test]
fn a_conversation_is_read_in_its_order() {
    let (_, session, clock) = open();
    let id: CaseId = case(&session, "A").meta.id.into();
    let mut ids = Vec::new();
    // Each row: the body, the place of the message that it answers, whether it is a note.
    for (body, answers, note) in [
        ("a", None, false),
        ("b", None, false),
        ("a1", Some(0), false),
        ("a2", Some(0), true),
        ("a21", Some(3), false),
    ] {
        clock.advance_days(1);
        let direction = if note { MessageDirection::Note } else { MessageDirection::Outbound };
        let in_reply_to = answers.map(|place: usize| ids[place]);
        let body = Some(body.to_owned());
        let message = CaseMessage { case: id, direction, body, in_reply_to, ..CaseMessage::default() };
        ids.push(session.case_messages().create(message).unwrap().meta.id.into());
    }
    let read = |view| -> Vec<(String, u32)> {
        let thread = session.cases().thread(id, view).unwrap();
        thread.into_iter().map(|entry| (entry.message.body.unwrap(), entry.depth)).collect()
    };
    let expected = |rows: &[(&str, u32)]| {
        rows.iter().map(|(body, depth)| ((*body).to_owned(), *depth)).collect::<Vec<_>>()
    };
    assert_eq!(read(ThreadView::All), expected(&[("a", 0), ("a1", 1), ("a2", 1), ("a21", 2), ("b", 0)]));
    assert_eq!(read(ThreadView::Public), expected(&[("a", 0), ("a1", 1), ("b", 0), ("a21", 0)]));
    // A circle is cut at its oldest message, and nothing is lost.
    session.case_messages().patch(ids[0], &json!({"in_reply_to": ids[4]})).unwrap();
    let round = read(ThreadView::All);
    assert_eq!(round, expected(&[("b", 0), ("a", 0), ("a1", 1), ("a2", 1), ("a21", 2)]));
    assert_eq!(
        session.cases().thread(CaseId::default(), ThreadView::All).unwrap_err().code(),
        "record.not_found"
    );
}
