//! What holds for the whole of an import: nothing there before, every link with its target, every content whole.

use std::ops::ControlFlow;

use crate::activity::Attachment;
use crate::activity::attachments::content;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::ids::RecordId;
use crate::record::schema::{Field, RecordType, system};
use crate::record::unit::UnitOfWork;
use crate::record::{FieldKind, Record, Reference};
use crate::storage::{Param, query_one};

/// Refuses a database that holds anything.
pub(super) fn require_empty(unit: &UnitOfWork<'_>) -> Result<()> {
    for record_type in unit.schema.types() {
        let sql = format!("SELECT 1 FROM {} LIMIT 1", record_type.table);
        if query_one(unit.connection, &sql, &[], |_| Ok(()))?.is_some() {
            let reason = "the database holds records; an export is read into an empty one";
            return Err(CrmError::new(ErrorKind::Conflict, "jsonl.not_empty", reason).at(record_type.name()));
        }
    }
    // What lies in the bin can come back, and would meet itself.
    if query_one(unit.connection, "SELECT 1 FROM crm_bin LIMIT 1", &[], |_| Ok(()))?.is_some() {
        let reason = "the database has records in its bin; an export is read into an empty one";
        return Err(CrmError::new(ErrorKind::Conflict, "jsonl.not_empty", reason).at("bin"));
    }
    Ok(())
}

/// Compares the contents of all attachments with what their records say.
pub(super) fn check_contents(unit: &UnitOfWork<'_>) -> Result<()> {
    let record_type = unit.record_type(Attachment::NAME)?;
    let sql = format!("SELECT \"id\", \"size\", \"sha256\" FROM {}", record_type.table);
    unit.connection.query(&sql, &[], &mut |row| {
        let id = row.id(0)?.unwrap_or_default();
        let found = content::copy(unit.connection, id, &mut std::io::sink())?;
        // A record can stand without a content, and says nothing of it then.
        let stated = row.integer(1)?.is_some() || row.text(2)?.is_some();
        let right = row.integer(1)? == Some(found.size) && row.text(2)? == Some(found.sha256.as_str());
        if right || !stated && found.size == 0 {
            return Ok(ControlFlow::Continue(()));
        }
        Err(content::damaged().at(format!("attachment {id}, content")))
    })
}

/// Looks for links to records that did not come.
pub(super) fn check_links(unit: &UnitOfWork<'_>) -> Result<()> {
    for record_type in unit.schema.types() {
        for field in &record_type.fields[system::OWNER..] {
            let found = match field.kind() {
                FieldKind::Link { target, .. } => dangling_link(unit, record_type, field, target)?,
                FieldKind::Reference { .. } => dangling_reference(unit, record_type, field)?,
                _ => None,
            };
            if let Some(id) = found {
                return Err(CrmError::invalid("link.broken", "links to a record that is not in the export")
                    .at(format!("{} {id}, {}", record_type.name(), field.name())));
            }
        }
    }
    Ok(())
}

fn dangling_link(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    field: &Field,
    target: &str,
) -> Result<Option<RecordId>> {
    let target = unit.schema.require(target)?;
    let sql = format!(
        "SELECT t.\"id\" FROM {} AS t WHERE t.{column} IS NOT NULL \
         AND NOT EXISTS (SELECT 1 FROM {} AS r WHERE r.\"id\" = t.{column}) LIMIT 1",
        record_type.table,
        target.table,
        column = field.column
    );
    Ok(query_one(unit.connection, &sql, &[], |row| row.id(0))?.flatten())
}

fn dangling_reference(
    unit: &UnitOfWork<'_>,
    record_type: &RecordType,
    field: &Field,
) -> Result<Option<RecordId>> {
    let sql = format!(
        "SELECT t.\"id\", t.{column} FROM {} AS t WHERE t.{column} IS NOT NULL",
        record_type.table,
        column = field.column
    );
    let mut found = None;
    unit.connection.query(&sql, &[], &mut |row| {
        let reference = row.text(1)?.and_then(|text| text.parse::<Reference>().ok());
        let there = match &reference {
            None => false,
            Some(reference) => match unit.schema.find(&reference.record_type) {
                None => false,
                Some(target) => {
                    let sql = format!("SELECT 1 FROM {} WHERE \"id\" = ?1", target.table);
                    query_one(unit.connection, &sql, &[Param::Id(reference.id)], |_| Ok(()))?.is_some()
                }
            },
        };
        if there {
            return Ok(ControlFlow::Continue(()));
        }
        found = row.id(0)?;
        Ok(ControlFlow::Break(()))
    })?;
    Ok(found)
}
