//! Reading the values of the text form.

use rust_decimal::Decimal;

use super::ast::Place;
use super::lexer::{Token, syntax};
use super::moment::{Now, Period, Shift};
use super::operand::{Literal, Operand};
use super::parse_text::Parser;
use crate::error::Result;
use crate::ground::currency::Currency;
use crate::ground::time::{Timestamp, parse_date};
use crate::ground::zone::DateUnit;

const VALUE: &str = "a value: text in double quotes, a number, a date, true, false, me or a period";
const DATE_UNIT: &str = "day, week, month, quarter or year";

/// The units that a point in time can be moved by, with their seconds, the longest first.
pub(super) const NOW_UNITS: [(&str, i64); 5] =
    [("week", 604_800), ("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];

impl Parser {
    pub(super) fn operand(&mut self) -> Result<Operand> {
        let place = self.place().clone();
        let literal = match self.peek().clone() {
            Token::Text(text) => {
                self.advance();
                Literal::Text(text)
            }
            Token::Number(_) | Token::Mark("-" | "+") => self.number(&place)?,
            Token::Word(word) => self.word(&word.to_ascii_lowercase())?,
            _ => return Err(syntax(&place, VALUE)),
        };
        self.budget(|budget| budget.operands(1), &place)?;
        Ok(Operand::new(literal, place))
    }

    fn word(&mut self, word: &str) -> Result<Literal> {
        let simple = match word {
            "true" => Literal::Boolean(true),
            "false" => Literal::Boolean(false),
            "me" => Literal::Me,
            "my" => {
                self.advance();
                self.expect_word("team")?;
                return Ok(Literal::MyTeam);
            }
            "now" => {
                self.advance();
                let seconds = match self.shift_count()? {
                    None => 0,
                    Some(count) => count.saturating_mul(self.now_unit()?),
                };
                return Ok(Literal::Now(Now { seconds }));
            }
            _ => return self.period_or(VALUE).map(Literal::Period),
        };
        self.advance();
        Ok(simple)
    }

    fn period_or(&mut self, expected: &str) -> Result<Period> {
        let place = self.place().clone();
        let offset = |token: &Token| {
            [("yesterday", -1), ("today", 0), ("tomorrow", 1)]
                .into_iter()
                .find(|(word, _)| token.is_word(word))
                .map(|(_, offset)| offset)
        };
        if let Some(offset) = offset(self.peek()) {
            self.advance();
            let place = self.place().clone();
            let shift = match self.shift_count()? {
                None => None,
                Some(count) => {
                    let count = i32::try_from(count).map_err(|_| syntax(&place, "a smaller number"))?;
                    Some(Shift { count, unit: self.date_unit()? })
                }
            };
            return Ok(Period::Day { offset, shift });
        }
        let which = ["this", "last", "next"].into_iter().find(|word| self.peek().is_word(word));
        let Some(which) = which else { return Err(syntax(&place, expected)) };
        self.advance();
        if which != "this" && matches!(self.peek(), Token::Number(_)) {
            let place = self.place().clone();
            let count = u32::try_from(self.whole()?).map_err(|_| syntax(&place, "a smaller number"))?;
            let unit = self.date_unit()?;
            return Ok(if which == "last" {
                Period::LastMany(count, unit)
            } else {
                Period::NextMany(count, unit)
            });
        }
        let unit = self.date_unit()?;
        Ok(match which {
            "this" => Period::This(unit),
            "last" => Period::Last(unit),
            _ => Period::Next(unit),
        })
    }

    /// The period after `in`.
    pub(super) fn period(&mut self) -> Result<Operand> {
        let place = self.place().clone();
        let period = self.period_or("a list in parentheses or a period such as last 30 days")?;
        self.budget(|budget| budget.operands(1), &place)?;
        Ok(Operand::new(Literal::Period(period), place))
    }

    /// `+ 3` or `- 3` before a unit, if there is one.
    fn shift_count(&mut self) -> Result<Option<i64>> {
        let negative = match self.peek() {
            Token::Mark("+") => false,
            Token::Mark("-") => true,
            _ => return Ok(None),
        };
        self.advance();
        let count = self.whole()?;
        Ok(Some(if negative { -count } else { count }))
    }

    /// A whole number, at most the greatest of 32 bits and a sign.
    pub(super) fn whole(&mut self) -> Result<i64> {
        let place = self.place().clone();
        let Token::Number(digits) = self.peek().clone() else {
            return Err(syntax(&place, "a whole number"));
        };
        let number: i64 = digits.parse().map_err(|_| syntax(&place, "a whole number"))?;
        if number > 1 << 32 {
            return Err(syntax(&place, "a smaller number"));
        }
        self.advance();
        Ok(number)
    }

    fn date_unit(&mut self) -> Result<DateUnit> {
        let units = [
            ("day", DateUnit::Day),
            ("week", DateUnit::Week),
            ("month", DateUnit::Month),
            ("quarter", DateUnit::Quarter),
            ("year", DateUnit::Year),
        ];
        self.unit(&units, DATE_UNIT)
    }

    fn now_unit(&mut self) -> Result<i64> {
        self.unit(&NOW_UNITS, "second, minute, hour, day or week")
    }

    fn unit<T: Copy>(&mut self, units: &[(&str, T)], expected: &str) -> Result<T> {
        let found = units.iter().find(|(name, _)| {
            self.peek().is_word(name)
                || matches!(self.peek(), Token::Word(word)
                if word.strip_suffix(['s', 'S']).is_some_and(|one| one.eq_ignore_ascii_case(name)))
        });
        let Some((_, unit)) = found else { return Err(syntax(self.place(), expected)) };
        let unit = *unit;
        self.advance();
        Ok(unit)
    }

    /// A number, an amount of money, a date or a time stamp.
    fn number(&mut self, place: &Place) -> Result<Literal> {
        let negative = self.peek() == &Token::Mark("-");
        if matches!(self.peek(), Token::Mark(_)) {
            self.advance();
        }
        let Token::Number(digits) = self.peek().clone() else { return Err(syntax(place, "a number")) };
        self.advance();
        if digits.contains('-') {
            if negative {
                return Err(syntax(place, "a number"));
            }
            return if digits.len() == 10 {
                parse_date(&digits).map(Literal::Date)
            } else {
                digits.parse::<Timestamp>().map(Literal::Timestamp)
            }
            .map_err(|error| place.locate(error, "filter"));
        }
        let mut amount =
            Decimal::from_str_exact(&digits).map_err(|_| syntax(place, "a number of at most 28 digits"))?;
        amount.set_sign_negative(negative && !amount.is_zero());
        let Token::Word(code) = self.peek().clone() else { return Ok(Literal::Number(amount)) };
        if !is_currency_code(&code) {
            return Ok(Literal::Number(amount));
        }
        let currency = Currency::from_code(&code).map_err(|error| self.place().locate(error, "filter"))?;
        self.advance();
        Ok(Literal::Money { amount, currency })
    }
}

/// Whether a word after a number names a currency. `AND` is no currency and goes on with the filter.
fn is_currency_code(word: &str) -> bool {
    word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase()) && word != "AND"
}
