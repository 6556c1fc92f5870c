//! Language tags.

/// The usual spelling of a BCP 47 tag (RFC 5646, 2.1 and 2.1.1), or nothing for what has not its shape.
///
/// Only the shape is looked at: whether a language is registered changes with every edition of the registry.
pub(crate) fn language_tag(text: &str) -> Option<String> {
    let mut tag = String::with_capacity(text.len());
    // Behind a single character everything is an extension or private, in small letters.
    let mut extended = false;
    for (position, part) in text.split(['-', '_']).enumerate() {
        if part.is_empty() || part.len() > 8 || !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        let letters = part.bytes().all(|byte| byte.is_ascii_alphabetic());
        if position == 0 {
            let private = part.eq_ignore_ascii_case("x");
            if !letters || part.len() == 1 && !private {
                return None;
            }
        } else {
            tag.push('-');
        }
        let small = part.to_ascii_lowercase();
        extended |= part.len() == 1;
        match part.len() {
            2 if position > 0 && letters && !extended => tag.push_str(&part.to_ascii_uppercase()),
            4 if position > 0 && letters && !extended => {
                let mut letters = small.chars();
                tag.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                tag.push_str(letters.as_str());
            }
            _ => tag.push_str(&small),
        }
    }
    // A single character stands before something.
    let last = tag.rsplit('-').next().unwrap_or_default();
    if last.len() < 2 { None } else { Some(tag) }
}

#[cfg(test)]
mod tests {
    use super::language_tag;

    #[test]
    fn tags_take_their_usual_spelling() {
        for (text, expected) in [
            ("de", Some("de")),
            ("DE", Some("de")),
            ("pt_br", Some("pt-BR")),
            ("ZH-hant-tw", Some("zh-Hant-TW")),
            ("sl-rozaj-biske-1994", Some("sl-rozaj-biske-1994")),
            ("de-CH-1901", Some("de-CH-1901")),
            ("es-419", Some("es-419")),
            ("en-u-CA-gregory", Some("en-u-ca-gregory")),
            ("x-klingon", Some("x-klingon")),
            ("", None),
            ("e", None),
            ("x", None),
            ("de-", None),
            ("de-x", None),
            ("12", None),
            ("German language", None),
            ("deutschsprachig", None),
            ("dé", None),
        ] {
            assert_eq!(language_tag(text).as_deref(), expected, "{text:?}");
        }
    }
}
