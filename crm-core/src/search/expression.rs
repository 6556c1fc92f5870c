//! The words of a query as an expression of the full-text index.

use crate::storage::Dialect;

/// How a list of words is looked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Expression {
    /// The text for the database: every word, the last one as a beginning.
    pub(super) text: String,
    /// Whether the hits are few enough to be ranked. Ranking looks at every hit, and a short beginning hits too many.
    pub(super) ranked: bool,
}

/// The shortest beginning that is ranked when it stands alone, in characters.
const RANKED_PREFIX: usize = 4;

/// The expression for the words of a query; `None` when there are none.
pub(super) fn of(tokens: &[String], open_ended: bool, dialect: Dialect) -> Option<Expression> {
    let (last, whole) = tokens.split_last()?;
    // A phrase of single characters is whole in itself.
    let prefix = open_ended && !last.contains(' ');
    let text = match dialect {
        Dialect::Sqlite => matching(whole, last, prefix),
        #[cfg(feature = "postgres")]
        Dialect::Postgres => super::vector::query(tokens, prefix),
    };
    let ranked = !whole.is_empty() || !prefix || last.chars().count() >= RANKED_PREFIX;
    Some(Expression { text, ranked })
}

/// The expression for words in search form that stand one behind the other; with `body_only` in running text.
pub(super) fn phrase(words: &str, body_only: bool, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => {
            let mut text = String::from(if body_only { "body : " } else { "" });
            quote(&mut text, words);
            text
        }
        #[cfg(feature = "postgres")]
        Dialect::Postgres => super::vector::phrase(words, body_only),
    }
}

/// The expression for SQLite's `MATCH`.
fn matching(whole: &[String], last: &str, prefix: bool) -> String {
    let mut text = String::new();
    for token in whole {
        quote(&mut text, token);
        text.push_str(" AND ");
    }
    quote(&mut text, last);
    if prefix {
        text.push_str(" *");
    }
    text
}

/// Words hold letters and digits only, so quoting them is enough to make them plain text.
fn quote(out: &mut String, token: &str) {
    out.push('"');
    out.extend(token.chars().filter(|c| *c != '"'));
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::text::tokens;

    #[test]
    fn words_become_expressions() {
        let check = |query: &str, open: bool, text: &str, ranked: bool| {
            let found = of(&tokens(query), open, Dialect::Sqlite)
                .unwrap_or(Expression { text: String::new(), ranked: false });
            assert_eq!((found.text.as_str(), found.ranked), (text, ranked), "{query}");
        };
        check("mei", true, "\"mei\" *", false);
        check("meier", true, "\"meier\" *", true);
        check("mei", false, "\"mei\"", true);
        check("Anna M", true, "\"anna\" AND \"m\" *", true);
        check("a@b.example", true, "\"a\" AND \"b\" AND \"example\" *", true);
        check("東京", true, "\"東 京\"", true);
        check("NEAR(\"x\" OR y*)", true, "\"near\" AND \"x\" AND \"or\" AND \"y\" *", true);
        check("  ", true, "", false);
    }

    #[test]
    fn words_become_phrases() {
        for (words, body_only, expected) in [
            ("ada king", false, "\"ada king\""),
            ("ada king", true, "body : \"ada king\""),
            ("東 京", false, "\"東 京\""),
        ] {
            assert_eq!(phrase(words, body_only, Dialect::Sqlite), expected);
        }
    }
}
