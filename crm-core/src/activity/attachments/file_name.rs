//! Names and types of files, made safe for every file system and every browser.

use crate::error::{CrmError, Result};

/// The type of a file of which nothing is known (RFC 2046).
pub(in crate::activity) const UNKNOWN_MEDIA_TYPE: &str = "application/octet-stream";

/// The longest name, in characters.
const LONGEST: usize = 255;

/// The name without a path, without control characters and without the marks that turn text around: with them,
/// `exe.fdp` can be made to look like `pdf.exe`.
pub(in crate::activity) fn safe(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let kept: String = last.chars().filter(|c| !is_refused(*c)).collect();
    // Windows drops dots and spaces at the end, so two names could stand for one file there.
    let kept = kept.trim().trim_end_matches(['.', ' ']);
    if kept.is_empty() {
        return "attachment".to_owned();
    }
    shorten(kept)
}

fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, ':' | '*' | '?' | '"' | '<' | '>' | '|')
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Cuts a long name before its extension.
fn shorten(name: &str) -> String {
    let length = name.chars().count();
    if length <= LONGEST {
        return name.to_owned();
    }
    let extension: String = match name.rsplit_once('.') {
        Some((_, extension)) if extension.chars().count() <= 20 => format!(".{extension}"),
        _ => String::new(),
    };
    let room = LONGEST - extension.chars().count();
    name.chars().take(room).chain(extension.chars()).collect()
}

/// The media type in its normal form: lower case, without parameters.
///
/// # Errors
/// `attachment.media_type`.
pub(in crate::activity) fn media_type(text: &str) -> Result<String> {
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // The characters of a restricted name in RFC 6838, section 4.2.
    let is_name = |part: &str| {
        !part.is_empty()
            && part.len() <= 127
            && part.starts_with(|c: char| c.is_ascii_alphanumeric())
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
    };
    match essence.split_once('/') {
        Some((kind, sort)) if is_name(kind) && is_name(sort) => Ok(essence),
        _ => {
            Err(CrmError::invalid("attachment.media_type", "is not of the form type/subtype")
                .at("media_type"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_safe() {
        for (given, expected) in [
            ("offer.pdf", "offer.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ada\\offer.pdf", "offer.pdf"),
            ("a/b/", "b"),
            ("", "attachment"),
            ("..", "attachment"),
            ("/", "attachment"),
            ("a\0b\nc.txt", "abc.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            (" Angebot für José .pdf. ", "Angebot für José .pdf"),
            (".bashrc", ".bashrc"),
            ("a:b*c?.txt", "abc.txt"),
        ] {
            assert_eq!(safe(given), expected, "{given:?}");
        }
        let long = safe(&format!("{}.jpeg", "x".repeat(400)));
        assert_eq!((long.chars().count(), long.ends_with("x.jpeg")), (255, true));
    }

    #[test]
    fn media_types_are_checked() {
        for (given, expected) in [
            ("text/plain", Some("text/plain")),
            ("Text/HTML; charset=utf-8", Some("text/html")),
            ("image/svg+xml", Some("image/svg+xml")),
            ("text", None),
            ("text/", None),
            ("text/a b", None),
            ("../x", None),
        ] {
            assert_eq!(media_type(given).ok().as_deref(), expected, "{given:?}");
        }
    }
}
