//! Media types: 3.0 names them by a TYPE (`JPEG`), 4.0 by MEDIATYPE or in the `data:` URI (`image/jpeg`).

use super::property::Property;

/// TYPE values that say where or how a property is used, and so never name a format.
const USES: [&str; 4] = ["home", "work", "pref", "internet"];

/// The properties that are inline bytes by default in 3.0 and URIs by default in 4.0.
pub(super) fn holds_media(property: &Property) -> bool {
    ["PHOTO", "LOGO", "SOUND", "KEY"].iter().any(|name| property.is(name))
}

/// The TYPE value that names the format of the media, in its spelling.
pub(super) fn format(property: &Property) -> Option<&str> {
    property.type_values().find(|value| {
        !USES.iter().any(|usage| value.eq_ignore_ascii_case(usage))
            && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+.".contains(&byte))
    })
}

/// The media type of a property: MEDIATYPE, or else made from its format.
pub(super) fn media_type(property: &Property) -> Option<String> {
    match property.parameter_value("MEDIATYPE") {
        Some(media_type) => Some(media_type.to_owned()),
        None => format(property).map(|format| of_format(&property.name, format)),
    }
}

/// The media type of a format, which depends on the property: `PHOTO;TYPE=JPEG` is `image/jpeg`.
pub(super) fn of_format(name: &str, format: &str) -> String {
    let format = format.to_ascii_lowercase();
    match (name.to_ascii_uppercase().as_str(), format.as_str()) {
        ("KEY", "x509") => "application/pkix-cert".to_owned(),
        ("KEY", "pgp") => "application/pgp-keys".to_owned(),
        ("PHOTO" | "LOGO", "jpg") => "image/jpeg".to_owned(),
        ("PHOTO" | "LOGO", _) => format!("image/{format}"),
        ("SOUND", _) => format!("audio/{format}"),
        _ => format!("application/{format}"),
    }
}

/// The format of a media type, if [`of_format`] leads back to it.
pub(super) fn to_format(name: &str, media_type: &str) -> Option<String> {
    let format = match media_type {
        "application/pkix-cert" if name == "KEY" => "X509".to_owned(),
        "application/pgp-keys" if name == "KEY" => "PGP".to_owned(),
        _ => media_type.split_once('/')?.1.to_ascii_uppercase(),
    };
    let usable = !USES.iter().any(|usage| format.eq_ignore_ascii_case(usage)) && !format.is_empty();
    (usable && of_format(name, &format) == media_type).then_some(format)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_and_media_types() {
        let check = |name: &str, format: &str, media_type: &str| {
            assert_eq!(of_format(name, format), media_type);
            assert_eq!(to_format(name, media_type).as_deref(), Some(format));
        };
        check("PHOTO", "JPEG", "image/jpeg");
        check("LOGO", "PNG", "image/png");
        check("SOUND", "OGG", "audio/ogg");
        check("KEY", "X509", "application/pkix-cert");
        check("X-BLOB", "PDF", "application/pdf");
        assert_eq!(to_format("PHOTO", "application/pdf"), None);
    }
}
