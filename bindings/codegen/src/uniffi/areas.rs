//! The object of an area, with a method for each of its operations.

use super::place::of_operation;
use super::words::{documented, identifier, rust};
use crate::model::{Area, Input, Member, Operation, Type};
use crate::names::pascal;

/// The name of the object: `PeopleArea`.
pub(super) fn name_of(area: &Area) -> String {
    format!("{}Area", pascal(&area.name))
}

/// The types that the methods name.
pub(super) fn named(area: &Area) -> Vec<String> {
    area.operations.iter().flat_map(of_operation).map(str::to_owned).collect()
}

/// The object.
pub(super) fn object(area: &Area) -> String {
    let name = name_of(area);
    let mut out = format!("\n{}", documented(&area.documentation, ""));
    out.push_str(&format!(
        "#[derive(Debug, uniffi::Object)]\npub struct {name}(pub(crate) Bridge);\n\n#[uniffi::export]\nimpl {name} {{\n"
    ));
    let methods: Vec<String> = area.operations.iter().map(method).collect();
    out.push_str(&methods.join("\n"));
    out.push_str("}\n");
    out
}

fn method(operation: &Operation) -> String {
    let mut out = documented(&documentation(operation), "    ");
    let call = format!("self.0.call(\"{}\", ", operation.name);
    let (parameters, body) = match &operation.input {
        Input::Record(name) => (format!(", record: {name}"), format!("        {call}Record(record))\n")),
        Input::Members(members) if members.is_empty() => {
            (String::new(), format!("        {call}Members::new())\n"))
        }
        Input::Members(members) => {
            out.push_str(&defaults(members));
            let parameter = |member: &Member| format!(", {}: {}", identifier(&member.name), argument(member));
            let mut body = "        let mut input = Members::new();\n".to_owned();
            for member in members {
                let put = if member.required { "give" } else { "put" };
                let name = &member.name;
                body.push_str(&format!("        input.{put}(\"{name}\", {});\n", identifier(name)));
            }
            body.push_str(&format!("        {call}input)\n"));
            // A parameter without a default cannot follow one with a default in Python.
            let (required, optional): (Vec<&Member>, Vec<&Member>) =
                members.iter().partition(|member| member.required);
            (required.into_iter().chain(optional).map(parameter).collect(), body)
        }
    };
    let output = operation.output.as_ref().map_or_else(|| "()".to_owned(), given);
    out.push_str(&format!(
        "    pub fn {}(&self{parameters}) -> Result<{output}> {{\n{body}    }}\n",
        identifier(&operation.method),
    ));
    out
}

/// The type of what a call gives: what travels in a buffer is laid out there at once.
fn given(kind: &Type) -> String {
    let name = rust(kind);
    let is_json = name == "JsonText";
    match kind {
        Type::Named(_) | Type::Optional(_) | Type::List(_) | Type::Map(_) if !is_json => {
            format!("Lowered<{name}>")
        }
        _ => name,
    }
}

/// The type of an argument: one that may be left out is an option.
pub(super) fn argument(member: &Member) -> String {
    let kind = rust(&member.kind);
    if member.required { kind } else { format!("Option<{kind}>") }
}

fn defaults(members: &[Member]) -> String {
    let optional: Vec<String> = members
        .iter()
        .filter(|member| !member.required)
        .map(|member| format!("{} = None", identifier(&member.name)))
        .collect();
    if optional.is_empty() {
        return String::new();
    }
    format!("    #[uniffi::method(default({}))]\n", optional.join(", "))
}

/// What an operation does, takes and fails with.
pub(super) fn documentation(operation: &Operation) -> String {
    let mut text = operation.documentation.clone();
    if let Input::Members(members) = &operation.input
        && !members.is_empty()
    {
        text.push_str("\n\n");
        for member in members {
            text.push_str(&format!("- `{}`: {}\n", member.name, member.explained().replace('\n', "\n  ")));
        }
    }
    if !operation.errors.is_empty() {
        text = format!("{}\n\nErrors: `{}`.", text.trim_end(), operation.errors.join("`, `"));
    }
    text.trim_end().to_owned()
}
