//! Records as the person sees them: values in words, other people taken out.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::collect::{Collection, Item, Relation, is_of_another};
use super::document::{
    ChangeOfDocument, FieldChanged, FieldOfDocument, RecordOfDocument, ReviewItem, Shown, Source,
};
use super::language::{self, Language};
use super::others::Others;
use super::tables::{NOT_SHOWN, STAFF};
use crate::contacts::Person;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::sort::{self, FewByKey};
use crate::ground::time::{Timestamp, parse_date};
use crate::interchange::keys;
use crate::journal::entry::{Entry, Operation};
use crate::journal::history;
use crate::privacy::rights::stores::is_list_of_people;
use crate::record::door::Reader;
use crate::record::json::to_json;
use crate::record::schema::system;
use crate::record::{Field, FieldKind, Record, RecordData, RecordType, Reference, Value};
use crate::session::Purpose;

/// Puts records into words.
pub(super) struct Presenter<'r> {
    reader: &'r Reader<'r>,
    person: RecordId,
    language: Language,
    others: Others,
    titles: HashMap<Reference, Option<String>>,
    pub(super) review: Vec<ReviewItem>,
    /// How often the data were changed for which purpose.
    pub(super) purposes: FewByKey<u32, u64>,
}

/// How many entries of the journal are read at a time.
const PAGE: u32 = 1_000;

impl<'r> Presenter<'r> {
    pub(super) fn new(reader: &'r Reader<'r>, collection: &Collection, language: Language) -> Result<Self> {
        let marker = language.say(language::OTHER_PERSON);
        Ok(Self {
            reader,
            person: collection.person,
            language,
            others: Others::of(reader, collection, marker)?,
            titles: HashMap::new(),
            review: Vec::new(),
            purposes: FewByKey::default(),
        })
    }

    /// A record with its fields, its sources and its changes.
    pub(super) fn record(&mut self, item: &Item) -> Result<RecordOfDocument> {
        let Item { record_type, data, relation } = item;
        let mut fields = Vec::new();
        for field in record_type.own_fields() {
            let value = &data.values[field.position];
            let points_here = value.as_id() == Some(self.person);
            let is_of_others = match relation {
                Relation::Mentioned => !points_here,
                Relation::Context => field.is_personal() && is_of_another(record_type, data, self.person),
                _ => false,
            };
            if value.is_null() || is_of_others || is_not_shown(record_type, field) {
                continue;
            }
            let own = *relation == Relation::Person;
            let shown = self.shown(field, to_json(value), own)?;
            self.note_review(item, field, &shown, own);
            fields.push(FieldOfDocument {
                name: field.name().to_owned(),
                label: self.language.name_of(field.name(), &field.descriptor.label),
                class: field.descriptor.class,
                shown,
            });
        }
        let about_person = matches!(relation, Relation::Person | Relation::Subject);
        let time = |position: usize| match data.at(position) {
            Value::Timestamp(at) => Some(*at),
            _ => None,
        };
        Ok(RecordOfDocument {
            record_type: record_type.name().to_owned(),
            type_label: self.language.name_of(record_type.name(), ""),
            id: data.id(),
            title: self.title_of(item),
            relation: *relation,
            created_at: time(system::CREATED_AT),
            updated_at: time(system::UPDATED_AT),
            fields,
            sources: if about_person { self.sources(data.id())? } else { Vec::new() },
            changes: if about_person { self.changes(record_type, data.id())? } else { Vec::new() },
        })
    }

    /// What the record is called; what is about somebody else has no name here.
    fn title_of(&self, item: &Item) -> String {
        match item.relation {
            Relation::Mentioned => String::new(),
            Relation::Person => title(&item.record_type, &item.data),
            Relation::Attached => self.others.mask(&title(&item.record_type, &item.data)).text,
            _ => self.title_for_person(&item.record_type, &item.data),
        }
    }

    /// What a record is called, without other people, and without what is about somebody else.
    fn title_for_person(&self, record_type: &RecordType, data: &RecordData) -> String {
        let is_personal = titles(record_type).any(Field::is_personal);
        if is_personal && is_of_another(record_type, data, self.person) {
            return String::new();
        }
        self.others.mask(&title(record_type, data)).text
    }

    /// Running texts in which other people were, or may be, are for a human to look at.
    fn note_review(&mut self, item: &Item, field: &Field, shown: &Shown, own: bool) {
        let runs = matches!(field.kind(), FieldKind::Text | FieldKind::LongText | FieldKind::Json) && !own
            || own && is_running(field);
        if !runs {
            return;
        }
        let unknown_address = match &shown.value {
            Json::String(text) => self.others.mask(text).unknown_address,
            json => self.others.mask_json(&mut json.clone()).1,
        };
        if shown.masked || unknown_address {
            self.review.push(ReviewItem {
                record: Reference::new(item.record_type.name(), item.data.id()),
                field: field.name().to_owned(),
                masked: shown.masked,
            });
        }
    }

    /// A value; `own` for one of the person's own record, whose names and addresses are nobody else's.
    fn shown(&mut self, field: &Field, mut value: Json, own: bool) -> Result<Shown> {
        let plain = |value: Json, text: Option<String>| Shown { value, text, masked: false };
        Ok(match (field.kind(), &mut value) {
            (_, Json::Null) => plain(Json::Null, None),
            (FieldKind::Link { target, .. }, Json::String(id)) => match id.parse::<RecordId>() {
                Ok(id) => self.linked(Reference::new(target.as_ref(), id), value)?,
                Err(_) => plain(Json::Null, None),
            },
            (FieldKind::Reference { .. }, Json::String(text)) => match text.parse::<Reference>() {
                Ok(reference) => self.linked(reference, value)?,
                Err(_) => plain(Json::Null, None),
            },
            (FieldKind::Select(options), Json::String(key)) => {
                let option = options.iter().find(|option| option.key == *key);
                let label = option.map(|option| option.label.to_string());
                plain(value, label)
            }
            (FieldKind::Boolean, Json::Bool(is)) => {
                let word = if *is { language::YES } else { language::NO };
                plain(value, Some(self.language.say(word).to_owned()))
            }
            (FieldKind::Date, Json::String(text)) => {
                let text = parse_date(text).ok().map(|date| self.language.date(date));
                plain(value, text)
            }
            (FieldKind::Timestamp, Json::String(text)) => {
                let text = text.parse::<Timestamp>().ok().map(|at| self.time(at));
                plain(value, text)
            }
            (FieldKind::Money, Json::Object(members)) => {
                let part = |name: &str| members.get(name).and_then(Json::as_str).unwrap_or_default();
                let text = format!("{} {}", part("amount"), part("currency"));
                plain(value, Some(text))
            }
            (
                FieldKind::Integer
                | FieldKind::Number
                | FieldKind::Decimal { .. }
                | FieldKind::MultiSelect(_),
                _,
            ) => plain(value, None),
            _ if own && !is_running(field) => plain(value, None),
            (_, json) => {
                let (masked, _) = self.others.mask_json(json);
                Shown { value, text: None, masked }
            }
        })
    }

    /// A link: to the person, to somebody else, to the staff, or to something that has a name.
    fn linked(&mut self, reference: Reference, value: Json) -> Result<Shown> {
        let somebody = |word: &str| Shown { value: Json::from(word), text: None, masked: true };
        if reference.record_type == Person::NAME {
            return Ok(if reference.id == self.person {
                let you = self.language.say(language::YOU).to_owned();
                Shown { value, text: Some(you), masked: false }
            } else {
                somebody(self.others.marker())
            });
        }
        if STAFF.contains(&reference.record_type.as_str()) {
            return Ok(somebody(self.language.say(language::STAFF_MEMBER)));
        }
        Ok(Shown { value, text: self.title(&reference)?, masked: false })
    }

    /// What a linked record is called, without other people.
    fn title(&mut self, reference: &Reference) -> Result<Option<String>> {
        if let Some(known) = self.titles.get(reference) {
            return Ok(known.clone());
        }
        let found = match self.reader.schema.find(&reference.record_type) {
            Some(record_type) => {
                crate::record::read::by_id(self.reader.connection, record_type, reference.id)?
                    .map(|data| self.title_for_person(record_type, &data))
                    .filter(|title| !title.is_empty())
            }
            None => None,
        };
        self.titles.insert(reference.clone(), found.clone());
        Ok(found)
    }

    fn sources(&self, record: RecordId) -> Result<Vec<Source>> {
        let keys = keys::of_record(self.reader.connection, record)?;
        Ok(keys.into_iter().map(|(source, key)| Source { source, key }).collect())
    }

    /// The changes of a record, the oldest first. What was stored first shows as it was before its first change.
    fn changes(&mut self, record_type: &RecordType, record: RecordId) -> Result<Vec<ChangeOfDocument>> {
        let own = record_type.name() == Person::NAME;
        let mut changes = Vec::new();
        let mut before = None;
        loop {
            let page = history::of_record(self.reader, record, before, PAGE)?;
            let Some(last) = page.last() else { break };
            before = Some(last.sequence);
            for entry in page {
                changes.push(self.change(record_type, entry, own)?);
            }
        }
        changes.reverse();
        Ok(changes)
    }

    fn change(&mut self, record_type: &RecordType, entry: Entry, own: bool) -> Result<ChangeOfDocument> {
        if let Some(purpose) = entry.purpose {
            *self.purposes.of(purpose.number()) += 1;
        }
        let mut fields = Vec::new();
        let updated = entry.operation == Operation::Update;
        for change in entry.changes.into_iter().filter(|_| updated) {
            // A field that is no more is of no kind that could be put into words.
            let field = record_type.field(&change.field);
            let Some(field) = field.filter(|field| !field.is_system() && !is_not_shown(record_type, field))
            else {
                continue;
            };
            fields.push(FieldChanged {
                label: self.language.name_of(field.name(), &field.descriptor.label),
                before: self.shown(field, change.before, own)?,
                after: self.shown(field, change.after, own)?,
                name: change.field,
            });
        }
        Ok(ChangeOfDocument {
            at: entry.at,
            operation: entry.operation,
            by: if entry.actor.is_nil() { "system" } else { "staff" },
            purpose: entry.purpose.filter(|purpose| Purpose::ALL.contains(purpose)),
            erased: entry.erased,
            fields,
        })
    }

    pub(super) fn time(&self, at: Timestamp) -> String {
        self.language.time(at, self.reader.engine.config.default_zone)
    }
}

/// Whether a field is not shown to anybody: a list of people, and what a table says.
fn is_not_shown(record_type: &RecordType, field: &Field) -> bool {
    is_list_of_people(field)
        || NOT_SHOWN
            .iter()
            .any(|(name, fields)| *name == record_type.name() && fields.contains(&field.name()))
}

/// Whether people write into a field whatever they like.
fn is_running(field: &Field) -> bool {
    matches!(field.kind(), FieldKind::LongText | FieldKind::Json) || field.descriptor.custom
}

/// The fields that a record is called by: those that it is sorted by, in the order of the declaration, or else the
/// first that is searched as a title.
fn titles(record_type: &RecordType) -> impl Iterator<Item = &Field> {
    let mut positions = record_type.sort_key.clone();
    sort::ascending(&mut positions);
    if positions.is_empty() {
        let titles = record_type.own_fields().iter().filter(|field| field.is_title());
        positions.extend(titles.map(|field| field.position).take(1));
    }
    positions.into_iter().map(|position| &record_type.fields[position])
}

/// What a record is called.
fn title(record_type: &RecordType, data: &RecordData) -> String {
    let words: Vec<&str> =
        titles(record_type).filter_map(|field| data.values[field.position].as_text()).collect();
    words.join(" ")
}
