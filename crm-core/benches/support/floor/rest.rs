//! The floors of boards, timelines, histories, permits, files, and of the proof of a log.

use std::io::{Read, Write};
use std::path::Path;

use rusqlite::params;
use sha2::{Digest, Sha256};

use super::super::data::Contact;
use super::{Floor, connect, sql};

/// One stage of a board: how many deals, and the sum of their amounts.
pub(crate) type Stage = (i64, i64, i64);

impl Floor {
    fn stages(&self, sql: &str, parameters: impl rusqlite::Params) -> Vec<Stage> {
        let mut statement = self.connection.prepare_cached(sql).unwrap();
        let rows =
            statement.query_map(parameters, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// The board out of kept totals, with the oldest deal of each stage.
    pub(crate) fn kept_board(&self) -> (Vec<Stage>, Vec<Option<i64>>) {
        let stages = self.stages("SELECT stage,deals,amount FROM total ORDER BY stage", []);
        let mut oldest = self
            .connection
            .prepare_cached("SELECT entered FROM opp WHERE stage=? ORDER BY entered LIMIT 1")
            .unwrap();
        let oldest = stages.iter().map(|(stage, ..)| oldest.query_row([stage], |row| row.get(0)).ok());
        let oldest = oldest.collect();
        (stages, oldest)
    }

    /// The board added up over a covering index.
    pub(crate) fn scanned_board(&self) -> Vec<Stage> {
        self.stages("SELECT stage,count(*),sum(amount) FROM opp GROUP BY stage", [])
    }

    /// The number of the last move of a deal.
    pub(crate) fn last_move(&self) -> i64 {
        self.connection.query_row("SELECT ifnull(max(id),0) FROM hist", [], |row| row.get(0)).unwrap()
    }

    /// The board as it was after a move: the first later move of a deal says where it was.
    pub(crate) fn board_after(&self, last_move: i64, deals: usize) -> Vec<Stage> {
        self.stages(
            "SELECT ifnull((SELECT f FROM hist WHERE opp_id=o.id AND id>?1 ORDER BY id LIMIT 1),stage) s,count(*),sum(amount) \
             FROM opp o WHERE id<=?2 GROUP BY s",
            params![last_move, sql(deals)],
        )
    }

    /// Writes notes on contacts, so many on each, in one transaction.
    pub(crate) fn notes(&mut self, contacts: &[usize], each: usize, body: &str) {
        self.transaction(|log| {
            for (contact, at) in contacts.iter().flat_map(|contact| (0..each).map(move |at| (*contact, at))) {
                log.operation(4, sql(contact), body);
                log.run(
                    "INSERT INTO note(contact_id,at,body) VALUES(?,?,?)",
                    params![sql(contact), sql(at), body],
                );
            }
        });
    }

    /// The latest 20 notes of a contact.
    pub(crate) fn timeline(&self, contact: usize) -> usize {
        let mut statement = self
            .connection
            .prepare_cached("SELECT id,at,body FROM note WHERE contact_id=? ORDER BY at DESC LIMIT 20")
            .unwrap();
        let rows = statement
            .query_map([sql(contact)], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
            })
            .unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().len()
    }

    /// The latest 20 audit rows of a deal.
    pub(crate) fn history(&self, deal: usize) -> usize {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT id,at,actor,diff FROM audit WHERE kind=2 AND ent=? ORDER BY id DESC LIMIT 20",
            )
            .unwrap();
        let rows = statement
            .query_map([sql(deal)], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, i64>(2)?,
                    row.get::<_, String>(3)?,
                ))
            })
            .unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().len()
    }

    /// Moves a deal back to where its last move came from.
    pub(crate) fn undo_move(&mut self, deal: usize) {
        let from: i64 = self
            .connection
            .prepare_cached("SELECT f FROM hist WHERE opp_id=? ORDER BY id DESC LIMIT 1")
            .unwrap()
            .query_row([sql(deal)], |row| row.get(0))
            .unwrap();
        self.move_deal(deal, usize::try_from(from).unwrap());
    }

    /// Notes that contacts agreed to be written to.
    pub(crate) fn consents(&mut self, contacts: &[usize]) {
        self.transaction(|log| {
            for contact in contacts {
                log.operation(5, sql(*contact), "{}");
                log.run(
                    "INSERT OR REPLACE INTO consent VALUES(?,'direct_marketing','email',1,1)",
                    [sql(*contact)],
                );
            }
        });
    }

    /// Whether a contact agreed, and the address to write to.
    pub(crate) fn may_contact(&self, contact: usize) -> bool {
        let agreed: i64 = self
            .connection
            .prepare_cached(
                "SELECT status FROM consent WHERE contact_id=? AND purpose='direct_marketing' AND channel='email'",
            )
            .unwrap()
            .query_row([sql(contact)], |row| row.get(0))
            .unwrap();
        let address = self.points(sql(contact)).into_iter().find(|(kind, _)| *kind == 0);
        agreed == 1 && address.is_some()
    }

    /// Gives the page cache another size.
    pub(crate) fn set_cache(&self, kib: u32) {
        self.connection.pragma_update(None, "cache_size", -i64::from(kib)).unwrap();
    }

    /// Writes the contacts of a file of comma-separated values, so many a transaction. Gives how many.
    pub(crate) fn import(&mut self, file: impl Read, batch: usize) -> usize {
        let mut reader = csv::Reader::from_reader(file);
        let (size, mut next) = (batch, 1);
        let mut rows = reader.records().map(|row| {
            let row = row.unwrap();
            let cell = |at: usize| row[at].to_owned();
            Contact { account: 1, given: cell(0), family: cell(1), email: cell(2), phone: cell(3) }
        });
        loop {
            let batch: Vec<Contact> = rows.by_ref().take(size).collect();
            if batch.is_empty() {
                return next - 1;
            }
            self.contacts(next, &batch);
            next += batch.len();
        }
    }

    /// Writes all contacts as comma-separated values. Gives how many.
    pub(crate) fn export(&self, out: impl Write) -> usize {
        let mut writer = csv::Writer::from_writer(out);
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT c.id,c.given,c.family,a.name,\
                 (SELECT value FROM mech WHERE contact_id=c.id AND kind=0 LIMIT 1),\
                 (SELECT value FROM mech WHERE contact_id=c.id AND kind=1 LIMIT 1) \
                 FROM contact c JOIN account a ON a.id=c.account_id ORDER BY c.id",
            )
            .unwrap();
        let mut rows = statement.query([]).unwrap();
        let mut count = 0;
        while let Some(row) = rows.next().unwrap() {
            let id: i64 = row.get(0).unwrap();
            writer.write_field(id.to_string()).unwrap();
            for column in 1..6 {
                writer.write_field(row.get_ref(column).unwrap().as_str().unwrap()).unwrap();
            }
            writer.write_record(None::<&[u8]>).unwrap();
            count += 1;
        }
        writer.flush().unwrap();
        count
    }

    /// Hashes every row of the change log into the one before. Gives how many.
    pub(crate) fn verify(&self) -> usize {
        let mut statement =
            self.connection.prepare_cached("SELECT hlc,kind,ent,body FROM chg ORDER BY seq").unwrap();
        let mut rows = statement.query([]).unwrap();
        let (mut count, mut last) = (0, [0_u8; 32]);
        while let Some(row) = rows.next().unwrap() {
            let mut hash = Sha256::new();
            hash.update(last);
            hash.update(row.get_ref(0).unwrap().as_blob().unwrap());
            for column in [1, 2] {
                hash.update(row.get::<_, i64>(column).unwrap().to_be_bytes());
            }
            hash.update(row.get_ref(3).unwrap().as_bytes().unwrap());
            last = hash.finalize().into();
            count += 1;
        }
        assert_ne!(last, [0; 32]);
        count
    }

    /// Opens a database that exists and that something else has filled.
    pub(crate) fn open(path: &Path) -> Self {
        Self { connection: connect(path), level: super::Level::F1, operations: 0 }
    }

    /// The deals of an account above an amount, by number, at most 50.
    pub(crate) fn deals_above(&self, account: usize, amount: i64) -> usize {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT id,account_id,name,amount,stage FROM opp WHERE account_id=? AND amount>? ORDER BY id LIMIT 50",
            )
            .unwrap();
        let rows = statement
            .query_map(params![sql(account), amount], |row| {
                let name: String = row.get(2)?;
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, i64>(1)?,
                    name,
                    row.get::<_, i64>(3)?,
                    row.get::<_, i64>(4)?,
                ))
            })
            .unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().len()
    }
}
