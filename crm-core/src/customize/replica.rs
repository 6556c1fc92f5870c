//! Definitions that come out of another database: no rule runs for them, but what rules see to must hold.

use super::columns;
use super::model::{CustomField, CustomType};
use super::names::check_name;
use super::rules::check_field;
use crate::error::{CrmError, Result};
use crate::record::unit::UnitOfWork;
use crate::record::{Record, RecordData, RecordType};

/// Whether the records of a type define custom fields or types.
pub(crate) fn is_definition(record_type: &RecordType) -> bool {
    matches!(record_type.name(), CustomType::NAME | CustomField::NAME)
}

/// Checks a definition by itself. A name without its prefix would reach into the tables of the engine.
///
/// # Errors
/// As the rules of definitions; `custom.key`.
pub(crate) fn check_definition(record_type: &RecordType, data: &RecordData) -> Result<()> {
    if record_type.name() == CustomType::NAME {
        let defined: CustomType = data.clone().into_record(record_type)?;
        return check_name(&defined.name).map_err(|error| error.at("name"));
    }
    let field: CustomField = data.clone().into_record(record_type)?;
    check_field(&field)?;
    if field.key != Some(format!("{}.{}", field.record_type, field.name)) {
        return Err(CrmError::invalid("custom.key", "is not the type and the name of the field").at("key"));
    }
    Ok(())
}

/// Makes the columns and tables of all definitions that the database holds now.
///
/// # Errors
/// `schema.invalid` for definitions that contradict each other; `storage.*`.
pub(crate) fn take_definitions(unit: &mut UnitOfWork<'_>) -> Result<()> {
    unit.reload_schema()?;
    let schema = std::sync::Arc::clone(&unit.schema);
    // The tables first: columns of other tables link to them.
    let (custom, built_in): (Vec<_>, Vec<_>) =
        schema.types().iter().partition(|record_type| record_type.is_custom());
    for record_type in custom.into_iter().chain(built_in) {
        if record_type.is_custom() || record_type.fields.iter().any(|field| field.descriptor.custom) {
            if is_definition(record_type) {
                let reason = "the definitions themselves cannot have custom fields";
                return Err(CrmError::invalid("custom.not_extensible", reason).at("record_type"));
            }
            columns::complete(unit, record_type)?;
        }
    }
    Ok(())
}
