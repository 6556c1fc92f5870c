//! The tables, and how they are stored.
//!
//! `unicode.bin`, without its compression (raw DEFLATE), holds numbers as LEB128: the canonical decompositions, then the
//! compatibility decompositions where they are others, then the classes of marks, then which characters are marks.
//!
//! Decompositions: how many; for each character how many lie between it and the one before; for each twice its length, and
//! one more if it is excluded from composition; then all first characters, all second ones and so on, each as the
//! difference to the one before, in zigzag. Classes and marks: how many ranges; for each how many characters lie between
//! it and the one before, its length, and the class.

use std::sync::LazyLock;

use miniz_oxide::inflate::decompress_to_vec;

/// What everything is looked up in.
pub(crate) struct Tables {
    pub(crate) canonical: Decomposed,
    pub(crate) compatible: Decomposed,
    classes: Vec<Range>,
    marks: Vec<Range>,
    /// Two characters and what they compose to, sorted.
    pairs: Vec<([char; 2], char)>,
    /// The second characters of all pairs, sorted.
    seconds: Vec<char>,
    /// The characters that no composition gives, sorted.
    never_composed: Vec<char>,
}

/// Characters and what they are decomposed to.
#[derive(Default)]
pub(crate) struct Decomposed {
    /// Sorted.
    characters: Vec<char>,
    /// Where in `parts` the decomposition of each ends, and that of the next begins.
    ends: Vec<u16>,
    parts: Vec<char>,
}

/// Characters that follow each other, from the first to the last, and what they have in common.
struct Range {
    first: u32,
    last: u32,
    class: u8,
}

/// The characters below this one, of which none is a mark.
const FIRST_MARK: char = '\u{300}';

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let bytes = decompress_to_vec(include_bytes!("unicode.bin")).expect("the tests inflate the same file");
    Tables::read(&mut Numbers(bytes.iter()))
});

pub(crate) fn tables() -> &'static Tables {
    &TABLES
}

/// The canonical combining class of a character: in which order marks stand, 0 for what is none.
pub fn canonical_combining_class(c: char) -> u8 {
    if c < FIRST_MARK { 0 } else { find(&TABLES.classes, c).map_or(0, |range| range.class) }
}

/// Whether a character is a mark: its general category is `Mn`, `Mc` or `Me`.
pub fn is_combining_mark(c: char) -> bool {
    c >= FIRST_MARK && find(&TABLES.marks, c).is_some()
}

fn find(ranges: &[Range], c: char) -> Option<&Range> {
    let c = u32::from(c);
    ranges.get(ranges.partition_point(|range| range.last < c)).filter(|range| range.first <= c)
}

impl Decomposed {
    pub(crate) fn find(&self, c: char) -> Option<&[char]> {
        self.characters.binary_search(&c).ok().map(|at| self.at(at))
    }

    fn at(&self, at: usize) -> &[char] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.parts[usize::from(start)..usize::from(self.ends[at])]
    }

    /// Reads decompositions, and tells of each character whether it is excluded from composition.
    fn read(numbers: &mut Numbers<'_>) -> (Self, Vec<bool>) {
        let count = numbers.next();
        let mut decomposed = Self::default();
        let (mut next, mut end) = (0, 0);
        for _ in 0..count {
            next += numbers.next();
            decomposed.characters.push(character(next));
            next += 1;
        }
        let mut excluded = Vec::new();
        for _ in 0..count {
            let length = numbers.next();
            excluded.push(length % 2 == 1);
            end += length / 2;
            decomposed.ends.push(u16::try_from(end).expect("all parts together are fewer than 65,536"));
        }
        decomposed.parts = vec!['\0'; end as usize];
        for place in 0.. {
            let (mut start, mut before, mut read) = (0, 0, false);
            for end in &decomposed.ends {
                let (from, to) = (start, usize::from(*end));
                start = to;
                if from + place < to {
                    before += numbers.signed();
                    decomposed.parts[from + place] = character(before.cast_unsigned());
                    read = true;
                }
            }
            if !read {
                break;
            }
        }
        (decomposed, excluded)
    }
}

impl Tables {
    fn read(numbers: &mut Numbers<'_>) -> Self {
        let (canonical, excluded) = Decomposed::read(numbers);
        let (compatible, _) = Decomposed::read(numbers);
        let mut tables = Self {
            canonical,
            compatible,
            classes: ranges(numbers),
            marks: ranges(numbers),
            pairs: Vec::new(),
            seconds: Vec::new(),
            never_composed: Vec::new(),
        };
        tables.pair_up(&excluded);
        tables
    }

    /// Finds what the decompositions say of compositions. The last part of a character is the second of its pair, and the
    /// first is what the parts before it compose to; so shorter ones come first.
    fn pair_up(&mut self, excluded: &[bool]) {
        let mut by_length: Vec<usize> = (0..excluded.len()).collect();
        by_length.sort_by_key(|at| self.canonical.at(*at).len());
        for at in by_length {
            let composed = self.canonical.characters[at];
            let pair = match self.canonical.at(at) {
                [rest @ .., second] if !excluded[at] => self.first(rest).map(|first| [first, *second]),
                _ => None,
            };
            match pair {
                Some(pair) => {
                    let place = self.pairs.partition_point(|(other, _)| *other < pair);
                    self.pairs.insert(place, (pair, composed));
                    self.seconds.push(pair[1]);
                }
                None => self.never_composed.push(composed),
            }
        }
        self.seconds.sort_unstable();
        self.seconds.dedup();
        self.never_composed.sort_unstable();
    }

    /// What parts compose to.
    fn first(&self, parts: &[char]) -> Option<char> {
        let (first, rest) = parts.split_first()?;
        rest.iter().try_fold(*first, |first, second| self.pair(first, *second))
    }

    pub(crate) fn pair(&self, first: char, second: char) -> Option<char> {
        let at = self.pairs.binary_search_by_key(&[first, second], |(pair, _)| *pair).ok()?;
        Some(self.pairs[at].1)
    }

    /// Whether a character, or what its decomposition begins with, may compose with what stands before it.
    pub(crate) fn may_compose_back(&self, c: char) -> bool {
        let first = self.canonical.find(c).map_or(c, |parts| parts[0]);
        self.seconds.binary_search(&first).is_ok()
    }

    pub(crate) fn is_never_composed(&self, c: char) -> bool {
        self.never_composed.binary_search(&c).is_ok()
    }
}

fn ranges(numbers: &mut Numbers<'_>) -> Vec<Range> {
    let count = numbers.next();
    let mut next = 0;
    let mut read = || {
        let first = next + numbers.next();
        next = first + numbers.next();
        let class = u8::try_from(numbers.next()).expect("classes are below 256");
        Range { first, last: next - 1, class }
    };
    (0..count).map(|_| read()).collect()
}

fn character(number: u32) -> char {
    char::from_u32(number).expect("the tests read the same file")
}

/// The numbers of the file.
struct Numbers<'b>(std::slice::Iter<'b, u8>);

impl Numbers<'_> {
    fn next(&mut self) -> u32 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = *self.0.next().expect("the tests read the same file");
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return number;
            }
            shift += 7;
        }
    }

    fn signed(&mut self) -> i32 {
        let number = self.next();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }
}
