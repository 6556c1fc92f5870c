//! What is kept of the deals of a stage is what its deals add up to, whatever was done with them.

use std::ops::ControlFlow;

use crate::sales_support::{Sales, money};
use crm_core::access::AccessPolicy;
use crm_core::contacts::Person;
use crm_core::interchange::{ImportOptions, Mapping};
use crm_core::privacy::erasure::ErasureOptions;
use crm_core::record::RecordType;
use crm_core::record::filter::{Filter, field};
use crm_core::sales::{Board, BoardColumn, Deal, template};
use crm_core::session::Viewer;
use crm_core::storage::Param;
use crm_core::{Actor, Config, Crm, CrmError, Money, Purpose, RecordId, SeededRandom, Session};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::json;

const KEYS: [&str; 6] = ["qualification", "needs_analysis", "proposal", "negotiation", "won", "lost"];
const CURRENCIES: [&str; 2] = ["EUR", "JPY"];

/// A filter that every deal passes: a board with a filter is added up.
fn every_deal() -> Filter {
    !field("name").is_null()
}

/// The kept board and the one that is added up.
fn boards(session: &Session, pipeline: RecordId) -> [Board; 2] {
    [None, Some(every_deal())].map(|filter| session.pipelines().board(pipeline, filter.as_ref()).unwrap())
}

/// The stages of which something is kept that does not follow from the deals.
fn wrong(session: &Session) -> Vec<(String, RecordId, String)> {
    let found = session.journal().verify_records(&mut |_| ControlFlow::Continue(())).unwrap();
    found.findings.into_iter().map(|found| (found.record_type, found.record, found.field)).collect()
}

#[derive(Clone, Debug)]
enum Step {
    Create { stage: usize, amount: Option<(i64, usize)>, probability: Option<i64>, for_person: bool },
    Move(Index, usize),
    Amount(Index, Option<(i64, usize)>),
    Probability(Index, Option<i64>),
    StageProbability(usize, i64),
    Rotting(usize, Option<i64>),
    Delete(Index),
    Restore(Index),
    Undo(Index),
    Erase,
    Retain,
    Import(Vec<(usize, i64)>),
    UndoImport,
    RemoveStage(usize, usize),
    RollBack(Index, usize),
    Time(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let index = any::<Index>;
    let amount = || {
        let minor = prop_oneof![0_i64..1_000, 0_i64..1_000_000_000_000, Just(i64::MAX)];
        proptest::option::of((minor, 0_usize..2))
    };
    let probability = || proptest::option::of(0_i64..=100);
    let step = prop_oneof![
        6 => (0_usize..6, amount(), probability(), any::<bool>()).prop_map(
            |(stage, amount, probability, for_person)| Step::Create { stage, amount, probability, for_person }
        ),
        5 => (index(), 0_usize..6).prop_map(|(deal, stage)| Step::Move(deal, stage)),
        3 => (index(), amount()).prop_map(|(deal, amount)| Step::Amount(deal, amount)),
        3 => (index(), probability()).prop_map(|(deal, own)| Step::Probability(deal, own)),
        2 => (0_usize..4, 0_i64..=100).prop_map(|(stage, own)| Step::StageProbability(stage, own)),
        1 => (0_usize..4, proptest::option::of(1_i64..9)).prop_map(|(stage, days)| Step::Rotting(stage, days)),
        3 => index().prop_map(Step::Delete),
        2 => index().prop_map(Step::Restore),
        4 => index().prop_map(Step::Undo),
        1 => Just(Step::Erase),
        2 => Just(Step::Retain),
        1 => prop::collection::vec((0_usize..4, 0_i64..1_000_000), 1..4).prop_map(Step::Import),
        1 => Just(Step::UndoImport),
        1 => (0_usize..4, 0_usize..4).prop_map(|(stage, target)| Step::RemoveStage(stage, target)),
        2 => (index(), 0_usize..6).prop_map(|(deal, stage)| Step::RollBack(deal, stage)),
        4 => (1_i64..5).prop_map(Step::Time),
    ];
    prop::collection::vec(step, 1..40)
}

/// A pipeline, the deals that were ever in it, and somebody to be erased.
struct World {
    sales: Sales,
    deals: Vec<RecordId>,
    person: RecordId,
    job: Option<RecordId>,
}

fn amount_of((minor, currency): (i64, usize)) -> Money {
    Money::new(minor, CURRENCIES[currency].parse().unwrap())
}

impl World {
    fn open() -> Self {
        let sales = Sales::open();
        let person = somebody(&sales.session);
        // What is older is destroyed, past the bin.
        let rule = json!({
            "name": "Deals", "record_type": "deal", "trigger": "created_at", "ceiling_days": 2, "action": "erase",
            "active": true,
        });
        sales.session.call("retention_rule.create", rule).unwrap();
        Self { sales, deals: Vec::new(), person, job: None }
    }

    fn deal(&self, at: &Index) -> Option<RecordId> {
        (!self.deals.is_empty()).then(|| *at.get(&self.deals))
    }

    /// Does a step. One that is refused, as the undoing of what was changed again, changes nothing.
    fn run(&mut self, step: &Step) -> Result<(), CrmError> {
        let session = &self.sales.session;
        let moving = |deal: RecordId, stage: usize| {
            let stage = self.sales.stage(KEYS[stage]);
            session.deals().move_with(deal, stage, &json!({"lost_notes": "?"})).map(drop)
        };
        let patch = |deal: Option<RecordId>, patch: serde_json::Value| match deal {
            Some(deal) => session.deals().patch(deal, &patch).map(drop),
            None => Ok(()),
        };
        match step {
            Step::Create { stage, amount, probability, for_person } => {
                let deal = Deal {
                    stage: self.sales.stage(KEYS[*stage]),
                    amount: amount.map(amount_of),
                    probability: probability.filter(|_| *stage < 4).map(Into::into),
                    person: for_person.then(|| self.person.into()),
                    lost_notes: Some("?".into()),
                    ..self.sales.deal()
                };
                self.deals.push(session.deals().create(deal)?.meta.id);
            }
            Step::Move(deal, stage) => {
                if let Some(deal) = self.deal(deal) {
                    moving(deal, *stage)?;
                }
            }
            Step::Amount(deal, amount) => {
                let amount = amount.map(|amount| amount_of(amount).to_string());
                patch(self.deal(deal), json!({ "amount": amount }))?;
            }
            Step::Probability(deal, own) => {
                patch(self.deal(deal), json!({"probability": own.map(|own| own.to_string())}))?;
            }
            Step::StageProbability(stage, own) => {
                let own = json!({"probability": own.to_string()});
                session.stages().patch(self.sales.stage(KEYS[*stage]).0, &own)?;
            }
            Step::Rotting(stage, days) => {
                session.stages().patch(self.sales.stage(KEYS[*stage]).0, &json!({"rotting_days": days}))?;
            }
            Step::Delete(deal) => {
                if let Some(deal) = self.deal(deal) {
                    session.deals().delete(deal)?;
                }
            }
            Step::Restore(deal) => {
                if let Some(deal) = self.deal(deal) {
                    session.deals().restore(deal)?;
                }
            }
            Step::Undo(at) => {
                // The first entry is the creation of the pipeline, without which there is no board.
                let others = usize::try_from(session.journal().head()?.size - 1).unwrap();
                session.journal().undo(1 + at.index(others) as u64)?;
            }
            Step::Erase => {
                let rights = self.sales.crm.session(Actor::System, Purpose::RightsFulfilment)?;
                let options = ErasureOptions { verify: false, ..ErasureOptions::default() };
                rights.erasure().erase(self.person, options)?;
                self.person = somebody(session);
            }
            Step::Retain => {
                let rights = self.sales.crm.session(Actor::System, Purpose::RightsFulfilment)?;
                rights.retention().run(None, &mut |_| ControlFlow::Continue(()))?;
            }
            Step::Import(rows) => {
                let mut file = "Name,Stage,Amount\n".to_owned();
                for (stage, minor) in rows {
                    let stage = &self.sales.stages[*stage].name;
                    file.push_str(&format!("Licences,{stage},{}\n", amount_of((*minor, 0))));
                }
                let mapping = Mapping::from_json(IMPORT)?;
                let done = session.imports().csv(file.as_bytes(), &mapping, ImportOptions::default())?;
                self.job = Some(done.job);
            }
            Step::UndoImport => {
                if let Some(job) = self.job.take() {
                    session.journal().undo_job(job)?;
                }
            }
            Step::RemoveStage(stage, target) => {
                let [stage, target] = [stage, target].map(|place| self.sales.stage(KEYS[*place]));
                session.stages().remove(stage, Some(target))?;
                session.stages().restore(stage.0)?;
            }
            Step::RollBack(deal, stage) => {
                let Some(deal) = self.deal(deal) else { return Ok(()) };
                let target = self.sales.stage(KEYS[*stage]);
                session.transaction(|work| {
                    work.deals().create(Deal { amount: Some(money("5 EUR")), ..self.sales.deal() })?;
                    work.deals().move_with(deal, target, &json!({"lost_notes": "?", "amount": "7 JPY"}))?;
                    Err::<(), _>(CrmError::invalid("test.rolled_back", "is not wanted"))
                })?;
            }
            Step::Time(days) => self.sales.days(*days),
        }
        Ok(())
    }
}

fn somebody(session: &Session) -> RecordId {
    let person = Person { family_name: Some("Lovelace".into()), ..Person::default() };
    session.people().create(person).unwrap().meta.id
}

const IMPORT: &str = r#"{
    "record_type": "deal", "mode": "create",
    "columns": [
        {"column": "Name", "field": "name"},
        {"column": "Stage", "field": "stage", "link": {"by": "name"}},
        {"column": "Amount", "field": "amount"}
    ]
}"#;

/// Whether an amount is in a sum that leaves 64 bits, so that neither board can show it.
fn is_too_much(session: &Session, pipeline: RecordId) -> bool {
    session.pipelines().board(pipeline, None).is_err_and(|error| error.code() == "money.overflow")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if crate::engine_support::is_server() { 6 } else { 60 }))]
    #[test]
    fn totals_are_those_of_the_deals_after_any_work(steps in steps()) {
        let mut world = World::open();
        let pipeline = world.sales.pipeline.meta.id;
        for step in &steps {
            let head = world.sales.session.journal().head().unwrap();
            if world.run(step).is_err() {
                prop_assert_eq!(world.sales.session.journal().head().unwrap(), head);
            }
            if !is_too_much(&world.sales.session, pipeline) {
                let [kept, added_up] = boards(&world.sales.session, pipeline);
                prop_assert_eq!(kept, added_up, "{:?}", step);
            }
            prop_assert_eq!(wrong(&world.sales.session), []);
        }
        // A copy that no rule runs in has them, too.
        let mut file = Vec::new();
        world.sales.session.exports().jsonl(&mut file, &mut |_| ControlFlow::Continue(())).unwrap();
        let config = Config::default().clock(std::sync::Arc::clone(&world.sales.clock));
        let copy = crate::engine_support::open(config.random(SeededRandom::new([8; 32])));
        let copy = copy.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
        copy.imports().jsonl(&file[..], &mut |_| ControlFlow::Continue(())).unwrap();
        prop_assert_eq!(wrong(&copy), []);
        if !is_too_much(&copy, pipeline) {
            let [kept, added_up] = boards(&copy, pipeline);
            prop_assert_eq!(&kept, &added_up);
            prop_assert_eq!(kept, boards(&world.sales.session, pipeline)[0].clone());
        }
    }
}

fn execute(crm: &Crm, sql: &str, parameters: &[Param<'_>]) {
    crm.database().write(&mut |connection| connection.execute(sql, parameters).map(drop)).unwrap();
}

#[test]
fn a_wrong_total_is_found() {
    let sales = Sales::open();
    for (key, amount) in [("proposal", "10 EUR"), ("proposal", "7 JPY"), ("won", ""), ("lost", "1 EUR")] {
        sales.deal_in(key, amount);
    }
    assert_eq!(wrong(&sales.session), []);
    let stage = sales.stage("proposal").0;
    for (tampering, mending) in [
        ("UPDATE crm_deal_total SET deals = deals + 1", "UPDATE crm_deal_total SET deals = deals - 1"),
        (
            "UPDATE crm_deal_total SET amount_low = amount_low + 1",
            "UPDATE crm_deal_total SET amount_low = amount_low - 1",
        ),
        (
            "UPDATE crm_deal_total SET weighted_high = weighted_high + 1",
            "UPDATE crm_deal_total SET weighted_high = weighted_high - 1",
        ),
        (
            "UPDATE crm_deal_total SET currency = 'USD' WHERE currency = 'JPY' AND deals > 0",
            "UPDATE crm_deal_total SET currency = 'JPY' WHERE currency = 'USD' AND deals > 0",
        ),
        ("DELETE FROM crm_deal_total", ""),
    ] {
        let of_stage = |sql: &str| match sql.contains(" WHERE ") {
            true => format!("{sql} AND stage = ?1"),
            false => format!("{sql} WHERE stage = ?1"),
        };
        execute(&sales.crm, &of_stage(tampering), &[Param::Id(stage)]);
        assert_eq!(wrong(&sales.session), [("stage".to_owned(), stage, "totals".to_owned())], "{tampering}");
        if !mending.is_empty() {
            execute(&sales.crm, &of_stage(mending), &[Param::Id(stage)]);
            assert_eq!(wrong(&sales.session), [], "{mending}");
        }
    }
}

/// Hides the deals whose source says so.
struct Hiding;

impl AccessPolicy for Hiding {
    fn predicate(&self, _viewer: &Viewer, record_type: &RecordType) -> Option<Filter> {
        (record_type.name() == "deal").then(|| field("source").is_null())
    }
}

#[test]
fn a_board_tells_nothing_of_deals_that_the_session_may_not_see() {
    let crm = crate::engine_support::open(Config::default().access(Hiding));
    let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    let (pipeline, stages) = template("Sales");
    let (pipeline, _) = session.pipelines().create_with_stages(pipeline, stages).unwrap();
    for source in [None, Some("hidden".to_owned())] {
        let amount = Some(money("10 EUR"));
        let pipeline = pipeline.meta.id.into();
        let deal = Deal { name: "Licences".into(), pipeline, amount, source, ..Deal::default() };
        session.deals().create(deal).unwrap();
    }
    let [shown, added_up] = boards(&session, pipeline.meta.id);
    assert_eq!(shown.columns, added_up.columns);
    let BoardColumn { count, amounts, .. } = &shown.columns[0];
    assert_eq!((*count, amounts.as_slice()), (1, [money("10 EUR")].as_slice()));
    assert_eq!(wrong(&session), [], "all of them are in what is kept");
}

/// A file of a version that kept no totals gets them when it is opened.
#[test]
fn an_older_database_gets_its_totals() {
    let folder = tempfile();
    let path = folder.join("older.db");
    let crm = Crm::open(&path, Config::default()).unwrap();
    let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    let (pipeline, stages) = template("Sales");
    let (pipeline, _) = session.pipelines().create_with_stages(pipeline, stages).unwrap();
    for amount in [Some(money("10.01 EUR")), Some(money("7 JPY")), None] {
        let pipeline = pipeline.meta.id.into();
        session
            .deals()
            .create(Deal { name: "Licences".into(), pipeline, amount, ..Deal::default() })
            .unwrap();
    }
    let before = session.pipelines().board(pipeline.meta.id, None).unwrap();
    execute(&crm, "DROP TABLE crm_deal_total", &[]);
    execute(&crm, "DROP INDEX \"deal.stage.stage_entered_at\"", &[]);
    execute(&crm, "UPDATE crm_meta SET value = 'of an older version' WHERE name = 'schema'", &[]);
    crm.close().unwrap();

    let crm = Crm::open(&path, Config::default()).unwrap();
    let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    assert_eq!(session.pipelines().board(pipeline.meta.id, None).unwrap().columns, before.columns);
    assert_eq!(wrong(&session), []);
    crm.close().unwrap();
    std::fs::remove_dir_all(folder).unwrap();
}

fn tempfile() -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("crm-totals-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
