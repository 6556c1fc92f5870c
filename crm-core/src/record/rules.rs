//! What a domain adds to writing a record of its type.

use super::data::RecordData;
use super::unit::{Change, UnitOfWork};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::storage::Connection;

/// What is kept of a record and does not follow from the records that it is kept of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discrepancy {
    /// The type of the record that it is kept of.
    pub record_type: &'static str,
    /// The record that it is kept of.
    pub record: RecordId,
    /// What is kept.
    pub what: &'static str,
}

/// The rules of a record type. They run inside the unit of work, whoever writes: the host, an import, an undo.
pub trait Rules: Send + Sync {
    /// Before the change is stored: completes the record, or refuses the change.
    ///
    /// # Errors
    /// Whatever forbids the change; nothing is stored then.
    fn before(&self, _work: &mut UnitOfWork<'_>, _change: &mut Change) -> Result<()> {
        Ok(())
    }

    /// After the change is stored, in the same transaction: writes what follows from it.
    ///
    /// # Errors
    /// Whatever forbids the change; the transaction is rolled back then.
    fn after(&self, _work: &mut UnitOfWork<'_>, _change: &Change) -> Result<()> {
        Ok(())
    }

    /// Keeps the tables of the domain that follow from the record in step with it. Unlike the other two it runs for
    /// copies out of another database, too, for what is derived is not in an export, and for what an erasure destroys,
    /// which comes as a deletion, or takes out of a record that stays, which comes as an update.
    ///
    /// # Errors
    /// `storage.*`.
    fn follow(&self, _work: &mut UnitOfWork<'_>, _change: &Change) -> Result<()> {
        Ok(())
    }

    /// The tables that [`follow`](Self::follow) keeps and [`refill`](Self::refill) can make from the records.
    fn tables(&self) -> &'static [&'static str] {
        &[]
    }

    /// Fills the [tables](Self::tables) from the records that are there: for a database of a version without them.
    ///
    /// # Errors
    /// `storage.*`.
    fn refill(&self, _connection: &dyn Connection) -> Result<()> {
        Ok(())
    }

    /// Compares the [tables](Self::tables) with the records, and names what does not follow from them.
    ///
    /// # Errors
    /// `storage.*`.
    fn wrong(&self, _connection: &dyn Connection) -> Result<Vec<Discrepancy>> {
        Ok(Vec::new())
    }

    /// Undoes the creation of a record in another way than by deleting it, and gives whether it did: what was written
    /// into a ledger stays there.
    ///
    /// # Errors
    /// Whatever forbids it.
    fn undo_creation(&self, _work: &mut UnitOfWork<'_>, _record: &RecordData) -> Result<bool> {
        Ok(false)
    }
}

/// The rules of a type that has none.
#[derive(Clone, Copy, Debug)]
pub struct NoRules;

impl Rules for NoRules {}
