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
pub mod tree;

pub use bases::{LegitimateInterestAssessment, ProcessingBasis};
pub use ids::{LegitimateInterestAssessmentId, PrivacyNoticeId, ProcessingBasisId, ProcessingPurposeId};
pub use model::ProcessingPurpose;
pub use notices::PrivacyNotice;
pub use tree::{BUILT_IN, BuiltIn, KnownPurpose};
pub(crate) use tree::{lineage, require};

use super::reading::records;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::record::door::Reader;
use crate::storage::Param;

/// The condition of [`bases_of`].
#[allow(dead_code, reason = "the collector of permits reads through it")]
pub(crate) const BASES_OF: &str = "t.person = ?1 OR t.person IS NULL";

/// What the processing of a person's data rests on: the person's own bases, and those of everybody.
#[allow(dead_code, reason = "the collector of permits reads through it")]
pub(crate) fn bases_of(reader: &Reader<'_>, person: RecordId) -> Result<Vec<ProcessingBasis>> {
    records(reader, BASES_OF, &[Param::Id(person)])
}

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
