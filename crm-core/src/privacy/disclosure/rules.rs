//! What makes a disclosure valid.

use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::country::CountryCode;
use crate::ground::ids::RecordId;
use crate::journal::entry::Operation;
use crate::privacy::purposes;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{DataCategory, Value};
use crate::storage::{Param, query_one};

/// The rules of disclosures.
pub(crate) struct DisclosureRules;

impl Rules for DisclosureRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        if change.after("disclosed_at").is_null() {
            change.set("disclosed_at", Value::Timestamp(work.now()))?;
        }
        let text = |field: &str| change.after(field).as_text().map(str::to_owned);
        purposes::require(work.connection, &text("purpose").unwrap_or_default())
            .map_err(|error| error.at("purpose"))?;
        if change.origin != Origin::Undo {
            check_lists(change)?;
        }
        if let Some(country) = text("country") {
            let country = CountryCode::from_code(&country.to_ascii_uppercase());
            let country = country.map_err(|error| error.at("country"))?;
            change.set("country", Value::Text(country.to_string()))?;
        }
        name_recipient(work, change)
    }
}

/// The recipient has a name, if only that of the organisation.
fn name_recipient(work: &UnitOfWork<'_>, change: &mut Change) -> Result<()> {
    if !change.after("recipient").is_null() {
        return Ok(());
    }
    let Some(organisation) = change.after("organisation").as_id() else {
        let reason = "names who got the data, or the organisation";
        return Err(CrmError::new(ErrorKind::Rule, "disclosure.recipient", reason).at("recipient"));
    };
    let sql = "SELECT name FROM organisation WHERE \"id\" = ?1";
    let name = query_one(work.connection, sql, &[Param::Id(organisation)], |row| {
        Ok(row.text(0)?.map(str::to_owned))
    })?;
    change.set("recipient", name.flatten().map_or(Value::Null, Value::Text))
}

/// Categories are known ones, and people are named by their identifiers.
fn check_lists(change: &Change) -> Result<()> {
    let items = |field: &str| -> Vec<String> {
        let json = change.after(field).as_text().unwrap_or("[]");
        serde_json::from_str(json).unwrap_or_default()
    };
    for (place, category) in items("categories").iter().enumerate() {
        category.parse::<DataCategory>().map_err(|error| error.at(format!("categories[{place}]")))?;
    }
    for (place, subject) in items("subjects").iter().enumerate() {
        subject.parse::<RecordId>().map_err(|error| error.at(format!("subjects[{place}]")))?;
    }
    Ok(())
}
