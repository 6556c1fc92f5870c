//! Sale and sharing of data, and the use of sensitive data.

use super::age::years;
use super::chain::{Chain, Source};
use super::facts::{SignalFact, SignalKind};
use super::months::months_after;
use super::reason::ReasonCode;
use super::rules::View;
use crate::ground::time::Timestamp;

/// The latest signal of some kinds.
fn latest<'a>(view: &View<'a>, kinds: &[SignalKind]) -> Option<&'a SignalFact> {
    let signals = view.subject.signals.iter().filter(|signal| kinds.contains(&signal.kind));
    signals.max_by_key(|signal| (signal.at, signal.kind == SignalKind::SaleOptOut, signal.id))
}

/// The latest signal that no consent has come after. Where one has, a permit ends with it.
fn standing<'a>(chain: &mut Chain, view: &View<'a>, kinds: &[SignalKind]) -> Option<&'a SignalFact> {
    let signal = latest(view, kinds)?;
    match view.consents.grant_after(signal.at) {
        Some(grant) => {
            chain.expire_at(grant.expires_at.unwrap_or(Timestamp::MAX));
            None
        }
        None => Some(signal),
    }
}

/// An opt-out or the Global Privacy Control refuses, unless the person consented after it.
pub(super) fn opt_out(chain: &mut Chain, view: &View<'_>, source: Source) {
    match standing(chain, view, &[SignalKind::SaleOptOut, SignalKind::GlobalPrivacyControl]) {
        Some(signal) if signal.kind == SignalKind::SaleOptOut => {
            chain.say_by(ReasonCode::SaleOptedOut, source, signal.id);
        }
        Some(signal) => chain.say_by(ReasonCode::SaleSignal, source, signal.id),
        None => chain.say(ReasonCode::SaleNotOptedOut, source),
    }
}

/// Data of minors are sold by their age: never, by a guardian's consent, or by their own.
pub(super) fn minors(
    chain: &mut Chain,
    view: &View<'_>,
    never_below: u8,
    guardian_below: u8,
    consent_below: u8,
    source: Source,
) {
    let Some(years) = years(view).filter(|years| *years < 18) else { return };
    let below = |age: u8| years < u32::from(age);
    let (grant, missing) = if below(never_below) {
        chain.say(ReasonCode::SaleMinorNever, source);
        return;
    } else if below(guardian_below) {
        (view.consents.guardian_grant(), ReasonCode::SaleMinorGuardian)
    } else if below(consent_below) {
        (view.consents.grant_after(Timestamp::MIN), ReasonCode::SaleMinorConsent)
    } else {
        return;
    };
    match grant {
        Some(grant) => {
            chain.say_until(ReasonCode::SaleMinorConsented, source, Some(grant.id), grant.expires_at);
        }
        None => chain.say(missing, source),
    }
}

/// Who opted out is asked for consent only after some months.
pub(super) fn ask_again(chain: &mut Chain, view: &View<'_>, months: u32, source: Source) {
    let kinds = [SignalKind::SaleOptOut, SignalKind::GlobalPrivacyControl, SignalKind::LimitSensitive];
    let Some(signal) = latest(view, &kinds) else { return };
    let until = months_after(signal.at, months);
    if view.query.at < until {
        chain.timing.not_before(until);
        chain.say_until(ReasonCode::AskAgainTooEarly, source, Some(signal.id), Some(until));
    }
}

/// A request to limit the use of sensitive data is followed, unless the person consented after it.
pub(super) fn limit_sensitive(chain: &mut Chain, view: &View<'_>, source: Source) {
    if let Some(signal) = standing(chain, view, &[SignalKind::LimitSensitive]) {
        chain.say_by(ReasonCode::LimitedSensitive, source, signal.id);
    }
}
