//! One line of a mapping: where a value comes from, how it is read, and where it goes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What becomes of a text that the value map does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportOtherwise"))]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// It is taken as it is.
    #[default]
    Keep,
    /// The cell counts as empty.
    Ignore,
    /// The row is rejected.
    Reject,
}

/// What an empty cell does to a record that exists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportWhenEmpty"))]
#[serde(rename_all = "snake_case")]
pub enum WhenEmpty {
    /// The field stays as it is.
    #[default]
    Skip,
    /// The field is cleared.
    Clear,
}

/// What a value does to a record that has one already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportExisting"))]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// It replaces what is there; the rule for fields with one value.
    Replace,
    /// What is there stays.
    Keep,
    /// It is added to what is there; the rule for lists, and for contact points, of which one with the same
    /// address, number or place is changed instead.
    Add,
}

/// What becomes of a value that the field refuses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportInvalid"))]
#[serde(rename_all = "snake_case")]
pub enum Invalid {
    /// The row is rejected.
    #[default]
    Reject,
    /// The cell counts as empty, and the report lists a warning.
    Skip,
}

/// What becomes of a link whose target is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportMissing"))]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The row is rejected.
    #[default]
    Reject,
    /// The link stays empty.
    Ignore,
    /// A record is made that has only the field by which it was looked for.
    Create,
}

/// How the target of a link is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportLink"))]
#[serde(deny_unknown_fields, default)]
pub struct LinkRule {
    /// The record type; needed only where the field may link to any type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_type: Option<String>,
    /// `key` for the key in the file's own system, `id` for the identifier, or a field, for example `email`.
    pub by: String,
    /// The system whose key it is, when it is not the mapping's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// What becomes of a link whose target is not there.
    pub missing: Missing,
}

impl Default for LinkRule {
    fn default() -> Self {
        Self { record_type: None, by: "key".to_owned(), source: None, missing: Missing::Reject }
    }
}

/// One line of a mapping. The value comes from `column`, from several `columns`, or is a `constant`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportColumn"))]
#[serde(deny_unknown_fields, default)]
pub struct ColumnRule {
    /// The field, for example `given_name`, or a member of a part, for example `emails[0].address`.
    pub field: String,
    /// The column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Several columns, whose texts are joined; empty ones are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    /// What stands between joined texts; a space when nothing is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<String>,
    /// The text that every row has. A part that has nothing but constants is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub constant: Option<String>,
    /// Other texts for those of the file, for example `{"Closed Won": "won"}`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    /// What becomes of texts that `values` does not have.
    pub otherwise: Otherwise,
    /// The text for an empty cell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// Whether an empty cell rejects the row.
    pub required: bool,
    /// Whether the file may lack the column.
    pub optional: bool,
    /// The formats of dates and times, tried in order, in the notation of `strftime`; ISO 8601 when none is stated.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<String>,
    /// Whether numbers are written as `1.234,50`.
    pub decimal_comma: bool,
    /// What separates the items of a list; a semicolon when nothing is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<String>,
    /// The currency of an amount, ISO 4217.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The column that states the currency; `currency` holds for rows in which it is empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_column: Option<String>,
    /// How the target of a link is found; by its identifier when nothing is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<LinkRule>,
    /// What an empty cell does to a record that exists.
    pub empty: WhenEmpty,
    /// What a value does to a record that has one already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub existing: Option<Existing>,
    /// What becomes of a value that the field refuses.
    pub invalid: Invalid,
}

impl ColumnRule {
    /// The columns that the value comes from.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &str> {
        self.column.iter().chain(&self.columns).map(String::as_str)
    }
}
