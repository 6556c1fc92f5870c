//! Keeping the addresses of an erased person from being used again.

use crate::error::Result;
use crate::privacy::address::ContactAddress;
use crate::record::unit::UnitOfWork;

/// What an erasure asks of the suppression list: to refuse addresses for good, inside the transaction of the erasure. The
/// list keeps keyed hashes only and no link to the person.
pub(crate) trait Suppress: Sync {
    /// Refuses the addresses; gives how many it did not refuse already.
    ///
    /// # Errors
    /// `storage.*`.
    fn suppress(&self, work: &mut UnitOfWork<'_>, addresses: &[ContactAddress]) -> Result<u64>;
}

/// A database without a suppression list.
struct NoList;

impl Suppress for NoList {
    fn suppress(&self, _work: &mut UnitOfWork<'_>, _addresses: &[ContactAddress]) -> Result<u64> {
        Ok(0)
    }
}

/// The list that erasures write to.
pub(super) const LIST: &dyn Suppress = &NoList;
