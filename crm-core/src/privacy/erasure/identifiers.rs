//! What identifies a person in a text.

use super::kinds::ReviewHit;
use crate::contacts::Person;
use crate::ground::country::CountryCode;
use crate::ground::email::EmailAddress;
use crate::ground::phone::PhoneNumber;
use crate::ground::sort;
use crate::ground::text::search_text;
use crate::privacy::address::ContactAddress;
use crate::privacy::kinds::AddressType;

/// The fewest characters of a single name that is looked for: shorter ones stand in every text.
const SHORTEST_NAME: usize = 3;
/// The fewest digits of a telephone number.
const SHORTEST_NUMBER: usize = 6;

/// Something by which a text may mean a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identifier {
    /// What it is.
    pub(super) hit: ReviewHit,
    /// The spellings that are looked for in the search index, in search form.
    pub(super) phrases: Vec<String>,
    /// The digits of a telephone number, which stand in texts in any grouping.
    digits: Option<String>,
}

/// Everything by which texts may mean a person; the surest first.
pub(super) fn of(person: &Person, country: CountryCode) -> Vec<Identifier> {
    let mut found: Vec<Identifier> = Vec::new();
    let mut words = |hit: ReviewHit, phrases: Vec<String>| {
        let phrases: Vec<String> = phrases.into_iter().filter(|phrase| !phrase.is_empty()).collect();
        if !phrases.is_empty() {
            found.push(Identifier { hit, phrases, digits: None });
        }
    };
    for email in &person.emails {
        words(ReviewHit::Email, vec![search_text(&email.address)]);
    }
    let name = |text: &Option<String>| search_text(text.as_deref().unwrap_or_default());
    let (given, family) = (name(&person.given_name), name(&person.family_name));
    if !given.is_empty() && !family.is_empty() {
        words(ReviewHit::FullName, vec![format!("{given} {family}"), format!("{family} {given}")]);
    }
    for (hit, text) in [(ReviewHit::Nickname, name(&person.nickname)), (ReviewHit::FamilyName, family)] {
        if text.chars().count() >= SHORTEST_NAME {
            words(hit, vec![text]);
        }
    }
    for number in phones(person, country) {
        if number.national.len() >= SHORTEST_NUMBER {
            found.push(Identifier {
                hit: ReviewHit::Phone,
                phrases: groupings(&number),
                digits: Some(number.national),
            });
        }
    }
    found
}

/// The addresses by which the person was contacted.
pub(super) fn addresses(person: &Person, country: CountryCode) -> Vec<ContactAddress> {
    let emails = person.emails.iter().filter_map(|email| EmailAddress::parse(&email.address).ok());
    emails
        .map(|email| ContactAddress::normalised(AddressType::Email, email.normal))
        .chain(
            phones(person, country)
                .into_iter()
                .map(|phone| ContactAddress::normalised(AddressType::Phone, phone.e164)),
        )
        .collect()
}

fn phones(person: &Person, country: CountryCode) -> Vec<PhoneNumber> {
    person.phones.iter().filter_map(|phone| PhoneNumber::parse(&phone.number, Some(country)).ok()).collect()
}

/// The ends of a telephone number as words, for the search index: people write numbers in groups of any size, so a text
/// that has the number ends it with a word of five digits or more, or with a shorter one behind another.
fn groupings(number: &PhoneNumber) -> Vec<String> {
    let spellings = [
        number.national.clone(),
        format!("0{}", number.national),
        number.e164.trim_start_matches('+').to_owned(),
    ];
    let mut phrases = Vec::new();
    for digits in &spellings {
        // What comes before the national number is written apart from it, or the whole is written as one word.
        for length in 5..=digits.len() {
            phrases.extend(digits.get(digits.len() - length..).map(str::to_owned));
        }
        for last in 2..5 {
            let Some((before, end)) = digits.split_at_checked(digits.len().saturating_sub(last)) else {
                continue;
            };
            for length in 2..=before.len() {
                phrases.extend(before.get(before.len() - length..).map(|group| format!("{group} {end}")));
            }
        }
    }
    sort::ascending(&mut phrases);
    phrases.dedup();
    phrases
}

impl Identifier {
    /// Whether a single word is all that is looked for. It may as well be the name of somebody else.
    pub(super) fn is_single_name(&self) -> bool {
        matches!(self.hit, ReviewHit::FamilyName | ReviewHit::Nickname)
    }

    /// Whether a text has it. `searched` is the text in search form with a space at both ends.
    pub(super) fn is_in(&self, text: &str, searched: &str) -> bool {
        match &self.digits {
            // The ends of a number are only where to look.
            Some(digits) => has_number(text, digits),
            None => self.phrases.iter().any(|phrase| searched.contains(&format!(" {phrase} "))),
        }
    }
}

/// The search form of a text with a space at both ends, so that whole words are found by plain comparison.
pub(super) fn searched(text: &str) -> String {
    format!(" {} ", search_text(text))
}

/// Whether these digits stand in a text one behind the other, with nothing but the marks of telephone numbers between.
fn has_number(text: &str, wanted: &str) -> bool {
    let mut digits = String::new();
    for c in text.chars() {
        match c {
            '0'..='9' => digits.push(c),
            ' ' | '\u{a0}' | '-' | '/' | '(' | ')' | '.' | '+' => {}
            _ if digits.contains(wanted) => return true,
            _ => digits.clear(),
        }
    }
    digits.contains(wanted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contacts::{Email, Phone};

    #[test]
    fn texts_that_mean_a_person_are_told_from_others() {
        let person = Person {
            given_name: Some("Ada".into()),
            family_name: Some("Lovelace".into()),
            nickname: Some("Enchantress".into()),
            emails: vec![Email::work("ada@example.com")],
            phones: vec![Phone::work("+49 30 90182 0")],
            ..Person::default()
        };
        let identifiers = of(&person, CountryCode::from_code("DE").unwrap());
        let hits = |text: &str| -> Vec<ReviewHit> {
            let searched = searched(text);
            let found = identifiers.iter().filter(|identifier| identifier.is_in(text, &searched));
            found.map(|identifier| identifier.hit).collect()
        };
        for (text, expected) in [
            ("Call ada LOVELACE today", vec![ReviewHit::FullName, ReviewHit::FamilyName]),
            ("Lovelace, Ada", vec![ReviewHit::FullName, ReviewHit::FamilyName]),
            ("Mrs Lovelace's offer", vec![ReviewHit::FamilyName]),
            ("the enchantress of numbers", vec![ReviewHit::Nickname]),
            ("write to <Ada@Example.com>", vec![ReviewHit::Email]),
            ("tel. 030/90182-0!", vec![ReviewHit::Phone]),
            ("+49 (30) 901820", vec![ReviewHit::Phone]),
            ("order 12309018201", vec![ReviewHit::Phone]),
            ("Adam and the Lovelaces", vec![]),
            ("ada at example", vec![]),
            ("order 30 901, 820 pieces", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(hits(text), expected, "{text}");
        }
    }
}
