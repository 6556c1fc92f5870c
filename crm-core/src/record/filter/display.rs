//! A filter as text that parses back to an equal filter.

use std::fmt::{Display, Formatter, Result, Write};

use super::ast::{ChildTest, Comparison, Filter, HasMode, Name, Path, TextMatch};
use super::lexer::is_name;
use super::literal_text::NOW_UNITS;
use super::moment::{Now, Period};
use super::operand::{Literal, Operand};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::All => f.write_str("true"),
            Self::And(filters) => chain(f, filters, " and ", "true"),
            Self::Or(filters) => chain(f, filters, " or ", "false"),
            Self::Not(inner) => match &**inner {
                Self::All => f.write_str("false"),
                Self::IsNull { path } => write!(f, "{path} is not null"),
                Self::In { path, operands } => write!(f, "{path} not in {}", List(operands)),
                inner => write!(f, "not {}", Nested(inner)),
            },
            Self::Compare { path, op: Comparison::Equal, operand } if matches!(operand.literal, Literal::Period(period) if !matches!(period, Period::Day { .. })) =>
            {
                write!(f, "{path} in {operand}")
            }
            Self::Compare { path, op, operand } => write!(f, "{path} {} {operand}", op.symbol()),
            Self::In { path, operands } => write!(f, "{path} in {}", List(operands)),
            Self::Between { path, low, high } => write!(f, "{path} between {low} and {high}"),
            Self::IsNull { path } => write!(f, "{path} is null"),
            Self::Match { path, how, text } => {
                write!(f, "{path} {} ", how.words())?;
                quoted(f, text, '"')
            }
            Self::Has { path, mode: HasMode::Any, operands } if operands.len() == 1 => {
                write!(f, "{path} has {}", operands[0])
            }
            Self::Has { path, mode, operands } => {
                let mode = if *mode == HasMode::Any { "any" } else { "all" };
                write!(f, "{path} has {mode} {}", List(operands))
            }
            Self::Children(children) => {
                let test = match children.test {
                    ChildTest::Exists => "exists",
                    ChildTest::None => "none",
                    ChildTest::Count(..) => "count",
                };
                write!(f, "{test}({}", children.child)?;
                if let Some(via) = &children.via {
                    write!(f, " via {via}")?;
                }
                if children.filter != Self::All {
                    write!(f, " where {}", children.filter)?;
                }
                f.write_char(')')?;
                match children.test {
                    ChildTest::Count(op, number) => write!(f, " {} {number}", op.symbol()),
                    _ => Ok(()),
                }
            }
        }
    }
}

fn chain(f: &mut Formatter<'_>, filters: &[Filter], word: &str, empty: &str) -> Result {
    if filters.is_empty() {
        return f.write_str(empty);
    }
    for (position, filter) in filters.iter().enumerate() {
        if position > 0 {
            f.write_str(word)?;
        }
        // Only a conjunction inside a disjunction reads the same without parentheses.
        let bare = matches!(filter, Filter::And(inner) if word == " or " && inner.len() > 1);
        if bare || filters.len() == 1 {
            write!(f, "{filter}")?;
        } else {
            write!(f, "{}", Nested(filter))?;
        }
    }
    Ok(())
}

/// A filter in parentheses where it needs them.
struct Nested<'f>(&'f Filter);

impl Display for Nested<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Filter::And(filters) | Filter::Or(filters) if !filters.is_empty() => write!(f, "({})", self.0),
            other => write!(f, "{other}"),
        }
    }
}

struct List<'o>(&'o [Operand]);

impl Display for List<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_char('(')?;
        for (position, operand) in self.0.iter().enumerate() {
            write!(f, "{}{operand}", if position > 0 { ", " } else { "" })?;
        }
        f.write_char(')')
    }
}

impl TextMatch {
    /// The operator as it is written.
    pub fn words(self) -> &'static str {
        match self {
            Self::Contains => "contains",
            Self::StartsWith => "starts with",
            Self::EndsWith => "ends with",
        }
    }
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (position, segment) in self.segments.iter().enumerate() {
            if position > 0 {
                f.write_char('.')?;
            }
            name(f, segment)?;
        }
        Ok(())
    }
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        name(f, &self.text)
    }
}

fn name(f: &mut Formatter<'_>, name: &str) -> Result {
    let reserved = ["not", "true", "false"].iter().any(|word| name.eq_ignore_ascii_case(word));
    if is_name(name) && !reserved { f.write_str(name) } else { quoted(f, name, '`') }
}

fn quoted(f: &mut Formatter<'_>, text: &str, quote: char) -> Result {
    f.write_char(quote)?;
    for found in text.chars() {
        match found {
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            '\\' => f.write_str("\\\\")?,
            found if found == quote => write!(f, "\\{found}")?,
            found if found.is_control() => write!(f, "\\u{{{:x}}}", u32::from(found))?,
            found => f.write_char(found)?,
        }
    }
    f.write_char(quote)
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.literal.fmt(f)
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Text(text) => quoted(f, text, '"'),
            Self::Number(number) => write!(f, "{number}"),
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Date(date) => write!(f, "{date}"),
            Self::Timestamp(time) => write!(f, "{time}"),
            Self::Money { amount, currency } => write!(f, "{amount} {}", currency.code()),
            Self::Me => f.write_str("me"),
            Self::MyTeam => f.write_str("my team"),
            Self::Period(period) => period.fmt(f),
            Self::Now(now) => now.fmt(f),
        }
    }
}

fn many(f: &mut Formatter<'_>, count: u64, unit: &str) -> Result {
    write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
}

impl Display for Period {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Day { offset, shift } => {
                f.write_str(match offset {
                    ..=-1 => "yesterday",
                    0 => "today",
                    1.. => "tomorrow",
                })?;
                let Some(shift) = shift else { return Ok(()) };
                f.write_str(if shift.count < 0 { " - " } else { " + " })?;
                many(f, shift.count.unsigned_abs().into(), shift.unit.name())
            }
            Self::This(unit) => write!(f, "this {}", unit.name()),
            Self::Last(unit) => write!(f, "last {}", unit.name()),
            Self::Next(unit) => write!(f, "next {}", unit.name()),
            Self::LastMany(count, unit) => {
                f.write_str("last ")?;
                many(f, (*count).into(), unit.name())
            }
            Self::NextMany(count, unit) => {
                f.write_str("next ")?;
                many(f, (*count).into(), unit.name())
            }
        }
    }
}

impl Display for Now {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str("now")?;
        if self.seconds == 0 {
            return Ok(());
        }
        let seconds = self.seconds.unsigned_abs();
        let (unit, length) = NOW_UNITS
            .into_iter()
            .map(|(unit, length)| (unit, length.unsigned_abs()))
            .find(|(_, length)| seconds.is_multiple_of(*length))
            .unwrap_or(("second", 1));
        f.write_str(if self.seconds < 0 { " - " } else { " + " })?;
        many(f, seconds / length, unit)
    }
}
