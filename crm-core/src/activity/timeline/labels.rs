//! What people read for records and values.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::super::page::find;
use super::{TimelineChange, TimelineValue};
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::text::shortened;
use crate::journal::entry::FieldChange;
use crate::record::derived::each_text;
use crate::record::descriptor::label_of;
use crate::record::door::Reader;
use crate::record::filter::OwnedParam;
use crate::record::schema::system;
use crate::record::{Field, FieldKind, RecordData, RecordType, Reference, SearchRole};

/// How many characters the text of an item has at most.
const TEXT_LENGTH: usize = 160;

/// The names of records, each looked up once.
pub(super) struct Names<'r> {
    reader: &'r Reader<'r>,
    known: HashMap<Reference, Option<String>>,
}

impl<'r> Names<'r> {
    pub(super) fn new(reader: &'r Reader<'r>) -> Self {
        Self { reader, known: HashMap::new() }
    }

    /// The name of a record; `None` when it is gone, or the session may not see it.
    pub(super) fn of(&mut self, reference: &Reference) -> Result<Option<String>> {
        if let Some(known) = self.known.get(reference) {
            return Ok(known.clone());
        }
        let name = match self.reader.schema.find(&reference.record_type) {
            Some(record_type) => find(self.reader, record_type, "\"id\"", OwnedParam::Id(reference.id))?
                .map(|data| title(record_type, &data)),
            None => None,
        };
        self.known.insert(reference.clone(), name.clone());
        Ok(name)
    }

    /// The name of a user; `None` for the system.
    pub(super) fn of_user(&mut self, user: RecordId) -> Result<Option<String>> {
        if user.is_nil() { Ok(None) } else { self.of(&Reference::new("user", user)) }
    }

    /// A change of a field with its labels.
    pub(super) fn change(
        &mut self,
        record_type: Option<&RecordType>,
        change: FieldChange,
    ) -> Result<TimelineChange> {
        let field = record_type.and_then(|record_type| record_type.field(&change.field));
        Ok(TimelineChange {
            label: field.map_or_else(|| label_of(&change.field), |field| field.descriptor.label.to_string()),
            before: TimelineValue { label: self.label(field, &change.before)?, value: change.before },
            after: TimelineValue { label: self.label(field, &change.after)?, value: change.after },
            field: change.field,
        })
    }

    fn label(&mut self, field: Option<&Field>, value: &Json) -> Result<Option<String>> {
        let Some(field) = field else { return Ok(None) };
        match (field.kind(), value) {
            (FieldKind::Select(options), Json::String(key)) => {
                Ok(options.iter().find(|option| option.key == *key).map(|option| option.label.to_string()))
            }
            (FieldKind::MultiSelect(options), Json::Array(keys)) => {
                let labels: Vec<&str> = options
                    .iter()
                    .filter(|option| keys.iter().any(|key| key.as_str() == Some(&option.key)))
                    .map(|option| option.label.as_ref())
                    .collect();
                Ok(Some(labels.join(", ")))
            }
            (FieldKind::Link { target, .. }, Json::String(id)) => match id.parse::<RecordId>() {
                Ok(id) => self.of(&Reference::new(target.as_ref(), id)),
                Err(_) => Ok(None),
            },
            (FieldKind::Reference { .. }, Json::String(text)) => match text.parse::<Reference>() {
                Ok(reference) => self.of(&reference),
                Err(_) => Ok(None),
            },
            _ => Ok(None),
        }
    }
}

/// What a record is called: the fields that it is sorted by, in the order in which people write them, or else the
/// first one that is searched as a title, or else its type.
pub(super) fn title(record_type: &RecordType, data: &RecordData) -> String {
    let mut positions = record_type.sort_key.clone();
    sort::ascending(&mut positions);
    if positions.is_empty() {
        positions.extend(with_role(record_type, SearchRole::Title).map(|field| field.position).take(1));
    }
    let words: Vec<&str> = positions.iter().filter_map(|position| data.values[*position].as_text()).collect();
    if words.is_empty() { label_of(record_type.name()) } else { words.join(" ") }
}

/// The start of the running text of a record, in one line.
pub(super) fn text(record_type: &RecordType, data: &RecordData) -> Result<Option<String>> {
    for field in with_role(record_type, SearchRole::Body) {
        let mut words = String::new();
        each_text(field, &data.values[field.position], &mut |part| {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(part);
        })?;
        if !words.is_empty() {
            return Ok(Some(shortened(&words, TEXT_LENGTH)));
        }
    }
    Ok(None)
}

fn with_role(record_type: &RecordType, role: SearchRole) -> impl Iterator<Item = &Field> {
    record_type.fields[system::COUNT..].iter().filter(move |field| field.descriptor.search == role)
}

/// Changes in words: `Status: Not started → Completed`.
pub(super) fn in_words(changes: &[TimelineChange]) -> String {
    let parts: Vec<String> = changes
        .iter()
        .map(|change| format!("{}: {} → {}", change.label, word(&change.before), word(&change.after)))
        .collect();
    shortened(&parts.join("; "), TEXT_LENGTH)
}

fn word(value: &TimelineValue) -> String {
    match (&value.label, &value.value) {
        (Some(label), _) => label.clone(),
        (None, Json::Null) => "–".to_owned(),
        (None, Json::String(text)) => text.clone(),
        (None, Json::Array(_) | Json::Object(_)) => "…".to_owned(),
        (None, other) => other.to_string(),
    }
}
