//! The rules of the regimes, one after the other.

use super::chain::{Chain, Source};
use super::consent::Consents;
use super::covering::Query;
use super::facts::{ContactCap, Facts, SubjectFacts};
use super::grounds::{needs, plain_consent, stands_alone};
use super::months::months_after;
use super::reason::ReasonCode;
use super::scope::Scope;
use super::{age, basis, classes, duties, sale, screening, timing};
use crate::ground::time::Timestamp;
use crate::ground::zone::Zone;
use crate::privacy::kinds::{ConsentExpression, ConsentStatus, ContactChannel};
use crate::privacy::regimes::hours::{WallTime, moment};
use crate::privacy::regimes::{Channels, Day, Regime, Rule, RuleKind, RuleSet};

/// What the gates look at: one person, the address, the question.
pub(super) struct View<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) subject: &'a SubjectFacts<'a>,
    pub(super) query: &'a Query<'a>,
    pub(super) consents: Consents<'a>,
}

impl<'a> View<'a> {
    pub(super) fn new(facts: &'a Facts<'a>, subject: &'a SubjectFacts<'a>, query: &'a Query<'a>) -> Self {
        Self { facts, subject, query, consents: Consents::of(facts, subject, query) }
    }

    /// The zones in which the person may be: those that are known of the person, else those of the address.
    pub(super) fn zones(&self) -> impl Iterator<Item = Zone> + use<'a> {
        let own = &self.subject.zones;
        let zones = if own.is_empty() { &self.facts.address.zones } else { own };
        zones.iter().copied()
    }
}

/// Goes through every rule that reaches the person.
pub(super) fn gates(chain: &mut Chain, set: &RuleSet, view: &View<'_>, scope: &Scope, source: Source) {
    let mut read_last: Option<(Zone, Day)> = None;
    for &(regime, clock) in set.with_clocks().iter().filter(|(regime, _)| scope.is_under(regime)) {
        chain.say(ReasonCode::Jurisdiction, Source { regime: Some(regime.key), ..source });
        // Rules begin and end by the clock of the regime. Regimes of one country are neighbours and go by one clock.
        let day = match read_last {
            Some((known, day)) if known == clock => day,
            _ => WallTime::of(clock, view.query.at).day(),
        };
        read_last = Some((clock, day));
        let matching = Matching { regime, scope, query: view.query, subject: view.subject, day };
        for rule in regime.rules().filter(|rule| matching.concerns(rule)) {
            if matching.is_in_force(rule) {
                demand(chain, view, &matching, rule, source.by(regime, rule));
            }
            // A permit ends with the day on which the law changes.
            if let Some(change) = [rule.from, rule.until].into_iter().find(|change| day < *change) {
                chain.expire_at(moment(clock, change, 0));
            }
        }
    }
}

/// Which rules of a regime reach a question.
struct Matching<'a> {
    regime: &'static Regime,
    scope: &'a Scope,
    query: &'a Query<'a>,
    subject: &'a SubjectFacts<'a>,
    day: Day,
}

impl Matching<'_> {
    /// Whether a rule reaches the question, and is in force.
    fn has(&self, rule: &Rule) -> bool {
        self.concerns(rule) && self.is_in_force(rule)
    }

    fn is_in_force(&self, rule: &Rule) -> bool {
        rule.from <= self.day && self.day < rule.until
    }

    /// Whether a rule reaches the question, whenever it holds.
    fn concerns(&self, rule: &Rule) -> bool {
        let by_channel = match self.query.channel {
            Some(channel) => rule.channels.has(channel),
            None => rule.channels == Channels::ALL,
        };
        by_channel
            && rule.classes.has(self.query.class)
            && rule.subjects.has(self.subject.kind)
            && self.scope.is_reached(self.regime, rule)
    }
}

/// What one rule demands.
fn demand(chain: &mut Chain, view: &View<'_>, matching: &Matching<'_>, rule: &'static Rule, source: Source) {
    let query = view.query;
    let asks = query.content.asks_for_consent == Some(true);
    match rule.kind {
        RuleKind::Needs(grounds) => needs(chain, view, grounds, source),
        RuleKind::Basis(accepted) => {
            let mut rules = matching.regime.rules().filter(|rule| matching.has(rule));
            let alone = rules.find_map(|rule| stands_alone(&rule.kind, view));
            basis::gate(chain, view, accepted, alone, source);
        }
        RuleKind::Screen { register, max_age_days, lifted_by } => {
            screening::gate(chain, view, register, max_age_days, lifted_by, source);
        }
        RuleKind::Hours(table) => timing::hours(chain, view, table, source),
        RuleKind::Cap { contacts, hours } => {
            timing::cap(chain, &view.facts.address.contacted, ContactCap { contacts, hours }, source);
        }
        RuleKind::Oblige(duty, trigger) => duties::gate(chain, &query.content, duty, trigger, source),
        RuleKind::GuardianConsents { below } => age::guardian_consents(chain, view, below, source),
        RuleKind::SaleOfMinors { never_below, guardian_below, consent_below } => {
            sale::minors(chain, view, never_below, guardian_below, consent_below, source);
        }
        // Asking for consent is not yet selling.
        RuleKind::SaleOptOut if !asks => sale::opt_out(chain, view, source),
        RuleKind::AskAgain { months } if asks => sale::ask_again(chain, view, months, source),
        RuleKind::SaleOptOut | RuleKind::AskAgain { .. } => {}
        RuleKind::RefusalBinds { years } => refusal_binds(chain, view, years, source),
        RuleKind::RefusalReachesAll => refusal_reaches_all(chain, view, rule, source),
        RuleKind::SpecialCategory { other_grounds, expression } if query.special_category => {
            let consent = plain_consent(view, expression);
            let ground = if other_grounds { basis::special_ground(view) } else { None };
            match (consent, ground) {
                (Some(held), _) => {
                    chain.say_until(ReasonCode::SpecialConsent, source, held.evidence, held.until);
                }
                (None, Some(basis)) => {
                    chain.say_until(ReasonCode::SpecialGround, source, Some(basis.id), basis.until);
                }
                (None, None) => chain.say(ReasonCode::SpecialMissing, source),
            }
        }
        RuleKind::LimitSensitive if query.special_category => sale::limit_sensitive(chain, view, source),
        RuleKind::SeparateConsentToTransfer if query.transfer => {
            match plain_consent(view, ConsentExpression::ExplicitlyExpressed) {
                Some(held) => {
                    chain.say_until(ReasonCode::TransferConsent, source, held.evidence, held.until);
                }
                None => chain.say(ReasonCode::TransferMissing, source),
            }
        }
        RuleKind::SpecialCategory { .. } | RuleKind::LimitSensitive | RuleKind::SeparateConsentToTransfer => {
        }
    }
}

/// A refusal whose entered end has come, but which the law lets bind for longer.
fn refusal_binds(chain: &mut Chain, view: &View<'_>, years: Option<u16>, source: Source) {
    let query = view.query;
    for suppression in &view.facts.address.suppressions {
        let ended = suppression.until.is_some_and(|until| until <= query.at) && suppression.from <= query.at;
        let binds_until = years.map(|years| months_after(suppression.from, u32::from(years) * 12));
        if ended
            && classes::is_refusal(suppression.reason)
            && query.is_suppressed(suppression)
            && binds_until.is_none_or(|until| query.at < until)
        {
            chain.say_until(ReasonCode::SuppressionStillBinds, source, Some(suppression.id), binds_until);
        }
    }
}

/// A refusal of any kind of message on the channels of the rule, unless a grant of just this one came later.
fn refusal_reaches_all(chain: &mut Chain, view: &View<'_>, rule: &Rule, source: Source) {
    let at = view.query.at;
    let on_channel =
        |channel: Option<ContactChannel>| channel.is_some_and(|channel| rule.channels.has(channel));
    let withdrawn = view
        .consents
        .all()
        .filter(|consent| consent.status == ConsentStatus::Withdrawn && on_channel(consent.channel))
        .map(|consent| (consent.at, consent.id));
    let suppressed = view
        .facts
        .address
        .suppressions
        .iter()
        .filter(|suppression| {
            classes::is_refusal(suppression.reason)
                && on_channel(suppression.channel)
                && suppression.from <= at
                && suppression.until.is_none_or(|until| at < until)
        })
        .map(|suppression| (suppression.from, suppression.id));
    let Some((time, id)) = withdrawn.chain(suppressed).max() else { return };
    match view.consents.grant_after(time) {
        Some(grant) => chain.expire_at(grant.expires_at.unwrap_or(Timestamp::MAX)),
        None => chain.say_by(ReasonCode::RefusalReachesAll, source, id),
    }
}
