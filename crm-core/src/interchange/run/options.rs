//! How an import is run.

use std::ops::ControlFlow;

use crate::interchange::report::Counts;

/// What a rejected row does to the import.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportOnReject"))]
#[serde(rename_all = "snake_case")]
pub enum OnReject {
    /// The row is listed, and the import goes on.
    #[default]
    Continue,
    /// The import ends with the error `import.rejected`, and nothing is stored.
    Abort,
}

/// How an import is committed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ImportTransactions"))]
#[serde(rename_all = "snake_case")]
pub enum Transactions {
    /// Everything in one transaction: other writers wait, and nothing is half-imported whatever happens, a crash
    /// included.
    #[default]
    Whole,
    /// Each batch in a transaction of its own, so that others can write in between and the write-ahead log stays
    /// small. When the import fails or is cancelled, its batches are undone. After a crash
    /// [`recover`](crate::interchange::Imports::recover) undoes them.
    Batches,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Which file is read, from 0.
    pub file: usize,
    /// How many rows came to what, over all files.
    pub total: Counts,
}

/// How an import is run.
pub struct ImportOptions<'p> {
    /// Whether everything is done but nothing stored: the report is the one that the import would give.
    pub dry_run: bool,
    /// What a rejected row does to the import.
    pub on_reject: OnReject,
    /// How it is committed.
    pub transactions: Transactions,
    /// How many rows are put at a time, 1 to 10,000. 5,000 by default: the full-text index is written out at the end of
    /// each, and what is written in small pieces has to be merged later.
    pub batch: usize,
    /// Is told after each batch, and every 500 rows within one, how far the import is; `Break` cancels it, and nothing is
    /// stored. What became of the rows is counted at the end of their batch.
    pub progress: Option<&'p mut dyn FnMut(&Progress) -> ControlFlow<()>>,
}

impl Default for ImportOptions<'_> {
    fn default() -> Self {
        Self {
            dry_run: false,
            on_reject: OnReject::default(),
            transactions: Transactions::default(),
            batch: 5_000,
            progress: None,
        }
    }
}

impl<'p> ImportOptions<'p> {
    /// Does everything but stores nothing.
    pub fn dry_run() -> Self {
        Self { dry_run: true, ..Self::default() }
    }

    /// Tells a function how far the import is.
    pub fn progress(mut self, progress: &'p mut dyn FnMut(&Progress) -> ControlFlow<()>) -> Self {
        self.progress = Some(progress);
        self
    }
}
