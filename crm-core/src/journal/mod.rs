//! The journal: every committed change is appended once.
//!
//! That one log is the audit trail, the history of every field, undo, the change feed of the host and the source
//! of every "as of that day" read. It is tamper-evident: its entries are the leaves of a Merkle tree in the manner
//! of RFC 6962. Values of personal fields are sealed under a key of the data subject, so forgetting the key makes
//! them unreadable and leaves the tree provable.

pub mod area;
pub mod as_of;
pub mod entry;
pub mod feed;
pub mod history;
pub mod leaf;
pub mod proof;
pub(crate) mod rectified;
pub(crate) mod shred;
#[cfg(test)]
mod tests;
pub mod tree;
pub mod undo;
pub mod verify;
mod verify_erased;
pub mod verify_records;
pub(crate) mod writer;
