//! Whether characters are normalized already, as far as that shows without normalizing them.

use crate::recompose::hangul;
use crate::tables::{canonical_combining_class, tables};

/// The answer of a quick check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IsNormalized {
    /// They are.
    Yes,
    /// They are not.
    No,
    /// They may be; only normalizing them tells.
    Maybe,
}

/// Quickly checks whether characters are in form C (UAX #15, section 9).
pub fn is_nfc_quick(characters: impl Iterator<Item = char>) -> IsNormalized {
    let (mut answer, mut last) = (IsNormalized::Yes, 0);
    for c in characters {
        if c < '\u{300}' {
            last = 0;
            continue;
        }
        let class = canonical_combining_class(c);
        if class != 0 && last > class || tables().is_never_composed(c) {
            return IsNormalized::No;
        }
        if hangul::is_second(c) || tables().may_compose_back(c) {
            answer = IsNormalized::Maybe;
        }
        last = class;
    }
    answer
}
