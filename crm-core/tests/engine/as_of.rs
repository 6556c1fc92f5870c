//! The past: what a snapshot shows on a day is what `as_of` shows for that day later, whatever happened since.

use std::fmt::Debug;

use crate::sales_support::Sales;
use crm_core::access::users::User;
use crm_core::activity::{AgendaQuery, Meeting, MeetingAttendee, Note, Task, TimelineQuery};
use crm_core::contacts::{Affiliation, Organisation, Person, Relationship, RelationshipType};
use crm_core::record::Snapshot;
use crm_core::record::filter::Filter;
use crm_core::record::query::Query;
use crm_core::sales::{ForecastQuery, LostReason, PassageQuery};
use crm_core::service::{Case, CaseId, CaseLinkKind, Inbound, Queue, Reply, ThreadView};
use crm_core::{CrmError, RecordId, Reference, Timestamp};
use serde_json::json;

/// The records that are looked at.
struct World {
    sales: Sales,
    user: RecordId,
    works: Reference,
    ada: Reference,
    deals: Vec<RecordId>,
    cases: Vec<CaseId>,
}

fn shown<T: Debug>(name: &str, found: Result<T, CrmError>) -> String {
    match found {
        Ok(found) => format!("{name}: {found:?}"),
        Err(error) => format!("{name}: {}", error.code()),
    }
}

impl World {
    fn open() -> Self {
        let sales = Sales::open();
        let session = &sales.session;
        session.stages().patch(sales.stage("proposal").0, &json!({"rotting_days": 2})).unwrap();
        let user = session.users().create(User { name: "Grace".into(), ..User::default() }).unwrap();
        let works = Organisation { name: "Works".into(), ..Organisation::default() };
        let works = session.organisations().create(works).unwrap().meta.id;
        let ada = Person {
            given_name: Some("Ada".into()),
            family_name: Some("King".into()),
            organisation: Some(works.into()),
            ..Person::default()
        };
        let ada = session.people().create(ada).unwrap().meta.id;
        Self {
            user: user.meta.id,
            works: Reference::new("organisation", works),
            ada: Reference::new("person", ada),
            deals: Vec::new(),
            cases: Vec::new(),
            sales,
        }
    }

    /// Everything that areas make of their records by more than the list of one type.
    fn look(&self, at: &Snapshot<'_>) -> Vec<String> {
        let mut seen = Vec::new();
        self.look_at_sales(at, &mut seen);
        self.look_at_service(at, &mut seen);
        self.look_at_contacts(at, &mut seen);
        for subject in [&self.works, &self.ada].into_iter().cloned().chain(self.references()) {
            for with_people in [false, true] {
                let query = TimelineQuery { with_people, limit: 3, ..TimelineQuery::default() };
                let first = at.timeline(&subject, &query);
                let next = first.as_ref().ok().and_then(|page| page.next.clone());
                seen.push(shown("timeline", first.map(|page| page.records)));
                if next.is_some() {
                    let rest = TimelineQuery { cursor: next, limit: 100, ..query };
                    seen.push(shown("timeline", at.timeline(&subject, &rest).map(|page| page.records)));
                }
            }
        }
        seen.push(shown("agenda", at.agenda(self.user, &AgendaQuery::default())));
        seen
    }

    fn references(&self) -> impl Iterator<Item = Reference> + '_ {
        let deals = self.deals.iter().map(|deal| Reference::new("deal", *deal));
        deals.chain(self.cases.iter().map(|case| Reference::new("case", *case)))
    }

    fn look_at_sales(&self, at: &Snapshot<'_>, seen: &mut Vec<String>) {
        let passage = PassageQuery {
            from: self.sales.stage("qualification"),
            to: self.sales.stage("proposal"),
            ..PassageQuery::default()
        };
        let pipeline = self.sales.pipeline.meta.id;
        let recent: Filter = "closed_at in last 3 days".parse().unwrap();
        seen.push(shown("board", at.pipelines().board(pipeline, None)));
        seen.push(shown("conversion", at.pipelines().conversion(&passage)));
        seen.push(shown("velocity", at.pipelines().velocity(&passage)));
        seen.push(shown("forecast", at.deals().forecast(&ForecastQuery::default())));
        seen.push(shown("outcome", at.deals().outcome(None)));
        seen.push(shown("recent outcome", at.deals().outcome(Some(&recent))));
        seen.push(shown("rotting", at.deals().rotting(pipeline, &Query::new().ascending("name"))));
        for deal in &self.deals {
            seen.push(shown("stage history", at.deals().stage_history(*deal)));
        }
    }

    fn look_at_service(&self, at: &Snapshot<'_>, seen: &mut Vec<String>) {
        seen.push(shown("queues", at.cases().queue_overview()));
        for (index, case) in self.cases.iter().enumerate() {
            seen.push(shown("links", at.cases().links(*case)));
            seen.push(shown("status periods", at.cases().status_periods(*case)));
            seen.push(shown("thread", at.cases().thread(*case, ThreadView::All)));
            seen.push(shown("number", at.cases().find_by_number(&format!("C-{:05}", index + 1))));
        }
        let inbound = Inbound { in_reply_to: Some("<first@works.example>".into()), ..Inbound::default() };
        seen.push(shown("match", at.cases().match_inbound(&inbound)));
    }

    fn look_at_contacts(&self, at: &Snapshot<'_>, seen: &mut Vec<String>) {
        seen.push(shown("card", at.people().card(self.ada.id)));
        seen.push(shown("suggest", at.people().suggest("k", 5)));
        seen.push(shown("names", at.search().suggest("person", "k", 5)));
        seen.push(shown("organisations", at.people().organisations(self.ada.id, None)));
        seen.push(shown("people", at.organisations().people(self.works.id, None, None, 10)));
        seen.push(shown("descendants", at.organisations().descendants(self.works.id, 5)));
        seen.push(shown("relationships", at.relationships().of(&self.ada, None, None, 10)));
        seen.push(shown("e-mail", at.people().find_by_email("ada@works.example")));
        seen.push(shown("tags", at.people().tags(None, 10)));
    }

    /// What happens on a day.
    fn day(&mut self, day: usize) {
        let session = self.sales.session.clone();
        let (ada, works) = (self.ada.id, self.works.id);
        let go = |deal: RecordId, key: &str| {
            session.deals().move_with(deal, self.sales.stage(key), &json!({"lost_notes": "?"})).unwrap();
        };
        match day {
            0 => {
                for amount in ["10.05 EUR", "7 JPY", "", "99 EUR"] {
                    let deal = self.sales.deal_in("qualification", amount).meta.id;
                    session
                        .deals()
                        .patch(deal, &json!({"person": ada, "expected_close_date": "2026-12-24"}))
                        .unwrap();
                    self.deals.push(deal);
                }
                let queue = session
                    .queues()
                    .create(Queue { name: "Second level".into(), ..Queue::default() })
                    .unwrap();
                for subject in ["Printer", "Scanner", "Lamp"] {
                    let case = Case {
                        subject: subject.into(),
                        requester: Some(ada.into()),
                        queue: Some(queue.meta.id.into()),
                        ..Case::default()
                    };
                    self.cases.push(session.cases().create(case).unwrap().meta.id.into());
                }
                session.cases().link(self.cases[0], self.cases[1], CaseLinkKind::Related).unwrap();
                session
                    .people()
                    .patch(ada, &json!({"tags": ["vip"], "emails": [{"address": "ada@works.example"}]}))
                    .unwrap();
            }
            1 => {
                go(self.deals[0], "proposal");
                go(self.deals[1], "lost");
                let first = Reply {
                    body: "On its way".into(),
                    message_id: Some("<first@works.example>".into()),
                    ..Reply::default()
                };
                session.cases().reply(self.cases[0], first).unwrap();
                session.cases().resolve(self.cases[1], Some("Switched on")).unwrap();
                let note =
                    Note { about: self.works.clone(), body: "They build engines".into(), ..Note::default() };
                session.notes().create(note).unwrap();
                let meeting = Meeting {
                    subject: "Visit".into(),
                    about: Some(self.works.clone()),
                    starts_at: session.now().plus_days(4),
                    ends_at: session.now().plus_days(5),
                    ..Meeting::default()
                };
                let meeting = session.meetings().create(meeting).unwrap().meta.id;
                for attendee in [self.ada.clone(), Reference::new("user", self.user)] {
                    let meeting = meeting.into();
                    session
                        .meeting_attendees()
                        .create(MeetingAttendee { meeting, attendee, ..Default::default() })
                        .unwrap();
                }
                let task =
                    Task { subject: "Call back".into(), about: Some(self.ada.clone()), ..Task::default() };
                let task = session.tasks().create(task).unwrap().meta.id;
                session.tasks().patch(task, &json!({"owner": self.user, "due_date": "2026-11-24"})).unwrap();
                let kind = RelationshipType {
                    name: "Mentor of".into(),
                    inverse_name: "Mentee of".into(),
                    ..Default::default()
                };
                let kind = session.relationship_types().create(kind).unwrap().meta.id;
                for name in ["Charles", "Mary"] {
                    let other = Person { family_name: Some(name.into()), ..Person::default() };
                    let other = session.people().create(other).unwrap().meta.id;
                    let relationship = Relationship {
                        kind: kind.into(),
                        first: Some(self.ada.clone()),
                        second: Some(Reference::new("person", other)),
                        ..Relationship::default()
                    };
                    session.relationships().create(relationship).unwrap();
                }
                let sub =
                    Organisation { name: "Branch".into(), parent: Some(works.into()), ..Default::default() };
                let sub = session.organisations().create(sub).unwrap().meta.id;
                session
                    .affiliations()
                    .create(Affiliation {
                        person: ada.into(),
                        organisation: sub.into(),
                        ..Default::default()
                    })
                    .unwrap();
            }
            2 => {
                let reason = session
                    .lost_reasons()
                    .create(LostReason { name: "Price".into(), ..Default::default() })
                    .unwrap();
                session.deals().patch(self.deals[1], &json!({"lost_reason": reason.meta.id})).unwrap();
                go(self.deals[3], "won");
                session
                    .stages()
                    .patch(self.sales.stage("proposal").0, &json!({"name": "Offer", "probability": "66.5"}))
                    .unwrap();
                session.cases().merge(self.cases[2], self.cases[0]).unwrap();
                session
                    .people()
                    .patch(ada, &json!({"family_name": "Lovelace", "organisation": null}))
                    .unwrap();
                session.people().rename_tag("vip", "Key contact").unwrap();
            }
            3 => {
                go(self.deals[0], "qualification");
                session.deals().delete(self.deals[3]).unwrap();
                session.cases().reopen(self.cases[1]).unwrap();
                session.cases().note(self.cases[0], "Not again").unwrap();
                for note in session.notes().list(&Query::new()).unwrap().records {
                    session.notes().delete(note.meta.id).unwrap();
                }
                for meeting in session.meetings().list(&Query::new()).unwrap().records {
                    session
                        .meetings()
                        .patch(meeting.meta.id, &json!({"subject": "Visit put off", "about": null}))
                        .unwrap();
                }
            }
            4 => {
                session.deals().restore(self.deals[3]).unwrap();
                go(self.deals[0], "won");
                session.deals().delete(self.deals[1]).unwrap();
                for link in session.cases().links(self.cases[0]).unwrap() {
                    session.case_links().delete(link.link).unwrap();
                }
                session.cases().delete(self.cases[1]).unwrap();
                for meeting in session.meetings().list(&Query::new()).unwrap().records {
                    session.meetings().delete(meeting.meta.id).unwrap();
                }
                for relationship in session.relationships().list(&Query::new()).unwrap().records {
                    session.relationships().delete(relationship.meta.id).unwrap();
                }
            }
            _ => {
                for deal in session.deals().list(&Query::new()).unwrap().records {
                    session.deals().delete(deal.meta.id).unwrap();
                }
                // The case that was merged into it goes with it.
                session.cases().delete(self.cases[0]).unwrap();
                session.people().delete(ada).unwrap();
                for organisation in
                    session.organisations().list(&Query::new().ascending("name")).unwrap().records
                {
                    session.organisations().patch(organisation.meta.id, &json!({"parent": null})).unwrap();
                    session.organisations().delete(organisation.meta.id).unwrap();
                }
            }
        }
    }
}

#[test]
fn the_past_is_what_it_was() {
    let mut world = World::open();
    let mut days: Vec<(Timestamp, usize, usize, Vec<String>)> = Vec::new();
    for day in 0..=5 {
        world.day(day);
        let seen = world.sales.session.snapshot(|now| Ok(world.look(now))).unwrap();
        days.push((world.sales.session.now(), world.deals.len(), world.cases.len(), seen));
        for (day, (at, .., expected)) in days.iter().enumerate() {
            let found = world.sales.session.as_of(*at, |past| Ok(world.look(past))).unwrap();
            for (found, expected) in found.iter().zip(expected) {
                assert_eq!(found, expected, "day {day}, seen from day {}", days.len() - 1);
            }
            assert_eq!(found.len(), expected.len());
        }
        world.sales.days(1);
    }
    let told: usize = days.iter().map(|(.., seen)| seen.iter().map(String::len).sum::<usize>()).sum();
    assert!(told > 20_000, "the days are full: {told}");
}

#[test]
fn the_search_has_no_past_and_says_so() {
    let mut world = World::open();
    world.day(0);
    let session = &world.sales.session;
    let then = session.now();
    assert_eq!(session.snapshot(|now| now.search().find("king")).unwrap().len(), 1);
    assert_eq!(session.as_of(then, |past| past.search().find("king")).unwrap_err().code(), "search.past");
}
