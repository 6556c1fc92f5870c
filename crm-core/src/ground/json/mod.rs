//! JSON that is written once, piece by piece, into a text or into a tree of values, and how typed values are read.
//!
//! Whatever serialises is turned into pieces by one serialiser, and the pieces go to a [`Sink`]. So there is one copy of the
//! code of each output, whichever form its caller wants, and a caller who wants text pays for no tree. `serde_json` would
//! bring the code of a type once for trees, once for texts and once for texts with indents.

mod reader;
mod serializer;
mod text;
mod tree;

use serde::Serialize;
use serde::ser::Serializer;
use serde_json::Value as Json;

pub(crate) use reader::{parse, read};
pub(crate) use serializer::Unwritable;
pub use text::TextSink;
pub(crate) use tree::TreeSink;

/// Takes the pieces of one JSON value in their order. Inside an object, a name stands before each value.
pub trait Sink {
    /// No value.
    fn null(&mut self);
    /// A truth value.
    fn boolean(&mut self, value: bool);
    /// A whole number.
    fn integer(&mut self, value: i64);
    /// A whole number that is not negative.
    fn unsigned(&mut self, value: u64);
    /// A number; null if it is not finite.
    fn number(&mut self, value: f64);
    /// A text.
    fn text(&mut self, value: &str);
    /// A text in the words of a value.
    fn shown(&mut self, value: &dyn std::fmt::Display);
    /// A value that is JSON text already; null if it is not.
    fn json(&mut self, text: &str);
    /// The beginning of a list or an object, and how much will be in it, as far as that is known.
    fn begin(&mut self, container: Container, size: usize);
    /// The name of the member whose value comes next.
    fn name(&mut self, name: &str);
    /// The end of what was begun last.
    fn end(&mut self, container: Container);
}

/// What holds other values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// `[…]`
    List,
    /// `{…}`
    Object,
}

/// Writes a value into a sink.
///
/// # Errors
/// [`Unwritable`] when a member of a map has no text for a name, or when the value itself refuses.
pub(crate) fn write(value: &impl Serialize, sink: &mut dyn Sink) -> Result<(), Unwritable> {
    value.serialize(serializer::Writer::new(sink))
}

/// The text of a value, without a space between its tokens.
///
/// # Errors
/// As [`write`].
pub(crate) fn text(value: &impl Serialize) -> Result<String, Unwritable> {
    let mut text = String::new();
    write(value, &mut TextSink::at_end_of(&mut text))?;
    Ok(text)
}

/// The tree of a value.
///
/// # Errors
/// As [`write`].
pub(crate) fn tree(value: &impl Serialize) -> Result<Json, Unwritable> {
    let mut tree = TreeSink::default();
    write(value, &mut tree)?;
    Ok(tree.into_value())
}

/// JSON text as a value: where text is written it goes into it as it is, elsewhere it is parsed. What is not JSON is null.
pub(crate) struct JsonText<'t>(pub(crate) &'t str);

impl JsonText<'_> {
    /// The name by which our own serialiser knows that JSON text comes.
    const NAME: &'static str = "$crm_core::JsonText";
}

impl Serialize for JsonText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Self::NAME, &Content(self.0))
    }
}

/// What is in a [`JsonText`].
struct Content<'t>(&'t str);

impl Serialize for Content<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Our own serialiser, told by the name, takes the text. Serialisers of forms that people do not read have no use for
        // JSON but as a text, either.
        if !serializer.is_human_readable() {
            return serializer.serialize_str(self.0);
        }
        serde_json::from_str(self.0).unwrap_or(Json::Null).serialize(serializer)
    }
}

#[cfg(test)]
mod tests;
