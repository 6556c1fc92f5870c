//! The reference: a page for each area, one for the types, and an index.

use crate::files::{File, MARK};
use crate::model::{Api, Area, Input, Member, Operation, Shape, Type, TypeDef};

const FOLDER: &str = "bindings/reference";

/// The pages.
pub fn pages(api: &Api) -> Vec<File> {
    let mut files = vec![File::new(format!("{FOLDER}/README.md"), index(api))];
    for area in &api.areas {
        files.push(File::new(format!("{FOLDER}/{}.md", area.name), page(area)));
    }
    files.push(File::new(format!("{FOLDER}/types.md"), types(api)));
    files
}

fn head(title: &str) -> String {
    format!("<!-- {MARK} -->\n\n# {title}\n\n")
}

fn index(api: &Api) -> String {
    let mut out = head("Operations");
    out.push_str(&format!(
        "All operations of version {}, the same in every language. Each takes a JSON object and gives JSON; the typed\n\
         clients have a method for each under its area. The types are in [types.md](types.md).\n\n\
         | Area | What it is for | Operations |\n|---|---|---|\n",
        api.version
    ));
    for area in &api.areas {
        let documentation = one_line(&area.documentation);
        out.push_str(&format!(
            "| [{0}]({0}.md) | {documentation} | {1} |\n",
            area.name,
            area.operations.len()
        ));
    }
    out
}

fn page(area: &Area) -> String {
    let mut out = head(&area.name);
    out.push_str(&format!("{}\n", area.documentation));
    if let Some(record) = &area.record {
        out.push_str(&format!(
            "\nIts records are of the type [{record}](types.md#{}).\n",
            record.to_lowercase()
        ));
    }
    for operation in &area.operations {
        out.push_str(&section(operation));
    }
    out
}

fn section(operation: &Operation) -> String {
    let kind = if operation.query { "query" } else { "command" };
    let mut out = format!("\n## {}\n\n{}\n\n", operation.name, operation.documentation);
    match &operation.input {
        Input::Record(name) => out.push_str(&format!("Takes {}.\n\n", linked(&Type::Named(name.clone())))),
        Input::Members(members) if members.is_empty() => {}
        Input::Members(members) => out.push_str(&table(members)),
    }
    match &operation.output {
        Some(output) => out.push_str(&format!("Gives {}.", linked(output))),
        None => out.push_str("Gives nothing."),
    }
    out.push_str(&format!(
        " A {kind}, permission *{}*, {} since {}.\n",
        operation.permission, operation.stability, operation.since
    ));
    if !operation.errors.is_empty() {
        let codes: Vec<String> = operation.errors.iter().map(|code| format!("`{code}`")).collect();
        out.push_str(&format!("\nErrors: {}.\n", codes.join(", ")));
    }
    out
}

fn table(members: &[Member]) -> String {
    let mut out = "| Member | Type | What it is |\n|---|---|---|\n".to_owned();
    for member in members {
        let notes = one_line(&member.explained());
        let name = if member.required { format!("**{}**", member.name) } else { member.name.clone() };
        out.push_str(&format!("| {name} | {} | {} |\n", linked(&member.kind), notes.replace('|', "\\|")));
    }
    out.push('\n');
    out
}

fn types(api: &Api) -> String {
    let mut out = head("Types");
    out.push_str(
        "Members in bold must be given, or are always there. What has no value is left out or null.\n",
    );
    for (name, definition) in &api.types {
        out.push_str(&type_section(name, definition));
    }
    out
}

fn type_section(name: &str, definition: &TypeDef) -> String {
    let mut out = format!("\n## {name}\n\n{}\n\n", definition.documentation);
    match &definition.shape {
        Shape::Record(_, members) | Shape::Struct(members) => out.push_str(&table(members)),
        Shape::Enum(keys) => {
            out.push_str("| Key | What it stands for |\n|---|---|\n");
            for (key, documentation) in keys {
                out.push_str(&format!("| `{key}` | {} |\n", one_line(documentation)));
            }
            out.push('\n');
        }
    }
    format!("{}\n", out.trim_end())
}

fn linked(kind: &Type) -> String {
    match kind {
        Type::Named(name) => format!("[{name}](types.md#{})", name.to_lowercase()),
        Type::List(of) => format!("list of {}", linked(of)),
        Type::Map(of) => format!("object of {}", linked(of)),
        Type::Optional(of) => format!("{} or null", linked(of)),
        other => other.in_words(),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
