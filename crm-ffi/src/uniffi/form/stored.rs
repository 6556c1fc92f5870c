//! JSON text as pieces.

use std::fmt;

use crm_core::operation::{Container, Sink};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Gives the pieces of a JSON text to a sink. `false` when it is not JSON; the sink may have got a part of it then.
pub(super) fn read(text: &str, sink: &mut dyn Sink) -> bool {
    let mut from = serde_json::Deserializer::from_str(text);
    Pieces(sink).deserialize(&mut from).is_ok() && from.end().is_ok()
}

/// Takes one value.
struct Pieces<'s>(&'s mut dyn Sink);

impl<'de> DeserializeSeed<'de> for Pieces<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Pieces<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.null();
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.0.boolean(value);
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.0.integer(value);
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.unsigned(value);
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.0.number(value);
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.text(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.begin(Container::List, items.size_hint().unwrap_or_default());
        while items.next_element_seed(Pieces(&mut *self.0))?.is_some() {}
        self.0.end(Container::List);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        self.0.begin(Container::Object, members.size_hint().unwrap_or_default());
        while members.next_key_seed(Name(&mut *self.0))?.is_some() {
            members.next_value_seed(Pieces(&mut *self.0))?;
        }
        self.0.end(Container::Object);
        Ok(())
    }
}

/// Takes the name of a member.
struct Name<'s>(&'s mut dyn Sink);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E>(self, name: &str) -> Result<(), E> {
        self.0.name(name);
        Ok(())
    }
}
