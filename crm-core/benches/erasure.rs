//! Erasing one person with 200 related records in a full database: the transaction, without the file rewrite.
//!
//! `cargo bench -p crm-core --bench erasure`; the number of contacts is `CRM_BENCH_N`, 100,000 by default. The limit is
//! 100 ms: `plan` does all of the erasure and rolls it back, `commit` does it and commits, and `finish` is what follows
//! (the log is emptied, the certificate is written). Figures are processor time.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a program of measurements; criterion's macros make functions"
)]

mod support;

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use crm_core::activity::{Call, Note, Task};
use crm_core::contacts::{Email, Person, Phone};
use crm_core::privacy::erasure::ErasureOptions;
use crm_core::sales::Deal;
use crm_core::service::{Case, CaseMessage, Channel, MessageDirection};
use crm_core::{Actor, Config, Crm, Purpose, RecordId, Reference, Session};
use support::Folder;
use support::cpu::CpuTime;
use support::data::Data;
use support::ours::Ours;

/// How many records hang on the person.
const RELATED: usize = 200;

/// A person with notes, tasks, calls, deals and a case full of messages.
fn person(session: &Session, number: usize, pipeline: RecordId) -> RecordId {
    let person = Person {
        given_name: Some(format!("Zoraida{number}")),
        family_name: Some(format!("Quartzberg{number}")),
        nickname: Some(format!("Zora{number}")),
        emails: vec![Email::work(format!("zora{number}@quartzberg.example"))],
        phones: vec![Phone::mobile(format!("+4917123{:05}", 10_000 + number))],
        description: Some("A customer of many years".into()),
        ..Person::default()
    };
    let id = session.people().create(person).unwrap().meta.id;
    let about = Reference::new("person", id);
    let each = RELATED / 5;
    let text =
        |n: usize| format!("What was said on day {n}, with some more words to it as people write them");
    let notes = (0..each).map(|n| Note { about: about.clone(), body: text(n), ..Note::default() });
    session.notes().create_all(notes.collect()).unwrap().into_iter().for_each(|made| drop(made.unwrap()));
    let tasks = (0..each).map(|n| Task {
        about: Some(about.clone()),
        subject: format!("Task {n}"),
        body: Some(text(n)),
        ..Task::default()
    });
    session.tasks().create_all(tasks.collect()).unwrap().into_iter().for_each(|made| drop(made.unwrap()));
    let calls = (0..each).map(|n| Call { about: Some(about.clone()), subject: text(n), ..Call::default() });
    session.calls().create_all(calls.collect()).unwrap().into_iter().for_each(|made| drop(made.unwrap()));
    let deals = (0..each).map(|n| Deal {
        name: format!("Deal {n}"),
        pipeline: pipeline.into(),
        person: Some(id.into()),
        description: Some(text(n)),
        amount: Some("100.00 EUR".parse().unwrap()),
        ..Deal::default()
    });
    session.deals().create_all(deals.collect()).unwrap().into_iter().for_each(|made| drop(made.unwrap()));
    let case = Case { subject: "Many questions".into(), requester: Some(id.into()), ..Case::default() };
    let case = session.cases().create(case).unwrap().meta.id;
    let messages = (1..each).map(|n| CaseMessage {
        case: case.into(),
        direction: MessageDirection::Inbound,
        channel: Channel::Email,
        author: Some(about.clone()),
        body: Some(text(n)),
        ..CaseMessage::default()
    });
    session
        .case_messages()
        .create_all(messages.collect())
        .unwrap()
        .into_iter()
        .for_each(|made| drop(made.unwrap()));
    id
}

fn erasing(criterion: &mut Criterion<CpuTime>) {
    let size = std::env::var("CRM_BENCH_N").map_or(100_000, |size| size.parse().unwrap());
    let folder = Folder::new("erasure");
    let path = folder.file("ours.db");
    let data = Data::generate(size, 1);
    let mut ours = Ours::create(&path);
    data.accounts.chunks(500).for_each(|rows| ours.accounts(rows));
    data.contacts[..size].chunks(500).for_each(|rows| ours.contacts(rows));
    data.deals[..size / 10].chunks(500).for_each(|rows| ours.deals(rows));
    data.cases[..size / 10].chunks(500).for_each(|rows| ours.cases(rows));
    drop(ours);
    support::settle(&path);
    let crm = Crm::open(&path, Config::default()).unwrap();
    let session = crm.session(Actor::System, Purpose::RightsFulfilment).unwrap();
    let pipeline =
        session.pipelines().list(&crm_core::record::query::Query::new()).unwrap().records[0].meta.id;
    let mut number = 0;
    let mut next = || {
        number += 1;
        let made = person(&session, number, pipeline);
        // What making the records has left in the log is no work of the erasure.
        assert!(crm.database().checkpoint().unwrap(), "nobody reads");
        made
    };

    let mut group =
        criterion.benchmark_group(format!("erasing one of {size} with {RELATED} related records"));
    group.sample_size(10);
    let planned = next();
    group.bench_function("plan: done and rolled back", |bencher| {
        bencher.iter(|| black_box(session.erasure().plan(planned).unwrap()));
    });
    let options = ErasureOptions { verify: false, ..ErasureOptions::default() };
    group.bench_function("erase: committed, log emptied, certificate written", |bencher| {
        bencher.iter_batched(
            &mut next,
            |person| black_box(session.erasure().erase(person, options.clone()).unwrap()),
            BatchSize::PerIteration,
        );
    });
    group.finish();
}

criterion_group!(
    name = benches;
    config = Criterion::default().with_measurement(CpuTime);
    targets = erasing
);
criterion_main!(benches);
