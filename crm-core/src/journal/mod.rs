//! The journal: the one append-only log of every committed change, provable by a Merkle tree over its entries.

pub mod leaf;
pub mod proof;
pub mod tree;

#[cfg(test)]
mod tests;
