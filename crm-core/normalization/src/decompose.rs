//! Decomposition, and the order of marks.

use std::collections::VecDeque;

use crate::recompose::hangul;
use crate::tables::{canonical_combining_class, tables};

/// The characters below this one, of which none is decomposed by any form.
const FIRST: char = '\u{a0}';

/// The decomposition of characters, with the marks of each in their canonical order.
#[derive(Clone, Debug)]
pub struct Decompositions<I> {
    characters: I,
    text: Decomposing,
}

impl<I: Iterator<Item = char>> Decompositions<I> {
    pub(crate) fn canonical(characters: I) -> Self {
        Self { characters, text: Decomposing::default() }
    }

    pub(crate) fn compatible(characters: I) -> Self {
        Self { characters, text: Decomposing { compatible: true, ..Decomposing::default() } }
    }
}

impl<I: Iterator<Item = char>> Iterator for Decompositions<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        while self.text.ready.is_empty() {
            match self.characters.next() {
                Some(c) => self.text.take(c),
                None if self.text.pending.is_empty() => return None,
                None => self.text.settle(),
            }
        }
        self.text.ready.pop_front()
    }
}

/// What is decomposed so far, wherever the characters come from.
#[derive(Clone, Debug, Default)]
struct Decomposing {
    compatible: bool,
    /// A character and the marks after it, each with its class: the next mark may belong before one of them.
    pending: Vec<(u8, char)>,
    ready: VecDeque<char>,
}

impl Decomposing {
    fn take(&mut self, c: char) {
        if c < FIRST {
            return self.push(c);
        }
        if let Some(jamos) = hangul::decompose(c) {
            return jamos.into_iter().flatten().for_each(|jamo| self.push(jamo));
        }
        let tables = tables();
        let found = if self.compatible { tables.compatible.find(c) } else { None };
        match found.or_else(|| tables.canonical.find(c)) {
            Some(characters) => characters.iter().for_each(|part| self.push(*part)),
            None => self.push(c),
        }
    }

    fn push(&mut self, c: char) {
        let class = canonical_combining_class(c);
        if class == 0 {
            self.settle();
        }
        self.pending.push((class, c));
    }

    /// Nothing more belongs among what is pending.
    fn settle(&mut self) {
        self.pending.sort_by_key(|(class, _)| *class);
        self.ready.extend(self.pending.drain(..).map(|(_, c)| c));
    }
}
