//! The definitions of custom fields and types, which are records themselves.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::error::Result;
use crate::ground::ids::typed_ids;
use crate::ground::text::{TextForm, normalise};
use crate::record::parts::{Part, PartContext, PartMember, PartsDescriptor, parts_descriptor};
use crate::record::select::select;
use crate::record::{DataCategory, Meta, Record};

typed_ids! {
    /// The identifier of a [`CustomType`].
    CustomTypeId => "custom_type";
    /// The identifier of a [`CustomField`].
    CustomFieldId => "custom_field";
}

select! {
    /// What a custom field holds. The keys are those of [`FieldKind::name`](crate::record::FieldKind::name).
    pub enum CustomKind {
        /// One line of text.
        #[default]
        Text = "text",
        /// Text of several lines.
        LongText = "long_text",
        /// A whole number.
        Integer = "integer": "Whole number",
        /// A binary floating-point number.
        Number = "number",
        /// An exact decimal number.
        Decimal = "decimal",
        /// An amount of money.
        Money = "money",
        /// A truth value.
        Boolean = "boolean",
        /// A date.
        Date = "date",
        /// A point in time.
        Timestamp = "timestamp": "Time stamp",
        /// One of an ordered list of options.
        Select = "select",
        /// Several of an ordered list of options.
        MultiSelect = "multi_select",
        /// A link to a record of one type.
        Link = "link",
        /// A link to a record of any type.
        Reference = "reference",
        /// A list of short texts.
        List = "list",
        /// A web address.
        Url = "url": "URL",
        /// An e-mail address.
        Email = "email": "E-mail",
        /// A phone number.
        Phone = "phone",
        /// Any JSON document.
        Json = "json": "JSON",
    }

    /// What happens to a record when the target of its custom link is deleted.
    pub enum LinkRule {
        /// The deletion is refused.
        Restrict = "restrict",
        /// The record is deleted too, into the bin.
        Cascade = "cascade",
        /// The link is cleared; a required link restricts.
        #[default]
        Clear = "clear",
    }

    /// How personal a custom field is.
    pub enum PersonalClass {
        /// Says nothing about a person.
        #[default]
        Ordinary = "ordinary",
        /// Personal data: sealed in the journal.
        Personal = "personal",
        /// A special category (GDPR Article 9).
        Special = "special",
    }

    /// Where the text of a custom field goes in the search index.
    pub enum SearchWeight {
        /// Not searched.
        #[default]
        None = "none",
        /// Part of the title.
        Title = "title",
        /// A short fact.
        Detail = "detail",
        /// Running text.
        Body = "body",
    }
}

/// A custom record type: a table of the host's own.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "custom_type",
    plural = "custom_types",
    id = CustomTypeId,
    sort_key("label"),
    rules = super::rules::TypeRules
)]
pub struct CustomType {
    /// What every record has.
    pub meta: Meta,
    /// The name, singular: `x_` and small letters, digits and `_`. It never changes.
    #[field(unique, max = 50)]
    pub name: String,
    /// The name in the plural, as in filters over child records; the name with an `s` if it is not given.
    #[field(unique, max = 60)]
    pub plural: Option<String>,
    /// What people read; the name in words if it is not given.
    #[field(search = title, max = 100)]
    pub label: Option<String>,
    /// What the type is for.
    #[field(max = 1000)]
    pub description: Option<String>,
    /// The text fields whose text, in this order, names a record: records are sorted and found by it. A field that is
    /// not there yet is left out until it is.
    #[field(max = 5)]
    pub sort_key: Vec<String>,
    /// The link field to the person whose personal data a record holds; the record itself if none is given.
    #[field(max = 50)]
    pub subject: Option<String>,
    /// The date or time stamp field that says when a record took place, for timelines.
    #[field(max = 50)]
    pub timeline_at: Option<String>,
    /// The link fields that say on whose timelines a record appears.
    #[field(max = 10)]
    pub timeline_subjects: Vec<String>,
}

/// A custom field of a built-in or a custom type.
#[derive(Clone, Debug, Default, PartialEq, Record)]
#[record(
    name = "custom_field",
    plural = "custom_fields",
    id = CustomFieldId,
    sort_key("label"),
    rules = super::rules::FieldRules,
    index("record_type", "position")
)]
pub struct CustomField {
    /// What every record has.
    pub meta: Meta,
    /// The name of the type that has the field. It never changes.
    #[field(max = 60)]
    pub record_type: String,
    /// The name: `x_` and small letters, digits and `_`. It never changes.
    #[field(max = 50)]
    pub name: String,
    /// What people read; the name in words if it is not given.
    #[field(search = title, max = 100)]
    pub label: Option<String>,
    /// What the field is for.
    #[field(max = 1000)]
    pub description: Option<String>,
    /// What it holds. It never changes.
    pub kind: CustomKind,
    /// The options of a select or multi-select, in their order.
    #[field(max = 500)]
    pub options: Vec<CustomOption>,
    /// The name of the type that a link points at. It never changes.
    #[field(max = 60)]
    pub target: Option<String>,
    /// What happens when the target of the link is deleted; the link is cleared if nothing is said.
    pub on_delete: Option<LinkRule>,
    /// Whether a value must be given.
    pub required: bool,
    /// Whether no two records may have the same value.
    pub unique: bool,
    /// Whether lists can be filtered and sorted by it at any size.
    pub indexed: bool,
    /// How personal it is. It can be raised, and not be lowered.
    pub class: PersonalClass,
    /// What it is about. A category makes the field as personal as the category is.
    pub category: Option<DataCategory>,
    /// Where its text goes in the search index.
    pub search: SearchWeight,
    /// The value of a new record, in the JSON form of the field.
    #[field(name = "default_value")]
    pub default: Option<Json>,
    /// The longest text in characters, or the most items of a list.
    #[field(range(1, 1_000_000))]
    pub max_length: Option<i64>,
    /// The least value, in the JSON form of the field; for money a decimal number.
    pub least: Option<Json>,
    /// The greatest value.
    pub greatest: Option<Json>,
    /// Places of a decimal, 0 to 9; 2 if nothing is said. It never changes.
    #[field(range(0, 9))]
    pub scale: Option<i64>,
    /// What the text must look like, as a [`Pattern`](crate::record::pattern::Pattern).
    #[field(max = 200)]
    pub pattern: Option<String>,
    /// Fields are shown in the order of this number, then of their creation.
    pub position: Option<i64>,
    /// The custom type that has the field, if it is one.
    #[field(read_only, on_delete = cascade)]
    pub custom_type: Option<CustomTypeId>,
    /// The type and the name, which are there once.
    #[field(read_only, unique, max = 120)]
    pub key: Option<String>,
}

impl CustomField {
    /// A text field, to be refined.
    ///
    /// ```
    /// use crm_core::customize::{CustomField, CustomKind};
    /// let field = CustomField { kind: CustomKind::Date, ..CustomField::new("person", "x_member_since") };
    /// assert_eq!(field.record_type, "person");
    /// ```
    pub fn new(record_type: impl Into<String>, name: impl Into<String>) -> Self {
        Self { record_type: record_type.into(), name: name.into(), ..Self::default() }
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}

/// An option of a custom select field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CustomOption {
    /// The key that is stored: small letters, digits and `_`.
    pub key: String,
    /// What people read; the key in words if it is empty.
    #[serde(default)]
    pub label: String,
    /// Whether it can still be chosen.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub active: bool,
}

impl CustomOption {
    /// An option that can be chosen.
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Self { key: key.into(), label: label.into(), active: true }
    }
}

impl Part for CustomOption {
    const DESCRIPTOR: &'static PartsDescriptor = &parts_descriptor::<Self>(
        "custom_option",
        &[
            PartMember { name: "key", indexed: None, json_type: "string" },
            PartMember { name: "label", indexed: None, json_type: "string" },
            PartMember { name: "active", indexed: None, json_type: "boolean" },
        ],
    );

    fn normalise(&mut self, _context: &PartContext) -> Result<()> {
        super::names::check_key(&self.key).map_err(|error| error.at("key"))?;
        self.label =
            normalise(&self.label, TextForm::Line, 100).map_err(|error| error.at("label"))?.into_owned();
        if self.label.is_empty() {
            self.label = crate::record::descriptor::label_of(&self.key);
        }
        Ok(())
    }

    fn index_terms(&self, _add: &mut dyn FnMut(&'static str, String)) {}

    fn search_text(&self, _add: &mut dyn FnMut(&str)) {}

    fn normalise_list(list: &mut Vec<Self>) -> Result<()> {
        let mut seen = std::collections::HashSet::new();
        match list.iter().position(|option| !seen.insert(option.key.clone())) {
            None => Ok(()),
            Some(position) => Err(crate::CrmError::invalid("parts.twice", "is in the list twice")
                .at(format!("[{position}].key"))),
        }
    }
}
