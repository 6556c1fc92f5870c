//! Laws that hold for every card.
// The lint knows test functions, but not their helpers.
#![allow(clippy::unwrap_used)]

use crm_core::interchange::vcard::{Binary, OutputVersion, Property, VCard, Version, read, write};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,120}",
        "[a-z;,:\\\\\"^=\n ]{0,40}",
        any::<String>().prop_map(|text| text.replace('\r', "")),
    ]
}

fn group() -> impl Strategy<Value = Option<String>> {
    prop_oneof![3 => Just(None), 1 => "item[1-3]".prop_map(Some)]
}

fn types() -> impl Strategy<Value = Vec<String>> {
    proptest::collection::vec(proptest::sample::select(vec!["home", "WORK", "pref", "cell", "x-own"]), 0..3)
        .prop_map(|types| types.into_iter().map(str::to_owned).collect())
}

fn property() -> impl Strategy<Value = Property> {
    let named = |names: &'static [&'static str]| proptest::sample::select(names);
    let plain = prop_oneof![
        (
            named(&["FN", "NOTE", "TITLE", "TEL", "EMAIL", "X-Own", "UID", "LABEL", "TZ", "KIND", "AGENT"]),
            text()
        )
            .prop_map(|(name, text)| Property::from_text(name, &text)),
        (named(&["CATEGORIES", "NICKNAME"]), proptest::collection::vec(text(), 1..4))
            .prop_map(|(name, items)| Property::from_list(name, &items)),
        (
            named(&["N", "ADR", "ORG", "X-Parts"]),
            proptest::collection::vec(proptest::collection::vec(text(), 1..3), 1..7)
        )
            .prop_map(|(name, parts)| Property::from_components(name, &parts)),
        (named(&["BDAY", "ANNIVERSARY", "REV"]), 1..=9999_u16, 1..=12_u8, 1..=28_u8)
            .prop_map(|(name, y, m, d)| Property::from_raw(name, format!("{y:04}-{m:02}-{d:02}"))),
        (-9000..9000_i32, -18000..18000_i32).prop_map(|(north, east)| {
            Property::from_raw(
                "GEO",
                format!("{:.2};{:.2}", f64::from(north) / 100.0, f64::from(east) / 100.0),
            )
        }),
    ];
    let with_parameters =
        (plain, group(), types(), proptest::option::of(text())).prop_map(|(property, group, types, own)| {
            let property = types.into_iter().fold(property, Property::with_type);
            let property = match own {
                Some(own) => property.with_parameter("X-Note", own),
                None => property,
            };
            Property { group, ..property }
        });
    let photo = (
        named(&["PHOTO", "LOGO", "SOUND", "KEY", "X-Blob"]),
        proptest::collection::vec(any::<u8>(), 0..200),
        "[A-Z]{3}",
    )
        .prop_map(|(name, bytes, format)| {
            // The 3.0 form is what 3.0 gives for the 4.0 form.
            let mut card = VCard::new();
            let media_type = format!("image/{}", format.to_lowercase());
            card.push(Property::from_text("FN", ""));
            card.push(Property::from_binary(name, &Binary { media_type: Some(media_type), bytes }));
            if name == "X-Blob" {
                card.properties[1] = card.properties[1].clone().with_parameter("VALUE", "uri");
            }
            card.converted(OutputVersion::V3_0).properties.pop().unwrap()
        });
    prop_oneof![6 => with_parameters, 1 => photo]
}

fn card(version: Version) -> impl Strategy<Value = VCard> {
    proptest::collection::vec(property(), 0..12).prop_map(move |properties| VCard { version, properties })
}

fn sole(text: &str) -> VCard {
    let mut cards = read(text.as_bytes());
    let card = cards.next().unwrap().unwrap().card;
    assert!(cards.next().is_none());
    card
}

/// Name, group, preference, types, parameters and value, without regard to the order of the parameters.
fn meaning(property: &Property) -> String {
    let mut types = property.types();
    types.sort_unstable();
    types.dedup();
    let mut others: Vec<String> = property
        .parameters
        .iter()
        .filter(|parameter| !parameter.is("TYPE") && !parameter.is("PREF") && !parameter.is("VALUE"))
        .map(|parameter| format!("{parameter:?}"))
        .collect();
    others.sort_unstable();
    let value = if property.is("GEO") || property.binary().is_some() {
        property.value.clone()
    } else {
        property.text()
    };
    let name = property.name.replace("X-ADDRESSBOOKSERVER-KIND", "KIND");
    format!("{:?} {name} {:?} {types:?} {others:?} {value:?}", property.group, property.preference())
}

proptest! {
    #[test]
    fn what_is_written_is_read(card in prop_oneof![card(Version::V3_0), card(Version::V4_0)]) {
        let version = if card.version == Version::V3_0 { OutputVersion::V3_0 } else { OutputVersion::V4_0 };
        let text = write(&card, version).unwrap();
        prop_assert!(text.split("\r\n").all(|line| line.len() <= 75));
        prop_assert_eq!(sole(&text), card);
    }

    #[test]
    fn there_and_back_keeps_every_property(card in card(Version::V3_0)) {
        let four = sole(&write(&card, OutputVersion::V4_0).unwrap());
        let back = sole(&write(&four, OutputVersion::V3_0).unwrap());
        let mut after: Vec<String> = back.properties.iter().map(meaning).collect();
        for line in card.properties.iter().map(meaning) {
            let place = after.iter().position(|other| *other == line);
            prop_assert!(place.is_some(), "lost {} in {:#?}", line, after);
            after.remove(place.unwrap());
        }
        // Only what a version demands is added.
        prop_assert!(after.len() <= 2, "{:?}", after);
    }

    #[test]
    fn plain_values_survive(name in text(), parts in proptest::collection::vec(proptest::collection::vec(text(), 1..3), 1..6)) {
        prop_assert_eq!(Property::from_text("X-A", &name).text(), name);
        let list = &parts[0];
        if list.len() > 1 || !list[0].is_empty() {
            prop_assert_eq!(&Property::from_list("X-A", list).list(), list);
        }
        prop_assert_eq!(&Property::from_fields("X-A", list).fields(), list);
        let empty = |items: &Vec<String>| if items.len() == 1 && items[0].is_empty() { vec![] } else { items.clone() };
        let expected: Vec<Vec<String>> = parts.iter().map(empty).collect();
        prop_assert_eq!(Property::from_components("X-A", &parts).components(), expected);
    }

    #[test]
    fn no_bytes_are_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut input = b"BEGIN:VCARD\n".to_vec();
        input.extend(bytes);
        for item in read(&input).chain(read(b"\xff\xfe").by_ref()) {
            if let Err(error) = item {
                prop_assert!(error.code().starts_with("vcard."));
            }
        }
    }
}
