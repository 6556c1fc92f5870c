//! What the port costs beside bare rusqlite. Run by hand:
//! `CARGO_PROFILE_TEST_OPT_LEVEL=3 cargo test -p crm-core --test storage_overhead -- --ignored --nocapture`.
#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

mod storage_support;

use std::hint::black_box;

use crm_core::storage::sqlite::{Options, SqliteDatabase};
use crm_core::storage::{Database, Param, ReadMode, query_one};
use storage_support::Folder;

const ROUNDS: u32 = 20_000;
const READ: &str =
    "SELECT a.name, b.name FROM item a JOIN item b ON b.row_id = a.row_id + 1 WHERE a.row_id = ?1";

/// Nanoseconds that this thread ran so far (Linux only). Neighbours on the machine do not count.
fn ran() -> f64 {
    let line = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    line.split(' ').next().unwrap().parse().unwrap()
}

/// Nanoseconds of one call.
fn time(mut call: impl FnMut(i64)) -> f64 {
    let start = ran();
    for round in 0..ROUNDS {
        call(i64::from(round % 900) + 1);
    }
    (ran() - start) / f64::from(ROUNDS)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[test]
#[ignore = "a measurement"]
fn overhead() {
    let folder = Folder::new();
    let database = SqliteDatabase::open(folder.path("crm.db"), Options::default()).unwrap();
    database
        .write(&mut |c| {
            c.execute_batch("CREATE TABLE item (row_id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT")?;
            for row in 0..1000 {
                c.insert("INSERT INTO item (name) VALUES (?1)", &[Param::Text(&format!("name {row}"))])?;
            }
            Ok(())
        })
        .unwrap();
    let raw = rusqlite::Connection::open(folder.path("crm.db")).unwrap();
    raw.set_db_config(rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).unwrap();
    let bare = |id: i64| {
        let mut statement = raw.prepare_cached(READ).unwrap();
        let mut rows = statement.query([id]).unwrap();
        let row = rows.next().unwrap().unwrap();
        black_box((
            row.get_ref(0).unwrap().as_str().unwrap().len(),
            row.get_ref(1).unwrap().as_str().unwrap().len(),
        ));
    };
    let ours = |c: &dyn crm_core::storage::Connection, id: i64| {
        let found = query_one(c, READ, &[Param::Integer(id)], |row| {
            Ok((row.text(0)?.map(str::len), row.text(1)?.map(str::len)))
        });
        black_box(found.unwrap().unwrap());
    };
    let mut results: [Vec<f64>; 6] = Default::default();
    for _ in 0..9 {
        raw.execute_batch("BEGIN").unwrap();
        results[0].push(time(bare));
        raw.execute_batch("COMMIT").unwrap();
        database
            .read(ReadMode::Snapshot, &mut |c| {
                results[1].push(time(|id| ours(c, id)));
                Ok(())
            })
            .unwrap();
        results[2].push(time(bare));
        let read = |mode| {
            time(|id| {
                database
                    .read(mode, &mut |c| {
                        ours(c, id);
                        Ok(())
                    })
                    .unwrap();
            })
        };
        results[3].push(read(ReadMode::Statement));
        results[4].push(time(|id| {
            raw.prepare_cached("BEGIN").unwrap().execute([]).unwrap();
            bare(id);
            raw.prepare_cached("COMMIT").unwrap().execute([]).unwrap();
        }));
        results[5].push(read(ReadMode::Snapshot));
    }
    let names =
        ["bare in tx", "port in tx", "bare alone", "read(Statement)", "bare BEGIN..COMMIT", "read(Snapshot)"];
    for (name, values) in names.into_iter().zip(results) {
        let least = values.iter().copied().fold(f64::MAX, f64::min);
        println!("{name:20} {least:8.0} ns least, {:8.0} ns median", median(values));
    }
}
