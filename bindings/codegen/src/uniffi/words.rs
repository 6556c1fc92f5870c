//! How names, types and comments are written in Rust.

use crate::model::Type;
use crate::names::comment;

/// Words of Rust that may also be names of members.
const KEYWORDS: [&str; 8] = ["as", "in", "match", "mod", "move", "ref", "type", "use"];

/// A name as Rust writes it.
pub(super) fn identifier(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

/// A key such as `windows-1252` or `4.0` as the name of a variant.
pub(super) fn variant(key: &str) -> String {
    let name: String = crate::names::pascal(key).chars().filter(|c| c.is_alphanumeric()).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("V{name}") } else { name }
}

/// A type in Rust.
pub(super) fn rust(kind: &Type) -> String {
    match kind {
        Type::Text(Some(format)) if format == "filter" => "Filter".to_owned(),
        Type::Text(_) => "String".to_owned(),
        Type::Integer { signed, bits } => format!("{}{bits}", if *signed { 'i' } else { 'u' }),
        Type::Number => "f64".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Json => "JsonText".to_owned(),
        // An object of anything is one JSON text: a host builds and reads it with the JSON of its language.
        Type::Map(of) if **of == Type::Json => "JsonText".to_owned(),
        Type::Map(of) => format!("HashMap<String, {}>", rust(of)),
        Type::List(of) => format!("Vec<{}>", rust(of)),
        Type::Optional(of) => format!("Option<{}>", rust(of)),
        Type::Named(name) => name.clone(),
    }
}

/// The type with a name in a type.
pub(super) fn name_in(kind: &Type) -> Option<&str> {
    match kind {
        Type::Named(name) => Some(name),
        Type::Map(of) | Type::List(of) | Type::Optional(of) => name_in(of),
        _ => None,
    }
}

/// A text as a doc comment.
pub(super) fn documented(text: &str, indent: &str) -> String {
    comment(text, indent, "///")
}

/// The first sentence of a text.
pub(super) fn first_sentence(text: &str) -> String {
    let text = text.replace('\n', " ");
    text.split_once(". ").map_or(text.clone(), |(first, _)| format!("{first}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_variants() {
        for (key, expected) in [
            ("utf-8", "Utf8"),
            ("4.0", "V40"),
            ("in_progress", "InProgress"),
            ("windows-1252", "Windows1252"),
        ] {
            assert_eq!(variant(key), expected);
        }
    }
}
