//! What a permit passes over because nothing is noted is never there: the law of `crm_standing`.

use crm_core::privacy::erasure::ErasureOptions;
use crm_core::storage::Param;
use crm_core::{CrmError, Result};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value as Json, json};

use super::*;

/// The addresses that people have in turn, so that some share one.
const ADDRESSES: [&str; 3] = ["ada@example.com", "bea@example.com", "eve@example.com"];

/// What has something on a person or an address.
#[derive(Clone, Copy, Debug)]
enum Fact {
    Consent(ConsentStatus),
    AddressConsent(ConsentStatus),
    Subject,
    Restriction,
    Objection,
    Event,
    Basis,
    Suppression,
    Contact,
}

#[derive(Clone, Debug)]
enum Step {
    Person(usize),
    Note(Index, Fact),
    /// Gives an event of a relationship to somebody else.
    Hand(Index),
    Readdress(Index, usize),
    DeletePerson(Index),
    RestorePerson(Index),
    DeleteFact(Index),
    RestoreFact(Index),
    Undo(Index),
    Erase(Index),
    Retain,
    RollBack(Index, Fact),
    Days(i64),
}

fn fact() -> impl Strategy<Value = Fact> {
    use ConsentStatus::{Given, Withdrawn};
    prop_oneof![
        1 => Just(Fact::Consent(Given)),
        1 => Just(Fact::Consent(Withdrawn)),
        1 => Just(Fact::AddressConsent(Given)),
        1 => Just(Fact::AddressConsent(Withdrawn)),
        1 => Just(Fact::Subject),
        1 => Just(Fact::Restriction),
        1 => Just(Fact::Objection),
        1 => Just(Fact::Event),
        1 => Just(Fact::Basis),
        1 => Just(Fact::Suppression),
        2 => Just(Fact::Contact),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = any::<Index>;
    let step = prop_oneof![
        4 => (0..ADDRESSES.len()).prop_map(Step::Person),
        16 => (index(), fact()).prop_map(|(person, fact)| Step::Note(person, fact)),
        2 => index().prop_map(Step::Hand),
        2 => (index(), 0..ADDRESSES.len()).prop_map(|(person, to)| Step::Readdress(person, to)),
        1 => index().prop_map(Step::DeletePerson),
        2 => index().prop_map(Step::RestorePerson),
        3 => index().prop_map(Step::DeleteFact),
        2 => index().prop_map(Step::RestoreFact),
        4 => index().prop_map(Step::Undo),
        1 => index().prop_map(Step::Erase),
        1 => Just(Step::Retain),
        2 => (index(), fact()).prop_map(|(person, fact)| Step::RollBack(person, fact)),
        2 => (1_i64..12).prop_map(Step::Days),
    ];
    prop::collection::vec(step, 1..30)
}

/// A world with the people and facts that were ever in it.
struct Work {
    world: World,
    people: Vec<RecordId>,
    facts: Vec<(&'static str, RecordId)>,
}

impl Work {
    fn open() -> Self {
        let world = world();
        world.notice();
        // What is older loses its person, and who is older goes.
        for (record_type, days, action) in [("relationship_event", 10, "anonymise"), ("person", 30, "erase")]
        {
            let rule = json!({
                "name": record_type, "record_type": record_type, "trigger": "created_at", "ceiling_days": days,
                "action": action, "active": true,
            });
            world.session.call("retention_rule.create", rule).unwrap();
        }
        let mut work = Self { world, people: Vec::new(), facts: Vec::new() };
        work.run(&Step::Person(0)).unwrap();
        work
    }

    /// A session to which no restriction and no objection closes data.
    fn session_for(&self, purpose: Purpose) -> Session {
        self.world.crm.session(Actor::System, purpose).unwrap()
    }

    /// Notes a fact, and gives the record of it where there is one that can go.
    fn note(
        &self,
        session: &Session,
        person: RecordId,
        fact: Fact,
    ) -> Result<Option<(&'static str, RecordId)>> {
        let make = |operation: &str, of: Json| {
            let made = session.call(operation, of)?;
            Ok::<RecordId, CrmError>(made["id"].as_str().unwrap().parse().unwrap())
        };
        let address = || {
            let emails = self.session_for(Purpose::RightsFulfilment).people().get(person)?.emails;
            Ok::<String, CrmError>(emails.first().map(|email| email.address.clone()).unwrap_or_default())
        };
        let consent = |of_person: bool, kind: ConsentStatus| {
            let notice = self.world.notice();
            let event = ConsentEvent {
                person: of_person.then(|| person.into()),
                address: Some(address()?).filter(|_| !of_person),
                purpose: "direct_marketing".into(),
                channel: Some(ByEmail),
                kind,
                notice: (kind == ConsentStatus::Given).then_some(notice),
                method: IndicationMethod::WebForm,
                ..ConsentEvent::default()
            };
            session.consent().record(event, None).map(|_| None)
        };
        let by = |name, id| Ok(Some((name, id)));
        match fact {
            Fact::Consent(kind) => consent(true, kind),
            Fact::AddressConsent(kind) => consent(false, kind),
            Fact::Subject => {
                let of = json!({"person": person, "residence_country": "FR"});
                by("data_subject", make("data_subject.create", of)?)
            }
            Fact::Restriction => {
                let of = json!({"person": person, "ground": "accuracy_contested"});
                by("restriction", make("restriction.create", of)?)
            }
            Fact::Objection => {
                let of = json!({"person": person, "purpose": "analytics"});
                by("objection", make("objection.create", of)?)
            }
            Fact::Event => {
                let of = json!({"person": person, "kind": "purchase"});
                by("relationship_event", make("relationship_event.create", of)?)
            }
            Fact::Basis => {
                let of = json!({
                    "person": person, "purpose": "direct_marketing", "legal_basis": "consent",
                });
                by("processing_basis", make("processing_basis.create", of)?)
            }
            Fact::Suppression => {
                let request = SuppressionRequest {
                    address: address()?,
                    channel: Some(ByEmail),
                    reason: SuppressionReason::Manual,
                    ..SuppressionRequest::default()
                };
                session.suppressions().add(request).map(|_| None)
            }
            Fact::Contact => {
                let permit = session.privacy().issue_permit(&request(person, ByEmail), None)?;
                if let Some(token) = permit.token {
                    session.privacy().redeem_permit(&token, None)?;
                }
                Ok(None)
            }
        }
    }

    /// Does a step. One that is refused changes nothing.
    fn run(&mut self, step: &Step) -> Result<()> {
        let session = self.world.crm.session(Actor::System, Purpose::DirectMarketing)?;
        let person = |at: &Index| *at.get(&self.people);
        let fact = |at: &Index| (!self.facts.is_empty()).then(|| *at.get(&self.facts));
        match step {
            Step::Person(address) => {
                let home = PostalAddress { country: "DE".into(), ..PostalAddress::default() };
                let made = session.people().create(Person {
                    family_name: Some("Lovelace".into()),
                    emails: vec![Email::home(ADDRESSES[*address])],
                    addresses: vec![home],
                    ..Person::default()
                })?;
                self.people.push(made.meta.id);
            }
            Step::Note(at, fact) => {
                let noted = self.note(&session, person(at), *fact)?;
                self.facts.extend(noted);
            }
            Step::Hand(at) => {
                let events = self.facts.iter().filter(|(name, _)| *name == "relationship_event");
                for (_, event) in events {
                    session.relationship_events().patch(*event, &json!({"person": person(at)}))?;
                }
            }
            Step::Readdress(at, to) => {
                let emails = json!([{"address": ADDRESSES[*to]}]);
                session.people().patch(person(at), &json!({ "emails": emails }))?;
            }
            Step::DeletePerson(at) => drop(session.people().delete(person(at))?),
            Step::RestorePerson(at) => drop(session.people().restore(person(at))?),
            Step::DeleteFact(at) => {
                if let Some((name, id)) = fact(at) {
                    session.call(&format!("{name}.delete"), json!({ "id": id }))?;
                }
            }
            Step::RestoreFact(at) => {
                if let Some((name, id)) = fact(at) {
                    session.call(&format!("{name}.restore"), json!({ "id": id }))?;
                }
            }
            Step::Undo(at) => {
                let entries = usize::try_from(session.journal().head()?.size).unwrap();
                session.journal().undo(at.index(entries) as u64)?;
            }
            Step::Erase(at) => {
                let options = ErasureOptions { verify: false, ..ErasureOptions::default() };
                self.session_for(Purpose::RightsFulfilment).erasure().erase(person(at), options)?;
            }
            Step::Retain => {
                self.session_for(Purpose::RightsFulfilment)
                    .retention()
                    .run(None, &mut |_| ControlFlow::Continue(()))?;
            }
            Step::RollBack(at, fact) => {
                let (person, fact) = (person(at), *fact);
                session.transaction(|work| {
                    if matches!(fact, Fact::Objection) {
                        let objection = Objection {
                            person: person.into(),
                            purpose: "analytics".into(),
                            ..Objection::default()
                        };
                        work.objections().create(objection)?;
                    } else {
                        let subject = DataSubject { person: person.into(), ..DataSubject::default() };
                        work.data_subjects().create(subject)?;
                    }
                    Err::<(), _>(CrmError::invalid("test.rolled_back", "is not wanted"))
                })?;
            }
            Step::Days(days) => self.world.clock.advance_days(*days),
        }
        Ok(())
    }

    /// The decisions about everybody, of now and of the past that is now. Nothing is passed over in a read of the past.
    fn decisions(&self) -> [Vec<Json>; 2] {
        let session = &self.world.session;
        let inputs = self.people.iter().flat_map(|person| {
            ["email", "postal"].map(|channel| {
                json!({"person": person, "purpose": "direct_marketing", "channel": channel, "address": match channel {
                    "email" => Json::Null,
                    _ => "1 Main Street, Town".into(),
                }})
            })
        });
        let of_addresses = ADDRESSES
            .iter()
            .map(|address| json!({"address": address, "purpose": "direct_marketing", "channel": "email"}));
        let inputs: Vec<Json> = inputs.chain(of_addresses).collect();
        let answer = |outcome: Result<Json>| match outcome {
            Ok(decision) => decision,
            Err(error) => error.code().into(),
        };
        let now = inputs.iter().map(|input| answer(session.call("privacy.may_contact", input.clone())));
        let past = inputs.iter().map(|input| {
            let calls = json!([{"operation": "privacy.may_contact", "input": input}]);
            answer(
                session
                    .call("batch.as_of", json!({"at": session.now(), "calls": calls}))
                    .map(|answers| answers[0].clone()),
            )
        });
        [now.collect(), past.collect()]
    }
}

/// What is marked in another way than the records say.
fn wrong(session: &Session) -> Vec<(String, RecordId)> {
    let found = session.journal().verify_records(&mut |_| ControlFlow::Continue(())).unwrap();
    let of_standing = found.findings.into_iter().filter(|found| found.field == "standing");
    of_standing.map(|found| (found.record_type, found.record)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if crate::engine_support::is_server() { 4 } else { 40 }))]
    #[test]
    fn nothing_that_is_on_file_is_passed_over(steps in steps()) {
        let mut work = Work::open();
        for step in &steps {
            let _ = work.run(step);
            prop_assert_eq!(wrong(&work.world.session), [], "{:?}", step);
        }
        let [now, past] = work.decisions();
        prop_assert_eq!(now, past);
        // A copy that no rule runs in has the marks, too.
        let mut file = Vec::new();
        work.session_for(Purpose::TechnicalServiceProvision).exports().jsonl(&mut file, &mut |_| ControlFlow::Continue(())).unwrap();
        let copy = world_with(|config| config.random(SeededRandom::new([8; 32])));
        copy.crm.session(Actor::System, Purpose::TechnicalServiceProvision).unwrap().imports().jsonl(&file[..], &mut |_| ControlFlow::Continue(())).unwrap();
        prop_assert_eq!(wrong(&copy.session), []);
    }
}

#[test]
fn a_wrong_mark_is_found() {
    let work = Work::open();
    let ada = work.people[0];
    let session = &work.world.session;
    // Whatever can be noted can be noted here, so that the law is about something.
    work.note(session, ada, Fact::Consent(ConsentStatus::Given)).unwrap();
    assert!(work.world.ask(ada, ByEmail).is_permitted());
    use Fact::{AddressConsent, Basis, Contact, Event, Objection, Restriction, Subject, Suppression};
    let address = AddressConsent(ConsentStatus::Withdrawn);
    for fact in [Contact, Subject, Restriction, Objection, Event, Basis, Suppression, address] {
        work.note(session, ada, fact).unwrap();
        assert_eq!(wrong(session), [], "{fact:?}");
    }
    assert_eq!(session.contact_permits().list(&Default::default()).unwrap().records.len(), 1);
    let execute = |sql: &str, parameters: &[Param<'_>]| {
        let database = work.world.crm.database();
        database.write(&mut |connection| connection.execute(sql, parameters).map(drop)).unwrap();
    };
    execute("UPDATE crm_standing SET noted = noted | 32 WHERE holder = ?1", &[Param::Id(ada)]);
    assert_eq!(wrong(session), [("person".to_owned(), ada)]);
    execute("DELETE FROM crm_standing", &[]);
    let mut found: Vec<_> = wrong(session).into_iter().map(|(record_type, _)| record_type).collect();
    found.dedup();
    let all = [
        "data_subject",
        "objection",
        "relationship_event",
        "processing_basis",
        "suppression",
        "contact_permit",
    ];
    assert_eq!(found, all);
}
