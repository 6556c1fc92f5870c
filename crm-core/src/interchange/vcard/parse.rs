//! The lines of one card to the card.

use std::vec::IntoIter;

use super::content_line::{self, Context};
use super::escape::escape;
use super::header;
use super::notice::{Notice, invalid, limit};
use super::unfold::{Logical, unfold};
use super::{Limits, OutputVersion, Property, VCard, Version, write};
use crate::error::Result;

/// What a line does to the nesting of cards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Boundary {
    Begin,
    End,
    /// Anything else.
    None,
}

/// Whether a physical or content line begins or ends a card.
pub(super) fn boundary(line: &[u8]) -> Boundary {
    // A longer line need not be looked at; the limit leaves room for stray white space.
    if line.len() > 64 || !matches!(line.first(), Some(b'B' | b'b' | b'E' | b'e')) {
        return Boundary::None;
    }
    let Some(colon) = line.iter().position(|&byte| byte == b':') else { return Boundary::None };
    let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
    if !value.eq_ignore_ascii_case(b"VCARD") {
        Boundary::None
    } else if name.eq_ignore_ascii_case(b"BEGIN") {
        Boundary::Begin
    } else if name.eq_ignore_ascii_case(b"END") {
        Boundary::End
    } else {
        Boundary::None
    }
}

/// Whether a line is an AGENT without a value, which 2.1 follows with a whole card.
pub(super) fn opens_agent(line: &[u8]) -> bool {
    line.len() >= 6
        && line.trim_ascii_end().last() == Some(&b':')
        && line[..5].eq_ignore_ascii_case(b"AGENT")
        && matches!(line[5], b':' | b';' | b' ')
}

/// Reads the lines between BEGIN and END.
pub(super) fn card<'a>(
    lines: impl Iterator<Item = (usize, &'a [u8])> + Clone,
    begin: usize,
    transcoded: bool,
    limits: Limits,
    notices: &mut Vec<Notice>,
) -> Result<VCard> {
    let version = find_version(lines.clone())?;
    let context = Context { version: version.unwrap_or(Version::V3_0), transcoded, limits };
    if version.is_none() {
        let reason = "the card does not state its version; 3.0 was assumed";
        notices.push(Notice { code: "vcard.version.assumed", line: begin, reason });
    }
    let mut lines = unfold(lines, context.version).into_iter();
    properties(&mut lines, context, limits.depth, notices)
}

/// The version that a card states outside its nested cards.
fn find_version<'a>(lines: impl Iterator<Item = (usize, &'a [u8])>) -> Result<Option<Version>> {
    let mut depth = 0_usize;
    for (number, line) in lines {
        match boundary(line) {
            Boundary::Begin => depth += 1,
            Boundary::End => depth = depth.saturating_sub(1),
            Boundary::None if depth == 0 => {
                if let Some(version) = version_of(number, line)? {
                    return Ok(Some(version));
                }
            }
            Boundary::None => {}
        }
    }
    Ok(None)
}

fn version_of(number: usize, line: &[u8]) -> Result<Option<Version>> {
    if !line.get(..7).is_some_and(|name| name.eq_ignore_ascii_case(b"VERSION")) {
        return Ok(None);
    }
    let Some(colon) = header::colon(line).ok() else { return Ok(None) };
    if !matches!(line[7..].trim_ascii_start().first(), Some(b':' | b';')) {
        return Ok(None);
    }
    match line[colon + 1..].trim_ascii() {
        b"2.1" => Ok(Some(Version::V2_1)),
        b"3.0" => Ok(Some(Version::V3_0)),
        b"4.0" => Ok(Some(Version::V4_0)),
        _ => Err(invalid("vcard.version", "the version is not 2.1, 3.0 or 4.0", number)),
    }
}

/// Reads properties up to the end of the lines, or to the END of a nested card.
fn properties(
    lines: &mut IntoIter<Logical>,
    context: Context,
    depth: usize,
    notices: &mut Vec<Notice>,
) -> Result<VCard> {
    let mut card = VCard { version: context.version, properties: Vec::new() };
    while let Some(line) = lines.next() {
        if boundary(&line.bytes) == Boundary::End {
            break;
        }
        let number = line.number;
        if version_of(number, &line.bytes)?.is_some() {
            continue;
        }
        if card.properties.len() == context.limits.properties {
            return Err(limit("the card has more properties than allowed", number));
        }
        let nested = opens_agent(&line.bytes)
            && lines.as_slice().first().is_some_and(|next| boundary(&next.bytes) == Boundary::Begin);
        let mut property = content_line::property(line, context, notices)?;
        if is_frame(&property) {
            return Err(invalid("vcard.line", "BEGIN, END or VERSION stands where it must not", number));
        }
        if nested {
            property.value = agent(lines, number, context, depth, notices)?;
        }
        card.properties.push(property);
    }
    Ok(card)
}

/// The card inside AGENT as 3.0 writes it: as escaped text.
fn agent(
    lines: &mut IntoIter<Logical>,
    number: usize,
    context: Context,
    depth: usize,
    notices: &mut Vec<Notice>,
) -> Result<String> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(limit("cards are nested deeper than allowed", number));
    };
    lines.next();
    let pairs = lines.as_slice().iter().map(|line| (line.number, line.bytes.as_slice()));
    let version = find_version(pairs.take_while({
        let mut open = 1_usize;
        move |(_, line)| {
            match boundary(line) {
                Boundary::Begin => open += 1,
                Boundary::End => open -= 1,
                Boundary::None => {}
            }
            open > 0
        }
    }))?;
    let context = Context { version: version.unwrap_or(context.version), ..context };
    let card: VCard = properties(lines, context, depth, notices)?;
    write(&card, OutputVersion::V3_0).map(|text| escape(&text)).map_err(|error| error.detail("line", number))
}

/// Whether a property belongs to the frame of a card and so cannot stand among its properties.
pub(super) fn is_frame(property: &Property) -> bool {
    property.is("BEGIN") || property.is("END") || property.is("VERSION")
}
