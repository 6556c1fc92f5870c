//! How old somebody is, and who has to consent.

use super::chain::{Chain, Source};
use super::facts::Age;
use super::reason::ReasonCode;
use super::rules::View;
use crate::ground::time::Date;
use crate::privacy::kinds::AgeBand;

/// The age in years; in a band the lowest. Nothing when it is not known.
///
/// The day is the one where the person is; when that is not known, the last place on earth to begin it. Who was born on
/// 29 February turns a year older on 1 March.
pub(super) fn years(view: &View<'_>) -> Option<u32> {
    match view.subject.age {
        Age::Unknown => None,
        Age::Band(AgeBand::Under13) => Some(0),
        Age::Band(AgeBand::From13To15) => Some(13),
        Age::Band(AgeBand::From16To17) => Some(16),
        Age::Band(AgeBand::Adult) => Some(18),
        // Who is not born yet by a wrong date is a child, too.
        Age::Born(date) => Some(today(view).years_since(date).unwrap_or(0)),
    }
}

fn today(view: &View<'_>) -> Date {
    let zones = view.zones().map(|zone| zone.date(view.query.at)).min();
    zones.unwrap_or_else(|| view.query.at.plus_seconds(-12 * 3600).date())
}

/// The gate of a rule that asks for a guardian below an age.
pub(super) fn guardian_consents(chain: &mut Chain, view: &View<'_>, below: u8, source: Source) {
    if years(view).is_none_or(|years| years >= u32::from(below)) {
        return;
    }
    match view.consents.guardian_grant() {
        Some(grant) => {
            chain.say_until(ReasonCode::GuardianConsented, source, Some(grant.id), grant.expires_at);
        }
        None => chain.say(ReasonCode::GuardianMissing, source),
    }
}
