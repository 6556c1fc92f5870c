//! Running an import: files in, batches of rows into the unit of work, a report out.

mod compile;
mod convert;
mod drive;
mod find;
mod merge;
mod options;
mod put;
mod row;
mod sight;

pub(crate) use drive::{check, committed, run, take_back};
pub use options::{ImportOptions, OnReject, Progress, Transactions};
pub(crate) use row::is_about_row;
