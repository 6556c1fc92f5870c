//! JSON Lines: the whole database as text, and back into an empty one with an equal result.
//!
//! The first line is the header: `{"format":"crm-core","version":1,"types":{"person":12,…}}` with the number of
//! records of each type. Every other line is one record: `{"type":"person","record":{…}}` with its system fields
//! and every field that has a value, and beside it, where there are any, `"periods"` (from when to when a field had
//! each value) and `"keys"` (its keys in other systems). Records of one type stand together, in the order in which
//! they were stored; types stand in the order of the schema. What was deleted and the journal are not in the
//! export: a backup has them.

mod export;
mod import;
mod line;

pub(crate) use export::{export, unwritable};
pub(crate) use import::import;
pub use line::Exported;

/// The version of the format. A newer one is refused.
pub const FORMAT_VERSION: u64 = 1;
