//! How names, types and texts are written in Python.

use crate::model::{Api, Shape, Type};

/// Words that no argument or attribute may be named.
const KEYWORDS: [&str; 12] =
    ["and", "as", "class", "def", "del", "except", "from", "import", "in", "is", "not", "or"];

/// A name as Python writes it.
pub(super) fn identifier(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// A key such as `windows-1252` or `4.0` as the name of a member of an enumeration.
pub(super) fn member(key: &str) -> String {
    let name: String =
        key.to_uppercase().chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("V{name}") } else { name }
}

/// How a list is written: what is given may be any sequence, what is got is a list.
#[derive(Clone, Copy)]
pub(super) enum Lists {
    Given,
    Got,
}

/// A type in Python.
pub(super) fn python(kind: &Type, lists: Lists) -> String {
    match kind {
        Type::Text(Some(format)) => match format.as_str() {
            "filter" => "Filter".to_owned(),
            "date-time" => "datetime".to_owned(),
            "date" => "date".to_owned(),
            "decimal" => "Decimal".to_owned(),
            _ => "str".to_owned(),
        },
        Type::Text(None) => "str".to_owned(),
        Type::Integer { .. } => "int".to_owned(),
        Type::Number => "float".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Json => "Json".to_owned(),
        Type::Map(of) => match lists {
            Lists::Given => format!("Mapping[str, {}]", python(of, lists)),
            Lists::Got => format!("Dict[str, {}]", python(of, lists)),
        },
        Type::List(of) => match lists {
            Lists::Given => format!("Sequence[{}]", python(of, lists)),
            Lists::Got => format!("List[{}]", python(of, lists)),
        },
        Type::Optional(of) => format!("Optional[{}]", python(of, lists)),
        Type::Named(name) => name.clone(),
    }
}

/// The function that makes a value of what `json` gives; nothing when that is the value.
pub(super) fn reader(api: &Api, kind: &Type) -> Option<String> {
    Some(match kind {
        Type::Text(Some(format)) => match format.as_str() {
            "date-time" => "datetime.fromisoformat".to_owned(),
            "date" => "date.fromisoformat".to_owned(),
            "decimal" => "Decimal".to_owned(),
            _ => return None,
        },
        Type::Named(name) => match api.type_def(name).shape {
            Shape::Enum(_) => name.clone(),
            _ => format!("{name}.from_json"),
        },
        Type::List(of) => format!("form.each({})", reader(api, of)?),
        Type::Map(of) => format!("form.every({})", reader(api, of)?),
        Type::Optional(of) => format!("form.maybe({})", reader(api, of)?),
        _ => return None,
    })
}

/// A text as a docstring.
pub(super) fn docstring(text: &str, indent: &str) -> String {
    let text = text.replace('\\', "\\\\").replace("\"\"\"", "'''");
    let lines: Vec<&str> = text.trim().lines().collect();
    match lines.as_slice() {
        [] => String::new(),
        // A quotation mark at the end would end the docstring early.
        [line] if line.ends_with('"') => format!("{indent}\"\"\"{line} \"\"\"\n"),
        [line] => format!("{indent}\"\"\"{line}\"\"\"\n"),
        lines => {
            let mut out = format!("{indent}\"\"\"");
            for (at, line) in lines.iter().enumerate() {
                let indent = if at == 0 || line.is_empty() { "" } else { indent };
                out.push_str(&format!("{indent}{line}\n"));
            }
            format!("{out}{indent}\"\"\"\n")
        }
    }
}
