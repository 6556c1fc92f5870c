//! A struct or record that is being written.

use ::uniffi::Lift;

use super::lowering::{put_length, put_text};
use super::shape::Member;
use crate::UniFfiTag;
use crate::uniffi::generated::Redaction;

/// A struct or record whose members come one after another.
///
/// They come in the order in which they are laid out, but for those that are left out: these are written empty when the
/// next one comes. A member that comes after all is put in its place then.
pub(super) struct Object {
    members: &'static [Member],
    takes_custom: bool,
    /// How many places of members there were when it began: what comes after are its own.
    base: usize,
    /// Whose value comes.
    current: usize,
    /// Where that value begins, if its place was passed before.
    late: Option<usize>,
    /// Which members did not come although they are always there.
    absent: Vec<usize>,
    /// The custom fields that came, laid out, and how many they are.
    custom: (Vec<u8>, usize),
}

impl Object {
    pub(super) fn new(members: &'static [Member], takes_custom: bool, base: usize) -> Self {
        Self {
            members,
            takes_custom,
            base,
            current: 0,
            late: None,
            absent: Vec::new(),
            custom: (Vec::new(), 0),
        }
    }

    /// The member whose value comes.
    pub(super) fn current(&self) -> &'static Member {
        &self.members[self.current]
    }

    /// Whether it has custom fields besides its members.
    pub(super) fn takes_custom(&self) -> bool {
        self.takes_custom
    }

    /// Turns to the member with this name. `false` when there is none.
    pub(super) fn turn_to(&mut self, name: &str, out: &mut Vec<u8>, places: &mut Vec<usize>) -> bool {
        let passed = places.len() - self.base;
        let (before, coming) = self.members.split_at(passed);
        if let Some(skipped) = coming.iter().position(|member| member.name == name) {
            self.skip(skipped, out, places);
            places.push(out.len());
            self.current = passed + skipped;
            return true;
        }
        let at = before.iter().position(|member| member.name == name);
        if let Some(at) = at {
            self.current = at;
            self.late = Some(out.len());
        }
        at.is_some()
    }

    /// Writes the next members empty.
    fn skip(&mut self, count: usize, out: &mut Vec<u8>, places: &mut Vec<usize>) {
        let passed = places.len() - self.base;
        for (at, member) in self.members.iter().enumerate().skip(passed).take(count) {
            places.push(out.len());
            if !member.may_be_missing() {
                self.absent.push(at);
            }
            member.shape.write_empty(out);
        }
    }

    /// Puts the value that was just written in its place, if that was passed before.
    pub(super) fn settle(&mut self, out: &mut Vec<u8>, places: &mut [usize]) {
        let Some(begin) = self.late.take() else { return };
        let at = self.base + self.current;
        let length = out.len() - begin;
        let place = places[at];
        let former = places.get(at + 1).map_or(begin, |next| *next) - place;
        out[place..].rotate_right(length);
        out.drain(place + length..place + length + former);
        for later in &mut places[at + 1..] {
            *later = *later + length - former;
        }
        self.absent.retain(|absent| *absent != self.current);
    }

    /// Takes a custom field. One without a value is none.
    pub(super) fn put_custom(&mut self, name: &str, text: &str) {
        if text != "null" {
            put_text(name, &mut self.custom.0);
            put_text(text, &mut self.custom.0);
            self.custom.1 += 1;
        }
    }

    /// Writes what did not come, and the custom fields.
    ///
    /// # Errors
    /// What was expected, when a member did not come that is always there and was not left blank for the session.
    pub(super) fn close(mut self, out: &mut Vec<u8>, places: &mut Vec<usize>) -> Result<(), &'static str> {
        self.skip(self.members.len(), out, places);
        self.check(out, &places[self.base..])?;
        places.truncate(self.base);
        if self.takes_custom {
            put_length(self.custom.1, out);
            out.extend_from_slice(&self.custom.0);
        }
        Ok(())
    }

    fn check(&self, out: &[u8], places: &[usize]) -> Result<(), &'static str> {
        if self.absent.is_empty() {
            return Ok(());
        }
        let blank = self.members.iter().position(|member| member.name == "redactions").map(|at| places[at]);
        let blank =
            blank.and_then(|from| <Vec<Redaction> as Lift<UniFfiTag>>::try_read(&mut &out[from..]).ok());
        let is_blank = |name: &str| blank.iter().flatten().any(|redaction| redaction.field == name);
        match self.absent.iter().map(|at| &self.members[*at]).find(|member| !is_blank(member.name)) {
            Some(member) => Err(member.shape.in_words()),
            None => Ok(()),
        }
    }
}
