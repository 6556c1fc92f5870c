//! What the definitions of custom fields and types set off: checks before, columns and tables after.

use std::sync::Arc;

use super::model::{CustomField, CustomKind, CustomType};
use super::names::check_name;
use super::{columns, definitions, has_rows};
use crate::error::{CrmError, ErrorKind, Result};
use crate::journal::entry::Operation;
use crate::record::descriptor::label_of;
use crate::record::reindex;
use crate::record::rules::Rules;
use crate::record::schema::{CUSTOM_PREFIX, RecordType, quote};
use crate::record::unit::{Change, Origin, UnitOfWork};
use crate::record::{FieldKind, Record, Value};
use crate::storage::{Param, query_one};

/// The most custom fields of one type: with two columns each they stay below the columns a table can have.
const MOST_FIELDS: usize = 500;
/// The most custom types.
const MOST_TYPES: usize = 500;

/// The rules of [`CustomField`].
#[derive(Clone, Copy, Debug)]
pub(super) struct FieldRules;

/// The rules of [`CustomType`].
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeRules;

/// Refuses to change what cannot be changed.
fn keep_fixed(change: &Change, fields: &[&str]) -> Result<()> {
    match fields.iter().find(|field| change.operation == Operation::Update && change.changes(field)) {
        Some(field) => Err(CrmError::new(ErrorKind::Rule, "custom.fixed", "cannot be changed").at(*field)),
        None => Ok(()),
    }
}

fn record<R: Record>(change: &Change) -> Result<R> {
    change.after.clone().into_record(&change.record_type)
}

fn set_label(change: &mut Change, name: &str) -> Result<()> {
    if change.after("label").is_null() {
        change.set("label", Value::Text(label_of(name)))?;
    }
    Ok(())
}

fn too_many(most: usize, what: &str) -> CrmError {
    CrmError::new(ErrorKind::Limit, "custom.too_many", format!("there are {most} custom {what} already"))
}

impl Rules for FieldRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            return Ok(());
        }
        keep_fixed(change, &["record_type", "name", "kind", "target", "scale"])?;
        let field: CustomField = record(change)?;
        if field.record_type.is_empty() || field.name.is_empty() {
            // The check for required fields says it better.
            return Ok(());
        }
        check_field(&field)?;
        if change.operation == Operation::Update {
            check_update(unit, change, &field)?;
        } else {
            check_place(unit, &field)?;
        }
        set_label(change, &field.name)?;
        change.set("key", Value::Text(format!("{}.{}", field.record_type, field.name)))?;
        let owner = custom_type(unit, &field.record_type)?;
        change.set("custom_type", owner)
    }

    fn after(&self, unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        let field: CustomField = record(change)?;
        let id = change.id();
        let old = unit.schema.find(&field.record_type).cloned();
        let revealed = change.operation == Operation::Restore
            && columns::reveal(unit, &field.record_type, &field.name, id)?;
        unit.reload_schema()?;
        // With the type itself in the bin there is no table to care for.
        let (Some(old), Some(new)) = (old, unit.schema.find(&field.record_type).cloned()) else {
            return Ok(());
        };
        match change.operation {
            Operation::Create => columns::complete(unit, &new),
            Operation::Restore => {
                columns::complete(unit, &new)?;
                if revealed { renew(unit, &old, &new, &field.name) } else { Ok(()) }
            }
            Operation::Update => {
                if let Some(known) = old.field(&field.name) {
                    if change.changes("unique") || change.changes("indexed") {
                        columns::drop_index(unit, &old, known)?;
                    }
                }
                columns::complete(unit, &new)?;
                if change.changes("search") { renew(unit, &old, &new, &field.name) } else { Ok(()) }
            }
            Operation::Delete => {
                let Some(known) = old.field(&field.name) else { return Ok(()) };
                renew(unit, &old, &new, &field.name)?;
                columns::hide(unit, &old, known, id)
            }
            // No rule runs for a purge.
            Operation::Purge => Ok(()),
        }
    }
}

/// Renews what is derived from the values of one field.
fn renew(unit: &UnitOfWork<'_>, old: &Arc<RecordType>, new: &Arc<RecordType>, field: &str) -> Result<()> {
    let derived = |known: &Arc<RecordType>| {
        known.field(field).is_some_and(|known| {
            known.kind().is_multiple() || known.descriptor.search != crate::record::SearchRole::None
        })
    };
    let placed = old.descriptor.sort_key != new.descriptor.sort_key
        || old.descriptor.timeline != new.descriptor.timeline;
    match (placed, derived(old) || derived(new)) {
        (true, _) => reindex::renew(unit, old, new, None),
        (false, true) => reindex::renew(unit, old, new, Some(field)),
        (false, false) => Ok(()),
    }
}

/// Checks a definition by itself.
pub(super) fn check_field(field: &CustomField) -> Result<()> {
    check_name(&field.name).map_err(|error| error.at("name"))?;
    let kind = field.kind;
    let unsuitable = |part: &str| {
        Err(CrmError::invalid("custom.unsuitable", "does not apply to this kind of field").at(part))
    };
    let choice = matches!(kind, CustomKind::Select | CustomKind::MultiSelect);
    if choice == field.options.is_empty() {
        return if choice {
            Err(CrmError::invalid("custom.options", "are needed for a select").at("options"))
        } else {
            unsuitable("options")
        };
    }
    let link = matches!(kind, CustomKind::Link | CustomKind::Reference);
    if field.target.is_some() && kind != CustomKind::Link {
        return unsuitable("target");
    }
    if field.on_delete.is_some() && !link {
        return unsuitable("on_delete");
    }
    if field.scale.is_some() && kind != CustomKind::Decimal {
        return unsuitable("scale");
    }
    if field.default.is_some() && (link || field.unique) {
        return unsuitable("default_value");
    }
    let text = matches!(kind, CustomKind::Text | CustomKind::LongText | CustomKind::Url);
    let sized = text || matches!(kind, CustomKind::List | CustomKind::Json);
    if field.max_length.is_some() && !sized {
        return unsuitable("max_length");
    }
    if field.pattern.is_some() && !text && !matches!(kind, CustomKind::Email | CustomKind::Phone) {
        return unsuitable("pattern");
    }
    let single = !matches!(
        kind,
        CustomKind::LongText
            | CustomKind::Money
            | CustomKind::Boolean
            | CustomKind::Select
            | CustomKind::MultiSelect
            | CustomKind::Reference
            | CustomKind::List
            | CustomKind::Json
    );
    if field.unique && !single {
        return unsuitable("unique");
    }
    if definitions::is_empty_range(&definitions::descriptor(field)?) {
        return Err(CrmError::invalid("custom.range", "is less than the least value").at("greatest"));
    }
    Ok(())
}

/// Checks that a new field finds its type, its name and its target free and there.
fn check_place(unit: &UnitOfWork<'_>, field: &CustomField) -> Result<()> {
    let owner = unit.schema.require(&field.record_type).map_err(|error| error.at("record_type"))?;
    if matches!(owner.name(), CustomType::NAME | CustomField::NAME) {
        let reason = "the definitions themselves cannot have custom fields";
        return Err(CrmError::new(ErrorKind::Rule, "custom.not_extensible", reason).at("record_type"));
    }
    if owner.field(&field.name).is_some() {
        let reason = format!("{} has a field of this name", owner.name());
        return Err(CrmError::new(ErrorKind::Duplicate, "field.duplicate", reason).at("name"));
    }
    if owner.fields.iter().filter(|known| known.descriptor.custom).count() >= MOST_FIELDS {
        return Err(too_many(MOST_FIELDS, "fields"));
    }
    if let Some(target) = &field.target {
        unit.schema.require(target).map_err(|error| error.at("target"))?;
    }
    Ok(())
}

/// Checks a changed definition against what records hold.
fn check_update(unit: &UnitOfWork<'_>, change: &Change, field: &CustomField) -> Result<()> {
    let Some(before) = change.before.clone() else { return Ok(()) };
    let before: CustomField = before.into_record(&change.record_type)?;
    let class = |field: &CustomField| definitions::descriptor(field).map(|field| field.class);
    // What was written under the lower class would come into the open, in the journal and everywhere.
    if class(field)? < class(&before)? && change.origin != Origin::Undo {
        return Err(CrmError::new(ErrorKind::Rule, "custom.fixed", "cannot be lowered").at("class"));
    }
    for option in &before.options {
        let removed = field.options.iter().all(|kept| kept.key != option.key);
        if removed && is_chosen(unit, field, &option.key)? {
            let reason = "an option that records hold cannot be removed; make it inactive";
            return Err(CrmError::new(ErrorKind::Restricted, "custom.option_in_use", reason)
                .at("options")
                .detail("key", option.key.clone()));
        }
    }
    Ok(())
}

fn is_chosen(unit: &UnitOfWork<'_>, field: &CustomField, key: &str) -> Result<bool> {
    let Some(record_type) = unit.schema.find(&field.record_type) else { return Ok(false) };
    let Some(known) = record_type.field(&field.name) else { return Ok(false) };
    let found = match known.kind() {
        FieldKind::MultiSelect(_) => query_one(
            unit.connection,
            "SELECT 1 FROM crm_value WHERE field = ?1 AND value = ?2 LIMIT 1",
            &[Param::Integer(known.number), Param::Text(key)],
            |_| Ok(()),
        )?,
        _ => {
            let sql = format!("SELECT 1 FROM {} WHERE {} = ?1 LIMIT 1", record_type.table, known.column);
            query_one(unit.connection, &sql, &[Param::Text(key)], |_| Ok(()))?
        }
    };
    Ok(found.is_some())
}

/// The identifier of the custom type with this name, or null.
fn custom_type(unit: &UnitOfWork<'_>, name: &str) -> Result<Value> {
    if !name.starts_with(CUSTOM_PREFIX) {
        return Ok(Value::Null);
    }
    let sql = format!("SELECT \"id\" FROM {} WHERE \"name\" = ?1", quote(CustomType::NAME));
    let found = query_one(unit.connection, &sql, &[Param::Text(name)], |row| row.id(0))?;
    Ok(found.flatten().map_or(Value::Null, Value::Id))
}

impl Rules for TypeRules {
    fn before(&self, unit: &mut UnitOfWork<'_>, change: &mut Change) -> Result<()> {
        if change.operation == Operation::Delete {
            let defined: CustomType = record(change)?;
            return check_unused(unit, &defined.name);
        }
        keep_fixed(change, &["name"])?;
        let mut defined: CustomType = record(change)?;
        if defined.name.is_empty() {
            return Ok(());
        }
        check_name(&defined.name).map_err(|error| error.at("name"))?;
        let plural = defined.plural.take().unwrap_or_else(|| format!("{}s", defined.name));
        let fits = plural.strip_suffix('s').unwrap_or(&plural);
        check_name(fits).map_err(|error| error.at("plural"))?;
        for (part, name) in [("name", &defined.name), ("plural", &plural)] {
            let taken = unit.schema.types().iter().any(|known| {
                known.name() != defined.name
                    && (known.name() == name || known.descriptor.plural == name.as_str())
            });
            if taken || plural == defined.name {
                let reason = "is the name of a record type already";
                return Err(CrmError::new(ErrorKind::Duplicate, "field.duplicate", reason).at(part));
            }
        }
        if change.operation != Operation::Update
            && unit.schema.types().iter().filter(|known| known.is_custom()).count() >= MOST_TYPES
        {
            return Err(too_many(MOST_TYPES, "types"));
        }
        change.set("plural", Value::Text(plural))?;
        set_label(change, &defined.name)
    }

    fn after(&self, unit: &mut UnitOfWork<'_>, change: &Change) -> Result<()> {
        let defined: CustomType = record(change)?;
        let old = unit.schema.find(&defined.name).cloned();
        unit.reload_schema()?;
        let Some(new) = unit.schema.find(&defined.name).cloned() else { return Ok(()) };
        columns::complete(unit, &new)?;
        match old {
            Some(old)
                if old.descriptor.sort_key != new.descriptor.sort_key
                    || old.descriptor.timeline != new.descriptor.timeline =>
            {
                reindex::renew(unit, &old, &new, None)
            }
            _ => Ok(()),
        }
    }
}

/// Refuses to delete a type that has records, or that links point at. Its table stays, empty.
fn check_unused(unit: &UnitOfWork<'_>, name: &str) -> Result<()> {
    let restricted =
        |reason: String| Err(CrmError::new(ErrorKind::Restricted, "record.restricted", reason).at("id"));
    let Some(known) = unit.schema.find(name) else { return Ok(()) };
    if has_rows(unit.connection, name)? {
        return restricted(format!("there are still records of {name}"));
    }
    match known.incoming.first() {
        Some(link) => {
            let source = unit.schema.at(link.source);
            restricted(format!("{}.{} still links to it", source.name(), source.fields[link.field].name()))
        }
        None => Ok(()),
    }
}
