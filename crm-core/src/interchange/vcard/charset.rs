//! Bytes to text: UTF-8, and the two Western character sets that old address books write.

/// The upper half of Windows-1252 from 0x80 to 0x9F; the five unused places are control characters, as on the web.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// A character set that the reader knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    /// UTF-8, and its part US-ASCII.
    Utf8,
    /// Windows-1252, and its part ISO-8859-1.
    Windows1252,
}

impl Charset {
    /// The character set of a CHARSET parameter in any case.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" | "us-ascii" | "ascii" | "" => Some(Self::Utf8),
            "iso-8859-1" | "iso8859-1" | "iso_8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252"
            | "cp-1252" | "x-cp1252" => Some(Self::Windows1252),
            _ => None,
        }
    }

    /// The text of the bytes, or nothing if they are not of this character set.
    pub(super) fn decode(self, bytes: Vec<u8>) -> Option<String> {
        match self {
            Self::Utf8 => String::from_utf8(bytes).ok(),
            Self::Windows1252 => Some(bytes.into_iter().map(western).collect()),
        }
    }
}

fn western(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// UTF-8 if it is, else Windows-1252: what a file means that does not say. The flag tells if it was a guess.
pub(super) fn guess(bytes: Vec<u8>) -> (String, bool) {
    match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (error.into_bytes().into_iter().map(western).collect(), true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn western_bytes() {
        assert_eq!(Charset::Windows1252.decode(b"M\xfcller \x80\x9f".to_vec()).as_deref(), Some("Müller €Ÿ"));
        assert_eq!(Charset::Utf8.decode(b"\xfc".to_vec()), None);
        assert_eq!(guess(b"\xe9".to_vec()), ("é".to_owned(), true));
        assert_eq!(guess("é".into()), ("é".to_owned(), false));
    }

    #[test]
    fn names() {
        assert_eq!(Charset::of("UTF-8"), Some(Charset::Utf8));
        assert_eq!(Charset::of("iso-8859-1"), Some(Charset::Windows1252));
        assert_eq!(Charset::of("Shift_JIS"), None);
    }
}
