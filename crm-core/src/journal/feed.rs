//! The change feed: what was committed since, and a call after every commit.

use std::ops::{ControlFlow, Range};
use std::sync::{Arc, Mutex};

use super::entry::{COLUMNS, Entry, StoredEntry};
use super::writer::stored;
use crate::crm::lock;
use crate::error::Result;
use crate::record::door::Reader;
use crate::storage::{Connection, Param};

/// What a host wants to be told: called after a commit with the sequences of the new entries, on the thread that
/// committed and while no lock is held. It may read and write; it must not wait for another writer.
pub type Listener = dyn Fn(Range<u64>) + Send + Sync;

/// The listeners of an open database.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Registered>);

#[derive(Default)]
struct Registered {
    next: u64,
    all: Vec<(u64, Arc<Listener>)>,
}

impl Listeners {
    pub(crate) fn add(&self, listener: Arc<Listener>) -> u64 {
        let mut registered = lock(&self.0);
        registered.next += 1;
        let number = registered.next;
        registered.all.push((number, listener));
        number
    }

    pub(crate) fn remove(&self, number: u64) {
        lock(&self.0).all.retain(|(known, _)| *known != number);
    }

    pub(crate) fn notify(&self, appended: Range<u64>) {
        // A listener may add or remove listeners, so none is called under the lock.
        let all: Vec<Arc<Listener>> =
            lock(&self.0).all.iter().map(|(_, listener)| Arc::clone(listener)).collect();
        for listener in all {
            listener(appended.clone());
        }
    }
}

/// At most `limit` entries from sequence `from` on, the oldest first.
pub(crate) fn read(reader: &Reader<'_>, from: u64, limit: u32) -> Result<Vec<Entry>> {
    let sql = format!("SELECT {COLUMNS} FROM crm_journal WHERE sequence >= ?1 ORDER BY sequence LIMIT ?2");
    entries(reader, &sql, &[Param::Integer(stored(from)?), Param::Integer(limit.into())])
}

/// The entries of a query over [`COLUMNS`].
pub(crate) fn entries(reader: &Reader<'_>, sql: &str, parameters: &[Param<'_>]) -> Result<Vec<Entry>> {
    stored_entries(reader.connection, sql, parameters)?
        .into_iter()
        .map(|entry| entry.into_entry(reader))
        .collect()
}

/// The rows of a query over [`COLUMNS`].
pub(crate) fn stored_entries(
    connection: &dyn Connection,
    sql: &str,
    parameters: &[Param<'_>],
) -> Result<Vec<StoredEntry>> {
    let mut found = Vec::new();
    connection.query(sql, parameters, &mut |row| {
        found.push(StoredEntry::read(row)?);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(found)
}
