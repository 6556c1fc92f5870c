//! The legal basis: of the purpose, in the eyes of a regime, at the time.

use super::chain::{Chain, Source};
use super::classes::gates;
use super::facts::BasisFact;
use super::grounds::Held;
use super::reason::ReasonCode;
use super::rules::View;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ConsentExpression, LegalBasis, SpecialCategoryGround};
use crate::privacy::regimes::sets::Bases;

/// The gate of the legal basis. A soft opt-in that stands alone takes its place.
pub(super) fn gate(
    chain: &mut Chain,
    view: &View<'_>,
    accepted: Bases,
    stands_alone: Option<Held>,
    source: Source,
) {
    if accepted.has(LegalBasis::Consent) {
        if let Some(grant) = view.consents.grant(ConsentExpression::Expressed, true) {
            chain.say_until(ReasonCode::BasisConsent, source, Some(grant.id), grant.expires_at);
            return;
        }
    }
    if let Some(basis) = on_file(view, |basis| accepted.has(basis.basis)) {
        chain.say_until(ReasonCode::BasisOnFile, source, Some(basis.id), basis.until);
    } else if gates(view.query.class).declares.is_some() {
        chain.say(ReasonCode::BasisDeclared, source);
    } else if let Some(held) = stands_alone {
        chain.say_until(ReasonCode::BasisSoftOptIn, source, held.evidence, held.until);
    } else {
        match what_is_missing(view, accepted) {
            Some((code, id)) => chain.say_by(code, source, id),
            None => chain.say(ReasonCode::BasisMissing, source),
        }
    }
}

/// The basis on file that suits, holds at the time and lasts longest.
fn on_file<'a>(view: &View<'a>, suits: impl Fn(&BasisFact<'_>) -> bool) -> Option<&'a BasisFact<'a>> {
    view.subject
        .bases
        .iter()
        .filter(|basis| view.query.has_purpose(&basis.purpose) && suits(basis))
        .filter(|basis| flaw(basis, view.query.at).is_none())
        .max_by_key(|basis| (basis.until.unwrap_or(Timestamp::MAX), basis.id))
}

/// Whether a legitimate interest is on file that was assessed and to which nobody objected.
pub(super) fn legitimate_interest<'a>(view: &View<'a>) -> Option<&'a BasisFact<'a>> {
    on_file(view, |basis| basis.basis == LegalBasis::LegitimateInterests)
}

/// Whether a ground for special categories other than consent is on file.
pub(super) fn special_ground<'a>(view: &View<'a>) -> Option<&'a BasisFact<'a>> {
    on_file(view, |basis| {
        basis.special_category.is_some_and(|ground| ground != SpecialCategoryGround::ExplicitConsent)
    })
}

/// What keeps a basis from holding. Consent is proven by the ledger and not by a note that there is one.
fn flaw(basis: &BasisFact<'_>, at: Timestamp) -> Option<ReasonCode> {
    let interest = matches!(basis.basis, LegalBasis::LegitimateInterests);
    let in_force = basis.from.is_none_or(|from| from <= at) && basis.until.is_none_or(|until| at < until);
    if basis.basis == LegalBasis::Consent {
        Some(ReasonCode::BasisMissing)
    } else if !in_force {
        Some(ReasonCode::BasisNotInForce)
    } else if basis.objected {
        Some(ReasonCode::BasisObjected)
    } else if interest && !basis.assessed {
        Some(ReasonCode::BasisNotAssessed)
    } else if interest && !basis.informed {
        Some(ReasonCode::BasisNotInformed)
    } else {
        None
    }
}

/// Why none of the bases on file holds, by the one that comes closest.
fn what_is_missing(view: &View<'_>, accepted: Bases) -> Option<(ReasonCode, RecordId)> {
    view.subject
        .bases
        .iter()
        .filter(|basis| view.query.has_purpose(&basis.purpose))
        .map(|basis| {
            let unaccepted = !accepted.has(basis.basis);
            let code =
                if unaccepted { Some(ReasonCode::BasisNotAccepted) } else { flaw(basis, view.query.at) };
            (code.unwrap_or(ReasonCode::BasisMissing), basis.id)
        })
        .max()
}
