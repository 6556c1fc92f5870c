//! Inline bytes: BASE64 and `data:` URIs (RFC 2397).

use super::encoding::{base64_decode, base64_encode, percent_decode};
use crate::error::{CrmError, Result};

/// Inline bytes with their media type, for example a photo.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binary {
    /// For example `image/jpeg`, if it is known.
    pub media_type: Option<String>,
    /// The bytes themselves.
    pub bytes: Vec<u8>,
}

impl Binary {
    /// The bytes as a `data:` URI; an unknown media type is `application/octet-stream`.
    pub fn to_data_uri(&self) -> String {
        make_data_uri(self.media_type.as_deref(), &base64_encode(&self.bytes))
    }
}

/// The media type of bytes of which nothing is known.
pub(super) const UNKNOWN: &str = "application/octet-stream";

/// A `data:` URI out of text that is BASE64 already.
pub(super) fn make_data_uri(media_type: Option<&str>, base64: &str) -> String {
    format!("data:{};base64,{base64}", media_type.unwrap_or(UNKNOWN))
}

/// The parts of a `data:` URI.
pub(super) struct DataUri<'a> {
    /// The media type without parameters, unless it is unknown.
    pub(super) media_type: Option<&'a str>,
    /// Whether there are parameters of the media type, such as `charset=utf-8`.
    pub(super) has_parameters: bool,
    /// Whether the data is BASE64; else it is percent-encoded.
    pub(super) base64: bool,
    /// The encoded data.
    pub(super) data: &'a str,
}

/// Takes a `data:` URI apart, or gives nothing for any other URI.
pub(super) fn data_uri(uri: &str) -> Option<DataUri<'_>> {
    let (scheme, rest) = uri.split_once(':')?;
    let (head, data) = scheme.eq_ignore_ascii_case("data").then(|| rest.split_once(','))??;
    let mut parts = head.split(';').map(str::trim);
    let media_type = parts.next().filter(|media_type| !media_type.is_empty() && *media_type != UNKNOWN);
    let mut uri = DataUri { media_type, has_parameters: false, base64: false, data };
    for part in parts {
        if part.eq_ignore_ascii_case("base64") {
            uri.base64 = true;
        } else {
            uri.has_parameters = true;
        }
    }
    Some(uri)
}

impl DataUri<'_> {
    /// The bytes of the URI.
    pub(super) fn decode(&self) -> Result<Binary> {
        let media_type = self.media_type.map(str::to_owned);
        if self.base64 {
            return base64_binary(self.data, media_type);
        }
        let bytes = percent_decode(self.data.as_bytes()).ok_or_else(|| {
            CrmError::invalid("vcard.base64", "the data: URI is not percent-encoded rightly")
        })?;
        Ok(Binary { media_type, bytes })
    }
}

/// The bytes of BASE64 text.
pub(super) fn base64_binary(text: &str, media_type: Option<String>) -> Result<Binary> {
    let bytes = base64_decode(text)
        .ok_or_else(|| CrmError::invalid("vcard.base64", "the inline value is not BASE64"))?;
    Ok(Binary { media_type, bytes })
}
