//! The forms in which a text may lie in a file, and finding all of them in one pass.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use unicode_normalization::UnicodeNormalization;

use crate::error::{CrmError, Result};
use crate::ground::sort;
use crate::ground::text::{fold, search_text};

/// The fewest bytes that are looked for: shorter ones stand in every file by chance.
pub(super) const SHORTEST: usize = 4;
/// How many bytes of the beginning are looked for by themselves, in case the rest was overwritten or lies elsewhere.
pub(super) const PREFIX: usize = 8;

/// In which form a needle was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "NeedleForm"))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Form {
    /// As it was given, in UTF-8.
    Utf8,
    /// In small letters.
    LowerCase,
    /// In capital letters.
    UpperCase,
    /// In another mixture of small and capital letters.
    MixedCase,
    /// With accents apart from their letters (NFD).
    Decomposed,
    /// As the engine compares it: without case and accents.
    Folded,
    /// In UTF-16, least significant byte first.
    Utf16LittleEndian,
    /// In UTF-16, most significant byte first.
    Utf16BigEndian,
    /// In BASE64, at any of the three places where it may begin.
    Base64,
    /// A single word, as the search index holds it.
    Token,
    /// The first bytes of it or of a word.
    Prefix,
}

/// One form of one needle.
struct Pattern {
    bytes: Vec<u8>,
    form: Form,
    needle: usize,
}

/// Where a needle was found: at which byte, in which form, and which it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) offset: u64,
    pub(super) form: Form,
    pub(super) needle: usize,
}

/// All forms of all needles.
pub(super) struct Needles {
    patterns: Vec<Pattern>,
    /// The patterns by a hash of their first four bytes, in ascending order of it.
    by_start: Vec<(u16, usize)>,
    /// Which hashes there are.
    starts: Vec<u64>,
    longest: usize,
    texts: usize,
}

impl Needles {
    /// All forms of texts.
    ///
    /// # Errors
    /// `privacy.needle.short` for a text of fewer than [`SHORTEST`] bytes, naming its place.
    pub(super) fn new<T: AsRef<str>>(texts: &[T]) -> Result<Self> {
        Self::of(texts, |_| true)
    }

    /// The forms of texts as a whole, without their words and beginnings: what an address shares with others, such as the
    /// name of a mail server, says nothing.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub(super) fn whole<T: AsRef<str>>(texts: &[T]) -> Result<Self> {
        Self::of(texts, |form| !matches!(form, Form::Token | Form::Prefix))
    }

    fn of<T: AsRef<str>>(texts: &[T], wanted: impl Fn(Form) -> bool) -> Result<Self> {
        let mut patterns: Vec<Pattern> = Vec::new();
        for (needle, text) in texts.iter().enumerate() {
            let text = text.as_ref().trim();
            if text.len() < SHORTEST {
                let reason = format!("has fewer than {SHORTEST} bytes");
                let at = format!("needles[{needle}]");
                return Err(CrmError::invalid("privacy.needle.short", reason).at(at));
            }
            for (form, bytes) in forms(text).into_iter().filter(|(form, _)| wanted(*form)) {
                let new = !patterns.iter().any(|known| known.needle == needle && known.bytes == bytes);
                if bytes.len() >= SHORTEST && new {
                    patterns.push(Pattern { bytes, form, needle });
                }
            }
        }
        let mut by_start: Vec<(u16, usize)> =
            patterns.iter().enumerate().map(|(at, pattern)| (start(&pattern.bytes), at)).collect();
        sort::ascending(&mut by_start);
        let mut starts = vec![0_u64; 1 << 10];
        for (hash, _) in &by_start {
            starts[usize::from(*hash) >> 6] |= 1 << (hash & 63);
        }
        let longest = patterns.iter().map(|pattern| pattern.bytes.len()).max().unwrap_or_default();
        Ok(Self { patterns, by_start, starts, longest, texts: texts.len() })
    }

    /// How many texts are looked for, and in how many forms altogether.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.texts, self.patterns.len())
    }

    /// How many bytes two pieces of a file must overlap, so that nothing between them is missed.
    pub(super) fn overlap(&self) -> usize {
        self.longest.saturating_sub(1)
    }

    /// Finds every form that begins in `bytes` before `until`. `base` is the place of the first byte in its file.
    pub(super) fn find(&self, bytes: &[u8], until: usize, base: u64, take: &mut dyn FnMut(Found)) {
        for (at, window) in bytes.windows(SHORTEST).enumerate().take(until) {
            let hash = start(window);
            if self.starts[usize::from(hash) >> 6] & 1 << (hash & 63) == 0 {
                continue;
            }
            let first = self.by_start.partition_point(|(known, _)| *known < hash);
            let rest = &bytes[at..];
            let offset = base + at as u64;
            let (mut exact, mut mixed) = (false, None);
            for (_, index) in self.by_start[first..].iter().take_while(|(known, _)| *known == hash) {
                let Pattern { bytes: pattern, form, needle } = &self.patterns[*index];
                if rest.starts_with(pattern) {
                    exact = true;
                    take(Found { offset, form: *form, needle: *needle });
                } else if *form != Form::Base64
                    && rest.get(..pattern.len()).is_some_and(|found| found.eq_ignore_ascii_case(pattern))
                {
                    mixed = Some(*needle);
                }
            }
            if let (false, Some(needle)) = (exact, mixed) {
                take(Found { offset, form: Form::MixedCase, needle });
            }
        }
    }
}

/// A hash of the first four bytes, the same for small and capital letters of ASCII.
fn start(bytes: &[u8]) -> u16 {
    let lower = |byte: &u8| u32::from(byte.to_ascii_lowercase());
    let word = bytes.iter().take(SHORTEST).fold(0_u32, |word, byte| word << 8 | lower(byte));
    (word.wrapping_mul(0x9e37_79b1) >> 16) as u16
}

/// The forms of a text, whole ones first.
fn forms(text: &str) -> Vec<(Form, Vec<u8>)> {
    let mut found = Vec::new();
    let mut add = |form: Form, bytes: Vec<u8>| found.push((form, bytes));
    let composed: String = text.nfc().collect();
    add(Form::Utf8, text.as_bytes().to_vec());
    add(Form::Utf8, composed.clone().into_bytes());
    for (form, text) in
        [(Form::LowerCase, composed.to_lowercase()), (Form::UpperCase, composed.to_uppercase())]
    {
        add(Form::Decomposed, text.nfd().collect::<String>().into_bytes());
        add(form, text.into_bytes());
    }
    add(Form::Decomposed, text.nfd().collect::<String>().into_bytes());
    let folded = fold(text);
    for text in [&composed, &folded] {
        add(Form::Utf16LittleEndian, text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        add(Form::Utf16BigEndian, text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        for shift in 0..3 {
            add(Form::Base64, base64_at(text.as_bytes(), shift));
        }
    }
    let words = search_text(text);
    for word in words.split(' ').filter(|word| word.len() >= SHORTEST) {
        add(Form::Token, word.as_bytes().to_vec());
        if word.len() > PREFIX {
            add(Form::Prefix, word.bytes().take(PREFIX).collect());
        }
    }
    for text in [composed, folded.clone()] {
        if text.len() > PREFIX {
            add(Form::Prefix, text.bytes().take(PREFIX).collect());
        }
    }
    add(Form::Folded, folded.into_bytes());
    found
}

/// The letters of BASE64 that stand for nothing but these bytes when `shift` other bytes come before them in a group of
/// three, whatever comes before and behind.
fn base64_at(bytes: &[u8], shift: usize) -> Vec<u8> {
    let mut padded = vec![0; shift];
    padded.extend_from_slice(bytes);
    let encoded = STANDARD_NO_PAD.encode(&padded).into_bytes();
    // A letter has six bits: those that share some with what comes before, or behind, are left out.
    let first = (shift * 8).div_ceil(6);
    let last = padded.len() * 8 / 6;
    encoded.get(first..last).unwrap_or_default().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    fn found(needle: &str, bytes: &[u8]) -> Vec<Form> {
        let needles = Needles::new(&[needle]).unwrap();
        let mut forms = Vec::new();
        needles.find(bytes, bytes.len(), 0, &mut |found| forms.push(found.form));
        forms.sort_unstable();
        forms.dedup();
        forms
    }

    #[test]
    fn every_form_is_found_wherever_it_stands() {
        let needle = "Zoë Quartzberg";
        let utf16 = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
        let little: Vec<u8> = utf16(needle).into_iter().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = utf16(needle).into_iter().flat_map(u16::to_be_bytes).collect();
        for (form, bytes) in [
            (Form::Utf8, needle.as_bytes().to_vec()),
            (Form::LowerCase, "zoë quartzberg".as_bytes().to_vec()),
            (Form::UpperCase, "ZOË QUARTZBERG".as_bytes().to_vec()),
            (Form::MixedCase, "ZoË qUARTZberg".replace('Ë', "ë").into_bytes()),
            (Form::Decomposed, "Zoe\u{308} Quartzberg".as_bytes().to_vec()),
            (Form::Folded, b"zoe quartzberg".to_vec()),
            (Form::Utf16LittleEndian, little),
            (Form::Utf16BigEndian, big),
            (Form::Token, b"quartzberg".to_vec()),
            (Form::Prefix, b"quartzbe".to_vec()),
        ] {
            for before in 0..5 {
                let mut file = vec![b'.'; before];
                file.extend_from_slice(&bytes);
                file.extend_from_slice(b"..");
                assert!(found(needle, &file).contains(&form), "{form:?} after {before}");
            }
        }
        for before in 0..6 {
            for behind in 0..3 {
                let text = format!("{}{needle}{}", "x".repeat(before), "y".repeat(behind));
                let encoded = STANDARD.encode(text);
                assert_eq!(found(needle, encoded.as_bytes()), [Form::Base64], "{before} {behind}");
            }
        }
        assert_eq!(found(needle, b"Zoo Quartz and others, quartz mountains"), []);
    }

    #[test]
    fn short_needles_are_refused() {
        let error = Needles::new(&["Quartzberg", "Zoe"]).map(drop).unwrap_err();
        assert_eq!((error.code(), error.path()), ("privacy.needle.short", Some("needles[1]")));
    }
}
