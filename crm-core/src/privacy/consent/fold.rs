//! Where a consent stands, folded out of the events of the ledger. Nothing here reads a database or a clock.
//!
//! The rules, in the order in which they are applied to the events that were known at a time:
//!
//! 1. An event that *invalidates* names, as its parents, the events that were never valid. They count as never made. Only
//!    what grants or tells can be named so: no word of the controller takes back a refusal. An event that invalidates
//!    without naming such events ends the consent as a whole.
//! 2. `a` *comes before* `b` when `b` names `a` among its parents and is not earlier by its time, when both have the same
//!    origin (the same device, or both none) and `b` is later, or when there is such a way over events that end nothing.
//! 3. An event that *ends* a consent (refused, withdrawn, expired, terminated, invalidated) stands *open* until a grant
//!    comes after it in that sense. Equal times and events of devices that did not know of each other are concurrent, so
//!    the refusal stays open: withdrawal wins every tie.
//! 4. Is any ending open, the latest of the open ones decides. Otherwise the latest grant decides, and whether its time has
//!    run out is seen when it is asked. Otherwise the latest of what else was said decides.
//!
//! The outcome depends on the set of events only, not on the order in which they arrived, and to add a refusal never
//! makes a consent valid.

use std::collections::HashSet;

use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::ConsentStatus;

/// What the fold needs to know of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FoldedEvent {
    /// The event.
    pub(crate) id: RecordId,
    /// What was said.
    pub(crate) kind: ConsentStatus,
    /// When, by the clock of its origin.
    pub(crate) at: Timestamp,
    /// The device or system where it was said; the host itself when none is named.
    pub(crate) origin: Option<String>,
    /// The events that were known there, or for an invalidation those that it names.
    pub(crate) parents: Vec<RecordId>,
    /// When its validity ends.
    pub(crate) expires_at: Option<Timestamp>,
}

impl FoldedEvent {
    fn grants(&self) -> bool {
        self.kind.is_valid()
    }

    /// Whether it ends a consent, unless it invalidates single events.
    fn ends(&self) -> bool {
        self.kind.is_refusal() || self.kind == ConsentStatus::Expired
    }
}

/// The state that an event leaves at a time: a grant whose time has run out is expired.
pub(crate) fn status_at(kind: ConsentStatus, expires_at: Option<Timestamp>, at: Timestamp) -> ConsentStatus {
    let expired = kind.is_valid() && expires_at.is_some_and(|end| end <= at);
    if expired { ConsentStatus::Expired } else { kind }
}

/// The events of a ledger that count at a time, and what they are.
struct Known<'e> {
    events: Vec<&'e FoldedEvent>,
    /// The invalidations that name single events, and so end nothing else.
    naming: HashSet<RecordId>,
}

/// The event that decides where a consent stands at a time; nothing when the ledger had no event by then. What state it
/// leaves is said by [`status_at`].
pub(crate) fn fold<'e>(
    events: impl IntoIterator<Item = &'e FoldedEvent>,
    at: Timestamp,
) -> Option<&'e FoldedEvent> {
    let known = Known::at(events, at);
    let latest = |counts: &dyn Fn(&FoldedEvent) -> bool| {
        known.events.iter().rev().copied().find(|event| counts(event))
    };
    known
        .open_endings()
        .pop()
        .or_else(|| latest(&FoldedEvent::grants))
        .or_else(|| latest(&|event| !known.ends(event)))
}

/// The events that end the consent and that no grant has followed, the earliest first: what a new grant must follow to
/// count.
pub(crate) fn open_endings<'e>(
    events: impl IntoIterator<Item = &'e FoldedEvent>,
    at: Timestamp,
) -> Vec<&'e FoldedEvent> {
    Known::at(events, at).open_endings()
}

impl<'e> Known<'e> {
    fn at(events: impl IntoIterator<Item = &'e FoldedEvent>, at: Timestamp) -> Self {
        let mut events: Vec<_> = events.into_iter().filter(|event| event.at <= at).collect();
        sort::by_key(&mut events, |event| (event.at, event.id));
        events.dedup_by_key(|event| event.id);
        let can_be_named: HashSet<_> =
            events.iter().filter(|event| !event.ends()).map(|event| event.id).collect();
        let naming: HashSet<_> = events
            .iter()
            .filter(|event| event.kind == ConsentStatus::Invalidated && !event.parents.is_empty())
            .filter(|event| event.parents.iter().all(|parent| can_be_named.contains(parent)))
            .map(|event| event.id)
            .collect();
        let void: HashSet<_> = events
            .iter()
            .filter(|event| naming.contains(&event.id))
            .flat_map(|event| event.parents.iter().copied())
            .collect();
        events.retain(|event| !void.contains(&event.id));
        Self { events, naming }
    }

    fn ends(&self, event: &FoldedEvent) -> bool {
        event.ends() && !self.naming.contains(&event.id)
    }

    fn open_endings(&self) -> Vec<&'e FoldedEvent> {
        let mut open: Vec<_> = self.events.iter().copied().filter(|event| self.ends(event)).collect();
        if open.is_empty() {
            return open;
        }
        for grant in self.events.iter().filter(|event| event.grants()) {
            let before = self.before(grant);
            open.retain(|ending| !before.contains(&ending.id));
        }
        open
    }

    /// All events that come before one.
    fn before(&self, event: &FoldedEvent) -> HashSet<RecordId> {
        let mut found = HashSet::new();
        let mut ways = vec![event];
        while let Some(later) = ways.pop() {
            // The events stand in the order of their times, so those that are later need no look.
            for earlier in self.events.iter().take_while(|earlier| earlier.at <= later.at) {
                let named = later.parents.contains(&earlier.id);
                let same_origin = earlier.at < later.at && earlier.origin == later.origin;
                if (named || same_origin) && found.insert(earlier.id) && !earlier.ends() {
                    ways.push(earlier);
                }
            }
        }
        found
    }
}

#[cfg(test)]
#[path = "fold_tests.rs"]
mod tests;
