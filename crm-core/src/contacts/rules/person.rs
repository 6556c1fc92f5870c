//! What makes a person valid.

use super::language::language_tag;
use super::{changes_any, space_singly, stores};
use crate::error::{CrmError, Result};
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};

/// The rules of people.
pub(crate) struct PersonRules;

const NAMES: [&str; 5] = ["given_name", "middle_name", "family_name", "name_suffix", "nickname"];

impl Rules for PersonRules {
    fn before(&self, _work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if !stores(change) {
            return Ok(());
        }
        if changes_any(change, &NAMES) {
            space_singly(change, &NAMES)?;
        }
        if change.after("family_name").is_null() && change.after("given_name").is_null() {
            let reason = "a person needs a family name or a given name";
            return Err(CrmError::invalid("person.name_missing", reason).at("family_name"));
        }
        if change.changes("language") {
            if let Value::Text(text) = change.after("language") {
                let tag = language_tag(text).ok_or_else(|| {
                    CrmError::invalid("person.language", "is no language tag such as de or pt-BR")
                        .at("language")
                })?;
                change.set("language", Value::Text(tag))?;
            }
        }
        Ok(())
    }
}
