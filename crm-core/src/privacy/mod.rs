//! Privacy: personal values are sealed under a key of their data subject, so that destroying the key erases them; who may
//! be contacted, and what may be read, is decided by purpose, legal ground and the refusals of people.

pub mod address;
pub mod consent;
pub mod disclosure;
pub mod erasure;
#[cfg(not(target_arch = "wasm32"))]
pub mod key_file;
pub mod keys;
pub mod kinds;
#[cfg(test)]
mod ledger_tests;
pub mod permit;
pub mod permits;
#[cfg(test)]
mod plan_tests;
pub mod purposes;
pub mod reading;
pub mod regimes;
pub mod relationships;
pub mod retention;
pub mod rights;
pub mod seal;
pub(crate) mod secret;
pub(crate) mod standing;
pub(crate) mod store;
pub mod subjects;
pub mod suppression;
pub(crate) mod token;
pub(crate) mod typed_rows;
pub(crate) mod values;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

pub use address::ContactAddress;
pub use consent::{
    Confirmation, Consent, ConsentEvent, ConsentEventId, ConsentState, ForeignState, ForeignSystem, Imported,
    Party, PiiItem, Processing, Question, Recorded, Requested,
};
pub use disclosure::{Disclosure, DisclosureId, TransferTool};
pub use kinds::{
    AddressType, AgeBand, ConsentExpression, ConsentStatus, ContactChannel, EvidenceSource, LegalBasis,
    ObjectionOutcome, PermitOutcome, PurposeClass, RestrictionGround, SpecialCategoryGround, SubjectKind,
};
pub use kinds::{
    AssessmentOutcome, BasisStatus, IndicationMethod, NoticeKind, RelationshipEventKind, SuppressionReason,
    SuppressionScope,
};
pub use permits::{
    ContactPermit, ContactPermitId, ContactRequest, IssuedPermit, Privacy, ProcessRequest, Replayed,
    Screened, ScreeningRequest, ScreeningSummary,
};
pub use purposes::{BUILT_IN, KnownPurpose, ProcessingPurpose, ProcessingPurposeId};
pub use purposes::{
    LegitimateInterestAssessment, LegitimateInterestAssessmentId, PrivacyNotice, PrivacyNoticeId,
    ProcessingBasis, ProcessingBasisId,
};
pub use reading::{ReadLog, ReadLogId, ReadingEffect, ReadingRule, ReadingRuleId};
pub use relationships::{RelationshipEvent, RelationshipEventId};
pub use subjects::{DataSubject, DataSubjectId, Objection, ObjectionId, Restriction, RestrictionId};
pub use suppression::{
    Checked, Loaded, RegisterSnapshot, RegisterSnapshotId, Screening, ScreeningAnswer, Suppression,
    SuppressionId, SuppressionQuestion, SuppressionRequest, Unsubscribe, UnsubscribeHeaders,
    UnsubscribeRequest, Unsubscribed,
};
