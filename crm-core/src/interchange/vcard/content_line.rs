//! One content line to one property: transfer encodings and character sets are undone here.

use super::charset::{Charset, guess};
use super::encoding::quoted_printable_decode;
use super::escape::without_line_breaks;
use super::header::{self, Header};
use super::notice::{Notice, invalid};
use super::property::{Parameter, Property, canonical};
use super::unfold::Logical;
use super::{Limits, Version, legacy};
use crate::error::{CrmError, Result};

/// How the bytes of a value were encoded for transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
}

/// What the lines of a card have in common.
#[derive(Clone, Copy)]
pub(super) struct Context {
    pub(super) version: Version,
    /// Whether the file was UTF-16, so that raw text is UTF-8 whatever CHARSET says.
    pub(super) transcoded: bool,
    pub(super) limits: Limits,
}

/// The transfer encoding that the header of a line names; nothing if the line has no colon yet.
pub(super) fn transfer_of(line: &[u8]) -> Option<Transfer> {
    let header = header::colon(line).ok().and_then(|colon| line.get(..colon))?;
    let header = header::parse(&String::from_utf8_lossy(header), true, usize::MAX);
    Some(header.map_or(Transfer::Plain, |mut header| settle(&mut header.parameters).0))
}

/// Reads one unfolded line.
pub(super) fn property(line: Logical, context: Context, notices: &mut Vec<Notice>) -> Result<Property> {
    let number = line.number;
    let mut notice = |code, reason| notices.push(Notice { code, line: number, reason });
    let mut bytes = line.bytes;
    let at_line = |error: CrmError| error.detail("line", number);
    let colon = header::colon(&bytes).map_err(at_line)?;
    let value = bytes.split_off(colon + 1);
    bytes.pop();
    let (text, guessed) = guess(bytes);
    // A stray CR cannot be written, and means nothing in a header.
    let text = text.replace('\r', " ");
    let with_carets = context.version != Version::V2_1;
    let Header { group, name, mut parameters } =
        header::parse(&text, with_carets, context.limits.parameters).map_err(at_line)?;

    let (transfer, unknown) = settle(&mut parameters);
    if unknown {
        notice("vcard.encoding.unknown", "the encoding is not known; the value was read as plain text");
    }
    let charset = take_charset(&mut parameters).map_err(at_line)?;
    let mut guessed_value = false;
    let value = match transfer {
        Transfer::Base64 => {
            let mut value = value;
            value.retain(|byte| !byte.is_ascii_whitespace());
            String::from_utf8(value).map_err(|_| {
                invalid("vcard.encoding", "the BASE64 value has characters outside ASCII", number)
            })?
        }
        Transfer::Plain | Transfer::QuotedPrintable => {
            let quoted = transfer == Transfer::QuotedPrintable;
            let value = if quoted {
                quoted_printable_decode(&value)
                    .ok_or_else(|| invalid("vcard.encoding", "the value is not QUOTED-PRINTABLE", number))?
            } else {
                value
            };
            let charset = if context.transcoded && !quoted { Some(Charset::Utf8) } else { charset };
            if let Some(charset) = charset {
                charset.decode(value).ok_or_else(|| {
                    invalid("vcard.encoding", "the value is not of its character set", number)
                })?
            } else {
                let (text, guessed) = guess(value);
                guessed_value = guessed;
                text
            }
        }
    };
    if guessed || guessed_value {
        if context.version == Version::V4_0 {
            return Err(invalid("vcard.encoding", "the line is not UTF-8", number));
        }
        notice("vcard.charset.assumed", "the character set is not stated; Windows-1252 was assumed");
    }
    let value = match transfer {
        Transfer::Base64 => value,
        _ if context.version == Version::V2_1 => legacy::value(&name, &value),
        _ => without_line_breaks(value),
    };
    Ok(Property { group, name, parameters, value })
}

/// Gives bare parameters their names, and takes out the encodings that are undone on reading.
/// BASE64 in all its spellings becomes `ENCODING=b`. The flag tells of an unknown encoding, which is kept.
fn settle(parameters: &mut Vec<Parameter>) -> (Transfer, bool) {
    name_bare_words(parameters);
    let mut transfer = Transfer::Plain;
    let mut unknown = false;
    let mut place = None;
    let mut index = 0;
    parameters.retain_mut(|parameter| {
        if parameter.is("ENCODING") {
            parameter.values.retain(|value| match value.trim().to_ascii_uppercase().as_str() {
                "B" | "BASE64" => {
                    transfer = Transfer::Base64;
                    place.get_or_insert(index);
                    false
                }
                "QUOTED-PRINTABLE" => {
                    if transfer != Transfer::Base64 {
                        transfer = Transfer::QuotedPrintable;
                    }
                    false
                }
                "7BIT" | "8BIT" | "" => false,
                _ => {
                    unknown = true;
                    true
                }
            });
            if parameter.values.is_empty() {
                return false;
            }
        }
        index += 1;
        true
    });
    if let Some(place) = place {
        parameters.insert(place, Parameter::new("ENCODING", "b"));
    }
    (transfer, unknown)
}

/// `TEL;HOME;VOICE` has types, `NOTE;QUOTED-PRINTABLE` an encoding and `PHOTO;URL` a kind of value.
fn name_bare_words(parameters: &mut Vec<Parameter>) {
    let mut named: Vec<Parameter> = Vec::with_capacity(parameters.len());
    let mut after_bare_type = false;
    for mut parameter in parameters.drain(..) {
        if !parameter.name.is_empty() {
            after_bare_type = false;
            named.push(parameter);
            continue;
        }
        let word = parameter.values.first().map(|word| word.to_ascii_uppercase()).unwrap_or_default();
        let name = match word.as_str() {
            "QUOTED-PRINTABLE" | "BASE64" | "8BIT" | "7BIT" => "ENCODING",
            "URL" | "URI" | "INLINE" | "CONTENT-ID" | "CID" => "VALUE",
            _ => "TYPE",
        };
        match named.last_mut() {
            Some(last) if after_bare_type && name == "TYPE" => last.values.append(&mut parameter.values),
            _ => {
                parameter.name = canonical(name);
                named.push(parameter);
            }
        }
        after_bare_type = name == "TYPE";
    }
    *parameters = named;
}

/// Takes out CHARSET: what is read is Unicode.
fn take_charset(parameters: &mut Vec<Parameter>) -> Result<Option<Charset>> {
    let mut name = None;
    parameters.retain_mut(|parameter| {
        let is_charset = parameter.is("CHARSET");
        if is_charset && name.is_none() {
            name = parameter.values.drain(..).next();
        }
        !is_charset
    });
    let Some(name) = name else { return Ok(None) };
    Charset::of(&name).map(Some).ok_or_else(|| {
        let reason = "the character set is not known; UTF-8, ISO-8859-1 and Windows-1252 are";
        CrmError::invalid("vcard.charset", reason)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The property of a line, or the code of its error, with the codes of the notices.
    fn read(version: Version, line: &[u8]) -> (std::result::Result<Property, String>, Vec<&'static str>) {
        let context = Context { version, transcoded: false, limits: Limits::DEFAULT };
        let mut notices = Vec::new();
        let line = Logical { number: 1, bytes: line.to_vec() };
        let read = property(line, context, &mut notices).map_err(|error| error.code().to_owned());
        (read, notices.iter().map(|notice| notice.code).collect())
    }

    #[test]
    fn lines() {
        let check = |version, line: &[u8], expected: &str, notices: &[&str]| {
            let (read, seen) = read(version, line);
            let read = read.map_or_else(
                |code| code,
                |property| {
                    let parameters: Vec<String> = property
                        .parameters
                        .iter()
                        .map(|own| format!("{}={}", own.name, own.values.join("|")))
                        .collect();
                    format!("{} {} {}", property.name, parameters.join(";"), property.value)
                },
            );
            assert_eq!((read.as_str(), seen.as_slice()), (expected, notices), "{line:?}");
        };
        let (old, three, four) = (Version::V2_1, Version::V3_0, Version::V4_0);
        check(old, b"TEL;HOME;X-A=1;CELL;VOICE:1", "TEL TYPE=HOME;X-A=1;TYPE=CELL|VOICE 1", &[]);
        check(old, b"PHOTO;JPEG;BASE64:AA AA", "PHOTO TYPE=JPEG;ENCODING=b AAAA", &[]);
        check(old, b"PHOTO;URL;GIF:http://x/a.gif", "PHOTO VALUE=URL;TYPE=GIF http://x/a.gif", &[]);
        check(old, b"NOTE;ENCODING=8BIT:a", "NOTE  a", &[]);
        check(old, b"NOTE;ENCODING=ODD:a", "NOTE ENCODING=ODD a", &["vcard.encoding.unknown"]);
        check(three, b"FN;CHARSET=UTF-8:\xc3\xbc", "FN  ü", &[]);
        check(three, b"FN;CHARSET=UTF-8:\xfc", "vcard.encoding", &[]);
        check(three, b"FN:\xfc", "FN  ü", &["vcard.charset.assumed"]);
        check(four, b"FN:\xfc", "vcard.encoding", &[]);
        check(three, b"FN;CHARSET=EBCDIC:a", "vcard.charset", &[]);
        check(three, b"PHOTO;ENCODING=b:\xfc", "vcard.encoding", &[]);
        // Found by fuzzing: a CR inside a line cannot be written again.
        check(old, b"TEL;A\rB;P=C\rD:e\rf", "TEL TYPE=A B;P=C D e\\nf", &[]);
    }
}
