//! The folded form of text as a function of the server, made from the tables of [`fold`](crate::ground::text::fold).

use std::fmt::Write;

use sha2::{Digest, Sha256};

use unicode_normalization::UnicodeNormalization;

use crate::ground::text::{is_dropped, special};

/// A function of the server.
pub(super) struct Function {
    /// The statement that makes it.
    pub(super) statement: String,
    /// What tells this version of it from others.
    pub(super) digest: String,
}

/// `crm_fold(text)`: decomposed, marks dropped, lower case, one form of letters that are written in two, composed,
/// spaces collapsed. Everything that depends on a character comes from our own tables, because the server's
/// lower case follows its locale; normal forms are the server's.
pub(super) fn function() -> Function {
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
    let mut folded =
        format!("regexp_replace(normalize(given, NFKD), '[{}]', '', 'g')", dropped.class());
    for (c, text) in longer {
        folded = format!("replace({folded}, '{c}', '{}')", text.replace('\'', "''"));
    }
    let (from, to) = (from.replace('\'', "''"), to.replace('\'', "''"));
    let folded = format!("normalize(translate(lower({folded} COLLATE \"C\"), '{from}', '{to}'), NFC)");
    let body = format!(
        "SELECT btrim(regexp_replace(CASE WHEN octet_length(given) = char_length(given) \
         THEN lower(given COLLATE \"C\") ELSE {folded} END, '{SPACES}+', ' ', 'g'), ' ')"
    );
    let statement = format!(
        "CREATE OR REPLACE FUNCTION crm_fold(given text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE \
         AS $crm$ {body} $crm$"
    );
    let digest: [u8; 32] = Sha256::digest(&statement).into();
    let digest = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    Function { statement, digest }
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
