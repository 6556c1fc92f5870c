//! How far the main server is, and whether a replica has followed: what this handle has written it also reads.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::link::{Form, Link};
use super::row::PostgresRow;
use crate::storage::{Param, Row};

/// The place in the server's log behind this handle's last commit.
#[derive(Debug)]
pub(super) struct Progress {
    followed: bool,
    position: AtomicU64,
    /// How many reads do without the replicas before they are tried again.
    rest: AtomicU32,
}

/// How many reads do without replicas that could not be reached: each attempt may take as long as connecting may.
const REST: u32 = 200;

impl Progress {
    /// Nothing was written yet. `followed` says whether there are replicas.
    pub(super) fn new(followed: bool) -> Self {
        Self { followed, position: AtomicU64::new(0), rest: AtomicU32::new(0) }
    }

    /// Whether there are replicas.
    pub(super) fn is_followed(&self) -> bool {
        self.followed
    }

    /// Whether a read is to ask a replica.
    pub(super) fn asks_replicas(&self) -> bool {
        let rests = |rest: u32| rest.checked_sub(1);
        self.followed && self.rest.fetch_update(Ordering::AcqRel, Ordering::Acquire, rests).is_err()
    }

    /// Lets the next reads do without the replicas.
    pub(super) fn rest(&self) {
        self.rest.store(REST, Ordering::Release);
    }

    /// Notes the place behind a commit, as the server writes it.
    pub(super) fn advance(&self, position: Option<&str>) {
        if let Some(position) = position.and_then(parsed) {
            self.position.fetch_max(position, Ordering::AcqRel);
        }
    }

    /// Whether a replica has everything that this handle has committed.
    pub(super) fn is_reached_by(&self, replica: &Link) -> bool {
        let wanted = self.position.load(Ordering::Acquire);
        if wanted == 0 {
            return true;
        }
        // A server that is no replica has no such place, and everything.
        let sql = "SELECT coalesce(pg_last_wal_replay_lsn() >= CAST(?1 AS pg_lsn), NOT pg_is_in_recovery())";
        let text = format!("{:X}/{:X}", wanted >> 32, wanted & 0xffff_ffff);
        let rows = replica.query(sql, Form::Plain, &[Param::Text(&text)]).unwrap_or_default();
        rows.first().and_then(|row| PostgresRow::new(row).boolean(0).ok().flatten()).unwrap_or_default()
    }
}

/// The number of a place that is written as two hexadecimal numbers, `16/B374D848`.
fn parsed(position: &str) -> Option<u64> {
    let (high, low) = position.split_once('/')?;
    Some(u64::from_str_radix(high, 16).ok()? << 32 | u64::from_str_radix(low, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replicas_that_fail_rest() {
        let progress = Progress::new(true);
        assert!(progress.asks_replicas() && progress.asks_replicas());
        progress.rest();
        assert_eq!((0..1_000).position(|_| progress.asks_replicas()), Some(REST as usize));
        assert!(!Progress::new(false).asks_replicas());
    }

    #[test]
    fn positions_only_advance() {
        let progress = Progress::new(true);
        for (position, expected) in [
            (Some("16/B374D848"), 0x16_b374_d848),
            (Some("1/0"), 0x16_b374_d848),
            (Some("no"), 0x16_b374_d848),
            (None, 0x16_b374_d848),
            (Some("17/1"), 0x17_0000_0001),
        ] {
            progress.advance(position);
            assert_eq!(progress.position.load(Ordering::Acquire), expected, "{position:?}");
        }
    }
}
