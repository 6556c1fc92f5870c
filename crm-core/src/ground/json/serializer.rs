//! What turns whatever serialises into the pieces of JSON, in the forms that serde_json gives them.

use std::fmt::{self, Display};

use serde::Serialize;
use serde::ser::{
    self, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

use super::{Container, JsonText, Sink};

/// A value has no form in JSON. What it said about that may hold a value and stays where it was said.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unwritable;

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the value has no form in JSON")
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

type Done = Result<(), Unwritable>;

/// What the next piece is written as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// A value.
    Value,
    /// The name of a member.
    Name,
    /// A value that is JSON text already.
    Json,
}

/// Writes one value, or one name.
pub(super) struct Writer<'s> {
    sink: &'s mut dyn Sink,
    place: Place,
}

impl<'s> Writer<'s> {
    pub(super) fn new(sink: &'s mut dyn Sink) -> Self {
        Self { sink, place: Place::Value }
    }

    /// The sink, for what can be no name.
    fn value(self) -> Result<&'s mut dyn Sink, Unwritable> {
        if self.place == Place::Value { Ok(self.sink) } else { Err(Unwritable) }
    }

    fn text(self, text: &str) {
        match self.place {
            Place::Value => self.sink.text(text),
            Place::Name => self.sink.name(text),
            Place::Json => self.sink.json(text),
        }
    }

    fn begin(self, container: Container, size: usize) -> Result<Parts<'s>, Unwritable> {
        let sink = self.value()?;
        sink.begin(container, size);
        Ok(Parts { sink, container, in_variant: false })
    }

    /// A variant with content is an object with the name of the variant and the content.
    fn begin_variant(
        self,
        variant: &str,
        container: Container,
        size: usize,
    ) -> Result<Parts<'s>, Unwritable> {
        let sink = self.value()?;
        sink.begin(Container::Object, 1);
        sink.name(variant);
        sink.begin(container, size);
        Ok(Parts { sink, container, in_variant: true })
    }
}

impl<'s> Serializer for Writer<'s> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Parts<'s>;
    type SerializeTuple = Parts<'s>;
    type SerializeTupleStruct = Parts<'s>;
    type SerializeTupleVariant = Parts<'s>;
    type SerializeMap = Parts<'s>;
    type SerializeStruct = Parts<'s>;
    type SerializeStructVariant = Parts<'s>;

    fn is_human_readable(&self) -> bool {
        self.place != Place::Json
    }

    fn serialize_bool(self, value: bool) -> Done {
        self.value()?.boolean(value);
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Done {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Done {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Done {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Done {
        self.value()?.integer(value);
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Done {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Done {
        self.value()?.unsigned(value);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Done {
        self.value()?.number(value);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Done {
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Done {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Done {
        value.serialize(self)
    }

    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.value()?.null();
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Done {
        if name == JsonText::NAME && self.place == Place::Value {
            return value.serialize(Writer { sink: self.sink, place: Place::Json });
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        let mut parts = self.begin(Container::Object, 1)?;
        parts.member(variant, value)?;
        parts.close()
    }

    fn serialize_seq(self, size: Option<usize>) -> Result<Parts<'s>, Unwritable> {
        self.begin(Container::List, size.unwrap_or_default())
    }

    fn serialize_tuple(self, size: usize) -> Result<Parts<'s>, Unwritable> {
        self.begin(Container::List, size)
    }

    fn serialize_tuple_struct(self, _: &'static str, size: usize) -> Result<Parts<'s>, Unwritable> {
        self.begin(Container::List, size)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        size: usize,
    ) -> Result<Parts<'s>, Unwritable> {
        self.begin_variant(variant, Container::List, size)
    }

    fn serialize_map(self, size: Option<usize>) -> Result<Parts<'s>, Unwritable> {
        self.begin(Container::Object, size.unwrap_or_default())
    }

    fn serialize_struct(self, _: &'static str, size: usize) -> Result<Parts<'s>, Unwritable> {
        self.begin(Container::Object, size)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        size: usize,
    ) -> Result<Parts<'s>, Unwritable> {
        self.begin_variant(variant, Container::Object, size)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Done {
        match self.place {
            Place::Value => self.sink.shown(&value),
            Place::Name | Place::Json => self.text(&value.to_string()),
        }
        Ok(())
    }
}

/// Writes what is in a list or an object, and closes it.
pub(super) struct Parts<'s> {
    sink: &'s mut dyn Sink,
    container: Container,
    in_variant: bool,
}

impl Parts<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        value.serialize(Writer::new(&mut *self.sink))
    }

    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Done {
        self.sink.name(name);
        self.item(value)
    }

    #[expect(clippy::unnecessary_wraps, reason = "it is what the traits ask for")]
    fn close(self) -> Done {
        self.sink.end(self.container);
        if self.in_variant {
            self.sink.end(Container::Object);
        }
        Ok(())
    }
}

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Done {
        key.serialize(Writer { sink: &mut *self.sink, place: Place::Name })
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
        self.item(value)
    }

    fn end(self) -> Done {
        self.close()
    }
}

/// The traits of what has items only.
macro_rules! items {
    ($($of:ident $item:ident;)+) => {$(
        impl $of for Parts<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn $item<T: Serialize + ?Sized>(&mut self, value: &T) -> Done {
                self.item(value)
            }

            fn end(self) -> Done {
                self.close()
            }
        }
    )+};
}

items! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

/// The traits of what has members with names.
macro_rules! members {
    ($($of:ident;)+) => {$(
        impl $of for Parts<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Done {
                self.member(name, value)
            }

            fn end(self) -> Done {
                self.close()
            }
        }
    )+};
}

members! {
    SerializeStruct;
    SerializeStructVariant;
}
