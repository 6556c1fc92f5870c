//! Checking a value against its field and bringing it into the form that is stored.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::descriptor::{FieldDescriptor, FieldKind, SelectOption};
use super::parts::PartContext;
use super::schema::Field;
use super::value::Value;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::text::{TextForm, check_length, fold, normalise};
use crate::ground::time::{Timestamp, YEARS};
use crate::ground::{email::EmailAddress, phone::PhoneNumber, url};

/// Checks the value of a field and brings it into its normal form. Null is always well formed; whether it is
/// allowed is [`required`]'s question.
///
/// # Errors
/// `field.*`, `text.*`, `email.*`, `phone.*`, `money.*` with the field as the path.
pub(crate) fn normal_form(field: &Field, value: Value, context: &PartContext) -> Result<Value> {
    checked(&field.descriptor, value, context).map_err(|error| error.within(field.name()))
}

/// As [`normal_form`], for a field that is only just being declared.
pub(crate) fn checked(field: &FieldDescriptor, value: Value, context: &PartContext) -> Result<Value> {
    let normal = check(field, value, context)?;
    within_bounds(field, &normal)?;
    if let (Some(pattern), Value::Text(text)) = (&field.pattern, &normal) {
        if !pattern.matches(text) {
            return Err(CrmError::invalid("field.pattern", "does not have the form that is asked for")
                .detail("pattern", pattern.text()));
        }
    }
    Ok(normal)
}

/// Refuses options that are newly chosen although they cannot be chosen any more.
pub(crate) fn newly_chosen(field: &Field, before: &Value, after: &Value) -> Result<()> {
    let (FieldKind::Select(options) | FieldKind::MultiSelect(options)) = field.kind() else { return Ok(()) };
    if options.iter().all(|option| option.active) {
        return Ok(());
    }
    let keys = |value: &Value| match value {
        Value::Text(key) => vec![key.clone()],
        Value::Json(json) => super::derived::items(json),
        _ => Vec::new(),
    };
    let kept = keys(before);
    let refused = keys(after)
        .into_iter()
        .any(|key| !kept.contains(&key) && options.iter().any(|option| option.key == key && !option.active));
    if refused {
        return Err(CrmError::invalid("select.inactive", "can no longer be chosen").at(field.name()));
    }
    Ok(())
}

/// Refuses a missing value of a required field.
pub(crate) fn required(record_type: &str, field: &Field, value: &Value) -> Result<()> {
    if field.descriptor.required && value.is_null() {
        return Err(
            CrmError::invalid("field.required", format!("is required for a {record_type}")).at(field.name())
        );
    }
    Ok(())
}

fn check(field: &FieldDescriptor, value: Value, context: &PartContext) -> Result<Value> {
    Ok(match (&field.kind, value) {
        (_, Value::Null) => Value::Null,
        (FieldKind::Text, Value::Text(value)) => text(&value, TextForm::Line, field)?,
        (FieldKind::LongText, Value::Text(value)) => text(&value, TextForm::Long, field)?,
        (FieldKind::Url, Value::Text(value)) => match text(&value, TextForm::Line, field)? {
            Value::Text(value) => Value::Text(url::normalise(&value)?),
            value => value,
        },
        (FieldKind::Email, Value::Text(value)) => {
            if value.trim().is_empty() {
                return Ok(Value::Null);
            }
            Value::Text(EmailAddress::parse(&value)?.address)
        }
        (FieldKind::Phone, Value::Text(value)) => {
            if value.trim().is_empty() {
                return Ok(Value::Null);
            }
            Value::Text(PhoneNumber::parse(&value, context.default_country)?.e164)
        }
        (FieldKind::Select(options), Value::Text(key)) => {
            if key.is_empty() {
                return Ok(Value::Null);
            }
            option(options, &key)?;
            Value::Text(key)
        }
        (FieldKind::Integer, Value::Integer(number)) => {
            in_range(field, i128::from(number), 1)?;
            Value::Integer(number)
        }
        (FieldKind::Number, Value::Number(number)) if number.is_finite() => Value::Number(number),
        (FieldKind::Number, Value::Integer(number)) =>
        {
            #[expect(clippy::cast_precision_loss, reason = "a number field is inexact by declaration")]
            Value::Number(number as f64)
        }
        (FieldKind::Decimal { scale }, Value::Decimal(number)) => {
            let number = number.normalize();
            if number.scale() > *scale {
                return Err(CrmError::invalid("field.scale", format!("has more than {scale} decimals")));
            }
            let units = number.mantissa() * 10_i128.pow(*scale - number.scale());
            if i64::try_from(units).is_err() {
                return Err(CrmError::invalid("field.range", "is too large"));
            }
            in_range(field, units, 10_i128.pow(*scale))?;
            Value::Decimal(number)
        }
        (FieldKind::Decimal { .. }, Value::Integer(number)) => {
            return check(field, Value::Decimal(number.into()), context);
        }
        (FieldKind::Money, Value::Money(money)) => Value::Money(money),
        (FieldKind::Boolean, Value::Boolean(value)) => Value::Boolean(value),
        (FieldKind::Date, Value::Date(date)) => {
            if !YEARS.contains(&chrono::Datelike::year(&date)) {
                return Err(CrmError::invalid("date.range", "lies outside the years 1 to 9999"));
            }
            Value::Date(date)
        }
        (FieldKind::Timestamp, Value::Timestamp(at)) => {
            if !(Timestamp::MIN..=Timestamp::MAX).contains(&at) {
                return Err(CrmError::invalid("time.range", "lies outside the years 1 to 9999"));
            }
            Value::Timestamp(at)
        }
        (FieldKind::Link { .. }, Value::Id(id)) => {
            if id.is_nil() {
                Value::Null
            } else {
                Value::Id(id)
            }
        }
        (FieldKind::Reference { .. }, Value::Reference(reference)) => Value::Reference(reference),
        (FieldKind::Parts(parts), Value::Json(json)) => {
            check_size(&json)?;
            non_empty((parts.normalise)(&json, context, field.max_length)?)
        }
        (FieldKind::List, Value::Json(json)) => list(&json, field)?,
        (FieldKind::MultiSelect(options), Value::Json(json)) => choices(&json, options)?,
        (FieldKind::Json, Value::Json(json)) => {
            check_length(&json, field.max_length as usize)?;
            let parsed: Json = serde_json::from_str(&json)
                .map_err(|_| CrmError::invalid("json.invalid", "is no JSON document"))?;
            if parsed.is_null() { Value::Null } else { Value::Json(parsed.to_string()) }
        }
        (kind, value) => {
            let reason =
                format!("takes {} and was given {}", kind.name().replace('_', " "), value.type_name());
            return Err(CrmError::invalid("field.type", reason));
        }
    })
}

fn text(value: &str, form: TextForm, field: &FieldDescriptor) -> Result<Value> {
    let normal = normalise(value, form, field.max_length as usize)?;
    Ok(if normal.is_empty() { Value::Null } else { Value::Text(normal.into_owned()) })
}

fn in_range(field: &FieldDescriptor, units: i128, one: i128) -> Result<()> {
    let Some((least, greatest)) = field.range else { return Ok(()) };
    if (i128::from(least) * one..=i128::from(greatest) * one).contains(&units) {
        return Ok(());
    }
    Err(CrmError::invalid("field.range", format!("must lie between {least} and {greatest}")))
}

/// Checks a value against the least and the greatest that are declared.
fn within_bounds(field: &FieldDescriptor, value: &Value) -> Result<()> {
    use std::cmp::Ordering::{Greater, Less};
    let breaks =
        |bound: &Option<Value>, way| bound.as_ref().is_some_and(|bound| compare(value, bound) == Some(way));
    if breaks(&field.least, Less) || breaks(&field.greatest, Greater) {
        let mut error = CrmError::invalid("field.range", "is less or more than is accepted");
        for (name, bound) in [("least", &field.least), ("greatest", &field.greatest)] {
            if let Some(bound) = bound {
                error = error.detail(name, super::json::to_json(bound));
            }
        }
        return Err(error);
    }
    Ok(())
}

/// The order of two values of one kind; an amount of money is compared in its own currency.
pub(crate) fn compare(value: &Value, bound: &Value) -> Option<std::cmp::Ordering> {
    match (value, bound) {
        (Value::Integer(value), Value::Integer(bound)) => Some(value.cmp(bound)),
        (Value::Number(value), Value::Number(bound)) => value.partial_cmp(bound),
        (Value::Decimal(value), Value::Decimal(bound)) => Some(value.cmp(bound)),
        (Value::Money(value), Value::Decimal(bound)) => Some(value.to_decimal().cmp(bound)),
        (Value::Date(value), Value::Date(bound)) => Some(value.cmp(bound)),
        (Value::Timestamp(value), Value::Timestamp(bound)) => Some(value.cmp(bound)),
        _ => None,
    }
}

fn option(options: &[SelectOption], key: &str) -> Result<()> {
    if options.iter().any(|option| option.key == key) {
        return Ok(());
    }
    let keys: Vec<Cow<'static, str>> = options.iter().map(|option| option.key.clone()).collect();
    Err(CrmError::invalid("select.unknown", "is none of the options").detail("options", keys))
}

/// The most bytes that a list may have before it is parsed.
const MOST_LIST_BYTES: usize = 1_000_000;

fn check_size(json: &str) -> Result<()> {
    if json.len() > MOST_LIST_BYTES {
        return Err(CrmError::new(ErrorKind::Limit, "list.too_long", "is longer than a megabyte"));
    }
    Ok(())
}

fn items(json: &str) -> Result<Vec<String>> {
    check_size(json)?;
    serde_json::from_str(json).map_err(|_| CrmError::invalid("field.type", "takes a list of texts"))
}

/// A list of short texts: each in its normal form, none twice (by its folded form).
fn list(json: &str, field: &FieldDescriptor) -> Result<Value> {
    let given = items(json)?;
    if given.len() > field.max_length as usize {
        return Err(CrmError::new(
            ErrorKind::Limit,
            "list.too_many",
            format!("has more than {} items", field.max_length),
        ));
    }
    let mut seen = std::collections::HashSet::new();
    let mut kept = Vec::with_capacity(given.len());
    for (position, item) in given.iter().enumerate() {
        let normal = normalise(item, TextForm::Line, super::descriptor::DEFAULT_TEXT_LENGTH as usize)
            .map_err(|error| error.within(&format!("[{position}]")))?;
        if !normal.is_empty() && seen.insert(fold(&normal)) {
            kept.push(normal.into_owned());
        }
    }
    Ok(non_empty(Json::from(kept).to_string()))
}

/// The chosen options, in the order of the options.
fn choices(json: &str, options: &[SelectOption]) -> Result<Value> {
    let given = items(json)?;
    for (position, key) in given.iter().enumerate() {
        option(options, key).map_err(|error| error.within(&format!("[{position}]")))?;
    }
    let kept: Vec<&str> = options
        .iter()
        .map(|option| option.key.as_ref())
        .filter(|key| given.iter().any(|item| item == key))
        .collect();
    Ok(non_empty(Json::from(kept).to_string()))
}

fn non_empty(json: String) -> Value {
    if json == "[]" { Value::Null } else { Value::Json(json) }
}
