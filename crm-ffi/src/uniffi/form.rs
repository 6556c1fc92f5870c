//! How typed values become JSON and come from it.
//!
//! Written by hand and not derived with serde, because these conversions know what a host leaves out: an empty identifier
//! is none, a list without items is not said, and what is wrong is named by its path.

use std::collections::HashMap;

use crm_core::CrmError;
use serde_json::{Map, Value as Json};

use super::bridge::{Filter, JsonText};

/// The first thing in a result that is not as the types say. The types and the engine are of one build, so this is a
/// defect, and it is told as one.
#[derive(Default)]
pub(crate) struct Fault(pub(super) Option<&'static str>);

impl Fault {
    fn note(&mut self, what: &'static str) {
        self.0.get_or_insert(what);
    }
}

/// The first thing in an input that cannot become JSON, with its path.
#[derive(Default)]
pub(crate) struct Wrong(Option<CrmError>);

impl Wrong {
    fn note(&mut self, error: CrmError) {
        self.0.get_or_insert(error);
    }

    /// Runs a part, and puts its place in front of the path of what is wrong in it.
    fn within<T>(&mut self, part: impl FnOnce(&mut Self) -> T, place: impl FnOnce() -> String) -> T {
        if self.0.is_some() {
            return part(self);
        }
        let value = part(self);
        if let Some(error) = self.0.take() {
            self.0 = Some(error.within(&place()));
        }
        value
    }

    pub(super) fn check(self) -> crm_core::Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// A value with a JSON form.
pub(crate) trait Form: Sized {
    /// Reads the value; what does not fit is noted, and the value is empty.
    fn read(json: Json, fault: &mut Fault) -> Self;

    /// Its JSON.
    fn write(self, wrong: &mut Wrong) -> Json;

    /// The value of a member that is not there.
    fn empty(fault: &mut Fault) -> Self {
        Self::read(Json::Null, fault)
    }

    /// Whether a member with this value is left out.
    fn is_empty(&self) -> bool {
        false
    }
}

impl Form for () {
    fn read(_: Json, _: &mut Fault) -> Self {}

    fn write(self, _: &mut Wrong) -> Json {
        Json::Null
    }
}

impl Form for String {
    fn read(json: Json, fault: &mut Fault) -> Self {
        match json {
            Json::String(text) => text,
            _ => {
                fault.note("text");
                Self::new()
            }
        }
    }

    fn write(self, _: &mut Wrong) -> Json {
        Json::String(self)
    }

    fn empty(_: &mut Fault) -> Self {
        Self::new()
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl Form for bool {
    fn read(json: Json, fault: &mut Fault) -> Self {
        json.as_bool().unwrap_or_else(|| {
            fault.note("boolean");
            false
        })
    }

    fn write(self, _: &mut Wrong) -> Json {
        Json::Bool(self)
    }
}

/// Numbers, each with the way out of a JSON number.
macro_rules! numbers {
    ($($number:ty, $read:expr;)+) => {$(
        impl Form for $number {
            fn read(json: Json, fault: &mut Fault) -> Self {
                let read: fn(&Json) -> Option<Self> = $read;
                read(&json).unwrap_or_else(|| {
                    fault.note(stringify!($number));
                    Self::default()
                })
            }

            fn write(self, _: &mut Wrong) -> Json {
                Json::from(self)
            }

            fn empty(_: &mut Fault) -> Self {
                Self::default()
            }

            #[allow(clippy::float_cmp, reason = "nothing but the default itself is left out")]
            fn is_empty(&self) -> bool {
                *self == Self::default()
            }
        }
    )+};
}

numbers! {
    i64, Json::as_i64;
    u64, Json::as_u64;
    i32, |json| json.as_i64().and_then(|number| number.try_into().ok());
    u32, |json| json.as_u64().and_then(|number| number.try_into().ok());
    f64, Json::as_f64;
}

impl<T: Form> Form for Option<T> {
    fn read(json: Json, fault: &mut Fault) -> Self {
        match json {
            Json::Null => None,
            json => Some(T::read(json, fault)),
        }
    }

    fn write(self, wrong: &mut Wrong) -> Json {
        self.map_or(Json::Null, |value| value.write(wrong))
    }

    fn is_empty(&self) -> bool {
        self.is_none()
    }
}

impl<T: Form> Form for Vec<T> {
    fn read(json: Json, fault: &mut Fault) -> Self {
        match json {
            Json::Array(items) => items.into_iter().map(|item| T::read(item, fault)).collect(),
            Json::Null => Self::new(),
            _ => {
                fault.note("list");
                Self::new()
            }
        }
    }

    fn write(self, wrong: &mut Wrong) -> Json {
        let item = |(at, item): (usize, T)| wrong.within(|wrong| item.write(wrong), || format!("[{at}]"));
        Json::Array(self.into_iter().enumerate().map(item).collect())
    }

    fn is_empty(&self) -> bool {
        self.is_empty()
    }
}

impl<T: Form> Form for HashMap<String, T> {
    fn read(json: Json, fault: &mut Fault) -> Self {
        match json {
            Json::Object(members) => {
                members.into_iter().map(|(name, value)| (name, T::read(value, fault))).collect()
            }
            Json::Null => Self::new(),
            _ => {
                fault.note("object");
                Self::new()
            }
        }
    }

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
    fn read(json: Json, _: &mut Fault) -> Self {
        Self(json.to_string())
    }

    fn write(self, wrong: &mut Wrong) -> Json {
        serde_json::from_str(&self.0).unwrap_or_else(|_| {
            wrong.note(CrmError::invalid("input.json", "is not JSON"));
            Json::Null
        })
    }
}

impl Form for Filter {
    fn read(json: Json, _: &mut Fault) -> Self {
        match json {
            Json::String(text) => Self(text),
            json => Self(json.to_string()),
        }
    }

    fn write(self, wrong: &mut Wrong) -> Json {
        // The text form never begins with a brace, the JSON form always does.
        if self.0.trim_start().starts_with('{') {
            return JsonText(self.0).write(wrong);
        }
        Json::String(self.0)
    }
}

/// A closed list of keys.
pub(crate) trait Keyed: Copy + PartialEq + Sized + 'static {
    /// Each key with its variant.
    const KEYS: &'static [(&'static str, Self)];
}

/// The form of a closed list of keys.
macro_rules! keyed {
    ($name:ident) => {
        impl Form for $name {
            fn read(json: Json, fault: &mut Fault) -> Self {
                $crate::uniffi::form::read_key(&json, fault)
            }

            fn write(self, _: &mut Wrong) -> Json {
                $crate::uniffi::form::write_key(self)
            }
        }
    };
}
pub(crate) use keyed;

pub(crate) fn read_key<K: Keyed>(json: &Json, fault: &mut Fault) -> K {
    let found = json.as_str().and_then(|key| K::KEYS.iter().find(|(name, _)| *name == key));
    found.map_or_else(
        || {
            fault.note("key");
            K::KEYS[0].1
        },
        |(_, variant)| *variant,
    )
}

pub(crate) fn write_key<K: Keyed>(variant: K) -> Json {
    let found = K::KEYS.iter().find(|(_, one)| *one == variant);
    found.map_or(Json::Null, |(key, _)| Json::String((*key).to_owned()))
}

/// The members of an object on its way in or out.
#[derive(Default)]
pub(crate) struct Members {
    members: Map<String, Json>,
    wrong: Wrong,
}

impl Members {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn of(json: Json, fault: &mut Fault) -> Self {
        let Json::Object(members) = json else {
            fault.note("object");
            return Self::new();
        };
        Self { members, wrong: Wrong::default() }
    }

    /// A member that may be missing.
    pub(crate) fn take<T: Form>(&mut self, name: &str, fault: &mut Fault) -> T {
        match self.members.swap_remove(name) {
            None | Some(Json::Null) => T::empty(fault),
            Some(json) => T::read(json, fault),
        }
    }

    /// A member that is always there, unless the record says that it was left blank.
    pub(crate) fn require<T: Form>(&mut self, name: &str, fault: &mut Fault) -> T {
        match self.members.swap_remove(name) {
            Some(value) => T::read(value, fault),
            None if self.is_redacted(name) => T::read(Json::Null, &mut Fault::default()),
            None => T::read(Json::Null, fault),
        }
    }

    /// Whether the session may not see a member.
    fn is_redacted(&self, name: &str) -> bool {
        let named = self.members.get("redactions").and_then(Json::as_array);
        named.is_some_and(|named| named.iter().any(|redaction| redaction["field"] == name))
    }

    /// What is left and is a custom field.
    pub(crate) fn custom(self) -> HashMap<String, JsonText> {
        let custom = self.members.into_iter().filter(|(name, value)| is_custom(name) && !value.is_null());
        custom.map(|(name, value)| (name, JsonText(value.to_string()))).collect()
    }

    /// Puts a member in unless it is empty.
    pub(crate) fn put<T: Form>(&mut self, name: &str, value: T) {
        if !value.is_empty() {
            self.give(name, value);
        }
    }

    /// Puts a member in that must be given.
    pub(crate) fn give<T: Form>(&mut self, name: &str, value: T) {
        let value = self.wrong.within(|wrong| value.write(wrong), || name.to_owned());
        self.members.insert(name.to_owned(), value);
    }

    /// Puts custom fields in, in the order of their names.
    pub(crate) fn put_custom(&mut self, custom: HashMap<String, JsonText>) {
        let mut custom: Vec<_> = custom.into_iter().collect();
        custom.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        for (name, value) in custom {
            // A built-in field under this name would be set behind the typed one.
            if is_custom(&name) {
                self.give(&name, value);
            } else {
                let error =
                    CrmError::invalid("field.unknown", "is no custom field: its name does not begin with x_");
                self.wrong.note(error.at(name));
            }
        }
    }

    /// The object, and what is wrong with it told to what it is part of.
    pub(crate) fn into_json(self, wrong: &mut Wrong) -> Json {
        if let Some(error) = self.wrong.0 {
            wrong.note(error);
        }
        Json::Object(self.members)
    }
}

fn is_custom(name: &str) -> bool {
    name.starts_with("x_")
}
