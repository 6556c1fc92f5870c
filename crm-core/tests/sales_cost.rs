//! What deals cost beside bare SQL with an audit row and a change row for each. Run by hand:
//! `CARGO_PROFILE_TEST_OPT_LEVEL=3 cargo test -p crm-core --test sales_cost -- --ignored --nocapture`.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod storage_support;

use crm_core::contacts::{Organisation, OrganisationId};
use crm_core::sales::{Deal, DealId, PipelineId, StageId, template};
use crm_core::{Actor, Config, Crm, Money, Purpose};
use rusqlite::{Connection, TransactionBehavior, params};
use storage_support::Folder;

const DEALS: usize = 10_000;
const CALLS: usize = 1_000;
const ROUNDS: usize = 7;

/// Nanoseconds that this thread ran so far (Linux only). Neighbours on the machine do not count.
fn ran() -> f64 {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    line.split(' ').next().unwrap().parse().unwrap()
}

/// Microseconds of one call.
#[expect(clippy::cast_precision_loss, reason = "a few thousand calls")]
fn time(calls: usize, mut call: impl FnMut(usize)) -> f64 {
    let start = ran();
    for number in 0..calls {
        call(number);
    }
    (ran() - start) / calls as f64 / 1_000.0
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// The floor: the bare rows, their indexes, a history row, an audit row and a change row.
struct Floor {
    connection: Connection,
    next: i64,
}

const TABLES: &str = "
    PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA cache_size = -16384;
    CREATE TABLE account (id INTEGER PRIMARY KEY, uid BLOB, name TEXT NOT NULL);
    CREATE TABLE opp (id INTEGER PRIMARY KEY, uid BLOB, account_id INTEGER REFERENCES account, name TEXT,
        amount INTEGER, stage INTEGER, ver INTEGER);
    CREATE UNIQUE INDEX o_uid ON opp (uid);
    CREATE INDEX o_stage ON opp (stage, amount); CREATE INDEX o_acc ON opp (account_id);
    CREATE TABLE hist (id INTEGER PRIMARY KEY, opp_id INTEGER, f INTEGER, t INTEGER);
    CREATE INDEX h_o ON hist (opp_id);
    CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER, actor INTEGER, kind INTEGER, ent INTEGER, diff TEXT);
    CREATE INDEX a_e ON audit (kind, ent);
    CREATE TABLE chg (seq INTEGER PRIMARY KEY, hlc BLOB, kind INTEGER, ent INTEGER, body TEXT);
    INSERT INTO account VALUES (1, NULL, 'Acme')";

impl Floor {
    fn transaction(&mut self, work: impl FnOnce(&rusqlite::Transaction<'_>, [u8; 16])) {
        self.next += 1;
        let mut uid = [0; 16];
        uid[..8].copy_from_slice(&self.next.to_be_bytes());
        uid[8..].copy_from_slice(&self.next.wrapping_mul(0x1E37_79B9_7F4A_7C15).to_be_bytes());
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        work(&transaction, uid);
        transaction.commit().unwrap();
    }

    fn log(transaction: &rusqlite::Transaction<'_>, uid: &[u8], id: i64, body: &str) {
        let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
            transaction.prepare_cached(sql).unwrap().execute(values).unwrap();
        };
        run("INSERT INTO audit (at, actor, kind, ent, diff) VALUES (1, 1, 2, ?, ?)", params![id, body]);
        run("INSERT INTO chg (hlc, kind, ent, body) VALUES (?, 2, ?, ?)", params![uid, id, body]);
    }

    fn create(&mut self) {
        self.transaction(|transaction, uid| {
            let sql =
                "INSERT INTO opp (uid, account_id, name, amount, stage, ver) VALUES (?, 1, ?, 5000, 0, 1)";
            let mut insert = transaction.prepare_cached(sql).unwrap();
            let id = insert.insert(params![&uid[..], "Licences for everybody"]).unwrap();
            Self::log(transaction, &uid, id, "Licences for everybody");
        });
    }

    fn shift(&mut self, id: i64, stage: i64) {
        self.transaction(|transaction, uid| {
            let run = |sql: &str| transaction.prepare_cached(sql).unwrap().execute([id, stage]).unwrap();
            run("INSERT INTO hist (opp_id, f, t) SELECT id, stage, ?2 FROM opp WHERE id = ?1");
            run("UPDATE opp SET stage = ?2, ver = ver + 1 WHERE id = ?1");
            Self::log(transaction, &uid, id, "{\"stage\":2}");
        });
    }
}

#[test]
#[ignore = "a measurement"]
fn cost() {
    let folder = Folder::new();
    let crm = Crm::open(folder.path("crm.db"), Config::default()).unwrap();
    let session = crm.session(Actor::System, Purpose::CustomerRelationshipManagement).unwrap();
    let (pipeline, stages) = template("Sales");
    let (pipeline, stages) = session.pipelines().create_with_stages(pipeline, stages).unwrap();
    let stages: Vec<StageId> = stages.iter().map(|stage| stage.meta.id.into()).collect();
    let acme = Organisation { name: "Acme".into(), ..Organisation::default() };
    let acme: OrganisationId = session.organisations().create(acme).unwrap().meta.id.into();
    let deal = || Deal {
        name: "Licences for everybody".into(),
        pipeline: PipelineId::from(pipeline.meta.id),
        stage: stages[0],
        organisation: Some(acme),
        amount: Some(Money::new(5000, "EUR".parse().unwrap())),
        ..Deal::default()
    };
    let mut floor = Floor { connection: Connection::open(folder.path("floor.db")).unwrap(), next: 0 };
    floor.connection.execute_batch(TABLES).unwrap();
    let filled = session.deals().create_all((0..DEALS).map(|_| deal()).collect()).unwrap();
    let ids: Vec<DealId> = filled.into_iter().map(|deal| deal.unwrap().meta.id.into()).collect();
    for _ in 0..DEALS {
        floor.create();
    }
    let mut results: [Vec<f64>; 4] = Default::default();
    for round in 0..ROUNDS {
        let to = 1 + round % 3;
        results[0].push(time(CALLS, |_| floor.create()));
        results[1].push(time(CALLS, |_| drop(session.deals().create(deal()).unwrap())));
        let stage = i64::try_from(to).unwrap();
        results[2]
            .push(time(CALLS, |number| floor.shift(i64::try_from(number * 7 % DEALS).unwrap() + 1, stage)));
        results[3].push(time(CALLS, |number| {
            session.deals().move_to(ids[number * 7 % DEALS], stages[to]).unwrap();
        }));
    }
    let [floor_create, create, floor_move, shift] = results.each_mut().map(|values| median(values));
    println!("create {create:6.1} us, floor {floor_create:6.1} us, ratio {:.2}", create / floor_create);
    println!("move   {shift:6.1} us, floor {floor_move:6.1} us, ratio {:.2}", shift / floor_move);
    let mut boards: Vec<f64> = (0..9)
        .map(|_| time(3, |_| drop(session.pipelines().board(pipeline.meta.id, None).unwrap())))
        .collect();
    println!("board of {} deals {:6.0} us", DEALS + ROUNDS * CALLS, median(&mut boards));
}
