//! Which file has which type: that of the only area that uses it, or the shared one.

use std::collections::{BTreeMap, BTreeSet};

use super::words::name_in;
use crate::model::{Api, Area, Input};

/// The file with the types that several areas use.
pub(super) const SHARED: &str = "shared";

/// The file of every type.
pub(super) struct Places<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Places<'a> {
    pub(super) fn of(api: &'a Api) -> Self {
        let mut places: BTreeMap<&str, &str> = api.types.keys().map(|name| (name.as_str(), SHARED)).collect();
        let mut users: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for area in &api.areas {
            for name in reached(api, area) {
                users.entry(name).or_default().insert(&area.name);
            }
        }
        for (name, areas) in users {
            if let (Some(area), 1) = (areas.first(), areas.len()) {
                places.insert(name, area);
            }
        }
        // A record is looked for where its area is, whoever else gives it.
        for area in &api.areas {
            if let Some(record) = &area.record {
                places.insert(record, &area.name);
            }
        }
        Self(places)
    }

    pub(super) fn file_of(&self, name: &str) -> &'a str {
        self.0.get(name).copied().unwrap_or(SHARED)
    }

    pub(super) fn types_in(&self, file: &str) -> Vec<&'a str> {
        self.0.iter().filter(|(_, place)| **place == file).map(|(name, _)| *name).collect()
    }
}

/// The names of the types that an area's operations take and give, with all that is in them.
fn reached<'a>(api: &'a Api, area: &'a Area) -> BTreeSet<&'a str> {
    let mut todo: Vec<&str> = area.operations.iter().flat_map(of_operation).collect();
    let mut found = BTreeSet::new();
    while let Some(name) = todo.pop() {
        if found.insert(name) {
            todo.extend(api.type_def(name).members().iter().filter_map(|member| name_in(&member.kind)));
        }
    }
    found
}

/// The names of the types that an operation takes and gives.
pub(super) fn of_operation(operation: &crate::model::Operation) -> Vec<&str> {
    let mut names: Vec<&str> = operation.output.iter().filter_map(name_in).collect();
    match &operation.input {
        Input::Record(name) => names.push(name),
        Input::Members(members) => names.extend(members.iter().filter_map(|member| name_in(&member.kind))),
    }
    names
}
