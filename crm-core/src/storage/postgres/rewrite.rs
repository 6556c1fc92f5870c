//! From the parameters of the shared SQL, `?1`, to those of PostgreSQL, `$1`.

/// A statement in PostgreSQL's words, and how many parameters it takes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rewritten {
    /// The text.
    pub(super) sql: String,
    /// The greatest number of a parameter.
    pub(super) parameters: usize,
}

/// Rewrites a statement. A question mark in a literal stays; the engine writes none there, as
/// [`check_portable`](crate::storage::dialect::check_portable) sees to.
pub(super) fn rewrite(sql: &str) -> Rewritten {
    let mut out = String::with_capacity(sql.len() + 16);
    let (mut parameters, mut quote) = (0, None);
    let mut characters = sql.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            ('\'' | '"', None) => quote = Some(c),
            ('?', None) => {
                out.push('$');
                let mut number = 0_usize;
                while let Some(digit) = characters.peek().and_then(|c| c.to_digit(10)) {
                    number = number.saturating_mul(10).saturating_add(digit as usize);
                    characters.next();
                }
                out.push_str(&number.to_string());
                parameters = parameters.max(number);
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    Rewritten { sql: out, parameters }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_get_the_other_sign() {
        for (sql, expected, parameters) in [
            ("SELECT 1", "SELECT 1", 0),
            ("SELECT ?2, ?1", "SELECT $2, $1", 2),
            ("a = ?12 AND b = ?1", "a = $12 AND b = $1", 12),
            ("SELECT 'really?1', \"odd?2\", ?3", "SELECT 'really?1', \"odd?2\", $3", 3),
            ("SELECT 'it''s ?1', ?1", "SELECT 'it''s ?1', $1", 1),
            ("x LIKE ?1 ESCAPE '\\' -- ü", "x LIKE $1 ESCAPE '\\' -- ü", 1),
        ] {
            assert_eq!(rewrite(sql), Rewritten { sql: expected.to_owned(), parameters }, "{sql}");
        }
    }
}
