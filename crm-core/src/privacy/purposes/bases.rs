//! What processing rests on.

use super::ids::{LegitimateInterestAssessmentId, ProcessingBasisId};
use crate::contacts::PersonId;
use crate::ground::time::Timestamp;
use crate::privacy::kinds::{AssessmentOutcome, BasisStatus, LegalBasis, SpecialCategoryGround};
use crate::record::{Meta, Record};

/// That processing for a purpose rests on a legal basis: for one person, or for everybody whose data are processed for
/// the purpose.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "processing_basis",
    plural = "processing_bases",
    id = ProcessingBasisId,
    subject = "person",
    index("person", "purpose"),
    rules = super::basis_rules::BasisRules
)]
pub struct ProcessingBasis {
    /// What every record has.
    pub meta: Meta,
    /// The key of the purpose. What lies below it rests on the same basis.
    #[field(indexed, max = 100)]
    pub purpose: String,
    /// The person; everybody of the purpose when nobody is named.
    #[field(unindexed, on_delete = cascade)]
    pub person: Option<PersonId>,
    /// The basis (GDPR Article 6(1)). It must be said: none is taken for granted.
    #[field(required)]
    pub legal_basis: Option<LegalBasis>,
    /// The further ground for special categories of data (GDPR Article 9(2)).
    pub special_category_ground: Option<SpecialCategoryGround>,
    /// The assessment that a legitimate interest needs.
    #[field(on_delete = restrict)]
    pub assessment: Option<LegitimateInterestAssessmentId>,
    /// The contract, as the host names it.
    #[field(max = 200)]
    pub contract_reference: Option<String>,
    /// The law that demands the processing or permits it, for example `HGB § 257`.
    #[field(max = 300)]
    pub law_reference: Option<String>,
    /// When people were told of it (GDPR Articles 13, 14; dpv:LegitimateInterestInformed).
    pub informed_at: Option<Timestamp>,
    /// Since when: since it was entered, unless another time is given.
    pub effective_from: Option<Timestamp>,
    /// Until when.
    pub effective_to: Option<Timestamp>,
    /// Whether it holds now.
    #[field(default = BasisStatus::Active)]
    pub status: BasisStatus,
}

/// The assessment of a legitimate interest: what it is, whether the processing is needed for it, and how it was weighed
/// against the interests of the data subjects (GDPR Article 6(1)(f), recital 47).
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "legitimate_interest_assessment",
    plural = "legitimate_interest_assessments",
    id = LegitimateInterestAssessmentId,
    rules = super::basis_rules::AssessmentRules
)]
pub struct LegitimateInterestAssessment {
    /// What every record has.
    pub meta: Meta,
    /// The key of the purpose.
    #[field(indexed, max = 100)]
    pub purpose: String,
    /// Which interest is pursued.
    #[field(long)]
    pub interest: String,
    /// Why the processing is needed for it.
    #[field(long)]
    pub necessity: Option<String>,
    /// How it was weighed.
    #[field(long)]
    pub balancing: Option<String>,
    /// What that came to.
    #[field(default = AssessmentOutcome::Pending)]
    pub outcome: AssessmentOutcome,
    /// When it was decided. A decision has its time.
    pub decided_at: Option<Timestamp>,
    /// When it is to be looked at again.
    pub review_at: Option<Timestamp>,
}
