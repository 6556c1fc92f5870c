//! What makes an organisation valid: its hierarchy is a tree of bounded height.

use super::{space_singly, stores};
use crate::error::Result;
use crate::record::rules::Rules;
use crate::record::tree;
use crate::record::unit::{Change, UnitOfWork};

/// The rules of organisations.
pub(crate) struct OrganisationRules;

impl Rules for OrganisationRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if !stores(change) {
            return Ok(());
        }
        if change.changes("name") || change.changes("legal_name") {
            space_singly(change, &["name", "legal_name"])?;
        }
        tree::check_place(work, change, "parent")
    }
}
