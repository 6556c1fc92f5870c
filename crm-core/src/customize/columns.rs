//! The columns and indexes of custom fields.

use super::model::CustomFieldId;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::record::install;
use crate::record::schema::{Field, RecordType, currency_column, quote};
use crate::record::unit::UnitOfWork;

/// The name under which the column of a deleted field is kept. No declared name is of this form.
fn hidden(id: RecordId) -> String {
    format!("d_{}", id.to_string().replace('-', ""))
}

/// Makes what a type declares and its table does not have.
pub(super) fn complete(unit: &UnitOfWork<'_>, record_type: &RecordType) -> Result<()> {
    let completed = install::complete(unit.connection, record_type)
        .and_then(|()| install::complete_links(unit.connection, record_type));
    completed.map_err(|error| match error.code() {
        "storage.unique" => {
            let reason = "records that are there already have the same value";
            CrmError::new(ErrorKind::Duplicate, "custom.duplicates", reason).at("unique")
        }
        _ => error,
    })
}

/// Puts the column of a deleted field out of sight, and drops its index.
pub(super) fn hide(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    field: &Field,
    id: RecordId,
) -> Result<()> {
    drop_index(unit, record_type, field)?;
    let name = hidden(id);
    let pairs = [
        (Some(field.column.clone()), quote(&name)),
        (field.currency_column.clone(), quote(&currency_column(&name, true))),
    ];
    for (from, to) in pairs {
        if let Some(from) = from {
            rename(unit, &record_type.table, &from, &to)?;
        }
    }
    Ok(())
}

/// Brings the column of a deleted field back, if it is still there.
pub(super) fn reveal(unit: &UnitOfWork<'_>, table: &str, field: &str, id: RecordId) -> Result<bool> {
    let there = install::columns(unit.connection, table)?;
    let name = hidden(id);
    let mut found = false;
    for (from, to) in
        [(name.clone(), field.to_owned()), (currency_column(&name, true), currency_column(field, true))]
    {
        if there.contains(&from) {
            rename(unit, &quote(table), &quote(&from), &quote(&to))?;
            found = true;
        }
    }
    Ok(found)
}

fn rename(unit: &UnitOfWork<'_>, table: &str, from: &str, to: &str) -> Result<()> {
    unit.connection.execute_batch(&format!("ALTER TABLE {table} RENAME COLUMN {from} TO {to}"))
}

/// Drops the index of a field, so that it can be made anew as it is declared now.
pub(super) fn drop_index(unit: &UnitOfWork<'_>, record_type: &RecordType, field: &Field) -> Result<()> {
    let name = quote(&record_type.index_name(unit.connection.dialect(), field));
    unit.connection.execute_batch(&format!("DROP INDEX IF EXISTS {name}"))
}

/// Drops the column of a deleted field with all its values.
pub(super) fn drop_hidden(unit: &UnitOfWork<'_>, id: CustomFieldId) -> Result<()> {
    let name = hidden(id.into());
    for record_type in unit.schema.types() {
        let there = install::columns(unit.connection, record_type.name())?;
        for column in [name.clone(), currency_column(&name, true)] {
            if there.contains(&column) {
                let sql = format!("ALTER TABLE {} DROP COLUMN {}", record_type.table, quote(&column));
                unit.connection.execute_batch(&sql)?;
            }
        }
    }
    Ok(())
}
