//! Cards to text: order, escapes of parameters, folding.

use super::escape::without_line_breaks;
use super::header::write_value;
use super::parse::is_frame;
use super::property::{Parameter, is_group, is_token};
use super::{OutputVersion, Property, VCard, Version};
use crate::error::{CrmError, Result};

/// Octets of a line without its line break, RFC 6350 §3.2.
const LINE: usize = 75;

/// Writes a card in a version, converted by the rules of [`VCard::converted`]. A card of that version already is
/// written as it is, so that reading the text gives the same card again.
///
/// # Errors
/// `vcard.name` if the group, the name or a parameter of a property has no proper name, or the name is BEGIN, END
/// or VERSION. The path is `properties[3]`.
pub fn write(card: &VCard, version: OutputVersion) -> Result<String> {
    let mut output = String::new();
    write_to(card, version, &mut output)?;
    Ok(output)
}

/// Writes several cards into one file, as [`write()`] does.
pub fn write_all<'a>(cards: impl IntoIterator<Item = &'a VCard>, version: OutputVersion) -> Result<String> {
    let mut output = String::new();
    for (index, card) in cards.into_iter().enumerate() {
        write_to(card, version, &mut output).map_err(|error| error.within(&format!("cards[{index}]")))?;
    }
    Ok(output)
}

fn write_to(card: &VCard, version: OutputVersion, output: &mut String) -> Result<()> {
    for (index, property) in card.properties.iter().enumerate() {
        check(property).map_err(|error| error.at(format!("properties[{index}]")))?;
    }
    let converted;
    let properties = if card.version == Version::from(version) {
        &card.properties
    } else {
        converted = card.converted(version).properties;
        &converted
    };
    output.push_str("BEGIN:VCARD\r\nVERSION:");
    output.push_str(version.text());
    output.push_str("\r\n");
    let mut line = String::new();
    for property in properties {
        line.clear();
        write_property(property, &mut line);
        fold(&line, output);
    }
    output.push_str("END:VCARD\r\n");
    Ok(())
}

fn check(property: &Property) -> Result<()> {
    let wrong = |reason| Err(CrmError::invalid("vcard.name", reason));
    if !is_token(&property.name) || is_frame(property) {
        return wrong("the property has no proper name");
    }
    if !property.group.as_deref().is_none_or(is_group) {
        return wrong("the group has no proper name");
    }
    if !property.parameters.iter().all(|parameter| is_token(&parameter.name)) {
        return wrong("a parameter has no proper name");
    }
    Ok(())
}

fn write_property(property: &Property, line: &mut String) {
    if let Some(group) = &property.group {
        line.push_str(group);
        line.push('.');
    }
    line.push_str(&property.name);
    for parameter in property.parameters.iter().filter(|parameter| !is_transfer(parameter)) {
        line.push(';');
        line.push_str(&parameter.name);
        line.push('=');
        for (index, value) in parameter.values.iter().enumerate() {
            if index > 0 {
                line.push(',');
            }
            write_value(value, line);
        }
    }
    line.push(':');
    if property.value.contains(['\r', '\n']) {
        line.push_str(&without_line_breaks(property.value.clone()));
    } else {
        line.push_str(&property.value);
    }
}

/// Whether a parameter tells of an encoding that the written text does not have.
fn is_transfer(parameter: &Parameter) -> bool {
    let undone = |value: &String| {
        ["QUOTED-PRINTABLE", "8BIT", "7BIT", ""]
            .iter()
            .any(|encoding| value.trim().eq_ignore_ascii_case(encoding))
    };
    parameter.is("CHARSET") || (parameter.is("ENCODING") && parameter.values.iter().all(undone))
}

/// Folds a line into pieces of at most 75 octets, never inside a character.
fn fold(line: &str, output: &mut String) {
    let mut rest = line;
    let mut room = LINE;
    while rest.len() > room {
        // A character starts at most three octets further back.
        let end = (room - 3..=room).rev().find(|&index| rest.is_char_boundary(index)).unwrap_or(room);
        let (piece, tail) = rest.split_at(end);
        output.push_str(piece);
        output.push_str("\r\n ");
        rest = tail;
        // The space in front of the next piece counts.
        room = LINE - 1;
    }
    output.push_str(rest);
    output.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_counts_octets_and_keeps_characters_whole() {
        for text in ["a".repeat(300), "é".repeat(200), "\u{1f600}".repeat(99), "x".repeat(75), "x".repeat(76)]
        {
            let mut output = String::new();
            fold(&text, &mut output);
            assert!(output.split("\r\n").all(|line| line.len() <= LINE), "{output}");
            assert_eq!(output.replace("\r\n ", "").trim_end(), text);
        }
    }

    #[test]
    fn names_are_checked() {
        for property in [
            Property::from_text("X\r\nY", "a"),
            Property::from_text("VERSION", "9"),
            Property::from_text("FN", "a").with_group("a b"),
            Property::from_text("FN", "a").with_parameter("", "b"),
        ] {
            let card = VCard { version: Version::V4_0, properties: vec![property] };
            let error = write(&card, OutputVersion::V4_0).expect_err("must be refused");
            assert_eq!((error.code(), error.path()), ("vcard.name", Some("properties[0]")));
        }
    }

    #[test]
    fn line_breaks_cannot_leave_a_value() {
        let property = Property::from_raw("NOTE", "a\r\nEND:VCARD\rb").with_parameter("X-P", "c\nd");
        let mut line = String::new();
        write_property(&property, &mut line);
        assert_eq!(line, "NOTE;X-P=c^nd:a\\nEND:VCARD\\nb");
    }
}
