//! The chain of reasons while it grows.

use std::cmp::Ordering;

use super::decision::{Decision, Reason};
use super::reason::{Effect, ReasonCode};
use super::timing::Timing;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::PermitOutcome;
use crate::privacy::regimes::{Obligation, Regime, RegimeKey, Rule, RuleSetId};

/// Who asks, in the chain: a regime by one of its rules, about one of the people.
#[derive(Clone, Copy, Default)]
pub(super) struct Source {
    pub(super) regime: Option<RegimeKey>,
    pub(super) rule: Option<&'static Rule>,
    pub(super) subject: Option<RecordId>,
}

impl Source {
    /// What holds everywhere, about a person.
    pub(super) fn of_subject(subject: RecordId) -> Self {
        Self { subject: Some(subject).filter(|id| !id.is_nil()), ..Self::default() }
    }

    /// A rule of a regime, about the same person.
    pub(super) fn by(self, regime: &Regime, rule: &'static Rule) -> Self {
        Self { regime: Some(regime.key), rule: Some(rule), ..self }
    }
}

/// The chain of reasons.
pub(super) struct Chain {
    reasons: Vec<Reason>,
    obligations: Vec<Obligation>,
    worst: Effect,
    /// The last time stamp, as long as nothing lets a permit end.
    expires: Timestamp,
    /// What decides about the time, for everybody together.
    pub(super) timing: Timing,
}

impl Chain {
    /// An empty chain.
    pub(super) fn new(at: Timestamp) -> Self {
        Self {
            reasons: Vec::with_capacity(64),
            obligations: Vec::new(),
            worst: Effect::Permits,
            expires: Timestamp::MAX,
            timing: Timing::new(at),
        }
    }

    /// Adds a reason.
    pub(super) fn say(&mut self, code: ReasonCode, source: Source) {
        self.push(code, source, None, None);
    }

    /// Adds a reason with the record that proves it.
    pub(super) fn say_by(&mut self, code: ReasonCode, source: Source, evidence: RecordId) {
        self.push(code, source, Some(evidence), None);
    }

    /// Adds a reason that holds until a time; a permit ends with it.
    pub(super) fn say_until(
        &mut self,
        code: ReasonCode,
        source: Source,
        evidence: Option<RecordId>,
        until: Option<Timestamp>,
    ) {
        if let (Effect::Permits, Some(until)) = (code.effect(), until) {
            self.expire_at(until);
        }
        self.push(code, source, evidence, until);
    }

    /// Lets a permit end at a time at the latest.
    pub(super) fn expire_at(&mut self, time: Timestamp) {
        self.expires = self.expires.min(time);
    }

    fn push(
        &mut self,
        code: ReasonCode,
        source: Source,
        evidence: Option<RecordId>,
        until: Option<Timestamp>,
    ) {
        self.worst = self.worst.max(code.effect());
        let Source { regime, rule, subject } = source;
        self.reasons.push(Reason { code, regime, rule, subject, evidence, until, words: None });
    }

    /// Adds the refusal of a rule of the host.
    pub(super) fn refuse_by_host(&mut self, words: String) {
        self.say(ReasonCode::HostRule, Source::default());
        if let Some(reason) = self.reasons.last_mut() {
            reason.words = Some(words.into());
        }
    }

    /// Adds a duty, unless a stricter one of its sort is there.
    pub(super) fn oblige(&mut self, duty: Obligation, source: Source) {
        self.say(ReasonCode::Obligation, source);
        match self.obligations.iter_mut().find(|other| other.code == duty.code) {
            Some(other) => *other = other.stricter(duty),
            None => self.obligations.push(duty),
        }
    }

    /// The decision.
    pub(super) fn decide(mut self, rule_set: RuleSetId) -> Decision {
        let at = self.timing.at();
        let not_before = Timing::settle(&mut self);
        sort::ascending(&mut self.obligations);
        let reasons = in_order(self.reasons);
        let outcome = match self.worst {
            Effect::Refuses => PermitOutcome::Refused,
            Effect::Defers => PermitOutcome::Defer,
            _ if self.obligations.is_empty() => PermitOutcome::Permit,
            _ => PermitOutcome::PermitWithObligations,
        };
        let permitted = matches!(outcome, PermitOutcome::Permit | PermitOutcome::PermitWithObligations);
        Decision {
            outcome,
            at,
            not_before: not_before.filter(|_| outcome == PermitOutcome::Defer),
            expires: Some(self.expires).filter(|expires| permitted && *expires < Timestamp::MAX),
            reasons,
            obligations: self.obligations,
            rule_set,
        }
    }
}

/// The reasons by gate, person, regime, evidence and time, each once, whatever the order of the facts. Rules are gone
/// through in the order of their table, and what is equal in all this stays in that order.
///
/// Reasons are large and most differ in their code: numbers of code and place are sorted first, then the few reasons of
/// one code, unless they were found in their order, as those of one person are, and each reason is moved once.
fn in_order(reasons: Vec<Reason>) -> Vec<Reason> {
    // The code in the upper half and the place in the lower one: whole numbers are sorted without a comparison of parts.
    let mut keys: Vec<u64> = reasons
        .iter()
        .zip(0_u32..)
        .map(|(reason, place)| (reason.code as u64) << 32 | u64::from(place))
        .collect();
    keys.sort_unstable();
    let place = |key: u64| usize::try_from(key & 0xffff_ffff).expect("it is the place in a list");
    for same in keys.chunk_by_mut(|left, right| left >> 32 == right >> 32) {
        let compare = |left: &u64, right: &u64| by_rest(&reasons[place(*left)], &reasons[place(*right)]);
        if !same.is_sorted_by(|left, right| compare(left, right).is_le()) {
            sort::by(same, compare);
        }
    }
    let mut unsorted: Vec<Option<Reason>> = reasons.into_iter().map(Some).collect();
    let mut sorted = Vec::with_capacity(unsorted.len());
    sorted.extend(keys.into_iter().filter_map(|key| unsorted[place(key)].take()));
    sorted.dedup();
    sorted
}

/// The order of reasons with one code.
fn by_rest(left: &Reason, right: &Reason) -> Ordering {
    let ids = |reason: &Reason| (reason.subject, reason.regime);
    ids(left).cmp(&ids(right)).then_with(|| (left.evidence, left.until).cmp(&(right.evidence, right.until)))
}
