//! Select enums: the options of a select field, declared once.
//!
//! ```text
//! select! {
//!     /// How a stage counts.
//!     pub enum StageType {
//!         /// Still open.
//!         #[default]
//!         Open = "open",
//!         /// Waiting for something.
//!         OnHold = "on_hold": "Waiting",
//!     }
//! }
//! ```
//! A label that is left out is the key in words. The order of the variants is the order of the options.

use std::borrow::Cow;

use super::descriptor::SelectOption;
use super::field_types::{damaged, from_json, json_value};
use super::value::Value;
use crate::error::{CrmError, Result};

/// Declares select enums. See the [module](self) for the form.
macro_rules! select {
    ($(
        $(#[$attribute:meta])*
        $visibility:vis enum $name:ident {
            $(
                $(#[doc = $doc:literal])*
                // The visibility is always empty: it is only there to be repeated where the mark was.
                $(#[default] $default:vis)?
                $variant:ident = $key:literal $(: $label:literal)?
            ),+ $(,)?
        }
    )+) => {$(
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        $visibility enum $name {
            $($(#[doc = $doc])* $variant),+
        }

        const _: () = assert!($crate::record::select::are_distinct(&[$($key),+]), "two variants have one key");

        #[allow(dead_code, reason = "not every enum needs every method")]
        impl $name {
            /// All options, in their order.
            $visibility const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable key that is stored.
            $visibility const fn key(self) -> &'static str {
                match self {
                    $(Self::$variant => $key),+
                }
            }

            /// What people read.
            $visibility fn label(self) -> std::borrow::Cow<'static, str> {
                $crate::record::select::Select::option(self).label
            }
        }

        impl $crate::record::select::Select for $name {
            const ALL: &'static [Self] = Self::ALL;

            fn key(self) -> &'static str {
                self.key()
            }

            fn declared_label(self) -> Option<&'static str> {
                match self {
                    $(Self::$variant => $crate::record::select::optional!($($label)?)),+
                }
            }
        }

        $($(
            impl Default for $name {
                fn default() -> Self {
                    $default const MARKED: $name = $name::$variant;
                    MARKED
                }
            }
        )?)+

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.key())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::error::CrmError;

            fn from_str(key: &str) -> $crate::error::Result<Self> {
                $crate::record::select::parse(key)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.key())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::record::select::deserialize(deserializer)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                $crate::operation::schema::options(&[$(($key, concat!($($doc, "\n"),*))),+])
            }
        }

        impl $crate::record::FieldType for $name {
            const REQUIRED: bool = true;

            #[cfg(feature = "schema")]
            fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
                Some(generator.subschema_for::<Self>())
            }

            fn kind() -> $crate::record::FieldKind {
                $crate::record::FieldKind::Select($crate::record::select::options::<Self>())
            }

            fn default_value() -> Option<$crate::record::Value> {
                // At most one is marked: a second `Default` would not compile.
                const MARKED: &[$name] = &[$($({
                    $default const VARIANT: $name = $name::$variant;
                    VARIANT
                },)?)+];
                MARKED.first().map(|option| option.into_value())
            }

            fn into_value(self) -> $crate::record::Value {
                $crate::record::Value::Text(self.key().to_owned())
            }

            fn from_value(value: $crate::record::Value) -> $crate::error::Result<Self> {
                $crate::record::select::from_value(&value)
            }
        }

        impl $crate::record::FieldType for Vec<$name> {
            const REQUIRED: bool = false;

            #[cfg(feature = "schema")]
            fn schema(generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
                Some(generator.subschema_for::<Self>())
            }

            fn kind() -> $crate::record::FieldKind {
                $crate::record::FieldKind::MultiSelect($crate::record::select::options::<$name>())
            }

            fn into_value(self) -> $crate::record::Value {
                $crate::record::select::many_into_value(&self)
            }

            fn from_value(value: $crate::record::Value) -> $crate::error::Result<Self> {
                $crate::record::select::many_from_value(value)
            }
        }
    )+};
}
pub(crate) use select;

/// `Some` of what is given, or `None`.
macro_rules! optional {
    () => {
        None
    };
    ($given:literal) => {
        Some($given)
    };
}
pub(crate) use optional;

/// What [`select!`] says about an enum; the functions below do the rest.
pub(crate) trait Select: Copy + 'static {
    /// All options, in their order.
    const ALL: &'static [Self];

    /// The stable key.
    fn key(self) -> &'static str;

    /// The label, unless it is the key in words.
    fn declared_label(self) -> Option<&'static str>;

    /// The option of a select field.
    fn option(self) -> SelectOption {
        let option = SelectOption::new(self.key());
        match self.declared_label() {
            Some(label) => SelectOption { label: label.into(), ..option },
            None => option,
        }
    }
}

/// The options of a select field.
pub(crate) fn options<S: Select>() -> Vec<SelectOption> {
    S::ALL.iter().map(|option| option.option()).collect()
}

/// The option with this key.
pub(crate) fn parse<S: Select>(key: &str) -> Result<S> {
    find(key).ok_or_else(|| {
        CrmError::invalid("select.unknown", format!("is not one of: {}", keys::<S>().join(", ")))
    })
}

/// The option with the key that serde reads. The words start as serde's own do, but leave the value out.
pub(crate) fn deserialize<'de, S: Select, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<S, D::Error> {
    let key = <Cow<'de, str> as serde::Deserialize>::deserialize(deserializer)?;
    find(&key).ok_or_else(|| {
        serde::de::Error::custom(format_args!("unknown variant, expected one of: {}", keys::<S>().join(", ")))
    })
}

/// The option that a stored key stands for.
pub(crate) fn from_value<S: Select>(value: &Value) -> Result<S> {
    match value {
        Value::Text(key) => find(key),
        _ => None,
    }
    .ok_or_else(|| damaged("the key of an option", value))
}

/// The value of a multi-select field.
pub(crate) fn many_into_value<S: Select>(chosen: &[S]) -> Value {
    match chosen {
        [] => Value::Null,
        _ => json_value(&chosen.iter().map(|option| option.key()).collect::<Vec<_>>()),
    }
}

/// The options that a multi-select field holds.
pub(crate) fn many_from_value<S: Select>(value: Value) -> Result<Vec<S>> {
    let keys: Vec<String> = from_json("the keys of options", value)?;
    keys.iter()
        .map(|key| find(key).ok_or_else(|| damaged("the keys of options", &Value::Json(String::new()))))
        .collect()
}

fn find<S: Select>(key: &str) -> Option<S> {
    S::ALL.iter().copied().find(|option| option.key() == key)
}

fn keys<S: Select>() -> Vec<&'static str> {
    S::ALL.iter().map(|option| option.key()).collect()
}

/// Whether all texts differ, at compile time.
pub(crate) const fn are_distinct(texts: &[&str]) -> bool {
    let mut left = 0;
    while left < texts.len() {
        let mut right = left + 1;
        while right < texts.len() {
            if super::typed::derived::is_same(texts[left], texts[right]) {
                return false;
            }
            right += 1;
        }
        left += 1;
    }
    true
}
