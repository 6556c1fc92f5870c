//! JSON Lines: the whole database as text, and back into an empty one with an equal result.
//!
//! The first line is the header: `{"format":"crm-core","version":1,"types":{"person":12,…},"counters":{"case":9}}`
//! with the number of records of each type and the last number of each running count. Every other line is one record:
//! `{"type":"person","record":{…}}` with its system fields and every field that has a value, and beside it, where
//! there are any, `"periods"` (from when to when a field had each value) and `"keys"` (its keys in other systems).
//! After an attachment its content follows, a piece of up to 64 KiB a line, in BASE64:
//! `{"type":"attachment","content":"…"}`. Beside an event of the consent ledger stands its `"evidence"`, opened.
//!
//! The header has the `"secret"` of the database, too, when there is one: addresses are suppressed by keyed hashes, which
//! match nothing in a database with another secret. An export is as confidential as the database itself.
//!
//! Records of one type stand together, in the order in which they were stored. The definitions of custom types and
//! fields come first, the other types in the order of the schema. Search, filters by tags and timelines are made
//! anew from the records. What was deleted, the bin, the jobs and the journal are not in the export: a backup has
//! them.

mod check;
mod export;
mod import;
mod line;

pub(crate) use export::{export, unwritable};
pub(crate) use import::import;
pub use line::Exported;

/// The version of the format. A newer one is refused.
pub const FORMAT_VERSION: u64 = 1;
