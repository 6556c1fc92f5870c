//! What happens when a pipeline or a stage is written.

use super::deal_rules::SPECIAL_REQUIREMENTS;
use super::model::{ForecastCategory, StageType};
use super::{queries, rules, totals};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::currency::Currency;
use crate::journal::entry::Operation;
use crate::record::rules::Rules;
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{FieldType, Value, derived};

/// The rules of pipelines.
pub(super) struct PipelineRules;

impl Rules for PipelineRules {
    fn before(&self, _unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        let Some(code) = change.after("default_currency").as_text() else { return Ok(()) };
        let currency = Currency::from_code(code).map_err(|error| error.at("default_currency"))?;
        change.set("default_currency", Value::Text(currency.code().to_owned()))
    }
}

/// The rules of stages.
pub(super) struct StageRules;

impl Rules for StageRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        if change.before.is_some() {
            keep_deals_right(unit, change)?;
        }
        if change.origin == Origin::Undo {
            return Ok(());
        }
        check_requirements(unit, change)?;
        complete(change)?;
        let Some(pipeline) = change.after("pipeline").as_id() else { return Ok(()) };
        if change.after("position").is_null() {
            let position = queries::next_position(unit.connection, pipeline)?;
            change.set("position", Value::Integer(position))?;
        }
        if let (true, Some(key)) = (change.changes("key"), change.after("key").as_text()) {
            if queries::has_key(unit.connection, pipeline, key, change.id())? {
                let reason = "another stage of the pipeline has this key";
                return Err(CrmError::new(ErrorKind::Duplicate, "stage.key.duplicate", reason).at("key"));
            }
        }
        Ok(())
    }

    fn follow(&self, unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        totals::follow_stage(unit.connection, change)
    }
}

/// Refuses changes that would make the deals in the stage wrong.
fn keep_deals_right(unit: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    if change.changes("pipeline") {
        let reason = "cannot be changed; create a stage in the other pipeline";
        return Err(CrmError::new(ErrorKind::Rule, "stage.pipeline.fixed", reason).at("pipeline"));
    }
    let closes = |value: &Value| stage_type(value).map(rules::closed_probability);
    if closes(change.before("stage_type"))? != closes(change.after("stage_type"))?
        && queries::has_deals(unit.connection, change.id())?
    {
        let reason = "cannot change between open, won and lost while deals are in the stage";
        return Err(CrmError::new(ErrorKind::Rule, "stage.type.in_use", reason).at("stage_type"));
    }
    Ok(())
}

fn stage_type(value: &Value) -> Result<StageType> {
    if value.is_null() { Ok(StageType::default()) } else { StageType::from_value(value.clone()) }
}

/// Gives the stage what its type stands for where nothing else is given.
fn complete(change: &mut Change) -> Result<()> {
    let kind = stage_type(change.after("stage_type"))?;
    let retyped = change.before.is_some() && change.changes("stage_type");
    // What the stage had for its old type goes with the type.
    let given = |change: &Change, field: &str| {
        if retyped && !change.changes(field) { Value::Null } else { change.after(field).clone() }
    };
    let probability = Option::from_value(given(change, "probability"))?;
    let category = Option::<ForecastCategory>::from_value(given(change, "forecast_category"))?;
    change.set("probability", Value::Decimal(rules::stage_probability(kind, probability)?))?;
    change.set("forecast_category", rules::stage_category(kind, category)?.into_value())
}

fn check_requirements(unit: &UnitOfWork<'_>, change: &Change) -> Result<()> {
    let (true, Some(names)) = (change.changes("required_fields"), change.after("required_fields").as_text())
    else {
        return Ok(());
    };
    let deal = unit.record_type("deal")?;
    for (position, name) in derived::items(names).iter().enumerate() {
        if !SPECIAL_REQUIREMENTS.contains(&name.as_str()) && deal.field(name).is_none() {
            return Err(CrmError::invalid("stage.required_fields.unknown", "is no field of a deal")
                .at(format!("required_fields[{position}]")));
        }
    }
    Ok(())
}
