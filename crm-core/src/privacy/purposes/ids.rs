//! The typed identifiers of purposes, and of what processing for them rests on.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of a [`ProcessingPurpose`](super::ProcessingPurpose).
    ProcessingPurposeId => "processing_purpose";
    /// The identifier of a [`PrivacyNotice`](super::PrivacyNotice).
    PrivacyNoticeId => "privacy_notice";
    /// The identifier of a [`ProcessingBasis`](super::ProcessingBasis).
    ProcessingBasisId => "processing_basis";
    /// The identifier of a [`LegitimateInterestAssessment`](super::LegitimateInterestAssessment).
    LegitimateInterestAssessmentId => "legitimate_interest_assessment";
}
