//! Custom fields and custom record types: declared by records, stored in real columns and tables.
//!
//! A [`CustomField`] becomes a typed column of its type's table, a [`CustomType`] a table; both names begin with
//! `x_`, which no built-in name does, so an upgrade of the library can neither clash with them nor lose them. The
//! definitions are records like any other: journaled, undoable, exportable.
//!
//! - Adding a field adds a column and an index without entries: no row is rewritten.
//! - A default is given to new records only.
//! - A field that becomes required is asked for when a record is created, and when a user edits one; what the engine
//!   itself does with records that lack it goes on.
//! - An option that records hold cannot be removed, only be made inactive: it stays readable and can be filtered by.
//! - A deleted field is in the bin with its column out of sight; restored, it has all values again.
//!   [`Records::purge`] drops the column.
//! - A type with records cannot be deleted.

mod columns;
pub(crate) mod definitions;
pub mod model;
mod names;
mod replica;
mod rules;

pub use model::{
    CustomField, CustomFieldId, CustomKind, CustomOption, CustomType, CustomTypeId, LinkRule, PersonalClass,
    SearchWeight,
};

pub(crate) use replica::{check_definition, is_definition, take_definitions};

use crate::error::{CrmError, ErrorKind, Result};
use crate::record::Records;
use crate::record::door::write;
use crate::record::schema::quote;
use crate::record::store::journal_purge;
use crate::storage::{Param, query_one};

crate::record::areas! {
    /// The custom record types.
    custom_types: CustomType;
    /// The custom fields.
    custom_fields: CustomField;
}

impl Records<'_, CustomField> {
    /// Gives up a deleted field for good: drops its column with all values, and takes it out of the bin. The
    /// journal has its history and that it was purged. This rewrites the table.
    ///
    /// # Errors
    /// `record.not_in_bin`.
    pub fn purge(&self, id: CustomFieldId) -> Result<()> {
        write(self.set.door, None, |unit| {
            let record_type = unit.record_type("custom_field")?;
            let taken = unit.connection.execute(
                "DELETE FROM crm_bin WHERE record = ?1 AND record_type = ?2",
                &[Param::Id(id.into()), Param::Integer(record_type.number)],
            )?;
            if taken == 0 {
                let reason = "there is no such field in the bin";
                return Err(CrmError::new(ErrorKind::NotFound, "record.not_in_bin", reason).at("id"));
            }
            columns::drop_hidden(unit, id)?;
            journal_purge(unit, &record_type, id.into())
        })
    }
}

/// Whether a table has any row.
fn has_rows(connection: &dyn crate::storage::Connection, table: &str) -> Result<bool> {
    let sql = format!("SELECT 1 FROM {} LIMIT 1", quote(table));
    Ok(query_one(connection, &sql, &[], |_| Ok(()))?.is_some())
}
