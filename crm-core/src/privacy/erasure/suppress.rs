//! Keeping the addresses of an erased person from being used again.

use crate::error::Result;
use crate::privacy::address::ContactAddress;
use crate::privacy::secret::DatabaseSecret;
use crate::privacy::suppression::{Refusal, refuse};
use crate::record::unit::UnitOfWork;

/// Refuses the addresses for good, inside the transaction of the erasure. The suppressions hold keyed hashes and no link to
/// the person. Gives how many addresses were not refused already.
///
/// # Errors
/// `storage.*`.
pub(super) fn suppress(work: &mut UnitOfWork<'_>, addresses: &[ContactAddress]) -> Result<u64> {
    let mut refused = 0;
    if addresses.is_empty() {
        return Ok(refused);
    }
    let secret = DatabaseSecret::of(work)?;
    for address in addresses {
        let refusal = Refusal::of_erased(address.address_type(), address.hash(&secret));
        let (_, known) = refuse(work, refusal)?;
        refused += u64::from(!known);
    }
    Ok(refused)
}
