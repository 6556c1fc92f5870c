//! What permits a contact: consent, what went before between the two, or that nobody refused.

use super::basis;
use super::chain::{Chain, Source};
use super::facts::RelationshipFact;
use super::months::months_after;
use super::reason::ReasonCode;
use super::rules::View;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{ConsentExpression, RelationshipEventKind};
use crate::privacy::regimes::sets::Events;
use crate::privacy::regimes::{Ground, RuleKind};

/// A ground that holds.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub(super) code: ReasonCode,
    pub(super) evidence: Option<RecordId>,
    pub(super) until: Option<Timestamp>,
}

impl Held {
    fn by(code: ReasonCode, evidence: RecordId, until: Option<Timestamp>) -> Self {
        Self { code, evidence: Some(evidence), until }
    }

    fn content(code: ReasonCode) -> Self {
        Self { code, evidence: None, until: None }
    }
}

/// The gate of a rule that needs one of several grounds.
pub(super) fn needs(chain: &mut Chain, view: &View<'_>, grounds: &[Ground], source: Source) {
    match grounds.iter().find_map(|ground| held(ground, view)) {
        Some(found) => chain.say_until(found.code, source, found.evidence, found.until),
        None => explain(chain, view, grounds, source),
    }
}

/// Whether one of the grounds holds.
pub(super) fn any_held(grounds: &[Ground], view: &View<'_>) -> Option<Held> {
    grounds.iter().find_map(|ground| held(ground, view))
}

/// The soft opt-in of a rule that stands without another legal basis, when it holds.
pub(super) fn stands_alone(kind: &RuleKind, view: &View<'_>) -> Option<Held> {
    let RuleKind::Needs(grounds) = kind else { return None };
    grounds
        .iter()
        .filter(|ground| matches!(ground, Ground::SoftOptIn { stands_alone: true, .. }))
        .find_map(|ground| held(ground, view))
}

fn held(ground: &Ground, view: &View<'_>) -> Option<Held> {
    let content = &view.query.content;
    match *ground {
        Ground::Consent { expression, informed } => view
            .consents
            .grant(expression, informed)
            .map(|grant| Held::by(ReasonCode::GroundConsent, grant.id, grant.expires_at)),
        Ground::Relationship { events, months } => recent(view, events, months),
        Ground::Ongoing { start, end, months } => ongoing(view, start, end, months),
        Ground::SoftOptIn { events, charity, .. } => past(view, events)
            .filter(|event| (!charity || view.facts.controller.charity) && is_soft_opt_in(view, event))
            .max_by_key(|event| (event.at, event.id))
            .map(|event| Held::by(ReasonCode::GroundSoftOptIn, event.id, None)),
        Ground::RunningContract => {
            (content.running_contract == Some(true)).then(|| Held::content(ReasonCode::GroundContract))
        }
        Ground::PublishedAddress => published(view),
        Ground::SolicitedReply => {
            (content.solicited == Some(true)).then(|| Held::content(ReasonCode::GroundSolicited))
        }
        Ground::LegitimateInterest => basis::legitimate_interest(view)
            .map(|basis| Held::by(ReasonCode::GroundInterest, basis.id, basis.until)),
        // A refusal has stopped the contact before it came here.
        Ground::NotRefused => Some(Held::content(ReasonCode::GroundNotRefused)),
    }
}

/// What the person had to do with this controller under this brand, up to the time.
fn past<'a>(view: &View<'a>, events: Events) -> impl Iterator<Item = &'a RelationshipFact<'a>> {
    let query = view.query;
    view.subject.relationship.iter().filter(move |event| {
        events.has(event.kind)
            && event.at <= query.at
            && event.same_controller
            && query.is_brand(event.brand.as_deref())
    })
}

/// The latest of these events, if it is recent enough.
fn recent(view: &View<'_>, events: Events, months: u32) -> Option<Held> {
    let latest = past(view, events).max_by_key(|event| (event.at, event.id))?;
    let until = months_after(latest.at, months);
    (view.query.at < until).then(|| Held::by(ReasonCode::GroundRelationship, latest.id, Some(until)))
}

/// What began and has not ended, or has ended recently enough. An end belongs to the beginnings before it.
fn ongoing(view: &View<'_>, start: Events, end: Events, months: u32) -> Option<Held> {
    let last = past(view, start).max_by_key(|event| (event.at, event.id));
    let ended = past(view, end).max_by_key(|event| (event.at, event.id));
    match (last, ended) {
        (Some(start), None) => Some(Held::by(ReasonCode::GroundOngoing, start.id, None)),
        (Some(start), Some(end)) if start.at > end.at => {
            Some(Held::by(ReasonCode::GroundOngoing, start.id, None))
        }
        (_, Some(end)) => {
            let until = months_after(end.at, months);
            (view.query.at < until).then(|| Held::by(ReasonCode::GroundOngoing, end.id, Some(until)))
        }
        (None, None) => None,
    }
}

fn is_soft_opt_in(view: &View<'_>, event: &RelationshipFact<'_>) -> bool {
    let similar = view.query.content.own_similar_goods.or(event.own_similar_goods);
    event.opt_out_offered == Some(true) && similar == Some(true)
}

fn published(view: &View<'_>) -> Option<Held> {
    if view.query.content.relevant_to_role != Some(true) {
        return None;
    }
    past(view, Events::of(&[RelationshipEventKind::PublishedAddress]))
        .max_by_key(|event| (event.at, event.id))
        .map(|event| Held::by(ReasonCode::GroundPublished, event.id, None))
}

/// Says why none of the grounds holds: what comes closest to each.
fn explain(chain: &mut Chain, view: &View<'_>, grounds: &[Ground], source: Source) {
    let mut said = false;
    for ground in grounds {
        let found = match *ground {
            Ground::Consent { expression, informed } => view.consents.what_is_missing(expression, informed),
            Ground::Relationship { events, .. } => {
                past(view, events).map(|event| (ReasonCode::RelationshipExpired, event.id)).max()
            }
            Ground::Ongoing { end, .. } => {
                past(view, end).map(|event| (ReasonCode::RelationshipExpired, event.id)).max()
            }
            // A sale by somebody else is what the rule for customers is often mistaken to cover.
            Ground::SoftOptIn { events, .. } => view
                .subject
                .relationship
                .iter()
                .filter(|event| events.has(event.kind) && event.at <= view.query.at)
                .map(|event| (ReasonCode::SoftOptInIncomplete, event.id))
                .max(),
            _ => None,
        };
        if let Some((code, evidence)) = found {
            said = true;
            chain.say_by(code, source, evidence);
        }
    }
    if !said {
        chain.say(ReasonCode::ConsentMissing, source);
    }
}

/// The separate consent that a transfer or a special category needs.
pub(super) fn plain_consent(view: &View<'_>, expression: ConsentExpression) -> Option<Held> {
    held(&Ground::Consent { expression, informed: true }, view)
}
