//! The decision in compact form: made in microseconds, put into words when somebody asks.

use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::PermitOutcome;
use crate::privacy::permit::reason::{Effect, ReasonCode};
use crate::privacy::regimes::{Obligation, RegimeKey, Rule, RuleSetId};

/// A link of the chain of reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Reason {
    /// What it says.
    pub code: ReasonCode,
    /// Which regime asks; nothing for what holds everywhere.
    pub regime: Option<RegimeKey>,
    /// The rule that asks, with its figures and its source.
    pub rule: Option<&'static Rule>,
    /// Which of the people who share the address it is about.
    pub subject: Option<RecordId>,
    /// The record that proves it: a consent event, a suppression, an objection, a basis, a copy of a register.
    pub evidence: Option<RecordId>,
    /// Until when it holds, or from when on something else does.
    pub until: Option<Timestamp>,
    /// The words of the host, for a rule of its own.
    pub words: Option<Box<str>>,
}

/// Whether a contact or a use of data is permitted, with the whole chain of reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The outcome.
    pub outcome: PermitOutcome,
    /// The time that was asked about.
    pub at: Timestamp,
    /// The first moment at which the hours and caps permit the contact, when it is put off. Ask again then: other facts
    /// may have changed.
    pub not_before: Option<Timestamp>,
    /// Until when a permit holds at most, as far as the facts and rules tell.
    pub expires: Option<Timestamp>,
    /// Why, gate by gate.
    pub reasons: Vec<Reason>,
    /// What has to be done; the strictest of each sort.
    pub obligations: Vec<Obligation>,
    /// By which rules.
    pub rule_set: RuleSetId,
}

impl Reason {
    /// What it does to the outcome.
    pub const fn effect(&self) -> Effect {
        self.code.effect()
    }
}

impl Decision {
    /// Whether the contact may be made now.
    pub const fn is_permitted(&self) -> bool {
        matches!(self.outcome, PermitOutcome::Permit | PermitOutcome::PermitWithObligations)
    }

    /// The reasons that refuse.
    pub fn refusals(&self) -> impl Iterator<Item = &Reason> {
        self.reasons.iter().filter(|reason| reason.effect() == Effect::Refuses)
    }

    /// Whether a code is in the chain.
    pub fn has(&self, code: ReasonCode) -> bool {
        self.reasons.iter().any(|reason| reason.code == code)
    }
}
