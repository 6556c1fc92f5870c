//! Composition.

use std::collections::VecDeque;

use crate::decompose::Decompositions;
use crate::tables::{canonical_combining_class, tables};

/// The canonical composition of decomposed characters.
#[derive(Clone, Debug)]
pub struct Recompositions<I> {
    decomposed: Decompositions<I>,
    text: Composing,
}

impl<I: Iterator<Item = char>> Recompositions<I> {
    pub(crate) fn of(decomposed: Decompositions<I>) -> Self {
        Self { decomposed, text: Composing::default() }
    }
}

impl<I: Iterator<Item = char>> Iterator for Recompositions<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        while self.text.ready.is_empty() {
            match self.decomposed.next() {
                Some(c) => self.text.take(c),
                None if self.text.is_settled() => return None,
                None => self.text.settle(),
            }
        }
        self.text.ready.pop_front()
    }
}

/// What is composed so far, wherever the characters come from.
#[derive(Clone, Debug, Default)]
struct Composing {
    /// The character that what comes next may compose with.
    starter: Option<char>,
    /// What came after it and did not compose.
    left: VecDeque<char>,
    /// The class of the last of them.
    last: u8,
    ready: VecDeque<char>,
}

impl Composing {
    fn take(&mut self, c: char) {
        let class = canonical_combining_class(c);
        // A character in between that is of the same class, or of none, keeps the two apart (UAX #15, D115).
        let is_blocked = !self.left.is_empty() && self.last >= class;
        let composed = match self.starter {
            Some(starter) if !is_blocked => compose(starter, c),
            _ => None,
        };
        if composed.is_some() {
            self.starter = composed;
        } else if class == 0 {
            self.settle();
            self.starter = Some(c);
        } else {
            self.left.push_back(c);
            self.last = class;
        }
    }

    fn is_settled(&self) -> bool {
        self.starter.is_none() && self.left.is_empty()
    }

    /// Nothing more composes with what came before.
    fn settle(&mut self) {
        self.ready.extend(self.starter.take());
        self.ready.append(&mut self.left);
    }
}

/// The characters below this one, of which none is the second of a pair.
const FIRST_SECOND: char = '\u{300}';

/// The character that two characters compose to.
pub fn compose(first: char, second: char) -> Option<char> {
    if second < FIRST_SECOND {
        return None;
    }
    hangul::compose(first, second).or_else(|| tables().pair(first, second))
}

/// The syllables of Hangul, which follow from their numbers (The Unicode Standard, 3.12).
pub(crate) mod hangul {
    const SYLLABLES: u32 = 0xac00;
    const LEADING: u32 = 0x1100;
    const VOWELS: u32 = 0x1161;
    /// One before the first: no trailing consonant is one of them.
    const TRAILING: u32 = 0x11a7;
    const LEADING_COUNT: u32 = 19;
    const VOWEL_COUNT: u32 = 21;
    const TRAILING_COUNT: u32 = 28;
    const COUNT: u32 = LEADING_COUNT * VOWEL_COUNT * TRAILING_COUNT;

    /// The number of a character from the first of its sort on.
    fn place(c: char, first: u32, count: u32) -> Option<u32> {
        u32::from(c).checked_sub(first).filter(|place| *place < count)
    }

    pub(crate) fn decompose(c: char) -> Option<[Option<char>; 3]> {
        let place = place(c, SYLLABLES, COUNT)?;
        let (pair, trailing) = (place / TRAILING_COUNT, place % TRAILING_COUNT);
        Some([
            char::from_u32(LEADING + pair / VOWEL_COUNT),
            char::from_u32(VOWELS + pair % VOWEL_COUNT),
            (trailing > 0).then(|| char::from_u32(TRAILING + trailing)).flatten(),
        ])
    }

    pub(crate) fn compose(first: char, second: char) -> Option<char> {
        if let Some(leading) = place(first, LEADING, LEADING_COUNT) {
            let vowel = place(second, VOWELS, VOWEL_COUNT)?;
            return char::from_u32(SYLLABLES + (leading * VOWEL_COUNT + vowel) * TRAILING_COUNT);
        }
        let syllable = place(first, SYLLABLES, COUNT).filter(|place| place % TRAILING_COUNT == 0)?;
        let trailing = place(second, TRAILING, TRAILING_COUNT).filter(|place| *place > 0)?;
        char::from_u32(SYLLABLES + syllable + trailing)
    }

    /// Whether a character can be the second of a pair.
    pub(crate) fn is_second(c: char) -> bool {
        place(c, VOWELS, VOWEL_COUNT).is_some() || place(c, TRAILING + 1, TRAILING_COUNT - 1).is_some()
    }
}
