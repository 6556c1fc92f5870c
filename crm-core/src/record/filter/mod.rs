//! The filter language: which records a list, a count, a group or a search takes.
//!
//! A [`Filter`] is a typed tree. It is written in Rust with [`field`], read from text with [`parse`], or from
//! JSON with [`from_json`]; all three give the same tree, and [`Filter`] prints itself as text that parses back
//! to an equal tree. [`compile`] checks it against the schema and turns it into SQL with bound parameters only.
//!
//! ```
//! use crm_core::record::filter::{field, parse};
//! let read = parse(r#"stage.type = "open" and (amount >= 1000 EUR or owner is null)"#)?;
//! let built = field("stage.type")
//!     .equals("open")
//!     .and(field("amount").at_least(crm_core::Money::parse("1000", "EUR".parse()?)?).or(field("owner").is_null()));
//! assert_eq!(read, built);
//! # Ok::<(), crm_core::CrmError>(())
//! ```
//!
//! # Text form
//! | Form | Means |
//! |---|---|
//! | `true`, `false` | every record, no record |
//! | `a and b`, `a or b`, `not a`, `( )` | `and` binds stronger than `or`, `not` strongest |
//! | `name = "x"`, `!=`, `<`, `<=`, `>`, `>=` | comparison; options of a select compare by their order |
//! | `priority in ("low", "high")`, `not in` | one of |
//! | `amount between 1 EUR and 5 EUR` | both ends included |
//! | `owner is null`, `is not null`, `is empty`, `is not empty` | without a value; a list without items |
//! | `name contains "x"`, `starts with`, `ends with` | text, without regard to case and accents |
//! | `tags has "a"`, `has any ("a", "b")`, `has all ("a", "b")` | lists and multi-selects |
//! | `organisation.parent.name = "x"` | through at most five links |
//! | `emails.address = "x"` | members of parts: some part matches |
//! | `amount.currency = "EUR"`, `about.type = "deal"` | the currency of money, the type of a reference |
//! | `about = "deal:0192…"`, `owner = me`, `team = my team` | references; the acting user and the teams |
//! | `exists(tasks via about where done = false)`, `none(…)`, `count(…) >= 2` | records that link here |
//! | `close_date in next 30 days`, `created_at < today - 1 year`, `updated_at > now - 2 hours` | relative |
//!
//! Text stands in double quotes with `\"`, `\\`, `\n`, `\r`, `\t` and `\u{…}`; dates and time stamps stand plain
//! (`2026-01-31`, `2026-01-31T10:00:00Z`); an amount of money names its currency (`1000.50 EUR`), only zero
//! needs none. A field that is named like `not`, `true` or `false` stands in back quotes. Words of the language
//! may be written in capitals.
//!
//! # Days and periods
//! `today`, `yesterday`, `tomorrow`, `this/last/next week` (also `day`, `month`, `quarter`, `year`; weeks start on
//! Monday) are calendar periods of the session's time zone. `last 7 days` reaches from today minus 7 days to
//! today, `next 2 months` from today to today plus 2 months, both ends included. A date or period compared with a
//! point in time stands for all of it: `<` means before its start, `<=` before its end, `=` and `in` within it.
//!
//! # Null
//! A condition is true or false, never unknown. A comparison with a null field is false, except `!=`, which is
//! true; so is `not` of any comparison. A path through a null link, or a link to a record that the session may
//! not see, gives null.
//!
//! # Limits
//! [`MAX_LENGTH`], [`MAX_DEPTH`], [`MAX_CHILDREN_DEPTH`], [`MAX_NODES`], [`MAX_OPERANDS`], [`MAX_LINKS`], [`MAX_JOINS`]. Exceeding one
//! gives an error of [`ErrorKind::Limit`](crate::ErrorKind::Limit).

pub mod ast;
mod build;
pub mod compile;
pub mod context;
mod display;
mod json;
mod lexer;
mod limits;
mod literal_text;
pub mod moment;
pub mod operand;
mod parse_json;
mod parse_text;
pub mod terms;

pub use ast::{ChildTest, Children, Comparison, Filter, HasMode, Name, Path, Place, TextMatch};
pub use build::{ChildBuilder, FieldBuilder, children, field};
pub use context::{FilterContext, OwnedParam, Statement};
pub use limits::{
    MAX_CHILDREN_DEPTH, MAX_DEPTH, MAX_JOINS, MAX_LENGTH, MAX_LINKS, MAX_NODES, MAX_OPERANDS, check_limits,
};
pub use moment::{Period, Shift};
pub use operand::{Literal, Operand};
pub use parse_json::{from_json, from_json_text};
pub use parse_text::parse;
