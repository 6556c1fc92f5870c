//! The mapping of a character.

use std::sync::OnceLock;
use std::vec::IntoIter;

use unicode_normalization::UnicodeNormalization;

use crate::disallowed::RUNS;

/// What stands for a character that no domain may have.
const ERROR: char = '\u{fffd}';

/// Maps the characters of a domain one by one.
#[derive(Clone, Debug)]
pub struct Mapper<I: Iterator<Item = char>> {
    characters: I,
    mapped: IntoIter<char>,
    ignored_as_errors: bool,
}

impl<I: Iterator<Item = char>> Mapper<I> {
    /// A mapper of these characters. Those that are left out in a mapping are errors in a label that was encoded.
    pub fn new(characters: I, ignored_as_errors: bool) -> Self {
        Self { characters, mapped: IntoIter::default(), ignored_as_errors }
    }
}

impl<I: Iterator<Item = char>> Iterator for Mapper<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            if let Some(mapped) = self.mapped.next() {
                return Some(mapped);
            }
            let c = self.characters.next()?;
            if c.is_ascii() {
                return Some(c.to_ascii_lowercase());
            }
            if is_ignored(c) {
                if self.ignored_as_errors {
                    return Some(ERROR);
                }
            } else if is_disallowed(c) {
                return Some(ERROR);
            } else if is_kept(c) {
                return Some(c);
            } else {
                let lower = c.nfkd().flat_map(lower_case);
                self.mapped = lower.nfc().collect::<Vec<_>>().into_iter();
            }
        }
    }
}

/// Characters that are left out: nobody sees them.
fn is_ignored(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0100}'..='\u{e01ef}')
}

/// The final sigma, which differs from the other one, and the letters of Cherokee, whose capitals are the older ones.
fn is_kept(c: char) -> bool {
    matches!(c, '\u{3c2}' | '\u{13a0}'..='\u{13f5}')
}

/// The lower case by which letters are compared.
fn lower_case(c: char) -> impl Iterator<Item = char> {
    c.to_lowercase().map(|lower| match lower {
        '\u{345}' => '\u{3b9}',
        '\u{3c2}' | '\u{3f2}' => '\u{3c3}',
        '\u{13f8}'..='\u{13fd}' => moved(lower, '\u{13f8}', '\u{13f0}'),
        '\u{ab70}'..='\u{abbf}' => moved(lower, '\u{ab70}', '\u{13a0}'),
        '\u{1c80}' => '\u{432}',
        '\u{1c81}' => '\u{434}',
        '\u{1c82}' => '\u{43e}',
        '\u{1c83}' => '\u{441}',
        '\u{1c84}' | '\u{1c85}' => '\u{442}',
        '\u{1c86}' => '\u{44a}',
        '\u{1c87}' => '\u{463}',
        '\u{1c88}' => '\u{a64b}',
        '\u{3002}' => '.',
        other => other,
    })
}

/// The character that lies as far behind `to` as `c` lies behind `from`.
fn moved(c: char, from: char, to: char) -> char {
    char::from_u32(u32::from(c) - u32::from(from) + u32::from(to)).unwrap_or(ERROR)
}

/// Whether no domain may have the character.
fn is_disallowed(c: char) -> bool {
    static STARTS: OnceLock<Vec<u32>> = OnceLock::new();
    let starts = STARTS.get_or_init(|| starts(RUNS));
    // Runs of allowed and disallowed characters take turns, allowed ones first.
    starts.partition_point(|&start| start <= u32::from(c)) % 2 == 0
}

/// Where each run starts, from the lengths as LEB128.
fn starts(runs: &[u8]) -> Vec<u32> {
    let (mut starts, mut start, mut length, mut shift) = (vec![0], 0, 0, 0);
    for &byte in runs {
        length |= u32::from(byte & 0x7f) << shift;
        shift += 7;
        if byte & 0x80 == 0 {
            start += length;
            starts.push(start);
            (length, shift) = (0, 0);
        }
    }
    starts
}
