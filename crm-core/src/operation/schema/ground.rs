//! The schemas of the ground types.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

/// Types that are a string in JSON, written in place.
macro_rules! strings {
    ($($rust:ty, $schema:tt;)+) => {$(
        impl JsonSchema for $rust {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($rust).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )+};
}

strings! {
    crate::RecordId, { "type": "string", "format": "uuid" };
    crate::Timestamp, { "type": "string", "format": "date-time" };
    crate::Reference, { "type": "string", "format": "reference" };
    crate::CountryCode, { "type": "string", "format": "country" };
    crate::Zone, { "type": "string", "format": "time-zone" };
    crate::record::query::Cursor, { "type": "string", "format": "cursor" };
    crate::record::filter::Path, { "type": "string", "format": "path" };
    crate::record::filter::Filter, { "type": "string", "format": "filter" };
    crate::operation::query_input::SortInput, { "type": "string" };
    crate::operation::input::MergePatch, { "type": "object", "additionalProperties": true };
}

impl JsonSchema for crate::Money {
    fn schema_name() -> Cow<'static, str> {
        "Money".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "An amount of money.",
            "properties": {
                "amount": { "type": "string", "format": "decimal", "description": "The amount, exact, with a point." },
                "currency": { "type": "string", "description": "The currency, ISO 4217." },
            },
            "required": ["amount", "currency"],
            "additionalProperties": false,
        })
    }
}

impl<R: JsonSchema> JsonSchema for crate::operation::input::RecordInput<R> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        R::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<R>()
    }
}

/// The name under which [`AnyRecord`](crate::operation::input::AnyRecord) is referred to: it stands for every record type.
pub(super) const ANY: &str = "AnyRecord";

impl JsonSchema for crate::operation::input::AnyRecord {
    fn schema_name() -> Cow<'static, str> {
        ANY.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object" })
    }
}

/// A record comes out in the form in which it goes in.
impl JsonSchema for crate::record::set::Found {
    fn schema_name() -> Cow<'static, str> {
        ANY.into()
    }

    fn schema_id() -> Cow<'static, str> {
        crate::operation::input::AnyRecord::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        crate::operation::input::AnyRecord::json_schema(generator)
    }
}

/// Why an operation failed.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "it is only described")]
struct ErrorObject {
    /// The stable code, for example `field.unknown`.
    code: String,
    /// What sort of failure it is.
    kind: String,
    /// The stable number of the kind.
    status: u16,
    /// The field, row or position that the error is about.
    path: Option<String>,
    /// The reason in words, without personal data.
    reason: String,
    /// Details that a program can read.
    details: serde_json::Map<String, serde_json::Value>,
}

impl JsonSchema for crate::CrmError {
    fn schema_name() -> Cow<'static, str> {
        ErrorObject::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        ErrorObject::json_schema(generator)
    }
}
