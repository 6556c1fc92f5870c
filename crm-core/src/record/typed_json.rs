//! Typed records as JSON: what `#[derive(Record)]` implements `Serialize` with.

use serde::ser::{SerializeMap, Serializer};

use super::typed::{Meta, Record};
use super::value::Value;

/// Serialises a typed record in the form of [`record_to_json`](super::json::record_to_json): the system fields, the
/// declared fields that have a value, the custom ones, and `redactions` if there are any.
///
/// # Errors
/// What the serializer reports.
pub fn serialize<R: Record, S: Serializer>(record: &R, serializer: S) -> Result<S::Ok, S::Error> {
    let mut values = Vec::with_capacity(R::FIELDS.len());
    let meta = record.clone().into_values(&mut values);
    serialize_values(R::FIELDS, &meta, &values, serializer)
}

fn serialize_values<S: Serializer>(
    names: &[&str],
    meta: &Meta,
    values: &[Value],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut object = serializer.serialize_map(None)?;
    // A record that was not created yet has none of these.
    if !meta.id.is_nil() {
        object.serialize_entry("id", &meta.id)?;
    }
    if meta.version != 0 {
        object.serialize_entry("version", &meta.version)?;
        object.serialize_entry("created_at", &meta.created_at)?;
        object.serialize_entry("created_by", &meta.created_by)?;
        object.serialize_entry("updated_at", &meta.updated_at)?;
        object.serialize_entry("updated_by", &meta.updated_by)?;
    }
    for (name, id) in [("owner", meta.owner), ("team", meta.team)] {
        if let Some(id) = id {
            object.serialize_entry(name, &id)?;
        }
    }
    for (name, value) in names.iter().zip(values) {
        if !value.is_null() {
            object.serialize_entry(name, value)?;
        }
    }
    for (name, value) in &meta.custom {
        object.serialize_entry(name, value)?;
    }
    if !meta.redactions.is_empty() {
        object.serialize_entry("redactions", &meta.redactions)?;
    }
    object.end()
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
                $crate::record::typed_json::serialize(self, serializer)
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
