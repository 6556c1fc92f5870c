use proptest::prelude::*;

use super::*;

#[test]
fn reads_addresses() {
    let check = |text: &str, expected: &str| {
        let result = EmailAddress::parse(text).map(|email| email.address);
        assert_eq!(result.as_deref(), Ok(expected), "{text}");
    };
    let long_local = "a".repeat(64);
    for (text, expected) in [
        ("a@b.co", "a@b.co"),
        ("anna.smith@example.com", "anna.smith@example.com"),
        ("  anna@example.com \t\r\n", "anna@example.com"),
        ("Anna.Smith@EXAMPLE.com", "Anna.Smith@example.com"),
        ("anna+tag@example.com", "anna+tag@example.com"),
        ("o'brien@example.ie", "o'brien@example.ie"),
        ("!#$%&'*+-/=?^_`{|}~@example.com", "!#$%&'*+-/=?^_`{|}~@example.com"),
        ("a@b-c.de", "a@b-c.de"),
        ("a@1.example.com", "a@1.example.com"),
        ("a@123.com", "a@123.com"),
        ("a@sub.sub.example.museum", "a@sub.sub.example.museum"),
        ("a@example.com.", "a@example.com"),
        ("a@example.com;", "a@example.com"),
        ("a@example.com,", "a@example.com"),
        ("mailto:anna@example.com", "anna@example.com"),
        ("MAILTO:anna@example.com?subject=Hi%20there", "anna@example.com"),
        ("mailto:anna%2Btag@example.com", "anna+tag@example.com"),
        ("<anna@example.com>", "anna@example.com"),
        ("<mailto:anna@example.com>", "anna@example.com"),
        ("Anna <anna@example.com>", "anna@example.com"),
        ("Anna Smith<anna@example.com>", "anna@example.com"),
        ("Anna < anna@example.com >", "anna@example.com"),
        ("\"Smith, Anna\" <anna@example.com>", "anna@example.com"),
        ("\"a < b\" <anna@example.com>", "anna@example.com"),
        ("anna@example.com (Anna)", "anna@example.com"),
        ("anna(work)@example.com", "anna@example.com"),
        ("anna@(comment (nested))example.com", "anna@example.com"),
        ("anna @ example.com", "anna@example.com"),
        ("anna@example.com <anna@example.com>", "anna@example.com"),
        ("\"quoted local\"@example.com", "\"quoted local\"@example.com"),
        ("\"a@b\"@example.com", "\"a@b\"@example.com"),
        ("\"anna\"@example.com", "anna@example.com"),
        ("\"a\\\"b\"@example.com", "\"a\\\"b\"@example.com"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("info@BÜCHER.example", "info@xn--bcher-kva.example"),
        ("info@bu\u{308}cher.example", "info@xn--bcher-kva.example"),
        ("info@XN--bcher-kva.example", "info@xn--bcher-kva.example"),
        ("info@faß.de", "info@xn--fa-hia.de"),
        ("info@例え.テスト", "info@xn--r8jz45g.xn--zckzah"),
        ("info@例え。テスト", "info@xn--r8jz45g.xn--zckzah"),
        ("почта@пример.рф", "почта@xn--e1afmkfd.xn--p1ai"),
        ("Jose\u{301}@example.com", "José@example.com"),
        (&format!("{long_local}@example.com"), &format!("{long_local}@example.com")),
    ] {
        check(text, expected);
    }
}

#[test]
fn refuses_with_the_reason() {
    let check = |text: &str, expected: &str| {
        let error = EmailAddress::parse(text).map_err(|error| error.code().to_owned());
        assert_eq!(error, Err(expected.to_owned()), "{text}");
    };
    let long_local = format!("{}@example.com", "a".repeat(65));
    let long_label = format!("a@{}.com", "a".repeat(64));
    let long_all = format!("{}@{}example.com", "a".repeat(60), "abcdefghi.".repeat(19));
    for (text, expected) in [
        ("", "email.empty"),
        (" \n", "email.empty"),
        (";", "email.empty"),
        ("anna", "email.no_at"),
        ("anna.example.com", "email.no_at"),
        ("Anna <anna>", "email.no_at"),
        ("Anna <>", "email.no_at"),
        ("@example.com", "email.local"),
        (".a@example.com", "email.local"),
        ("a.@example.com", "email.local"),
        ("a..b@example.com", "email.local"),
        ("a b@example.com", "email.local"),
        ("a@b@example.com", "email.local"),
        ("a:b@example.com", "email.local"),
        ("a[b]@example.com", "email.local"),
        ("\"\"@example.com", "email.local"),
        ("a\"b\"@example.com", "email.local"),
        ("a@", "email.domain"),
        ("a@.", "email.domain"),
        ("a@localhost", "email.domain"),
        ("a@.example.com", "email.domain"),
        ("a@example..com", "email.domain"),
        ("a@-example.com", "email.domain"),
        ("a@example-.com", "email.domain"),
        ("a@exa_mple.com", "email.domain"),
        ("a@exa mple.com", "email.domain"),
        ("a@192.168.0.1", "email.domain"),
        ("a@[192.168.0.1]", "email.domain"),
        ("a@xn--a.com", "email.domain"),
        ("a@ex\u{200b}a\u{2260}.com/", "email.domain"),
        (&long_label, "email.domain"),
        (&long_local, "email.too_long"),
        (&long_all, "email.too_long"),
        (&"a".repeat(1001), "email.too_long"),
        ("a@example.com, b@example.com", "email.several"),
        ("a@example.com;b@example.com", "email.several"),
        ("<a@example.com>, <b@example.com>", "email.several"),
        ("<a@example.com><b@example.com>", "email.several"),
        ("<a@example.com", "email.syntax"),
        ("a@example.com>", "email.syntax"),
        ("<a@example.com> x", "email.syntax"),
        ("\"a@example.com", "email.syntax"),
        ("a@example.com (x", "email.syntax"),
        ("<<a@example.com>>", "email.syntax"),
        ("mailto:a%4@example.com", "email.syntax"),
        ("mailto:a%FF@example.com", "email.syntax"),
        ("a\u{0}b@example.com", "email.control_character"),
        ("a\nb@example.com", "email.control_character"),
        ("mailto:a%0Ab@example.com", "email.control_character"),
    ] {
        check(text, expected);
    }
}

#[test]
fn names_and_normal_forms() {
    let check = |text: &str, name: Option<&str>, normal: &str| {
        let email = EmailAddress::parse(text).unwrap();
        assert_eq!((email.display_name.as_deref(), email.normal.as_str()), (name, normal), "{text}");
    };
    check("Anna.Smith@Example.com", None, "anna.smith@example.com");
    check("Anna  Smith <A@b.de>", Some("Anna Smith"), "a@b.de");
    check("\"Smith, \\\"Ann\\\" A.\" <a@b.de>", Some("Smith, \"Ann\" A."), "a@b.de");
    check("'Anna Smith' <a@b.de>", Some("Anna Smith"), "a@b.de");
    check("山田 <a@b.de>", Some("山田"), "a@b.de");
    check("a@b.de (Anna Smith)", Some("Anna Smith"), "a@b.de");
    check("(x) Anna <a@b.de>", Some("Anna"), "a@b.de");
    check("<a@b.de>", None, "a@b.de");
    check("JOSÉ@b.de", None, "josé@b.de");
    check("\"ANNA\"@b.de", None, "anna@b.de");
    let email = EmailAddress::parse("Info@Bücher.example").unwrap();
    assert_eq!((email.local(), email.domain()), ("Info", "xn--bcher-kva.example"));
    assert_eq!(email.domain_for_display(), "bücher.example");
}

proptest! {
    #[test]
    fn never_panics_and_is_stable(text in "[a-cA-C@.<>\"(),;:\\\\é -]{0,20}") {
        if let Ok(email) = EmailAddress::parse(&text) {
            let again = EmailAddress::parse(&email.address).unwrap();
            prop_assert_eq!(&again.address, &email.address);
            let normal = EmailAddress::parse(&email.normal).unwrap();
            prop_assert_eq!(&normal.normal, &email.normal);
        }
    }

    #[test]
    fn never_panics(text in any::<String>()) {
        let _ = EmailAddress::parse(&text);
    }
}
