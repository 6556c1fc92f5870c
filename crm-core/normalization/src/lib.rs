//! The normalization forms of Unicode (UAX #15) under the names of the crate `unicode-normalization`, from smaller tables.
//!
//! The crate of this name on crates.io looks characters up in perfect hashes. These lie in no order, so they do not
//! compress: 125 KB in every library, a good third of that in every download. Here the same data is stored sorted and as
//! differences, 9 KB compressed, and becomes sorted tables when the first character needs them; ASCII never does. What
//! follows from the decompositions is not stored: which pairs compose, and what the quick check says.
//! `tests/published.rs` compares the two crates for every character.
#![forbid(unsafe_code)]

pub mod char;
mod decompose;
mod quick_check;
mod recompose;
mod tables;

pub use decompose::Decompositions;
pub use quick_check::{IsNormalized, is_nfc_quick};
pub use recompose::Recompositions;

use std::option;
use std::str::Chars;

/// The version of Unicode that the tables are of.
pub const UNICODE_VERSION: (u8, u8, u8) = (18, 0, 0);

/// The normalization forms of characters.
pub trait UnicodeNormalization<I: Iterator<Item = char>>: Sized {
    /// The characters as they are.
    fn characters(self) -> I;

    /// Canonical decomposition, form D.
    fn nfd(self) -> Decompositions<I> {
        Decompositions::canonical(self.characters())
    }

    /// Compatibility decomposition, form KD.
    fn nfkd(self) -> Decompositions<I> {
        Decompositions::compatible(self.characters())
    }

    /// Canonical decomposition and composition, form C.
    fn nfc(self) -> Recompositions<I> {
        Recompositions::of(self.nfd())
    }

    /// Compatibility decomposition and canonical composition, form KC.
    fn nfkc(self) -> Recompositions<I> {
        Recompositions::of(self.nfkd())
    }
}

impl<'a> UnicodeNormalization<Chars<'a>> for &'a str {
    fn characters(self) -> Chars<'a> {
        self.chars()
    }
}

impl UnicodeNormalization<option::IntoIter<char>> for char {
    fn characters(self) -> option::IntoIter<char> {
        Some(self).into_iter()
    }
}

impl<I: Iterator<Item = char>> UnicodeNormalization<I> for I {
    fn characters(self) -> I {
        self
    }
}
