//! The folded form of text as a function of the server, made from the tables of [`fold`](crate::ground::text::fold).

use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

use crate::ground::text::{is_dropped, special};

/// Grows when the function is made in another way, or of other tables of ours; a test says when.
const VERSION: u32 = 1;

/// What tells this version of the function from others. To make the function takes a while, to compare this none.
pub(super) fn version() -> String {
    let (normal, letters) = (unicode_normalization::UNICODE_VERSION, char::UNICODE_VERSION);
    format!("{VERSION} {normal:?} {letters:?}")
}

/// The statement that makes `crm_fold(text)`: decomposed, marks dropped, lower case, one form of letters that are written in two, composed,
/// spaces collapsed. Everything that depends on a character comes from our own tables, because the server's
/// lower case follows its locale; normal forms are the server's.
pub(super) fn function() -> String {
    let mut dropped = Ranges::default();
    let (mut from, mut to, mut longer) = (String::new(), String::new(), Vec::new());
    // What decomposes is not there any more when these are looked for.
    for c in ('\u{80}'..=char::MAX).filter(|c| c.nfkd().eq(std::iter::once(*c))) {
        if is_dropped(c) {
            dropped.add(c);
            continue;
        }
        let mut lower = c.to_lowercase();
        // Only one letter has a lower case of several characters, and that one is decomposed before.
        let (Some(small), None) = (lower.next(), lower.next()) else { continue };
        match special(small) {
            Some(text) => match (text.chars().next(), text.chars().nth(1)) {
                (Some(only), None) => {
                    from.push(c);
                    to.push(only);
                }
                _ => longer.push((c, text)),
            },
            None if small != c => {
                from.push(c);
                to.push(small);
            }
            None => {}
        }
    }
    let mut folded = format!("regexp_replace(normalize(given, NFKD), '[{}]', '', 'g')", dropped.class());
    for (c, text) in longer {
        folded = format!("replace({folded}, '{c}', '{}')", text.replace('\'', "''"));
    }
    let (from, to) = (from.replace('\'', "''"), to.replace('\'', "''"));
    let folded = format!("normalize(translate(lower({folded} COLLATE \"C\"), '{from}', '{to}'), NFC)");
    let body = format!(
        "SELECT btrim(regexp_replace(CASE WHEN octet_length(given) = char_length(given) \
         THEN lower(given COLLATE \"C\") ELSE {folded} END, '{SPACES}+', ' ', 'g'), ' ')"
    );
    format!(
        "CREATE OR REPLACE FUNCTION crm_fold(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE \
         AS $crm$ {body} $crm$"
    )
}

/// White space, as `char::is_whitespace` knows it.
const SPACES: &str = r"[\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000]";

/// Characters as ranges.
#[derive(Default)]
struct Ranges(Vec<(u32, u32)>);

impl Ranges {
    /// Adds a character that is greater than all before.
    fn add(&mut self, c: char) {
        let code = u32::from(c);
        match self.0.last_mut() {
            Some((_, last)) if *last + 1 == code => *last = code,
            _ => self.0.push((code, code)),
        }
    }

    /// What stands between the brackets of a regular expression.
    fn class(&self) -> String {
        self.0.iter().fold(String::new(), |mut class, (first, last)| {
            write!(class, "\\U{first:08X}-\\U{last:08X}").expect("writing to a string does not fail");
            class
        })
    }
}

#[cfg(test)]
mod tests {
    use unicode_normalization::char::canonical_combining_class;

    use super::*;

    /// When this fails, our own tables have changed: [`VERSION`] grows, and the number here is the new one.
    #[test]
    fn the_version_follows_the_tables() {
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        let mut take = |number: u32| hash = (hash ^ u64::from(number)).wrapping_mul(0x0100_0000_01b3);
        for c in '\u{80}'..=char::MAX {
            let folded = special(c).map(|text| text.chars().map(u32::from).sum::<u32>());
            // Which marks there are comes with the version of the normal forms; what else is not seen is our own list.
            let unseen = is_dropped(c) && canonical_combining_class(c) == 0;
            if let Some(number) = folded.or(unseen.then_some(0)) {
                take(u32::from(c));
                take(number);
            }
        }
        assert_eq!((VERSION, hash), (1, 5_535_656_770_241_835_708));
    }
}
