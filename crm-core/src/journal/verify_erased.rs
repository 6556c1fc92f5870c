//! What must hold of the journal because people were erased.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entry::{Operation, StoredEntry, damaged};
use super::tree::{Frontier, Hash};
use super::verify::Finding;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::record::erase::is_whole_erasure;
use crate::storage::{Connection, query_all};

/// Collects what the entries say of erasures while they pass by in order.
pub(super) struct Erasures {
    /// The heads that erasures have left, by size.
    heads: BTreeMap<u64, Hash>,
    /// Entries without their payload: sequence, record, subject.
    shredded: Vec<(u64, RecordId, Option<RecordId>)>,
    /// The last purge of a record.
    purged: HashMap<RecordId, u64>,
    /// Subjects of whom nothing stays.
    erased: BTreeSet<RecordId>,
    /// The first entry with a payload, by subject: any of them may turn out to be erased.
    sealed: HashMap<RecordId, u64>,
    wrong: Vec<Finding>,
}

impl Erasures {
    pub(super) fn read(connection: &dyn Connection) -> Result<Self> {
        let heads =
            query_all(connection, "SELECT journal_size, journal_root FROM crm_erased_subject", &[], |row| {
                let size = u64::try_from(row.integer(0)?.unwrap_or_default())
                    .map_err(|_| damaged("has a head of a negative size"))?;
                let root = row.blob(1)?.unwrap_or_default().try_into();
                Ok((size, root.map_err(|_| damaged("has a head of the wrong length"))?))
            })?;
        Ok(Self {
            heads: heads.into_iter().collect(),
            shredded: Vec::new(),
            purged: HashMap::new(),
            erased: BTreeSet::new(),
            sealed: HashMap::new(),
            wrong: Vec::new(),
        })
    }

    /// Takes an entry in.
    pub(super) fn note(&mut self, entry: &StoredEntry) {
        let header = &entry.header;
        match (header.subject, &entry.sealed) {
            (Some(subject), Some(_)) => {
                self.sealed.entry(subject).or_insert(header.sequence);
            }
            (subject, None) if entry.sealed_hash.is_some() => {
                self.shredded.push((header.sequence, header.record, subject));
            }
            _ => {}
        }
        if header.operation == Operation::Purge as u8 {
            self.purged.insert(header.record, header.sequence);
            // Other purges destroy the content of a file or the column of a field and leave the history.
            if is_whole_erasure(&entry.plain) {
                self.erased.insert(header.record);
            }
        }
    }

    /// Compares the tree with the head that an erasure has left at this size.
    pub(super) fn compare(&mut self, tree: &Frontier) {
        if self.heads.remove(&tree.size()).is_some_and(|root| root != tree.root()) {
            let reason = "the entries up to here are not those that an erasure was certified on";
            self.wrong.push(Finding { sequence: tree.size() - 1, reason });
        }
    }

    /// What is wrong, when all entries have passed.
    pub(super) fn findings(mut self, size: u64) -> Vec<Finding> {
        for (sequence, record, subject) in &self.shredded {
            let later = |id: &RecordId| self.purged.get(id).is_some_and(|purge| purge > sequence);
            if !later(record) && !subject.as_ref().is_some_and(later) {
                let reason = "the sealed payload is gone, and no entry says that it was destroyed";
                self.wrong.push(Finding { sequence: *sequence, reason });
            }
        }
        for subject in &self.erased {
            let Some(sequence) = self.sealed.get(subject) else { continue };
            if self.purged.get(subject).is_some_and(|purge| purge > sequence) {
                let reason = "a sealed payload of an erased subject is there";
                self.wrong.push(Finding { sequence: *sequence, reason });
            }
        }
        if let Some(missing) = self.heads.keys().next_back() {
            if *missing > size {
                let reason = "entries are missing at the end that an erasure was certified on";
                self.wrong.push(Finding { sequence: size, reason });
            }
        }
        sort::by_key(&mut self.wrong, |finding| finding.sequence);
        self.wrong
    }
}
