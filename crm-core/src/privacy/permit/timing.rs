//! Caps and hours: they put a contact off instead of refusing it.
//!
//! The hours of all regimes, in all zones in which any of the people may be, must be open at once; so they are
//! collected and settled together.

use super::chain::{Chain, Source};
use super::facts::ContactCap;
use super::reason::ReasonCode;
use super::rules::View;
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::ground::zone::Zone;
use crate::privacy::regimes::HourTable;
use crate::privacy::regimes::hours::{WallTime, moment};

/// How far ahead a moment is looked for that all hours permit.
const DAYS_AHEAD: i64 = 15;
/// How often the search goes from one opening to the next before it gives up. Each table opens at most twice a day.
const STEPS: usize = 512;

struct Window {
    table: &'static HourTable,
    zone: Zone,
    source: Source,
}

/// What decides about the time.
pub(super) struct Timing {
    at: Timestamp,
    earliest: Timestamp,
    windows: Vec<Window>,
}

impl Timing {
    pub(super) fn new(at: Timestamp) -> Self {
        Self { at, earliest: at, windows: Vec::new() }
    }

    /// The time that is asked about.
    pub(super) fn at(&self) -> Timestamp {
        self.at
    }

    /// Puts the contact off to a time.
    pub(super) fn not_before(&mut self, time: Timestamp) {
        self.earliest = self.earliest.max(time);
    }

    /// Says of each window whether it is open, and finds the first moment that suits all.
    pub(super) fn settle(chain: &mut Chain) -> Option<Timestamp> {
        let windows = std::mem::take(&mut chain.timing.windows);
        let (at, earliest) = (chain.timing.at, chain.timing.earliest);
        for window in &windows {
            match window.table.open_until(WallTime::of(window.zone, at)) {
                Some((day, minute)) => {
                    let closes = moment(window.zone, day, minute);
                    chain.say_until(ReasonCode::HoursOpen, window.source, None, Some(closes));
                }
                None => {
                    let opens = window.table.next_opening(window.zone, at);
                    chain.say_until(ReasonCode::HoursClosed, window.source, None, opens);
                }
            }
        }
        let suits = first_open(&windows, earliest);
        if suits.is_none() {
            chain.say(ReasonCode::HoursNever, Source::default());
        }
        suits.filter(|time| *time > at)
    }
}

/// The first moment from a time on at which all windows are open.
fn first_open(windows: &[Window], from: Timestamp) -> Option<Timestamp> {
    let last = from.plus_days(DAYS_AHEAD);
    let mut time = from;
    for _ in 0..STEPS {
        let closed =
            windows.iter().find(|window| window.table.open_until(WallTime::of(window.zone, time)).is_none());
        let Some(window) = closed else { return Some(time) };
        time = window.table.next_opening(window.zone, time).filter(|time| *time <= last)?;
    }
    None
}

/// The gate of hours, in every zone in which the person may be.
pub(super) fn hours(chain: &mut Chain, view: &View<'_>, table: &'static HourTable, source: Source) {
    let mut known = false;
    for zone in view.zones() {
        known = true;
        chain.timing.windows.push(Window { table, zone, source });
    }
    if !known {
        chain.say(ReasonCode::ZoneUnknown, source);
    }
}

/// The gate of a cap on contacts of the address.
pub(super) fn cap(chain: &mut Chain, contacted: &[Timestamp], cap: ContactCap, source: Source) {
    let at = chain.timing.at;
    let span = i64::from(cap.hours) * 3600;
    let since = at.plus_seconds(-span);
    let is_counted = |time: &&Timestamp| **time > since && **time <= at;
    let count = contacted.iter().filter(is_counted).count();
    let Some(surplus) = count.checked_sub(usize::from(cap.contacts)) else {
        chain.say(ReasonCode::CapFree, source);
        return;
    };
    let mut counted: Vec<Timestamp> = contacted.iter().filter(is_counted).copied().collect();
    sort::ascending(&mut counted);
    // When the one of them has left the span whose leaving makes room.
    match counted.get(surplus) {
        Some(time) => {
            let free = time.plus_seconds(span);
            chain.timing.not_before(free);
            chain.say_until(ReasonCode::CapReached, source, None, Some(free));
        }
        None => chain.say(ReasonCode::CapForbids, source),
    }
}
