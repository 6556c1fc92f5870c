//! Reading a filter from text: recursive descent, as deep as [`MAX_DEPTH`](super::MAX_DEPTH).

use super::ast::{ChildTest, Children, Comparison, Filter, HasMode, Name, Path, Place, TextMatch};
use super::lexer::{Token, syntax, tokens};
use super::limits::{Budget, MAX_DEPTH, check_length, check_limits, too_deep};
use super::operand::{Literal, Operand};
use crate::error::Result;

/// Reads a filter from its text form. Empty text is [`Filter::All`].
///
/// ```
/// use crm_core::record::filter::parse;
/// let error = parse("amount > ").unwrap_err();
/// assert_eq!((error.code(), error.path()), ("filter.syntax", Some("position 9")));
/// ```
///
/// # Errors
/// `filter.syntax` with what was expected, `filter.too_long`, `filter.too_deep`, `filter.too_many`,
/// `date.*`, `time.*`, `currency.unknown`; the path names the byte (`position 9`), the details the line and
/// the column.
pub fn parse(text: &str) -> Result<Filter> {
    check_length(text)?;
    let mut parser = Parser::new(text)?;
    if parser.peek() == &Token::End {
        return Ok(Filter::All);
    }
    let filter = parser.or()?;
    parser.expect_end("and, or, or the end")?;
    check_limits(&filter)?;
    Ok(filter)
}

/// Reads one value, as it would stand in a filter.
pub(super) fn parse_operand(text: &str) -> Result<Literal> {
    check_length(text)?;
    let mut parser = Parser::new(text)?;
    let operand = parser.operand()?;
    parser.expect_end("the end of the value")?;
    Ok(operand.literal)
}

/// Reads a path, as it would stand in a filter.
pub(super) fn parse_path(text: &str) -> Result<Path> {
    check_length(text)?;
    let mut parser = Parser::new(text)?;
    let path = parser.path("a field")?;
    parser.expect_end("the end of the path")?;
    Ok(path)
}

pub(super) struct Parser {
    tokens: Vec<(Token, Place)>,
    at: usize,
    depth: usize,
    budget: Budget,
}

impl Parser {
    fn new(text: &str) -> Result<Self> {
        Ok(Self { tokens: tokens(text)?, at: 0, depth: 0, budget: Budget::default() })
    }

    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.at].0
    }

    pub(super) fn place(&self) -> &Place {
        &self.tokens[self.at].1
    }

    /// The end is never passed, so there is always a token to look at.
    pub(super) fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    pub(super) fn budget(
        &mut self,
        spend: impl FnOnce(&mut Budget) -> Result<()>,
        place: &Place,
    ) -> Result<()> {
        spend(&mut self.budget).map_err(|error| place.locate(error, "filter"))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = self.peek().is_word(word);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect_word(&mut self, word: &str) -> Result<()> {
        if self.take_word(word) { Ok(()) } else { Err(syntax(self.place(), word)) }
    }

    fn expect_mark(&mut self, mark: &str, expected: &str) -> Result<()> {
        if !matches!(self.peek(), Token::Mark(found) if *found == mark) {
            return Err(syntax(self.place(), expected));
        }
        self.advance();
        Ok(())
    }

    fn expect_end(&self, expected: &str) -> Result<()> {
        if self.peek() == &Token::End { Ok(()) } else { Err(syntax(self.place(), expected)) }
    }

    fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        if self.depth >= MAX_DEPTH {
            return Err(self.place().locate(too_deep(), "filter"));
        }
        self.depth += 1;
        let found = read(self)?;
        self.depth -= 1;
        Ok(found)
    }

    fn or(&mut self) -> Result<Filter> {
        let mut filters = vec![self.and()?];
        while self.take_word("or") {
            filters.push(self.and()?);
        }
        Ok(Filter::any_of(filters))
    }

    fn and(&mut self) -> Result<Filter> {
        let mut filters = vec![self.unary()?];
        while self.take_word("and") {
            filters.push(self.unary()?);
        }
        Ok(Filter::all_of(filters))
    }

    fn unary(&mut self) -> Result<Filter> {
        let place = self.place().clone();
        self.budget(Budget::node, &place)?;
        if self.take_word("not") {
            return Ok(!self.deeper(Self::unary)?);
        }
        if self.peek() == &Token::Mark("(") {
            self.advance();
            let inner = self.deeper(Self::or)?;
            self.expect_mark(")", "and, or, or a closing parenthesis")?;
            return Ok(inner);
        }
        let called = matches!(self.tokens.get(self.at + 1), Some((Token::Mark("("), _)));
        for (word, value) in [("true", Filter::All), ("false", !Filter::All)] {
            if self.take_word(word) {
                return Ok(value);
            }
        }
        if called {
            return self.children();
        }
        let path = self.path("a field, a parenthesis, not, exists, none or count")?;
        self.condition(path)
    }

    fn children(&mut self) -> Result<Filter> {
        let test = match self.peek() {
            found if found.is_word("exists") => ChildTest::Exists,
            found if found.is_word("none") => ChildTest::None,
            found if found.is_word("count") => ChildTest::Count(Comparison::Equal, 0),
            _ => return Err(syntax(self.place(), "exists, none or count before a parenthesis")),
        };
        self.advance();
        self.expect_mark("(", "an opening parenthesis")?;
        let child = self.name("a record type")?;
        let via = if self.take_word("via") { Some(self.name("a link field")?) } else { None };
        let filter = if self.take_word("where") { self.deeper(Self::or)? } else { Filter::All };
        self.expect_mark(")", "via, where or a closing parenthesis")?;
        let test = match test {
            ChildTest::Count(..) => {
                let op = self.comparison().ok_or_else(|| syntax(self.place(), "=, !=, <, <=, > or >="))?;
                let place = self.place().clone();
                let number = u32::try_from(self.whole()?).map_err(|_| syntax(&place, "a smaller number"))?;
                ChildTest::Count(op, number)
            }
            other => other,
        };
        Ok(Filter::Children(Box::new(Children { child, via, filter, test })))
    }

    fn name(&mut self, expected: &str) -> Result<Name> {
        let place = self.place().clone();
        let (Token::Word(text) | Token::Quoted(text)) = self.peek().clone() else {
            return Err(syntax(&place, expected));
        };
        self.advance();
        Ok(Name { text, place })
    }

    fn path(&mut self, expected: &str) -> Result<Path> {
        let Name { text, place } = self.name(expected)?;
        let mut segments = vec![text];
        while self.peek() == &Token::Mark(".") {
            self.advance();
            segments.push(self.name("a field after the point")?.text);
        }
        Ok(Path { segments, place })
    }

    fn comparison(&mut self) -> Option<Comparison> {
        let Token::Mark(mark) = self.peek() else { return None };
        let found = Comparison::from_symbol(mark);
        if found.is_some() {
            self.advance();
        }
        found
    }

    fn condition(&mut self, path: Path) -> Result<Filter> {
        if let Some(op) = self.comparison() {
            if op.is_equality() && self.take_word("null") {
                let null = Filter::IsNull { path };
                return Ok(if op == Comparison::Equal { null } else { !null });
            }
            return Ok(Filter::Compare { path, op, operand: self.operand()? });
        }
        if self.take_word("is") {
            let negated = self.take_word("not");
            if !self.take_word("null") && !self.take_word("empty") {
                return Err(syntax(
                    self.place(),
                    if negated { "null or empty" } else { "null, empty or not" },
                ));
            }
            let null = Filter::IsNull { path };
            return Ok(if negated { !null } else { null });
        }
        if self.take_word("not") {
            self.expect_word("in")?;
            return Ok(!self.membership(path)?);
        }
        if self.take_word("in") {
            return self.membership(path);
        }
        if self.take_word("between") {
            let low = self.operand()?;
            self.expect_word("and")?;
            return Ok(Filter::Between { path, low, high: self.operand()? });
        }
        if self.take_word("has") {
            return self.has(path);
        }
        let how = if self.take_word("contains") {
            TextMatch::Contains
        } else if self.take_word("starts") {
            self.expect_word("with")?;
            TextMatch::StartsWith
        } else if self.take_word("ends") {
            self.expect_word("with")?;
            TextMatch::EndsWith
        } else {
            let expected =
                "an operator: =, !=, <, <=, >, >=, in, between, is, has, contains, starts with or ends with";
            return Err(syntax(self.place(), expected));
        };
        let Token::Text(text) = self.peek().clone() else {
            return Err(syntax(self.place(), "text in double quotes"));
        };
        let place = self.place().clone();
        self.budget(|budget| budget.operands(1), &place)?;
        self.advance();
        Ok(Filter::Match { path, how, text })
    }

    fn membership(&mut self, path: Path) -> Result<Filter> {
        if self.peek() == &Token::Mark("(") {
            return Ok(Filter::In { path, operands: self.list()? });
        }
        Ok(Filter::Compare { path, op: Comparison::Equal, operand: self.period()? })
    }

    fn has(&mut self, path: Path) -> Result<Filter> {
        let mode = if self.take_word("any") {
            HasMode::Any
        } else if self.take_word("all") {
            HasMode::All
        } else {
            return Ok(Filter::Has { path, mode: HasMode::Any, operands: vec![self.operand()?] });
        };
        Ok(Filter::Has { path, mode, operands: self.list()? })
    }

    fn list(&mut self) -> Result<Vec<Operand>> {
        self.expect_mark("(", "a list in parentheses")?;
        let mut operands = Vec::new();
        if self.peek() == &Token::Mark(")") {
            self.advance();
            return Ok(operands);
        }
        loop {
            operands.push(self.operand()?);
            if self.peek() == &Token::Mark(",") {
                self.advance();
                continue;
            }
            self.expect_mark(")", "a comma or a closing parenthesis")?;
            return Ok(operands);
        }
    }
}
