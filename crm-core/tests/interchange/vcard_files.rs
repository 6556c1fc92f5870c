//! Whole files: our own fixtures, and the real ones of the project where they are.
// The lint knows test functions, but not their helpers.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crm_core::interchange::vcard::{
    Limits, OutputVersion, ParsedCard, Property, Reader, VCard, Version, read, write, write_all,
};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/vcards")
}

fn load(name: &str) -> Vec<u8> {
    std::fs::read(fixtures().join(name)).unwrap()
}

fn cards(input: &[u8]) -> Vec<VCard> {
    read(input).map(|item| item.unwrap().card).collect()
}

/// Files that must be read without an error: our own, and those beside the project.
fn good_files() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let own = fixtures();
    let folders = [own.as_path(), &root.join("../shared/data/vcards")];
    let mut files = Vec::new();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        files.extend(entries.map(|entry| entry.unwrap().path()).filter(|path| {
            path.extension().is_some_and(|extension| extension == "vcf") && !path.ends_with("damaged.vcf")
        }));
    }
    assert!(files.len() >= 5);
    files
}

fn value<'a>(card: &'a VCard, name: &str) -> &'a Property {
    card.first(name).unwrap_or_else(|| panic!("{name} is there"))
}

/// A name that stays the same through all conversions.
fn stable_name(property: &Property) -> String {
    match property.name.to_ascii_uppercase().as_str() {
        "RELATED" if property.has_type("agent") => "AGENT".to_owned(),
        "X-ADDRESSBOOKSERVER-KIND" => "KIND".to_owned(),
        "X-ADDRESSBOOKSERVER-MEMBER" => "MEMBER".to_owned(),
        name => name.to_owned(),
    }
}

/// What a property says, in a form that all versions share, so that nothing can be lost unnoticed.
fn meaning(property: &Property) -> String {
    let value = if let Some(binary) = property.binary() {
        format!("{:?}", binary.unwrap())
    } else if let Some(place) = property.coordinates() {
        format!("{place:?}")
    } else if let Some(date) = property.date_or_time() {
        date.to_basic()
    } else {
        property.text().trim_start_matches("tel:").to_owned()
    };
    let mut types = property.types();
    types.retain(|name| !["gif", "png", "jpeg", "x509", "pgp", "agent"].contains(&name.as_str()));
    types.sort_unstable();
    format!("{:?}.{} {:?} {types:?} {value}", property.group, stable_name(property), property.preference())
}

fn meanings(card: &VCard) -> Vec<String> {
    let mut all: Vec<String> = card.properties.iter().map(meaning).collect();
    // The label of an address is a property of its own in 3.0 and a parameter in 4.0.
    for property in &card.properties {
        if let Some(text) = property.parameter_value("LABEL") {
            let mut label = Property::from_text("LABEL", text);
            label.group.clone_from(&property.group);
            label.parameters =
                property.parameters.iter().filter(|p| p.is("TYPE") || p.is("PREF")).cloned().collect();
            all.push(meaning(&label));
        }
    }
    all.sort_unstable();
    all
}

#[test]
fn no_file_loses_anything() {
    for path in good_files() {
        let bytes = std::fs::read(&path).unwrap();
        for card in cards(&bytes) {
            for version in [OutputVersion::V3_0, OutputVersion::V4_0] {
                let written = write(&card, version).unwrap();
                let again = cards(written.as_bytes());
                assert_eq!(again, [card.converted(version)], "{path:?}");
                if card.version == Version::from(version) {
                    assert_eq!(again[0], card, "{path:?}");
                }
                let after = meanings(&again[0]);
                let mut before = meanings(&card);
                if card.version == Version::V2_1 {
                    // 2.1 has longitude first.
                    before.retain(|line| !line.contains(".GEO "));
                }
                for line in &before {
                    assert!(after.contains(line), "{path:?} lost {line}\nin {written}");
                }
                let back = again[0].converted(OutputVersion::V3_0);
                for line in &before {
                    assert!(meanings(&back).contains(line), "{path:?} lost {line} on the way back");
                }
            }
        }
    }
}

/// The bytes of a 3.0 or 4.0 file come out as they went in, but for folding, line breaks, needless quotes and the
/// case of names and parameters.
#[test]
fn same_version_keeps_the_bytes() {
    let plain = |bytes: &[u8]| -> Vec<String> {
        let text = String::from_utf8(bytes.to_vec()).unwrap().replace('\r', "");
        // Quotes that a parameter value does not need are not written.
        let unfolded = text.replace("\n ", "").replace('"', "");
        unfolded
            .lines()
            .map(|line| {
                let (head, tail) = line.split_once(':').unwrap_or((line, ""));
                format!(
                    "{}:{}",
                    head.to_ascii_uppercase(),
                    if head.eq_ignore_ascii_case("BEGIN") || head.eq_ignore_ascii_case("END") {
                        "VCARD"
                    } else {
                        tail
                    }
                )
            })
            .collect()
    };
    let mut compared = 0;
    for path in good_files() {
        let bytes = std::fs::read(&path).unwrap();
        let cards = cards(&bytes);
        let version = match cards[0].version {
            Version::V3_0 if bytes[0] != 0xff => OutputVersion::V3_0,
            Version::V4_0 => OutputVersion::V4_0,
            _ => continue,
        };
        compared += 1;
        let written = write_all(&cards, version).unwrap();
        assert_eq!(plain(written.as_bytes()), plain(&bytes), "{path:?}");
    }
    assert!(compared >= 2);
}

#[test]
fn a_desktop_card_of_2_1() {
    let cards = cards(&load("desktop-2.1.vcf"));
    let [card] = cards.as_slice() else { panic!("one card") };
    assert_eq!(value(card, "N").fields(), ["Müller", "Jörg", "", "Dr."]);
    assert_eq!(value(card, "ORG").fields(), ["Example, Inc.", "Research"]);
    assert_eq!(value(card, "TEL").types(), ["work", "voice"]);
    assert_eq!(value(card, "TEL").preference(), Some(1));
    assert_eq!(value(card, "NOTE").text(), "First line\nSecond line with a long text that is broken\n");
    assert_eq!(value(card, "ADR").components()[2], ["Main Street 5, Yard"]);
    assert_eq!(value(card, "BDAY").date_or_time().unwrap().date().unwrap().to_string(), "1980-02-29");
    assert_eq!(value(card, "PHOTO").uri(), "http://example.com/photo.gif");
    let logo = value(card, "LOGO").binary().unwrap().unwrap();
    assert_eq!((logo.media_type.as_deref(), logo.bytes.len()), (Some("image/gif"), 42));
    assert_eq!(value(card, "X-EXAMPLE").text(), "kept; as it is");
    let agent = value(card, "AGENT").card().unwrap().unwrap().card;
    assert_eq!(value(&agent, "N").fields(), ["Agent", "Ada"]);

    let four = card.converted(OutputVersion::V4_0);
    assert_eq!(value(&four, "GEO").value, "geo:52.5200,13.4050");
    assert_eq!(value(&four, "BDAY").value, "19800229");
    assert_eq!(value(&four, "ADR").parameter_value("LABEL"), Some("Main Street 5\n10115 Berlin"));
    assert!(four.first("LABEL").is_none() && four.first("AGENT").is_none());
    assert!(value(&four, "RELATED").card().is_some());
    assert_eq!(value(&four, "PHOTO").parameter_value("MEDIATYPE"), Some("image/gif"));
}

#[test]
fn a_phone_card_of_3_0() {
    let cards = cards(&load("phone-3.0.vcf"));
    let [card, club] = cards.as_slice() else { panic!("two cards") };
    assert_eq!(
        value(card, "N").components(),
        [vec!["Roe"], vec!["Jane"], vec!["Ann", "Beth"], vec!["Ms."], vec![]]
    );
    assert_eq!(value(card, "NICKNAME").list(), ["Jay", "Janey"]);
    assert_eq!(value(card, "CATEGORIES").list(), ["friends", "colleagues"]);
    assert_eq!(value(card, "URL").uri(), "http://www.example.com");
    let birthday = value(card, "BDAY").date_or_time().unwrap();
    assert_eq!((birthday.year, birthday.month, birthday.day), (None, Some(2), Some(29)));
    assert_eq!(card.group("item2").count(), 2);
    assert_eq!(value(card, "X-ABLABEL").name, "X-ABLabel");
    assert!(value(card, "NOTE").text().ends_with("longer than a line may be. ÄÖÜ"));

    let four = card.converted(OutputVersion::V4_0);
    assert_eq!(value(&four, "BDAY").value, "--0229");
    assert_eq!(value(&four, "ANNIVERSARY").value, "20100506");
    assert!(value(&four, "PHOTO").value.starts_with("data:image/gif;base64,R0lG"));
    assert_eq!(value(&four, "URL").value, "http://www.example.com");
    assert_eq!(value(&four, "TEL").parameter_value("PREF"), Some("1"));
    assert!(!value(&four, "TEL").has_type("pref"));
    let club = club.converted(OutputVersion::V4_0);
    assert_eq!(value(&club, "KIND").text(), "group");
    assert!(value(&club, "MEMBER").uri().starts_with("urn:uuid:"));
}

#[test]
fn a_server_card_of_4_0() {
    let cards = cards(&load("server-4.0.vcf"));
    let [card] = cards.as_slice() else { panic!("one card") };
    assert_eq!(value(card, "TEL").types(), ["work", "voice"]);
    assert_eq!(card.preferred("LANG").unwrap().text(), "fr");
    assert_eq!(value(card, "ADR").parameter_value("LABEL"), Some("Dupont\n\"La Maison\"\n75001 Paris"));
    let three = card.converted(OutputVersion::V3_0);
    assert_eq!(value(&three, "BDAY").value, "1604-04-12");
    assert_eq!(value(&three, "TEL").text(), "+33-1-5555;ext=102");
    assert_eq!(value(&three, "LABEL").text(), "Dupont\n\"La Maison\"\n75001 Paris");
    assert_eq!(value(&three, "PHOTO").parameter_value("ENCODING"), Some("b"));
    assert_eq!(value(&three, "KEY").parameter_value("TYPE"), Some("PGP"));
    assert_eq!(value(&three, "TZ").parameter_value("VALUE"), Some("text"));
    assert_eq!(value(&three, "GEO").value, "48.8566;2.3522");
    let text = write(card, OutputVersion::V3_0).unwrap();
    assert!(text.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\n") && text.ends_with("END:VCARD\r\n"));
    assert!(text.contains("home.X-UNKNOWN;X-P=1,2:a;b,c\r\n"));
}

#[test]
fn other_encodings_of_the_file() {
    assert_eq!(value(&cards(&load("utf-16.vcf"))[0], "FN").text(), "Zoë Ωmega");
    let parsed: Vec<ParsedCard> = read(&load("windows-1252.vcf")).map(Result::unwrap).collect();
    assert_eq!(value(&parsed[0].card, "N").fields(), ["Núñez", "José"]);
    assert_eq!(value(&parsed[0].card, "NOTE").text(), "5 €");
    let notices: Vec<_> = parsed[0].notices.iter().map(|notice| (notice.code, notice.line)).collect();
    assert_eq!(notices, [("vcard.charset.assumed", 3), ("vcard.charset.assumed", 4)]);
}

#[test]
fn bad_cards_are_named_and_the_rest_is_read() {
    let seen: Vec<String> = read(&load("damaged.vcf"))
        .map(|item| match item {
            Ok(parsed) => format!("{} {} {}", parsed.number, parsed.line, parsed.notices.len()),
            Err(error) => format!("{} {}", error.path().unwrap_or_default(), error.code()),
        })
        .collect();
    let expected = [
        "1 1 0",
        "card 2, line 9 vcard.truncated",
        "card 3, line 12 vcard.parameter",
        "card 4, line 16 vcard.charset",
        "5 19 1",
        "card 6, line 27 vcard.truncated",
    ];
    assert_eq!(seen, expected);
}

#[test]
fn every_cut_is_an_error_or_a_whole_card() {
    let bytes = load("phone-3.0.vcf");
    let whole = cards(&bytes);
    for end in 1..bytes.len() {
        let items: Vec<_> = read(&bytes[..end]).collect();
        let good = items.iter().filter(|item| item.is_ok()).count();
        assert!(
            items.iter().flatten().zip(&whole).all(|(parsed, card)| parsed.card == *card),
            "cut at {end}"
        );
        // Only the last line break, and the line break between the cards, can go unnoticed.
        let rest = &bytes[..end];
        let complete = rest.trim_ascii_end().ends_with(b"END:VCARD");
        assert_eq!(items.iter().all(Result::is_ok), complete, "cut at {end}: {good} good");
    }
}

#[test]
fn text_that_is_no_card() {
    let check = |input: &[u8], expected: &[&str]| {
        let seen: Vec<String> = read(input)
            .map(|item| {
                item.map_or_else(|error| format!("{error}"), |parsed| format!("card {}", parsed.number))
            })
            .collect();
        assert_eq!(seen, expected);
    };
    check(b"", &[]);
    check(b"\r\n \r\n\x1a", &[]);
    check(b"a,b\r\n1,2\r\n", &["line 1: there is text outside the cards (vcard.line)"]);
    check(
        b"\nBEGIN:VCALENDAR\nBEGIN:VCARD\nFN:x\nEND:VCARD\nEND:VCALENDAR",
        &[
            "line 2: there is text outside the cards (vcard.line)",
            "card 1",
            "line 6: there is text outside the cards (vcard.line)",
        ],
    );
    check(
        b"BEGIN:VCARD\nVERSION:5.0\nEND:VCARD",
        &["card 1, line 2: the version is not 2.1, 3.0 or 4.0 (vcard.version)"],
    );
    check(
        b"BEGIN:VCARD\nVERSION:4.0\nFN:\xff\nEND:VCARD",
        &["card 1, line 3: the line is not UTF-8 (vcard.encoding)"],
    );
    check(
        b"BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE:=ZZ\nEND:VCARD",
        &["card 1, line 3: the value is not QUOTED-PRINTABLE (vcard.encoding)"],
    );
}

#[test]
fn limits() {
    let limits = Limits { line: 40, card: 240, input: 1000, properties: 3, parameters: 2, depth: 1 };
    let check = |body: &str, expected: &str| {
        let input = format!(
            "BEGIN:VCARD\nVERSION:2.1\n{body}\nEND:VCARD\nBEGIN:VCARD\nVERSION:2.1\nN:x\nEND:VCARD\n"
        );
        let items: Vec<_> = Reader::with_limits(input.as_bytes(), limits).collect();
        assert_eq!(items.len(), 2, "{body:.50}");
        let seen =
            items[0].as_ref().map_or_else(|error| format!("{} {error}", error.code()), |_| "read".to_owned());
        assert!(seen.starts_with(expected), "{body:.50}: {seen}");
        assert!(items[1].is_ok());
    };
    let long = "x".repeat(50);
    check("N:x\nN:x\nN:x", "read");
    check("N:x\nN:x\nN:x\nN:x", "vcard.limit card 1, line 6");
    check(&format!("NOTE:{long}"), "vcard.limit card 1, line 3");
    check(&vec![format!("NOTE:{:.26}", long); 5].join("\n"), "vcard.limit card 1, line 6");
    check("TEL;A;B=;C=:1", "vcard.limit card 1, line 3");
    check("AGENT:\nBEGIN:VCARD\nN:x\nEND:VCARD", "read");
    let nested = "AGENT:\nBEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nEND:VCARD\nEND:VCARD";
    check(nested, "vcard.limit card 1, line 5");
    let endless = Reader::with_limits(std::io::BufReader::new(std::io::repeat(b'x')), limits);
    assert_eq!(endless.map(|item| item.unwrap_err().code().to_owned()).collect::<Vec<_>>(), ["vcard.limit"]);
}

#[test]
fn thousands_of_cards_and_large_photos() {
    let photo = "QUJD".repeat(1 << 19);
    let mut input = format!("BEGIN:VCARD\nVERSION:3.0\nFN:x\nPHOTO;ENCODING=b:{photo}\nEND:VCARD\n");
    for number in 0..5000 {
        writeln!(input, "BEGIN:VCARD\nVERSION:3.0\nFN:{number}\nN:{number};;;;\nEND:VCARD").unwrap();
    }
    let mut reader = Reader::new(std::io::BufReader::new(input.as_bytes()));
    let first = reader.next().unwrap().unwrap().card;
    assert_eq!(first.first("PHOTO").unwrap().binary().unwrap().unwrap().bytes.len(), 3 << 19);
    assert_eq!(reader.map(Result::unwrap).count(), 5000);
}

#[test]
fn hostile_shapes_take_no_quadratic_time() {
    let lines = 60_000;
    let soft = format!("BEGIN:VCARD\nVERSION:2.1\nX{}\nEND:VCARD\n", "=\n ".repeat(lines));
    assert_eq!(
        read(soft.as_bytes()).map(|item| item.unwrap_err().code().to_owned()).collect::<Vec<_>>(),
        ["vcard.line"]
    );
    let pairs = "ADR;HOME:\nLABEL;WORK:\n".repeat(4000);
    let text = format!("BEGIN:VCARD\nVERSION:2.1\n{pairs}END:VCARD\n");
    let card = &cards(text.as_bytes())[0];
    assert_eq!(card.converted(OutputVersion::V4_0).properties.len(), 8001);
}
