//! How typed values become the JSON of an input, and how the JSON of an output becomes typed values.
//!
//! Inputs are written by hand and not derived with serde, because these conversions know what a host leaves out: an empty
//! identifier is none, a list without items is not said, and what is wrong is named by its path ([`input`]).
//!
//! Outputs never become Rust values. An operation writes them piece by piece, and the pieces go straight into the buffer
//! from which UniFFI's readers in the other language make their objects ([`lowering`]). What the buffer must look like is
//! said by the [`shape`] of the type, a table that is there at compile time.

mod input;
mod lowered;
mod lowering;
mod object;
mod shape;
mod stored;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crm_core::CrmError;
use serde_json::Value as Json;

use super::bridge::{Filter, JsonText};

pub(crate) use input::{Members, Wrong};
pub use lowered::Lowered;
pub(crate) use lowered::Outcome;
pub(super) use lowering::Lowering;
pub(crate) use shape::{Shape, optional, required};

/// A value with a form in JSON and one in UniFFI's buffers.
pub(crate) trait Form: Sized {
    /// How the value is laid out in a buffer.
    const SHAPE: &'static Shape;

    /// Its JSON.
    fn write(self, wrong: &mut Wrong) -> Json;

    /// Whether a member with this value is left out.
    fn is_empty(&self) -> bool {
        false
    }
}

impl Form for String {
    const SHAPE: &'static Shape = &Shape::Text;

    fn write(self, _: &mut Wrong) -> Json {
        Json::String(self)
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Form for bool {
    const SHAPE: &'static Shape = &Shape::Boolean;

    fn write(self, _: &mut Wrong) -> Json {
        Json::Bool(self)
    }
}

/// Numbers, each with its shape.
macro_rules! numbers {
    ($($number:ty, $shape:ident;)+) => {$(
        impl Form for $number {
            const SHAPE: &'static Shape = &Shape::$shape;

            fn write(self, _: &mut Wrong) -> Json {
                Json::from(self)
            }

            #[allow(clippy::float_cmp, reason = "nothing but the default itself is left out")]
            fn is_empty(&self) -> bool {
                *self == Self::default()
            }
        }
    )+};
}

numbers! {
    i64, Signed64;
    u64, Unsigned64;
    i32, Signed32;
    u32, Unsigned32;
    f64, Number;
}

impl<T: Form> Form for Option<T> {
    const SHAPE: &'static Shape = &Shape::Optional(T::SHAPE);

    fn write(self, wrong: &mut Wrong) -> Json {
        self.map_or(Json::Null, |value| value.write(wrong))
    }

    fn is_empty(&self) -> bool {
        self.is_none()
    }
}

impl<T: Form> Form for Vec<T> {
    const SHAPE: &'static Shape = &Shape::List(T::SHAPE);

    fn write(self, wrong: &mut Wrong) -> Json {
        let item = |(at, item): (usize, T)| wrong.within(|wrong| item.write(wrong), || format!("[{at}]"));
        Json::Array(self.into_iter().enumerate().map(item).collect())
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Form> Form for HashMap<String, T> {
    const SHAPE: &'static Shape = &Shape::Map(T::SHAPE);

    fn write(self, wrong: &mut Wrong) -> Json {
        let member = |(name, value): (String, T)| {
            let value = wrong.within(|wrong| value.write(wrong), || name.clone());
            (name, value)
        };
        Json::Object(self.into_iter().map(member).collect())
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Form for JsonText {
    const SHAPE: &'static Shape = &Shape::Json;

    fn write(self, wrong: &mut Wrong) -> Json {
        serde_json::from_str(&self.0).unwrap_or_else(|_| {
            wrong.note(CrmError::invalid("input.json", "is not JSON"));
            Json::Null
        })
    }
}

impl Form for Filter {
    const SHAPE: &'static Shape = &Shape::TextOrJson;

    fn write(self, wrong: &mut Wrong) -> Json {
        // The text form never begins with a brace, the JSON form always does.
        if self.0.trim_start().starts_with('{') {
            return JsonText(self.0).write(wrong);
        }
        Json::String(self.0)
    }
}

/// A closed list of keys.
pub(crate) trait Keyed: Copy {
    /// The keys, in the order of the variants.
    const KEYS: &'static [&'static str];

    /// Where the key of a variant stands.
    fn position(self) -> usize;
}

impl<K: Keyed> Form for K {
    const SHAPE: &'static Shape = &Shape::Key(K::KEYS);

    fn write(self, _: &mut Wrong) -> Json {
        Json::String(K::KEYS[self.position()].to_owned())
    }
}
