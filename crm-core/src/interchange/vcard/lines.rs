//! The physical lines of a file, as bytes of UTF-8 or of whatever single-byte set the file is in.

use std::io::{self, BufRead};

use super::Limits;
use super::notice::{invalid, limit};
use crate::error::{CrmError, ErrorKind};

/// What the first bytes of the file say of its encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Unknown,
    Bytes,
    Utf16 { little_endian: bool },
}

/// What came of reading a line.
pub(super) enum Physical {
    /// A line is in the buffer, without its line break.
    Line,
    /// The line is too long or not text. It was read past.
    Bad(CrmError),
    /// Nothing more can be read: the input cannot be read or is too large.
    Broken(CrmError),
    /// The end of the file.
    End,
}

/// Reads lines that end with LF; any CR in front of it belongs to the line break.
pub(super) struct Lines<R> {
    input: R,
    form: Form,
    read: u64,
    limits: Limits,
    /// The number of the line that was read last, counted from 1.
    pub(super) number: usize,
}

impl<R: BufRead> Lines<R> {
    pub(super) fn new(input: R, limits: Limits) -> Self {
        Self { input, form: Form::Unknown, read: 0, limits, number: 0 }
    }

    /// Whether the file was UTF-16, so that its lines are known to be UTF-8 now.
    pub(super) fn is_transcoded(&self) -> bool {
        matches!(self.form, Form::Utf16 { .. })
    }

    /// Reads the next line into the buffer.
    pub(super) fn next(&mut self, line: &mut Vec<u8>) -> Physical {
        line.clear();
        self.number += 1;
        let mut length = 0;
        loop {
            match self.read_to_line_feed(line, &mut length) {
                Ok(found) => {
                    if self.form == Form::Unknown {
                        self.detect(line);
                    }
                    if !found || self.is_line_break(line, length) {
                        break;
                    }
                }
                Err(error) => {
                    let error = CrmError::new(ErrorKind::Io, "vcard.read", error.kind().to_string());
                    return Physical::Broken(error.detail("line", self.number));
                }
            }
        }
        if self.read > self.limits.input {
            return Physical::Broken(limit("the input is larger than allowed", self.number));
        }
        if length == 0 {
            return Physical::End;
        }
        if line.len() > self.limits.line {
            return Physical::Bad(limit("the line is longer than allowed", self.number));
        }
        if let Form::Utf16 { little_endian } = self.form {
            match utf16(line, little_endian) {
                Some(text) => *line = text.into_bytes(),
                None => {
                    return Physical::Bad(invalid("vcard.encoding", "the line is not UTF-16", self.number));
                }
            }
        }
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        while line.last() == Some(&b'\r') {
            line.pop();
        }
        Physical::Line
    }

    /// Appends up to and with the next LF. What is over the limit is read past and not kept.
    fn read_to_line_feed(&mut self, line: &mut Vec<u8>, length: &mut usize) -> io::Result<bool> {
        loop {
            let available = match self.input.fill_buf() {
                Ok(available) => available,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let end = available.iter().position(|&byte| byte == b'\n');
            let count = end.map_or(available.len(), |end| end + 1);
            if line.len() <= self.limits.line {
                line.extend_from_slice(&available[..count]);
            }
            self.input.consume(count);
            *length += count;
            self.read += count as u64;
            // An endless line must not be read to its end once the input is over its limit.
            if end.is_some() || count == 0 || self.read > self.limits.input {
                return Ok(end.is_some());
            }
        }
    }

    /// Looks for a byte order mark at the start of the first line, and takes it off.
    fn detect(&mut self, line: &mut Vec<u8>) {
        let (form, mark) = match line.as_slice() {
            [0xff, 0xfe, ..] => (Form::Utf16 { little_endian: true }, 2),
            [0xfe, 0xff, ..] => (Form::Utf16 { little_endian: false }, 2),
            [0xef, 0xbb, 0xbf, ..] => (Form::Bytes, 3),
            _ => (Form::Bytes, 0),
        };
        line.drain(..mark);
        self.form = form;
    }

    /// Whether the LF that was read last is a line break; in UTF-16 it may be half of another character.
    fn is_line_break(&mut self, line: &mut Vec<u8>, length: usize) -> bool {
        let Form::Utf16 { little_endian } = self.form else { return true };
        // Past the limit the line is not kept, so only its length tells the halves apart; it is an error anyway.
        if line.len() > self.limits.line {
            return true;
        }
        if !little_endian {
            return length.is_multiple_of(2) && matches!(line.as_slice(), [.., 0, b'\n']);
        }
        if length.is_multiple_of(2) {
            return false;
        }
        // The high half of a little-endian LF stands in front of the next line.
        let Ok([high, ..]) = self.input.fill_buf() else { return true };
        let is_line_break = *high == 0;
        if is_line_break {
            self.input.consume(1);
            self.read += 1;
            line.push(0);
        }
        is_line_break
    }
}

fn utf16(bytes: &[u8], little_endian: bool) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs
        .iter()
        .map(|&pair| if little_endian { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) });
    let text = char::decode_utf16(units).collect::<Result<String, _>>().ok()?;
    rest.is_empty().then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(input: &[u8]) -> Vec<String> {
        let mut lines = Lines::new(input, Limits::DEFAULT);
        let (mut line, mut all) = (Vec::new(), Vec::new());
        loop {
            match lines.next(&mut line) {
                Physical::Line => all.push(String::from_utf8_lossy(&line).into_owned()),
                Physical::Bad(error) | Physical::Broken(error) => all.push(error.code().to_owned()),
                Physical::End => return all,
            }
        }
    }

    #[test]
    fn line_breaks_and_byte_order_marks() {
        assert_eq!(lines(b"a\r\nb\n\r\r\n\nc"), ["a", "b", "", "", "c"]);
        assert_eq!(lines(b"\xef\xbb\xbfa\n"), ["a"]);
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn utf16_of_both_byte_orders() {
        // U+0A0A and U+010A have a half that looks like LF.
        let text = "ab\u{a0a}\u{10a}c\r\n\u{1f600}\nend";
        let expected = ["ab\u{a0a}\u{10a}c", "\u{1f600}", "end"];
        let little: Vec<u8> =
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> =
            [0xfeff].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(lines(&little), expected);
        assert_eq!(lines(&big), expected);
        assert_eq!(lines(&[0xff, 0xfe, 0, 0xd8]), ["vcard.encoding"]);
    }

    #[test]
    fn too_long_a_line_is_read_past() {
        let limits = Limits { line: 4, ..Limits::DEFAULT };
        let mut lines = Lines::new(b"12345678\nok\n".as_slice(), limits);
        let mut line = Vec::new();
        assert!(matches!(lines.next(&mut line), Physical::Bad(_)));
        assert!(matches!(lines.next(&mut line), Physical::Line));
        assert_eq!((line.as_slice(), lines.number), (b"ok".as_slice(), 2));
    }
}
