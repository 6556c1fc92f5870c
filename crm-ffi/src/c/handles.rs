//! What is open, by number.
//!
//! A number is never given twice, so whatever was closed stays closed: a second close, a use after the close and an
//! invented number are all the same error. Looking a handle up clones what it stands for, so a close never pulls it
//! away from a call that runs.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crm_core::{Crm, CrmError, ErrorKind, Result, Session};

use crate::commits::Commits;

/// What a handle stands for.
#[derive(Clone)]
pub(super) enum Open {
    /// An open database.
    Database(Crm),
    /// A session, and the handle of its database.
    Session(Session, u64),
    /// A stream of events, and the handle of its database.
    Events(Arc<Commits>, u64),
}

#[derive(Default)]
struct Table {
    last: u64,
    open: HashMap<u64, Open>,
}

static TABLE: LazyLock<RwLock<Table>> = LazyLock::new(RwLock::default);

// Every change of the table is one step, so it is whole even when its last owner panicked.
fn table() -> RwLockReadGuard<'static, Table> {
    TABLE.read().unwrap_or_else(PoisonError::into_inner)
}

fn table_mut() -> RwLockWriteGuard<'static, Table> {
    TABLE.write().unwrap_or_else(PoisonError::into_inner)
}

fn unknown() -> CrmError {
    CrmError::new(
        ErrorKind::Closed,
        "surface.handle",
        "the handle is closed, or of another kind, or never was one",
    )
}

/// Gives a database a handle.
pub(super) fn add_database(crm: Crm) -> u64 {
    table_mut().add(Open::Database(crm))
}

/// Gives a session or a stream a handle, unless its database was closed meanwhile.
pub(super) fn add_to(database: u64, open: Open) -> Result<u64> {
    let mut table = table_mut();
    if !matches!(table.open.get(&database), Some(Open::Database(_))) {
        drop(table);
        return Err(unknown());
    }
    Ok(table.add(open))
}

impl Table {
    fn add(&mut self, open: Open) -> u64 {
        self.last += 1;
        self.open.insert(self.last, open);
        self.last
    }
}

/// The database of a handle.
pub(super) fn database(handle: u64) -> Result<Crm> {
    match table().open.get(&handle) {
        Some(Open::Database(crm)) => Ok(crm.clone()),
        _ => Err(unknown()),
    }
}

/// The session of a handle.
pub(super) fn session(handle: u64) -> Result<Session> {
    match table().open.get(&handle) {
        Some(Open::Session(session, _)) => Ok(session.clone()),
        _ => Err(unknown()),
    }
}

/// The stream of a handle.
pub(super) fn events(handle: u64) -> Result<Arc<Commits>> {
    match table().open.get(&handle) {
        Some(Open::Events(stream, _)) => Ok(Arc::clone(stream)),
        _ => Err(unknown()),
    }
}

/// Takes a database out, for one caller only.
pub(super) fn take_database(handle: u64) -> Result<Crm> {
    let taken = take(handle, |open| matches!(open, Open::Database(_)))?;
    let Open::Database(crm) = taken else { return Err(unknown()) };
    Ok(crm)
}

/// Takes a session out, for one caller only.
pub(super) fn take_session(handle: u64) -> Result<()> {
    take(handle, |open| matches!(open, Open::Session(..))).map(drop)
}

/// Takes a stream out, for one caller only.
pub(super) fn take_events(handle: u64) -> Result<Arc<Commits>> {
    let taken = take(handle, |open| matches!(open, Open::Events(..)))?;
    let Open::Events(stream, _) = taken else { return Err(unknown()) };
    Ok(stream)
}

fn take(handle: u64, wanted: impl FnOnce(&Open) -> bool) -> Result<Open> {
    let mut table = table_mut();
    match table.open.get(&handle) {
        Some(open) if wanted(open) => {}
        _ => return Err(unknown()),
    }
    // What it stands for is dropped by the caller, when the table is free again.
    table.open.remove(&handle).ok_or_else(unknown)
}

/// Puts a database back that could not be closed.
pub(super) fn put_back(handle: u64, crm: Crm) {
    table_mut().open.insert(handle, Open::Database(crm));
}

/// Takes out what belongs to a database.
pub(super) fn take_all_of(database: u64) -> Vec<Open> {
    table_mut()
        .open
        .extract_if(|_, open| match open {
            Open::Database(_) => false,
            Open::Session(_, of) | Open::Events(_, of) => *of == database,
        })
        .map(|(_, open)| open)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Open, add_database, add_to, database, session, take_all_of, take_database, take_session};
    use crm_core::{Actor, Config, Crm, Purpose};

    #[test]
    fn a_handle_is_of_one_kind_and_dies_once() {
        let crm = Crm::memory(Config::default()).unwrap();
        let work = crm.session(Actor::System, Purpose::CustomerCare).unwrap();
        let first = add_database(crm.clone());
        let second = add_to(first, Open::Session(work.clone(), first)).unwrap();
        assert!(session(second).is_ok());
        assert_eq!(session(first).err().unwrap().code(), "surface.handle");
        assert_eq!(database(second).err().unwrap().code(), "surface.handle");
        assert!(take_session(first).is_err());
        assert!(take_database(first).is_ok());
        assert!(take_database(first).is_err());
        assert!(add_to(first, Open::Session(work, first)).is_err());
        assert_eq!(take_all_of(first).len(), 1);
        assert!(session(second).is_err());
        assert!(add_database(crm) > second);
    }
}
