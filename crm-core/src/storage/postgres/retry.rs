//! Waiting before a transaction is begun again.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

/// The longest wait before the first new attempt, in microseconds; it doubles with each further one.
const FIRST: u64 = 2_000;
/// The longest wait, in microseconds.
const LONGEST: u64 = 200_000;

/// How long to wait before an attempt, counted from 1: anything up to a bound that doubles, so that two writers that
/// have met do not meet again. Where the host's randomness has to be repeatable, this has not: it decides nothing.
pub(super) fn pause(attempt: u32) -> Duration {
    let bound = FIRST.saturating_mul(1 << attempt.saturating_sub(1).min(10)).min(LONGEST);
    Duration::from_micros(some_number() % bound)
}

/// A number that is another one each time, from the keys with which the standard library guards its hash tables.
pub(super) fn some_number() -> u64 {
    RandomState::new().build_hasher().finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_end() {
        for attempt in 0..64 {
            assert!(pause(attempt) < Duration::from_micros(LONGEST));
        }
        assert!(pause(1) < Duration::from_micros(FIRST));
        assert_ne!(some_number(), some_number());
    }
}
