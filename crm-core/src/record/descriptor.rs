//! What a record type declares: its fields, their kinds, and what follows from them.
//!
//! `#[derive(Record)]` builds a [`TypeDescriptor`] for a built-in type; a custom type builds the same at run
//! time. Everything else (table, statements, filter, search, journal, import) reads descriptors and does not
//! know which of the two it has.

use std::borrow::Cow;

use super::category::DataCategory;
use super::parts::PartsDescriptor;
use super::pattern::Pattern;
use super::rules::{NoRules, Rules};
use super::value::Value;
use crate::storage::ColumnType;

/// The kind of a field: what it holds, and how that is stored, compared and checked.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FieldKind {
    /// One line of text.
    Text,
    /// Text of several lines.
    LongText,
    /// A whole number.
    Integer,
    /// A binary floating-point number.
    Number,
    /// An exact decimal number with so many places, stored as a scaled whole number.
    Decimal {
        /// Places after the point, 0 to 9.
        scale: u32,
    },
    /// An amount of money: whole minor units in one column, the currency in a second.
    Money,
    /// A truth value.
    Boolean,
    /// A calendar date.
    Date,
    /// A point in time.
    Timestamp,
    /// One of an ordered list of options.
    Select(Vec<SelectOption>),
    /// Several of an ordered list of options.
    MultiSelect(Vec<SelectOption>),
    /// A link to a record of one type.
    Link {
        /// The record type that it points at.
        target: Cow<'static, str>,
        /// What happens to this record when the target is deleted.
        on_delete: OnDelete,
    },
    /// A link to a record of any type. It never outlives its target.
    Reference {
        /// What happens to this record when the target is deleted.
        on_delete: OnDelete,
    },
    /// A list of short texts, for example tags.
    List,
    /// A web address.
    Url,
    /// An e-mail address.
    Email,
    /// A phone number, stored in E.164.
    Phone,
    /// Any JSON document.
    Json,
    /// A list of small structs that the record owns, for example its e-mail addresses.
    Parts(&'static PartsDescriptor),
}

impl FieldKind {
    /// The name of the kind, as it appears in schemas and custom field definitions.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Decimal { .. } => "decimal",
            Self::Money => "money",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Timestamp => "timestamp",
            Self::Select(_) => "select",
            Self::MultiSelect(_) => "multi_select",
            Self::Link { .. } => "link",
            Self::Reference { .. } => "reference",
            Self::List => "list",
            Self::Url => "url",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Json => "json",
            Self::Parts(_) => "parts",
        }
    }

    /// The type of the field's first column.
    pub fn column_type(&self) -> ColumnType {
        match self {
            Self::Text
            | Self::LongText
            | Self::Select(_)
            | Self::Url
            | Self::Email
            | Self::Phone
            | Self::Reference { .. } => ColumnType::Text,
            Self::Integer | Self::Decimal { .. } | Self::Money => ColumnType::Integer,
            Self::Number => ColumnType::Real,
            Self::Boolean => ColumnType::Boolean,
            Self::Date => ColumnType::Date,
            Self::Timestamp => ColumnType::Timestamp,
            Self::Link { .. } => ColumnType::Id,
            Self::MultiSelect(_) | Self::List | Self::Json | Self::Parts(_) => ColumnType::Json,
        }
    }

    /// Whether a record may hold several values of the field, each found by itself through the value index.
    pub fn is_multiple(&self) -> bool {
        matches!(self, Self::MultiSelect(_) | Self::List | Self::Parts(_))
    }

    /// Whether rows can be ordered by the field.
    pub fn is_sortable(&self) -> bool {
        !self.is_multiple() && !matches!(self, Self::Json)
    }
}

/// One choice of a select field.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SelectOption {
    /// The stable key that is stored, in snake_case.
    pub key: Cow<'static, str>,
    /// What people read.
    pub label: Cow<'static, str>,
    /// Whether it can still be chosen. Records that have it keep it, and can be found by it, either way.
    #[serde(default = "active", skip_serializing_if = "is_active")]
    pub active: bool,
}

fn active() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_active(active: &bool) -> bool {
    *active
}

impl SelectOption {
    /// An option with this key, labelled with the key in words.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        let key = key.into();
        Self { label: label_of(&key).into(), key, active: true }
    }
}

/// A name in snake_case as words with a capital: `close_date` becomes `Close date`.
pub fn label_of(name: &str) -> String {
    let mut words = name.trim_start_matches("x_").replace('_', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// What happens to a record when the record that it links to is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OnDelete {
    /// The deletion is refused while this record exists.
    #[default]
    Restrict,
    /// This record is deleted too, into the bin, and comes back with its target.
    Cascade,
    /// The link is set to null; a required link cannot be cleared and restricts.
    Clear,
}

/// What erasing a person makes of a record that holds data of that person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnErasure {
    /// The record goes: without its text nothing is left that anybody needs. Notes and files are such records.
    Erase,
    /// The record stays without the link and without its personal values, so that reports do not change: deals, cases,
    /// calls and meetings are counted long after.
    Anonymise,
}

/// How personal a field is (DPV: personal data, special category of personal data).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DataClass {
    /// Says nothing about a person.
    #[default]
    Ordinary,
    /// Personal data: its values in the journal are sealed under the key of the data subject.
    Personal,
    /// A special category (GDPR Article 9).
    Special,
}

/// Where the text of a field goes in the search index.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchRole {
    /// Not searched.
    #[default]
    None,
    /// Part of the title: weighs most.
    Title,
    /// A short fact such as a number, a tag or an address.
    Detail,
    /// Running text.
    Body,
}

/// One field of a record type.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldDescriptor {
    /// The name, in snake_case; custom fields start with `x_`.
    pub name: Cow<'static, str>,
    /// What the field is for, one sentence.
    pub description: Cow<'static, str>,
    /// What people read.
    pub label: Cow<'static, str>,
    /// The kind.
    pub kind: FieldKind,
    /// Whether a value must be given.
    pub required: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// Whether the column has an index, so that lists can be filtered and sorted by it at any size.
    pub indexed: bool,
    /// How personal the field is.
    pub class: DataClass,
    /// What a personal field is about; `None` for an ordinary one.
    pub category: Option<DataCategory>,
    /// Where its text goes in the search index.
    pub search: SearchRole,
    /// The value that a new record gets when none is given.
    pub default: Option<Value>,
    /// The longest text in characters, or the most items of a list.
    pub max_length: u32,
    /// The least and the greatest number that is accepted.
    pub range: Option<(i64, i64)>,
    /// The least value that is accepted: of a number, an amount in its own currency, a date, a time stamp.
    pub least: Option<Value>,
    /// The greatest value that is accepted.
    pub greatest: Option<Value>,
    /// What the text must look like.
    pub pattern: Option<Pattern>,
    /// Whether only the engine and the rules of the type set the field; a host cannot.
    pub read_only: bool,
    /// Whether a host may all the same give it when it creates a record, as an import of history does.
    pub at_creation: bool,
    /// Whether the rules of the type find the value when a new record has none: the stage of a deal, the status of a case.
    pub filled: bool,
    /// Whether it is kept from when to when the record had each value: the stages of a deal, the status of a case.
    pub periods: bool,
    /// Whether the field is a custom one.
    pub custom: bool,
}

/// The longest text of a field that does not say otherwise, in characters.
pub const DEFAULT_TEXT_LENGTH: u32 = 255;
/// The longest text of a long text field or JSON document that does not say otherwise, in characters.
pub const DEFAULT_LONG_TEXT_LENGTH: u32 = 1_000_000;
/// The most items of a list that does not say otherwise.
pub const DEFAULT_LIST_LENGTH: u32 = 200;

impl FieldDescriptor {
    /// A field of a kind, optional, not indexed, not searched.
    pub fn new(name: impl Into<Cow<'static, str>>, kind: FieldKind) -> Self {
        let name = name.into();
        let max_length = match kind {
            FieldKind::LongText | FieldKind::Json => DEFAULT_LONG_TEXT_LENGTH,
            FieldKind::Url => 2_000,
            FieldKind::List | FieldKind::MultiSelect(_) | FieldKind::Parts(_) => DEFAULT_LIST_LENGTH,
            _ => DEFAULT_TEXT_LENGTH,
        };
        Self {
            label: label_of(&name).into(),
            name,
            description: Cow::Borrowed(""),
            // A link without an index would make every deletion of its target a table scan.
            indexed: matches!(kind, FieldKind::Link { .. } | FieldKind::Reference { .. }),
            kind,
            required: false,
            unique: false,
            class: DataClass::Ordinary,
            category: None,
            search: SearchRole::None,
            default: None,
            max_length,
            range: None,
            least: None,
            greatest: None,
            pattern: None,
            read_only: false,
            at_creation: false,
            filled: false,
            periods: false,
            custom: false,
        }
    }

    /// Says what the field is for.
    pub fn describe(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = description.into();
        self
    }

    /// Sets the label.
    pub fn label(mut self, label: impl Into<Cow<'static, str>>) -> Self {
        self.label = label.into();
        self
    }

    /// A value must be given.
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// No two records may have the same value.
    pub fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// The column has an index.
    pub fn indexed(mut self) -> Self {
        self.indexed = true;
        self
    }

    /// The field is personal data. What it is about follows from its kind, unless [`category`](Self::category) says it.
    pub fn personal(self) -> Self {
        let category = match self.kind {
            FieldKind::Email | FieldKind::Phone => DataCategory::Contact,
            _ => DataCategory::General,
        };
        self.category(category)
    }

    /// The field is of a special category (GDPR Article 9); which, [`category`](Self::category) may say.
    pub fn special(self) -> Self {
        self.category(DataCategory::SpecialCategory)
    }

    /// The field is personal data of a category, which makes it special when the category is.
    pub fn category(mut self, category: DataCategory) -> Self {
        self.class = category.class();
        self.category = Some(category);
        self
    }

    /// The text of the field is searched.
    pub fn search(mut self, role: SearchRole) -> Self {
        self.search = role;
        self
    }

    /// The link has no index: deleting a target walks through this type. For links whose targets are hardly ever
    /// deleted, on types that are written often.
    pub fn unindexed(mut self) -> Self {
        self.indexed = false;
        self
    }

    /// A new record gets this value when none is given.
    pub fn default_value(mut self, value: Value) -> Self {
        self.default = Some(value);
        self
    }

    /// The longest text in characters, or the most items of a list.
    pub fn max_length(mut self, max_length: u32) -> Self {
        self.max_length = max_length;
        self
    }

    /// The least and the greatest number that is accepted.
    pub fn range(mut self, least: i64, greatest: i64) -> Self {
        self.range = Some((least, greatest));
        self
    }

    /// Only the engine and the rules of the type set the field.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// The engine and the rules of the type set the field, or else the host that creates a record: an import knows
    /// what happened when.
    pub fn at_creation(mut self) -> Self {
        self.at_creation = true;
        self.read_only()
    }

    /// The rules of the type find the value when a new record has none.
    pub fn filled(mut self) -> Self {
        self.filled = true;
        self
    }

    /// From when to when the record had each value is kept. For links and selects.
    pub fn periods(mut self) -> Self {
        self.periods = true;
        self
    }

    /// What happens to this record when the target of the link is deleted. Does nothing for other kinds.
    pub fn on_delete(mut self, rule: OnDelete) -> Self {
        if let FieldKind::Link { on_delete, .. } | FieldKind::Reference { on_delete } = &mut self.kind {
            *on_delete = rule;
        }
        self
    }

    /// Replaces the kind, for attributes such as `long` that refine what the Rust type says.
    pub fn kind(mut self, kind: FieldKind) -> Self {
        let (required, old) = (self.required, std::mem::replace(&mut self, Self::new("", kind.clone())));
        Self { name: old.name, label: old.label, description: old.description, required, ..self }
    }
}

/// Whose personal data a record holds, so that its values in the journal are sealed under that person's key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Subject {
    /// The record itself: a person. Records that link to nobody seal under a key of their own, too.
    #[default]
    Itself,
    /// The person that this field links to; the record itself when the field is null.
    Field(Cow<'static, str>),
}

/// How a record appears on the timelines of other records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timeline {
    /// The field that says when it took place.
    pub at: Cow<'static, str>,
    /// The link fields that say on whose timelines it appears. A multiple field is not supported here.
    pub subjects: Vec<Cow<'static, str>>,
}

/// A record type: its name, its fields and what follows from them.
#[derive(Clone)]
pub struct TypeDescriptor {
    /// The name, singular, in snake_case; custom types start with `x_`. Also the name of the table.
    pub name: Cow<'static, str>,
    /// The name in the plural, for filters over child records and for files.
    pub plural: Cow<'static, str>,
    /// What the type is for, one sentence.
    pub description: Cow<'static, str>,
    /// The declared fields, in the order of the struct.
    pub fields: Vec<FieldDescriptor>,
    /// Whose personal data it holds.
    pub subject: Subject,
    /// How it appears on timelines, if it does.
    pub timeline: Option<Timeline>,
    /// The fields whose text, in this order, makes the key that names are sorted and found by.
    pub sort_key: Vec<Cow<'static, str>>,
    /// Indexes over several columns, each a list of field names.
    pub indexes: Vec<Vec<Cow<'static, str>>>,
    /// Whether somebody has such records as their work and lists them: the owner and the team have an index.
    pub owned: bool,
    /// What becomes of a record when the person whose data it holds is erased. When nothing is declared, it follows
    /// the link: a record that would be deleted with the person is erased, any other is anonymised.
    pub on_erasure: Option<OnErasure>,
    /// What the domain adds to writing such a record.
    pub rules: &'static dyn Rules,
}

impl std::fmt::Debug for TypeDescriptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypeDescriptor")
            .field("name", &self.name)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

impl TypeDescriptor {
    /// A type without fields.
    pub fn new(name: impl Into<Cow<'static, str>>, plural: impl Into<Cow<'static, str>>) -> Self {
        Self {
            name: name.into(),
            plural: plural.into(),
            description: Cow::Borrowed(""),
            fields: Vec::new(),
            subject: Subject::default(),
            timeline: None,
            sort_key: Vec::new(),
            indexes: Vec::new(),
            owned: false,
            on_erasure: None,
            rules: &NoRules,
        }
    }

    /// Says what the type is for.
    pub fn describe(mut self, description: impl Into<Cow<'static, str>>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds a field.
    pub fn field(mut self, field: FieldDescriptor) -> Self {
        self.fields.push(field);
        self
    }

    /// Personal data in this record belong to the person that this field links to.
    pub fn subject_field(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.subject = Subject::Field(name.into());
        self
    }

    /// The record appears on the timelines of the records that these fields link to.
    pub fn timeline(mut self, at: impl Into<Cow<'static, str>>, subjects: &[&'static str]) -> Self {
        self.timeline = Some(Timeline {
            at: at.into(),
            subjects: subjects.iter().map(|name| Cow::Borrowed(*name)).collect(),
        });
        self
    }

    /// Names are sorted and found by the text of these fields, in this order.
    pub fn sort_key(mut self, fields: &[&'static str]) -> Self {
        self.sort_key = fields.iter().map(|name| Cow::Borrowed(*name)).collect();
        self
    }

    /// Adds an index over several columns.
    pub fn index(mut self, fields: &[&'static str]) -> Self {
        self.indexes.push(fields.iter().map(|name| Cow::Borrowed(*name)).collect());
        self
    }

    /// Somebody has such records as their work: lists by owner and team are quick at any size. Other types have the two
    /// fields as well, and only a search through all rows when their user or team is deleted.
    pub fn owned(mut self) -> Self {
        self.owned = true;
        self
    }

    /// What becomes of the record when the person whose data it holds is erased.
    pub fn on_erasure(mut self, action: OnErasure) -> Self {
        self.on_erasure = Some(action);
        self
    }

    /// What the domain adds to writing such a record.
    pub fn rules(mut self, rules: &'static dyn Rules) -> Self {
        self.rules = rules;
        self
    }
}
