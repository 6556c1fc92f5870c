//! Merging and splitting cases: nothing is lost, and all of it can be undone.

use crate::service_support::{case, export, new_case, open, person};
use crm_core::contacts::PersonId;
use crm_core::record::filter::field;
use crm_core::record::query::Query;
use crm_core::service::{
    Case, CaseId, CaseLinkKind, CaseMessageId, CaseParticipant, Inbound, ParticipantRole, Reply, StatusType,
    ThreadView,
};
use crm_core::{RecordId, Session};
use proptest::prelude::*;

fn participants(session: &Session, case: CaseId) -> Vec<(PersonId, ParticipantRole)> {
    let query = Query::new().filter(field("case").equals(case.0));
    let page = session.case_participants().list(&query).unwrap();
    page.records.into_iter().map(|record| (record.person, record.role)).collect()
}

fn bodies(session: &Session, case: CaseId) -> Vec<String> {
    let thread = session.cases().thread(case, ThreadView::All).unwrap();
    thread.into_iter().map(|entry| entry.message.body.unwrap_or_default()).collect()
}

#[test]
fn a_merge_moves_everything_and_is_undone_as_one() {
    let (_, session, clock) = open();
    let (ann, bob, eve) = (person(&session, "Ann"), person(&session, "Bob"), person(&session, "Eve"));
    let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    let source = Case { requester: Some(ann), tags: tags(&["new", "Red"]), ..new_case("Printer burns") };
    let target = Case { requester: Some(bob), tags: tags(&["red", "old"]), ..new_case("Printer") };
    let source: CaseId = session.cases().create(source).unwrap().meta.id.into();
    let target: CaseId = session.cases().create(target).unwrap().meta.id.into();
    let (third, shell): (CaseId, CaseId) =
        (case(&session, "Third").meta.id.into(), case(&session, "Shell").meta.id.into());
    session.cases().note(shell, "from the shell").unwrap();
    session.cases().merge(shell, source).unwrap();
    session.cases().reply(source, Reply { body: "in source".into(), ..Reply::default() }).unwrap();
    session.cases().note(target, "in target").unwrap();
    for (case, person, role) in [
        (source, eve, ParticipantRole::Copy),
        (target, eve, ParticipantRole::Copy),
        (source, eve, ParticipantRole::Watcher),
        (source, bob, ParticipantRole::Requester),
    ] {
        let participant = CaseParticipant { case, person, role, ..CaseParticipant::default() };
        session.case_participants().create(participant).unwrap();
    }
    let links = session.cases();
    links.link(source, third, CaseLinkKind::Related).unwrap();
    links.link(target, third, CaseLinkKind::Related).unwrap();
    links.link(third, source, CaseLinkKind::Blocks).unwrap();
    links.link(source, target, CaseLinkKind::DuplicateOf).unwrap();
    clock.advance_days(1);

    let before = export(&session);
    let merged = session.cases().merge(source, target).unwrap();
    assert_eq!(CaseId::from(merged.case.meta.id), target);
    assert_eq!(merged.case.tags, tags(&["red", "old", "new"]));
    assert!(merged.case.first_response_at.is_some(), "the source was answered");
    let mut found = bodies(&session, target);
    found.sort();
    assert_eq!(found, ["from the shell", "in source", "in target"]);
    assert!(bodies(&session, source).is_empty());
    let closed = session.cases().get(source).unwrap();
    assert_eq!((closed.status_type, closed.merged_into), (Some(StatusType::Closed), Some(target)));
    assert_eq!(session.cases().get(shell).unwrap().merged_into, Some(target), "one step leads to the end");
    let mut there = participants(&session, target);
    there.sort();
    let mut expected = vec![
        (eve, ParticipantRole::Copy),
        (eve, ParticipantRole::Watcher),
        (ann, ParticipantRole::Requester),
    ];
    expected.sort();
    assert_eq!(there, expected);
    // What the target has, or would be linked with itself by, stays with the source: nothing is deleted.
    assert_eq!(participants(&session, source).len(), 2);
    let kinds = |case| session.cases().links(case).unwrap().iter().map(|link| link.label).collect::<Vec<_>>();
    assert_eq!(kinds(source), ["is related to", "is a duplicate of"]);
    assert_eq!(kinds(target), ["is related to", "is blocked by", "has the duplicate"]);
    let moved = session.cases().thread(target, ThreadView::Public).unwrap();
    assert_eq!(moved[0].message.moved_from.as_deref(), Some("C-00001"));

    // A merged case leads to its target, and stays closed.
    assert_eq!(session.cases().find_by_number("C-00001").unwrap().unwrap().meta.id, target.0);
    let inbound = Inbound { subject: Some("Re: C-00004".into()), ..Inbound::default() };
    assert_eq!(session.cases().match_inbound(&inbound).unwrap().unwrap().case, target);
    assert_eq!(session.cases().reopen(source).unwrap_err().code(), "case.merged");
    assert_eq!(session.cases().close(source).unwrap_err().code(), "case.merged");
    let open = crate::service_support::status_of(&session, StatusType::Open);
    assert_eq!(session.cases().set_status(source, open).unwrap_err().code(), "case.merged");

    session.journal().undo_job(merged.job).unwrap();
    let after = export(&session);
    for (key, value) in &before {
        assert_eq!(after.get(key), Some(value), "{key}");
    }
    assert_eq!(after, before);
    assert!(session.journal().verify().unwrap().is_sound());
}

#[test]
fn a_message_to_a_merged_case_goes_to_its_target() {
    let (_, session, _) = open();
    let (source, target): (CaseId, CaseId) =
        (case(&session, "A").meta.id.into(), case(&session, "B").meta.id.into());
    session.cases().merge(source, target).unwrap();
    assert_eq!(session.cases().note(source, "late").unwrap().case, target);
    let inbound = Inbound { case: Some(source), ..Inbound::default() };
    assert_eq!(session.cases().receive(&inbound).unwrap().message.case, target);
    // With the target goes the shell, and both come back.
    let before = export(&session);
    session.cases().delete(target).unwrap();
    assert!(session.cases().find(source).unwrap().is_none());
    session.cases().restore(target).unwrap();
    assert_eq!(export(&session), before);
}

#[test]
fn what_cannot_be_merged_or_split_changes_nothing() {
    let (_, session, _) = open();
    let ids: Vec<CaseId> = ["A", "B", "C"].iter().map(|name| case(&session, name).meta.id.into()).collect();
    let (a, b, c) = (ids[0], ids[1], ids[2]);
    let message: CaseMessageId = session.cases().note(b, "in B").unwrap().meta.id.into();
    session.cases().merge(a, b).unwrap();
    let before = export(&session);
    for (source, target, code, path) in [
        (b, b, "case.itself", "target"),
        (a, c, "case.merged", "source"),
        (c, a, "case.merged", "target"),
        (b, a, "case.merged", "target"),
        (CaseId(RecordId::NIL), b, "record.not_found", "id"),
    ] {
        let error = session.cases().merge(source, target).unwrap_err();
        assert_eq!((error.code(), error.path()), (code, Some(path)));
    }
    for (case, messages, subject, code) in [
        (b, vec![], "x", "case.split.empty"),
        (c, vec![message], "x", "case.split.foreign"),
        (a, vec![message], "x", "case.merged"),
        (b, vec![message], " ", "field.required"),
        (b, vec![CaseMessageId(c.0)], "x", "record.not_found"),
    ] {
        assert_eq!(session.cases().split(case, &messages, subject).unwrap_err().code(), code);
    }
    assert_eq!(export(&session), before);
}

#[test]
fn a_split_moves_messages_into_a_linked_case() {
    let (_, session, _) = open();
    let requester = person(&session, "Ann");
    let old: CaseId = session
        .cases()
        .create(Case { requester: Some(requester), ..new_case("Two things") })
        .unwrap()
        .meta
        .id
        .into();
    session.cases().note(old, "one").unwrap();
    let second: CaseMessageId = session.cases().note(old, "two").unwrap().meta.id.into();
    let before = export(&session);
    let split = session.cases().split(old, &[second, second], "The second thing").unwrap();
    let new: CaseId = split.case.meta.id.into();
    assert_eq!((split.case.requester, split.case.number.as_deref()), (Some(requester), Some("C-00002")));
    assert_eq!((bodies(&session, old), bodies(&session, new)), (vec!["one".into()], vec!["two".into()]));
    assert_eq!(session.cases().links(old).unwrap()[0].case, new);
    let moved = session.case_messages().get(second).unwrap();
    assert_eq!(moved.moved_from.as_deref(), Some("C-00001"));
    // Merged back, the message is where it was written.
    let merged = session.cases().merge(new, old).unwrap();
    assert_eq!(session.case_messages().get(second).unwrap().moved_from, None);
    session.journal().undo_job(merged.job).unwrap();
    session.journal().undo_job(split.job).unwrap();
    assert_eq!(export(&session), before);
}

#[test]
fn operations_work_inside_a_transaction() {
    let (_, session, _) = open();
    let (a, b): (CaseId, CaseId) = (case(&session, "A").meta.id.into(), case(&session, "B").meta.id.into());
    let job = session
        .transaction(|t| {
            t.cases().note(a, "inside")?;
            let merged = t.cases().merge(a, b)?;
            assert_eq!(t.cases().thread(b, ThreadView::All)?.len(), 1);
            Ok(merged.job)
        })
        .unwrap();
    session.journal().undo_job(job).unwrap();
    assert_eq!(bodies(&session, a), ["inside"], "the note is no part of the job");
    session.snapshot(|s| s.cases().thread(a, ThreadView::All)).unwrap();
}

#[derive(Clone, Debug)]
enum Step {
    Merge(usize, usize),
    Split(usize, usize),
    Undo,
    Answer(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0_usize..8, 0_usize..8).prop_map(|(a, b)| Step::Merge(a, b)),
        3 => (0_usize..8, 1_usize..4).prop_map(|(a, n)| Step::Split(a, n)),
        2 => Just(Step::Undo),
        1 => (0_usize..8).prop_map(Step::Answer),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_merges_splits_and_undos_loses_a_message(steps in proptest::collection::vec(step(), 1..14)) {
        let (_, session, clock) = open();
        let mut cases: Vec<CaseId> = Vec::new();
        let mut written = Vec::new();
        for name in ["A", "B", "C", "D"] {
            let id: CaseId = case(&session, name).meta.id.into();
            for place in 0..3 {
                let body = format!("{name}{place}");
                session.cases().note(id, &body).unwrap();
                written.push(body);
            }
            cases.push(id);
        }
        let mut jobs = Vec::new();
        for (round, step) in steps.into_iter().enumerate() {
            clock.advance_days(1);
            match step {
                Step::Merge(a, b) => {
                    if let Ok(merged) = session.cases().merge(cases[a % cases.len()], cases[b % cases.len()]) {
                        jobs.push(merged.job);
                    }
                }
                Step::Split(a, count) => {
                    let old = cases[a % cases.len()];
                    let messages: Vec<CaseMessageId> = session
                        .cases()
                        .thread(old, ThreadView::All)
                        .map(|thread| thread.into_iter().take(count).map(|entry| entry.message.meta.id.into()).collect())
                        .unwrap_or_default();
                    if let Ok(split) = session.cases().split(old, &messages, "split") {
                        cases.push(split.case.meta.id.into());
                        jobs.push(split.job);
                    }
                }
                Step::Undo => {
                    if let Some(job) = jobs.pop() {
                        session.journal().undo_job(job).unwrap();
                    }
                }
                Step::Answer(a) => {
                    let id = cases[a % cases.len()];
                    if session.cases().find(id).unwrap().is_some() && jobs.is_empty() {
                        let body = format!("answer {round}");
                        session.cases().note(id, &body).unwrap();
                        written.push(body);
                    }
                }
            }
            let mut found: Vec<String> = Vec::new();
            let page = session.case_messages().list(&Query::new().limit(1_000)).unwrap();
            for message in page.records {
                prop_assert!(session.cases().get(message.case).unwrap().merged_into.is_none());
                found.push(message.body.unwrap());
            }
            found.sort();
            written.sort();
            prop_assert_eq!(&found, &written);
        }
        while let Some(job) = jobs.pop() {
            session.journal().undo_job(job).unwrap();
        }
        prop_assert!(session.journal().verify().unwrap().is_sound());
    }
}
