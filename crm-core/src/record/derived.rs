//! What follows from the values of a record: its name key, its search document, its terms in the value index, its
//! places on timelines.

use std::borrow::Cow;

use super::data::RecordData;
use super::descriptor::{FieldKind, SearchRole};
use super::filter::terms::index_term;
use super::parts::PartsSink;
use super::schema::{Field, RecordType, system};
use super::value::Value;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::text::{fold, search_text};
use crate::ground::time::Timestamp;

/// The folded text that a record's name is sorted and found by.
pub(crate) fn name_key(record_type: &RecordType, data: &RecordData) -> String {
    let mut words = String::new();
    for position in &record_type.sort_key {
        if let Some(text) = data.values[*position].as_text() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(text);
        }
    }
    fold(&words)
}

/// The texts of one record in the search index, in their search form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) title: String,
    pub(crate) detail: String,
    pub(crate) body: String,
}

impl Document {
    pub(crate) fn is_empty(&self) -> bool {
        self.title.is_empty() && self.detail.is_empty() && self.body.is_empty()
    }
}

/// What one value leaves in the two indexes.
#[derive(Debug, Default)]
pub(crate) struct Extract {
    /// Its terms in the value index, in order and none twice.
    pub(crate) terms: Vec<String>,
    /// Its words in the search index.
    pub(crate) words: String,
}

impl Extract {
    fn take_text(&mut self, text: &str) {
        let words = search_text(text);
        if !words.is_empty() {
            if !self.words.is_empty() {
                self.words.push(' ');
            }
            self.words.push_str(&words);
        }
    }
}

/// Takes out of a value what the indexes are to hold; both at once, because parts have to be parsed for each.
pub(crate) fn extract(field: &Field, value: &Value) -> Result<Extract> {
    let mut extract = Extract::default();
    let searched = field.descriptor.search != SearchRole::None;
    match (field.kind(), value) {
        (FieldKind::Parts(parts), Value::Json(json)) => {
            let mut terms = Vec::new();
            let mut add = |member: &'static str, form: String| {
                terms.push(match index_term(field, Some(member), &form) {
                    Cow::Borrowed(_) => form,
                    Cow::Owned(term) => term,
                });
            };
            let mut text = |text: &str| {
                if searched {
                    extract.take_text(text);
                }
            };
            (parts.extract)(json, &mut PartsSink { term: &mut add, text: &mut text })?;
            extract.terms = terms;
        }
        (FieldKind::List, Value::Json(json)) => {
            extract.terms = items(json).iter().map(|item| fold(item)).collect();
        }
        (FieldKind::MultiSelect(_), Value::Json(json)) => extract.terms = items(json),
        _ => {}
    }
    if searched && !matches!(field.kind(), FieldKind::Parts(_)) {
        each_text(field, value, &mut |text| extract.take_text(text))?;
    }
    sort::ascending(&mut extract.terms);
    extract.terms.dedup();
    Ok(extract)
}

/// The search document of a record. `known` has the words of values, by position, that were already taken out.
pub(crate) fn document(
    record_type: &RecordType,
    data: &RecordData,
    known: &[(usize, String)],
) -> Result<Document> {
    let mut document = Document::default();
    for field in record_type.own_fields() {
        let target = match field.descriptor.search {
            SearchRole::None => continue,
            SearchRole::Title => &mut document.title,
            SearchRole::Detail => &mut document.detail,
            SearchRole::Body => &mut document.body,
        };
        let taken;
        let words = match known.iter().find(|(position, _)| *position == field.position) {
            Some((_, words)) => words,
            None => {
                taken = extract(field, &data.values[field.position])?.words;
                &taken
            }
        };
        if !words.is_empty() {
            if !target.is_empty() {
                target.push(' ');
            }
            target.push_str(words);
        }
    }
    Ok(document)
}

/// Gives each text of a value as people wrote it: of a list each item, of parts what they say is to be searched.
pub(crate) fn each_text(field: &Field, value: &Value, take: &mut dyn FnMut(&str)) -> Result<()> {
    match (field.kind(), value) {
        (_, Value::Null) => {}
        (FieldKind::Parts(parts), Value::Json(json)) => {
            (parts.extract)(json, &mut PartsSink { term: &mut |_, _| {}, text: take })?;
        }
        (FieldKind::List | FieldKind::MultiSelect(_), Value::Json(json)) => {
            for item in items(json) {
                take(&item);
            }
        }
        (_, Value::Text(text) | Value::Json(text)) => take(text),
        (_, Value::Integer(number)) => take(&number.to_string()),
        (_, Value::Decimal(number)) => take(&number.to_string()),
        _ => {}
    }
    Ok(())
}

/// The texts of a stored list.
pub(crate) fn items(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

/// Where a record stands on timelines: on whose, and when.
pub(crate) fn places(record_type: &RecordType, data: &RecordData) -> Vec<(RecordId, Timestamp)> {
    let Some((at, subjects)) = &record_type.timeline else { return Vec::new() };
    let time = time_of(&data.values[*at]).or_else(|| time_of(&data.values[system::CREATED_AT]));
    let Some(time) = time else { return Vec::new() };
    let mut found: Vec<_> = subjects
        .iter()
        .filter_map(|position| data.values[*position].as_id())
        .map(|subject| (subject, time))
        .collect();
    sort::ascending(&mut found);
    found.dedup();
    found
}

/// The point in time of a value: a date counts from its first moment in UTC.
fn time_of(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Timestamp(at) => Some(*at),
        Value::Date(date) => Some(Timestamp::start_of(*date)),
        _ => None,
    }
}
