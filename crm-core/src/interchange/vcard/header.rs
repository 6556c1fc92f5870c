//! What stands in front of the colon: group, name and parameters.

use super::property::{Parameter, canonical, is_group, is_token};
use crate::error::{CrmError, ErrorKind, Result};

/// Group, name and parameters of a content line. A bare parameter (`TEL;HOME`) has no name yet.
pub(super) struct Header {
    pub(super) group: Option<String>,
    pub(super) name: String,
    pub(super) parameters: Vec<Parameter>,
}

/// Follows the quotes of parameter values: one opens directly after `=` or `,` and lasts to the next quote.
#[derive(Default)]
struct Quotes {
    open: bool,
    previous: u8,
}

impl Quotes {
    /// Takes the next byte and tells whether it stands inside quotes.
    fn step(&mut self, byte: u8) -> bool {
        if byte == b'"' {
            self.open = !self.open && matches!(self.previous, b'=' | b',');
        }
        self.previous = byte;
        self.open
    }
}

/// Where the value starts: the index of the first colon outside quotes.
pub(super) fn colon(line: &[u8]) -> Result<usize> {
    let mut quotes = Quotes::default();
    match line.iter().position(|&byte| !quotes.step(byte) && byte == b':') {
        Some(index) => Ok(index),
        None if quotes.open => {
            Err(CrmError::invalid("vcard.parameter", "a quoted parameter value does not end"))
        }
        None => Err(CrmError::invalid("vcard.line", "the line has no colon and continues no other")),
    }
}

fn split_unquoted(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quotes = Quotes::default();
    // A part after the first starts behind the separator, where a comma may open quotes.
    if separator == ',' {
        quotes.previous = b',';
    }
    text.split(move |character: char| {
        // Only ASCII matters to the quotes.
        let byte = u8::try_from(character).unwrap_or(0);
        !quotes.step(byte) && character == separator
    })
}

/// Reads the header of a line. Carets are escapes (RFC 6868) from 3.0 on.
pub(super) fn parse(header: &str, with_carets: bool, most_parameters: usize) -> Result<Header> {
    let mut parts = split_unquoted(header, ';');
    let full_name = parts.next().unwrap_or_default().trim();
    let (group, name) = match full_name.rsplit_once('.') {
        Some((group, name)) => (Some(group), name),
        None => (None, full_name),
    };
    if !is_token(name) || !group.is_none_or(is_group) {
        return Err(CrmError::invalid("vcard.line", "the line does not start with the name of a property"));
    }
    let mut parameters = Vec::new();
    for part in parts.filter(|part| !part.trim().is_empty()) {
        if parameters.len() == most_parameters {
            let error = CrmError::new(ErrorKind::Limit, "vcard.limit", "too many parameters");
            return Err(error);
        }
        parameters.push(parameter(part, with_carets)?);
    }
    Ok(Header { group: group.map(str::to_owned), name: canonical(name), parameters })
}

fn parameter(part: &str, with_carets: bool) -> Result<Parameter> {
    let Some((name, values)) = part.split_once('=') else {
        return Ok(Parameter { name: String::new(), values: vec![part.trim().to_owned()] });
    };
    let name = name.trim();
    if !is_token(name) {
        return Err(CrmError::invalid("vcard.parameter", "a parameter has no proper name"));
    }
    let mut plain = Vec::new();
    for value in split_unquoted(values, ',') {
        let value = match value.strip_prefix('"') {
            Some(rest) => {
                rest.trim_end().strip_suffix('"').filter(|inner| !inner.contains('"')).ok_or_else(|| {
                    CrmError::invalid("vcard.parameter", "text follows a quoted parameter value")
                })?
            }
            None => value,
        };
        plain.push(if with_carets { undo_carets(value) } else { value.to_owned() });
    }
    Ok(Parameter { name: canonical(name), values: plain })
}

/// RFC 6868: `^n` is a line break, `^'` a quote, `^^` a caret; other carets stand for themselves.
fn undo_carets(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '^' => text.push(match characters.next_if(|next| matches!(next, 'n' | '\'' | '^')) {
                Some('n') => '\n',
                Some('\'') => '"',
                _ => '^',
            }),
            _ => text.push(character),
        }
    }
    text
}

/// Writes a parameter value: RFC 6868 escapes, and quotes where the value needs them.
pub(super) fn write_value(value: &str, output: &mut String) {
    let quoted = value.contains([',', ';', ':']);
    if quoted {
        output.push('"');
    }
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '^' => output.push_str("^^"),
            '"' => output.push_str("^'"),
            '\n' => output.push_str("^n"),
            '\r' => {
                characters.next_if_eq(&'\n');
                output.push_str("^n");
            }
            _ => output.push(character),
        }
    }
    if quoted {
        output.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> std::result::Result<String, String> {
        let end = colon(line.as_bytes()).map_err(|error| error.code().to_owned())?;
        let header =
            parse(line.get(..end).unwrap_or_default(), true, 4).map_err(|error| error.code().to_owned())?;
        let parameters: Vec<String> = header
            .parameters
            .iter()
            .map(|parameter| format!("{}={}", parameter.name, parameter.values.join("|")))
            .collect();
        Ok(format!("{}/{}/{}", header.group.unwrap_or_default(), header.name, parameters.join("/")))
    }

    #[test]
    fn headers() {
        let check = |line: &str, expected: &str| assert_eq!(read(line).as_deref(), Ok(expected), "{line}");
        check("fn:x", "/FN/");
        check("item1.X-ABLabel:x", "item1/X-ABLabel/");
        check("a.b.TEL ; type = home,Work:x", "a.b/TEL/TYPE= home|Work");
        check("TEL;HOME;;VOICE:x", "/TEL/=HOME/=VOICE");
        check("TEL;TYPE=\"a,b;c:d\",e;PREF=1:x", "/TEL/TYPE=a,b;c:d|e/PREF=1");
        check("X;P=a^nb^'c^^d^e:x", "/X/P=a\nb\"c^d^e");
        check("X;P=a\"b:x", "/X/P=a\"b");
        check("X;P=:x", "/X/P=");
        check("ADR;LABEL=\"Größe: 1\":x", "/ADR/LABEL=Größe: 1");
    }

    #[test]
    fn bad_headers() {
        let check = |line: &str, code: &str| assert_eq!(read(line), Err(code.to_owned()), "{line}");
        check("no colon", "vcard.line");
        check(":x", "vcard.line");
        check("A B:x", "vcard.line");
        check(".FN:x", "vcard.line");
        check("X;P=\"a:x", "vcard.parameter");
        check("X;P=\"a\"b:x", "vcard.parameter");
        check("X;=b:x", "vcard.parameter");
        check("X;A=;B=;C=;D=;E=:x", "vcard.limit");
    }
}
