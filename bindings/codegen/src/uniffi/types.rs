//! Records and enumerations, how they are laid out in a buffer, and their way to JSON.

use super::place::Places;
use super::words::{documented, identifier, rust, variant};
use crate::model::{Api, Member, Shape, Type, TypeDef};

/// What every stored record has, which a new record has not yet: plain values that are empty until then, so that a
/// host that has read a record need not unwrap them.
const STORED: [&str; 4] = ["id", "version", "created_at", "updated_at"];

/// How a member is held.
pub(super) struct Held<'a> {
    pub(super) member: &'a Member,
    /// Its type in Rust.
    pub(super) kind: String,
    /// Whether it may be left out.
    pub(super) has_default: bool,
}

/// How the members of a type are held.
pub(super) fn held(definition: &TypeDef) -> Vec<Held<'_>> {
    let record = matches!(definition.shape, Shape::Record(..));
    definition.members().iter().map(|member| hold(member, record)).collect()
}

fn hold(member: &Member, record: bool) -> Held<'_> {
    let kind = rust(&member.kind);
    let plain = member.required
        || member.filled
        || matches!(&member.kind, Type::List(_))
        || kind.starts_with("HashMap<")
        || (record && STORED.contains(&member.name.as_str()));
    let kind = if plain { kind } else { format!("Option<{kind}>") };
    Held { member, kind, has_default: !member.required || member.filled }
}

/// The types of a file.
pub(super) fn write(api: &Api, places: &Places<'_>, file: &str) -> String {
    let mut out = String::new();
    for name in places.types_in(file) {
        let definition = api.type_def(name);
        out.push_str(&match &definition.shape {
            Shape::Enum(keys) => enumeration(name, definition, keys),
            Shape::Record(..) => structure(name, definition, true),
            Shape::Struct(_) => structure(name, definition, false),
        });
    }
    out
}

fn structure(name: &str, definition: &TypeDef, record: bool) -> String {
    let members = held(definition);
    let mut out = format!("\n{}", documented(&definition.documentation, ""));
    out.push_str(&format!("#[derive(Clone, Debug, PartialEq, uniffi::Record)]\npub struct {name} {{\n"));
    for held in &members {
        out.push_str(&documented(&held.member.explained(), "    "));
        if held.has_default {
            let default = if held.kind.starts_with("Option<") { " = None" } else { "" };
            out.push_str(&format!("    #[uniffi(default{default})]\n"));
        }
        out.push_str(&format!("    pub {}: {},\n", identifier(&held.member.name), held.kind));
    }
    if record {
        out.push_str(
            "    /// Custom fields: JSON by the name of the field, such as `\"42\"` by `x_size`.\n\
             \x20   #[uniffi(default)]\n    pub custom: HashMap<String, JsonText>,\n",
        );
    }
    out.push_str(&format!("}}\n\nimpl Form for {name} {{\n"));
    let shape = if record { "Record" } else { "Struct" };
    out.push_str(&format!("    const SHAPE: &'static Shape = &Shape::{shape}(&[\n"));
    for held in &members {
        let presence = if held.has_default { "optional" } else { "required" };
        out.push_str(&format!("        {presence}::<{}>(\"{}\"),\n", held.kind, held.member.name));
    }
    out.push_str("    ]);\n\n    fn write(self, wrong: &mut Wrong) -> Json {\n");
    out.push_str("        let mut to = Members::new();\n");
    for held in &members {
        let put = if held.has_default { "put" } else { "give" };
        let member = &held.member.name;
        out.push_str(&format!("        to.{put}(\"{member}\", self.{});\n", identifier(member)));
    }
    if record {
        out.push_str("        to.put_custom(self.custom);\n");
    }
    out.push_str("        to.into_json(wrong)\n    }\n}\n");
    out
}

fn enumeration(name: &str, definition: &TypeDef, keys: &[(String, String)]) -> String {
    let documentation = if definition.documentation.is_empty() {
        format!("One of {} keys.", keys.len())
    } else {
        definition.documentation.clone()
    };
    let mut out = format!("\n{}", documented(&documentation, ""));
    out.push_str("#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]\n");
    out.push_str(&format!("pub enum {name} {{\n"));
    for (key, documentation) in keys {
        let documentation =
            if documentation.is_empty() { format!("`{key}`.") } else { documentation.clone() };
        out.push_str(&documented(&documentation, "    "));
        out.push_str(&format!("    {},\n", variant(key)));
    }
    let keys: Vec<String> = keys.iter().map(|(key, _)| format!("\"{key}\"")).collect();
    out.push_str(&format!(
        "}}\n\nimpl Keyed for {name} {{\n    const KEYS: &'static [&'static str] = &[{}];\n\n\
         \x20   fn position(self) -> usize {{\n        self as usize\n    }}\n}}\n",
        keys.join(", "),
    ));
    out
}
