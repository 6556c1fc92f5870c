//! The mapping: which column of a file goes into which field, and how.
//!
//! A mapping is a JSON document (or is built in Rust with the same names). A minimal one:
//!
//! ```
//! use crm_core::interchange::Mapping;
//! let mapping = Mapping::from_json(r#"{
//!     "record_type": "person", "mode": "upsert", "key": ["Id"], "country": "AT",
//!     "columns": [
//!         {"column": "First name", "field": "given_name"},
//!         {"column": "Last name", "field": "family_name", "required": true},
//!         {"column": "Mail", "field": "emails[0].address"},
//!         {"constant": "home", "field": "emails[0].kind"},
//!         {"column": "Born", "field": "birth_date", "formats": ["%d.%m.%Y"]},
//!         {"column": "Company Id", "field": "organisation", "link": {"by": "key"}}
//!     ]
//! }"#)?;
//! assert_eq!(mapping.columns.len(), 6);
//! # Ok::<(), crm_core::CrmError>(())
//! ```

mod build;
mod rule;

use serde::{Deserialize, Serialize};

pub use rule::{ColumnRule, Existing, Invalid, LinkRule, Missing, Otherwise, WhenEmpty};

/// What is done with a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportMode"))]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// A record is made; a row whose key or match exists already is rejected.
    #[default]
    Create,
    /// The record that matches is changed; a row without one is rejected.
    Update,
    /// The record that matches is changed, or else one is made.
    Upsert,
}

/// How the text of a file is encoded. A byte order mark wins over what is stated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportEncoding"))]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252, which holds ISO-8859-1 text, too.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// The form of a file of separated values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportCsvFormat"))]
#[serde(deny_unknown_fields, default)]
pub struct CsvFormat {
    /// What separates the columns, an ASCII character; found out from the header when it is not stated
    /// (comma, semicolon, tab or bar).
    pub delimiter: Option<char>,
    /// The encoding.
    pub encoding: Encoding,
}

/// Takes only rows in which a column has one of these values; other rows are skipped, not rejected.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportOnlyRows"))]
#[serde(deny_unknown_fields)]
pub struct OnlyRows {
    /// The column.
    pub column: String,
    /// The values, compared after trimming; `""` stands for an empty cell.
    pub is: Vec<String>,
}

/// Takes a row only once for each combination of values; repetitions are skipped. For files that hold a
/// relationship once from each side.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportOncePer"))]
#[serde(deny_unknown_fields)]
pub struct OncePer {
    /// The columns whose values must be new together.
    pub columns: Vec<String>,
    /// Columns whose values may stand in any order among each other, for example both ends of a relationship.
    #[serde(default)]
    pub unordered: Vec<String>,
}

/// How the rows of a file become records of one type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportMapping"))]
#[serde(deny_unknown_fields, default)]
pub struct Mapping {
    /// The name of the record type, for example `person`.
    pub record_type: String,
    /// What is done with a row.
    pub mode: Mode,
    /// The columns that make the row's key in the file's own system, joined by `|`. It is kept, so that later
    /// imports of the same source find the record again, and links find it by its key.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// The name of the system whose keys these are; `import` when nothing else is stated. A plan may state it once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The fields by which a record is found when the key does not find it, for example `emails.address`. All must
    /// be equal. At least one must be indexed.
    #[serde(rename = "match", skip_serializing_if = "Vec::is_empty")]
    pub match_fields: Vec<String>,
    /// The columns.
    pub columns: Vec<ColumnRule>,
    /// Which rows are taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<OnlyRows>,
    /// Which rows are repetitions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub once_per: Option<OncePer>,
    /// The country whose spelling of phone numbers is assumed, ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The column that states that country, as a code or a name; `country` holds for rows in which it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country_column: Option<String>,
    /// Whether a column of the file that the mapping does not name is an error. Otherwise the report lists it.
    pub strict: bool,
    /// The form of the file.
    pub format: CsvFormat,
}

/// Several files that are imported as one, in their order: all or none, under one job.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportPlan"))]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// The name of the system that the files come from; mappings that name none have it.
    pub source: Option<String>,
    /// The files. A file may be read more than once, with different mappings.
    pub steps: Vec<PlanStep>,
}

/// One file of a plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportPlanStep"))]
#[serde(deny_unknown_fields)]
pub struct PlanStep {
    /// The name of the file, without its folder.
    pub file: String,
    /// How it is read.
    pub mapping: Mapping,
}
