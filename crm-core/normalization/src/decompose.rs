//! Decomposition, and the order of marks.

use std::collections::VecDeque;

use crate::recompose::hangul;
use crate::tables::{Decomposed, canonical_combining_class, tables};

/// The characters below this one, of which none is decomposed by any form.
const FIRST: char = '\u{a0}';

/// The decomposition of characters, with the marks of each in their canonical order.
#[derive(Clone, Debug)]
pub struct Decompositions<I> {
    characters: I,
    compatible: bool,
    /// A character and the marks after it, each with its class: the next mark may belong before one of them.
    pending: Vec<(u8, char)>,
    ready: VecDeque<char>,
}

impl<I: Iterator<Item = char>> Decompositions<I> {
    pub(crate) fn canonical(characters: I) -> Self {
        Self { characters, compatible: false, pending: Vec::new(), ready: VecDeque::new() }
    }

    pub(crate) fn compatible(characters: I) -> Self {
        Self { compatible: true, ..Self::canonical(characters) }
    }

    fn take(&mut self, c: char) {
        if c < FIRST {
            return self.push(c);
        }
        if let Some(jamos) = hangul::decompose(c) {
            return jamos.into_iter().flatten().for_each(|jamo| self.push(jamo));
        }
        let tables = tables();
        let of = |decomposed: &'static Decomposed| decomposed.find(c);
        let found = if self.compatible { of(&tables.compatible) } else { None };
        match found.or_else(|| of(&tables.canonical)) {
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

impl<I: Iterator<Item = char>> Iterator for Decompositions<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        while self.ready.is_empty() {
            match self.characters.next() {
                Some(c) => self.take(c),
                None if self.pending.is_empty() => return None,
                None => self.settle(),
            }
        }
        self.ready.pop_front()
    }
}
