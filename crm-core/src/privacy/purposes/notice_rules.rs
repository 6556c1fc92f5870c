//! What makes a version of a notice valid, and keeps it as it was read.

use crate::contacts::language_tag;
use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::entry::Operation;
use crate::privacy::values::{in_order, sha256, text};
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};
use crate::storage::{Param, query_one};

/// The rules of notices.
pub(crate) struct NoticeRules;

/// What makes a version what it is.
const FIXED: [&str; 5] = ["key", "kind", "language", "notice_version", "text"];

impl Rules for NoticeRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        in_order(change, "effective_from", "effective_to", "privacy_notice.period")?;
        if let Some(given) = text(change, "language") {
            let tag = language_tag(given).ok_or_else(|| {
                CrmError::invalid("language.invalid", "is no language tag such as de or pt-BR").at("language")
            })?;
            change.set("language", Value::Text(tag))?;
        }
        if change.before.is_some() {
            return stays_as_read(change);
        }
        is_the_only_one(work, change)?;
        let hash = text(change, "text").map(content_hash);
        change.set("content_hash", hash.map_or(Value::Null, Value::Text))
    }
}

/// The hash of the text of a notice.
pub(super) fn content_hash(text: &str) -> String {
    sha256(text.as_bytes())
}

fn stays_as_read(change: &Change) -> Result<()> {
    match FIXED.iter().find(|field| change.changes(field)) {
        None => Ok(()),
        Some(field) => {
            let reason = "is what people have read; another text is another version";
            Err(CrmError::new(ErrorKind::Rule, "privacy_notice.fixed", reason).at(*field))
        }
    }
}

fn is_the_only_one(work: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    let part = |field| Param::Text(text(change, field).unwrap_or_default());
    let other = query_one(
        work.connection,
        "SELECT 1 FROM privacy_notice WHERE \"key\" = ?1 AND \"language\" = ?2 AND notice_version = ?3",
        &[part("key"), part("language"), part("notice_version")],
        |row| row.integer(0),
    )?;
    match other {
        None => Ok(()),
        Some(_) => {
            let reason = "the notice has this version in this language";
            Err(CrmError::new(ErrorKind::Duplicate, "field.duplicate", reason).at("notice_version"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::content_hash;

    #[test]
    fn the_hash_is_that_of_fips_180() {
        assert_eq!(content_hash("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
