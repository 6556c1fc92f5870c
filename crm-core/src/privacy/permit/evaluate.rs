//! Whether an address may be contacted.

use super::chain::{Chain, Source};
use super::covering::Query;
use super::decision::Decision;
use super::facts::{Facts, SubjectFacts};
use super::question::ContactQuestion;
use super::reason::ReasonCode;
use super::rules::{View, gates};
use super::scope::Scope;
use super::{basis, classes, stops, timing};
use crate::privacy::regimes::RuleSet;
use crate::privacy::regimes::sets::Bases;

/// A rule of the host. It can refuse, and nothing else.
pub trait ExtraRule {
    /// Why the contact is refused, in words without personal data; nothing when it is not.
    fn refuses(&self, facts: &Facts<'_>, question: &ContactQuestion<'_>) -> Option<String>;
}

impl<F: Fn(&Facts<'_>, &ContactQuestion<'_>) -> Option<String>> ExtraRule for F {
    fn refuses(&self, facts: &Facts<'_>, question: &ContactQuestion<'_>) -> Option<String> {
        self(facts, question)
    }
}

/// Decides whether an address may be contacted: the strictest outcome over all people who share it.
pub fn may_contact(
    rules: &RuleSet,
    facts: &Facts<'_>,
    question: &ContactQuestion<'_>,
    extra: &[&dyn ExtraRule],
) -> Decision {
    let query = Query::of_contact(question);
    let mut chain = Chain::new(question.at);
    if query.class != question.class {
        chain.say(ReasonCode::CommercialContent, Source::default());
    }
    stops::of_address(&mut chain, facts, &query);
    of_subjects(&mut chain, rules, facts, &query);
    for cap in &facts.address.caps {
        timing::cap(&mut chain, &facts.address.contacted, *cap, Source::default());
    }
    for words in extra.iter().filter_map(|rule| rule.refuses(facts, question)) {
        chain.refuse_by_host(words);
    }
    chain.decide(rules.id())
}

/// The gates of everybody; of a person of whom nothing is known when nobody is.
pub(super) fn of_subjects(chain: &mut Chain, rules: &RuleSet, facts: &Facts<'_>, query: &Query<'_>) {
    let nobody = [SubjectFacts::default()];
    let subjects = if facts.subjects.is_empty() { &nobody } else { &facts.subjects[..] };
    for subject in subjects {
        let source = Source::of_subject(subject.id);
        let view = View::new(facts, subject, query);
        stops::of_subject(chain, &view, source);
        let scope = Scope::of(rules, facts, subject, chain, source);
        if classes::gates(query.class).always_needs_basis {
            basis::gate(chain, &view, Bases::ALL, None, source);
        }
        gates(chain, rules, &view, &scope, source);
    }
}
