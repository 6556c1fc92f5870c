//! Both crates say the same of every character, and of texts.

use proptest::prelude::*;

use unicode_normalization as ours;

fn characters() -> impl Iterator<Item = char> {
    '\0'..=char::MAX
}

/// All forms of a text, and what the quick check says of it.
macro_rules! forms {
    ($of:ident, $text:expr) => {{
        use $of::UnicodeNormalization;
        let text: &str = $text;
        let forms: [String; 4] =
            [text.nfd().collect(), text.nfkd().collect(), text.nfc().collect(), text.nfkc().collect()];
        (forms, format!("{:?}", $of::is_nfc_quick(text.chars())))
    }};
}

#[test]
fn every_character_has_the_same_forms_and_properties() {
    assert_eq!(ours::UNICODE_VERSION, published::UNICODE_VERSION);
    for c in characters() {
        let text = c.to_string();
        assert_eq!(forms!(ours, &text), forms!(published, &text), "U+{:04X}", u32::from(c));
        let properties = (ours::char::canonical_combining_class(c), ours::char::is_combining_mark(c));
        let expected = (published::char::canonical_combining_class(c), published::char::is_combining_mark(c));
        assert_eq!(properties, expected, "U+{:04X}", u32::from(c));
    }
}

#[test]
fn every_pair_composes_to_the_same() {
    use published::UnicodeNormalization;
    // All that can compose at all: what decompositions begin with, and what they go on with.
    let (mut firsts, mut seconds) = (std::collections::BTreeSet::new(), std::collections::BTreeSet::new());
    for c in characters() {
        let parts: Vec<char> = c.nfd().collect();
        if let [first, rest @ ..] = parts.as_slice()
            && !rest.is_empty()
        {
            firsts.extend([*first, c]);
            seconds.extend(rest.iter().copied());
        }
    }
    assert!(firsts.len() > 1_000 && seconds.len() > 50);
    for first in firsts {
        for second in &seconds {
            let (given, expected) =
                (ours::char::compose(first, *second), published::char::compose(first, *second));
            assert_eq!(given, expected, "U+{:04X} U+{:04X}", u32::from(first), u32::from(*second));
        }
    }
}

/// Characters that mean something to each other: letters, marks of many classes, jamos, what is decomposed twice.
fn meeting() -> impl Strategy<Value = String> {
    let c = prop_oneof![
        4 => prop::sample::select("aeiouAEIOUzsåñｶ가각ಕொෝ\u{9c7}\u{1100}\u{1161}\u{11a8}ﬁ½Å①".chars().collect::<Vec<_>>()),
        4 => prop::char::range('\u{300}', '\u{36f}'),
        2 => prop::sample::select("\u{5b0}\u{64b}\u{3099}\u{309a}\u{cd5}\u{dcf}\u{dca}\u{9be}\u{1d165}\u{1d16e}".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    prop::collection::vec(c, 0..12).prop_map(|characters| characters.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    #[test]
    fn texts_have_the_same_forms(text in meeting()) {
        prop_assert_eq!(forms!(ours, &text), forms!(published, &text));
    }
}
