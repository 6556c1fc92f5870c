//! Text normal forms: what is stored, what is sorted and compared, and what is searched.
//!
//! | form | made by | used for |
//! |---|---|---|
//! | stored | [`normalise`] | every text that comes in: Unicode NFC, trimmed, without control characters |
//! | folded | [`fold`] | sorting and comparing: without case, accents and double spaces |
//! | search | [`search_text`] | the full-text index: folded, punctuation removed, scripts without spaces split |
//!
//! Sources: Unicode 16 UAX #15 (normal forms), the combining classes of UnicodeData.txt, and for letters
//! that do not decompose (`ø`, `ł`, `ß`) and the Arabic letter variants, what Lucene's ASCII-folding and
//! Arabic filters agree on.

use std::borrow::Cow;
use std::iter::Peekable;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::error::{CrmError, ErrorKind, Result};

/// Whether a text is one line or may have several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// One line: no line break and no tab.
    Line,
    /// Several lines: `\n` and `\t` are allowed, `\r\n` and `\r` become `\n`.
    Long,
}

/// The stored form of a text: trimmed, Unicode NFC, at most `max` characters.
///
/// # Errors
/// `text.control_character` for NUL and other control characters, `text.too_long` for more than `max`
/// characters.
///
/// ```
/// use crm_core::ground::text::{TextForm, normalise};
/// assert_eq!(normalise("  Jose\u{301} ", TextForm::Line, 100)?, "José");
/// assert!(normalise("a\u{0}b", TextForm::Long, 100).is_err());
/// # Ok::<(), crm_core::CrmError>(())
/// ```
pub fn normalise(text: &str, form: TextForm, max: usize) -> Result<Cow<'_, str>> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut returns = false;
    for c in trimmed.chars() {
        match c {
            '\n' | '\t' if form == TextForm::Long => {}
            '\r' if form == TextForm::Long => returns = true,
            c if c.is_control() => {
                return Err(CrmError::invalid("text.control_character", "holds a control character"));
            }
            _ => {}
        }
    }
    let unified = if returns {
        Cow::Owned(trimmed.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(trimmed)
    };
    let normal = if unified.is_ascii() || is_nfc_quick(unified.chars()) == IsNormalized::Yes {
        unified
    } else {
        Cow::Owned(unified.nfc().collect())
    };
    check_length(&normal, max)?;
    Ok(normal)
}

/// Refuses a text of more than `max` characters (Unicode code points).
///
/// # Errors
/// `text.too_long`, with the limit and the length in the details.
pub fn check_length(text: &str, max: usize) -> Result<()> {
    // A text never has more characters than bytes, so most are decided without counting.
    if text.len() <= max {
        return Ok(());
    }
    let length = text.chars().count();
    if length <= max {
        return Ok(());
    }
    Err(CrmError::new(ErrorKind::Limit, "text.too_long", format!("has more than {max} characters"))
        .detail("max", max)
        .detail("length", length))
}

/// The folded form: lower case, without accents, spaces collapsed, compatibility forms unified.
///
/// Two texts that a reader takes for the same word have the same folded form, so it serves for sorting,
/// comparing and duplicate search. Marks that carry meaning stay: vowel signs of Indic scripts, Thai
/// tones, the voicing marks of kana.
///
/// ```
/// use crm_core::ground::text::fold;
/// assert_eq!(fold("  Łódź,  STRASSE / Straße "), "lodz, strasse / strasse");
/// assert_eq!(fold("İstanbul Ｉ"), "istanbul i");
/// ```
pub fn fold(text: &str) -> String {
    if text.is_ascii() { fold_ascii(text) } else { fold_unicode(text) }
}

/// The search form: folded, punctuation as spaces, and each character of a script that is written
/// without spaces (Han, kana, Thai, Lao, Khmer, Burmese) standing alone, so that an index of words finds
/// it in the middle of a phrase.
///
/// ```
/// use crm_core::ground::text::search_text;
/// assert_eq!(search_text("O'Brien-García (東京)"), "o brien garcia 東 京");
/// ```
pub fn search_text(text: &str) -> String {
    let folded = fold(text);
    let mut out = String::with_capacity(folded.len() + 8);
    // Of the character before: whether it stands alone, or nothing after a break.
    let mut before = None;
    for c in folded.chars() {
        if !is_word_character(c) {
            before = None;
            continue;
        }
        let now = kind(c, before);
        // A mark belongs to the character before it and is never split off.
        let joins = before.is_some() && (is_mark(c) || (!now && before == Some(false)));
        if !joins && !out.is_empty() {
            out.push(' ');
        }
        out.push(c);
        before = Some(now);
    }
    out
}

/// The words of a query in search form. A run of characters that stand alone stays one entry with
/// spaces inside: it is a phrase.
///
/// ```
/// use crm_core::ground::text::tokens;
/// assert_eq!(tokens("García, 東京"), ["garcia", "東 京"]);
/// ```
pub fn tokens(query: &str) -> Vec<String> {
    let folded = fold(query);
    let mut out: Vec<String> = Vec::new();
    for word in folded.split(|c| !is_word_character(c)).filter(|word| !word.is_empty()) {
        let mut run = String::new();
        let mut run_alone = None;
        for c in word.chars() {
            let alone = kind(c, run_alone);
            if run_alone.is_some_and(|before| before != alone) {
                out.push(search_text(&run));
                run.clear();
            }
            run_alone = Some(alone);
            run.push(c);
        }
        out.push(search_text(&run));
    }
    out
}

/// Whether a character is part of a word in search form: letters, digits, marks, private use.
pub(crate) fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c) || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

/// The folded characters of one cluster (a character and its marks), appended to `out`.
pub(crate) fn fold_cluster(cluster: &str, out: &mut String) {
    match cluster.as_bytes() {
        [byte] => out.push(char::from(byte.to_ascii_lowercase())),
        _ => out.extend(folded_characters(cluster).nfc()),
    }
}

/// Splits a text into clusters: a character with the marks that follow it.
pub(crate) fn clusters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    struct Clusters<'a, I: Iterator<Item = (usize, char)>>(&'a str, Peekable<I>);
    impl<'a, I: Iterator<Item = (usize, char)>> Iterator for Clusters<'a, I> {
        type Item = (usize, &'a str);

        fn next(&mut self) -> Option<Self::Item> {
            let (start, _) = self.1.next()?;
            let mut end = self.0.len();
            while let Some(&(at, c)) = self.1.peek() {
                if !is_mark(c) && !is_ignorable(c) && !is_joining_jamo(c) {
                    end = at;
                    break;
                }
                self.1.next();
            }
            self.0.get(start..end).map(|cluster| (start, cluster))
        }
    }
    Clusters(text, text.char_indices().peekable())
}

/// Whether a character stands alone; a mark is like the character before it.
fn kind(c: char, before: Option<bool>) -> bool {
    if is_mark(c) { before.unwrap_or(false) } else { stands_alone(c) }
}

fn fold_ascii(text: &str) -> String {
    let text = text.trim_ascii();
    let mut previous = 0;
    // Almost every name has single spaces only, and is copied in one go.
    let single = text.bytes().all(|byte| {
        let fits = byte > b' ' || !byte.is_ascii_whitespace() || (byte == b' ' && previous != b' ');
        previous = byte;
        fits
    });
    if single {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.bytes().map(|byte| char::from(byte.to_ascii_lowercase())));
    }
    out
}

fn fold_unicode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = false;
    for c in folded_characters(text).nfc() {
        if c.is_whitespace() {
            space = !out.is_empty();
            continue;
        }
        if space {
            out.push(' ');
            space = false;
        }
        out.push(c);
    }
    out
}

fn folded_characters(text: &str) -> impl Iterator<Item = char> + '_ {
    // Marks are dropped twice because lower-casing can bring one in: `İ` is `i` and a dot.
    text.nfkd()
        .filter(|c| !is_dropped(*c))
        .flat_map(char::to_lowercase)
        .filter(|c| !is_dropped(*c))
        .flat_map(|c| special(c).map_or_else(|| One(Some(c), ""), |text| One(None, text)))
}

/// One character, or the characters of a text.
struct One(Option<char>, &'static str);

impl Iterator for One {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let Some(c) = self.0.take() {
            return Some(c);
        }
        let mut rest = self.1.chars();
        let c = rest.next()?;
        self.1 = rest.as_str();
        Some(c)
    }
}

/// Letters that do not decompose, and variants of one letter.
pub(crate) fn special(c: char) -> Option<&'static str> {
    if c < '\u{80}' {
        return None;
    }
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' | 'ɖ' => "d",
        'þ' => "th",
        'ł' => "l",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ı' => "i",
        'ə' => "e",
        'ς' => "σ",
        '‘' | '’' | '‚' | '‛' | 'ʼ' | 'ʻ' | 'ʹ' | '′' | '´' => "'",
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        // Arabic: the letters that keyboards and habits spell in two ways.
        '\u{671}' => "\u{627}",
        '\u{649}' | '\u{6cc}' => "\u{64a}",
        '\u{6a9}' => "\u{643}",
        '\u{629}' | '\u{6c1}' | '\u{6c0}' | '\u{6d5}' => "\u{647}",
        _ => return digit(c),
    })
}

/// The ASCII digit for a decimal digit of the scripts that CRM data really holds.
fn digit(c: char) -> Option<&'static str> {
    /// The zeros of Arabic, Persian, Devanagari, Bengali, Gurmukhi, Gujarati, Oriya, Tamil, Telugu, Kannada,
    /// Malayalam, Thai, Lao, Tibetan, Burmese and Khmer digits.
    const ZEROS: [u32; 16] = [
        0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0xf20,
        0x1040, 0x17e0,
    ];
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let code = c as u32;
    if !(0x660..0x17ea).contains(&code) {
        return None;
    }
    let zero = ZEROS.into_iter().find(|zero| (*zero..zero + 10).contains(&code))?;
    DIGITS.get((code - zero) as usize).copied()
}

/// Marks that readers leave out, and characters that are not seen.
pub(crate) fn is_dropped(c: char) -> bool {
    if c < '\u{ad}' {
        return false;
    }
    // Classes 10 to 36 are Hebrew points, Arabic and Syriac vowel signs; 200 and above are accents; 1 are strokes
    // through a letter. Class 0, 7, 8, 9 and 84 to 132 are vowel signs, viramas, kana voicing and tone marks.
    matches!(canonical_combining_class(c), 1 | 10..=36 | 200..=240) || is_ignorable(c)
}

fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{640}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{e0000}'..='\u{e01ef}')
}

fn is_mark(c: char) -> bool {
    c > '\u{2ff}' && unicode_normalization::char::is_combining_mark(c)
}

/// Vowels and final consonants of decomposed Hangul, which compose with the character before.
fn is_joining_jamo(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11ff}')
}

/// Characters of scripts that put no spaces between words.
pub(crate) fn stands_alone(c: char) -> bool {
    c >= '\u{e01}'
        && matches!(c,
            '\u{e01}'..='\u{e4f}' | '\u{e80}'..='\u{ecf}' | '\u{edc}'..='\u{edf}'
            | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17df}'
            | '\u{3005}'..='\u{3007}' | '\u{3031}'..='\u{3035}' | '\u{3041}'..='\u{30ff}'
            | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}' | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{323af}')
}

/// The beginning of a text in one line of at most `length` characters, cut at the end of a word with `…`.
///
/// ```
/// use crm_core::ground::text::shortened;
/// assert_eq!(shortened("Called back,\nshe agrees", 14), "Called back,…");
/// ```
pub fn shortened(text: &str, length: usize) -> String {
    let most = length.saturating_sub(1);
    let (mut line, mut taken) = (String::new(), 0);
    for word in text.split_whitespace() {
        let room = most - taken;
        let wanted = word.chars().count() + usize::from(!line.is_empty());
        if wanted > room {
            if line.is_empty() {
                line.extend(word.chars().take(room));
            }
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        taken += wanted;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn stored_form() {
        let check = |form, input: &str, expected: Result<&str, &str>| {
            let result = normalise(input, form, 10);
            assert_eq!(result.as_deref().map_err(CrmError::code), expected, "{input:?}");
        };
        check(TextForm::Line, "  Anna \u{feff}", Ok("Anna"));
        check(TextForm::Line, "Jose\u{301}", Ok("José"));
        check(TextForm::Line, "Anna\n", Ok("Anna"));
        check(TextForm::Line, "An\nna", Err("text.control_character"));
        check(TextForm::Line, "An\tna", Err("text.control_character"));
        check(TextForm::Long, "a\tb\r\nc\rd", Ok("a\tb\nc\nd"));
        check(TextForm::Long, "a\u{0}b", Err("text.control_character"));
        check(TextForm::Long, "a\u{85}b", Err("text.control_character"));
        check(TextForm::Line, "12345678901", Err("text.too_long"));
        check(TextForm::Line, "éééééééééé", Ok("éééééééééé"));
        check(TextForm::Line, "e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}e\u{301}", Ok("éééééé"));
        assert!(matches!(normalise("José", TextForm::Line, 10), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn folded_form() {
        let check = |input: &str, expected: &str| assert_eq!(fold(input), expected, "{input:?}");
        check("", "");
        check("  Anna \t Maria\n", "anna maria");
        check("A\tB", "a b");
        check("José GARCÍA", "jose garcia");
        check("Straße ẞ", "strasse ss");
        check("Ørsted Łukasz Đorđe", "orsted lukasz dorde");
        check("Ægir Œuvre Þór Guðrún", "aegir oeuvre thor gudrun");
        check("Istanbul İSTANBUL ıstanbul", "istanbul istanbul istanbul");
        check("ΣΊΣΥΦΟΣ σίσυφος", "σισυφοσ σισυφοσ");
        check("Ёлка Йод", "елка иод");
        check("مُحَمَّد محـــمد أحمد", "محمد محمد احمد");
        check("علی كتاب کتاب", "علي كتاب كتاب");
        check("שָׁלוֹם", "שלום");
        check("ｶﾞﾝﾀﾞﾑ ＡＢＣ１２", "ガンダム abc12");
        check("がか", "がか");
        check("हिन्दी क़लम", "हिन्दी क\u{93c}लम");
        check("ภาษาไทย", "ภาษาไทย".nfkd().nfc().collect::<String>().as_str());
        check("한국어", "한국어");
        check("O’Brien – “Ltd”", "o'brien - \"ltd\"");
        check("ﬁn № ½", "fin no 1⁄2");
        check("a\u{200b}b\u{ad}c", "abc");
        check("١٢٣ ۴۵ ९", "123 45 9");
        check("東京\u{3000}都", "東京 都");
        check("Nguyễn Văn Đức", "nguyen van duc");
    }

    #[test]
    fn search_form() {
        let check = |input: &str, expected: &str| assert_eq!(search_text(input), expected, "{input:?}");
        check("anna@example.com", "anna example com");
        check("--", "");
        check("AT&T, Inc.", "at t inc");
        check("山田太郎 Ltd", "山 田 太 郎 ltd");
        check("abc山d", "abc 山 d");
        check("ガンダム", "ガ ン ダ ム");
        check("हिन्दी", "हिन्दी");
        check("ที่", "ที่");
        check("한국어 회사", "한국어 회사");
    }

    #[test]
    fn query_tokens() {
        let check = |input: &str, expected: &[&str]| assert_eq!(tokens(input), expected, "{input:?}");
        check("", &[]);
        check(" Müller,GmbH ", &["muller", "gmbh"]);
        check("o'brien", &["o", "brien"]);
        check("abc山田def", &["abc", "山 田", "def"]);
        check("東京 大阪", &["東 京", "大 阪"]);
    }

    #[test]
    fn clusters_keep_marks_with_their_letter() {
        let parts: Vec<_> = clusters("e\u{301}a\u{94d}").map(|(_, part)| part).collect();
        assert_eq!(parts, ["e\u{301}", "a\u{94d}"]);
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn fast_path_equals_general_path(text in "[ -~\t\n]{0,40}") {
            prop_assert_eq!(fold_ascii(&text), fold_unicode(&text));
        }

        #[test]
        fn tokens_are_in_the_search_text(text in any::<String>()) {
            let found = search_text(&text);
            for token in tokens(&text) {
                prop_assert!(found.contains(&token), "{} not in {}", token, found);
            }
        }

        #[test]
        fn stored_form_is_stable(text in any::<String>()) {
            if let Ok(stored) = normalise(&text, TextForm::Long, 1000) {
                let again = normalise(&stored, TextForm::Long, 1000);
                prop_assert_eq!(again.as_deref(), Ok(&*stored));
            }
        }
    }

    #[test]
    fn texts_are_cut_between_words() {
        let long = "word ".repeat(100);
        for (given, expected) in [
            ("", String::new()),
            (" a\n b ", "a b".to_owned()),
            (long.as_str(), format!("{}…", "word ".repeat(31) + "word")),
            ("x".repeat(300).as_str(), format!("{}…", "x".repeat(159))),
        ] {
            let short = shortened(given, 160);
            assert_eq!(short, expected);
            assert!(short.chars().count() <= 160);
        }
    }
}
