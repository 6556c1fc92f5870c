//! What the engine costs on PostgreSQL, over a Unix socket, beside the same statements by hand through the `postgres` crate.
//!
//! `tests/postgres/cluster cargo bench -p crm-core --features postgres --bench postgres`, with `CRM_BENCH_N` for the number
//! of contacts and of deals (10,000 by default).
//!
//! One database is filled and copied three times: on one copy the engine is measured, on one its statements are written
//! down, on one they are sent again, prepared once, with the same values, in the same transactions, and every value of
//! every row is read. The two take turns, operation by operation. The figures are wall time, since the server is another
//! process: the tenth percentile, because on a machine that others use what is above it says more about the others, and the
//! median. What the client spends of the processor is shown beside it.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a program of measurements for people")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

#[path = "support/by_hand.rs"]
mod by_hand;
#[path = "support/data.rs"]
#[allow(dead_code, reason = "the rows are those of the other benchmarks, which need all of them")]
mod data;

use std::time::Instant;

use by_hand::{Hand, Recorded, Recorder, Step};
use cpu_time::ProcessTime;
use crm_core::contacts::{Email, Organisation, OrganisationId, Person, Phone};
use crm_core::privacy::keys::StaticKey;
use crm_core::record::query::Query;
use crm_core::sales::{Deal, PipelineId, template};
use crm_core::{Actor, Config, Crm, Currency, Money, Purpose, Session};
use data::Data;
use postgres::{Client, NoTls};

/// How many contacts, pages and boards are measured, after a few that prepare the statements.
const OPERATIONS: usize = 400;
const WARM_UP: usize = 20;

/// The engine on a database that is filled.
struct Ours {
    session: Session,
    pipeline: PipelineId,
    organisations: Vec<OrganisationId>,
}

fn config() -> Config {
    Config::default().keys(StaticKey::new(&[7; 32]))
}

fn session(crm: &Crm) -> Session {
    crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap()
}

fn person(row: &data::Contact, organisations: &[OrganisationId]) -> Person {
    Person {
        given_name: Some(row.given.clone()),
        family_name: Some(row.family.clone()),
        organisation: Some(organisations[row.account - 1]),
        emails: vec![Email::work(row.email.as_str())],
        phones: vec![Phone::work(row.phone.as_str())],
        ..Person::default()
    }
}

/// Fills a database; gives what the steps need.
fn fill(session: &Session, data: &Data) -> (PipelineId, Vec<OrganisationId>) {
    let organisation = |name: &str| Organisation { name: name.to_owned(), ..Organisation::default() };
    let mut organisations: Vec<OrganisationId> = Vec::new();
    for rows in data.accounts.chunks(500) {
        let rows = rows.iter().map(|row| organisation(&row.name)).collect();
        let made = session.organisations().create_all(rows).unwrap();
        organisations.extend(made.into_iter().map(|made| OrganisationId::from(made.unwrap().meta.id)));
    }
    for rows in data.contacts[..data.size].chunks(500) {
        let rows = rows.iter().map(|row| person(row, &organisations)).collect();
        session.people().create_all(rows).unwrap().into_iter().for_each(|made| drop(made.unwrap()));
    }
    let (pipeline, stages) = template("Sales");
    let (pipeline, stages) = session.pipelines().create_with_stages(pipeline, stages).unwrap();
    let pipeline = PipelineId::from(pipeline.meta.id);
    let open: Vec<_> = stages.iter().filter(|stage| !stage.stage_type.is_closed()).collect();
    let numbered: Vec<_> = data.deals[..data.size].iter().enumerate().collect();
    for rows in numbered.chunks(500) {
        let deal = |(number, row): &(usize, &data::Deal)| Deal {
            name: row.name.clone(),
            pipeline,
            stage: open[number % open.len()].meta.id.into(),
            organisation: Some(organisations[row.account - 1]),
            amount: Some(Money::new(row.amount * 100, Currency::from_code("EUR").unwrap())),
            ..Deal::default()
        };
        let made = session.deals().create_all(rows.iter().map(deal).collect()).unwrap();
        made.into_iter().for_each(|made| drop(made.unwrap()));
    }
    (pipeline, organisations)
}

/// What is measured.
#[derive(Clone, Copy, PartialEq)]
enum Work {
    Create,
    List,
    Board,
}

impl Ours {
    /// Does one operation.
    fn run(&self, work: Work, row: &data::Contact, list: &mut Query) {
        match work {
            Work::Create => {
                self.session.people().create(person(row, &self.organisations)).unwrap();
            }
            Work::List => {
                let page = self.session.people().list(list).unwrap();
                assert!(!page.records.is_empty());
                *list = page.next.map_or_else(by_name, |next| by_name().after(next));
            }
            Work::Board => {
                assert!(!self.session.pipelines().board(self.pipeline, None).unwrap().columns.is_empty());
            }
        }
    }
}

/// The list of people by name, in pages of 50.
fn by_name() -> Query {
    Query::new().ascending("name_key").limit(50)
}

/// The times of one side, in microseconds.
#[derive(Default)]
struct Times {
    wall: Vec<f64>,
    cpu: f64,
}

impl Times {
    fn take(&mut self, work: impl FnOnce()) {
        let (wall, cpu) = (Instant::now(), ProcessTime::now());
        work();
        self.cpu += cpu.elapsed().as_secs_f64() * 1e6;
        self.wall.push(wall.elapsed().as_secs_f64() * 1e6);
    }

    /// Leaves out what prepared the statements, and sorts the rest.
    fn settled(mut self) -> Self {
        self.wall.drain(..WARM_UP);
        self.wall.sort_by(f64::total_cmp);
        self
    }

    /// The time that so many in a hundred operations stay below.
    fn percentile(&self, percent: usize) -> f64 {
        self.wall[self.wall.len() * percent / 100]
    }
}

/// The databases side by side.
struct Bench {
    data: Data,
    hand: Hand,
    ours: Ours,
    recording: Ours,
    recorded: Recorded,
    written: usize,
}

impl Bench {
    /// Runs a step and prints its line.
    fn step(&mut self, name: &str, work: Work, gate: f64) {
        let (mut by_hand, mut ours) = (Times::default(), Times::default());
        let (mut list, mut again) = (by_name(), by_name());
        let mut trips = 0;
        for number in 0..WARM_UP + OPERATIONS {
            if number == WARM_UP {
                (by_hand.cpu, ours.cpu) = (0.0, 0.0);
            }
            let row = &self.data.contacts[self.written];
            self.written += 1;
            self.recorded.take();
            self.recording.run(work, row, &mut list);
            let steps: Vec<Step> = self.recorded.take();
            trips = steps.len();
            // Who comes later finds the processor less willing, so each comes first as often as the other.
            for turn in 0..2 {
                if (number + turn) % 2 == 0 {
                    by_hand.take(|| assert!(self.hand.run(&steps) > 0));
                } else {
                    ours.take(|| self.ours.run(work, row, &mut again));
                }
            }
        }
        let (by_hand, ours) = (by_hand.settled(), ours.settled());
        let ratio = |percent| ours.percentile(percent) / by_hand.percentile(percent);
        #[expect(clippy::cast_precision_loss, reason = "a count of operations is small")]
        let each = |cpu: f64| cpu / OPERATIONS as f64;
        println!(
            "| {name} | {trips} | {:.0} | {:.0} | {:.2} | {gate} | {:.2} | {:.0} | {:.0} |",
            by_hand.percentile(10),
            ours.percentile(10),
            ratio(10),
            ratio(50),
            each(by_hand.cpu),
            each(ours.cpu),
        );
    }
}

fn main() {
    // Called as a test it has nothing to do.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let server = std::env::var("CRM_TEST_DATABASE").expect("tests/postgres/cluster says where the server is");
    let size = std::env::var("CRM_BENCH_N").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    let (host, _) = server.rsplit_once('/').unwrap();
    let url = |name: &str| format!("{host}/{name}");
    let names = ["base", "ours", "recorded", "by_hand"]
        .map(|name| format!("crm_bench_{}_{name}", std::process::id()));
    let mut client = Client::connect(&server, NoTls).unwrap();
    client.batch_execute(&format!("CREATE DATABASE {}", names[0])).unwrap();
    let data = Data::generate(size, 3 * (WARM_UP + OPERATIONS));
    let base = Crm::connect(&url(&names[0]), config()).unwrap();
    let (pipeline, organisations) = fill(&session(&base), &data);
    base.close().unwrap();
    drop(base);
    Client::connect(&url(&names[0]), NoTls).unwrap().batch_execute("VACUUM (ANALYZE)").unwrap();
    for name in &names[1..] {
        client.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {}", names[0])).unwrap();
    }
    let ours = |crm: &Crm| Ours { session: session(crm), pipeline, organisations: organisations.clone() };
    let crm = Crm::connect(&url(&names[1]), config()).unwrap();
    let (recorder, recorded) = Recorder::open(&url(&names[2]));
    let recording = Crm::on(Box::new(recorder), config()).unwrap();
    let mut bench = Bench {
        data,
        hand: Hand::connect(&url(&names[3])),
        ours: ours(&crm),
        recording: ours(&recording),
        recorded,
        written: size,
    };
    println!("{size} contacts and deals; µs an operation, over a Unix socket\n");
    println!(
        "| step | round trips | by hand | engine | ratio | gate | ratio of medians | CPU of the client by hand | CPU of the client |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    bench.step("create a contact", Work::Create, 2.5);
    bench.step("list by name, page of 50", Work::List, 1.3);
    bench.step("board of a pipeline", Work::Board, 1.3);
    drop(bench);
    for handle in [crm, recording] {
        handle.close().unwrap();
    }
    for name in &names {
        client.batch_execute(&format!("DROP DATABASE {name} WITH (FORCE)")).unwrap();
    }
}
