//! Registers of people who do not want to be called.

use super::chain::{Chain, Source};
use super::grounds::any_held;
use super::reason::ReasonCode;
use super::rules::View;
use crate::ground::time::Timestamp;
use crate::privacy::regimes::{Ground, Register};

/// The gate of a register: a copy that is young enough does not list the address, or a ground lifts it. The latest copy
/// counts; of two fetched at one time, the one that lists it.
pub(super) fn gate(
    chain: &mut Chain,
    view: &View<'_>,
    register: Register,
    max_age_days: u16,
    lifted_by: &[Ground],
    source: Source,
) {
    if let Some(held) = any_held(lifted_by, view) {
        chain.say_until(ReasonCode::RegisterLifted, source, held.evidence, held.until);
        return;
    }
    let at = view.query.at;
    let copies = view.facts.address.screenings.iter();
    let latest = copies
        .filter(|copy| copy.register == register && copy.fetched_at <= at)
        .max_by_key(|copy| (copy.fetched_at, copy.listed, copy.id));
    let Some(copy) = latest else {
        chain.say(ReasonCode::RegisterNotScreened, source);
        return;
    };
    let last = copy.fetched_at.plus_days(max_age_days.into());
    let code = match (copy.listed, at <= last) {
        (true, _) => ReasonCode::RegisterListed,
        (false, true) => ReasonCode::RegisterClear,
        (false, false) => ReasonCode::RegisterStale,
    };
    // The moment itself is within the age; what holds until a time does not hold at it.
    let until = last.micros().checked_add(1).map(Timestamp::from_micros);
    chain.say_until(code, source, Some(copy.id), until);
}
