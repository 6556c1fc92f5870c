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
}
