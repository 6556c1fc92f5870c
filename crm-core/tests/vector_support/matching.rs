//! Filling in and matching, as `tests/vectors/README.md` describes them.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

/// The only member of an object, when it is one of the words of the format.
fn word(json: &Json) -> Option<(&str, &Json)> {
    let (name, value) = json.as_object().filter(|members| members.len() == 1)?.iter().next()?;
    name.starts_with('$').then_some((name, value))
}

/// A value with everything that stands for something else filled in.
pub fn filled(json: &Json, saved: &HashMap<String, Json>) -> Result<Json, String> {
    match word(json) {
        Some(("$ref", path)) => found(path.as_str().unwrap_or_default(), saved).cloned(),
        Some(("$join", Json::Array(parts))) => {
            let text = |part| match filled(part, saved)? {
                Json::String(text) => Ok(text),
                other => Err(format!("{other} is no text that could be joined")),
            };
            parts.iter().map(text).collect::<Result<String, _>>().map(Json::String)
        }
        Some(("$repeat", Json::Array(parts))) => match parts.as_slice() {
            [Json::String(text), Json::Number(times)] => {
                Ok(Json::String(text.repeat(usize::try_from(times.as_u64().unwrap_or(0)).unwrap_or(0))))
            }
            _ => Err(format!("{json} names no text and number")),
        },
        _ => match json {
            Json::Array(items) => items.iter().map(|item| filled(item, saved)).collect(),
            Json::Object(members) => members
                .iter()
                .map(|(name, value)| Ok((name.clone(), filled(value, saved)?)))
                .collect::<Result<Map<_, _>, String>>()
                .map(Json::Object),
            other => Ok(other.clone()),
        },
    }
}

fn found<'a>(path: &str, saved: &'a HashMap<String, Json>) -> Result<&'a Json, String> {
    let mut steps = path.split('.');
    let start = steps.next().and_then(|name| saved.get(name));
    steps
        .fold(start, |at, step| match at? {
            Json::Array(items) => items.get(step.parse::<usize>().ok()?),
            Json::Object(members) => members.get(step),
            _ => None,
        })
        .ok_or_else(|| format!("there is nothing at {path}"))
}

/// Whether a result is what was expected.
pub fn matches(expected: &Json, got: &Json) -> bool {
    match word(expected) {
        Some(("$any", _)) => !got.is_null(),
        Some(("$absent", _)) => got.is_null(),
        Some(("$type", name)) => name == type_of(got),
        Some(("$length", length)) => {
            let found = match got {
                Json::Array(items) => Some(items.len()),
                Json::String(text) => Some(text.chars().count()),
                _ => None,
            };
            found.is_some_and(|found| length.as_u64() == u64::try_from(found).ok())
        }
        Some(("$contains", item)) => {
            got.as_array().is_some_and(|items| items.iter().any(|got| matches(item, got)))
        }
        _ => match (expected, got) {
            (Json::Object(expected), Json::Object(got)) => expected
                .iter()
                .all(|(name, expected)| matches(expected, got.get(name).unwrap_or(&Json::Null))),
            (Json::Array(expected), Json::Array(got)) => {
                expected.len() == got.len()
                    && expected.iter().zip(got).all(|(one, other)| matches(one, other))
            }
            (Json::Number(one), Json::Number(other)) => match (one.as_i64(), other.as_i64()) {
                (Some(one), Some(other)) => one == other,
                _ => one.as_f64() == other.as_f64(),
            },
            (expected, got) => expected == got,
        },
    }
}

fn type_of(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}
