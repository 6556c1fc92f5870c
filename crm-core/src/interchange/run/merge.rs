//! Values of a row that meet values of a record.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::row::Set;
use crate::error::Result;
use crate::interchange::mapping::Existing;
use crate::record::data::RecordData;
use crate::record::descriptor::FieldKind;
use crate::record::parts::{PartContext, PartsDescriptor, PartsSink};
use crate::record::schema::RecordType;
use crate::record::value::Value;

/// Sets a value of a record as the mapping says.
///
/// # Errors
/// `parts.*` when the parts of the row are malformed.
pub(crate) fn apply(
    record_type: &RecordType,
    data: &mut RecordData,
    set: &Set,
    context: &PartContext,
) -> Result<()> {
    let current = &data.values[set.position];
    let field = &record_type.fields[set.position];
    let value = match (set.existing, current, &set.value) {
        (Existing::Keep, current, _) if !current.is_null() => return Ok(()),
        (Existing::Add, Value::Json(old), Value::Json(new)) => match field.kind() {
            FieldKind::Parts(parts) => {
                let new = (parts.normalise)(new, context, field.descriptor.max_length)
                    .map_err(|error| error.within(field.name()))?;
                Value::Json(add_parts(parts, old, &new)?)
            }
            _ => Value::Json(add_items(old, new)),
        },
        _ => set.value.clone(),
    };
    data.values[set.position] = value;
    Ok(())
}

fn list(json: &str) -> Vec<Json> {
    serde_json::from_str(json).unwrap_or_default()
}

fn add_items(old: &str, new: &str) -> String {
    let mut items = list(old);
    items.extend(list(new));
    Json::Array(items).to_string()
}

/// Adds parts to a list: one that is found by the same words as an old one changes it.
fn add_parts(parts: &PartsDescriptor, old: &str, new: &str) -> Result<String> {
    let mut all = list(old);
    let mut known = all.iter().map(|part| words(parts, part)).collect::<Result<Vec<_>>>()?;
    for part in list(new) {
        let own = words(parts, &part)?;
        match known.iter().position(|words| *words == own && !own.is_empty()) {
            Some(place) => {
                if let (Some(members), Json::Object(given)) = (all[place].as_object_mut(), part) {
                    // Being the first of a short list in a file makes no address the primary one.
                    members.extend(given.into_iter().filter(|(name, _)| name != "primary"));
                }
            }
            None => {
                let mut part = part;
                if let Some(members) = part.as_object_mut() {
                    members.remove("primary");
                }
                all.push(part);
                known.push(own);
            }
        }
    }
    Ok(Json::Array(all).to_string())
}

fn words(parts: &PartsDescriptor, part: &Json) -> Result<BTreeSet<String>> {
    let mut words = BTreeSet::new();
    let mut term = |member: &'static str, form: String| {
        words.insert(format!("{member}={form}"));
    };
    let json = Json::Array(vec![part.clone()]).to_string();
    (parts.extract)(&json, &mut PartsSink { term: &mut term, text: &mut |_| {} })?;
    Ok(words)
}
