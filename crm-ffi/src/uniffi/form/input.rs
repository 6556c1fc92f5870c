//! The members of an input.

use std::collections::HashMap;

use crm_core::CrmError;
use serde_json::{Map, Value as Json};

use super::Form;
use crate::uniffi::bridge::JsonText;

/// The first thing in an input that cannot become JSON, with its path.
#[derive(Default)]
pub(crate) struct Wrong(Option<CrmError>);

impl Wrong {
    pub(super) fn note(&mut self, error: CrmError) {
        self.0.get_or_insert(error);
    }

    /// Runs a part, and puts its place in front of the path of what is wrong in it.
    pub(super) fn within<T>(
        &mut self,
        part: impl FnOnce(&mut Self) -> T,
        place: impl FnOnce() -> String,
    ) -> T {
        if self.0.is_some() {
            return part(self);
        }
        let value = part(self);
        if let Some(error) = self.0.take() {
            self.0 = Some(error.within(&place()));
        }
        value
    }

    pub(in crate::uniffi) fn check(self) -> crm_core::Result<()> {
        self.0.map_or(Ok(()), Err)
    }
}

/// The members of an object on its way in.
#[derive(Default)]
pub(crate) struct Members {
    members: Map<String, Json>,
    wrong: Wrong,
}

impl Members {
    pub(crate) fn new() -> Self {
        Self::default()
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

/// Whether a member of a record with this name is a custom field.
pub(super) fn is_custom(name: &str) -> bool {
    name.starts_with("x_")
}
