//! Text matches, without regard to case and accents.

use super::Compiler;
use super::compare::no_operator;
use super::multiple::comparison_form;
use super::operand::option_position;
use super::path::{Scope, Target};
use crate::error::{CrmError, Result};
use crate::record::descriptor::FieldKind;
use crate::record::filter::ast::{HasMode, Path, TextMatch};
use crate::record::filter::operand::Operand;
use crate::record::filter::terms::index_term;
use crate::record::schema::NAME_KEY;

/// The longest text that is searched, in characters. SQLite refuses patterns of more than 50,000 bytes.
const MAX_SEARCHED: usize = 1_000;

impl<'c> Compiler<'c> {
    pub(super) fn matches(
        &mut self,
        path: &Path,
        how: TextMatch,
        text: &str,
        scope: &mut Scope<'c>,
    ) -> Result<String> {
        let refuse =
            |reason: String| path.place.locate(CrmError::invalid("filter.operand", reason), &path.dotted());
        if text.chars().count() > MAX_SEARCHED {
            return Err(refuse(format!("searches for more than {MAX_SEARCHED} characters")));
        }
        let folded = (self.context.fold)(text);
        if folded.is_empty() {
            return Err(refuse("searches for an empty text".to_owned()));
        }
        match self.target(path, scope)? {
            Target::NameKey { sql, .. } => Ok(self.match_folded(&sql, how, &folded)),
            Target::Column { alias, record_type, field, sql, .. } => match field.kind() {
                FieldKind::Text
                | FieldKind::LongText
                | FieldKind::Url
                | FieldKind::Email
                | FieldKind::Phone => {
                    // The name key is this field's folded text, and has an index.
                    if record_type.sort_key == [field.position] {
                        return Ok(self.match_folded(&format!("{alias}.{NAME_KEY}"), how, &folded));
                    }
                    let pattern = self.bind_text(pattern(how, &folded));
                    Ok(format!("{} LIKE {pattern} ESCAPE '\\'", self.context.dialect.folded(&sql)))
                }
                _ => Err(no_operator(path, "contains, starts with and ends with apply to text")),
            },
            Target::Multiple { alias, field, member } => {
                match (field.kind(), member) {
                    (FieldKind::MultiSelect(options), _) if how == TextMatch::Contains => {
                        option_position(options, text)
                            .map_err(|error| path.place.locate(error, &path.dotted()))?;
                        self.has(path, HasMode::Any, &[Operand::from(text)], scope)
                    }
                    // A list contains an item, not a piece of one.
                    (FieldKind::List, _) if how == TextMatch::Contains => {
                        self.has(path, HasMode::Any, &[Operand::from(text)], scope)
                    }
                    (FieldKind::List, _) => Ok(self
                        .has_match(&alias, field, |compiler| compiler.match_folded("v.value", how, &folded))),
                    (FieldKind::Parts(_), Some(member)) => {
                        comparison_form(member, path)?;
                        let prefix = index_term(field, Some(member.name), "").into_owned();
                        Ok(self.has_match(&alias, field, |compiler| {
                            if how == TextMatch::StartsWith {
                                return compiler.prefix("v.value", &format!("{prefix}{folded}"));
                            }
                            let rest = format!("substr(v.value, {})", prefix.len() + 1);
                            let mut found = compiler.match_folded(&rest, how, &folded);
                            if !prefix.is_empty() {
                                found = format!("{} AND {found}", compiler.prefix("v.value", &prefix));
                            }
                            found
                        }))
                    }
                    _ => Err(no_operator(path, "name a member of the parts, or use has")),
                }
            }
            Target::Currency { .. } | Target::ReferenceType { .. } => {
                Err(no_operator(path, "only =, != and in apply here"))
            }
        }
    }

    /// A match in a column that holds folded text.
    fn match_folded(&mut self, sql: &str, how: TextMatch, folded: &str) -> String {
        if how == TextMatch::StartsWith {
            return self.prefix(sql, folded);
        }
        let pattern = self.bind_text(pattern(how, folded));
        format!("{sql} LIKE {pattern} ESCAPE '\\'")
    }

    /// The texts that start so are a range, which an index serves.
    pub(super) fn prefix(&mut self, sql: &str, prefix: &str) -> String {
        let first = self.bind_text(prefix);
        match after_prefix(prefix) {
            Some(end) => {
                let end = self.bind_text(end);
                format!("({sql} >= {first} AND {sql} < {end})")
            }
            None => format!("{sql} >= {first}"),
        }
    }
}

/// The least text that is greater than all texts with a prefix.
fn after_prefix(prefix: &str) -> Option<String> {
    let mut characters: Vec<char> = prefix.chars().collect();
    while let Some(last) = characters.pop() {
        let next = match last {
            // The surrogates are no characters.
            '\u{d7ff}' => Some('\u{e000}'),
            last => char::from_u32(u32::from(last) + 1),
        };
        if let Some(next) = next {
            characters.push(next);
            return Some(characters.into_iter().collect());
        }
    }
    None
}

/// The pattern for `LIKE … ESCAPE '\'`.
fn pattern(how: TextMatch, text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    if how != TextMatch::StartsWith {
        pattern.push('%');
    }
    for found in text.chars() {
        if matches!(found, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(found);
    }
    if how != TextMatch::EndsWith {
        pattern.push('%');
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_prefix() {
        for (prefix, expected) in [
            ("mul", Some("mum")),
            ("a\u{10ffff}", Some("b")),
            ("\u{d7ff}", Some("\u{e000}")),
            ("\u{10ffff}", None),
            ("", None),
        ] {
            assert_eq!(after_prefix(prefix).as_deref(), expected, "{prefix:?}");
        }
    }

    #[test]
    fn wildcards_are_escaped() {
        assert_eq!(pattern(TextMatch::Contains, "50%_\\"), "%50\\%\\_\\\\%");
        assert_eq!(pattern(TextMatch::StartsWith, "a"), "a%");
        assert_eq!(pattern(TextMatch::EndsWith, "a"), "%a");
    }
}
