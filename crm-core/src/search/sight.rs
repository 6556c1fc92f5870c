//! Whether a query finds a record by what a session may see of it: the index knows all of it.

use crate::error::Result;
use crate::ground::text::{search_text, shortened};
use crate::record::derived::each_text;
use crate::record::parts::PHONE;
use crate::record::{FieldKind, RecordData, RecordType, SearchRole};

/// Whether the phone numbers of a record may be seen.
pub(super) fn shows_phones(record_type: &RecordType, data: &RecordData) -> bool {
    data.redacted.iter().all(|(position, _)| match record_type.fields[*position].kind() {
        FieldKind::Parts(parts) => parts.name != PHONE,
        _ => true,
    })
}

/// Whether each word stands in a text that may be seen; the last one as a beginning, if it is open-ended.
pub(super) fn shows_words(
    record_type: &RecordType,
    data: &RecordData,
    words: &[String],
    open_ended: bool,
) -> Result<bool> {
    let mut text = String::new();
    for field in record_type.own_fields() {
        if field.descriptor.search != SearchRole::None {
            each_text(field, data.at(field.position), &mut |part| {
                text.push(' ');
                text.push_str(&search_text(part));
            })?;
            // No phrase goes from one field to another.
            text.push_str(" \n");
        }
    }
    text.push(' ');
    Ok(found_in(&text, words, open_ended))
}

fn found_in(text: &str, words: &[String], open_ended: bool) -> bool {
    words.iter().enumerate().all(|(place, word)| {
        let beginning = open_ended && place + 1 == words.len() && !word.contains(' ');
        let wanted = if beginning { format!(" {word}") } else { format!(" {word} ") };
        text.contains(&wanted)
    })
}

/// The name of a record, of its titles that may be seen.
pub(super) fn name(record_type: &RecordType, data: &RecordData) -> String {
    let titles = record_type.own_fields().iter().filter(|field| field.is_title());
    let words: Vec<&str> = titles.filter_map(|field| data.at(field.position).as_text()).collect();
    words.join(" ")
}

/// How the first running text of a record begins.
pub(super) fn opening(record_type: &RecordType, data: &RecordData, width: usize) -> String {
    let mut bodies =
        record_type.own_fields().iter().filter(|field| field.descriptor.search == SearchRole::Body);
    let body = bodies.find_map(|field| data.at(field.position).as_text());
    shortened(body.unwrap_or_default(), width)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::text::tokens;

    #[test]
    fn words_are_found_as_the_index_finds_them() {
        for (text, query, open_ended, expected) in [
            (" ada lovelace \n", "love", true, true),
            (" ada lovelace \n", "love", false, false),
            (" ada lovelace \n", "Lovelace Ada", false, true),
            (" ada lovelace \n", "ada king", true, false),
            (" o brien \n", "O'Brien", false, true),
            (" \u{6771} \u{4eac} \n", "\u{6771}\u{4eac}", true, true),
            (" \u{4eac} \u{6771} \n", "\u{6771}\u{4eac}", true, false),
            (" anna \n", "ann", true, true),
            (" joanna \n", "anna", true, false),
        ] {
            assert_eq!(found_in(text, &tokens(query), open_ended), expected, "{query} in {text:?}");
        }
    }
}
