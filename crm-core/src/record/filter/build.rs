//! Building filters in Rust.

use super::ast::{ChildTest, Children, Comparison, Filter, HasMode, Name, Path, TextMatch};
use super::operand::{Literal, Operand};

/// Starts a condition on a field, or on a path of links that ends in one.
///
/// ```
/// use crm_core::record::filter::{children, field};
/// let filter = field("name").starts_with("Mül")
///     .and(!field("tags").has("vip"))
///     .and(children("tasks").via("about").filter(field("done").equals(false)).exist());
/// assert_eq!(
///     filter.to_string(),
///     r#"name starts with "Mül" and not tags has "vip" and exists(tasks via about where done = false)"#,
/// );
/// ```
pub fn field(path: &str) -> FieldBuilder {
    FieldBuilder(Path::new(path))
}

/// Starts a condition on the records of a type that link here, by the type's name or its plural.
pub fn children(child: &str) -> ChildBuilder {
    ChildBuilder { child: child.into(), via: None, filter: Filter::All }
}

/// A field that waits for its condition. Made by [`field`].
#[derive(Clone, Debug)]
pub struct FieldBuilder(Path);

impl FieldBuilder {
    /// Compares with a value.
    pub fn compares(self, op: Comparison, operand: impl Into<Operand>) -> Filter {
        Filter::Compare { path: self.0, op, operand: operand.into() }
    }

    /// The value equals this one; lies within it, when this is a period.
    pub fn equals(self, operand: impl Into<Operand>) -> Filter {
        self.compares(Comparison::Equal, operand)
    }

    /// The value is another one, or there is none.
    pub fn differs(self, operand: impl Into<Operand>) -> Filter {
        self.compares(Comparison::NotEqual, operand)
    }

    /// The value is less.
    pub fn less_than(self, operand: impl Into<Operand>) -> Filter {
        self.compares(Comparison::Less, operand)
    }

    /// The value is less or equal.
    pub fn at_most(self, operand: impl Into<Operand>) -> Filter {
        self.compares(Comparison::LessOrEqual, operand)
    }

    /// The value is greater.
    pub fn greater_than(self, operand: impl Into<Operand>) -> Filter {
        self.compares(Comparison::Greater, operand)
    }

    /// The value is greater or equal.
    pub fn at_least(self, operand: impl Into<Operand>) -> Filter {
        self.compares(Comparison::GreaterOrEqual, operand)
    }

    /// The value lies between two others, both included.
    pub fn between(self, low: impl Into<Operand>, high: impl Into<Operand>) -> Filter {
        Filter::Between { path: self.0, low: low.into(), high: high.into() }
    }

    /// The value equals one of these.
    pub fn is_in<T: Into<Operand>>(self, operands: impl IntoIterator<Item = T>) -> Filter {
        Filter::In { path: self.0, operands: operands.into_iter().map(Into::into).collect() }
    }

    /// There is no value.
    pub fn is_null(self) -> Filter {
        Filter::IsNull { path: self.0 }
    }

    /// There is a value.
    pub fn is_not_null(self) -> Filter {
        !self.is_null()
    }

    /// The link points at the acting user.
    pub fn is_me(self) -> Filter {
        self.equals(Literal::Me)
    }

    /// The link points at a team of the acting user.
    pub fn is_my_team(self) -> Filter {
        self.equals(Literal::MyTeam)
    }

    /// The text contains this one.
    pub fn contains(self, text: &str) -> Filter {
        self.matches(TextMatch::Contains, text)
    }

    /// The text starts with this one.
    pub fn starts_with(self, text: &str) -> Filter {
        self.matches(TextMatch::StartsWith, text)
    }

    /// The text ends with this one.
    pub fn ends_with(self, text: &str) -> Filter {
        self.matches(TextMatch::EndsWith, text)
    }

    fn matches(self, how: TextMatch, text: &str) -> Filter {
        Filter::Match { path: self.0, how, text: text.to_owned() }
    }

    /// The list has this item.
    pub fn has(self, operand: impl Into<Operand>) -> Filter {
        Filter::Has { path: self.0, mode: HasMode::Any, operands: vec![operand.into()] }
    }

    /// The list has one of these items.
    pub fn has_any<T: Into<Operand>>(self, operands: impl IntoIterator<Item = T>) -> Filter {
        let operands = operands.into_iter().map(Into::into).collect();
        Filter::Has { path: self.0, mode: HasMode::Any, operands }
    }

    /// The list has all of these items.
    pub fn has_all<T: Into<Operand>>(self, operands: impl IntoIterator<Item = T>) -> Filter {
        let operands = operands.into_iter().map(Into::into).collect();
        Filter::Has { path: self.0, mode: HasMode::All, operands }
    }
}

/// Linking records that wait for their test. Made by [`children`].
#[derive(Clone, Debug)]
pub struct ChildBuilder {
    child: Name,
    via: Option<Name>,
    filter: Filter,
}

impl ChildBuilder {
    /// Names the link field, when several fields of the type point here.
    pub fn via(mut self, field: &str) -> Self {
        self.via = Some(field.into());
        self
    }

    /// Says which of the records count.
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = filter;
        self
    }

    /// There is such a record.
    pub fn exist(self) -> Filter {
        self.test(ChildTest::Exists)
    }

    /// There is no such record.
    pub fn none(self) -> Filter {
        self.test(ChildTest::None)
    }

    /// The number of such records compares so.
    pub fn count(self, op: Comparison, number: u32) -> Filter {
        self.test(ChildTest::Count(op, number))
    }

    fn test(self, test: ChildTest) -> Filter {
        let Self { child, via, filter } = self;
        Filter::Children(Box::new(Children { child, via, filter, test }))
    }
}
