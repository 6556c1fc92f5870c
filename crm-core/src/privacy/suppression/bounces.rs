//! What comes back: an address that does not exist is suppressed at once, one that only fails after some failures in a row.

use super::model::Suppression;
use super::refusal::{Refusal, refuse};
use crate::error::Result;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{AddressType, SuppressionReason, SuppressionScope};
use crate::record::unit::UnitOfWork;
use crate::storage::{Param, query_one};

/// After how many soft bounces in a row an address is suppressed.
const MOST_SOFT_BOUNCES: i64 = 3;
/// How many days may lie between two of them. After that the row begins anew.
const ROW_DAYS: i64 = 30;

/// Takes note of a bounce. Gives the suppression that it leads to, if it does.
pub(super) fn bounce(
    work: &mut UnitOfWork<'_>,
    address_type: AddressType,
    address_hash: String,
    hard: bool,
) -> Result<Option<Suppression>> {
    if !hard && count(work, &address_hash)? < MOST_SOFT_BOUNCES {
        return Ok(None);
    }
    delivered(work, &address_hash)?;
    let refusal = Refusal {
        scope: SuppressionScope::Global,
        reason: SuppressionReason::Bounce,
        source: Some(if hard { "hard bounce" } else { "soft bounces" }.to_owned()),
        ..Refusal::of(address_type, address_hash)
    };
    Ok(Some(refuse(work, refusal)?.0))
}

/// Counts a soft bounce.
fn count(work: &UnitOfWork<'_>, address_hash: &str) -> Result<i64> {
    let there = query_one(
        work.connection,
        "SELECT count, last_at FROM crm_soft_bounce WHERE address = ?1",
        &[Param::Text(address_hash)],
        |row| Ok((row.integer(0)?.unwrap_or_default(), row.timestamp(1)?.unwrap_or_default())),
    )?;
    let count = next_count(there, work.now());
    work.connection.execute(
        "INSERT INTO crm_soft_bounce (address, count, last_at) VALUES (?1, ?2, ?3) \
         ON CONFLICT (address) DO UPDATE SET count = excluded.count, last_at = excluded.last_at",
        &[Param::Text(address_hash), Param::Integer(count), Param::Timestamp(work.now())],
    )?;
    Ok(count)
}

/// The number of a bounce in its row.
fn next_count(before: Option<(i64, Timestamp)>, now: Timestamp) -> i64 {
    match before {
        Some((count, last)) if now <= last.plus_days(ROW_DAYS) => count + 1,
        _ => 1,
    }
}

/// Takes note of a delivery: the row of soft bounces is over.
pub(super) fn delivered(work: &UnitOfWork<'_>, address_hash: &str) -> Result<()> {
    work.connection
        .execute("DELETE FROM crm_soft_bounce WHERE address = ?1", &[Param::Text(address_hash)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_bounces_has_no_long_gaps() {
        let now = Timestamp::default().plus_days(100);
        for (before, expected) in [(None, 1), (Some((1, 99)), 2), (Some((2, 70)), 3), (Some((2, 69)), 1)] {
            let before = before.map(|(count, day)| (count, Timestamp::default().plus_days(day)));
            assert_eq!(next_count(before, now), expected, "{before:?}");
        }
    }
}
