//! Privacy: personal values are sealed under a key of their data subject, so that destroying the key erases them; who may
//! be contacted, and what may be read, is decided by purpose, legal ground and the refusals of people.

pub mod address;
pub mod disclosure;
#[cfg(not(target_arch = "wasm32"))]
pub mod key_file;
pub mod keys;
pub mod kinds;
pub mod purposes;
pub mod reading;
pub mod seal;
pub(crate) mod secret;
pub(crate) mod store;
pub mod subjects;

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

pub use address::ContactAddress;
pub use disclosure::{Disclosure, DisclosureId, TransferTool};
pub use kinds::{
    AddressType, AgeBand, ConsentExpression, ConsentStatus, ContactChannel, EvidenceSource, LegalBasis,
    ObjectionOutcome, PurposeClass, RestrictionGround, SpecialCategoryGround, SubjectKind,
};
pub use purposes::{BUILT_IN, KnownPurpose, ProcessingPurpose, ProcessingPurposeId};
pub use reading::{ReadLog, ReadLogId, ReadingEffect, ReadingRule, ReadingRuleId};
pub use subjects::{DataSubject, DataSubjectId, Objection, ObjectionId, Restriction, RestrictionId};
