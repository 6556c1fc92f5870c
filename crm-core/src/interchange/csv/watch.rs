//! What a lenient CSV reader lets pass: quotes that are never closed, and records without end.

use std::collections::VecDeque;
use std::io::{self, Read};

use crate::error::{CrmError, ErrorKind};

/// The most bytes that one record may have.
pub(super) const MOST_RECORD_BYTES: u64 = 16 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    FieldStart,
    Plain,
    Quoted,
    /// Behind a quote inside quotes: the end of the field, or the first half of a doubled quote.
    QuoteInQuoted,
}

/// Passes bytes on and keeps an eye on their quotes.
pub(super) struct Watch<R> {
    inner: R,
    delimiter: u8,
    state: State,
    /// The number of the record, the header being 0; empty lines are none.
    record: u64,
    bytes: u64,
    line: u64,
    /// Where the open quote stands: record, line, column of the record.
    opened: (u64, u64, u64),
    column: u64,
    /// The lines on which records start that were not asked for yet.
    starts: VecDeque<u64>,
}

impl<R> Watch<R> {
    pub(super) fn new(inner: R, delimiter: u8) -> Self {
        let opened = (0, 1, 1);
        let (state, starts) = (State::FieldStart, VecDeque::new());
        Self { inner, delimiter, state, record: 0, bytes: 0, line: 1, opened, column: 1, starts }
    }

    /// The line on which the next record starts, from 1. The CSV reader itself is one line behind after CR LF.
    pub(super) fn next_start(&mut self) -> u64 {
        self.starts.pop_front().unwrap_or(self.line)
    }

    fn see(&mut self, byte: u8) -> Result<(), CrmError> {
        let ends = byte == b'\n' || byte == b'\r';
        if self.bytes == 0 && !ends {
            self.starts.push_back(self.line);
        }
        match self.state {
            State::Quoted => {
                if byte == b'"' {
                    self.state = State::QuoteInQuoted;
                }
            }
            State::FieldStart if byte == b'"' => {
                self.state = State::Quoted;
                self.opened = (self.record, self.line, self.column);
            }
            State::QuoteInQuoted if byte == b'"' => self.state = State::Quoted,
            State::QuoteInQuoted if byte != self.delimiter && !ends => {
                return Err(broken("has text behind a closing quote", self.opened));
            }
            _ if byte == self.delimiter => {
                self.state = State::FieldStart;
                self.column += 1;
            }
            _ if ends => {
                self.state = State::FieldStart;
                self.column = 1;
                self.record += u64::from(self.bytes > 0);
                self.bytes = 0;
            }
            _ => self.state = State::Plain,
        }
        if byte == b'\n' {
            self.line += 1;
        }
        let inside = self.state == State::Quoted || !ends;
        self.bytes += u64::from(inside);
        if self.bytes > MOST_RECORD_BYTES {
            let reason = format!("has more than {MOST_RECORD_BYTES} bytes");
            return Err(place(
                CrmError::new(ErrorKind::Limit, "csv.record.too_long", reason),
                (self.record, self.line, self.column),
            ));
        }
        Ok(())
    }
}

fn broken(reason: &str, at: (u64, u64, u64)) -> CrmError {
    place(CrmError::invalid("csv.quote", reason), at)
}

fn place(error: CrmError, (record, line, column): (u64, u64, u64)) -> CrmError {
    let row = if record == 0 { "header".to_owned() } else { format!("row {record}") };
    error
        .at(format!("{row} (line {line}), column {column}"))
        .detail("row", record)
        .detail("line", line)
        .detail("column", column)
}

impl<R: Read> Read for Watch<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        for &byte in &buffer[..count] {
            self.see(byte).map_err(io::Error::other)?;
        }
        if count == 0 && self.state == State::Quoted && !buffer.is_empty() {
            return Err(io::Error::other(broken("opens a quote that is never closed", self.opened)));
        }
        Ok(count)
    }
}
