//! 2.1 to 3.0. Bare parameters, encodings and escapes were settled on reading already.

use super::super::property::Property;
use super::values::{has_value_type, remove_parameter, set_value_type};

pub(super) fn convert(properties: &mut [Property]) {
    for property in properties {
        if has_value_type(property, "URL") {
            set_value_type(property, "uri");
        } else if has_value_type(property, "INLINE") {
            remove_parameter(property, "VALUE");
        }
        if property.is("GEO") {
            // 2.1 writes longitude, latitude; many writers have the form of 3.0 there already.
            if let Some((longitude, latitude)) = property.value.split_once(',') {
                let swapped = Property::from_raw("GEO", format!("{};{}", latitude.trim(), longitude.trim()));
                if swapped.coordinates().is_some() {
                    property.value = swapped.value;
                }
            }
        }
        super::to_v3::extend_date(property);
    }
}
