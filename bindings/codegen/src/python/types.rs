//! `types.py`: dataclasses and enumerations.

use super::words::{Lists, docstring, identifier, member, python, reader};
use crate::model::{Api, Member, Shape, Type, TypeDef};

pub(super) fn write(api: &Api) -> String {
    let mut out = super::head("What the operations take and give.");
    out.push_str(
        "from dataclasses import dataclass\n\
         from dataclasses import field as _field\n\
         from datetime import date, datetime\n\
         from decimal import Decimal\n\
         from enum import StrEnum\n\
         from typing import Any, Dict, List, Mapping, Optional, Union\n\n\
         from . import form\n\n\
         Json = Any\n\"\"\"Any JSON value: None, a bool, int, float, str, list or dict.\"\"\"\n\n\
         Filter = Union[str, Mapping[str, Any]]\n\
         \"\"\"A filter: its text form, such as `amount > 1000 EUR`, or its JSON form.\"\"\"\n",
    );
    for (name, definition) in &api.types {
        out.push_str("\n\n");
        out.push_str(&match &definition.shape {
            Shape::Enum(keys) => enumeration(name, definition, keys),
            Shape::Record(..) => structure(name, definition, "form.Record"),
            Shape::Struct(_) => structure(name, definition, "form.Struct"),
        });
    }
    out.push('\n');
    for (name, definition) in &api.types {
        out.push_str(&readers(api, name, definition));
    }
    out.push_str("\n__all__ = [\n    \"Filter\",\n    \"Json\",\n");
    for name in api.types.keys() {
        out.push_str(&format!("    \"{name}\",\n"));
    }
    out.push_str("]\n");
    out
}

fn enumeration(name: &str, definition: &TypeDef, keys: &[(String, String)]) -> String {
    let mut out = format!("class {name}(StrEnum):\n");
    let documentation = match definition.documentation.as_str() {
        "" => format!("One of {} keys.", keys.len()),
        text => text.to_owned(),
    };
    out.push_str(&docstring(&documentation, "    "));
    out.push('\n');
    for (key, documentation) in keys {
        out.push_str(&format!("    {} = \"{key}\"\n", member(key)));
        out.push_str(&docstring(documentation, "    "));
    }
    out
}

fn structure(name: &str, definition: &TypeDef, base: &str) -> String {
    let mut out = format!("@dataclass(kw_only=True)\nclass {name}({base}):\n");
    out.push_str(&docstring(&definition.documentation, "    "));
    let record = base == "form.Record";
    for member in definition.members() {
        let (kind, default) = attribute(member, record);
        out.push_str(&format!("\n    {}: {kind}{default}\n", identifier(&member.name)));
        out.push_str(&docstring(&member.explained(), "    "));
    }
    if record {
        out.push_str("\n    custom: Dict[str, Json] = _field(default_factory=dict)\n");
        out.push_str("    \"\"\"Custom fields, by their names, which begin with `x_`.\"\"\"\n");
    }
    out
}

/// The type of an attribute and what it is when nothing is said.
fn attribute(member: &Member, record: bool) -> (String, &'static str) {
    let kind = python(&member.kind, Lists::Got);
    match (&member.kind, member.name.as_str()) {
        // A date and a time have no empty form.
        _ if member.filled && matches!(kind.as_str(), "date" | "datetime") => {
            (format!("Optional[{kind}]"), " = None")
        }
        _ if member.filled => (kind, " = \"\""),
        _ if member.required => (kind, ""),
        (_, "id") if record => (kind, " = \"\""),
        (_, "version") if record => (kind, " = 0"),
        (Type::List(_), _) => (kind, " = _field(default_factory=list)"),
        (Type::Map(of), _) if **of != Type::Json => (kind, " = _field(default_factory=dict)"),
        (Type::Json, _) => (kind, " = None"),
        _ => (format!("Optional[{kind}]"), " = None"),
    }
}

/// What makes Python values of the members that are more than JSON.
fn readers(api: &Api, name: &str, definition: &TypeDef) -> String {
    let (mut readers, mut names) = (String::new(), String::new());
    for member in definition.members() {
        let python = identifier(&member.name);
        if python != member.name {
            names.push_str(&format!("\"{}\": \"{python}\", ", member.name));
        }
        if let Some(reader) = reader(api, &member.kind) {
            readers.push_str(&format!("    (\"{python}\", {reader}),\n"));
        }
    }
    let mut out = String::new();
    let filled = definition.members().iter().filter(|member| member.filled);
    let filled: Vec<String> = filled.map(|member| format!("\"{}\"", member.name)).collect();
    if !filled.is_empty() {
        out.push_str(&format!("{name}._filled = (\"id\", \"version\", {})\n", filled.join(", ")));
    }
    if !readers.is_empty() {
        out.push_str(&format!("{name}._readers = (\n{readers})\n"));
    }
    if !names.is_empty() {
        out.push_str(&format!("{name}._renamed = {{{}}}\n", names.trim_end_matches(", ")));
    }
    out
}
