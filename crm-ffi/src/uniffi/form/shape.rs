//! How UniFFI lays values out in a buffer, as tables that the generated types are described by.

use super::Form;

/// How a value is laid out in a buffer. Numbers are big-endian; a text, a list and a map begin with a length of 32 bits.
#[derive(Debug)]
pub(crate) enum Shape {
    /// UTF-8.
    Text,
    /// A byte, 0 or 1.
    Boolean,
    /// 32 bits.
    Signed32,
    /// 64 bits.
    Signed64,
    /// 32 bits.
    Unsigned32,
    /// 64 bits.
    Unsigned64,
    /// An IEEE 754 number of 64 bits.
    Number,
    /// The text of any JSON.
    Json,
    /// A text as it is, anything else as the text of its JSON.
    TextOrJson,
    /// One of these keys: its number, from 1, in 32 bits.
    Key(&'static [&'static str]),
    /// A byte, 0 for none, and the value after 1.
    Optional(&'static Shape),
    /// The items.
    List(&'static Shape),
    /// Each name and its value.
    Map(&'static Shape),
    /// The members in this order, nothing between them.
    Struct(&'static [Member]),
    /// As a struct, and after it the custom fields, a map of JSON texts.
    Record(&'static [Member]),
}

/// A member of a struct or record.
#[derive(Debug)]
pub(crate) struct Member {
    pub(super) name: &'static str,
    pub(super) shape: &'static Shape,
    /// Whether an output always has it, unless it says that it was left blank.
    pub(super) is_required: bool,
}

/// A member that is always there.
pub(crate) const fn required<T: Form>(name: &'static str) -> Member {
    Member { name, shape: T::SHAPE, is_required: true }
}

/// A member that may be missing.
pub(crate) const fn optional<T: Form>(name: &'static str) -> Member {
    Member { name, shape: T::SHAPE, is_required: false }
}

impl Member {
    /// Whether an output may be without it, or have null in its place.
    pub(super) fn may_be_missing(&self) -> bool {
        self.shape.has_none() || (!self.is_required && self.shape.has_empty())
    }
}

impl Shape {
    /// What it is called when something else comes in its place.
    pub(in crate::uniffi) fn in_words(&self) -> &'static str {
        match self {
            Self::Text | Self::TextOrJson => "text",
            Self::Boolean => "boolean",
            Self::Signed32 => "i32",
            Self::Signed64 => "i64",
            Self::Unsigned32 => "u32",
            Self::Unsigned64 => "u64",
            Self::Number => "f64",
            Self::Json => "JSON",
            Self::Key(_) => "key",
            Self::Optional(of) => of.in_words(),
            Self::List(_) => "list",
            Self::Map(_) | Self::Struct(_) | Self::Record(_) => "object",
        }
    }

    /// Whether there is a value that stands for none, also where a member is required.
    pub(super) fn has_none(&self) -> bool {
        matches!(self, Self::Optional(_) | Self::List(_) | Self::Map(_) | Self::Json | Self::TextOrJson)
    }

    /// Whether a member may be left out where it is not required: what a new record has not yet is empty.
    fn has_empty(&self) -> bool {
        self.has_none() || !matches!(self, Self::Boolean | Self::Key(_) | Self::Struct(_) | Self::Record(_))
    }

    /// Writes the value that stands for none: nothing, zero, the first key.
    pub(super) fn write_empty(&self, out: &mut Vec<u8>) {
        match self {
            Self::Boolean | Self::Optional(_) => out.push(0),
            Self::Signed32 | Self::Unsigned32 | Self::Text | Self::List(_) | Self::Map(_) => {
                out.extend_from_slice(&[0; 4]);
            }
            Self::Signed64 | Self::Unsigned64 | Self::Number => out.extend_from_slice(&[0; 8]),
            Self::Json | Self::TextOrJson => {
                out.extend_from_slice(&[0, 0, 0, 4]);
                out.extend_from_slice(b"null");
            }
            Self::Key(_) => out.extend_from_slice(&1_i32.to_be_bytes()),
            Self::Struct(members) => members.iter().for_each(|member| member.shape.write_empty(out)),
            Self::Record(members) => {
                members.iter().for_each(|member| member.shape.write_empty(out));
                out.extend_from_slice(&[0; 4]);
            }
        }
    }
}
