//! Appending to the journal inside a unit of work.

use std::ops::ControlFlow;

use super::entry::damaged;
use super::leaf::{EntryHeader, payload_hash};
use super::proof::TreeHead;
use super::tree::{Frontier, Hash, NodeSource};
use crate::crm::{Engine, lock};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::random::Random;
use crate::ground::time::Timestamp;
use crate::privacy::seal::{Place, SubjectKey};
use crate::storage::{Connection, Param, query_one};

/// The journal's right edge as one unit of work moves it on.
#[derive(Clone)]
pub(crate) struct JournalWriter {
    frontier: Frontier,
    last: Timestamp,
    leaf: Hash,
    from: u64,
}

/// The journal's right edge as a process remembers it, with the last leaf of the journal that it is the edge of.
pub(crate) struct Edge {
    frontier: Frontier,
    leaf: Hash,
}

/// What an entry says, besides where it stands.
pub(crate) struct Draft<'a> {
    pub(crate) actor: RecordId,
    pub(crate) purpose: u32,
    pub(crate) job: Option<RecordId>,
    pub(crate) record_type: u32,
    pub(crate) record: RecordId,
    pub(crate) operation: super::entry::Operation,
    pub(crate) version: i64,
    pub(crate) plain: &'a str,
    pub(crate) sealed: Option<(RecordId, &'a SubjectKey, &'a str)>,
}

const INSERT: &str = "INSERT INTO crm_journal (sequence, at, actor, purpose, job, record_type, record, operation, version, \
                      subject, plain, sealed, leaf) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

impl JournalWriter {
    /// Takes the right edge from memory, or from the tables when another process has written meanwhile.
    pub(crate) fn begin(engine: &Engine, connection: &dyn Connection) -> Result<Self> {
        let tip = tip(connection)?;
        // A replica that took over may lack what this process has seen, and have as many entries again by now.
        let is_here = |known: &&Edge| known.frontier.size() == tip.size && known.leaf == tip.leaf;
        let known = lock(&engine.journal).as_ref().filter(is_here).map(|known| known.frontier.clone());
        let frontier = match known {
            Some(frontier) => frontier,
            None => Frontier::load(tip.size, &Tables(connection))?,
        };
        Ok(Self { frontier, last: tip.at, leaf: tip.leaf, from: tip.size })
    }

    /// The time of the next entry: never before the one of the last, so that a clock that was set back does not
    /// turn history around.
    pub(crate) fn time(&self, now: Timestamp) -> Timestamp {
        now.max(self.last)
    }

    /// The sequence of the next entry.
    pub(crate) fn next(&self) -> u64 {
        self.frontier.size()
    }

    /// The size and the root of the tree as it stands now.
    pub(crate) fn head(&self) -> TreeHead {
        TreeHead { size: self.frontier.size(), root: self.frontier.root() }
    }

    /// The sequences that this unit of work has appended.
    pub(crate) fn appended(&self) -> std::ops::Range<u64> {
        self.from..self.frontier.size()
    }

    pub(crate) fn append(
        &mut self,
        connection: &dyn Connection,
        random: &dyn Random,
        at: Timestamp,
        draft: &Draft<'_>,
    ) -> Result<u64> {
        let sequence = self.frontier.size();
        let subject = draft.sealed.map(|(subject, ..)| subject);
        let header = EntryHeader {
            sequence,
            at,
            actor: draft.actor,
            purpose: draft.purpose,
            cause: draft.job,
            record_type: draft.record_type,
            record: draft.record,
            operation: draft.operation as u8,
            version: draft.version,
            subject,
        };
        let sealed = draft.sealed.map(|(key, cipher, text)| {
            let place = Place { record_type: draft.record_type, record: draft.record, sequence, key };
            cipher.seal(random, &place, text.as_bytes())
        });
        let leaf = header.leaf_hash(
            &payload_hash(draft.plain.as_bytes()),
            &payload_hash(sealed.as_deref().unwrap_or_default()),
        );
        connection.execute(
            INSERT,
            &[
                Param::Integer(stored(sequence)?),
                Param::Timestamp(at),
                Param::Id(draft.actor),
                Param::Integer(draft.purpose.into()),
                draft.job.map_or(Param::Null, Param::Id),
                Param::Integer(draft.record_type.into()),
                Param::Id(draft.record),
                Param::Integer((draft.operation as u8).into()),
                Param::Integer(draft.version),
                subject.map_or(Param::Null, Param::Id),
                Param::Text(draft.plain),
                sealed.as_deref().map_or(Param::Null, Param::Blob),
                Param::Blob(&leaf),
            ],
        )?;
        for tile in self.frontier.push(leaf) {
            connection.execute(
                "INSERT INTO crm_journal_tile (level, position, hash) VALUES (?1, ?2, ?3)",
                &[
                    Param::Integer(tile.level.into()),
                    Param::Integer(stored(tile.index)?),
                    Param::Blob(&tile.hash),
                ],
            )?;
        }
        self.last = at;
        self.leaf = leaf;
        Ok(sequence)
    }

    /// Remembers the right edge after the commit.
    pub(crate) fn committed(self, engine: &Engine) {
        *lock(&engine.journal) = Some(Edge { frontier: self.frontier, leaf: self.leaf });
    }
}

/// The end of the journal.
struct Tip {
    size: u64,
    at: Timestamp,
    leaf: Hash,
}

/// The number of entries, and the time and the leaf of the last one.
fn tip(connection: &dyn Connection) -> Result<Tip> {
    let last = query_one(
        connection,
        "SELECT sequence, at, leaf FROM crm_journal WHERE sequence >= 0 ORDER BY sequence DESC LIMIT 1",
        &[],
        |row| {
            let leaf = row.blob(2)?.and_then(|leaf| leaf.try_into().ok()).unwrap_or_default();
            Ok((row.integer(0)?, row.timestamp(1)?, leaf))
        },
    )?;
    match last {
        None => Ok(Tip { size: 0, at: Timestamp::MIN, leaf: Hash::default() }),
        Some((Some(sequence), Some(at), leaf)) => {
            let sequence = u64::try_from(sequence).map_err(|_| damaged("holds a negative sequence"))?;
            Ok(Tip { size: sequence + 1, at, leaf })
        }
        Some(_) => Err(damaged("lacks a sequence or a time")),
    }
}

/// The number of entries and the time of the last one.
pub(crate) fn end(connection: &dyn Connection) -> Result<(u64, Timestamp)> {
    tip(connection).map(|tip| (tip.size, tip.at))
}

/// A sequence as it is stored.
pub(crate) fn stored(sequence: u64) -> Result<i64> {
    i64::try_from(sequence).map_err(|_| damaged("is full"))
}

/// The hashes of the tree, read from the tables.
pub(crate) struct Tables<'a>(pub(crate) &'a dyn Connection);

impl NodeSource for Tables<'_> {
    fn leaf_hashes(&self, from: u64, count: u64) -> Result<Vec<Hash>> {
        self.hashes(
            "SELECT leaf FROM crm_journal WHERE sequence >= ?1 AND sequence < ?2 ORDER BY sequence",
            &[Param::Integer(stored(from)?), Param::Integer(stored(from + count)?)],
            count,
        )
    }

    fn tile_hashes(&self, level: u32, from: u64, count: u64) -> Result<Vec<Hash>> {
        self.hashes(
            "SELECT hash FROM crm_journal_tile WHERE level = ?3 AND position >= ?1 AND position < ?2 ORDER BY position",
            &[Param::Integer(stored(from)?), Param::Integer(stored(from + count)?), Param::Integer(level.into())],
            count,
        )
    }
}

impl Tables<'_> {
    fn hashes(&self, sql: &str, parameters: &[Param<'_>], count: u64) -> Result<Vec<Hash>> {
        let mut found = Vec::with_capacity(usize::try_from(count).unwrap_or_default());
        self.0.query(sql, parameters, &mut |row| {
            let bytes = row.blob(0)?.unwrap_or_default();
            found.push(bytes.try_into().map_err(|_| damaged("holds a hash of the wrong length"))?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(found)
    }
}
