//! What makes contacts valid. The decisions are pure functions; the [`Rules`](crate::record::rules::Rules) of the
//! types give them the facts.

pub(super) mod affiliation;
mod language;
mod organisation;
mod period;
mod person;
pub(super) mod relationship;
mod relationship_type;

pub(super) use affiliation::AffiliationRules;
pub(crate) use language::language_tag;
pub(super) use organisation::OrganisationRules;
pub(super) use period::Period;
pub(super) use person::PersonRules;
pub(super) use relationship::RelationshipRules;
pub(super) use relationship_type::RelationshipTypeRules;

use crate::error::Result;
use crate::journal::entry::Operation;
use crate::record::Value;
use crate::record::unit::Change;

/// Whether there is anything to check: a record may always be deleted as far as these rules go.
fn stores(change: &Change) -> bool {
    change.operation != Operation::Delete
}

/// Whether the change gives any of the fields another value.
fn changes_any(change: &Change, fields: &[&str]) -> bool {
    fields.iter().any(|field| change.changes(field))
}

/// Writes the words of these fields with single spaces between them: names come from forms and sheets.
fn space_singly(change: &mut Change, fields: &[&str]) -> Result<()> {
    for field in fields {
        let spaced = match change.after(field) {
            Value::Text(text) => singly_spaced(text),
            _ => None,
        };
        if let Some(spaced) = spaced {
            change.set(field, Value::Text(spaced))?;
        }
    }
    Ok(())
}

/// The text with single spaces, if it has others.
fn singly_spaced(text: &str) -> Option<String> {
    let mut last_was_space = false;
    let fine = text.chars().all(|c| {
        let double = c.is_whitespace() && (last_was_space || c != ' ');
        last_was_space = c == ' ';
        !double
    });
    if fine { None } else { Some(text.split_whitespace().collect::<Vec<_>>().join(" ")) }
}

#[cfg(test)]
mod tests {
    use super::singly_spaced;

    #[test]
    fn words_have_single_spaces() {
        for (text, expected) in [
            ("Ada", None),
            ("Ada King", None),
            ("", None),
            ("Ada  King", Some("Ada King")),
            ("van\u{a0}der Berg", Some("van der Berg")),
            ("a \u{3000} b", Some("a b")),
        ] {
            assert_eq!(singly_spaced(text).as_deref(), expected, "{text:?}");
        }
    }
}
