//! Data in and out: the file formats that other programs speak.
//!
//! Each format is a pure layer of its own that knows nothing of the records; mapping to them is a separate step.

mod area;
pub(crate) mod csv;
pub(crate) mod csv_export;
mod exports;
mod jobs;
pub mod jsonl;
pub(crate) mod keys;
pub mod mapping;
mod report;
mod run;
pub mod vcard;
pub(crate) mod vcard_map;

pub use area::Imports;
pub use csv_export::{CsvExport, ExportColumn};
pub use exports::{Exports, RedactedCell};
pub use jobs::{Job, JobState};
pub use mapping::{ColumnRule, Mapping, Mode, Plan, PlanStep};
pub use report::{Counts, FileReport, ImportReport, MOST_LISTED, Reject};
pub use run::{ImportOptions, OnReject, Progress, Transactions};
pub use vcard_map::{Organisations, VcardOptions};
