//! Other people in running text: what is known of those whom the records name is replaced by a marker, and the text is
//! put up for review, because nobody can know all names.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value as Json;

use super::collect::Collection;
use crate::contacts::Person;
use crate::error::Result;
use crate::ground::email::comparison_form;
use crate::ground::ids::RecordId;
use crate::ground::sort;
use crate::ground::text::fold;
use crate::record::door::Reader;
use crate::record::{Record, RecordData, RecordType};

/// What is known of the other people, in the form in which it is compared.
pub(super) struct Others {
    marker: &'static str,
    names: HashSet<String>,
    emails: HashSet<String>,
    phones: HashSet<String>,
    /// The addresses of the person, which stay.
    own_emails: HashSet<String>,
}

/// A text without other people.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Masked {
    pub(super) text: String,
    /// Whether something was replaced.
    pub(super) masked: bool,
    /// Whether the text has an address that belongs to nobody who is known.
    pub(super) unknown_address: bool,
}

/// The fields of a person with a name.
const NAME_FIELDS: [&str; 4] = ["given_name", "middle_name", "family_name", "nickname"];

/// How long a name is that is replaced wherever it stands: shorter ones are also words.
const SHORTEST_NAME: usize = 3;

/// How many digits a number has at least that is compared with telephone numbers.
const SHORTEST_NUMBER: usize = 7;

/// How many digits a number has at most: 15 (ITU-T E.164), and what is dialled before it.
const LONGEST_NUMBER: usize = 20;

impl Others {
    /// What is known of the people whom a collection names. Names that the person has, too, stay.
    pub(super) fn of(reader: &Reader<'_>, collection: &Collection, marker: &'static str) -> Result<Self> {
        let people = reader.schema.require(Person::NAME)?;
        let mut own = Known::default();
        own.take_from(reader, people, collection.person)?;
        let mut known = Known::default();
        for other in &collection.others {
            known.take_from(reader, people, *other)?;
        }
        Ok(Self {
            marker,
            names: known.names.difference(&own.names).cloned().collect(),
            emails: known.emails.difference(&own.emails).cloned().collect(),
            phones: known.phones.difference(&own.phones).cloned().collect(),
            own_emails: own.emails.into_iter().collect(),
        })
    }

    /// What stands for another person.
    pub(super) fn marker(&self) -> &'static str {
        self.marker
    }

    /// Replaces other people in a text.
    pub(super) fn mask(&self, text: &str) -> Masked {
        let mut spans = self.addresses(text);
        let unknown_address = spans.iter().any(|span| !span.known);
        spans.retain(|span| span.known);
        spans.extend(self.numbers(text));
        spans.extend(self.words(text));
        sort::by_key(&mut spans, |span| (span.from, usize::MAX - span.to));
        let mut masked = String::with_capacity(text.len());
        let mut end = 0;
        let mut last_marked = None;
        for span in &spans {
            if span.from < end {
                continue;
            }
            let between = text.get(end..span.from).unwrap_or_default();
            // A name of several words is one marker.
            if last_marked.is_some() && between.chars().all(|c| c == ' ' || c == '-') {
                end = span.to;
                continue;
            }
            masked.push_str(between);
            masked.push_str(self.marker);
            (end, last_marked) = (span.to, Some(span.to));
        }
        masked.push_str(text.get(end..).unwrap_or_default());
        Masked { text: masked, masked: last_marked.is_some(), unknown_address }
    }

    /// Replaces other people in all texts of a JSON value. Gives whether something was replaced, and whether there was
    /// an address that belongs to nobody who is known.
    pub(super) fn mask_json(&self, json: &mut Json) -> (bool, bool) {
        match json {
            Json::String(text) => {
                let Masked { text: new, masked, unknown_address } = self.mask(text);
                *text = new;
                (masked, unknown_address)
            }
            Json::Array(items) => either(items.iter_mut().map(|item| self.mask_json(item))),
            Json::Object(members) => either(members.values_mut().map(|member| self.mask_json(member))),
            _ => (false, false),
        }
    }

    /// The e-mail addresses in a text but those of the person.
    fn addresses(&self, text: &str) -> Vec<Span> {
        let is_end = |c: char| c.is_whitespace() || "<>(),;:\"'[]".contains(c);
        runs(text, |c| !is_end(c))
            .filter_map(|(from, to)| {
                let word = text.get(from..to)?.trim_end_matches(['.', '!', '?']);
                let (local, domain) = word.split_once('@')?;
                let is_address = !local.is_empty() && domain.contains('.');
                let normal = comparison_form(word);
                (is_address && !self.own_emails.contains(&normal)).then(|| Span {
                    from,
                    to: from + word.len(),
                    known: self.emails.contains(&normal),
                })
            })
            .collect()
    }

    /// The telephone numbers of others in a text, in any spelling. Numbers may stand side by side, so a number is
    /// looked for in every row of groups of digits.
    fn numbers(&self, text: &str) -> Vec<Span> {
        let mut found = Vec::new();
        for (start, end) in runs(text, |c| c.is_ascii_digit() || "+()-./ \u{a0}".contains(c)) {
            let Some(run) = text.get(start..end) else { continue };
            let groups: Vec<(usize, usize)> = runs(run, |c| c.is_ascii_digit()).collect();
            let mut first = 0;
            while let Some((from, _)) = groups.get(first) {
                let Some(last) = self.number_from(run, &groups[first..]).map(|more| first + more) else {
                    first += 1;
                    continue;
                };
                let sign = run.get(..*from).is_some_and(|before| before.ends_with(['+', '(']));
                found.push(Span {
                    from: start + from - usize::from(sign),
                    to: start + groups[last].1,
                    known: true,
                });
                first = last + 1;
            }
        }
        found
    }

    /// The last of the groups of digits that make the longest known number from the first of them on.
    fn number_from(&self, run: &str, groups: &[(usize, usize)]) -> Option<usize> {
        let mut digits = String::new();
        let mut longest = None;
        for (place, (from, to)) in groups.iter().enumerate() {
            digits.push_str(run.get(*from..*to).unwrap_or_default());
            if digits.len() > LONGEST_NUMBER {
                break;
            }
            let national = digits.trim_start_matches('0');
            let is_known = national.len() >= SHORTEST_NUMBER
                && self.phones.iter().any(|phone| phone.ends_with(national));
            if is_known {
                longest = Some(place);
            }
        }
        longest
    }

    /// The names of others in a text: whole words, in any case but with a capital where the text knows capitals.
    fn words(&self, text: &str) -> Vec<Span> {
        runs(text, |c| c.is_alphanumeric() || c == '\'' || c == '’')
            .filter(|(from, to)| {
                let word = text.get(*from..*to).unwrap_or_default();
                let folded = fold(word);
                let bare = folded.strip_suffix("'s").or(folded.strip_suffix("’s")).unwrap_or(&folded);
                let is_name = |name: &str| {
                    self.names.contains(name)
                        || name.strip_suffix('s').is_some_and(|name| self.names.contains(name))
                };
                !word.starts_with(char::is_lowercase) && is_name(bare)
            })
            .map(|(from, to)| Span { from, to, known: true })
            .collect()
    }
}

/// A place in a text.
struct Span {
    from: usize,
    to: usize,
    known: bool,
}

/// The longest runs of characters of a kind.
fn runs(text: &str, of_kind: impl Fn(char) -> bool) -> impl Iterator<Item = (usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (at, character) in text.char_indices() {
        match (of_kind(character), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                found.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| (from, text.len())));
    found.into_iter()
}

fn either(parts: impl Iterator<Item = (bool, bool)>) -> (bool, bool) {
    parts.fold((false, false), |all, part| (all.0 || part.0, all.1 || part.1))
}

/// What is known of people.
#[derive(Default)]
struct Known {
    names: BTreeSet<String>,
    emails: BTreeSet<String>,
    phones: BTreeSet<String>,
}

impl Known {
    fn take_from(&mut self, reader: &Reader<'_>, people: &RecordType, id: RecordId) -> Result<()> {
        let Some(data) = crate::record::read::by_id(reader.connection, people, id)? else { return Ok(()) };
        for field in NAME_FIELDS {
            let name = data.get(people, field).as_text().unwrap_or_default();
            let words = name.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’');
            self.names.extend(words.filter(|word| word.chars().count() >= SHORTEST_NAME).map(fold));
        }
        self.emails
            .extend(members(people, &data, "emails", "address").map(|address| comparison_form(&address)));
        let digits = |number: String| number.chars().filter(char::is_ascii_digit).collect::<String>();
        self.phones.extend(members(people, &data, "phones", "number").map(digits));
        Ok(())
    }
}

/// A member of each part of a list field.
fn members(
    record_type: &RecordType,
    data: &RecordData,
    field: &str,
    member: &'static str,
) -> impl Iterator<Item = String> {
    let json = data.get(record_type, field).as_text().unwrap_or("[]");
    let parts: Vec<Json> = serde_json::from_str(json).unwrap_or_default();
    parts.into_iter().filter_map(move |part| part.get(member)?.as_str().map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn others() -> Others {
        let set = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        Others {
            marker: "[*]",
            names: set(&["charles", "babbage", "o'brien", "müller"].map(fold).each_ref().map(String::as_str)),
            emails: set(&["charles@example.com"]),
            phones: set(&["491712345678"]),
            own_emails: set(&["ada@example.com"]),
        }
    }

    #[test]
    fn others_are_replaced_and_the_rest_stays() {
        for (text, expected) in [
            ("Spoke with Charles Babbage about it.", "Spoke with [*] about it."),
            ("BABBAGE, Charles: yes", "[*], [*]: yes"),
            ("Charles's engine, Babbages plan", "[*] engine, [*] plan"),
            ("Frau Mueller and Frau Müller", "Frau Mueller and Frau [*]"),
            ("write to charles@example.com.", "write to [*]."),
            ("<Charles@Example.com>", "<[*]>"),
            ("call 0171 234 56 78 now", "call [*] now"),
            ("call +49 (171) 2345678.", "call [*]."),
            ("12 0171/2345678, 0171-2345678 34", "12 [*], [*] 34"),
            ("+49 171 2345678 +49 171 2345678", "[*]"),
            ("order 87654321 of 2026", "order 87654321 of 2026"),
            ("a charles is no name here", "a charles is no name here"),
            ("Charlestown", "Charlestown"),
            ("mail ada@example.com", "mail ada@example.com"),
            ("O'Brien was there", "[*] was there"),
            ("", ""),
        ] {
            let masked = others().mask(text);
            assert_eq!(masked.text, expected, "{text}");
            assert_eq!(masked.masked, text != expected, "{text}");
            assert!(!masked.unknown_address, "{text}");
        }
    }

    #[test]
    fn an_unknown_address_is_left_for_review() {
        let masked = others().mask("or eve@example.org, she knows");
        assert_eq!(
            masked,
            Masked { text: "or eve@example.org, she knows".to_owned(), masked: false, unknown_address: true }
        );
    }

    #[test]
    fn texts_inside_json_are_masked() {
        let mut json = serde_json::json!({"who": ["Charles", {"mail": "charles@example.com"}], "n": 1});
        assert_eq!(others().mask_json(&mut json), (true, false));
        assert_eq!(json, serde_json::json!({"who": ["[*]", {"mail": "[*]"}], "n": 1}));
    }

    fn any_word() -> impl Strategy<Value = String> {
        prop_oneof![
            Just("Charles".to_owned()),
            Just("BABBAGE".to_owned()),
            Just("charles@example.com".to_owned()),
            Just("+49 171 2345678".to_owned()),
            Just("ada@example.com".to_owned()),
            "[a-zäöü]{1,9}",
            "[0-9]{1,5}",
            "[,.;:!?()<>\\-]{1,2}",
        ]
    }

    proptest! {
        #[test]
        fn no_other_person_stays_and_nothing_else_goes(words in proptest::collection::vec(any_word(), 0..20)) {
            let text = words.join(" ");
            let masked = others().mask(&text);
            for known in ["Charles", "BABBAGE", "charles@example.com", "2345678"] {
                prop_assert!(!masked.text.contains(known), "{}", masked.text);
            }
            // What is masked once is masked.
            prop_assert_eq!(&others().mask(&masked.text).text, &masked.text);
            for word in words.iter().filter(|word| word.starts_with(|c: char| c.is_lowercase()) && !word.contains("charles")) {
                prop_assert!(masked.text.contains(word.as_str()), "{} lost {word}", masked.text);
            }
            if masked.text == text {
                prop_assert!(!masked.masked);
            }
        }
    }
}
