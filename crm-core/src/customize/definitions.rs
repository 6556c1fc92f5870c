//! From definitions to descriptors: what the schema takes from the records of custom fields and types.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value as Json;

use super::model::{CustomField, CustomKind, CustomType, LinkRule, PersonalClass, SearchWeight};
use crate::error::{CrmError, Result};
use crate::ground::sort;
use crate::record::columns::read_record;
use crate::record::descriptor::{Timeline, label_of};
use crate::record::json::from_json;
use crate::record::parts::PartContext;
use crate::record::pattern::Pattern;
use crate::record::schema::{Field, Numbers, Schema, quote};
use crate::record::validate::{checked, compare};
use crate::record::{
    FieldDescriptor, FieldKind, OnDelete, Record, SearchRole, SelectOption, Subject, TypeDescriptor, Value,
};
use crate::storage::{Connection, query_all};

/// Places of a custom decimal that does not say otherwise.
const DEFAULT_SCALE: i64 = 2;

/// The built-in types with the custom fields, and the custom types.
pub(crate) fn extend(
    connection: &dyn Connection,
    builtin: Vec<TypeDescriptor>,
) -> Result<Vec<TypeDescriptor>> {
    if !super::has_rows(connection, CustomType::NAME)? && !super::has_rows(connection, CustomField::NAME)? {
        return Ok(builtin);
    }
    let plain = Schema::build(builtin.clone(), &mut Numbers::new())?;
    let mut types = builtin;
    let mut fields: Vec<CustomField> = all(connection, &plain)?;
    sort::by_key(&mut fields, |field| field.position.unwrap_or(i64::MAX));
    let defined: Vec<CustomType> = all(connection, &plain)?;
    let first_custom = types.len();
    types.extend(defined.iter().map(|defined| {
        let plural = defined.plural.clone().unwrap_or_else(|| format!("{}s", defined.name));
        TypeDescriptor::new(defined.name.clone(), plural)
            .owned()
            .describe(defined.description.clone().unwrap_or_default())
    }));
    let known: HashSet<String> = types.iter().map(|known| known.name.to_string()).collect();
    for field in &fields {
        // A definition whose type or target this version of the library does not have waits for one that has it.
        let complete = field.target.as_ref().is_none_or(|target| known.contains(target));
        if let (Some(owner), true) =
            (types.iter_mut().find(|known| known.name == field.record_type.as_str()), complete)
        {
            owner.fields.push(descriptor(field)?);
        }
    }
    for (defined, resolved) in defined.iter().zip(&mut types[first_custom..]) {
        refine(defined, resolved);
    }
    Ok(types)
}

/// All definitions of a sort, in the order of their creation.
fn all<R: Record>(connection: &dyn Connection, plain: &Schema) -> Result<Vec<R>> {
    let record_type = plain.require(R::NAME)?;
    let sql =
        format!("SELECT {} FROM {} AS t ORDER BY t.row_id", record_type.statements().columns, quote(R::NAME));
    query_all(connection, &sql, &[], |row| read_record(record_type, row))?
        .into_iter()
        .map(|data| data.into_record(record_type))
        .collect()
}

/// Adds what a custom type says about its fields, as far as they are there and of the right kind.
fn refine(defined: &CustomType, resolved: &mut TypeDescriptor) {
    let fields = &resolved.fields;
    let is = |name: &str, fits: fn(&FieldKind) -> bool| {
        fields.iter().any(|field| field.name == name && fits(&field.kind))
    };
    let is_text = |kind: &FieldKind| matches!(kind, FieldKind::Text | FieldKind::Email | FieldKind::Phone);
    let is_link = |kind: &FieldKind| matches!(kind, FieldKind::Link { .. });
    let is_person = |kind: &FieldKind| matches!(kind, FieldKind::Link { target, .. } if target == "person");
    let is_time = |kind: &FieldKind| matches!(kind, FieldKind::Date | FieldKind::Timestamp);
    let named = |names: &[String], fits: fn(&FieldKind) -> bool| -> Vec<Cow<'static, str>> {
        names.iter().filter(|name| is(name, fits)).map(|name| Cow::Owned(name.clone())).collect()
    };
    let sort_key = named(&defined.sort_key, is_text);
    let subject = defined.subject.clone().filter(|name| is(name, is_person));
    let subjects = named(&defined.timeline_subjects, is_link);
    let timeline = defined
        .timeline_at
        .clone()
        .filter(|name| is(name, is_time) && !subjects.is_empty())
        .map(|at| Timeline { at: at.into(), subjects });
    resolved.sort_key = sort_key;
    resolved.subject = subject.map_or(Subject::Itself, |name| Subject::Field(name.into()));
    resolved.timeline = timeline;
}

/// The descriptor of a custom field.
///
/// # Errors
/// `custom.*`, `pattern.invalid`, `field.*`, with the part of the definition that is wrong.
pub(super) fn descriptor(definition: &CustomField) -> Result<FieldDescriptor> {
    let mut field = FieldDescriptor::new(definition.name.clone(), kind(definition)?);
    field.custom = true;
    field.label = definition.label.clone().unwrap_or_else(|| label_of(&definition.name)).into();
    field.description = definition.description.clone().unwrap_or_default().into();
    field.required = definition.required;
    field.unique = definition.unique;
    field.indexed |= definition.indexed;
    field = match (definition.class, definition.category) {
        (PersonalClass::Special, Some(category)) if !category.is_special() => {
            let reason = "is no special category, as the field is";
            return Err(CrmError::invalid("custom.category", reason).at("category"));
        }
        (_, Some(category)) => field.category(category),
        (PersonalClass::Ordinary, None) => field,
        (PersonalClass::Personal, None) => field.personal(),
        (PersonalClass::Special, None) => field.special(),
    };
    field.search = match definition.search {
        SearchWeight::None => SearchRole::None,
        SearchWeight::Title => SearchRole::Title,
        SearchWeight::Detail => SearchRole::Detail,
        SearchWeight::Body => SearchRole::Body,
    };
    if let Some(length) = definition.max_length {
        field.max_length = u32::try_from(length).unwrap_or(u32::MAX);
    }
    if let Some(pattern) = &definition.pattern {
        field.pattern = Some(Pattern::parse(pattern).map_err(|error| error.at("pattern"))?);
    }
    let least = bound(&field, definition.least.as_ref()).map_err(|error| renamed(error, "least"))?;
    let greatest = bound(&field, definition.greatest.as_ref()).map_err(|error| renamed(error, "greatest"))?;
    (field.least, field.greatest) = (least, greatest);
    field.default =
        default(&field, definition.default.as_ref()).map_err(|error| renamed(error, "default_value"))?;
    Ok(field)
}

/// The error with the part of the definition in place of the field that it defines.
fn renamed(error: CrmError, part: &str) -> CrmError {
    error.at(part)
}

fn kind(definition: &CustomField) -> Result<FieldKind> {
    let on_delete = match definition.on_delete.unwrap_or_default() {
        LinkRule::Restrict => OnDelete::Restrict,
        LinkRule::Cascade => OnDelete::Cascade,
        LinkRule::Clear => OnDelete::Clear,
    };
    let options = || -> Vec<SelectOption> {
        definition
            .options
            .iter()
            .map(|option| SelectOption {
                key: option.key.clone().into(),
                label: option.label.clone().into(),
                active: option.active,
            })
            .collect()
    };
    Ok(match definition.kind {
        CustomKind::Text => FieldKind::Text,
        CustomKind::LongText => FieldKind::LongText,
        CustomKind::Integer => FieldKind::Integer,
        CustomKind::Number => FieldKind::Number,
        CustomKind::Decimal => {
            let scale = definition.scale.unwrap_or(DEFAULT_SCALE);
            FieldKind::Decimal { scale: u32::try_from(scale).unwrap_or_default().min(9) }
        }
        CustomKind::Money => FieldKind::Money,
        CustomKind::Boolean => FieldKind::Boolean,
        CustomKind::Date => FieldKind::Date,
        CustomKind::Timestamp => FieldKind::Timestamp,
        CustomKind::Select => FieldKind::Select(options()),
        CustomKind::MultiSelect => FieldKind::MultiSelect(options()),
        CustomKind::Link => {
            let missing = || CrmError::invalid("custom.target", "is needed for a link").at("target");
            FieldKind::Link { target: definition.target.clone().ok_or_else(missing)?.into(), on_delete }
        }
        CustomKind::Reference => FieldKind::Reference { on_delete },
        CustomKind::List => FieldKind::List,
        CustomKind::Url => FieldKind::Url,
        CustomKind::Email => FieldKind::Email,
        CustomKind::Phone => FieldKind::Phone,
        CustomKind::Json => FieldKind::Json,
    })
}

/// The field in a place of its own, for reading values of it.
fn alone(descriptor: &FieldDescriptor) -> Field {
    Field {
        position: 0,
        column: String::new(),
        currency_column: None,
        number: 0,
        descriptor: descriptor.clone(),
    }
}

fn bound(field: &FieldDescriptor, json: Option<&Json>) -> Result<Option<Value>> {
    let Some(json) = json else { return Ok(None) };
    let typed = match field.kind {
        // Amounts of any currency are compared with the plain number.
        FieldKind::Money => FieldDescriptor { kind: FieldKind::Decimal { scale: 4 }, ..field.clone() },
        FieldKind::Integer
        | FieldKind::Number
        | FieldKind::Decimal { .. }
        | FieldKind::Date
        | FieldKind::Timestamp => field.clone(),
        _ => return Err(CrmError::invalid("custom.unsuitable", "does not apply to this kind of field")),
    };
    let value = checked(&typed, from_json(&alone(&typed), json.clone())?, &context())?;
    Ok(if value.is_null() { None } else { Some(value) })
}

fn default(field: &FieldDescriptor, json: Option<&Json>) -> Result<Option<Value>> {
    let Some(json) = json else { return Ok(None) };
    let value = checked(field, from_json(&alone(field), json.clone())?, &context())?;
    Ok(if value.is_null() { None } else { Some(value) })
}

/// A definition means the same on every device, so phone numbers in it must have their country.
fn context() -> PartContext {
    PartContext { default_country: None }
}

/// Whether the bounds of a field contradict each other.
pub(super) fn is_empty_range(field: &FieldDescriptor) -> bool {
    match (&field.least, &field.greatest) {
        (Some(least), Some(greatest)) => compare(least, greatest) == Some(std::cmp::Ordering::Greater),
        _ => false,
    }
}
