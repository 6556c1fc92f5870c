//! QUOTED-PRINTABLE and BASE64 (RFC 2045 §6.7 and §6.8), as lenient as real files need.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Address books forget the padding, or leave bits behind it.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The bytes of BASE64 text, or nothing if it is none.
pub(super) fn base64_decode(text: &str) -> Option<Vec<u8>> {
    if text.contains(|character: char| character.is_ascii_whitespace()) {
        let text: String = text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
        return LENIENT.decode(text).ok();
    }
    LENIENT.decode(text).ok()
}

/// The BASE64 text of bytes.
pub(super) fn base64_encode(bytes: &[u8]) -> String {
    LENIENT.encode(bytes)
}

/// The bytes of QUOTED-PRINTABLE text whose soft line breaks are already joined, or nothing if a `=` is not
/// followed by two hexadecimal digits.
pub(super) fn quoted_printable_decode(text: &[u8]) -> Option<Vec<u8>> {
    decode_hex(text, b'=')
}

/// The bytes of percent-encoded text.
pub(super) fn percent_decode(text: &[u8]) -> Option<Vec<u8>> {
    decode_hex(text, b'%')
}

fn decode_hex(text: &[u8], mark: u8) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(&byte) = rest.next() {
        if byte == mark {
            let high = char::from(*rest.next()?).to_digit(16)?;
            let low = char::from(*rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable() {
        let check = |text: &[u8], expected: Option<&[u8]>| {
            assert_eq!(quoted_printable_decode(text).as_deref(), expected);
        };
        check(b"a=0D=0Ab=3d", Some(b"a\r\nb="));
        check(b"=C3=BC", Some("ü".as_bytes()));
        check(b"=4", None);
        check(b"=G0", None);
    }

    #[test]
    fn base64_without_padding() {
        for text in ["TWE=", "TWE", "TW E\t="] {
            assert_eq!(base64_decode(text).as_deref(), Some(b"Ma".as_slice()), "{text:?}");
        }
        assert_eq!(base64_decode("T*E="), None);
    }
}
