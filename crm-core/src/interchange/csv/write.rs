//! Writing rows of separated values (RFC 4180).

use std::io::{self, Write};

/// How many bytes are gathered before they are handed on.
const FULL: usize = 1 << 16;

/// Rows that are written cell by cell. A cell is quoted if it must be; a row ends with CR LF.
pub(crate) struct Lines<'o> {
    out: &'o mut dyn Write,
    delimiter: u8,
    gathered: Vec<u8>,
    /// Where the row that is written begins among what is gathered.
    start: usize,
    is_first: bool,
}

impl<'o> Lines<'o> {
    pub(crate) fn new(out: &'o mut dyn Write, delimiter: u8) -> Self {
        Self { out, delimiter, gathered: Vec::new(), start: 0, is_first: true }
    }

    /// Adds a cell to the row.
    pub(crate) fn cell(&mut self, text: &str) {
        if !std::mem::take(&mut self.is_first) {
            self.gathered.push(self.delimiter);
        }
        let is_special = |byte: u8| byte == self.delimiter || matches!(byte, b'"' | b'\r' | b'\n');
        if text.bytes().any(is_special) {
            self.gathered.extend(format!("\"{}\"", text.replace('"', "\"\"")).into_bytes());
        } else {
            self.gathered.extend_from_slice(text.as_bytes());
        }
    }

    /// Ends the row. One of a single empty cell has its quotes, or it would be no row.
    ///
    /// # Errors
    /// Those of the writer.
    pub(crate) fn end(&mut self) -> io::Result<()> {
        if self.gathered.len() == self.start {
            self.gathered.extend_from_slice(b"\"\"");
        }
        self.gathered.extend_from_slice(b"\r\n");
        if self.gathered.len() >= FULL {
            self.hand_on()?;
        }
        (self.start, self.is_first) = (self.gathered.len(), true);
        Ok(())
    }

    /// Hands on what is gathered, and tells the writer that this is all.
    ///
    /// # Errors
    /// Those of the writer.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.hand_on()?;
        self.out.flush()
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.gathered)?;
        self.gathered.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Lines;

    proptest! {
        #[test]
        fn writes_as_the_crate_csv_does(
            rows in prop::collection::vec(prop::collection::vec("[ab;,\"\r\n ä]{0,5}", 1..4), 0..6),
            delimiter in prop::sample::select(vec![b',', b';', b'\t']),
        ) {
            let mut theirs = csv::WriterBuilder::new()
                .delimiter(delimiter)
                .terminator(csv::Terminator::CRLF)
                .flexible(true)
                .from_writer(Vec::new());
            let mut ours = Vec::new();
            let mut lines = Lines::new(&mut ours, delimiter);
            for row in &rows {
                row.iter().for_each(|cell| lines.cell(cell));
                lines.end().unwrap();
                theirs.write_record(row).unwrap();
            }
            lines.finish().unwrap();
            prop_assert_eq!(
                String::from_utf8(ours).unwrap(),
                String::from_utf8(theirs.into_inner().unwrap()).unwrap()
            );
        }
    }
}
