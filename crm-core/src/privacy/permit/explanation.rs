//! A decision in words: what a data-protection officer reads and what is kept as evidence.

use serde::Serialize;

use super::decision::{Decision, Reason};
use super::reason::Effect;
use crate::ground::ids::RecordId;
use crate::ground::json;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::PermitOutcome;
use crate::privacy::regimes::{Amount, Obligation, RegimeKey, Rule, RuleKind};

/// A decision in words. Its JSON is canonical: the same inputs and rule set give the same bytes. It holds no personal
/// data but the identifiers of records.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// The outcome.
    pub outcome: PermitOutcome,
    /// The time that was asked about.
    pub at: Timestamp,
    /// The first moment that the hours and caps permit, when the contact is put off.
    pub not_before: Option<Timestamp>,
    /// Until when a permit holds at most.
    pub expires: Option<Timestamp>,
    /// Why, gate by gate.
    pub reasons: Vec<ExplainedReason>,
    /// What has to be done.
    pub obligations: Vec<DueObligation>,
    /// By which rules: the day of their version and a hash over them.
    pub rule_set: String,
}

/// A link of the chain of reasons, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExplainedReason {
    /// The stable dotted code, for example `register.listed`.
    pub code: &'static str,
    /// What it does to the outcome.
    pub effect: Effect,
    /// Which regime asks; nothing for what holds everywhere.
    pub regime: Option<RegimeKey>,
    /// What it means, in plain words.
    pub text: String,
    /// The legal source.
    pub source: Option<&'static str>,
    /// Whether the rule was compared with a public source; where not, it needs a legal reading.
    pub checked: Option<bool>,
    /// Which of the people who share the address it is about.
    pub subject: Option<RecordId>,
    /// The record that proves it.
    pub evidence: Option<RecordId>,
    /// Until when it holds, or from when on something else does.
    pub until: Option<Timestamp>,
}

/// A duty in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DueObligation {
    /// The stable code, for example `postal_address`.
    pub code: &'static str,
    /// How soon, or how long.
    pub amount: Option<DueAmount>,
    /// What has to be done, in plain words.
    pub text: String,
}

/// How soon, or how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DueAmount {
    /// Of what: `minutes`, `days`, `business_days`, `years`.
    pub unit: &'static str,
    /// How many.
    pub count: u16,
}

impl From<Amount> for DueAmount {
    fn from(amount: Amount) -> Self {
        let (unit, count) = match amount {
            Amount::Minutes(count) => ("minutes", count),
            Amount::Days(count) => ("days", count),
            Amount::BusinessDays(count) => ("business_days", count),
            Amount::Years(count) => ("years", count),
        };
        Self { unit, count }
    }
}

impl Decision {
    /// The decision in words.
    pub fn explain(&self) -> Explanation {
        Explanation {
            outcome: self.outcome,
            at: self.at,
            not_before: self.not_before,
            expires: self.expires,
            reasons: self.reasons.iter().map(Reason::explain).collect(),
            obligations: self.obligations.iter().map(|duty| explain_duty(*duty)).collect(),
            rule_set: self.rule_set.to_string(),
        }
    }

    /// The canonical bytes of the decision: the JSON of its [explanation](Self::explain).
    pub fn canonical_bytes(&self) -> Vec<u8> {
        json::text(&self.explain()).expect("an explanation is plain data").into_bytes()
    }
}

impl Reason {
    /// The reason in words.
    pub fn explain(&self) -> ExplainedReason {
        let mut text = match &self.words {
            Some(words) => words.to_string(),
            None => self.code.text().to_owned(),
        };
        if let Some(figures) = self.rule.and_then(figures) {
            text.push(' ');
            text.push_str(&figures);
        }
        ExplainedReason {
            code: self.code.key(),
            effect: self.effect(),
            regime: self.regime,
            text,
            source: self.rule.map(|rule| rule.source),
            checked: self.rule.map(|rule| rule.checked),
            subject: self.subject,
            evidence: self.evidence,
            until: self.until,
        }
    }
}

fn explain_duty(duty: Obligation) -> DueObligation {
    let mut text = duty.code.text().to_owned();
    if let Some(amount) = duty.amount {
        text.push_str(&format!(" ({})", in_words(amount)));
    }
    DueObligation { code: duty.code.key(), amount: duty.amount.map(DueAmount::from), text }
}

fn in_words(amount: Amount) -> String {
    let (count, one, many) = match amount {
        Amount::Days(0) => return "at once".to_owned(),
        Amount::Minutes(count) => (count, "minute", "minutes"),
        Amount::Days(count) => (count, "day", "days"),
        Amount::BusinessDays(count) => (count, "business day", "business days"),
        Amount::Years(count) => (count, "year", "years"),
    };
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The figures of a rule that its reason turns on.
fn figures(rule: &Rule) -> Option<String> {
    Some(match rule.kind {
        RuleKind::Screen { register, max_age_days, .. } => {
            format!("{}; a copy may be {max_age_days} days old.", register.label())
        }
        RuleKind::Cap { contacts, hours } => format!("At most {contacts} within {hours} hours."),
        RuleKind::GuardianConsents { below } => format!("The age is {below}."),
        RuleKind::SaleOfMinors { never_below, guardian_below, consent_below } => format!(
            "Never below {never_below}, by a guardian below {guardian_below}, by the minor below {consent_below}."
        ),
        RuleKind::AskAgain { months } => format!("It takes {months} months."),
        RuleKind::RefusalBinds { years: Some(years) } => format!("It binds for {years} years."),
        RuleKind::RefusalBinds { years: None } => "It does not end.".to_owned(),
        RuleKind::Oblige(duty, _) => explain_duty(duty).text,
        _ => return None,
    })
}
