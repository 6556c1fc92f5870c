//! What makes a rule of retention valid.

use std::sync::Arc;

use super::floors;
use super::kinds::{RetentionAction, StatutoryClass};
use crate::error::{CrmError, Result};
use crate::journal::entry::Operation;
use crate::privacy::purposes;
use crate::record::door::Reader;
use crate::record::filter::{Filter, parse};
use crate::record::rules::Rules;
use crate::record::unit::{Change, UnitOfWork};
use crate::record::{FieldKind, FieldType, RecordType, list};

/// The rules of rules of retention.
pub(crate) struct RetentionRules;

impl Rules for RetentionRules {
    fn before(&self, work: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        let text = |field: &str| change.after(field).as_text().map(str::to_owned);
        let name = text("record_type").unwrap_or_default();
        let record_type = work.record_type(&name).map_err(|error| error.at("record_type"))?;
        if matches!(record_type.name(), "erasure" | "erasure_review" | "legal_hold" | "retention_rule") {
            let reason = "records of this type show what was erased and why, and have no time of their own";
            return Err(CrmError::invalid("retention.type", reason).at("record_type"));
        }
        let trigger = record_type.require(&text("trigger").unwrap_or_default());
        let trigger = trigger.map_err(|error| error.at("trigger"))?;
        if !matches!(trigger.kind(), FieldKind::Date | FieldKind::Timestamp) {
            return Err(CrmError::invalid("retention.trigger", "is no date and no time").at("trigger"));
        }
        if let Some(filter) = text("filter") {
            check_filter(work, &record_type, &filter).map_err(|error| error.within("filter"))?;
        }
        if let Some(purpose) = text("purpose") {
            purposes::require(work.connection, &purpose).map_err(|error| error.at("purpose"))?;
        }
        let class: Option<StatutoryClass> = Option::from_value(change.after("statutory_class").clone())?;
        if let Some(class) = class {
            let jurisdiction = text("jurisdiction").unwrap_or_default();
            floors::in_force(&jurisdiction, class, work.now().date())?;
        }
        let both = !change.after("ceiling_days").is_null() && !change.after("ceiling_months").is_null();
        let neither = change.after("ceiling_days").is_null() && change.after("ceiling_months").is_null();
        if both || neither && class.is_none() {
            let reason = "a rule has a ceiling in days or in months, or else a statutory class";
            return Err(CrmError::invalid("retention.ceiling", reason).at("ceiling_days"));
        }
        let action = RetentionAction::from_value(change.after("action").clone())?;
        if action == RetentionAction::Anonymise && matches!(record_type.name(), "person" | "attachment") {
            let reason = "a person or a file without personal values is nothing; erase it";
            return Err(CrmError::invalid("retention.action", reason).at("action"));
        }
        Ok(())
    }
}

/// Compiles the filter against the type, so that a rule that cannot run is refused when it is written.
fn check_filter(work: &UnitOfWork<'_>, record_type: &Arc<RecordType>, text: &str) -> Result<()> {
    let filter = parse(text)?;
    list::count_of(&Reader::of_unit(work)?, record_type, &filter.and(Filter::any_of(Vec::new()))).map(drop)
}
