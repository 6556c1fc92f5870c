//! The decision about one field: facts in, reason out. No SQL, no clock.

use super::model::ReadingEffect;
use crate::record::{DataCategory, DataClass};
use crate::session::Purpose;

/// Why a cell is blank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RedactionReason {
    /// The purpose of the session may not read the field (GDPR Article 5(1)(b), (c)).
    PurposeNotAllowed,
    /// The field needs the gate for special categories (GDPR Article 9).
    SpecialCategoryGate,
    /// The processing of the person's data is restricted (GDPR Article 18).
    Restriction,
    /// The person objects to the purpose (GDPR Article 21).
    Objection,
}

impl RedactionReason {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::PurposeNotAllowed => "purpose.not_allowed",
            Self::SpecialCategoryGate => "special_category.gate",
            Self::Restriction => "restriction",
            Self::Objection => "objection",
        }
    }

    /// The reason in words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::PurposeNotAllowed => "the purpose of the session may not read it",
            Self::SpecialCategoryGate => "it needs the gate for special categories",
            Self::Restriction => "the processing of the person's data is restricted",
            Self::Objection => "the person objects to the purpose",
        }
    }
}

/// The categories that a purpose reads when no rule of the host says otherwise. All others are prohibited to it; special
/// categories are read by none without a gate.
///
/// ```
/// use crm_core::privacy::reading::allowed;
/// use crm_core::{Purpose, record::DataCategory};
/// assert!(allowed(Purpose::CustomerCare).contains(&DataCategory::Communication));
/// assert!(!allowed(Purpose::DirectMarketing).contains(&DataCategory::Financial));
/// assert!(!allowed(Purpose::Analytics).contains(&DataCategory::Identity));
/// ```
pub const fn allowed(purpose: Purpose) -> &'static [DataCategory] {
    use DataCategory::{
        Behavioural, Communication, Contact, Demographic, Financial, General, Identity, Location, Preference,
        Professional, Technical,
    };
    match purpose {
        Purpose::CustomerRelationshipManagement
        | Purpose::TechnicalServiceProvision
        | Purpose::LegalCompliance
        | Purpose::RightsFulfilment => &[
            General,
            Identity,
            Contact,
            Demographic,
            Professional,
            Financial,
            Behavioural,
            Communication,
            Location,
            Preference,
            Technical,
        ],
        // Who asks is served: what they bought on credit, and how they behave elsewhere, is not needed for it.
        Purpose::CustomerCare => &[
            General,
            Identity,
            Contact,
            Demographic,
            Professional,
            Communication,
            Location,
            Preference,
            Technical,
        ],
        Purpose::CustomerOrderManagement => {
            &[Identity, Contact, Professional, Financial, Communication, Location, Preference]
        }
        // Notes and messages were not written for advertising, and credit is nobody's business there.
        Purpose::DirectMarketing => {
            &[Identity, Contact, Demographic, Professional, Behavioural, Location, Preference]
        }
        // Nothing that names or reaches the single person.
        Purpose::Analytics => &[Demographic, Professional, Financial, Behavioural, Location, Preference],
        // Both need a decision of the host, field by field.
        Purpose::SellDataToThirdParties | Purpose::AiTraining => &[],
    }
}

/// Whether a purpose reads special categories once the gate is open: those that read everything else.
const fn reads_special(purpose: Purpose) -> bool {
    matches!(
        purpose,
        Purpose::CustomerRelationshipManagement
            | Purpose::TechnicalServiceProvision
            | Purpose::LegalCompliance
            | Purpose::RightsFulfilment
    )
}

/// A field, as the policy sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    pub(super) record_type: &'a str,
    pub(super) field: &'a str,
    pub(super) class: DataClass,
    pub(super) category: Option<DataCategory>,
}

/// A rule of the host, as the policy sees it. Only those of the purpose and of what lies above it are given.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    /// `None` for all types.
    pub(super) record_type: Option<String>,
    pub(super) field: Option<String>,
    pub(super) category: Option<DataCategory>,
    pub(super) effect: ReadingEffect,
    /// Whether it names a ground for special categories.
    pub(super) has_ground: bool,
}

impl Rule {
    fn covers(&self, question: &Question<'_>) -> bool {
        let of_type = self.record_type.as_deref().is_none_or(|name| name == question.record_type);
        of_type
            && match (&self.field, self.category) {
                (Some(field), _) => field == question.field,
                (None, Some(category)) => question.category == Some(category),
                (None, None) => question.class >= DataClass::Personal,
            }
    }
}

/// What decides for a session.
#[derive(Clone, Debug)]
pub(super) struct Policy {
    /// The root of the purpose.
    pub(super) root: Purpose,
    /// Whether the session has the gate for special categories open.
    pub(super) gate: bool,
    pub(super) rules: Vec<Rule>,
}

impl Policy {
    /// Why the field may not be read; `None` when it may.
    pub(super) fn decide(&self, question: &Question<'_>) -> Option<RedactionReason> {
        let covering = || self.rules.iter().filter(|rule| rule.covers(question));
        let any = |effect| covering().any(|rule| rule.effect == effect);
        if any(ReadingEffect::Deny) {
            return Some(RedactionReason::PurposeNotAllowed);
        }
        let special = question.class == DataClass::Special;
        let by_table = match question.category {
            _ if question.class == DataClass::Ordinary => true,
            _ if special => reads_special(self.root),
            Some(category) => allowed(self.root).contains(&category),
            None => reads_special(self.root),
        };
        if !by_table && !any(ReadingEffect::Allow) {
            return Some(RedactionReason::PurposeNotAllowed);
        }
        let opened =
            self.gate || covering().any(|rule| rule.effect == ReadingEffect::Allow && rule.has_ground);
        ((special || any(ReadingEffect::Gate)) && !opened).then_some(RedactionReason::SpecialCategoryGate)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(category: Option<DataCategory>) -> Question<'static> {
        let class = category.map_or(DataClass::Ordinary, DataCategory::class);
        Question { record_type: "person", field: "x", class, category }
    }

    fn rule(effect: ReadingEffect, category: Option<DataCategory>) -> Rule {
        Rule { record_type: None, field: None, category, effect, has_ground: false }
    }

    #[test]
    fn decisions() {
        use DataCategory::{Financial, Health, Identity};
        use Purpose::{AiTraining, Analytics, CustomerRelationshipManagement as Crm, DirectMarketing};
        use ReadingEffect::{Allow, Deny, Gate};
        use RedactionReason::{PurposeNotAllowed, SpecialCategoryGate};
        let ground = |rule: Rule| Rule { has_ground: true, ..rule };
        let of_field = |rule: Rule| Rule { field: Some("x".into()), ..rule };
        let other = |rule: Rule| Rule { record_type: Some("deal".into()), ..rule };
        type Case = (Purpose, bool, Vec<Rule>, Option<DataCategory>, Option<RedactionReason>);
        let cases: Vec<Case> = vec![
            (Crm, false, vec![], Some(Financial), None),
            (Crm, false, vec![], None, None),
            (AiTraining, false, vec![], None, None),
            (AiTraining, false, vec![], Some(Identity), Some(PurposeNotAllowed)),
            (Analytics, false, vec![], Some(Identity), Some(PurposeNotAllowed)),
            (DirectMarketing, false, vec![], Some(Financial), Some(PurposeNotAllowed)),
            (DirectMarketing, false, vec![rule(Allow, Some(Financial))], Some(Financial), None),
            (
                DirectMarketing,
                false,
                vec![other(rule(Allow, None))],
                Some(Financial),
                Some(PurposeNotAllowed),
            ),
            // A denial goes before every permission, whatever their order.
            (
                DirectMarketing,
                false,
                vec![rule(Allow, Some(Financial)), rule(Deny, None)],
                Some(Financial),
                Some(PurposeNotAllowed),
            ),
            (Crm, true, vec![rule(Deny, Some(Health))], Some(Health), Some(PurposeNotAllowed)),
            // A rule without field and category means personal fields only.
            (Crm, false, vec![rule(Deny, None)], None, None),
            (Crm, false, vec![of_field(rule(Deny, None))], None, Some(PurposeNotAllowed)),
            (Crm, false, vec![], Some(Health), Some(SpecialCategoryGate)),
            (Crm, true, vec![], Some(Health), None),
            (Crm, false, vec![rule(Allow, Some(Health))], Some(Health), Some(SpecialCategoryGate)),
            (Crm, false, vec![ground(rule(Allow, Some(Health)))], Some(Health), None),
            (DirectMarketing, true, vec![], Some(Health), Some(PurposeNotAllowed)),
            (DirectMarketing, true, vec![rule(Allow, Some(Health))], Some(Health), None),
            (Crm, false, vec![rule(Gate, Some(Financial))], Some(Financial), Some(SpecialCategoryGate)),
            (Crm, true, vec![rule(Gate, Some(Financial))], Some(Financial), None),
        ];
        for (root, gate, rules, category, expected) in cases {
            let policy = Policy { root, gate, rules };
            assert_eq!(policy.decide(&question(category)), expected, "{policy:?} {category:?}");
        }
    }

    #[test]
    fn no_purpose_reads_a_special_category_by_the_table() {
        for purpose in Purpose::ALL {
            assert!(allowed(purpose).iter().all(|category| !category.is_special()), "{purpose:?}");
        }
    }
}
