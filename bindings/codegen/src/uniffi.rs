//! The UniFFI surface: typed records and one object for each area, as Rust files of `crm-ffi`.
//!
//! They are files, not a macro, because UniFFI's coming source parsers do not see what macros write, and because a
//! reader of the crate shall find the methods that the languages have.

mod areas;
mod place;
mod types;
mod words;

use crate::files::{File, MARK};
use crate::model::Api;
use place::Places;

const FOLDER: &str = "crm-ffi/src/uniffi/generated";

/// The Rust files of the surface: one for each area with its types, one for the types that areas share.
pub fn sources(api: &Api) -> Vec<File> {
    let places = Places::of(api);
    let mut files = vec![File::new(format!("{FOLDER}/mod.rs"), index(api))];
    let shared = types::write(api, &places, place::SHARED);
    let begin = head("The types that several areas share.", api, &places, place::SHARED, &[]);
    files.push(File::new(format!("{FOLDER}/{}.rs", place::SHARED), format!("{begin}{shared}")));
    for area in &api.areas {
        let object = areas::object(area);
        let types = types::write(api, &places, &area.name);
        let documentation = words::first_sentence(&area.documentation);
        let begin = head(&documentation, api, &places, &area.name, &areas::named(area));
        files.push(File::new(format!("{FOLDER}/{}.rs", area.name), format!("{begin}{object}{types}")));
    }
    files
}

/// The beginning of a file: what it is, and what it takes from its neighbours.
fn head(documentation: &str, api: &Api, places: &Places<'_>, file: &str, named: &[String]) -> String {
    let mut foreign: Vec<&str> = named.iter().map(String::as_str).collect();
    for name in places.types_in(file) {
        for member in api.type_def(name).members() {
            foreign.extend(words::name_in(&member.kind));
        }
    }
    foreign.retain(|name| places.file_of(name) != file);
    foreign.sort_unstable();
    foreign.dedup();
    let mut out = format!("// {MARK}\n\n//! {documentation}\n\n");
    if !foreign.is_empty() {
        out.push_str(&format!("use super::{{{}}};\n", foreign.join(", ")));
    }
    out.push_str("use crate::uniffi::bridge::prelude::*;\n");
    out
}

fn index(api: &Api) -> String {
    let mut out =
        format!("// {MARK}\n\n//! A typed record for every type, and an object for every area.\n\n");
    let mut modules: Vec<&str> = api.areas.iter().map(|area| area.name.as_str()).collect();
    modules.push(place::SHARED);
    modules.sort_unstable();
    for module in &modules {
        out.push_str(&format!("mod {module};\n"));
    }
    out.push('\n');
    for module in &modules {
        out.push_str(&format!("pub use {module}::*;\n"));
    }
    out.push_str("\nuse super::Session;\n");
    out.push_str("use std::sync::Arc;\n\n/// The areas.\n#[uniffi::export]\nimpl Session {\n");
    for area in &api.areas {
        out.push_str(&words::documented(&area.documentation, "    "));
        out.push_str(&format!(
            "    pub fn {}(&self) -> Arc<{name}> {{\n        Arc::new({name}(self.bridge()))\n    }}\n\n",
            area.name,
            name = areas::name_of(area),
        ));
    }
    format!("{}\n}}\n", out.trim_end())
}
