//! The change feed: what was committed since, and a call after every commit.

use std::ops::{ControlFlow, Range};
use std::sync::{Arc, Mutex};

use super::entry::{COLUMNS, Entry, StoredEntry};
use super::writer::{end, stored};
use crate::crm::{Engine, lock};
use crate::error::Result;
use crate::record::door::Reader;
use crate::storage::{Connection, Param, ReadMode};

/// What a host wants to be told: called after a commit with the sequences of the new entries, on the thread that
/// committed (on one of the driver for commits of other processes) and while no lock is held. It may read and write; it must not wait for another writer.
pub type Listener = dyn Fn(Range<u64>) + Send + Sync;

/// The listeners of an open database.
#[derive(Default)]
pub(crate) struct Listeners(Mutex<Registered>);

#[derive(Default)]
struct Registered {
    next: u64,
    all: Vec<(u64, Arc<Listener>)>,
    /// Up to which sequence the listeners were told, where the database tells of the commits of others, too.
    told: Option<u64>,
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

    /// Whether nobody has asked yet to be told of the commits of others; from now on somebody has.
    fn begins_to_hear(&self) -> bool {
        let mut registered = lock(&self.0);
        let begins = registered.told.is_none();
        registered.told.get_or_insert(u64::MAX);
        begins
    }

    fn hears_from(&self, size: Option<u64>) {
        lock(&self.0).told = size;
    }

    /// Tells of a commit of this handle, and of those of others that came before it.
    pub(crate) fn committed(&self, appended: Range<u64>) {
        self.grown(appended.start, appended.end);
    }

    /// Tells of what was appended up to the length of the journal; `start` is where it begins when nobody hears of the
    /// commits of others.
    fn grown(&self, start: u64, end: u64) {
        let range = {
            let mut registered = lock(&self.0);
            match registered.told {
                // It was told with a later commit, or the first ear is only being opened.
                Some(told) if told != u64::MAX => {
                    registered.told = Some(told.max(end));
                    told..end
                }
                _ => start..end,
            }
        };
        if !range.is_empty() {
            self.notify(range);
        }
    }

    fn notify(&self, appended: Range<u64>) {
        // A listener may add or remove listeners, so none is called under the lock.
        let all: Vec<Arc<Listener>> =
            lock(&self.0).all.iter().map(|(_, listener)| Arc::clone(listener)).collect();
        for listener in all {
            listener(appended.clone());
        }
    }
}

/// Lets the listeners hear of the commits of other handles, where the database tells of them.
pub(crate) fn hear_others(engine: &Arc<Engine>) -> Result<()> {
    if !engine.listeners.begins_to_hear() {
        return Ok(());
    }
    let ear = Arc::downgrade(engine);
    let hears = engine.database.listen(Box::new(move || {
        // A length that cannot be read now is read after the next commit.
        if let Some(engine) = ear.upgrade()
            && let Ok(size) = length(&engine)
        {
            engine.listeners.grown(size, size);
        }
    }));
    let size = match hears {
        Ok(true) => length(engine).map(Some),
        Ok(false) => Ok(None),
        Err(error) => Err(error),
    };
    engine.listeners.hears_from(size.as_ref().ok().copied().flatten());
    size.map(|_| ())
}

fn length(engine: &Engine) -> Result<u64> {
    let mut size = 0;
    engine.database.read(ReadMode::Statement, &mut |connection| {
        size = end(connection)?.0;
        Ok(())
    })?;
    Ok(size)
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
