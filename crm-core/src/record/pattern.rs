//! What a text must look like, in a small language that is checked in time linear in the text.
//!
//! | in a pattern | in the text |
//! |---|---|
//! | `#` | one digit 0 to 9 |
//! | `@` | one letter |
//! | `&` | one letter or digit |
//! | `?` | any one character |
//! | `*` | any characters, also none |
//! | `[abc]`, `[0-9A-F]`, `[!abc]` | one of these characters, or none of these |
//! | `{3}`, `{2,5}` behind one of the above | so many of them |
//! | a backslash and a character | that character |
//! | anything else | itself, with its case |
//!
//! The whole text must fit.

use crate::error::{CrmError, Result};

/// The most places that a pattern may have after its repetitions are written out.
const MOST_PLACES: usize = 500;

/// A parsed pattern.
///
/// ```
/// use crm_core::record::pattern::Pattern;
/// let plate = Pattern::parse("@{1,3}-@{1,2} #{1,4}")?;
/// assert!(plate.matches("B-MW 1234"));
/// assert!(!plate.matches("B-1234"));
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    text: String,
    places: Vec<Place>,
}

/// One place: what stands there, whether it may be missing, whether it may repeat.
#[derive(Clone, Debug, PartialEq)]
struct Place {
    takes: Takes,
    optional: bool,
    repeats: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Takes {
    Any,
    Digit,
    Letter,
    Alphanumeric,
    Exactly(char),
    OneOf { ranges: Vec<(char, char)>, negated: bool },
}

impl Takes {
    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Any => true,
            Self::Digit => c.is_ascii_digit(),
            Self::Letter => c.is_alphabetic(),
            Self::Alphanumeric => c.is_alphanumeric(),
            Self::Exactly(own) => *own == c,
            Self::OneOf { ranges, negated } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != *negated
            }
        }
    }
}

fn wrong(reason: &str) -> CrmError {
    CrmError::invalid("pattern.invalid", reason)
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// `pattern.invalid` when a bracket is not closed, a repetition has nothing to repeat or is no number, a range
    /// runs backwards, or there are more than 500 places.
    pub fn parse(text: &str) -> Result<Self> {
        let mut rest = text.chars();
        let mut places: Vec<Place> = Vec::new();
        while let Some(c) = rest.next() {
            let takes = match c {
                '#' => Takes::Digit,
                '@' => Takes::Letter,
                '&' => Takes::Alphanumeric,
                '?' | '*' => Takes::Any,
                '[' => class(&mut rest)?,
                '{' => {
                    let last = places.pop().filter(|place| !place.repeats);
                    let last = last.ok_or_else(|| wrong("repeats nothing"))?;
                    let (least, most) = times(&mut rest)?;
                    for number in 0..most {
                        places.push(Place { optional: number >= least, ..last.clone() });
                    }
                    continue;
                }
                '\\' => Takes::Exactly(rest.next().ok_or_else(|| wrong("ends with a backslash"))?),
                c => Takes::Exactly(c),
            };
            places.push(Place { takes, optional: c == '*', repeats: c == '*' });
            if places.len() > MOST_PLACES {
                return Err(wrong("is too long"));
            }
        }
        if places.len() > MOST_PLACES {
            return Err(wrong("is too long"));
        }
        Ok(Self { text: text.to_owned(), places })
    }

    /// The pattern as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the whole text fits.
    pub fn matches(&self, text: &str) -> bool {
        // All places where the match may stand at once, so that no pattern makes it slow.
        let mut reached = vec![false; self.places.len() + 1];
        reached[0] = true;
        self.skip_optional(&mut reached);
        for c in text.chars() {
            let mut next = vec![false; reached.len()];
            for (at, place) in self.places.iter().enumerate() {
                if reached[at] && place.takes.accepts(c) {
                    next[at + 1] = true;
                    next[at] |= place.repeats;
                }
            }
            self.skip_optional(&mut next);
            reached = next;
        }
        reached[self.places.len()]
    }

    fn skip_optional(&self, reached: &mut [bool]) {
        for (at, place) in self.places.iter().enumerate() {
            reached[at + 1] |= reached[at] && place.optional;
        }
    }
}

/// The characters between brackets; the opening one was taken.
fn class(rest: &mut std::str::Chars<'_>) -> Result<Takes> {
    let mut members: Vec<(char, bool)> = Vec::new();
    loop {
        match rest.next().ok_or_else(|| wrong("has a bracket that is not closed"))? {
            ']' => break,
            '\\' => members.push((rest.next().ok_or_else(|| wrong("ends with a backslash"))?, true)),
            c => members.push((c, false)),
        }
    }
    let negated = members.first() == Some(&('!', false));
    let members = &members[usize::from(negated)..];
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < members.len() {
        let first = members[at].0;
        let last = match members.get(at + 1..at + 3) {
            Some([('-', false), (last, _)]) => {
                at += 2;
                *last
            }
            _ => first,
        };
        if first > last {
            return Err(wrong("has a range that runs backwards"));
        }
        ranges.push((first, last));
        at += 1;
    }
    if ranges.is_empty() {
        return Err(wrong("has empty brackets"));
    }
    Ok(Takes::OneOf { ranges, negated })
}

/// How often something is repeated; the opening brace was taken.
fn times(rest: &mut std::str::Chars<'_>) -> Result<(usize, usize)> {
    let inside: String = rest.by_ref().take_while(|c| *c != '}').collect();
    let number = |text: &str| {
        text.trim()
            .parse::<usize>()
            .ok()
            .filter(|number| *number <= MOST_PLACES)
            .ok_or_else(|| wrong("repeats something not a number of times"))
    };
    let (least, most) = match inside.split_once(',') {
        Some((least, most)) => (number(least)?, number(most)?),
        None => (number(&inside)?, number(&inside)?),
    };
    if most == 0 || least > most {
        return Err(wrong("repeats something no times"));
    }
    Ok((least, most))
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn texts_fit_or_do_not() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("", "a", false),
            ("##", "12", true),
            ("##", "123", false),
            ("##", "1a", false),
            ("@@-###", "AB-123", true),
            ("@@-###", "ÄB-123", true),
            ("&{2,4}", "a1", true),
            ("&{2,4}", "a", false),
            ("&{2,4}", "abcde", false),
            ("A*Z", "AZ", true),
            ("A*Z", "AxxZZ", true),
            ("A*Z", "AxxZZy", false),
            ("[0-9A-F]{4}", "09AF", true),
            ("[0-9A-F]{4}", "09AG", false),
            ("[!0-9]?", "a1", true),
            ("[!0-9]?", "11", false),
            ("\\#\\*", "#*", true),
            ("[\\]a]", "]", true),
            ("[a-]", "-", true),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap().matches(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn broken_patterns_are_refused_and_none_is_slow() {
        for pattern in
            ["[a", "[]", "{3}", "*{3}", "a{x}", "a{0}", "a{3,2}", "a{501}", "a{400}b{400}", "[z-a]", "\\"]
        {
            assert_eq!(Pattern::parse(pattern).unwrap_err().code(), "pattern.invalid", "{pattern}");
        }
        let hard = Pattern::parse(&"*a".repeat(100)).unwrap();
        assert!(!hard.matches(&"a".repeat(99)));
        assert!(!hard.matches(&format!("{}b", "a".repeat(5_000))));
    }
}
