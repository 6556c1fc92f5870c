//! 4.0 to 3.0.

use super::super::DateOrTime;
use super::super::binary::data_uri;
use super::super::encoding::base64_encode;
use super::super::media::{holds_media, to_format};
use super::super::property::{Parameter, Property};
use super::values::{
    flatten_types, has_value_type, holds_date, plain_colons, remove_parameter, remove_type, set_value_type,
};

/// The year that Apple writes where there is none: a leap year, so that every day exists in it.
const OMITTED_YEAR: u16 = 1604;

pub(super) fn convert(properties: &mut Vec<Property>) {
    for property in properties.iter_mut() {
        flatten_types(property);
        if !property.is_base64() {
            property.value = plain_colons(&property.value);
        }
        if !split_data_uri(property) && holds_media(property) {
            name_format(property);
        }
        prefer(property);
        if holds_date(property) {
            extend_date(property);
        } else if property.is("GEO") {
            geo(property);
        } else if property.is("TZ") {
            time_zone(property);
        } else if property.is("TEL") {
            telephone(property);
        } else if property.is("RELATED") && property.has_type("agent") {
            agent(property);
        } else if property.is("KIND") {
            "X-ADDRESSBOOKSERVER-KIND".clone_into(&mut property.name);
        } else if property.is("MEMBER") {
            "X-ADDRESSBOOKSERVER-MEMBER".clone_into(&mut property.name);
        }
    }
    split_labels(properties);
}

/// `PREF=1` to `TYPE=pref`. Other preferences stay as they are, for 3.0 has only one.
fn prefer(property: &mut Property) {
    if property.parameter("PREF").is_some() && property.preference() == Some(1) {
        remove_parameter(property, "PREF");
        if !property.has_type("pref") {
            property.add_type("pref".to_owned());
        }
    }
}

/// A `data:` URI to BASE64, and tells whether it was one. One with parameters of its own stays a URI.
fn split_data_uri(property: &mut Property) -> bool {
    let is_uri =
        has_value_type(property, "uri") || (holds_media(property) && property.parameter("VALUE").is_none());
    if !is_uri || property.is_base64() {
        return false;
    }
    let text = property.uri();
    let Some(uri) = data_uri(&text).filter(|uri| !uri.has_parameters) else { return false };
    let value = if uri.base64 {
        uri.data.split_ascii_whitespace().collect()
    } else {
        let Ok(binary) = uri.decode() else { return false };
        base64_encode(&binary.bytes)
    };
    remove_parameter(property, "VALUE");
    property.parameters.push(Parameter::new("ENCODING", "b"));
    if let Some(media_type) = uri.media_type {
        remove_parameter(property, "MEDIATYPE");
        match to_format(&property.name, media_type) {
            Some(format) => property.parameters.push(Parameter::new("TYPE", format)),
            None => property.parameters.push(Parameter::new("MEDIATYPE", media_type)),
        }
    }
    property.value = value;
    true
}

/// A photo elsewhere needs VALUE=uri in 3.0; `MEDIATYPE=image/jpeg` becomes `TYPE=JPEG`.
fn name_format(property: &mut Property) {
    if property.parameter("VALUE").is_none() && !property.is_base64() {
        set_value_type(property, "uri");
    }
    let format =
        property.parameter_value("MEDIATYPE").and_then(|media_type| to_format(&property.name, media_type));
    if let Some(format) = format {
        remove_parameter(property, "MEDIATYPE");
        property.parameters.push(Parameter::new("TYPE", format));
    }
}

/// `19850412` to `1985-04-12`; a day without a year gets Apple's placeholder, which 3.0 readers understand.
pub(super) fn extend_date(property: &mut Property) {
    if !holds_date(property) || has_value_type(property, "text") {
        return;
    }
    let Some(mut date) = property.date_or_time() else { return };
    let mut omit = false;
    if date.year.is_none() && date.month.is_some() && date.day.is_some() && !date.has_time() {
        // A placeholder that is there already stays, and with it its year.
        if property.parameter("X-APPLE-OMIT-YEAR").is_some() {
            return;
        }
        date.year = Some(OMITTED_YEAR);
        omit = true;
    }
    let extended = date.to_extended();
    if DateOrTime::parse(&extended) != Some(date) {
        return;
    }
    property.value = extended;
    if omit {
        property.parameters.push(Parameter::new("X-APPLE-OMIT-YEAR", OMITTED_YEAR.to_string()));
    }
    if has_value_type(property, "date-and-or-time") {
        set_value_type(property, if date.has_time() { "date-time" } else { "date" });
    }
}

fn geo(property: &mut Property) {
    let uri = property.uri();
    // A geo: URI with an altitude or a precision says more than 3.0 can.
    let plain = uri.get(4..).is_some_and(|rest| rest.split(',').count() == 2 && !rest.contains(';'));
    if let Some(place) = property.coordinates().filter(|_| plain) {
        property.value = format!("{};{}", place.latitude, place.longitude);
        remove_parameter(property, "VALUE");
    }
}

/// 3.0 takes a zone for an offset unless it is marked as text.
fn time_zone(property: &mut Property) {
    let is_offset =
        DateOrTime::parse(&format!("T00{}", property.value)).is_some_and(|time| time.offset.is_some());
    if property.parameter("VALUE").is_none() && !is_offset {
        set_value_type(property, "text");
    }
}

/// Readers of 3.0 show a `tel:` URI to the user as it is, so it becomes the number.
fn telephone(property: &mut Property) {
    let uri = property.uri();
    let number = uri.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("tel:")).and_then(|_| uri.get(4..));
    if let Some(number) = number.filter(|_| has_value_type(property, "uri")) {
        property.value = super::super::escape::escape(number);
        remove_parameter(property, "VALUE");
    }
}

fn agent(property: &mut Property) {
    "AGENT".clone_into(&mut property.name);
    remove_type(property, "agent");
    if has_value_type(property, "text") {
        remove_parameter(property, "VALUE");
    } else {
        set_value_type(property, "uri");
    }
}

/// Puts the LABEL parameter of an address into a property of its own behind it.
fn split_labels(properties: &mut Vec<Property>) {
    let mut split = Vec::with_capacity(properties.len());
    for mut address in properties.drain(..) {
        let text = address.parameter_value("LABEL").filter(|_| address.is("ADR")).map(str::to_owned);
        let label = text.map(|text| {
            remove_parameter(&mut address, "LABEL");
            let mut label = Property::from_text("LABEL", &text);
            label.group.clone_from(&address.group);
            label.parameters =
                address.parameters.iter().filter(|parameter| parameter.is("TYPE")).cloned().collect();
            label
        });
        split.push(address);
        split.extend(label);
    }
    *properties = split;
}
