//! Packs bytes: what was there before becomes a reference. [`super::packed`] reads it.
//!
//! Packed is what every program carries along and seldom reads. The build script of crm-ffi uses this file, too.

use std::collections::HashMap;

/// The shortest match that is shorter as a reference.
const SHORTEST: usize = 6;

/// How many of the last places that begin alike are compared.
const PLACES: usize = 24;

/// The bytes, packed. The numbers are LEB128: an even one is twice the length of a text, which follows; an odd one is
/// twice the length of a reference and one, and how far back it lies follows.
pub(crate) fn pack(text: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    let mut places: HashMap<&[u8], Vec<usize>> = HashMap::new();
    let (mut at, mut literal) = (0, 0);
    while at < text.len() {
        let start = text.get(at..at + SHORTEST);
        let known = start.and_then(|start| places.get(start)).map_or(&[][..], |known| known.as_slice());
        let common =
            |&place: &usize| text[place..].iter().zip(&text[at..]).take_while(|(a, b)| a == b).count();
        let best = known.iter().rev().take(PLACES).map(|place| (common(place), *place)).max();
        let next = best.map_or(at + 1, |(length, _)| at + length);
        if let Some((length, place)) = best {
            flush(&mut packed, &text[literal..at]);
            number(&mut packed, length << 1 | 1);
            number(&mut packed, at - place);
            literal = next;
        }
        for place in at..next {
            if let Some(start) = text.get(place..place + SHORTEST) {
                places.entry(start).or_default().push(place);
            }
        }
        at = next;
    }
    flush(&mut packed, &text[literal..]);
    packed
}

/// Writes a text as it is.
fn flush(packed: &mut Vec<u8>, literal: &[u8]) {
    if !literal.is_empty() {
        number(packed, literal.len() << 1);
        packed.extend_from_slice(literal);
    }
}

/// Writes a number as LEB128.
fn number(packed: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        packed.push(number as u8 | 0x80);
        number >>= 7;
    }
    packed.push(number as u8);
}
