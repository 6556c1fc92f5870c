//! The TypeScript types and the typed client.

use crate::files::MARK;
use crate::model::{Api, Area, Input, Member, Operation, Shape, Type};
use crate::names::{camel, comment, pascal};

/// `types.ts`.
pub fn types(api: &Api) -> String {
    let mut out = format!("// {MARK}\n\n");
    out.push_str(
        "/** Any JSON value. */\n\
         export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };\n\n\
         /** A filter: its text form, or its JSON form. */\n\
         export type Filter = string | boolean | { [name: string]: Json };\n\n\
         /** A stored record: what every record has then, and what the engine found when it was created. */\n\
         export type Stored<R> = R & { id: string; version: number; created_at: string; updated_at: string } &\n  \
         Required<Pick<R, Filled<R>>>;\n\n\
         declare const filled: unique symbol;\n\n\
         type Filled<R> = R extends { readonly [filled]?: infer Names } ? Extract<Names, keyof R> : never;\n",
    );
    for (name, definition) in &api.types {
        out.push('\n');
        out.push_str(&documented(&definition.documentation, ""));
        match &definition.shape {
            Shape::Enum(keys) => {
                let keys: Vec<String> = keys.iter().map(|(key, _)| format!("\"{key}\"")).collect();
                out.push_str(&format!("export type {name} = {};\n", keys.join(" | ")));
            }
            Shape::Record(_, members) => {
                out.push_str(&format!("export interface {name} {{\n{}", fields(members, true)));
                out.push_str(&filled(members));
                out.push_str("  /** Custom fields. */\n  [custom: `x_${string}`]: Json | undefined;\n}\n");
            }
            Shape::Struct(members) => {
                out.push_str(&format!("export interface {name} {{\n{}}}\n", fields(members, false)));
            }
        }
    }
    let special = api.areas.iter().flat_map(special);
    for (operation, name) in special.map(|operation| (operation, input_name(&operation.name))) {
        if let Input::Members(members) = &operation.input
            && !members.is_empty()
        {
            out.push_str(&input(&operation.name, &name, members));
        }
    }
    out.push_str(&of_records(api));
    out
}

fn input(operation: &str, name: &str, members: &[Member]) -> String {
    let fields = fields(members, false);
    format!("\n/** What `{operation}` takes. */\nexport interface {name} {{\n{fields}}}\n")
}

/// What the hand-written class `Records` needs to know of the operations that every record type has: their names, and
/// the inputs that may be left out wholly or in part.
fn of_records(api: &Api) -> String {
    let operations =
        api.areas.iter().find(|area| area.record.is_some()).map_or(&[][..], |area| &area.operations);
    let common: Vec<&Operation> = operations.iter().filter(|operation| operation.of_records).collect();
    let names: Vec<String> = common.iter().map(|operation| format!("\"{}\"", operation.method)).collect();
    let mut out = format!(
        "\n/** The operations that every record type has. */\nexport type RecordOperation =\n  | {};\n",
        names.join("\n  | ")
    );
    for operation in common {
        if let Input::Members(members) = &operation.input
            && members.iter().any(|member| !member.required)
        {
            out.push_str(&input(&operation.method, &input_name(&operation.method), members));
        }
    }
    out
}

/// The operations that only this area has.
fn special(area: &Area) -> impl Iterator<Item = &Operation> {
    area.operations.iter().filter(|operation| !operation.of_records)
}

/// The names of the members that the engine fills in, for `Stored`.
fn filled(members: &[Member]) -> String {
    let names: Vec<String> =
        members.iter().filter(|member| member.filled).map(|member| format!("\"{}\"", member.name)).collect();
    if names.is_empty() {
        return String::new();
    }
    format!("  readonly [filled]?: {};\n", names.join(" | "))
}

/// The name of the type of an input.
fn input_name(operation: &str) -> String {
    format!("{}Input", pascal(operation))
}

fn fields(members: &[Member], record: bool) -> String {
    let mut out = String::new();
    for member in members {
        out.push_str(&documented(&member.explained(), "  "));
        let optional = if member.required { "" } else { "?" };
        let nullable = if member.required || record { "" } else { " | null" };
        let read_only = if member.read_only { "readonly " } else { "" };
        out.push_str(&format!(
            "  {read_only}{}{optional}: {}{nullable};\n",
            member.name,
            type_of(&member.kind)
        ));
    }
    out
}

fn type_of(kind: &Type) -> String {
    match kind {
        Type::Text(Some(format)) if format == "filter" => "Filter".to_owned(),
        Type::Text(_) => "string".to_owned(),
        Type::Integer { .. } | Type::Number => "number".to_owned(),
        Type::Boolean => "boolean".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::Map(of) => format!("{{ [name: string]: {} }}", type_of(of)),
        Type::List(of) if matches!(**of, Type::Optional(_)) => format!("({})[]", type_of(of)),
        Type::List(of) => format!("{}[]", type_of(of)),
        Type::Optional(of) => format!("{} | null", type_of(of)),
        Type::Named(name) => name.clone(),
    }
}

/// What an operation gives: records that are there have their identifiers.
fn output_of(api: &Api, kind: &Type) -> String {
    match kind {
        Type::Named(name) if matches!(api.type_def(name).shape, Shape::Record(..)) => {
            format!("Stored<{name}>")
        }
        Type::Optional(of) => format!("{} | null", output_of(api, of)),
        Type::List(of) => format!("{}[]", output_of(api, of)),
        other => type_of(other),
    }
}

/// `client.ts`.
pub fn client(api: &Api) -> String {
    let mut out = format!(
        "// {MARK}\n\nimport {{ type Call, Records }} from \"../records.js\";\nimport type * as t from \"./types.js\";\n"
    );
    for area in &api.areas {
        out.push_str(&class(api, area));
    }
    out.push_str("\n/** All areas over one session. */\nexport class Areas {\n");
    for area in &api.areas {
        out.push_str(&documented(&area.documentation, "  "));
        out.push_str(&format!("  readonly {}: {};\n", camel(&area.name), class_name(area)));
    }
    out.push_str("\n  constructor(call: Call) {\n");
    for area in &api.areas {
        let record = if area.record.is_some() { format!(", \"{}\"", area.prefix) } else { String::new() };
        out.push_str(&format!("    this.{} = new {}(call{record});\n", camel(&area.name), class_name(area)));
    }
    out.push_str("  }\n}\n");
    out
}

fn class_name(area: &Area) -> String {
    match &area.record {
        Some(record) if special(area).next().is_none() => format!("Records<t.{record}>"),
        _ => format!("{}Area", pascal(&area.name)),
    }
}

fn class(api: &Api, area: &Area) -> String {
    let special: Vec<&Operation> = special(area).collect();
    if special.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}", documented(&area.documentation, ""));
    match &area.record {
        Some(record) => {
            out.push_str(&format!(
                "export class {}Area extends Records<t.{record}> {{\n",
                pascal(&area.name)
            ));
        }
        None => out.push_str(&format!(
            "export class {}Area {{\n  constructor(private readonly call: Call) {{}}\n",
            pascal(&area.name)
        )),
    }
    let methods: Vec<String> = special.iter().map(|operation| method(api, operation)).collect();
    if area.record.is_none() {
        out.push('\n');
    }
    out.push_str(&methods.join("\n"));
    out.push_str("}\n");
    out
}

fn method(api: &Api, operation: &Operation) -> String {
    let (parameter, argument) = match &operation.input {
        Input::Record(record) => (format!("record: t.{record}"), "record".to_owned()),
        Input::Members(members) if members.is_empty() => (String::new(), "{}".to_owned()),
        Input::Members(members) => {
            let default = if members.iter().any(|member| member.required) { "" } else { " = {}" };
            (format!("input: t.{}{default}", input_name(&operation.name)), "input".to_owned())
        }
    };
    let output = operation
        .output
        .as_ref()
        .map_or_else(|| "void".to_owned(), |kind| qualified(&output_of(api, kind), api));
    let mut documentation = operation.documentation.clone();
    if !operation.errors.is_empty() {
        documentation.push_str(&format!("\n\nErrors: `{}`.", operation.errors.join("`, `")));
    }
    format!(
        "{}  {}({parameter}): Promise<{output}> {{\n    return this.call(\"{}\", {argument}) as Promise<{output}>;\n  }}\n",
        documented(&documentation, "  "),
        camel(&operation.method),
        operation.name,
    )
}

/// A type of `types.ts` as the client names it.
fn qualified(name: &str, api: &Api) -> String {
    let mut out = String::new();
    let mut word = String::new();
    let flush = |word: &mut String, out: &mut String| {
        if api.types.contains_key(word.as_str()) || matches!(word.as_str(), "Stored" | "Json" | "Filter") {
            out.push_str("t.");
        }
        out.push_str(word);
        word.clear();
    };
    for character in name.chars() {
        if character.is_alphanumeric() || character == '_' {
            word.push(character);
        } else {
            flush(&mut word, &mut out);
            out.push(character);
        }
    }
    flush(&mut word, &mut out);
    out
}

fn documented(text: &str, indent: &str) -> String {
    let text = text.replace("*/", "* /");
    match text.lines().count() {
        0 => String::new(),
        1 => format!("{indent}/** {text} */\n"),
        _ => format!("{indent}/**\n{}{indent} */\n", comment(&text, indent, " *")),
    }
}
