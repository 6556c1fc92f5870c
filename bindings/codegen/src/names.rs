//! Names in the styles of the languages.

/// `move_to` as `moveTo`.
pub fn camel(snake: &str) -> String {
    let pascal = pascal(snake);
    let mut characters = pascal.chars();
    match characters.next() {
        Some(first) => first.to_lowercase().chain(characters).collect(),
        None => pascal,
    }
}

/// `move_to` as `MoveTo`.
pub fn pascal(snake: &str) -> String {
    snake
        .split(['_', '.', '-'])
        .map(|word| {
            let mut characters = word.chars();
            characters.next().into_iter().flat_map(char::to_uppercase).chain(characters).collect::<String>()
        })
        .collect()
}

/// A text as the lines of a comment, each with this in front.
pub fn comment(text: &str, indent: &str, prefix: &str) -> String {
    let mut lines = String::new();
    for line in text.lines() {
        let line = format!("{indent}{prefix} {line}");
        lines.push_str(line.trim_end());
        lines.push('\n');
    }
    lines
}

/// ``[`name`](target)`` and ``[`name`]`` as `` `name` ``.
pub fn without_links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        out.push_str(before);
        let Some((name, tail)) = after.split_once("`]") else {
            out.push_str("[`");
            rest = after;
            continue;
        };
        out.push_str(&format!("`{name}`"));
        rest = match tail.strip_prefix('(').and_then(|link| link.split_once(')')) {
            Some((_, tail)) => tail,
            None => tail,
        };
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_languages() {
        for (snake, camel_case, pascal_case) in [
            ("move_to", "moveTo", "MoveTo"),
            ("list", "list", "List"),
            ("deal.move_to", "dealMoveTo", "DealMoveTo"),
            ("", "", ""),
        ] {
            assert_eq!((camel(snake), pascal(snake)), (camel_case.to_owned(), pascal_case.to_owned()));
        }
    }

    #[test]
    fn links_become_code() {
        for (text, expected) in [
            ("A [`Deal`] moves.", "A `Deal` moves."),
            ("With [`add`](crate::Records::add), and more.", "With `add`, and more."),
            ("No link [1].", "No link [1]."),
            ("Open [`end", "Open [`end"),
        ] {
            assert_eq!(without_links(text), expected);
        }
    }
}
