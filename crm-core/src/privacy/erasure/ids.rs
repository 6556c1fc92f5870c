//! The typed identifiers of erasures and what belongs to them.

use crate::ground::ids::typed_ids;

typed_ids! {
    /// The identifier of an [`Erasure`](super::Erasure).
    ErasureId => "erasure";
    /// The identifier of an [`ErasureReview`](super::ErasureReview).
    ErasureReviewId => "erasure_review";
    /// The identifier of a [`LegalHold`](super::LegalHold).
    LegalHoldId => "legal_hold";
}
