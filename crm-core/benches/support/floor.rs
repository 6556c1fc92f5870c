//! The floors: the same rows through hand-written SQL.
//!
//! F0 writes the bare business rows, their indexes and the search entry. F1 also gives every record sixteen bytes
//! of identifier and writes an audit row and a row of a change log for every operation: the least that an engine
//! with audit and sync can do. Both keep the totals of the stages, as the engine does. Both are as fast as their author could make them: kept statements, QPSG, WAL,
//! synchronous NORMAL and the page cache that the engine has, too.

mod rest;

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::data::{Account, Case, Contact, Deal, Query};

const TABLES: &str = "
CREATE TABLE account(id INTEGER PRIMARY KEY, uid BLOB, name TEXT NOT NULL);
CREATE TABLE contact(id INTEGER PRIMARY KEY, uid BLOB, account_id INTEGER NOT NULL REFERENCES account, given TEXT, family TEXT, created INTEGER, ver INTEGER);
CREATE INDEX c_acc ON contact(account_id); CREATE INDEX c_name ON contact(family, given);
CREATE TABLE mech(id INTEGER PRIMARY KEY, contact_id INTEGER NOT NULL REFERENCES contact, kind INTEGER, value TEXT);
CREATE INDEX m_c ON mech(contact_id); CREATE INDEX m_v ON mech(kind, value);
CREATE VIRTUAL TABLE cfts USING fts5(given, family, email, content='', prefix='2 3');
CREATE TABLE opp(id INTEGER PRIMARY KEY, uid BLOB, account_id INTEGER REFERENCES account, name TEXT, amount INTEGER, stage INTEGER, ver INTEGER, entered INTEGER);
CREATE INDEX o_stage ON opp(stage, amount); CREATE INDEX o_acc ON opp(account_id); CREATE INDEX o_age ON opp(stage, entered);
CREATE TABLE total(stage INTEGER PRIMARY KEY, deals INTEGER, amount INTEGER);
INSERT INTO total VALUES(0,0,0),(1,0,0),(2,0,0),(3,0,0),(4,0,0),(5,0,0);
CREATE VIRTUAL TABLE ofts USING fts5(name, content='', prefix='2 3');
CREATE TABLE hist(id INTEGER PRIMARY KEY, opp_id INTEGER, f INTEGER, t INTEGER); CREATE INDEX h_o ON hist(opp_id);
CREATE TABLE kase(id INTEGER PRIMARY KEY, uid BLOB, contact_id INTEGER REFERENCES contact, subject TEXT, priority INTEGER, status INTEGER);
CREATE INDEX k_c ON kase(contact_id); CREATE INDEX k_s ON kase(status, priority);
CREATE VIRTUAL TABLE kfts USING fts5(subject, content='', prefix='2 3');
CREATE TABLE audit(id INTEGER PRIMARY KEY, at INTEGER, actor INTEGER, kind INTEGER, ent INTEGER, diff TEXT); CREATE INDEX a_e ON audit(kind, ent);
CREATE TABLE chg(seq INTEGER PRIMARY KEY, hlc BLOB, kind INTEGER, ent INTEGER, body TEXT);
CREATE TABLE note(id INTEGER PRIMARY KEY, contact_id INTEGER REFERENCES contact, at INTEGER, body TEXT);
CREATE INDEX n_c ON note(contact_id, at);
CREATE TABLE consent(contact_id INTEGER REFERENCES contact, purpose TEXT, channel TEXT, status INTEGER, at INTEGER, PRIMARY KEY(contact_id, purpose, channel)) WITHOUT ROWID;";

const IDENTIFIERS: &str = "
CREATE UNIQUE INDEX u1 ON account(uid); CREATE UNIQUE INDEX u2 ON contact(uid);
CREATE UNIQUE INDEX u3 ON opp(uid); CREATE UNIQUE INDEX u4 ON kase(uid)";

/// What a floor writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// The bare rows.
    F0,
    /// The bare rows, identifiers, an audit row and a row of the change log.
    F1,
}

/// Whether deals and cases get an entry in the search index, as the engine gives them one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Searched {
    /// They do.
    Yes,
    /// They do not.
    No,
}

/// A database in hand-written SQL.
pub(crate) struct Floor {
    connection: Connection,
    level: Level,
    operations: u64,
}

/// A card as the floor reads it: given name, family name, account, contact points.
pub(crate) type Card = (String, String, String, Vec<(i64, String)>);

/// A contact of a list as the floor reads it: its number, account and names, and its contact points.
pub(crate) type Listed = (i64, i64, String, String, Vec<(i64, String)>);

/// Where a list by name goes on: family name, given name, number.
pub(crate) type Place = (String, String, i64);

type Uid = Option<[u8; 16]>;

/// A number as SQLite takes it.
fn sql(number: usize) -> i64 {
    i64::try_from(number).expect("a row number is far below the limit")
}

/// A transaction that logs its operations.
struct Log<'t> {
    transaction: Transaction<'t>,
    level: Level,
    operations: &'t mut u64,
}

impl Log<'_> {
    fn run(&self, sql: &str, parameters: impl rusqlite::Params) {
        self.transaction.prepare_cached(sql).unwrap().execute(parameters).unwrap();
    }

    /// Writes the audit row and the row of the change log; gives an identifier.
    fn operation(&mut self, kind: i64, entity: i64, body: &str) -> Uid {
        if self.level == Level::F0 {
            return None;
        }
        *self.operations += 1;
        let number = *self.operations;
        let mut uid = [0; 16];
        uid[..8].copy_from_slice(&(number << 4).to_be_bytes());
        uid[8..].copy_from_slice(&number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes());
        self.run("INSERT INTO audit(at,actor,kind,ent,diff) VALUES(1,1,?,?,?)", params![kind, entity, body]);
        self.run("INSERT INTO chg(hlc,kind,ent,body) VALUES(?,?,?,?)", params![&uid[..], kind, entity, body]);
        Some(uid)
    }
}

fn connect(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-16384;",
        )
        .unwrap();
    // Without it SQLite prepares a kept statement with a join again at every use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).unwrap();
    connection.set_prepared_statement_cache_capacity(64);
    connection
}

impl Floor {
    /// A new database.
    pub(crate) fn create(path: &Path, level: Level) -> Self {
        let connection = connect(path);
        connection.execute_batch(TABLES).unwrap();
        if level == Level::F1 {
            connection.execute_batch(IDENTIFIERS).unwrap();
        }
        Self { connection, level, operations: 0 }
    }

    /// Opens a database that exists and reads one card from it.
    pub(crate) fn open_and_read(path: &Path, contact: usize) -> Card {
        let floor = Self { connection: connect(path), level: Level::F0, operations: 0 };
        floor.card(contact)
    }

    fn transaction(&mut self, work: impl FnOnce(&mut Log<'_>)) {
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        let mut log = Log { transaction, level: self.level, operations: &mut self.operations };
        work(&mut log);
        log.transaction.commit().unwrap();
    }

    /// Runs reads in one read transaction.
    pub(crate) fn snapshot<T>(&self, work: impl FnOnce(&Self) -> T) -> T {
        self.connection.execute_batch("BEGIN").unwrap();
        let outcome = work(self);
        self.connection.execute_batch("COMMIT").unwrap();
        outcome
    }

    /// Empties the write-ahead log into the file.
    pub(crate) fn checkpoint(&self) {
        self.connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    }

    /// Writes accounts, numbered from `first`, in one transaction.
    pub(crate) fn accounts(&mut self, first: usize, rows: &[Account]) {
        self.transaction(|log| {
            for (id, row) in (sql(first)..).zip(rows) {
                let uid = log.operation(0, id, &row.name);
                log.run("INSERT INTO account VALUES(?,?,?)", params![id, uid, row.name]);
            }
        });
    }

    /// Writes contacts, numbered from `first`, in one transaction.
    pub(crate) fn contacts(&mut self, first: usize, rows: &[Contact]) {
        self.transaction(|log| {
            for (id, row) in (sql(first)..).zip(rows) {
                let Contact { account, given, family, email, phone } = row;
                let body = format!(
                    "{{\"given\":\"{given}\",\"family\":\"{family}\",\"email\":\"{email}\",\"phone\":\"{phone}\"}}"
                );
                let uid = log.operation(1, id, &body);
                log.run(
                    "INSERT INTO contact VALUES(?,?,?,?,?,0,1)",
                    params![id, uid, sql(*account), given, family],
                );
                for (kind, value) in [(0, email), (1, phone)] {
                    log.run("INSERT INTO mech(contact_id,kind,value) VALUES(?,?,?)", params![id, kind, value]);
                }
                log.run(
                    "INSERT INTO cfts(rowid,given,family,email) VALUES(?,?,?,?)",
                    params![id, given, family, email],
                );
            }
        });
    }

    /// Writes deals, numbered from `first`, in one transaction.
    pub(crate) fn deals(&mut self, first: usize, rows: &[Deal], searched: Searched) {
        self.transaction(|log| {
            for (id, row) in (sql(first)..).zip(rows) {
                let uid = log.operation(2, id, &row.name);
                log.run(
                    "INSERT INTO opp VALUES(?1,?2,?3,?4,?5,0,1,?1)",
                    params![id, uid, sql(row.account), row.name, row.amount],
                );
                log.run("UPDATE total SET deals=deals+1,amount=amount+? WHERE stage=0", [row.amount]);
                if searched == Searched::Yes {
                    log.run("INSERT INTO ofts(rowid,name) VALUES(?,?)", params![id, row.name]);
                }
            }
        });
    }

    /// Moves a deal to a stage, in a transaction of its own.
    pub(crate) fn move_deal(&mut self, id: usize, stage: usize) {
        let (id, stage) = (sql(id), sql(stage));
        self.transaction(|log| {
            log.operation(2, id, "{\"stage\":2}");
            log.run("INSERT INTO hist(opp_id,f,t) SELECT id,stage,?2 FROM opp WHERE id=?1", [id, stage]);
            log.run(
                "UPDATE total SET deals=deals-1,amount=amount-(SELECT amount FROM opp WHERE id=?1) WHERE stage=(SELECT stage FROM opp WHERE id=?1)",
                [id],
            );
            log.run(
                "UPDATE total SET deals=deals+1,amount=amount+(SELECT amount FROM opp WHERE id=?1) WHERE stage=?2",
                [id, stage],
            );
            log.run("UPDATE opp SET stage=?2,ver=ver+1,entered=entered+1 WHERE id=?1", [id, stage]);
        });
    }

    /// Writes cases, numbered from `first`, in one transaction.
    pub(crate) fn cases(&mut self, first: usize, rows: &[Case], searched: Searched) {
        self.transaction(|log| {
            for (id, row) in (sql(first)..).zip(rows) {
                let uid = log.operation(3, id, &row.subject);
                log.run(
                    "INSERT INTO kase VALUES(?,?,?,?,?,0)",
                    params![id, uid, sql(row.contact), row.subject, row.priority],
                );
                if searched == Searched::Yes {
                    log.run("INSERT INTO kfts(rowid,subject) VALUES(?,?)", params![id, row.subject]);
                }
            }
        });
    }

    /// Reads a card: name, account, e-mail address, phone number.
    pub(crate) fn card(&self, id: usize) -> Card {
        let id = sql(id);
        let mut statement = self
            .connection
            .prepare_cached("SELECT c.given,c.family,a.name FROM contact c JOIN account a ON a.id=c.account_id WHERE c.id=?")
            .unwrap();
        let (given, family, account) =
            statement.query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        (given, family, account, self.points(id))
    }

    fn points(&self, id: i64) -> Vec<(i64, String)> {
        let mut statement =
            self.connection.prepare_cached("SELECT kind,value FROM mech WHERE contact_id=?").unwrap();
        let rows = statement.query_map([id], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn names(&self, sql: &str, text: &str) -> usize {
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let rows = statement.query_map([text], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let found: Vec<(i64, String, String)> = rows.map(Result::unwrap).collect();
        found.len()
    }

    /// The first 20 contacts whose family name begins like this.
    pub(crate) fn suggest(&self, query: &Query) -> usize {
        self.names(
            "SELECT id,given,family FROM contact WHERE family>=?1 AND family<?1||'~' ORDER BY family,given LIMIT 20",
            &query.prefix,
        )
    }

    /// The best 20 contacts with these two words.
    pub(crate) fn search(&self, query: &Query) -> usize {
        self.names(
            "SELECT c.id,c.given,c.family FROM cfts f JOIN contact c ON c.id=f.rowid WHERE cfts MATCH ? ORDER BY rank LIMIT 20",
            &query.words.replace(' ', " AND "),
        )
    }

    fn listed(&self, sql: &str, parameters: impl rusqlite::Params) -> Vec<Listed> {
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let rows = statement
            .query_map(parameters, |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
            .unwrap();
        rows.map(|row| {
            let (id, account, given, family) = row.unwrap();
            (id, account, given, family, self.points(id))
        })
        .collect()
    }

    /// The 50 contacts after a place in the list by name, each with its contact points; gives the place of the last.
    pub(crate) fn page(&self, after: &Place) -> Place {
        let page = self.listed(
            "SELECT id,account_id,given,family FROM contact WHERE (family,given,id)>(?1,?2,?3) ORDER BY family,given,id LIMIT 50",
            params![after.0, after.1, after.2],
        );
        page.into_iter().next_back().map(|(id, _, given, family, _)| (family, given, id)).unwrap_or_default()
    }

    /// The contacts of an account by name, at most 50, each with its contact points.
    pub(crate) fn page_of_account(&self, account: usize) -> usize {
        self.listed(
            "SELECT id,account_id,given,family FROM contact WHERE account_id=?1 ORDER BY family,given,id LIMIT 50",
            [sql(account)],
        )
        .len()
    }
}
