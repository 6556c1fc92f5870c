//! The text of a cell as the value of a field.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::Value as Json;

use crate::error::{CrmError, Result};
use crate::ground::country::CountryCode;
use crate::ground::money::Money;
use crate::ground::number;
use crate::ground::phone::PhoneNumber;
use crate::ground::time::{Date, Timestamp, parse_date};
use crate::ground::zone::Zone;
use crate::record::descriptor::{FieldKind, SelectOption};
use crate::record::schema::Field;
use crate::record::value::{Reference, Value};

/// How the texts of a column are written.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spelling {
    pub(crate) formats: Vec<String>,
    pub(crate) decimal_comma: bool,
    pub(crate) separator: String,
}

/// What a row says about how its texts are meant.
pub(crate) struct RowContext<'r> {
    pub(crate) country: Option<CountryCode>,
    pub(crate) currency: Option<&'r str>,
    pub(crate) zone: Zone,
}

/// The value of a text that is not empty. Links and parts are not converted here.
///
/// # Errors
/// `field.type`, `date.*`, `time.*`, `money.*`, `phone.*`.
pub(crate) fn convert(field: &Field, text: &str, spelling: &Spelling, row: &RowContext<'_>) -> Result<Value> {
    let value = match field.kind() {
        FieldKind::Text | FieldKind::LongText | FieldKind::Url | FieldKind::Email => {
            Value::Text(text.to_owned())
        }
        FieldKind::Phone => Value::Text(PhoneNumber::parse(text, row.country)?.e164),
        FieldKind::Select(options) => Value::Text(choice(options, text)),
        FieldKind::MultiSelect(options) => {
            Value::Json(items(text, spelling).map(|item| choice(options, item)).collect::<Json>().to_string())
        }
        FieldKind::List => Value::Json(items(text, spelling).collect::<Json>().to_string()),
        FieldKind::Integer => {
            let number = decimal(text, spelling).filter(|number| number.fract().is_zero());
            Value::Integer(number.and_then(|number| number.to_i64()).ok_or_else(|| takes("a whole number"))?)
        }
        FieldKind::Number => {
            let number = number::parse(&plain(text, spelling));
            Value::Number(number.ok_or_else(|| takes("a number"))?)
        }
        FieldKind::Decimal { .. } => {
            Value::Decimal(decimal(text, spelling).ok_or_else(|| takes("a decimal number"))?)
        }
        FieldKind::Money => Value::Money(money(text, spelling, row)?),
        FieldKind::Boolean => Value::Boolean(truth(text).ok_or_else(|| takes("true or false"))?),
        FieldKind::Date => Value::Date(date(text, &spelling.formats)?),
        FieldKind::Timestamp => Value::Timestamp(moment(text, &spelling.formats, row.zone)?),
        FieldKind::Link { .. } => Value::Id(text.parse()?),
        FieldKind::Reference { .. } => text.parse::<Reference>()?.into(),
        FieldKind::Json | FieldKind::Parts(_) => {
            let json: Json = serde_json::from_str(text)
                .map_err(|_| CrmError::invalid("json.invalid", "is no JSON document"))?;
            Value::Json(json.to_string())
        }
    };
    Ok(value)
}

fn takes(what: &str) -> CrmError {
    CrmError::invalid("field.type", format!("takes {what}"))
}

fn items<'t>(text: &'t str, spelling: &'t Spelling) -> impl Iterator<Item = &'t str> {
    text.split(spelling.separator.as_str()).map(str::trim).filter(|item| !item.is_empty())
}

/// The key of an option that is named by its key, or by its label in any case. Any other text is left for the
/// field to refuse.
fn choice(options: &[SelectOption], text: &str) -> String {
    let named = |option: &&SelectOption| {
        option.key == text
            || option.label.to_lowercase() == text.to_lowercase()
            || option.key.eq_ignore_ascii_case(text)
    };
    options.iter().find(named).map_or_else(|| text.to_owned(), |option| option.key.to_string())
}

/// A number as programs write it: without the grouping of a decimal comma's countries, with a point.
fn plain(text: &str, spelling: &Spelling) -> String {
    if !spelling.decimal_comma {
        return text.to_owned();
    }
    text.chars()
        .filter(|c| !matches!(c, '.' | ' ' | '\u{a0}' | '\u{202f}' | '\''))
        .map(|c| if c == ',' { '.' } else { c })
        .collect()
}

fn decimal(text: &str, spelling: &Spelling) -> Option<Decimal> {
    plain(text, spelling).parse().ok()
}

fn money(text: &str, spelling: &Spelling, row: &RowContext<'_>) -> Result<Money> {
    let amount = plain(text, spelling);
    match row.currency {
        Some(currency) => format!("{amount} {currency}").parse(),
        None => amount.parse(),
    }
}

fn truth(text: &str) -> Option<bool> {
    const YES: [&str; 6] = ["true", "yes", "1", "y", "t", "x"];
    const NO: [&str; 5] = ["false", "no", "0", "n", "f"];
    let is = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if is(&YES) {
        return Some(true);
    }
    is(&NO).then_some(false)
}

fn date(text: &str, formats: &[String]) -> Result<Date> {
    if formats.is_empty() {
        return parse_date(text);
    }
    formats
        .iter()
        .find_map(|format| Date::parse_from_str(text, format).ok())
        .ok_or_else(|| CrmError::invalid("date.invalid", "is not a date of the stated format"))
}

/// A point in time. Without a zone it is meant in the zone of the database; without a time it is the day's start.
fn moment(text: &str, formats: &[String], zone: Zone) -> Result<Timestamp> {
    if formats.is_empty() {
        return match text.parse::<Timestamp>() {
            Err(error) => match parse_date(text) {
                Ok(date) => Ok(zone.start_of_day(date)),
                Err(_) => Err(error),
            },
            parsed => parsed,
        };
    }
    for format in formats {
        if let Ok(at) = chrono::DateTime::parse_from_str(text, format) {
            return Ok(Timestamp::from_micros(at.timestamp_micros()));
        }
        if let Ok(at) = chrono::NaiveDateTime::parse_from_str(text, format) {
            return Ok(zone.at(at.date(), at.time()));
        }
        if let Ok(date) = Date::parse_from_str(text, format) {
            return Ok(zone.start_of_day(date));
        }
    }
    Err(CrmError::invalid("time.invalid", "is not a time of the stated format"))
}
