//! Making mappings and plans: from JSON, or step by step.

use super::{ColumnRule, LinkRule, Mapping, Mode, Plan};
use crate::error::{CrmError, Result};

/// What is wrong with a mapping that cannot be read, without a word of its values.
fn unreadable(error: &serde_json::Error) -> CrmError {
    let text = error.to_string();
    let known = ["unknown field", "missing field", "unknown variant", "invalid type"];
    let reason =
        if known.iter().any(|start| text.starts_with(start)) { text } else { "is no valid JSON".to_owned() };
    CrmError::invalid("mapping.invalid", reason).at(format!(
        "line {}, column {}",
        error.line(),
        error.column()
    ))
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// `mapping.invalid` with line and column. Whether its fields exist shows when it is used.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| unreadable(&error))
    }

    /// A mapping to records of a type, without columns.
    pub fn new(record_type: impl Into<String>) -> Self {
        Self { record_type: record_type.into(), ..Self::default() }
    }

    /// States what is done with a row.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// States the column that holds the key of the file's own system.
    pub fn key(mut self, column: impl Into<String>) -> Self {
        self.key.push(column.into());
        self
    }

    /// States a field by which a record is found.
    pub fn match_on(mut self, field: impl Into<String>) -> Self {
        self.match_fields.push(field.into());
        self
    }

    /// Takes a column into a field.
    pub fn column(self, column: impl Into<String>, field: impl Into<String>) -> Self {
        self.rule(ColumnRule { column: Some(column.into()), field: field.into(), ..ColumnRule::default() })
    }

    /// Gives every row the same value.
    pub fn constant(self, value: impl Into<String>, field: impl Into<String>) -> Self {
        self.rule(ColumnRule { constant: Some(value.into()), field: field.into(), ..ColumnRule::default() })
    }

    /// Takes a column into a link: `by` the `key` of the file's own system, the `id`, or a field of the target.
    pub fn link(self, column: impl Into<String>, field: impl Into<String>, by: impl Into<String>) -> Self {
        let link = LinkRule { by: by.into(), ..LinkRule::default() };
        self.rule(ColumnRule {
            column: Some(column.into()),
            field: field.into(),
            link: Some(link),
            ..ColumnRule::default()
        })
    }

    /// Adds any line.
    pub fn rule(mut self, rule: ColumnRule) -> Self {
        self.columns.push(rule);
        self
    }
}

impl Plan {
    /// Reads a plan.
    ///
    /// # Errors
    /// `mapping.invalid` with line and column.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| unreadable(&error))
    }
}
