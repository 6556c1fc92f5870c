//! The clock port: the engine never reads the time of the machine itself.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::ground::time::Timestamp;

/// Where the engine takes the time from. A host or a test supplies its own, so that every run can be repeated.
pub trait Clock: Send + Sync {
    /// The time now, in UTC.
    fn now(&self) -> Timestamp;

    /// Sets the clock, if it is one that stands still; gives whether it is.
    fn set_to(&self, now: Timestamp) -> bool {
        // A clock that goes by itself cannot be set.
        let _ = now;
        false
    }
}

/// The clock of the machine. Not available on wasm32, where the host passes its own.
///
/// ```
/// use crm_core::{Clock, SystemClock};
/// assert!(SystemClock.now().micros() > 0);
/// ```
#[cfg(not(target_arch = "wasm32"))]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[cfg(not(target_arch = "wasm32"))]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the port's own implementation")]
    fn now(&self) -> Timestamp {
        let since_epoch =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp::from_micros(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
    }
}

/// A clock that stands still until it is told to go on: for tests and replays.
///
/// ```
/// use crm_core::{Clock, ManualClock, Timestamp};
/// let clock = ManualClock::at("2026-11-21T10:00:00Z".parse()?);
/// clock.advance_micros(1_000_000);
/// assert_eq!(clock.now(), "2026-11-21T10:00:01Z".parse::<Timestamp>()?);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows this time.
    pub fn at(now: Timestamp) -> Self {
        Self(AtomicI64::new(now.micros()))
    }

    /// Sets the time.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.micros(), Ordering::SeqCst);
    }

    /// Moves the time on by so many microseconds.
    pub fn advance_micros(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }

    /// Moves the time on by so many days.
    pub fn advance_days(&self, days: i64) {
        self.advance_micros(days * 86_400_000_000);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }

    fn set_to(&self, now: Timestamp) -> bool {
        self.set(now);
        true
    }
}

impl<C: Clock + ?Sized> Clock for std::sync::Arc<C> {
    fn now(&self) -> Timestamp {
        (**self).now()
    }

    fn set_to(&self, now: Timestamp) -> bool {
        (**self).set_to(now)
    }
}
