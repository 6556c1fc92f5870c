//! Documents and queries in the words of PostgreSQL's full text search.
//!
//! Words are in search form already, so neither goes through a parser or a dictionary of the server: what is found is
//! what SQLite's index finds.

use std::fmt::Write;

use crate::record::derived::Document;

/// The longest word in bytes; the server takes 2,046.
const LONGEST_WORD: usize = 2_000;
/// The longest document in bytes; the server takes a megabyte of words.
const LONGEST_DOCUMENT: usize = 1_000_000;
/// The last position that the server tells from others.
const LAST_POSITION: u32 = 16_383;

/// A document as a `tsvector`: the words of the title with weight A, of details with B, of running text with C.
pub(super) fn document(document: &Document) -> String {
    let mut out = String::new();
    let mut position = 0;
    for (text, weight) in [(&document.title, 'A'), (&document.detail, 'B'), (&document.body, 'C')] {
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            position = LAST_POSITION.min(position + 1);
            quote(&mut out, word);
            write!(out, ":{position}{weight} ").expect("writing to a string does not fail");
            if out.len() > LONGEST_DOCUMENT {
                return out;
            }
        }
        // A phrase does not begin in one and end in the next.
        position += 1;
    }
    out
}

/// The words of a query as a `tsquery`: all of them, each run of characters that stand alone as a phrase, the last word as
/// a beginning if `prefix` says so.
pub(super) fn query(tokens: &[String], prefix: bool) -> String {
    let mut out = String::new();
    for (index, token) in tokens.iter().enumerate() {
        if index > 0 {
            out.push_str(" & ");
        }
        out.push('(');
        for (place, word) in token.split(' ').enumerate() {
            if place > 0 {
                out.push_str(" <-> ");
            }
            quote(&mut out, word);
        }
        out.push_str(if prefix && index + 1 == tokens.len() { ":*)" } else { ")" });
    }
    out
}

/// Words in search form as a `tsquery`: one behind the other; with `body_only` in running text, which has weight C.
pub(super) fn phrase(words: &str, body_only: bool) -> String {
    let mut out = String::new();
    for word in words.split(' ').filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push_str(" <-> ");
        }
        quote(&mut out, word);
        if body_only {
            out.push_str(":C");
        }
    }
    out
}

fn quote(out: &mut String, word: &str) {
    out.push('\'');
    let mut left = LONGEST_WORD;
    for c in word.chars() {
        let Some(rest) = left.checked_sub(c.len_utf8()) else { break };
        left = rest;
        if matches!(c, '\'' | '\\') {
            out.push(c);
        }
        out.push(c);
    }
    out.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::text::tokens;

    #[test]
    fn documents_have_positions_and_weights() {
        let (title, detail, body) = ("ada king".to_owned(), String::new(), "東 京 x".to_owned());
        let found = document(&Document { title, detail, body });
        assert_eq!(found, "'ada':1A 'king':2A '東':5C '京':6C 'x':7C ");
    }

    #[test]
    fn long_documents_end() {
        let word = "w".repeat(5_000);
        let found = document(&Document { title: format!("{word} ").repeat(1_000), ..Document::default() });
        assert!(found.len() < LONGEST_DOCUMENT + 2 * LONGEST_WORD);
        assert!(found.starts_with(&format!("'{}':1A ", "w".repeat(LONGEST_WORD))));
    }

    #[test]
    fn phrases_become_expressions() {
        for (words, body_only, expected) in [
            ("ada", false, "'ada'"),
            ("ada king", false, "'ada' <-> 'king'"),
            ("ada king", true, "'ada':C <-> 'king':C"),
            ("o'x", true, "'o''x':C"),
        ] {
            assert_eq!(phrase(words, body_only), expected);
        }
    }

    #[test]
    fn queries_become_expressions() {
        for (text, prefix, expected) in [
            ("mei", true, "('mei':*)"),
            ("Anna M", true, "('anna') & ('m':*)"),
            ("Anna M", false, "('anna') & ('m')"),
            ("東京", false, "('東' <-> '京')"),
            ("a & b:*", true, "('a') & ('b':*)"),
        ] {
            assert_eq!(query(&tokens(text), prefix), expected, "{text}");
        }
        assert_eq!(query(&["o'x\\".to_owned()], false), "('o''x\\\\')");
    }
}
