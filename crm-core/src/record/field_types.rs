//! The Rust types that a field of a record may have.
//!
//! For every type `from_value(into_value(x))` is `x` again, up to the normal form: an `Option` of nothing
//! (empty text, a nil link) comes back as `None`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::descriptor::{FieldKind, OnDelete};
use super::parts::{self, Part};
use super::typed::{FieldType, LinkId};
use super::value::{Reference, Value};
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::json;
use crate::ground::money::Money;
use crate::ground::time::{Date, Timestamp};

/// Places of a decimal field that does not say otherwise.
const DEFAULT_SCALE: u32 = 4;

/// The error for a value that is not of the field's type: the database was damaged.
pub(super) fn damaged(expected: &str, value: &Value) -> CrmError {
    let reason = format!("is stored as {}, not as {expected}", value.type_name());
    CrmError::new(ErrorKind::Corrupt, "storage.value", reason)
}

impl FieldType for String {
    const REQUIRED: bool = true;

    fn kind() -> FieldKind {
        FieldKind::Text
    }

    fn into_value(self) -> Value {
        if self.is_empty() { Value::Null } else { Value::Text(self) }
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Text(text) => Ok(text),
            Value::Null => Ok(Self::new()),
            other => Err(damaged("text", &other)),
        }
    }
}

impl FieldType for bool {
    const REQUIRED: bool = false;

    fn kind() -> FieldKind {
        FieldKind::Boolean
    }

    fn into_value(self) -> Value {
        Value::Boolean(self)
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Boolean(value) => Ok(value),
            Value::Null => Ok(false),
            other => Err(damaged("boolean", &other)),
        }
    }
}

/// Types that have a [`Value`] variant of their own and no empty value.
macro_rules! plain_types {
    ($($rust:ty, $variant:ident, $expected:literal, $kind:expr;)+) => {$(
        impl FieldType for $rust {
            const REQUIRED: bool = true;

            fn kind() -> FieldKind {
                $kind
            }

            fn into_value(self) -> Value {
                Value::$variant(self)
            }

            fn from_value(value: Value) -> Result<Self> {
                match value {
                    Value::$variant(value) => Ok(value),
                    other => Err(damaged($expected, &other)),
                }
            }
        }
    )+};
}

plain_types! {
    i64, Integer, "integer", FieldKind::Integer;
    f64, Number, "number", FieldKind::Number;
    Decimal, Decimal, "decimal", FieldKind::Decimal { scale: DEFAULT_SCALE };
    Money, Money, "money", FieldKind::Money;
    Date, Date, "date", FieldKind::Date;
    Timestamp, Timestamp, "timestamp", FieldKind::Timestamp;
}

impl<T: FieldType> FieldType for Option<T> {
    const REQUIRED: bool = false;

    fn kind() -> FieldKind {
        T::kind()
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
        T::schema(generator)
    }

    fn into_value(self) -> Value {
        self.map_or(Value::Null, T::into_value)
    }

    fn from_value(value: Value) -> Result<Self> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}

impl<T: LinkId> FieldType for T {
    const REQUIRED: bool = true;

    fn kind() -> FieldKind {
        FieldKind::Link { target: T::TARGET.into(), on_delete: OnDelete::Restrict }
    }

    fn into_value(self) -> Value {
        let id = self.into();
        if id.is_nil() { Value::Null } else { Value::Id(id) }
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Id(id) => Ok(Self::from(id)),
            Value::Null => Ok(Self::from(crate::RecordId::NIL)),
            other => Err(damaged("link", &other)),
        }
    }
}

impl FieldType for Reference {
    const REQUIRED: bool = true;

    fn kind() -> FieldKind {
        FieldKind::Reference { on_delete: OnDelete::Restrict }
    }

    fn into_value(self) -> Value {
        if self.id.is_nil() { Value::Null } else { self.into() }
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Reference(reference) => Ok(*reference),
            Value::Null => Ok(Self::default()),
            other => Err(damaged("reference", &other)),
        }
    }
}

impl FieldType for Vec<String> {
    const REQUIRED: bool = false;

    fn kind() -> FieldKind {
        FieldKind::List
    }

    fn into_value(self) -> Value {
        if self.is_empty() { Value::Null } else { json_value(&self) }
    }

    fn from_value(value: Value) -> Result<Self> {
        from_json("list", value)
    }
}

impl<P: Part> FieldType for Vec<P> {
    const REQUIRED: bool = false;

    fn kind() -> FieldKind {
        FieldKind::Parts(P::DESCRIPTOR)
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
        Some(generator.subschema_for::<Vec<P>>())
    }

    fn into_value(self) -> Value {
        if self.is_empty() {
            return Value::Null;
        }
        // A part that refuses to serialise leaves no JSON at all, which its normalisation then refuses.
        Value::Json(parts::to_json(&self).unwrap_or_default())
    }

    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Json(text) => {
                parts::from_json(&text).map_err(|_| damaged("parts", &Value::Json(String::new())))
            }
            Value::Null => Ok(Self::new()),
            other => Err(damaged("parts", &other)),
        }
    }
}

impl FieldType for serde_json::Value {
    const REQUIRED: bool = false;

    fn kind() -> FieldKind {
        FieldKind::Json
    }

    fn into_value(mut self) -> Value {
        if self.is_null() {
            return Value::Null;
        }
        // Documents that are equal have equal text, whatever the order of their members was.
        self.sort_all_objects();
        Value::Json(self.to_string())
    }

    fn from_value(value: Value) -> Result<Self> {
        from_json("json", value)
    }
}

impl FieldType for BTreeMap<String, String> {
    const REQUIRED: bool = false;

    fn kind() -> FieldKind {
        FieldKind::Json
    }

    fn into_value(self) -> Value {
        if self.is_empty() { Value::Null } else { json_value(&self) }
    }

    fn from_value(value: Value) -> Result<Self> {
        from_json("json", value)
    }
}

/// The JSON text of texts in a list or a map.
pub(super) fn json_value(content: &impl Serialize) -> Value {
    Value::Json(json::text(content).expect("lists and maps of texts always serialise"))
}

/// What a JSON text holds; the empty value for null.
pub(super) fn from_json<T: DeserializeOwned + Default>(expected: &str, value: Value) -> Result<T> {
    match value {
        Value::Json(text) => {
            serde_json::from_str(&text).map_err(|_| damaged(expected, &Value::Json(String::new())))
        }
        Value::Null => Ok(T::default()),
        other => Err(damaged(expected, &other)),
    }
}
