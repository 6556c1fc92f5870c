//! The words of the text form.

use super::ast::Place;
use crate::error::{CrmError, Result};

/// What stands at one place of the text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name or a word of the language.
    Word(String),
    /// A name in back quotes, which is never a word of the language.
    Quoted(String),
    /// A text in double quotes.
    Text(String),
    /// An unsigned number, a date or a time stamp, as it is written.
    Number(String),
    /// An operator or a punctuation mark.
    Mark(&'static str),
    /// The end of the text.
    End,
}

impl Token {
    /// Whether this is a word of the language, however it is capitalised.
    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(found) if found.eq_ignore_ascii_case(word))
    }
}

/// The longer marks stand first, so that `<=` is not read as `<`.
const MARKS: [&str; 12] = ["!=", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "+", "-"];

/// The tokens with their places; the last is [`Token::End`].
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Place)>> {
    let mut lexer = Lexer { text, offset: 0, line: 1, column: 1 };
    let mut tokens = Vec::new();
    loop {
        lexer.take_while(char::is_whitespace);
        let place = lexer.place();
        let token = lexer.token(&place)?;
        let end = token == Token::End;
        tokens.push((token, place));
        if end {
            return Ok(tokens);
        }
    }
}

/// The error for text that cannot be read: what was expected at a place.
pub(super) fn syntax(place: &Place, expected: &str) -> CrmError {
    let error = CrmError::invalid("filter.syntax", format!("expected {expected}"));
    place.locate(error.detail("expected", expected), "filter")
}

struct Lexer<'t> {
    text: &'t str,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'t> Lexer<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.offset..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let found = self.peek()?;
        self.offset += found.len_utf8();
        if found == '\n' {
            (self.line, self.column) = (self.line + 1, 1);
        } else {
            self.column += 1;
        }
        Some(found)
    }

    fn place(&self) -> Place {
        // The length limit keeps every offset far below this.
        let offset = u32::try_from(self.offset).unwrap_or(u32::MAX);
        Place::Text { offset, line: self.line, column: self.column }
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let start = self.offset;
        while self.peek().is_some_and(&wanted) {
            self.next();
        }
        self.text.get(start..self.offset).unwrap_or_default()
    }

    fn token(&mut self, place: &Place) -> Result<Token> {
        let Some(first) = self.peek() else { return Ok(Token::End) };
        if is_name_start(first) {
            return Ok(Token::Word(self.take_while(is_name_part).to_owned()));
        }
        if first.is_ascii_digit() {
            return Ok(self.number());
        }
        if first == '"' || first == '`' {
            self.next();
            let text = self.quoted(first, place)?;
            return Ok(if first == '"' { Token::Text(text) } else { Token::Quoted(text) });
        }
        let rest = self.rest();
        let Some(mark) = MARKS.into_iter().find(|mark| rest.starts_with(mark)) else {
            return Err(syntax(place, "a field, a value or an operator"));
        };
        for _ in mark.chars() {
            self.next();
        }
        Ok(Token::Mark(mark))
    }

    /// `12`, `12.5`, `2026-01-31`, `2026-01-31T10:00:00.5+01:00`. Whether it is sound is seen where it is used.
    fn number(&mut self) -> Token {
        let start = self.offset;
        let bytes = self.rest().as_bytes();
        let digits = |range: std::ops::Range<usize>| {
            bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
        };
        let date = digits(0..4) && digits(5..7) && digits(8..10) && bytes[4] == b'-' && bytes[7] == b'-';
        if date {
            for _ in 0..10 {
                self.next();
            }
            if matches!(self.peek(), Some('T' | 't')) {
                self.take_while(|c| {
                    c.is_ascii_digit() || matches!(c, 'T' | 't' | 'Z' | 'z' | ':' | '.' | '+' | '-')
                });
            }
        } else {
            self.take_while(|c| c.is_ascii_digit());
            let after = self.rest().as_bytes();
            if after.first() == Some(&b'.') && after.get(1).is_some_and(u8::is_ascii_digit) {
                self.next();
                self.take_while(|c| c.is_ascii_digit());
            }
        }
        Token::Number(self.text.get(start..self.offset).unwrap_or_default().to_owned())
    }

    fn quoted(&mut self, close: char, start: &Place) -> Result<String> {
        let mut text = String::new();
        loop {
            let place = self.place();
            match self.next() {
                None => return Err(syntax(start, "a closing quote for the one that is opened here")),
                Some(found) if found == close => return Ok(text),
                Some('\\') => {
                    text.push(self.escaped().ok_or_else(|| {
                        syntax(&place, "an escape: \\\", \\`, \\\\, \\n, \\r, \\t or \\u{…}")
                    })?);
                }
                Some(found) => text.push(found),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        match self.next()? {
            found @ ('"' | '`' | '\\') => Some(found),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' if self.next()? == '{' => {
                let code = u32::from_str_radix(self.take_while(|c| c.is_ascii_hexdigit()), 16).ok()?;
                (self.next()? == '}').then(|| char::from_u32(code)).flatten()
            }
            _ => None,
        }
    }
}

fn is_name_start(found: char) -> bool {
    found.is_ascii_alphabetic() || found == '_'
}

fn is_name_part(found: char) -> bool {
    found.is_ascii_alphanumeric() || found == '_'
}

/// Whether a name can stand without quotes.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(is_name_start) && name.chars().all(is_name_part)
}
