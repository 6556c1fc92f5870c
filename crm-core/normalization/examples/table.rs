//! Writes `src/unicode.bin` anew, from the published crate. Run in the folder of this crate.

use std::fs;

use published::UnicodeNormalization;
use published::char::{canonical_combining_class, compose, is_combining_mark};

/// A character, what it is decomposed to, and whether it is excluded from composition.
type Entry = (char, Vec<char>, bool);

fn main() -> std::io::Result<()> {
    let (mut canonical, mut compatible) = (Vec::new(), Vec::new());
    for c in characters().filter(|c| !('\u{ac00}'..='\u{d7a3}').contains(c)) {
        let (d, kd): (Vec<char>, Vec<char>) = (c.nfd().collect(), c.nfkd().collect());
        if d != [c] {
            let composed = d.iter().copied().map(Some).reduce(|first, second| compose(first?, second?));
            canonical.push((c, d.clone(), composed.flatten() != Some(c)));
        }
        if kd != d {
            compatible.push((c, kd, false));
        }
    }
    let mut bytes = Vec::new();
    decompositions(&mut bytes, &canonical);
    decompositions(&mut bytes, &compatible);
    ranges(&mut bytes, |c| canonical_combining_class(c).into());
    ranges(&mut bytes, |c| is_combining_mark(c).into());
    fs::write("src/unicode.bin", miniz_oxide::deflate::compress_to_vec(&bytes, 10))
}

fn characters() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

fn decompositions(bytes: &mut Vec<u8>, entries: &[Entry]) {
    push(bytes, u32::try_from(entries.len()).expect("a few thousand"));
    let mut next = 0;
    for (c, ..) in entries {
        push(bytes, u32::from(*c) - next);
        next = u32::from(*c) + 1;
    }
    for (_, parts, excluded) in entries {
        push(bytes, u32::try_from(parts.len()).expect("a few") * 2 + u32::from(*excluded));
    }
    for place in 0..entries.iter().map(|(_, parts, _)| parts.len()).max().unwrap_or(0) {
        let mut before = 0;
        for part in entries.iter().filter_map(|(_, parts, _)| parts.get(place)) {
            let part = u32::from(*part).cast_signed();
            let difference = part - before;
            push(bytes, (difference << 1 ^ difference >> 31).cast_unsigned());
            before = part;
        }
    }
}

fn ranges(bytes: &mut Vec<u8>, class: impl Fn(char) -> u32) {
    let mut ranges: Vec<(u32, u32, u32)> = Vec::new();
    for (c, class) in characters().map(|c| (u32::from(c), class(c))).filter(|(_, class)| *class > 0) {
        match ranges.last_mut() {
            Some((_, end, same)) if *end == c && *same == class => *end = c + 1,
            _ => ranges.push((c, c + 1, class)),
        }
    }
    push(bytes, u32::try_from(ranges.len()).expect("a few hundred"));
    let mut next = 0;
    for (first, end, class) in ranges {
        push(bytes, first - next);
        push(bytes, end - first);
        push(bytes, class);
        next = end;
    }
}

/// Adds a number as LEB128.
fn push(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}
