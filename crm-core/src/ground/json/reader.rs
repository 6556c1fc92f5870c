//! Typed values from JSON.
//!
//! One reader for all of them, over the tree of a value; text becomes a tree first. `serde_json` brings the code of a
//! type once for trees and once for texts, and in each of them once more for a struct that is written as a list, which no
//! schema of ours knows. That is a good part of what a browser downloads.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, IntoDeserializer,
    Unexpected, VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Map, Value as Json};

/// Reads a value from a tree. A struct is read from an object only.
///
/// # Errors
/// In the words of `serde_json`, without a place.
pub(crate) fn read<T: DeserializeOwned>(json: Json) -> Result<T, Error> {
    T::deserialize(Tree(json))
}

/// Reads a value from a text.
///
/// # Errors
/// In the words of `serde_json`, with a place only when the text is no JSON.
pub(crate) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, Error> {
    read(serde_json::from_slice(text)?)
}

/// A value that is read.
struct Tree(Json);

impl Tree {
    #[cold]
    fn is_not(&self, expected: &dyn Expected) -> Error {
        let found = match &self.0 {
            Json::Null => Unexpected::Unit,
            Json::Bool(value) => Unexpected::Bool(*value),
            Json::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => Unexpected::Unsigned(value),
                (None, Some(value)) => Unexpected::Signed(value),
                (None, None) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Json::String(text) => Unexpected::Str(text),
            Json::Array(_) => Unexpected::Seq,
            Json::Object(_) => Unexpected::Map,
        };
        Error::invalid_type(found, expected)
    }
}

fn visit_list<'de, V: Visitor<'de>>(items: Vec<Json>, visitor: V) -> Result<V::Value, Error> {
    let mut items = SeqDeserializer::new(items.into_iter().map(Tree));
    let value = visitor.visit_seq(&mut items)?;
    items.end()?;
    Ok(value)
}

fn visit_object<'de, V: Visitor<'de>>(members: Map<String, Json>, visitor: V) -> Result<V::Value, Error> {
    let members = members.into_iter().map(|(name, value)| (Tree(Json::String(name)), Tree(value)));
    visitor.visit_map(MapDeserializer::new(members))
}

impl IntoDeserializer<'_, Error> for Tree {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Methods for what has one form in JSON.
macro_rules! read_from {
    ($form:ident as $visit:expr, by $($method:ident($($also:ident: $type:ty),*))+) => {$(
        fn $method<V: Visitor<'de>>(self, $($also: $type,)* visitor: V) -> Result<V::Value, Error> {
            match self.0 {
                Json::$form(content) => $visit(content, visitor),
                json => Err(Tree(json).is_not(&visitor)),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for Tree {
    type Error = Error;

    read_from!(Bool as |value, visitor: V| visitor.visit_bool(value), by deserialize_bool());
    read_from!(Number as Deserializer::deserialize_any, by
        deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_u8() deserialize_u16()
        deserialize_u32() deserialize_u64() deserialize_f32() deserialize_f64());
    read_from!(String as |text, visitor: V| visitor.visit_string(text), by
        deserialize_char() deserialize_str() deserialize_string() deserialize_identifier());
    read_from!(Array as visit_list, by
        deserialize_seq() deserialize_tuple(_length: usize)
        deserialize_tuple_struct(_name: &'static str, _length: usize));
    read_from!(Object as visit_object, by
        deserialize_map() deserialize_struct(_name: &'static str, _fields: &'static [&'static str]));

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::Null => visitor.visit_unit(),
            Json::Bool(value) => visitor.visit_bool(value),
            Json::Number(number) => number.deserialize_any(visitor),
            Json::String(text) => visitor.visit_string(text),
            Json::Array(items) => visit_list(items, visitor),
            Json::Object(members) => visit_object(members, visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Json::Null => visitor.visit_none(),
            json => visitor.visit_some(Tree(json)),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Json::Object(members) => {
                let mut members = members.into_iter();
                match (members.next(), members.next()) {
                    (Some((name, content)), None) => {
                        visitor.visit_enum(Variant { name, content: Some(content) })
                    }
                    _ => Err(Error::invalid_value(Unexpected::Map, &"map with a single key")),
                }
            }
            Json::String(name) => visitor.visit_enum(Variant { name, content: None }),
            json => Err(Tree(json).is_not(&"string or map")),
        }
    }

    forward_to_deserialize_any! { bytes byte_buf unit unit_struct ignored_any }
}

/// One of several forms of a value, `"name"` or `{"name": content}`.
struct Variant {
    name: String,
    content: Option<Json>,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Error;
    type Variant = Content;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Content), Error> {
        Ok((seed.deserialize(Tree(Json::String(self.name)))?, Content(self.content)))
    }
}

/// What stands beside the name of a form.
struct Content(Option<Json>);

impl<'de> VariantAccess<'de> for Content {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        match self.0 {
            None | Some(Json::Null) => Ok(()),
            Some(json) => Err(Tree(json).is_not(&"unit variant")),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Error> {
        match self.0 {
            Some(json) => seed.deserialize(Tree(json)),
            None => Err(Error::invalid_type(Unexpected::UnitVariant, &"newtype variant")),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _length: usize, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Some(Json::Array(items)) => visit_list(items, visitor),
            Some(json) => Err(Tree(json).is_not(&"tuple variant")),
            None => Err(Error::invalid_type(Unexpected::UnitVariant, &"tuple variant")),
        }
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Some(Json::Object(members)) => visit_object(members, visitor),
            Some(json) => Err(Tree(json).is_not(&"struct variant")),
            None => Err(Error::invalid_type(Unexpected::UnitVariant, &"struct variant")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;
    use serde_json::json;

    use super::read;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "it is only read into")]
    struct Sample {
        number: Option<u8>,
        shape: Shape,
        #[serde(default)]
        pairs: Vec<(i64, f64)>,
        #[serde(default)]
        named: BTreeMap<String, bool>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    #[expect(dead_code, reason = "it is only read into")]
    enum Shape {
        Point,
        Circle(u32),
        Box { width: u32 },
    }

    #[test]
    fn reads_what_serde_json_reads() {
        for json in [
            json!({"shape": "point"}),
            json!({"number": 7, "shape": {"circle": 2}, "pairs": [[-1, 0.5]], "named": {"a": true}}),
            json!({"number": null, "shape": {"box": {"width": 3}}}),
            json!({"number": 300, "shape": "point"}),
            json!({"number": -1, "shape": "point"}),
            json!({"number": "7", "shape": "point"}),
            json!({"shape": "line"}),
            json!({"shape": "circle"}),
            json!({"shape": {"circle": 2, "box": 1}}),
            json!({"shape": {"circle": "wide"}}),
            json!({"shape": 3}),
            json!({"shape": "point", "pairs": [[1]]}),
            json!({"shape": "point", "named": [1]}),
            json!({}),
            json!("point"),
            json!(null),
        ] {
            let shown = |read: Result<Sample, serde_json::Error>| read.map_err(|error| error.to_string());
            let expected = format!("{:?}", shown(serde_json::from_value(json.clone())));
            assert_eq!(format!("{:?}", shown(read(json.clone()))), expected, "{json}");
        }
    }

    #[test]
    fn a_struct_is_no_list() {
        let error = read::<Sample>(json!([7, "point", [], {}])).unwrap_err();
        assert_eq!(error.to_string(), "invalid type: sequence, expected struct Sample");
    }
}
