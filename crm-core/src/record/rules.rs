//! What a domain adds to writing a record of its type.

use super::unit::{Change, UnitOfWork};
use crate::error::Result;

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
}

/// The rules of a type that has none.
#[derive(Clone, Copy, Debug)]
pub struct NoRules;

impl Rules for NoRules {}
