//! 3.0 to 4.0.

use super::super::DateOrTime;
use std::collections::BTreeMap;

use super::super::binary::make_data_uri;
use super::super::media::{format, holds_media, media_type};
use super::super::property::{Parameter, Property};
use super::values::{
    flatten_types, has_value_type, holds_date, plain_colons, remove_parameter, remove_type, set_value_type,
    sorted_types,
};

pub(super) fn convert(properties: &mut Vec<Property>) {
    for property in properties.iter_mut() {
        flatten_types(property);
        if property.is_base64() {
            inline(property);
        } else {
            property.value = plain_colons(&property.value);
            if holds_media(property) && has_value_type(property, "uri") {
                name_media_type(property);
            }
        }
        prefer(property);
        if holds_date(property) {
            shorten_date(property);
        } else if property.is("GEO") {
            geo(property);
        } else if property.is("TZ") && has_value_type(property, "text") {
            remove_parameter(property, "VALUE");
        } else if property.is("AGENT") {
            "RELATED".clone_into(&mut property.name);
            property.add_type("agent".to_owned());
            if !has_value_type(property, "uri") {
                set_value_type(property, "text");
            }
        } else if property.is("X-ADDRESSBOOKSERVER-KIND") {
            "KIND".clone_into(&mut property.name);
        } else if property.is("X-ADDRESSBOOKSERVER-MEMBER") {
            "MEMBER".clone_into(&mut property.name);
        }
    }
    merge_labels(properties);
}

/// `TYPE=pref` to `PREF=1`; a PREF that is there already says it better.
fn prefer(property: &mut Property) {
    if property.has_type("pref") {
        remove_type(property, "pref");
        if property.parameter("PREF").is_none() {
            property.parameters.push(Parameter::new("PREF", "1"));
        }
    }
}

/// BASE64 to a `data:` URI. What is no BASE64 goes along as it is.
fn inline(property: &mut Property) {
    let media_type = media_type(property);
    property.value = make_data_uri(media_type.as_deref(), &property.value);
    remove_parameter(property, "ENCODING");
    remove_parameter(property, "VALUE");
    remove_format(property);
    remove_parameter(property, "MEDIATYPE");
    if !holds_media(property) {
        set_value_type(property, "uri");
    }
}

/// The format of a photo elsewhere: `TYPE=JPEG` to `MEDIATYPE=image/jpeg`.
fn name_media_type(property: &mut Property) {
    if property.parameter("MEDIATYPE").is_some() {
        return;
    }
    if let Some(media_type) = media_type(property) {
        remove_format(property);
        property.parameters.push(Parameter::new("MEDIATYPE", media_type));
    }
}

/// Takes the format out of TYPE, if it is there that the media type came from.
fn remove_format(property: &mut Property) {
    if property.parameter("MEDIATYPE").is_none() {
        if let Some(format) = format(property).map(str::to_owned) {
            remove_type(property, &format);
        }
    }
}

/// `1985-04-12` to `19850412`, and Apple's omitted year to `--0412`.
fn shorten_date(property: &mut Property) {
    if has_value_type(property, "text") {
        return;
    }
    let Some(date) = property.date_or_time() else { return };
    // 4.0 has no fractions of a second; better a form of 3.0 than a part of the time lost.
    if date.microsecond.is_some() {
        return;
    }
    let basic = date.to_basic();
    if DateOrTime::parse(&basic) != Some(date) {
        return;
    }
    property.value = basic;
    if date.year.is_none() {
        remove_parameter(property, "X-APPLE-OMIT-YEAR");
    }
    if has_value_type(property, "date") || has_value_type(property, "date-time") {
        if property.is("REV") {
            remove_parameter(property, "VALUE");
        } else {
            set_value_type(property, "date-and-or-time");
        }
    }
}

fn geo(property: &mut Property) {
    let is_pair =
        !property.value.trim_start().get(..4).is_some_and(|start| start.eq_ignore_ascii_case("geo:"));
    if let Some(place) = property.coordinates().filter(|_| is_pair) {
        property.value = format!("geo:{},{}", place.latitude, place.longitude);
        remove_parameter(property, "VALUE");
    }
}

/// Puts each LABEL into the one ADR with the same group and types, if that has none yet; other LABELs stay.
fn merge_labels(properties: &mut Vec<Property>) {
    let key = |property: &Property| (property.group.clone(), sorted_types(property));
    let mut addresses: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (index, property) in properties.iter().enumerate().filter(|(_, property)| property.is("ADR")) {
        addresses.entry(key(property)).or_default().push(index);
    }
    let mut merged = Vec::new();
    for (index, label) in properties.iter().enumerate().filter(|(_, property)| property.is("LABEL")) {
        let only_types =
            label.parameters.iter().all(|parameter| parameter.is("TYPE") || parameter.is("PREF"));
        if let Some([address]) = addresses.get(&key(label)).map(Vec::as_slice).filter(|_| only_types) {
            merged.push((index, *address, label.text()));
        }
    }
    let mut gone = vec![false; properties.len()];
    for (index, address, text) in merged {
        if let Some(address) =
            properties.get_mut(address).filter(|address| address.parameter("LABEL").is_none())
        {
            address.parameters.push(Parameter::new("LABEL", text));
            gone[index] = true;
        }
    }
    let mut gone = gone.into_iter();
    properties.retain(|_| !gone.next().unwrap_or_default());
}
