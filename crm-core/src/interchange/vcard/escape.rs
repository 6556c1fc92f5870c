//! The escapes of text values, RFC 6350 §3.4: `\\`, `\,`, `\;` and `\n`.

/// Escapes plain text for use as a value, or as one part of a list or structured value.
pub(super) fn escape(text: &str) -> String {
    let mut raw = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => raw.push_str("\\\\"),
            ',' => raw.push_str("\\,"),
            ';' => raw.push_str("\\;"),
            '\r' => {
                characters.next_if_eq(&'\n');
                raw.push_str("\\n");
            }
            '\n' => raw.push_str("\\n"),
            _ => raw.push(character),
        }
    }
    raw
}

/// The plain text of a raw value. `\:` is undone too, because Apple and Google write it; a backslash in front of
/// any other character is kept, because it was most likely meant as such.
pub(super) fn unescape(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut characters = raw.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        match characters.next_if(|next| matches!(next, '\\' | ',' | ';' | ':' | 'n' | 'N')) {
            Some('n' | 'N') => text.push('\n'),
            Some(other) => text.push(other),
            None => text.push('\\'),
        }
    }
    text
}

/// Splits a raw value at each separator that no backslash stands in front of.
pub(super) fn split(raw: &str, separator: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (index, character) in raw.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == separator {
            parts.push(raw.get(start..index).unwrap_or_default());
            start = index + separator.len_utf8();
        }
    }
    parts.push(raw.get(start..).unwrap_or_default());
    parts
}

/// Writes line breaks as `\n` and leaves all else, so that a raw value fits on one line.
pub(super) fn without_line_breaks(raw: String) -> String {
    if !raw.contains(['\r', '\n']) {
        return raw;
    }
    raw.replace("\r\n", "\\n").replace(['\r', '\n'], "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_survives_its_escapes() {
        for text in ["", "a", "a,b;c\\d", "line\nline", "\\n", "tail\\", "http://x"] {
            assert_eq!(unescape(&escape(text)), text, "{text:?}");
        }
    }

    #[test]
    fn foreign_escapes_are_read() {
        let check = |raw, text| assert_eq!(unescape(raw), text);
        check("http\\://x", "http://x");
        check("a\\Nb", "a\nb");
        check("C:\\Dir\\", "C:\\Dir\\");
        check("\\\\n", "\\n");
    }

    #[test]
    fn only_bare_separators_split() {
        assert_eq!(split("a;b\\;c;;\\\\;d", ';'), ["a", "b\\;c", "", "\\\\", "d"]);
        assert_eq!(split("", ','), [""]);
    }
}
