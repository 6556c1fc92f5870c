//! The purposes that a host adds to the built-in ones.

use super::ids::ProcessingPurposeId;
use crate::contacts::OrganisationId;
use crate::privacy::kinds::PurposeClass;
use crate::record::{Meta, Record};

/// A purpose for which personal data are processed, below a built-in one or another of the
/// host's: the newsletter of a brand, for example, below `direct_marketing`.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "processing_purpose",
    plural = "processing_purposes",
    id = ProcessingPurposeId,
    sort_key("name"),
    rules = super::rules::PurposeRules
)]
pub struct ProcessingPurpose {
    /// What every record has.
    pub meta: Meta,
    /// The stable key for programs, for example `newsletter`.
    #[field(unique, max = 100)]
    pub key: String,
    /// What people read.
    #[field(search = title, max = 200)]
    pub name: String,
    /// What is done for it, in the words of a notice.
    #[field(long, search = body)]
    pub description: Option<String>,
    /// The key of the purpose above it.
    #[field(indexed, max = 100)]
    pub parent: String,
    /// What it amounts to; that of the purpose above when nothing is said.
    pub class: Option<PurposeClass>,
    /// Its identifier in a vocabulary, for example `dpv:Marketing`.
    #[field(max = 300)]
    pub iri: Option<String>,
    /// The controller, when it is not the host itself.
    #[field(on_delete = restrict)]
    pub controller: Option<OrganisationId>,
    /// The brand under which people are addressed.
    #[field(max = 100)]
    pub brand: Option<String>,
    /// The keys of the purposes for which data that were collected for this one may be used, too (GDPR Article 6(4)).
    pub compatible_with: Vec<String>,
    /// Whether it is still pursued.
    #[field(default = true)]
    pub active: Option<bool>,
}
