//! Purposes and notices as a session sees them.

use std::cmp::Reverse;

use super::model::ProcessingPurpose;
use super::notices::PrivacyNotice;
use super::tree::{self, KnownPurpose};
use crate::contacts::language_tag;
use crate::error::{CrmError, Result};
use crate::ground::time::Timestamp;
use crate::privacy::typed_rows::records;
use crate::record::Records;
use crate::record::door::read;
use crate::storage::{Param, ReadMode};

impl Records<'_, ProcessingPurpose> {
    /// All purposes: the built-in ones, then those of the host in the order of their keys.
    ///
    /// # Errors
    /// `storage.*`.
    pub fn tree(&self) -> Result<Vec<KnownPurpose>> {
        read(self.set.door, ReadMode::Statement, |reader| tree::all(reader.connection))
    }
}

impl Records<'_, PrivacyNotice> {
    /// The version of a notice that is shown at a time, or now, in a language; in the language without its region when there
    /// is none for the region. Of several, the one that became effective last.
    ///
    /// # Errors
    /// `language.invalid`.
    pub fn current(&self, key: &str, language: &str, at: Option<Timestamp>) -> Result<Option<PrivacyNotice>> {
        let tag = language_tag(language).ok_or_else(|| {
            CrmError::invalid("language.invalid", "is no language tag such as de or pt-BR").at("language")
        })?;
        read(self.set.door, ReadMode::Snapshot, |reader| {
            let at = at.unwrap_or_else(|| reader.now());
            let mut language = tag.as_str();
            loop {
                let parameters = [Param::Text(key), Param::Text(language)];
                let all: Vec<PrivacyNotice> =
                    records(reader, "t.\"key\" = ?1 AND t.\"language\" = ?2", &parameters)?;
                let shown = all.into_iter().filter(|notice| is_shown(notice, at));
                // Of two that became effective at once, the one that was stored later.
                if let Some(found) = shown.rev().min_by_key(|notice| Reverse(notice.effective_from)) {
                    return Ok(Some(found));
                }
                match language.rsplit_once('-') {
                    Some((wider, _)) => language = wider,
                    None => return Ok(None),
                }
            }
        })
    }
}

fn is_shown(notice: &PrivacyNotice, at: Timestamp) -> bool {
    notice.effective_from.is_none_or(|from| from <= at) && notice.effective_to.is_none_or(|to| at < to)
}
