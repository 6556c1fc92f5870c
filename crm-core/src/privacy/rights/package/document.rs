//! The document of a package: what stands in the file for programs, and what the page for people is made of.

use serde::Serialize;
use serde_json::Value as Json;

use super::collect::Relation;
use super::language::Language;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;
use crate::privacy::rights::kinds::{RightsRegime, SubjectRight};
use crate::record::Reference;
use crate::record::descriptor::DataClass;

/// The name of the format, in its file.
pub(super) const FORMAT: &str = "crm-access-package";
/// The version of the format.
pub(super) const VERSION: u32 = 1;

/// A place that a human must look at before the package is handed out: a running text in which other people may be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReviewItem {
    /// The record.
    pub record: Reference,
    /// The field.
    pub field: String,
    /// Whether something was replaced in it. If not, it has an address that belongs to nobody who is known.
    pub masked: bool,
}

/// The whole document.
#[derive(Serialize)]
pub(super) struct Document {
    pub(super) format: &'static str,
    pub(super) version: u32,
    pub(super) generated_at: Timestamp,
    pub(super) language: Language,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) controller: Option<String>,
    pub(super) person: RecordId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request: Option<RequestInfo>,
    pub(super) processing: Processing,
    pub(super) chapters: Vec<ChapterOfDocument>,
}

/// The request that the package answers.
#[derive(Serialize)]
pub(super) struct RequestInfo {
    pub(super) number: String,
    pub(super) right: SubjectRight,
    pub(super) regime: RightsRegime,
    pub(super) received_at: Timestamp,
}

/// What is said of the processing as a whole.
#[derive(Serialize)]
pub(super) struct Processing {
    /// The purposes for which the data were changed, with how often.
    pub(super) purposes: Vec<PurposeUsed>,
    /// How many refusals there are for the addresses of the person. They are confirmed and not shown: they are stored
    /// by a keyed hash, apart from the person, so that they outlive an erasure.
    pub(super) refusals: u64,
}

/// A purpose for which data were changed.
#[derive(Serialize)]
pub(super) struct PurposeUsed {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) changes: u64,
}

/// A chapter with its records.
#[derive(Serialize)]
pub(super) struct ChapterOfDocument {
    pub(super) key: &'static str,
    pub(super) title: &'static str,
    pub(super) records: Vec<RecordOfDocument>,
}

/// A record as the person sees it.
#[derive(Serialize)]
pub(super) struct RecordOfDocument {
    pub(super) record_type: String,
    pub(super) type_label: String,
    pub(super) id: RecordId,
    pub(super) title: String,
    pub(super) relation: Relation,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) updated_at: Option<Timestamp>,
    pub(super) fields: Vec<FieldOfDocument>,
    /// From which other systems the record came.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) sources: Vec<Source>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) changes: Vec<ChangeOfDocument>,
}

/// A key in another system.
#[derive(Serialize)]
pub(super) struct Source {
    pub(super) source: String,
    pub(super) key: String,
}

/// A field as the person sees it.
#[derive(Serialize)]
pub(super) struct FieldOfDocument {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) class: DataClass,
    #[serde(flatten)]
    pub(super) shown: Shown,
}

/// A value as the person sees it.
#[derive(Serialize)]
pub(super) struct Shown {
    pub(super) value: Json,
    /// The value in words, where they say more: the label of an option, the name of what is linked to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    /// Whether other people were taken out of it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) masked: bool,
}

/// A change of a record, as the journal has it.
#[derive(Serialize)]
pub(super) struct ChangeOfDocument {
    pub(super) at: Timestamp,
    pub(super) operation: crate::journal::entry::Operation,
    /// Who: `staff` or `system`. Who of the staff is nobody's business outside (C-579/21).
    pub(super) by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) purpose: Option<crate::session::Purpose>,
    /// Whether the values were destroyed since.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) erased: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) fields: Vec<FieldChanged>,
}

/// A field of a change.
#[derive(Serialize)]
pub(super) struct FieldChanged {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) before: Shown,
    pub(super) after: Shown,
}
