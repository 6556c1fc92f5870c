//! The properties that a version demands: FN, and N in 3.0.

use super::super::{OutputVersion, Property, VCard};

/// Puts in what is missing.
pub(super) fn complete(card: &mut VCard, version: OutputVersion) {
    if card.first("FN").is_none() {
        let name = formatted_name(card);
        card.properties.insert(0, Property::from_text("FN", &name));
    }
    if version == OutputVersion::V3_0 && card.first("N").is_none() {
        let place =
            card.properties.iter().position(|property| property.is("FN")).map_or(0, |index| index + 1);
        card.properties.insert(place, Property::from_raw("N", ";;;;"));
    }
}

/// A name to show: from N, else from ORG, NICKNAME or EMAIL.
fn formatted_name(card: &VCard) -> String {
    if let Some(name) = card.first("N") {
        let parts = name.components();
        // N is family, given, additional, prefixes, suffixes; people are called in another order.
        let words: Vec<&str> = [3, 1, 2, 0, 4]
            .into_iter()
            .filter_map(|index| parts.get(index))
            .flatten()
            .map(|word| word.trim())
            .filter(|word| !word.is_empty())
            .collect();
        if !words.is_empty() {
            return words.join(" ");
        }
    }
    let first = |name| {
        let fields = card.first(name).map(Property::fields).unwrap_or_default();
        fields.into_iter().find(|field| !field.trim().is_empty())
    };
    first("ORG").or_else(|| first("NICKNAME")).or_else(|| first("EMAIL")).unwrap_or_default()
}
