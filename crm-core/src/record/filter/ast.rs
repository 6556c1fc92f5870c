//! The tree of a filter.

use std::sync::Arc;

use super::operand::Operand;
use crate::error::CrmError;

/// A condition on the records of one type.
///
/// Positions ([`Place`]) do not take part in comparison: a filter equals itself wherever it was read from.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Filter {
    /// True for every record.
    #[default]
    All,
    /// All of these hold; true when there are none.
    And(Vec<Filter>),
    /// One of these holds; false when there are none.
    Or(Vec<Filter>),
    /// This does not hold.
    Not(Box<Filter>),
    /// A value compares so with an operand.
    Compare {
        /// The value.
        path: Path,
        /// How it compares.
        op: Comparison,
        /// With what it compares.
        operand: Operand,
    },
    /// A value equals one of these.
    In {
        /// The value.
        path: Path,
        /// What it may equal.
        operands: Vec<Operand>,
    },
    /// A value lies between two others, which are included.
    Between {
        /// The value.
        path: Path,
        /// The least.
        low: Operand,
        /// The greatest.
        high: Operand,
    },
    /// There is no value, or a list without items.
    IsNull {
        /// The value.
        path: Path,
    },
    /// A text matches, without regard to case and accents.
    Match {
        /// The text.
        path: Path,
        /// Where the searched text stands in it.
        how: TextMatch,
        /// What is searched.
        text: String,
    },
    /// A list has items.
    Has {
        /// The list.
        path: Path,
        /// Whether one or all of the items are needed.
        mode: HasMode,
        /// The items.
        operands: Vec<Operand>,
    },
    /// Records of another type link to this one.
    Children(Box<Children>),
}

impl Filter {
    /// The filter that every record passes.
    pub fn all() -> Self {
        Self::All
    }

    /// Both this and the other hold. Chains stay flat.
    pub fn and(self, other: Filter) -> Self {
        match (self, other) {
            (Self::All, filter) | (filter, Self::All) => filter,
            (Self::And(mut filters), filter) => {
                filters.push(filter);
                Self::And(filters)
            }
            (first, second) => Self::And(vec![first, second]),
        }
    }

    /// This or the other holds. Chains stay flat.
    pub fn or(self, other: Filter) -> Self {
        match (self, other) {
            (Self::Or(mut filters), filter) => {
                filters.push(filter);
                Self::Or(filters)
            }
            (first, second) => Self::Or(vec![first, second]),
        }
    }

    /// All of the filters hold; the filter itself when there is one, [`Filter::All`] when there is none.
    pub fn all_of(mut filters: Vec<Filter>) -> Self {
        match filters.len() {
            0 => Self::All,
            1 => filters.swap_remove(0),
            _ => Self::And(filters),
        }
    }

    /// One of the filters holds; the filter itself when there is one, no record when there is none.
    pub fn any_of(mut filters: Vec<Filter>) -> Self {
        match filters.len() {
            0 => Self::Not(Box::new(Self::All)),
            1 => filters.swap_remove(0),
            _ => Self::Or(filters),
        }
    }
}

impl std::ops::Not for Filter {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}

impl std::str::FromStr for Filter {
    type Err = CrmError;

    fn from_str(text: &str) -> crate::Result<Self> {
        super::parse_text::parse(text)
    }
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`: also true when there is no value.
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// The operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }

    /// The operator that is written so.
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        [Self::Equal, Self::NotEqual, Self::Less, Self::LessOrEqual, Self::Greater, Self::GreaterOrEqual]
            .into_iter()
            .find(|op| op.symbol() == symbol)
    }

    /// Whether this is `=` or `!=`.
    pub fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// Where a searched text stands in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextMatch {
    /// Anywhere.
    Contains,
    /// At the start.
    StartsWith,
    /// At the end.
    EndsWith,
}

/// How many of the items a list must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum HasMode {
    /// At least one.
    Any,
    /// Every one.
    All,
}

/// A condition on the records that link to a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Children {
    /// The type of the linking records, by its name or its plural.
    pub child: Name,
    /// The link field; may be left out when only one points here.
    pub via: Option<Name>,
    /// Which of them count.
    pub filter: Filter,
    /// What must hold of them.
    pub test: ChildTest,
}

/// What must hold of the linking records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChildTest {
    /// There is one.
    Exists,
    /// There is none.
    None,
    /// Their number compares so.
    Count(Comparison, u32),
}

/// Where something stands in the text or JSON that a filter was read from. All places are equal.
#[derive(Clone, Debug, Default, Eq)]
pub enum Place {
    /// Built in Rust.
    #[default]
    Unknown,
    /// In text.
    Text {
        /// Bytes before it.
        offset: u32,
        /// The line, from 1.
        line: u32,
        /// The character in the line, from 1.
        column: u32,
    },
    /// In JSON: the pointer of RFC 6901.
    Json(Arc<str>),
}

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Place {
    /// Makes an error point here; at the field's own name when the filter was built in Rust.
    pub(crate) fn locate(&self, error: CrmError, name: &str) -> CrmError {
        match self {
            Self::Unknown => error.at(crate::record::schema::clip(name)),
            Self::Text { offset, line, column } => error
                .at(format!("position {offset}"))
                .detail("offset", *offset)
                .detail("line", *line)
                .detail("column", *column),
            Self::Json(pointer) => error.at(crate::record::schema::clip(pointer)),
        }
    }
}

/// A name with the place where it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where it was read.
    pub place: Place,
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), place: Place::Unknown }
    }
}

/// The way to a value: link fields, then a field, or a member of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The names; at least one.
    pub segments: Vec<String>,
    /// Where it was read.
    pub place: Place,
}

impl Path {
    /// The path with these names between its dots.
    ///
    /// ```
    /// use crm_core::record::filter::Path;
    /// assert_eq!(Path::new("organisation.name").segments, ["organisation", "name"]);
    /// ```
    pub fn new(dotted: &str) -> Self {
        Self { segments: dotted.split('.').map(str::to_owned).collect(), place: Place::Unknown }
    }

    /// The names with dots between them, without quotes, for messages.
    pub fn dotted(&self) -> String {
        crate::record::schema::clip(&self.segments.join("."))
    }
}

impl<'de> serde::Deserialize<'de> for Path {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::from(<std::borrow::Cow<'de, str>>::deserialize(deserializer)?.as_ref()))
    }
}

impl From<&str> for Path {
    fn from(dotted: &str) -> Self {
        Self::new(dotted)
    }
}
