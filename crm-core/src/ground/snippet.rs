//! Snippets: the part of a text around the words that were searched for, with the hits marked.

use serde::{Deserialize, Serialize};

use crate::ground::sort;
use crate::ground::text::{clusters, fold_cluster, is_word_character, stands_alone};

/// A part of a text with the hits in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Snippet {
    /// The part of the text, one line, with `…` where it was cut.
    pub text: String,
    /// Where the hits are in `text`, in order and apart from each other.
    pub ranges: Vec<HitRange>,
}

/// A hit: a range of bytes (UTF-8), always on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HitRange {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

/// The part of `text` with the most telling hits, about `width` characters long, or nothing if no token hits.
///
/// Tokens are those of [`tokens`](crate::ground::text::tokens); they hit at the start of a word, whatever
/// the case and the accents. Marked is what was typed, not the rest of the word.
///
/// ```
/// use crm_core::ground::{snippet::snippet, text::tokens};
/// let found = snippet("Meeting with José García about the offer", &tokens("jose gar"), 20).expect("hits");
/// assert_eq!(found.text, "…with José García about…");
/// let marked: Vec<_> =
///     found.ranges.iter().map(|hit| &found.text[hit.start as usize..hit.end as usize]).collect();
/// assert_eq!(marked, ["José", "Gar"]);
/// ```
pub fn snippet(text: &str, query_tokens: &[String], width: usize) -> Option<Snippet> {
    let map = FoldedMap::new(text);
    let hits = map.hits(query_tokens);
    let first = hits.first()?;
    let (from, to) = window(text, first.0, width.max(1));
    let mut out = Snippet::default();
    if from > 0 {
        out.text.push('…');
    }
    let lead = out.text.len();
    let part = text.get(from..to)?;
    // Line breaks and tabs become spaces of the same length, so the ranges stay right.
    out.text.extend(part.chars().map(|c| if c.is_ascii_whitespace() { ' ' } else { c }));
    if to < text.len() {
        out.text.push('…');
    }
    let at = |offset: usize| u32::try_from(offset - from + lead).unwrap_or(u32::MAX);
    out.ranges = hits
        .iter()
        .filter(|hit| hit.0 >= from && hit.1 <= to)
        .map(|hit| HitRange { start: at(hit.0), end: at(hit.1) })
        .collect();
    Some(out)
}

/// A folded text that knows where each of its bytes came from.
struct FoldedMap {
    folded: String,
    /// For each byte of `folded`, the start and the end of its cluster in the original.
    origin: Vec<(usize, usize)>,
    /// For each byte of `folded`, whether a token may start here.
    starts: Vec<bool>,
}

impl FoldedMap {
    fn new(text: &str) -> Self {
        let mut map =
            Self { folded: String::with_capacity(text.len()), origin: Vec::new(), starts: Vec::new() };
        let mut word_before = false;
        for (at, cluster) in clusters(text) {
            let before = map.folded.len();
            fold_cluster(cluster, &mut map.folded);
            let added = map.folded.get(before..).unwrap_or_default();
            let first = added.chars().next();
            let alone = first.is_some_and(stands_alone);
            map.starts.push(alone || !word_before);
            if let Some(c) = first {
                word_before = is_word_character(c) && !alone;
            }
            map.starts.resize(map.folded.len().max(before), false);
            map.origin.resize(map.folded.len(), (at, at + cluster.len()));
        }
        map
    }

    /// The hits of all tokens as ranges of the original, in order, overlapping ones joined.
    fn hits(&self, tokens: &[String]) -> Vec<(usize, usize)> {
        let mut hits = Vec::new();
        for token in tokens {
            // Tokens of scripts without spaces carry spaces that the text does not have.
            let token: String = token.chars().filter(|c| *c != ' ').collect();
            if token.is_empty() {
                continue;
            }
            for (at, _) in self.folded.match_indices(&token) {
                let last = at + token.len() - 1;
                if let (Some(true), Some(start), Some(end)) =
                    (self.starts.get(at), self.origin.get(at), self.origin.get(last))
                {
                    hits.push((start.0, end.1));
                }
            }
        }
        sort::ascending(&mut hits);
        let mut joined: Vec<(usize, usize)> = Vec::with_capacity(hits.len());
        for hit in hits {
            match joined.last_mut() {
                Some(last) if hit.0 < last.1 => last.1 = last.1.max(hit.1),
                _ => joined.push(hit),
            }
        }
        joined
    }
}

/// The byte range of about `width` characters with the hit near its start, on word boundaries.
fn window(text: &str, hit: usize, width: usize) -> (usize, usize) {
    let (before, after) = (text.get(..hit).unwrap_or_default(), text.get(hit..).unwrap_or_default());
    let total_after = after.chars().count();
    // A quarter of the room goes before the hit, more if the text ends soon after it.
    let room_before = (width / 4).max(width.saturating_sub(total_after));
    let from = match before.char_indices().rev().nth(room_before) {
        None => 0,
        // The cut goes to the next start of a word, so that no half word stands at the edge.
        Some((cut, _)) => before
            .get(cut..)
            .and_then(|rest| rest.find(char::is_whitespace).map(|space| cut + space))
            .map_or(hit, |space| before.get(space..).map_or(hit, |rest| hit - rest.trim_start().len())),
    };
    let shown = text.get(from..hit).map_or(0, |part| part.chars().count());
    let to = match after.char_indices().nth(width.saturating_sub(shown)) {
        None => text.len(),
        Some((cut, _)) => {
            let end = hit + cut;
            after.get(cut..).map_or(text.len(), |rest| {
                // The word at the edge is finished if it is short, or cut if it is not.
                rest.char_indices()
                    .take(12)
                    .find(|(_, c)| c.is_whitespace())
                    .map_or(end, |(space, _)| end + space)
            })
        }
    };
    (from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::text::tokens;
    use proptest::prelude::*;

    #[test]
    fn marks_hits() {
        let check = |text: &str, query: &str, width, expected: Option<&str>| {
            let found = snippet(text, &tokens(query), width).map(|found| {
                let mut out = found.text.clone();
                for hit in found.ranges.iter().rev() {
                    out.insert(hit.end as usize, ']');
                    out.insert(hit.start as usize, '[');
                }
                out
            });
            assert_eq!(found.as_deref(), expected, "{text:?} {query:?}");
        };
        check("José García", "jose", 50, Some("[José] García"));
        check("Jose\u{301} x", "jose", 50, Some("[Jose\u{301}] x"));
        check("Große Straße", "strasse gross", 50, Some("[Groß]e [Straße]"));
        check("Anna", "bob", 50, None);
        check("Anna", "nna", 50, None);
        check("Anna", "", 50, None);
        check("東京都庁", "京都", 50, Some("東[京都]庁"));
        check("a\nb anna", "anna", 50, Some("a b [anna]"));
        check("one two three four five six seven", "four", 10, Some("…[four] five six…"));
        check("anna ann", "ann anna", 50, Some("[anna] [ann]"));
        check("ﬁnance", "fin", 50, Some("[ﬁn]ance"));
        check("", "a", 5, None);
    }

    proptest! {
        #[test]
        fn ranges_are_on_boundaries(text in "[a-céÉß東\u{301}İ \n]{0,60}", query in "[a-ce東s ]{1,6}", width in 0_usize..30) {
            if let Some(found) = snippet(&text, &tokens(&query), width) {
                let mut last = 0;
                for hit in &found.ranges {
                    prop_assert!(hit.start as usize >= last && hit.end > hit.start);
                    prop_assert!(found.text.get(hit.start as usize..hit.end as usize).is_some());
                    last = hit.end as usize;
                }
            }
        }
    }
}
