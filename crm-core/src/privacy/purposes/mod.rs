//! Purposes: why personal data are processed, as a tree. The roots are built in and follow the Data Privacy Vocabulary;
//! a host registers its own below them. Whatever names a purpose names its key.
//!
//! Processing for a purpose rests on a legal basis, which is a record of its own, and people are told of it by notices,
//! of which every version stays as it was read.

mod area;
mod bases;
mod basis_rules;
pub mod ids;
pub mod model;
mod notice_rules;
mod notices;
mod rules;
mod sessions;
pub mod tree;

pub use bases::{LegitimateInterestAssessment, ProcessingBasis};
pub use ids::{LegitimateInterestAssessmentId, PrivacyNoticeId, ProcessingBasisId, ProcessingPurposeId};
pub use model::ProcessingPurpose;
pub use notices::PrivacyNotice;
pub(crate) use sessions::{key_of, number_of, session_root};
pub use tree::{BUILT_IN, BuiltIn, KnownPurpose};
pub(crate) use tree::{keys_above, lineage, require};

crate::record::areas! {
    /// The purposes that the host has registered.
    processing_purposes: ProcessingPurpose;
    /// The notices, version by version.
    privacy_notices: PrivacyNotice;
    /// What processing rests on.
    processing_bases: ProcessingBasis;
    /// The assessments of legitimate interests.
    legitimate_interest_assessments: LegitimateInterestAssessment;
}
