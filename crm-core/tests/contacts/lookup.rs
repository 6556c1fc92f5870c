//! Contacts are found by an e-mail address or a phone number in any spelling.

use crate::contacts_support::*;
use crm_core::contacts::{Email, Organisation, Person, Phone};
use crm_core::{Actor, Purpose, Session};
use proptest::prelude::*;

fn in_country(code: &str) -> Session {
    let crm = crate::engine_support::open(config().country(code).unwrap());
    crm.session(Actor::System, Purpose::CustomerCare).unwrap()
}

/// Country, calling code, trunk prefix, significant national numbers.
const COUNTRIES: &[(&str, &str, &str, &[&str])] = &[
    ("DE", "49", "0", &["3023125123", "1713920097", "89999980"]),
    ("AT", "43", "0", &["15550918", "6640000394"]),
    ("CH", "41", "0", &["440000525", "790000148"]),
    ("GB", "44", "0", &["7700900541", "2079460903", "1144960771"]),
    ("FR", "33", "0", &["639980353", "199003788"]),
    ("IT", "39", "", &["0200000017", "3200000148"]),
    ("ES", "34", "", &["960000656", "600000771"]),
    ("DK", "45", "", &["63000525", "20000771"]),
    ("NL", "31", "0", &["700000394", "618000525"]),
    ("PL", "48", "", &["420000394", "600000771"]),
    ("CZ", "420", "", &["210000394", "601000394"]),
    ("SE", "46", "0", &["406280491", "701740606"]),
    ("US", "1", "1", &["4145550128", "9175550117"]),
    ("JP", "81", "0", &["355500148", "9010000771"]),
    ("AU", "61", "0", &["255503788", "491570394"]),
    ("TR", "90", "0", &["2325550394", "5550000279"]),
];

/// The digits with separators put between them where the bits say so.
fn spaced(digits: &str, separator: char, bits: u32) -> String {
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 1 && bits >> position & 1 == 1 {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Stored in one spelling, a number is found in every other; another country's is not.
    #[test]
    fn a_phone_is_found_in_any_spelling(
        country in 0..COUNTRIES.len(),
        number in 0_usize..2,
        separators in prop::collection::vec(prop::sample::select(vec![' ', '-', '.', '/']), 6),
        bits in prop::array::uniform6(any::<u32>()),
    ) {
        let (code, calling, trunk, numbers) = COUNTRIES[country];
        let national = numbers[number];
        let part = |n: usize| spaced(national, separators[n], bits[n]);
        let spellings = [
            format!("+{calling} {}", part(0)),
            format!("+{calling}{}", part(1)),
            format!("tel:+{calling}{}", part(2)),
            format!("{trunk}{}", part(3)),
            {
                let (area, rest) = national.split_at(2);
                format!("({trunk}{area}) {}", spaced(rest, separators[4], bits[4]))
            },
            format!("{trunk}{}", part(5)),
        ];
        let session = in_country(code);
        for stored in &spellings {
            let holder = Person { given_name: some("Ada"), phones: vec![Phone::work(stored)], ..Person::default() };
            let holder = session.people().create(holder).unwrap();
            prop_assert_eq!(&holder.phones[0].number, &format!("+{calling}{national}"), "{}", stored);
            for query in &spellings {
                let found = session.people().find_by_phone(query).unwrap();
                prop_assert_eq!(found, [holder.meta.id.into()], "{} by {}", stored, query);
            }
            let elsewhere = if code == "DE" { "+43" } else { "+49" };
            if let Ok(found) = session.people().find_by_phone(&format!("{elsewhere} {national}")) {
                prop_assert!(found.is_empty(), "{} is another country's", national);
            }
            session.people().delete(holder.meta.id).unwrap();
        }
    }
}

#[test]
fn the_numbers_of_the_examples_are_accepted() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/");
    let mut count = 0;
    for file in ["people.csv", "organisations.csv"] {
        let text = std::fs::read_to_string(format!("{folder}{file}")).unwrap();
        let mut rows = csv::Reader::from_reader(text.as_bytes());
        let header = rows.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|known| known == name);
        for row in rows.records() {
            let row = row.unwrap();
            let country = crm_core::CountryCode::from_code(&row[column("country").unwrap()]).unwrap();
            for column in ["phone", "mobile"].into_iter().filter_map(column) {
                if !row[column].is_empty() {
                    let number = crm_core::PhoneNumber::parse(&row[column], Some(country));
                    let number =
                        number.unwrap_or_else(|error| panic!("{} {}: {error}", country.code(), &row[column]));
                    assert_eq!(crm_core::PhoneNumber::parse(&number.e164, None).unwrap().e164, number.e164);
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, 598);
}

#[test]
fn an_address_is_found_as_it_is_written() {
    let session = open();
    let ada = Person {
        given_name: some("Ada"),
        emails: vec![Email::work("Ada.King@Bücher.example"), Email::home("ada@example.org")],
        ..Person::default()
    };
    let ada = session.people().create(ada).unwrap().meta.id.into();
    let works = Organisation {
        name: "Works".into(),
        emails: vec![Email::work("info@example.org")],
        phones: vec![Phone::work("030 901820")],
        ..Organisation::default()
    };
    let works = session.organisations().create(works).unwrap().meta.id.into();
    for (address, expected) in [
        ("ada.king@bücher.example", vec![ada]),
        ("Ada <ADA.KING@xn--bcher-kva.EXAMPLE>", vec![ada]),
        ("mailto:ada@example.org", vec![ada]),
        ("ad@example.org", vec![]),
    ] {
        assert_eq!(session.people().find_by_email(address).unwrap(), expected, "{address}");
    }
    assert_eq!(session.organisations().find_by_email("INFO@example.org").unwrap(), [works]);
    assert_eq!(session.organisations().find_by_phone("+49 30 901820").unwrap(), [works]);
    assert_eq!(session.people().find_by_phone("+49 30 901820").unwrap(), []);
    assert_eq!(refusal(session.people().find_by_email("nobody")), refused("email.no_at", "address"));
    assert_eq!(refusal(session.people().find_by_phone("none")), refused("phone.invalid", "number"));
}

#[test]
fn filters_take_numbers_in_any_spelling() {
    let session = open();
    for (given, number) in [("Ada", "+49 30 23125123"), ("Bea", "+81 3023125123")] {
        let one = Person { given_name: some(given), phones: vec![Phone::work(number)], ..Person::default() };
        session.people().create(one).unwrap();
    }
    for (number, expected) in [
        ("(030) 231 25-123", 1),
        ("030/23125123", 1),
        ("+49 (0)30 23125123", 1),
        ("0049 30 23125123", 1),
        ("493023125123", 1),
        ("+81 3023125123", 1),
        ("030 23125124", 0),
    ] {
        let filter = crm_core::record::filter::parse(&format!("phones.number = \"{number}\"")).unwrap();
        assert_eq!(session.people().count(&filter).unwrap(), expected, "{number}");
    }
}
