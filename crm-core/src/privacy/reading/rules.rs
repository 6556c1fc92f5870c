//! What makes reading rules and entries of the read log valid.

use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::entry::Operation;
use crate::privacy::purposes;
use crate::record::Value;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};

/// The rules of reading rules.
pub(crate) struct ReadingRuleRules;
/// The rules of the read log.
pub(crate) struct ReadLogRules;

impl Rules for ReadingRuleRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        let text = |field: &str| change.after(field).as_text().map(str::to_owned);
        let purpose = text("purpose").unwrap_or_default();
        purposes::require(work.connection, &purpose).map_err(|error| error.at("purpose"))?;
        if text("field").is_some() && text("category").is_some() {
            let reason = "names a field already";
            return Err(CrmError::invalid("reading_rule.field_and_category", reason).at("category"));
        }
        match text("record_type").as_deref() {
            // What every record has is needed to show it at all.
            None | Some("*") if text("field").is_some() => {
                let reason = "a rule about a field names the record type";
                Err(CrmError::invalid("reading_rule.record_type", reason).at("record_type"))
            }
            None | Some("*") => Ok(()),
            Some(name) => {
                let record_type = work.record_type(name).map_err(|error| error.at("record_type"))?;
                let Some(field) = text("field") else { return Ok(()) };
                let field = record_type.require(&field).map_err(|error| error.at("field"))?;
                if field.is_system() {
                    let reason = "every record shows it";
                    return Err(CrmError::invalid("reading_rule.field", reason).at("field"));
                }
                Ok(())
            }
        }
    }
}

impl Rules for ReadLogRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        match change.operation {
            Operation::Create if change.after("read_at").is_null() => {
                change.set("read_at", Value::Timestamp(work.now()))
            }
            // A log that can be corrected proves nothing.
            Operation::Update if change.origin == Origin::Host => {
                let reason = "an entry of the log stays as it was written";
                Err(CrmError::new(ErrorKind::Rule, "read_log.fixed", reason))
            }
            _ => Ok(()),
        }
    }
}
