//! `areas.py`: a class for each area, and the class that has them all.

use super::words::{Lists, docstring, identifier, python, reader};
use crate::model::{Api, Area, Input, Member, Operation, Type};
use crate::names::pascal;

pub(super) fn write(api: &Api) -> String {
    let mut out = super::head("The areas: one class for each, with a method for each of its operations.");
    out.push_str(
        "from datetime import date, datetime\n\
         from decimal import Decimal\n\
         from functools import cached_property\n\
         from typing import Dict, Iterator, List, Mapping, Optional, Sequence\n\n\
         from . import form\n\
         from .types import (\n",
    );
    for name in named(api) {
        out.push_str(&format!("    {name},\n"));
    }
    out.push_str(")\n\n# What the engine gives is JSON, which the types of these methods describe.\n");
    out.push_str("# mypy: disable-error-code=\"no-any-return\"\n");
    for area in &api.areas {
        out.push_str(&class(api, area));
    }
    out.push_str("\n\nclass Areas(form.Area):\n    \"\"\"All areas over one session.\"\"\"\n");
    for area in &api.areas {
        out.push_str(&format!(
            "\n    @cached_property\n    def {}(self) -> {}:\n{}        return {}(self._call)\n",
            area.name,
            name_of(area),
            docstring(&area.documentation, "        "),
            name_of(area),
        ));
    }
    out
}

fn name_of(area: &Area) -> String {
    format!("{}Area", pascal(&area.name))
}

/// The types that the methods name.
fn named(api: &Api) -> Vec<String> {
    let mut names = vec!["Filter".to_owned(), "Json".to_owned()];
    for operation in api.areas.iter().flat_map(|area| &area.operations) {
        let mut add = |kind: &Type| {
            let mut kind = kind;
            while let Type::List(of) | Type::Map(of) | Type::Optional(of) = kind {
                kind = of;
            }
            if let Type::Named(name) = kind {
                names.push(name.clone());
            }
        };
        operation.output.iter().for_each(&mut add);
        match &operation.input {
            Input::Record(name) => add(&Type::Named(name.clone())),
            Input::Members(members) => members.iter().for_each(|member| add(&member.kind)),
        }
    }
    names.sort_unstable();
    names.dedup();
    names
}

fn class(api: &Api, area: &Area) -> String {
    let mut out = format!("\n\nclass {}(form.Area):\n", name_of(area));
    out.push_str(&docstring(&area.documentation, "    "));
    for operation in &area.operations {
        out.push_str(&method(api, operation));
    }
    if let Some(record) = &area.record {
        out.push_str(&format!(
            "\n    def all(self, *, filter: Optional[Filter] = None, sort: Optional[Sequence[str]] = None) -> Iterator[{record}]:\n\
             \x20       \"\"\"All records that pass a filter, read page by page.\"\"\"\n\
             \x20       return form.pages(self.list, filter, sort)\n"
        ));
    }
    out
}

fn method(api: &Api, operation: &Operation) -> String {
    let (parameters, input) = match &operation.input {
        Input::Record(name) => (format!(", record: {name}"), "record.to_json()".to_owned()),
        Input::Members(members) if members.is_empty() => (String::new(), "{}".to_owned()),
        Input::Members(members) => (parameters(members), given(members)),
    };
    let output = operation.output.as_ref();
    let name = output.map_or_else(|| "None".to_owned(), |kind| python(kind, Lists::Got));
    let call = format!("self._call(\"{}\", {input})", operation.name);
    let body = match (output, output.and_then(|kind| reader(api, kind))) {
        (None, _) => call,
        (Some(_), None) => format!("return {call}"),
        (Some(_), Some(reader)) => format!("return {reader}({call})"),
    };
    format!(
        "\n    def {}(self{parameters}) -> {name}:\n{}        {body}\n",
        identifier(&operation.method),
        docstring(&documentation(operation), "        "),
    )
}

/// What must be given may be given by position; what may be left out is named.
fn parameters(members: &[Member]) -> String {
    let kind = |member: &Member| python(&member.kind, Lists::Given);
    let mut out = String::new();
    for member in members.iter().filter(|member| member.required) {
        out.push_str(&format!(", {}: {}", identifier(&member.name), kind(member)));
    }
    let mut optional = members.iter().filter(|member| !member.required).peekable();
    if optional.peek().is_some() {
        out.push_str(", *");
    }
    for member in optional {
        out.push_str(&format!(", {}: Optional[{}] = None", identifier(&member.name), kind(member)));
    }
    out
}

fn given(members: &[Member]) -> String {
    let members: Vec<String> =
        members.iter().map(|member| format!("\"{}\": {}", member.name, identifier(&member.name))).collect();
    format!("form.given({{{}}})", members.join(", "))
}

fn documentation(operation: &Operation) -> String {
    let mut text = operation.documentation.clone();
    if let Input::Members(members) = &operation.input
        && !members.is_empty()
    {
        text.push_str("\n\n");
        for member in members {
            let what = member.explained().replace('\n', "\n  ");
            text.push_str(&format!("- `{}`: {what}\n", identifier(&member.name)));
        }
    }
    if !operation.errors.is_empty() {
        text = format!("{}\n\nErrors: `{}`.", text.trim_end(), operation.errors.join("`, `"));
    }
    text
}
