//! The hard stops, which no grant overrides.

use super::chain::{Chain, Source};
use super::classes::{gates, stops};
use super::covering::Query;
use super::facts::{Facts, SubjectFacts};
use super::reason::ReasonCode;
use super::rules::View;
use crate::privacy::kinds::{ObjectionOutcome, PurposeClass};

/// The suppressions of the address. They belong to it, whoever has it.
pub(super) fn of_address(chain: &mut Chain, facts: &Facts<'_>, query: &Query<'_>) {
    let mut free = true;
    for suppression in &facts.address.suppressions {
        if query.at < suppression.from {
            chain.expire_at(suppression.from);
        }
        let holds = suppression.from <= query.at && suppression.until.is_none_or(|until| query.at < until);
        let named = query.is_named_by(suppression) && query.class != PurposeClass::Legal;
        if holds && query.is_suppressed(suppression) && (named || stops(suppression.reason, query.class)) {
            free = false;
            let code = ReasonCode::of_suppression(suppression.reason);
            chain.say_until(code, Source::default(), Some(suppression.id), suppression.until);
        }
    }
    if free {
        chain.say(ReasonCode::NotSuppressed, Source::default());
    }
}

/// What stops a person: erasure, death, objections, restriction, a refused or withdrawn consent.
pub(super) fn of_subject(chain: &mut Chain, view: &View<'_>, source: Source) {
    let View { subject, query, .. } = view;
    if subject.erased {
        chain.say(ReasonCode::SubjectErased, source);
    }
    if subject.deceased {
        chain.say(ReasonCode::SubjectDeceased, source);
    }
    objections(chain, subject, query, source);
    let gates = gates(query.class);
    if let Some(since) = subject.restricted_since.filter(|_| gates.stopped_by_restriction) {
        chain.say_until(ReasonCode::Restricted, source, None, Some(since));
    }
    if gates.stopped_by_opt_outs {
        if let Some((code, evidence)) = view.consents.standing_refusal() {
            chain.say_by(code, source, evidence);
        }
        if let Some(until) = view.consents.lifted_until() {
            chain.expire_at(until);
        }
    }
}

/// An objection to direct marketing is final; elsewhere it stops until it is overridden (GDPR 21(1)-(3)). There is none
/// to what a law demands.
fn objections(chain: &mut Chain, subject: &SubjectFacts<'_>, query: &Query<'_>, source: Source) {
    if query.class == PurposeClass::Legal {
        return;
    }
    for objection in subject.objections.iter().filter(|objection| query.is_objected(objection)) {
        let code = match objection.outcome {
            ObjectionOutcome::Upheld => ReasonCode::Objected,
            ObjectionOutcome::Pending => ReasonCode::ObjectionPending,
            ObjectionOutcome::Overridden if query.class == PurposeClass::Marketing => ReasonCode::Objected,
            ObjectionOutcome::Overridden => ReasonCode::ObjectionOverridden,
            ObjectionOutcome::TakenBack => continue,
        };
        chain.say_by(code, source, objection.id);
    }
}
