//! Looking for texts in the bytes of a database: in its file, its log, its journal, and wherever else the host says.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::needles::{Form, Needles};
use crate::error::{CrmError, ErrorKind, Result};
use crate::storage::Database;

/// The most hits that are listed. Further ones are counted only.
const MOST_HITS: usize = 1_000;
/// How many bytes are read at a time.
const PIECE: usize = 1 << 20;

/// What was looked at.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ScannedFile {
    /// The name of the file without its folder; that of a table on a server; nothing for the bytes of a database in memory.
    pub name: Option<String>,
    /// How many bytes it has.
    pub bytes: u64,
}

/// Where a text was found. It does not say what the text is.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ByteHit {
    /// The file, by its place in the list.
    pub file: usize,
    /// The first byte, from 0.
    pub offset: u64,
    /// In which form.
    pub form: Form,
    /// Which of the texts, by its place in the list that was given.
    pub needle: usize,
}

/// What a search through the bytes came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ErasureVerification"))]
pub struct ByteScan {
    /// How many texts were looked for.
    pub needles: usize,
    /// In how many forms altogether.
    pub forms: usize,
    /// The files.
    pub files: Vec<ScannedFile>,
    /// How often something was found.
    pub found: u64,
    /// Where; at most 1,000.
    pub hits: Vec<ByteHit>,
}

impl ByteScan {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.found == 0
    }
}

/// Looks through all files of a database, or through its bytes or its rows when it has none, and through further files.
///
/// # Errors
/// `privacy.scan.file` for a file that cannot be read.
pub(super) fn scan(database: &dyn Database, needles: &Needles, further: &[PathBuf]) -> Result<ByteScan> {
    let (count, forms) = needles.counts();
    let mut scan = ByteScan { needles: count, forms, ..ByteScan::default() };
    let own = database.files();
    if own.is_empty() {
        database.contents(&mut |name, source| scan.pieces(needles, name.map(Path::new), source))?;
    }
    for path in own.iter().chain(further) {
        match File::open(path) {
            Ok(mut file) => scan.pieces(needles, Some(path), &mut file)?,
            // The log of a database comes and goes with its connections.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && own.contains(path) => {}
            Err(_) => return Err(unreadable()),
        }
    }
    Ok(scan)
}

impl ByteScan {
    fn pieces(&mut self, forms: &Needles, path: Option<&Path>, source: &mut dyn Read) -> Result<()> {
        let file = self.files.len();
        let overlap = forms.overlap();
        let mut buffer = Vec::with_capacity(PIECE + overlap);
        let mut base = 0_u64;
        loop {
            let kept = buffer.len();
            source.take(PIECE as u64).read_to_end(&mut buffer).map_err(|_| unreadable())?;
            let last = buffer.len() - kept < PIECE;
            // What begins in the overlap may go on in the next piece, and is looked for there.
            let until = if last { buffer.len() } else { buffer.len().saturating_sub(overlap) };
            forms.find(&buffer, until, base, &mut |found| {
                self.found += 1;
                if self.hits.len() < MOST_HITS {
                    self.hits.push(ByteHit {
                        file,
                        offset: found.offset,
                        form: found.form,
                        needle: found.needle,
                    });
                }
            });
            base += until as u64;
            buffer.drain(..until);
            if last {
                break;
            }
        }
        let name = path.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        self.files.push(ScannedFile { name, bytes: base });
        Ok(())
    }
}

fn unreadable() -> CrmError {
    CrmError::new(ErrorKind::Io, "privacy.scan.file", "a file cannot be read").at("files")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::SqliteDatabase;

    #[test]
    fn what_lies_across_two_pieces_is_found_once() {
        let needle = "a needle of some length";
        for at in [0, 1, PIECE - 30, PIECE - 12, PIECE - 1, PIECE, PIECE + 5, 2 * PIECE - 3] {
            let mut bytes = vec![b'.'; 2 * PIECE + 100];
            bytes[at..at + needle.len()].copy_from_slice(needle.as_bytes());
            let forms = Needles::new(&[needle]).unwrap();
            let mut scan = ByteScan::default();
            scan.pieces(&forms, None, &mut bytes.as_slice()).unwrap();
            let whole: Vec<_> = scan.hits.iter().filter(|hit| hit.form == Form::Utf8).collect();
            assert_eq!(whole.len(), 1, "{at}");
            assert_eq!(whole[0].offset, at as u64);
            assert_eq!(scan.files[0].bytes, bytes.len() as u64);
        }
    }

    #[test]
    fn a_database_in_memory_is_looked_through_by_its_bytes() {
        let database = SqliteDatabase::memory(crate::storage::sqlite::Options::default()).unwrap();
        database
            .write(&mut |c| {
                c.execute_batch("CREATE TABLE t (x TEXT) STRICT; INSERT INTO t VALUES ('Quartzberg')")
            })
            .unwrap();
        let look =
            |needle: &str, further: &[PathBuf]| scan(&database, &Needles::new(&[needle]).unwrap(), further);
        assert!(!look("quartzberg", &[]).unwrap().is_clean());
        assert!(look("lovelace", &[]).unwrap().is_clean());
        let missing = look("quartzberg", &[PathBuf::from("no such file")]).unwrap_err();
        assert_eq!(missing.code(), "privacy.scan.file");
    }
}
