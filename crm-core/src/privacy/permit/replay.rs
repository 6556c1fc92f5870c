//! The canonical bytes of what went into a decision, and the decision made again from them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::decision::Decision;
use super::evaluate::{ExtraRule, may_contact};
use super::facts::Facts;
use super::process::may_process;
use super::question::{ContactQuestion, ProcessQuestion};
use crate::error::{CrmError, Result};
use crate::ground::json;
use crate::ground::sort;
use crate::privacy::regimes::RuleSet;

/// A question of either sort.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked<'a> {
    /// Whether an address may be contacted.
    Contact(ContactQuestion<'a>),
    /// Whether data may be processed.
    Process(ProcessQuestion<'a>),
}

/// Everything that a decision was made from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Inputs<'a> {
    /// The identifier of the rule set.
    pub rule_set: Cow<'a, str>,
    /// The question.
    pub asked: Asked<'a>,
    /// The facts, each list in its canonical order.
    pub facts: Facts<'a>,
}

impl<'a> Inputs<'a> {
    /// What a decision is made from. The order in which the facts came is forgotten.
    pub fn new(rules: &RuleSet, asked: Asked<'a>, mut facts: Facts<'a>) -> Self {
        put_in_order(&mut facts);
        Self { rule_set: rules.id().to_string().into(), asked, facts }
    }

    /// The canonical bytes: JSON with the fields in the order of their declaration. They hold personal data, so they
    /// are kept sealed or not at all; the [hash](Self::hash) is enough to prove what was known.
    pub fn canonical_bytes(&self) -> Vec<u8> {
        json::text(self).expect("facts are plain data").into_bytes()
    }

    /// The SHA-256 of the canonical bytes.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.canonical_bytes()).into()
    }

    /// Decides.
    ///
    /// # Errors
    /// `permit.rule_set` when the rule set is another one than that of the inputs.
    pub fn decide(&self, rules: &RuleSet, extra: &[&dyn ExtraRule]) -> Result<Decision> {
        if self.rule_set != rules.id().to_string() {
            let reason = "is not the rule set that the decision was made by";
            return Err(CrmError::invalid("permit.rule_set", reason).at("rule_set"));
        }
        Ok(match &self.asked {
            Asked::Contact(question) => may_contact(rules, &self.facts, question, extra),
            Asked::Process(question) => may_process(rules, &self.facts, question),
        })
    }
}

/// Makes a decision again from the canonical bytes of its inputs. By the same rule set, and the same rules of the host,
/// the bytes of the decision are those of the first time.
///
/// # Errors
/// `permit.inputs` when the bytes are no inputs; `permit.rule_set` when the rule set is another one.
pub fn replay(rules: &RuleSet, inputs: &[u8], extra: &[&dyn ExtraRule]) -> Result<Decision> {
    let inputs: Inputs<'_> =
        json::parse(inputs).map_err(|_| CrmError::invalid("permit.inputs", "are no inputs of a decision"))?;
    inputs.decide(rules, extra)
}

/// Brings every list of the facts into the order of its canonical texts.
fn put_in_order(facts: &mut Facts<'_>) {
    for subject in &mut facts.subjects {
        sort(&mut subject.zones);
        sort(&mut subject.objections);
        sort(&mut subject.consents);
        sort(&mut subject.relationship);
        sort(&mut subject.bases);
        sort(&mut subject.signals);
    }
    sort(&mut facts.subjects);
    let address = &mut facts.address;
    sort(&mut address.zones);
    sort(&mut address.suppressions);
    sort(&mut address.screenings);
    sort(&mut address.contacted);
    sort(&mut address.caps);
    sort(&mut address.consents);
}

fn sort<T: Serialize>(list: &mut [T]) {
    if list.len() > 1 {
        sort::by_cached_key(list, |item| json::text(item).expect("facts are plain data"));
    }
}
