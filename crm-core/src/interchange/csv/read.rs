//! Rows with their place in the file.

use std::io::{self, Cursor, Read};

use csv::ByteRecord;

use super::decode::Decoder;
use super::sniff;
use super::watch::Watch;
use crate::error::{CrmError, ErrorKind, Result};
use crate::ground::text::{TextForm, normalise};
use crate::interchange::mapping::CsvFormat;
use crate::record::schema::clip;

/// The most columns that a file may have.
const MOST_COLUMNS: usize = 2_000;

/// One row of a file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cells {
    /// Which data row it is, from 1.
    pub(crate) row: u64,
    /// The line on which it starts, from 1.
    pub(crate) line: u64,
    /// Its cells.
    pub(crate) record: ByteRecord,
}

type Source<'r> = Watch<io::Chain<Cursor<Vec<u8>>, Decoder<'r>>>;

/// The rows of a file.
pub(crate) struct Rows<'r> {
    reader: csv::Reader<Source<'r>>,
    /// The names of the columns, trimmed.
    pub(crate) header: Vec<String>,
    row: u64,
}

impl<'r> Rows<'r> {
    /// Reads the header.
    ///
    /// # Errors
    /// `csv.header.*`, `csv.quote`, `csv.read`.
    pub(crate) fn open(source: &'r mut dyn Read, format: &CsvFormat) -> Result<Self> {
        let mut decoder = Decoder::new(source, format.encoding).map_err(|error| io_error(&error))?;
        let mut start = Vec::new();
        (&mut decoder).take(64 * 1024).read_to_end(&mut start).map_err(|error| io_error(&error))?;
        let delimiter = match format.delimiter {
            None => sniff::delimiter(&start),
            Some(stated) => u8::try_from(stated)
                .ok()
                .filter(|byte| byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r'))
                .ok_or_else(|| {
                    CrmError::invalid("csv.delimiter", "is not an ASCII character that can separate columns")
                        .at("format.delimiter")
                })?,
        };
        let watched = Watch::new(Cursor::new(start).chain(decoder), delimiter);
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .from_reader(watched);
        let mut record = ByteRecord::new();
        let header = if reader.read_byte_record(&mut record).map_err(csv_error)? {
            header(&record)?
        } else {
            return Err(CrmError::invalid("csv.header.missing", "the file has no header").at("header"));
        };
        reader.get_mut().next_start();
        Ok(Self { reader, header, row: 0 })
    }

    /// Reads the next row into `cells`; `false` at the end. A row need not have as many cells as the header.
    ///
    /// # Errors
    /// `csv.quote` and `csv.record.too_long`, naming the row; `csv.read`.
    pub(crate) fn next(&mut self, cells: &mut Cells) -> Result<bool> {
        if !self.reader.read_byte_record(&mut cells.record).map_err(csv_error)? {
            return Ok(false);
        }
        self.row += 1;
        cells.row = self.row;
        cells.line = self.reader.get_mut().next_start();
        Ok(true)
    }
}

fn header(record: &ByteRecord) -> Result<Vec<String>> {
    if record.len() > MOST_COLUMNS {
        let reason = format!("has more than {MOST_COLUMNS} columns");
        return Err(CrmError::new(ErrorKind::Limit, "csv.header.too_many", reason).at("header"));
    }
    let mut names: Vec<String> = Vec::with_capacity(record.len());
    for (position, name) in record.iter().enumerate() {
        let at = || format!("header, column {}", position + 1);
        let name = std::str::from_utf8(name)
            .map_err(|_| CrmError::invalid("csv.encoding", "is not valid UTF-8").at(at()))?;
        let name = normalise(name, TextForm::Line, 500).map_err(|error| error.at(at()))?.into_owned();
        if !name.is_empty() && names.contains(&name) {
            return Err(
                CrmError::invalid("csv.header.duplicate", "stands in the header twice").at(clip(&name))
            );
        }
        names.push(name);
    }
    Ok(names)
}

fn io_error(error: &io::Error) -> CrmError {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<CrmError>()) {
        Some(known) => known.clone(),
        None => CrmError::new(ErrorKind::Io, "csv.read", "the file cannot be read"),
    }
}

fn csv_error(error: csv::Error) -> CrmError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => io_error(&error),
        _ => CrmError::new(ErrorKind::Io, "csv.read", "the file cannot be read"),
    }
}
