//! Checking that the journal is what was once written.

use std::ops::ControlFlow;

use super::entry::{COLUMNS, StoredEntry};
use super::leaf::payload_hash;
use super::proof::{ConsistencyProof, InclusionProof, TreeHead};
use super::tree::Frontier;
use super::verify_erased::Erasures;
use super::writer::{Tables, end, stored};
use crate::error::{CrmError, ErrorKind, Result};
use crate::storage::{Connection, Param, Row, query_one};

/// What a check of the whole journal found.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "JournalVerification"))]
pub struct Verification {
    /// The size and the root of the tree, as computed from the entries.
    pub head: TreeHead,
    /// What is wrong, empty when the journal is sound: each names the sequence it was found at.
    pub findings: Vec<Finding>,
}

impl Verification {
    /// Whether nothing is wrong.
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }
}

/// One thing that is wrong with the journal.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "JournalFinding"))]
pub struct Finding {
    /// The sequence it was found at.
    pub sequence: u64,
    /// What is wrong.
    pub reason: &'static str,
}

/// How many findings are listed before the check gives up: a journal that is off by one entry is off everywhere.
const MOST_FINDINGS: usize = 100;

/// How many entries are read at a time.
const BATCH: usize = 1_000;

/// Recomputes every entry and the whole tree, and compares them with what is stored.
///
/// A sealed payload that is gone is sound only together with a later entry that says it was destroyed, and one of a
/// person who was erased must not be there again. Each erasure has left the head of the journal of its time: the entries
/// must lead to it still, so that what came before can neither be rewritten, nor cut off, nor added to.
pub(crate) fn all(connection: &dyn Connection) -> Result<Verification> {
    let mut tree = Frontier::new();
    let mut erasures = Erasures::read(connection)?;
    let mut findings = Vec::new();
    let mut tiles = Vec::new();
    let mut last = crate::Timestamp::MIN;
    let sql =
        format!("SELECT {COLUMNS} FROM crm_journal WHERE sequence >= ?1 ORDER BY sequence LIMIT {BATCH}");
    let mut check = |row: &dyn Row| {
        let entry = StoredEntry::read(row)?;
        let sequence = entry.header.sequence;
        let mut find = |reason| findings.push(Finding { sequence, reason });
        if sequence != tree.size() {
            find("an entry is missing before this one");
        }
        if entry.header.at < last {
            find("the time goes back");
        }
        last = entry.header.at;
        erasures.note(&entry);
        let sealed = match (&entry.sealed, entry.sealed_hash) {
            (Some(sealed), _) => payload_hash(sealed),
            (None, Some(hash)) => hash,
            (None, None) => payload_hash(b""),
        };
        if entry.header.leaf_hash(&payload_hash(entry.plain.as_bytes()), &sealed) != entry.leaf {
            find("the entry was changed");
        }
        tiles.extend(tree.push(entry.leaf));
        erasures.compare(&tree);
        let enough = findings.len() >= MOST_FINDINGS;
        Ok((sequence, if enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }))
    };
    // A server sends whole results, and a journal does not fit into memory.
    let mut first = Some(i64::MIN);
    while let Some(from) = first.take() {
        let mut rows = 0;
        connection.query(&sql, &[Param::Integer(from)], &mut |row| {
            let (sequence, flow) = check(row)?;
            rows += 1;
            if rows == BATCH && flow.is_continue() {
                first = stored(sequence)?.checked_add(1);
            }
            Ok(flow)
        })?;
    }
    for tile in tiles {
        let kept = query_one(
            connection,
            "SELECT hash FROM crm_journal_tile WHERE level = ?1 AND position = ?2",
            &[Param::Integer(tile.level.into()), Param::Integer(stored(tile.index)?)],
            |row| Ok(row.blob(0)? == Some(&tile.hash[..])),
        )?;
        if kept != Some(true) {
            let covered = 256_u64.pow(tile.level);
            findings.push(Finding {
                sequence: tile.index * covered,
                reason: "the tree does not match the entries",
            });
        }
    }
    findings.extend(erasures.findings(tree.size()));
    findings.truncate(MOST_FINDINGS);
    Ok(Verification { head: TreeHead { size: tree.size(), root: tree.root() }, findings })
}

/// The size and the root of the journal now, to be kept outside the database.
pub(crate) fn head(connection: &dyn Connection) -> Result<TreeHead> {
    let (size, _) = end(connection)?;
    let tree = Frontier::load(size, &Tables(connection))?;
    Ok(TreeHead { size, root: tree.root() })
}

/// A proof that an entry is in the journal of the size it has now, and the leaf hash that it is for.
pub(crate) fn inclusion(
    connection: &dyn Connection,
    sequence: u64,
) -> Result<(super::tree::Hash, InclusionProof)> {
    let (size, _) = end(connection)?;
    let entry = super::history::stored_entry(connection, stored(sequence)?)?.ok_or_else(|| {
        CrmError::new(ErrorKind::NotFound, "journal.unknown", "there is no such entry").at("sequence")
    })?;
    Ok((entry.leaf, InclusionProof::new(sequence, size, &Tables(connection))?))
}

/// A proof that the journal of an earlier size is the beginning of the journal now.
pub(crate) fn consistency(connection: &dyn Connection, old_size: u64) -> Result<ConsistencyProof> {
    let (size, _) = end(connection)?;
    ConsistencyProof::new(old_size, size, &Tables(connection))
}
