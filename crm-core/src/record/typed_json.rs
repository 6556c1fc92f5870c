//! Typed records as JSON: what `#[derive(Record)]` implements `Serialize` with.

use serde_json::{Map, Value as Json};

use super::json::to_json;
use super::typed::{Meta, Record};
use super::value::Value;

/// A typed record as a JSON object, in the form of [`record_to_json`](super::json::record_to_json): the system fields,
/// the declared fields that have a value, the custom ones, and `redactions` if there are any.
pub fn to_object<R: Record>(record: &R) -> Map<String, Json> {
    let mut values = Vec::new();
    let meta = record.clone().into_values(&mut values);
    object(R::FIELDS, &meta, &values)
}

fn object(names: &[&str], meta: &Meta, values: &[Value]) -> Map<String, Json> {
    let mut object = Map::new();
    // A record that was not created yet has none of these.
    if !meta.id.is_nil() {
        object.insert("id".to_owned(), Json::String(meta.id.to_string()));
    }
    if meta.version != 0 {
        object.insert("version".to_owned(), Json::from(meta.version));
        for (name, at, by, who) in [
            ("created_at", meta.created_at, "created_by", meta.created_by),
            ("updated_at", meta.updated_at, "updated_by", meta.updated_by),
        ] {
            object.insert(name.to_owned(), Json::String(at.to_string()));
            object.insert(by.to_owned(), Json::String(who.to_string()));
        }
    }
    for (name, id) in [("owner", meta.owner), ("team", meta.team)] {
        if let Some(id) = id {
            object.insert(name.to_owned(), Json::String(id.to_string()));
        }
    }
    for (name, value) in names.iter().copied().zip(values) {
        if !value.is_null() {
            object.insert(name.to_owned(), to_json(value));
        }
    }
    for (name, value) in &meta.custom {
        object.insert(name.clone(), to_json(value));
    }
    if !meta.redactions.is_empty() {
        object.insert("redactions".to_owned(), serde_json::json!(meta.redactions));
    }
    object
}

/// Implements what is the same for every typed record in JSON. For the derive macro only.
#[doc(hidden)]
#[macro_export]
macro_rules! impl_record_json {
    ($record:ty, [$($field:ty),*]) => {
        #[automatically_derived]
        impl $crate::record::typed::derived::serde::Serialize for $record {
            fn serialize<S: $crate::record::typed::derived::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::record::typed::derived::serde::Serialize::serialize(
                    &$crate::record::typed_json::to_object(self),
                    serializer,
                )
            }
        }

        $crate::impl_record_schema!($record, [$($field),*]);
    };
}

/// Implements the schema of a typed record. For the derive macro only.
#[doc(hidden)]
#[macro_export]
#[cfg(feature = "schema")]
macro_rules! impl_record_schema {
    ($record:ty, [$($field:ty),*]) => {
        #[automatically_derived]
        impl $crate::record::typed::derived::schemars::JsonSchema for $record {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                ::core::stringify!($record).into()
            }

            fn json_schema(
                generator: &mut $crate::record::typed::derived::schemars::SchemaGenerator,
            ) -> $crate::record::typed::derived::schemars::Schema {
                $crate::operation::schema::record_schema(
                    &<$record as $crate::record::Record>::descriptor(),
                    &[$(<$field as $crate::record::FieldType>::schema),*],
                    generator,
                )
            }
        }
    };
}

/// Without the feature `schema` there is none.
#[doc(hidden)]
#[macro_export]
#[cfg(not(feature = "schema"))]
macro_rules! impl_record_schema {
    ($record:ty, [$($field:ty),*]) => {};
}
