//! What came of an import: counts, and every rejected row with its reason.

use std::fmt;

use serde::Serialize;

use crate::error::CrmError;
use crate::ground::ids::RecordId;

/// The most rejected rows and warnings that a report lists. Further ones are counted only.
pub const MOST_LISTED: usize = 10_000;

/// A row, or a cell of it, that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportReject"))]
pub struct Reject {
    /// The file, where the import has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The data row, from 1, the header not counted; for a vCard the card.
    pub row: u64,
    /// The line on which the row starts, from 1.
    pub line: u64,
    /// The column, by its name in the header; for a vCard the property.
    pub column: Option<String>,
    /// The field that the value was meant for, for example `emails[0].address`.
    pub field: Option<String>,
    /// The stable code, for example `email.no_at`.
    pub code: String,
    /// The reason in words.
    pub reason: String,
}

impl Reject {
    /// What an error says about a row.
    pub(crate) fn of(row: u64, line: u64, column: Option<String>, error: &CrmError) -> Self {
        Self {
            file: None,
            row,
            line,
            column,
            field: error.path().map(str::to_owned),
            code: error.code().to_owned(),
            reason: error.reason().to_owned(),
        }
    }
}

/// How many rows came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportCounts"))]
pub struct Counts {
    /// Rows that were read.
    pub read: u64,
    /// Records that were made.
    pub created: u64,
    /// Records that were changed.
    pub updated: u64,
    /// Records that had the values of their row already.
    pub unchanged: u64,
    /// Rows that the mapping leaves out.
    pub skipped: u64,
    /// Rows that were rejected.
    pub rejected: u64,
}

impl Counts {
    /// The rows whose record is in the database now.
    pub fn loaded(&self) -> u64 {
        self.created + self.updated + self.unchanged
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.read += other.read;
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
        self.skipped += other.skipped;
        self.rejected += other.rejected;
    }
}

/// What came of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportFileReport"))]
pub struct FileReport {
    /// The file; empty when the host gave a stream without a name.
    pub file: String,
    /// The record type.
    pub record_type: String,
    /// How many rows came to what.
    pub counts: Counts,
    /// The columns that the mapping does not name.
    pub unmapped: Vec<String>,
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImportReport {
    /// The job under which the changes stand in the journal: `session.imports().undo(job)` takes all of them back.
    pub job: RecordId,
    /// Whether nothing was stored, because it was only tried.
    pub dry_run: bool,
    /// How many rows came to what, over all files.
    pub total: Counts,
    /// The files, in their order.
    pub files: Vec<FileReport>,
    /// The rejected rows, at most [`MOST_LISTED`]; `total.rejected` counts all.
    pub rejects: Vec<Reject>,
    /// Cells that were left out of rows that were taken, at most [`MOST_LISTED`].
    pub warnings: Vec<Reject>,
    /// How many such cells there were.
    pub warned: u64,
}

impl ImportReport {
    pub(crate) fn reject(&mut self, reject: Reject) {
        self.current().rejected += 1;
        if self.rejects.len() < MOST_LISTED {
            self.rejects.push(self.named(reject));
        }
    }

    pub(crate) fn warn(&mut self, warning: Reject) {
        self.warned += 1;
        if self.warnings.len() < MOST_LISTED {
            self.warnings.push(self.named(warning));
        }
    }

    fn named(&self, reject: Reject) -> Reject {
        let file = self.files.last().map(|file| file.file.clone()).filter(|name| !name.is_empty());
        Reject { file, ..reject }
    }

    /// The counts of the file that is being read.
    pub(crate) fn current(&mut self) -> &mut Counts {
        if self.files.is_empty() {
            self.files.push(FileReport::default());
        }
        let last = self.files.len() - 1;
        &mut self.files[last].counts
    }

    /// Adds the files up.
    pub(crate) fn sum(&mut self) {
        self.total = Counts::default();
        for file in &self.files {
            self.total.add(file.counts);
        }
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<32} {:<20} {:>8} {:>8} {:>8} {:>9} {:>8} {:>8}",
            "file", "record type", "read", "created", "updated", "unchanged", "skipped", "rejected"
        )?;
        let mut line = |name: &str, kind: &str, counts: &Counts| {
            let Counts { read, created, updated, unchanged, skipped, rejected } = counts;
            writeln!(
                f,
                "{name:<32} {kind:<20} {read:>8} {created:>8} {updated:>8} {unchanged:>9} {skipped:>8} {rejected:>8}"
            )
        };
        for file in &self.files {
            line(&file.file, &file.record_type, &file.counts)?;
        }
        if self.files.len() > 1 {
            line("total", "", &self.total)?;
        }
        for (word, list) in [("rejected", &self.rejects), ("left out", &self.warnings)] {
            for reject in list {
                let file = reject.file.as_deref().map(|name| format!("{name}, ")).unwrap_or_default();
                let column =
                    reject.column.as_deref().map(|name| format!(", column {name}")).unwrap_or_default();
                let Reject { row, line, reason, code, .. } = reject;
                writeln!(f, "{word}: {file}row {row} (line {line}){column}: {reason} ({code})")?;
            }
        }
        Ok(())
    }
}
