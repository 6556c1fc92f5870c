//! Cards out of a stream, one after the other.

use std::io::BufRead;
use std::ops::Range;

use super::lines::{Lines, Physical};
use super::notice::{Notice, in_card, invalid, limit, outside};
use super::parse::{self, Boundary, boundary, opens_agent};
use super::{Limits, VCard};
use crate::error::{CrmError, Result};

/// A card with its place in the file and what had to be assumed to read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsedCard {
    /// The card.
    pub card: VCard,
    /// Which card of the file it is, counted from 1; bad cards count too.
    pub number: usize,
    /// The line of its BEGIN, counted from 1.
    pub line: usize,
    /// What the reader had to assume.
    pub notices: Vec<Notice>,
}

/// Reads cards out of a stream and holds one card in memory at a time.
///
/// # Errors
/// Each item is a card or the error of one; reading goes on with the next card. The path of an error is
/// `card 3, line 17`, its details have the numbers `card` and `line`. Codes:
/// - `vcard.truncated`: the card has no END
/// - `vcard.line`: a line is not `name:value`, or there is text outside the cards
/// - `vcard.parameter`: a parameter is malformed
/// - `vcard.version`: the version is not 2.1, 3.0 or 4.0
/// - `vcard.charset`: the character set is not known
/// - `vcard.encoding`: the text is not of its encoding or character set
/// - `vcard.limit`: one of the [`Limits`] is exceeded
/// - `vcard.read`: the stream failed; nothing follows
pub struct Reader<R> {
    lines: Lines<R>,
    limits: Limits,
    cards: usize,
    /// The line of a BEGIN that was read already.
    begun: Option<usize>,
    finished: bool,
    line: Vec<u8>,
}

/// The cards of a file in memory.
pub fn read(input: &[u8]) -> Reader<&[u8]> {
    Reader::new(input)
}

/// What a line costs beside its bytes, so that a card of a million tiny lines is not larger than it looks.
const LINE_COST: usize = size_of::<(usize, Range<usize>)>();

/// The physical lines of one card, in one piece of memory.
#[derive(Default)]
struct Collected {
    bytes: Vec<u8>,
    lines: Vec<(usize, Range<usize>)>,
    error: Option<CrmError>,
}

impl Collected {
    fn fail(&mut self, error: CrmError) {
        self.bytes = Vec::new();
        self.lines = Vec::new();
        self.error.get_or_insert(error);
    }

    fn push(&mut self, number: usize, line: &[u8], limits: &Limits) {
        if self.error.is_some() {
            return;
        }
        if self.bytes.len() + line.len() + LINE_COST * (self.lines.len() + 1) > limits.card {
            self.fail(limit("the card is larger than allowed", number));
            return;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(line);
        // Empty lines cost no bytes, so they must not be kept without end.
        if !line.is_empty() || self.lines.last().is_some_and(|(_, last)| !last.is_empty()) {
            self.lines.push((number, start..self.bytes.len()));
        }
    }
}

impl<R: BufRead> Reader<R> {
    /// A reader with [`Limits::DEFAULT`].
    pub fn new(input: R) -> Self {
        Self::with_limits(input, Limits::DEFAULT)
    }

    /// A reader with limits of the host.
    pub fn with_limits(input: R, limits: Limits) -> Self {
        let lines = Lines::new(input, limits);
        Self { lines, limits, cards: 0, begun: None, finished: false, line: Vec::new() }
    }

    /// Goes to the next BEGIN and gives its line, or nothing at the end of the file.
    fn find_begin(&mut self) -> Result<Option<usize>> {
        if let Some(begun) = self.begun.take() {
            return Ok(Some(begun));
        }
        let mut stray = None;
        let begun = loop {
            match self.lines.next(&mut self.line) {
                Physical::Line => {
                    // Control-Z is how DOS ended a file.
                    let line = self.line.trim_ascii();
                    if boundary(line) == Boundary::Begin {
                        break Some(self.lines.number);
                    }
                    if !line.is_empty() && line != [0x1a] {
                        stray.get_or_insert_with(|| {
                            invalid("vcard.line", "there is text outside the cards", self.lines.number)
                        });
                    }
                }
                Physical::Bad(error) => {
                    stray.get_or_insert(error);
                }
                Physical::Broken(error) => {
                    self.finished = true;
                    return Err(outside(error));
                }
                Physical::End => {
                    self.finished = true;
                    break None;
                }
            }
        };
        match stray {
            Some(error) => {
                self.begun = begun;
                Err(outside(error))
            }
            None => Ok(begun),
        }
    }

    /// Collects the lines up to END and reads them.
    fn read_card(&mut self, begin: usize) -> Result<ParsedCard> {
        let mut collected = Collected::default();
        let mut depth = 0_usize;
        let mut after_agent = false;
        loop {
            match self.lines.next(&mut self.line) {
                Physical::Line => {}
                Physical::Bad(error) => {
                    after_agent = false;
                    collected.fail(error);
                    continue;
                }
                Physical::Broken(error) => {
                    self.finished = true;
                    return Err(error);
                }
                Physical::End => {
                    self.finished = true;
                    let reason = format!("the file ends inside the card that begins at line {begin}");
                    return Err(collected
                        .error
                        .unwrap_or_else(|| invalid("vcard.truncated", reason, self.lines.number - 1)));
                }
            }
            let number = self.lines.number;
            match boundary(&self.line) {
                Boundary::Begin if after_agent => depth += 1,
                Boundary::Begin => {
                    self.begun = Some(number);
                    let reason =
                        format!("the card that begins at line {begin} has no END before the next begins");
                    return Err(collected
                        .error
                        .unwrap_or_else(|| invalid("vcard.truncated", reason, number)));
                }
                Boundary::End if depth == 0 => break,
                Boundary::End => depth -= 1,
                Boundary::None => {}
            }
            if !self.line.is_empty() {
                after_agent = opens_agent(&self.line);
            }
            collected.push(number, &self.line, &self.limits);
        }
        if let Some(error) = collected.error {
            return Err(error);
        }
        let lines = collected.lines.iter().map(|(number, range)| (*number, &collected.bytes[range.clone()]));
        let mut notices = Vec::new();
        let card = parse::card(lines, begin, self.lines.is_transcoded(), self.limits, &mut notices)?;
        Ok(ParsedCard { card, number: self.cards, line: begin, notices })
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<ParsedCard>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.finished {
            return None;
        }
        match self.find_begin() {
            Ok(Some(begin)) => {
                self.cards += 1;
                Some(self.read_card(begin).map_err(|error| in_card(error, self.cards)))
            }
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        }
    }
}
