//! What an import would tell of records that are there: whether a value finds one, and whether it is what one holds.

use crate::error::{CrmError, Result};
use crate::interchange::mapping::{Mapping, Mode, Plan};
use crate::record::door::{Reader, read};
use crate::record::schema::{NAME_KEY, clip};
use crate::record::{FieldKind, RecordType};
use crate::session::Session;
use crate::storage::ReadMode;

/// Refuses a plan whose report would tell of fields that the session may not read. What only creates may write them.
///
/// # Errors
/// `field.redacted`, naming the field of the mapping.
pub(super) fn check(session: &Session, plan: &Plan) -> Result<()> {
    read(session, ReadMode::Statement, |reader| {
        if reader.scope.is_open() {
            return Ok(());
        }
        plan.steps.iter().try_for_each(|step| mapping(reader, &step.mapping))
    })
}

fn mapping(reader: &Reader<'_>, mapping: &Mapping) -> Result<()> {
    // What is unknown is told when the mapping is compiled.
    let Some(record_type) = reader.schema.find(&mapping.record_type) else { return Ok(()) };
    for rule in &mapping.columns {
        if mapping.mode != Mode::Create {
            field(reader, record_type, &rule.field)?;
        }
        if let Some(link) = &rule.link {
            let target = record_type.field(&rule.field).and_then(|field| match field.kind() {
                FieldKind::Link { target, .. } => reader.schema.find(target),
                _ => link.record_type.as_ref().and_then(|name| reader.schema.find(name)),
            });
            if let Some(target) = target {
                field(reader, target, &link.by)?;
            }
        }
    }
    Ok(())
}

fn field(reader: &Reader<'_>, record_type: &RecordType, path: &str) -> Result<()> {
    let name = path.split(['.', '[']).next().unwrap_or_default();
    let at = |error: CrmError| error.at(clip(path));
    if name == NAME_KEY {
        return record_type
            .sort_key
            .iter()
            .try_for_each(|position| reader.check_field(record_type, &record_type.fields[*position]))
            .map_err(at);
    }
    record_type.field(name).map_or(Ok(()), |field| reader.check_field(record_type, field).map_err(at))
}
