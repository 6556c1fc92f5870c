//! The names of custom types, fields and options.

use crate::error::{CrmError, Result};
use crate::record::schema::CUSTOM_PREFIX;

/// The longest name of a custom type or field.
const LONGEST: usize = 50;

fn is_snake_case(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// Checks the name of a custom type or field.
pub(super) fn check_name(name: &str) -> Result<()> {
    let rest = name.strip_prefix(CUSTOM_PREFIX);
    if name.len() <= LONGEST && rest.is_some_and(is_snake_case) {
        return Ok(());
    }
    let reason =
        format!("is not {CUSTOM_PREFIX} and small letters, digits and _, {LONGEST} characters at most");
    Err(CrmError::invalid("custom.name", reason))
}

/// Checks the key of an option.
pub(super) fn check_key(key: &str) -> Result<()> {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if !key.is_empty() && key.len() <= LONGEST && key.bytes().all(allowed) {
        return Ok(());
    }
    let reason = format!("is not small letters, digits and _, {LONGEST} characters at most");
    Err(CrmError::invalid("custom.option_key", reason))
}

#[cfg(test)]
mod tests {
    use super::{check_key, check_name};

    #[test]
    fn names_have_the_prefix_and_plain_letters() {
        let long = format!("x_{}", "a".repeat(49));
        for (name, expected) in [
            ("x_a", true),
            ("x_member_since_2", true),
            ("x_", false),
            ("x_1", false),
            ("x__a", false),
            ("a", false),
            ("X_a", false),
            ("x_A", false),
            ("x_ä", false),
            ("x_a\"; DROP TABLE person; --", false),
            (&long[..50], true),
            (&long, false),
        ] {
            assert_eq!(check_name(name).is_ok(), expected, "{name}");
        }
        for (key, expected) in [("a", true), ("2_b", true), ("", false), ("A", false), ("a b", false)] {
            assert_eq!(check_key(key).is_ok(), expected, "{key}");
        }
    }
}
