//! What the conversions share.

use super::super::property::{Parameter, Property};
use crate::ground::sort;

/// The properties whose value is a date or a time.
pub(super) fn holds_date(property: &Property) -> bool {
    ["BDAY", "ANNIVERSARY", "DEATHDATE", "REV"].iter().any(|name| property.is(name))
}

/// Whether VALUE is what is asked, in any case.
pub(super) fn has_value_type(property: &Property, value_type: &str) -> bool {
    property.parameter_value("VALUE").is_some_and(|own| own.trim().eq_ignore_ascii_case(value_type))
}

/// Takes all parameters of a name out.
pub(super) fn remove_parameter(property: &mut Property, name: &str) {
    property.parameters.retain(|parameter| !parameter.is(name));
}

/// Sets VALUE, in its place if there is one.
pub(super) fn set_value_type(property: &mut Property, value_type: &str) {
    match property.parameters.iter_mut().find(|parameter| parameter.is("VALUE")) {
        Some(parameter) => parameter.values = vec![value_type.to_owned()],
        None => property.parameters.push(Parameter::new("VALUE", value_type)),
    }
}

/// Takes one value out of TYPE in any case, and TYPE with it if nothing is left.
pub(super) fn remove_type(property: &mut Property, name: &str) {
    property.parameters.retain_mut(|parameter| {
        if !parameter.is("TYPE") || !parameter.values.iter().any(|value| value.eq_ignore_ascii_case(name)) {
            return true;
        }
        parameter.values.retain(|value| !value.eq_ignore_ascii_case(name));
        !parameter.values.is_empty()
    });
}

/// Makes several values of a quoted list, without stray spaces: `TYPE="work, voice"` becomes `TYPE=work,voice`.
pub(super) fn flatten_types(property: &mut Property) {
    for parameter in property.parameters.iter_mut().filter(|parameter| parameter.is("TYPE")) {
        let parts = parameter.values.iter().flat_map(|value| value.split(','));
        parameter.values = parts.map(|value| value.trim().to_owned()).collect();
    }
}

/// The types and `pref` in lower case and in order, to compare two properties.
pub(super) fn sorted_types(property: &Property) -> Vec<String> {
    let mut types = property.types();
    if property.preference() == Some(1) {
        types.push("pref".to_owned());
    }
    sort::ascending(&mut types);
    types.dedup();
    types
}

/// Drops the backslash in front of colons, which no version has.
pub(super) fn plain_colons(raw: &str) -> String {
    if !raw.contains("\\:") {
        return raw.to_owned();
    }
    let mut plain = String::with_capacity(raw.len());
    let mut characters = raw.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            plain.push(character);
            continue;
        }
        match characters.next() {
            Some(':') => plain.push(':'),
            Some(other) => plain.extend(['\\', other]),
            None => plain.push('\\'),
        }
    }
    plain
}
