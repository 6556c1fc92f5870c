//! What makes an affiliation valid: one period at a time for the same person, organisation and role.

use super::{Period, changes_any, stores};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::text::fold;
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};
use crate::storage::{Param, query_all};

/// The rules of affiliations.
pub(crate) struct AffiliationRules;

pub(in crate::contacts) const OTHERS: &str = "SELECT start_date, end_date, role FROM affiliation \
    WHERE person = ?1 AND organisation = ?2 AND id <> ?3";

impl Rules for AffiliationRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        let checked = ["person", "organisation", "role", "start_date", "end_date"];
        if !stores(change) || !changes_any(change, &checked) {
            return Ok(());
        }
        let period = Period::after(change);
        period.check("affiliation.dates")?;
        let (Some(person), Some(organisation)) =
            (change.after("person").as_id(), change.after("organisation").as_id())
        else {
            return Ok(());
        };
        let role = fold(change.after("role").as_text().unwrap_or_default());
        let parameters = [Param::Id(person), Param::Id(organisation), Param::Id(change.id())];
        let same = query_all(work.connection, OTHERS, &parameters, |row| {
            Ok(period.overlaps(Period::read(row, 0)?) && fold(row.text(2)?.unwrap_or_default()) == role)
        })?;
        if same.contains(&true) {
            let reason = "the person has this role in this organisation already in a part of this time";
            return Err(CrmError::new(ErrorKind::Duplicate, "affiliation.overlap", reason).at("start_date"));
        }
        Ok(())
    }
}
