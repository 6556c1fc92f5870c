//! Typed records: the struct of a record type, and how its fields become values.

use std::collections::BTreeMap;

use super::descriptor::{FieldKind, TypeDescriptor};
use super::value::Value;
use crate::error::Result;
use crate::ground::ids::RecordId;
use crate::ground::time::Timestamp;

/// A typed identifier that a link field can hold.
pub trait LinkId: Copy + From<RecordId> + Into<RecordId> + 'static {
    /// The name of the record type that it points at.
    const TARGET: &'static str;
}

/// A record type declared as a struct. Implemented by `#[derive(Record)]`.
pub trait Record: Clone + Default + 'static {
    /// The typed identifier.
    type Id: LinkId;
    /// The name of the type, in snake_case.
    const NAME: &'static str;

    /// The names of the declared fields, in their order.
    const FIELDS: &'static [&'static str];

    /// What the struct declares.
    fn descriptor() -> TypeDescriptor;

    /// What every record has.
    fn meta(&self) -> &Meta;

    /// What every record has, to be changed.
    fn meta_mut(&mut self) -> &mut Meta;

    /// Appends the values of the declared fields, in their order, and gives what every record has.
    fn into_values(self, values: &mut Vec<Value>) -> Meta;

    /// Takes the values of the declared fields, in their order.
    ///
    /// # Errors
    /// `storage.value` when a value is not of the field's type: the database was damaged.
    fn from_values(meta: Meta, values: &mut std::vec::IntoIter<Value>) -> Result<Self>;

    /// The typed identifier of this record; nil before it is created.
    fn id(&self) -> Self::Id {
        Self::Id::from(self.meta().id)
    }
}

/// A Rust type that a field of a record may have.
pub trait FieldType: Sized {
    /// Whether a value must be given. Where none need be, none is what `Default` makes.
    const REQUIRED: bool;

    /// The kind that the type stands for, unless an attribute says otherwise.
    fn kind() -> FieldKind;

    /// The value of a new record that says nothing, for types that have one: the marked option of a select.
    fn default_value() -> Option<Value> {
        None
    }

    /// The JSON schema of the type, when it says more than its kind does.
    #[cfg(feature = "schema")]
    fn schema(_generator: &mut schemars::SchemaGenerator) -> Option<schemars::Schema> {
        None
    }

    /// The value for the engine. Missing required values (empty text, nil links) become null.
    fn into_value(self) -> Value;

    /// The Rust value.
    ///
    /// # Errors
    /// `storage.value` when the value is of another type.
    fn from_value(value: Value) -> Result<Self>;
}

/// What every record has.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Meta {
    /// The identifier, a UUIDv7. Nil until the record is created; a host may set its own before.
    pub id: RecordId,
    /// Counts the changes, from 1. An update with an older version is a conflict.
    pub version: i64,
    /// When the record was created.
    pub created_at: Timestamp,
    /// The user who created it; nil for the system.
    pub created_by: RecordId,
    /// When it was changed last.
    pub updated_at: Timestamp,
    /// The user who changed it last; nil for the system.
    pub updated_by: RecordId,
    /// The user who is responsible for it.
    pub owner: Option<RecordId>,
    /// The team that is responsible for it.
    pub team: Option<RecordId>,
    /// The values of custom fields by name (`x_…`). A field without a value is left out.
    pub custom: BTreeMap<String, Value>,
    /// The fields that the session may not see, each with its reason; they are blank in the record.
    pub redactions: Vec<Redaction>,
}

/// A field that was left blank because the session may not see it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Redaction {
    /// The name of the field.
    pub field: String,
    /// Why, as a stable code.
    pub reason: String,
}

/// What the code that `#[derive(Record)]` writes calls. Not for anybody else.
#[doc(hidden)]
pub mod derived {
    use super::super::descriptor::{FieldDescriptor, FieldKind, TypeDescriptor};
    use super::{FieldType, LinkId, Meta, Value};
    use crate::error::{CrmError, ErrorKind, Result};

    pub use crate::impl_record_json as impl_json;
    #[cfg(feature = "schema")]
    pub use schemars;
    pub use serde;

    /// The name of a record type, after a check at compile time that the identifier is of that type.
    pub const fn name_of<Id: LinkId>(name: &'static str) -> &'static str {
        assert!(is_same(Id::TARGET, name), "the identifier belongs to another record type");
        name
    }

    /// Whether two texts are the same, at compile time.
    pub const fn is_same(left: &str, right: &str) -> bool {
        let (left, right) = (left.as_bytes(), right.as_bytes());
        let mut position = 0;
        while position < left.len() && position < right.len() && left[position] == right[position] {
            position += 1;
        }
        position == left.len() && position == right.len()
    }

    /// A field as it is declared. A record has a table of these and no code that builds its descriptor, because every library
    /// and every download has all records.
    pub struct Declared {
        name: &'static str,
        description: &'static str,
        kind: fn() -> FieldKind,
        required: bool,
        default: fn() -> Option<Value>,
        attributes: Option<fn(FieldDescriptor) -> FieldDescriptor>,
    }

    impl Declared {
        /// A field of a Rust type.
        pub const fn of<T: FieldType>(name: &'static str, description: &'static str) -> Self {
            Self {
                name,
                description,
                kind: T::kind,
                required: T::REQUIRED,
                default: T::default_value,
                attributes: None,
            }
        }

        /// A field of another kind than its type stands for.
        pub const fn kind(self, kind: fn() -> FieldKind) -> Self {
            Self { kind, ..self }
        }

        /// A field with what its attributes say.
        pub const fn attributes(self, attributes: fn(FieldDescriptor) -> FieldDescriptor) -> Self {
            Self { attributes: Some(attributes), ..self }
        }

        fn descriptor(&self) -> FieldDescriptor {
            let field = FieldDescriptor::new(self.name, (self.kind)());
            let field = if self.required { field.required() } else { field };
            let field = match (self.default)() {
                Some(value) => field.default_value(value),
                None => field,
            };
            let field = field.describe(self.description);
            match self.attributes {
                Some(attributes) => attributes(field),
                None => field,
            }
        }
    }

    /// A record with its fields.
    pub fn with_fields(record: TypeDescriptor, fields: &[Declared]) -> TypeDescriptor {
        fields.iter().fold(record, |record, field| record.field(field.descriptor()))
    }

    /// Appends the value of a field.
    pub fn put<T: FieldType>(values: &mut Vec<Value>, field: T) {
        values.push(field.into_value());
    }

    /// Fills the fields of a record in their order. Written so that what is compiled for each field of each record is one
    /// call with two pointers: records are many, and every library and every download has the code of all.
    pub struct Filling<'f> {
        meta: &'f Meta,
        names: std::slice::Iter<'static, &'static str>,
        values: &'f mut std::vec::IntoIter<Value>,
        failure: Option<CrmError>,
    }

    impl<'f> Filling<'f> {
        /// Fills fields with these names.
        pub fn new(
            meta: &'f Meta,
            names: &'static [&'static str],
            values: &'f mut std::vec::IntoIter<Value>,
        ) -> Self {
            Self { meta, names: names.iter(), values, failure: None }
        }

        /// Fills the next field, unless one before it could not be filled. A redacted field is left blank, whether its type
        /// knows nothing or not.
        pub fn fill<T: FieldType>(&mut self, field: &mut T) {
            let Some((name, value)) = self.next(T::REQUIRED) else { return };
            match T::from_value(value) {
                Ok(value) => *field = value,
                Err(error) => self.failure = Some(error.at(name)),
            }
        }

        /// The next field and its value; none where the field stays blank, as most do, and after a failure.
        fn next(&mut self, required: bool) -> Option<(&'static str, Value)> {
            let name = *self.names.next()?;
            if self.failure.is_some() {
                return None;
            }
            let Some(value) = self.values.next() else {
                let missing = CrmError::new(ErrorKind::Corrupt, "storage.value", "is missing from the row");
                self.failure = Some(missing.at(name));
                return None;
            };
            let blank = value.is_null()
                && (!required || self.meta.redactions.iter().any(|redaction| redaction.field == name));
            (!blank).then_some((name, value))
        }

        /// Tells whether all could be filled.
        ///
        /// # Errors
        /// `storage.value`, naming the first field that could not.
        pub fn finish(self) -> Result<()> {
            self.failure.map_or(Ok(()), Err)
        }
    }
}
