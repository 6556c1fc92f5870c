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
/// - A BASE64 line goes on with lines that are nothing but BASE64; some old writers do not indent them. (A
///   line that an indented one follows is rather a folded header.)
/// - Empty lines are dropped, but end BASE64 without indents.
pub(super) fn unfold<'a>(lines: impl Iterator<Item = (usize, &'a [u8])>, version: Version) -> Vec<Logical> {
    let mut unfolded: Vec<Logical> = Vec::new();
    let mut transfer = Settled::default();
    // An empty line ends BASE64 that is not indented.
    let mut after_gap = false;
    let mut lines = lines.peekable();
    while let Some((number, line)) = lines.next() {
        let Some(last) = unfolded.last_mut() else {
            unfolded.push(Logical { number, bytes: line.to_vec() });
            continue;
        };
        let bytes = &mut last.bytes;
        if line.is_empty() {
            after_gap = true;
        } else if ends_softly(bytes) && transfer.of(bytes) == Transfer::QuotedPrintable {
            while bytes.pop() != Some(b'=') {}
            let indented = version != Version::V2_1 && matches!(line[0], b' ' | b'\t');
            bytes.extend_from_slice(if indented { &line[1..] } else { line });
        } else if matches!(line[0], b' ' | b'\t') {
            bytes.extend_from_slice(if version == Version::V2_1 { line } else { &line[1..] });
        } else if !after_gap
            && is_base64_text(line)
            && !lines.peek().is_some_and(|(_, next)| matches!(next.first(), Some(b' ' | b'\t')))
            && transfer.of(bytes) == Transfer::Base64
        {
            bytes.extend_from_slice(line);
        } else {
            (transfer, after_gap) = (Settled::default(), false);
            unfolded.push(Logical { number, bytes: line.to_vec() });
        }
    }
    unfolded
}

/// The transfer encoding of the line that is being unfolded, looked up once. The header may be folded itself, so
/// a few looks may find no colon yet; there is an end to them, or a line without a colon would take quadratic time.
#[derive(Default)]
struct Settled {
    transfer: Option<Transfer>,
    looks: u8,
}

impl Settled {
    fn of(&mut self, line: &[u8]) -> Transfer {
        if self.transfer.is_none() && self.looks < 8 {
            self.looks += 1;
            self.transfer = transfer_of(line);
        }
        self.transfer.unwrap_or(Transfer::Plain)
    }
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
        // Found by fuzzing: a name so long that it is folded.
        check(Version::V3_0, "KEY;ENCODING=b:AAAA\nXLONG\n NAME:x", &["KEY;ENCODING=b:AAAA", "XLONGNAME:x"]);
        check(Version::V3_0, "FN:x\nABC", &["FN:x", "ABC"]);
    }
}
