//! JSON as a tree of values.

use std::fmt::Display;

use serde_json::{Map, Value as Json};

use super::{Container, Sink};

/// For how many members or items room is made beforehand, at most: what is said of them may be wrong.
const MOST_AT_ONCE: usize = 1_024;

/// Builds a value.
#[derive(Default)]
pub(crate) struct TreeSink {
    /// What was begun and not ended yet, the outermost first, each with the name that it has in the object around it.
    open: Vec<(String, Json)>,
    /// The name of the member that comes next.
    name: String,
    value: Json,
}

impl TreeSink {
    /// The value that was written.
    pub(crate) fn into_value(self) -> Json {
        self.value
    }

    fn put(&mut self, value: Json) {
        match self.open.last_mut() {
            Some((_, Json::Array(items))) => items.push(value),
            Some((_, Json::Object(members))) => {
                members.insert(std::mem::take(&mut self.name), value);
            }
            _ => self.value = value,
        }
    }
}

impl Sink for TreeSink {
    fn null(&mut self) {
        self.put(Json::Null);
    }

    fn boolean(&mut self, value: bool) {
        self.put(Json::Bool(value));
    }

    fn integer(&mut self, value: i64) {
        self.put(Json::from(value));
    }

    fn unsigned(&mut self, value: u64) {
        self.put(Json::from(value));
    }

    fn number(&mut self, value: f64) {
        self.put(Json::from(value));
    }

    fn text(&mut self, value: &str) {
        self.put(Json::String(value.to_owned()));
    }

    fn shown(&mut self, value: &dyn Display) {
        self.put(Json::String(value.to_string()));
    }

    fn json(&mut self, text: &str) {
        self.put(serde_json::from_str(text).unwrap_or(Json::Null));
    }

    fn begin(&mut self, container: Container, size: usize) {
        // An object that grows sorts its members in anew each time.
        let size = size.min(MOST_AT_ONCE);
        let empty = match container {
            Container::List => Json::Array(Vec::with_capacity(size)),
            Container::Object => Json::Object(Map::with_capacity(size)),
        };
        self.open.push((std::mem::take(&mut self.name), empty));
    }

    fn name(&mut self, name: &str) {
        name.clone_into(&mut self.name);
    }

    fn end(&mut self, _: Container) {
        if let Some((name, value)) = self.open.pop() {
            self.name = name;
            self.put(value);
        }
    }
}
