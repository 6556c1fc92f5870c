//! Physical lines to content lines.

use super::Version;
use super::content_line::{Transfer, transfer_of};

/// A content line: unfolded, but not decoded yet.
#[derive(Clone, Debug)]
pub(super) struct Logical {
    /// The line of the file that it starts at.
    pub(super) number: usize,
    pub(super) bytes: Vec<u8>,
}

/// Unfolds the lines of a card, as bytes, for a fold may stand inside a character.
///
/// - A line that starts with a space or a tab continues the one before. 3.0 and 4.0 drop that character; in 2.1 a
///   line is folded where white space is, so it is kept.
/// - A QUOTED-PRINTABLE line that ends with `=` goes on with the next line (a soft line break).
/// - A BASE64 line goes on with lines that are nothing but BASE64; some old writers do not indent them.
/// - Empty lines are dropped, but end BASE64 without indents.
pub(super) fn unfold<'a>(lines: impl Iterator<Item = (usize, &'a [u8])>, version: Version) -> Vec<Logical> {
    let mut unfolded: Vec<Logical> = Vec::new();
    let mut base64 = None;
    for (number, line) in lines {
        let Some(last) = unfolded.last_mut() else {
            unfolded.push(Logical { number, bytes: line.to_vec() });
            continue;
        };
        let bytes = &mut last.bytes;
        if line.is_empty() {
            base64 = Some(false);
        } else if ends_softly(bytes) && transfer_of(bytes) == Transfer::QuotedPrintable {
            while bytes.pop() != Some(b'=') {}
            let indented = version != Version::V2_1 && matches!(line[0], b' ' | b'\t');
            bytes.extend_from_slice(if indented { &line[1..] } else { line });
        } else if matches!(line[0], b' ' | b'\t') {
            bytes.extend_from_slice(if version == Version::V2_1 { line } else { &line[1..] });
        } else if is_base64_text(line)
            && *base64.get_or_insert_with(|| transfer_of(bytes) == Transfer::Base64)
        {
            bytes.extend_from_slice(line);
        } else {
            base64 = None;
            unfolded.push(Logical { number, bytes: line.to_vec() });
        }
    }
    unfolded
}

fn ends_softly(line: &[u8]) -> bool {
    line.trim_ascii_end().last() == Some(&b'=')
}

fn is_base64_text(line: &[u8]) -> bool {
    line.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+/= \t".contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds() {
        let check = |version, text: &str, expected: &[&str]| {
            let lines = text.split('\n').map(str::as_bytes).enumerate();
            let unfolded = unfold(lines, version);
            let unfolded: Vec<_> = unfolded.iter().map(|line| String::from_utf8_lossy(&line.bytes)).collect();
            assert_eq!(unfolded, expected, "{text:?}");
        };
        check(Version::V3_0, "NOTE:a\n b\n\tc\nFN:x", &["NOTE:abc", "FN:x"]);
        check(Version::V3_0, "NOTE:a\n  b\n\n c", &["NOTE:a bc"]);
        check(Version::V2_1, "NOTE:a\n b\nFN:x", &["NOTE:a b", "FN:x"]);
        check(
            Version::V2_1,
            "NOTE;QUOTED-PRINTABLE:a=\nb= \n c\nFN:x=\nN:y",
            &["NOTE;QUOTED-PRINTABLE:ab c", "FN:x=", "N:y"],
        );
        check(Version::V3_0, "NOTE;ENCODING=QUOTED-PRINTABLE:a=\n b", &["NOTE;ENCODING=QUOTED-PRINTABLE:ab"]);
        check(Version::V2_1, "PHOTO;BASE64:\nAAAA\nBB==\n\nFN:x", &["PHOTO;BASE64:AAAABB==", "FN:x"]);
        check(Version::V2_1, "PHOTO;BASE64:AAA=\n\nABC", &["PHOTO;BASE64:AAA=", "ABC"]);
        check(Version::V3_0, "FN:x\nABC", &["FN:x", "ABC"]);
    }
}
