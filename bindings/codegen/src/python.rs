//! The Python types and areas: dataclasses and one class for each area, over one call with JSON.
//!
//! UniFFI could give Python typed records, too; but its Python is untyped where it matters to mypy, and ten times slower than
//! JSON for a page of records. So only the handles come from UniFFI, and what is typed is ordinary Python.

mod areas;
mod types;
mod words;

use crate::files::{File, MARK};
use crate::model::Api;

const FOLDER: &str = "bindings/python/python/crm";

/// The Python files.
pub fn sources(api: &Api) -> Vec<File> {
    vec![
        File::new(format!("{FOLDER}/types.py"), types::write(api)),
        File::new(format!("{FOLDER}/areas.py"), areas::write(api)),
    ]
}

fn head(documentation: &str) -> String {
    format!("# {MARK}\n\"\"\"{documentation}\"\"\"\n\nfrom __future__ import annotations\n\n")
}
