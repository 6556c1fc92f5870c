//! Whether data of somebody may be processed.

use super::chain::Chain;
use super::covering::Query;
use super::decision::Decision;
use super::evaluate::of_subjects;
use super::facts::Facts;
use super::question::ProcessQuestion;
use crate::privacy::regimes::RuleSet;

/// Decides whether data of the subjects of the facts may be processed for a purpose: stops, legal basis, special
/// categories, sale and sharing, minors, transfer. Channels, registers, caps and hours have no part in it; neither have
/// the suppressions of an address.
pub fn may_process(rules: &RuleSet, facts: &Facts<'_>, question: &ProcessQuestion<'_>) -> Decision {
    let query = Query::of_process(question);
    let mut chain = Chain::new(question.at);
    of_subjects(&mut chain, rules, facts, &query);
    chain.decide(rules.id())
}
