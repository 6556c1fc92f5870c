use super::*;

fn country(code: &str) -> Option<CountryCode> {
    (!code.is_empty()).then(|| CountryCode::from_code(code).unwrap())
}

/// Region, E.164, national significant number, spellings that all mean it.
const NUMBERS: &[(&str, &str, &str, &[&str])] = &[
    (
        "DE",
        "+4930901820",
        "30901820",
        &[
            "030 901820",
            "030/901820",
            "(030) 901820",
            "030-90 18 20",
            "+49 30 901820",
            "+49 (0)30 901820",
            "0049 30 901820",
            "0049-(0)30-901820",
            "+49.30.901820",
            "tel:+49-30-901820",
            "٠٣٠ ٩٠١٨٢٠",
            "０３０ ９０１８２０",
        ],
    ),
    ("DE", "+4915112345678", "15112345678", &["0151 12345678", "0151/123 45 678", "+49 (0) 151 12345678"]),
    ("AT", "+4315010", "15010", &["01 5010", "(01) 50 10", "+43 1 5010", "0043 1 5010", "+43 (0)1 5010"]),
    (
        "CH",
        "+41446681800",
        "446681800",
        &["044 668 18 00", "044/668 18 00", "+41 (0)44 668 18 00", "0041446681800"],
    ),
    (
        "FR",
        "+33142345678",
        "142345678",
        &["01 42 34 56 78", "01.42.34.56.78", "+33 (0)1 42 34 56 78", "0033142345678"],
    ),
    (
        "IT",
        "+390612345678",
        "0612345678",
        &["06 12345678", "06/12345678", "+39 06 12345678", "0039 06 12345678"],
    ),
    ("IT", "+393401234567", "3401234567", &["340 123 4567", "+39 340 1234567", "340-1234567"]),
    ("ES", "+34912345678", "912345678", &["912 34 56 78", "91 234 56 78", "+34 912345678", "0034912345678"]),
    (
        "GB",
        "+442079460958",
        "2079460958",
        &["020 7946 0958", "(020) 7946 0958", "+44 (0)20 7946 0958", "0044 20 79460958"],
    ),
    (
        "US",
        "+12125550123",
        "2125550123",
        &[
            "(212) 555-0123",
            "212.555.0123",
            "1-212-555-0123",
            "+1 212 555 0123",
            "2125550123",
            "011 1 212 555 0123",
        ],
    ),
    ("CA", "+14165550123", "4165550123", &["416-555-0123", "(416) 555 0123", "+1 (416) 555-0123"]),
    (
        "NL",
        "+31201234567",
        "201234567",
        &["020-1234567", "020 123 45 67", "+31 (0)20 123 4567", "0031201234567"],
    ),
    ("BE", "+3225551212", "25551212", &["02 555 12 12", "02/555.12.12", "+32 2 555 12 12", "+32(0)25551212"]),
    ("PL", "+48221234567", "221234567", &["22 123 45 67", "(22) 123-45-67", "+48 22 1234567"]),
    ("CZ", "+420224123456", "224123456", &["224 123 456", "+420 224 123 456", "00420224123456"]),
    ("SE", "+468123456", "8123456", &["08-123 456", "08 12 34 56", "+46 (0)8 123 456"]),
    ("DK", "+4532123456", "32123456", &["32 12 34 56", "+45 32 12 34 56", "3212 3456"]),
    (
        "RU",
        "+74951234567",
        "4951234567",
        &["8 (495) 123-45-67", "+7 495 123 45 67", "495 1234567", "8-10-7-495-123-45-67"],
    ),
    (
        "JP",
        "+81312345678",
        "312345678",
        &["03-1234-5678", "(03) 1234 5678", "+81 3 1234 5678", "010-81-3-1234-5678"],
    ),
    ("CN", "+861012345678", "1012345678", &["010 1234 5678", "(010) 12345678", "+86 10 1234 5678"]),
    ("IN", "+912212345678", "2212345678", &["022 1234 5678", "(022) 12345678", "+91 22 12345678"]),
    (
        "BR",
        "+551123456789",
        "1123456789",
        &["(11) 2345-6789", "011 2345-6789", "+55 11 2345 6789", "0 15 11 2345-6789"],
    ),
    (
        "AU",
        "+61212345678",
        "212345678",
        &["(02) 1234 5678", "02 1234 5678", "+61 2 1234 5678", "0011 61 2 1234 5678"],
    ),
    ("MX", "+525512345678", "5512345678", &["55 1234 5678", "+52 55 1234 5678"]),
    ("TR", "+902121234567", "2121234567", &["0212 123 45 67", "(0212) 1234567", "+90 212 123 45 67"]),
];

#[test]
fn the_country_shows_in_the_digits() {
    let listed = NUMBERS.iter().map(|(_, e164, _, _)| *e164);
    // Calling codes of several countries, and of none.
    let others = [
        "+12125550123",
        "+14165550123",
        "+18095550123",
        "+77012345678",
        "+79161234567",
        "+390669812345",
        "+390236618300",
        "+441534123456",
        "+447911123456",
        "+4779123456",
        "+35818123456",
        "+800123456789",
        "+882161234567",
        "+999123456",
    ];
    for e164 in listed.chain(others) {
        let expected = PhoneNumber::parse(e164, None).ok().and_then(|number| number.country);
        assert_eq!(country_of(e164), expected, "{e164}");
    }
}

#[test]
fn spellings_of_one_number() {
    for (region, e164, national, spellings) in NUMBERS {
        for spelling in *spellings {
            let number = PhoneNumber::parse(spelling, country(region)).expect(spelling);
            assert_eq!((number.e164.as_str(), number.national.as_str()), (*e164, *national), "{spelling}");
            assert_eq!(number.country, country(region), "{spelling}");
            assert_eq!(number.raw, *spelling);
        }
        assert_eq!(PhoneNumber::parse(e164, None).unwrap().e164, *e164);
    }
}

#[test]
fn queries_find_the_number() {
    let finds = |query: &str, region: &str, e164: &str, national: &str| {
        search_digits(query, country(region))
            .iter()
            .any(|form| e164.trim_start_matches('+').starts_with(form) || national.starts_with(form))
    };
    for (region, e164, national, spellings) in NUMBERS {
        for spelling in *spellings {
            assert!(finds(spelling, region, e164, national), "{spelling}");
            // The beginning finds it too, except of a carrier's or an exotic international prefix.
            let exotic = ["8-10", "010-81", "0 15", "0011"].iter().any(|start| spelling.starts_with(start));
            let beginning: String = spelling.chars().take(spelling.chars().count() - 3).collect();
            assert!(exotic || finds(&beginning, region, e164, national), "{beginning}");
        }
    }
    assert!(finds("30901", "", "+4930901820", "30901820"));
    assert!(finds("030901", "", "+4930901820", "30901820"));
    assert!(finds("4930901", "DE", "+4930901820", "30901820"));
    assert!(!finds("+48 30 901820", "DE", "+4930901820", "30901820"));
    for query in ["", "12", "Anna", "anna@x.de", "12a34", "2026-11-21T10"] {
        assert!(search_digits(query, country("DE")).is_empty(), "{query}");
    }
}

#[test]
fn refuses_with_the_reason() {
    let check = |text: &str, region: &str, expected: &str| {
        let error = PhoneNumber::parse(text, country(region)).map_err(|error| error.code().to_owned());
        assert_eq!(error.map(|number| number.e164), Err(expected.to_owned()), "{text}");
    };
    check("", "DE", "phone.invalid");
    check("abc", "DE", "phone.invalid");
    check("030 901820", "", "phone.no_country");
    check("+999 123456", "DE", "phone.invalid");
    check("+49", "DE", "phone.invalid");
    check("1", "DE", "phone.invalid");
    check("555-0123", "US", "phone.invalid");
    check("+1 212 555 01234 5678", "US", "phone.invalid");
    check(&"1".repeat(300), "DE", "phone.invalid");
    check("+49 30 12345678901234567", "DE", "phone.invalid");
}

#[test]
fn extensions_kinds_and_formats() {
    let number = PhoneNumber::parse("+1 212 555 0123 ext. 45", None).unwrap();
    assert_eq!((number.extension.as_deref(), number.e164.as_str()), (Some("45"), "+12125550123"));
    let number = PhoneNumber::parse("1-800-FLOWERS", country("US")).unwrap();
    assert_eq!((number.e164.as_str(), number.kind()), ("+18003569377", PhoneKind::TollFree));
    let number = PhoneNumber::parse("0151 12345678", country("DE")).unwrap();
    assert_eq!(number.kind(), PhoneKind::Mobile);
    assert_eq!(number.formatted(PhoneFormat::International), "+49 1511 2345678");
    assert_eq!(number.formatted(PhoneFormat::National), "01511 2345678");
    assert_eq!(number.formatted(PhoneFormat::Link), "tel:+49-1511-2345678");
    let number = PhoneNumber::parse("+800 1234 5678", None).unwrap();
    assert_eq!((number.country, number.e164.as_str()), (None, "+80012345678"));
}
