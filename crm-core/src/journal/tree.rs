//! The Merkle tree over the journal (RFC 6962 §2.1), append-only, with SHA-256.
//!
//! A leaf is `SHA-256(0x00 ‖ data)`, an inner node `SHA-256(0x01 ‖ left ‖ right)`, the empty tree `SHA-256("")`.
//!
//! The engine stores one leaf hash per entry and, for every 256 of them, one *tile*: the root of that complete
//! subtree. Tiles of level 1 stand over 256 leaves, tiles of level 2 over 256 tiles of level 1, and so on. Any node
//! of the tree follows from at most 256 stored hashes of one level, so a [`Frontier`] is rebuilt, and a proof is
//! made, from `O(256 · log256 n)` rows.

use sha2::{Digest, Sha256};

use crate::error::{CrmError, ErrorKind, Result};

/// A SHA-256 hash: of a leaf, of an inner node or of a whole tree.
pub type Hash = [u8; 32];

/// How many hashes of one level make a tile of the next.
pub const TILE_WIDTH: u64 = 1 << TILE_HEIGHT;
const TILE_HEIGHT: u32 = 8;

/// The largest tree: sequence numbers are stored as signed 64-bit integers.
pub const MAX_SIZE: u64 = i64::MAX as u64;

/// The hash of a leaf with this data.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new_with_prefix([0]).chain_update(data).finalize().into()
}

/// The hash of an inner node over its two children.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new_with_prefix([1]).chain_update(left).chain_update(right).finalize().into()
}

/// The root of the tree without leaves.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// The root of a complete subtree that a [`Frontier::push`] has just finished, to be stored by the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tile {
    /// The level, from 1: the tile stands over `256^level` leaves.
    pub level: u32,
    /// The position among the tiles of its level, from 0.
    pub index: u64,
    /// The root of the subtree.
    pub hash: Hash,
}

/// Where stored hashes are read from. The engine implements it over its tables.
pub trait NodeSource {
    /// The hashes of `count` leaves from leaf number `from` on (from 0), in order. `count` is at most 256.
    fn leaf_hashes(&self, from: u64, count: u64) -> Result<Vec<Hash>>;

    /// The hashes of `count` tiles of a level (from 1) from tile number `from` on (from 0), in order. `count` is
    /// at most 256, and only tiles that are complete at the size in question are asked for.
    fn tile_hashes(&self, level: u32, from: u64, count: u64) -> Result<Vec<Hash>>;
}

/// The right edge of the tree: what is needed to append and to know the root, at most 64 hashes.
///
/// A clone is cheap, so a unit of work appends to a clone and drops it when the transaction is rolled back.
///
/// ```
/// use crm_core::journal::tree::{Frontier, empty_root, leaf_hash, node_hash};
/// let mut tree = Frontier::new();
/// assert_eq!(tree.root(), empty_root());
/// assert!(tree.push(leaf_hash(b"a")).is_empty());
/// assert!(tree.push(leaf_hash(b"b")).is_empty());
/// assert_eq!((tree.size(), tree.root()), (2, node_hash(&leaf_hash(b"a"), &leaf_hash(b"b"))));
/// assert_eq!(Frontier::from_bytes(&tree.to_bytes())?, tree);
/// # Ok::<(), crm_core::CrmError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    /// One root of a complete subtree per set bit of `size`, the largest first.
    roots: Vec<Hash>,
}

impl Frontier {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a leaf. Returns the tiles that are complete now, from the lowest level up: none for 255 leaves
    /// out of 256. They must be stored in the same transaction as the leaf.
    #[must_use = "a completed tile must be stored"]
    pub fn push(&mut self, leaf: Hash) -> Vec<Tile> {
        // An empty vector does not allocate.
        let mut tiles = Vec::new();
        let mut hash = leaf;
        for height in 1..=self.size.trailing_ones() {
            let left = self.roots.pop().expect("there is a root per set bit of the size");
            hash = node_hash(&left, &hash);
            if height % TILE_HEIGHT == 0 {
                tiles.push(Tile { level: height / TILE_HEIGHT, index: self.size >> height, hash });
            }
        }
        self.roots.push(hash);
        self.size += 1;
        tiles
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(&last) = roots.next() else { return empty_root() };
        roots.fold(last, |right, left| node_hash(left, &right))
    }

    /// Rebuilds the right edge of a tree of this size from stored hashes: one read per level.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] with `journal.tree.corrupt` when hashes are missing; errors of the source.
    pub fn load(size: u64, source: &dyn NodeSource) -> Result<Self> {
        let mut reader = TileReader::new(size, source)?;
        let mut roots = Vec::with_capacity(size.count_ones() as usize);
        for height in (0..u64::BITS - size.leading_zeros()).rev() {
            if size >> height & 1 == 1 {
                roots.push(reader.node(height, (size >> height) - 1)?);
            }
        }
        Ok(Self { size, roots })
    }

    /// The frontier as bytes: the size in 8 bytes, most significant first, then the hashes, the largest subtree first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 32 * self.roots.len());
        bytes.extend_from_slice(&self.size.to_be_bytes());
        bytes.extend_from_slice(self.roots.as_flattened());
        bytes
    }

    /// The frontier from the bytes of [`Frontier::to_bytes`].
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] with `journal.tree.corrupt` when the length does not fit the size.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (size, rest) = bytes.split_first_chunk().ok_or_else(|| corrupt("the frontier is too short"))?;
        let size = u64::from_be_bytes(*size);
        let (roots, tail) = rest.as_chunks::<32>();
        if size > MAX_SIZE || !tail.is_empty() || roots.len() != size.count_ones() as usize {
            return Err(corrupt("the length of the frontier does not fit its size"));
        }
        Ok(Self { size, roots: roots.to_vec() })
    }
}

/// Computes nodes of a tree of a fixed size, reading each tile at most once.
pub(super) struct TileReader<'a> {
    size: u64,
    source: &'a dyn NodeSource,
    /// Level, number of the tile, its hashes. A proof touches a handful, so a list is enough.
    tiles: Vec<(u32, u64, Vec<Hash>)>,
}

impl<'a> TileReader<'a> {
    pub(super) fn new(size: u64, source: &'a dyn NodeSource) -> Result<Self> {
        if size > MAX_SIZE {
            return Err(CrmError::invalid("journal.tree.size", "is larger than a journal can be"));
        }
        Ok(Self { size, source, tiles: Vec::new() })
    }

    /// The root of the complete subtree number `index` among those over `2^height` leaves.
    fn node(&mut self, height: u32, index: u64) -> Result<Hash> {
        let (level, within) = (height / TILE_HEIGHT, height % TILE_HEIGHT);
        let first = index << within;
        let tile = self.tile(level, first / TILE_WIDTH)?;
        let offset = (first % TILE_WIDTH) as usize;
        let below = &tile[offset..offset + (1 << within)];
        Ok(complete_root(below))
    }

    /// The root of the leaves `from..to`, which must be a node of the tree: `from` is a multiple of the smallest
    /// power of two that is not below the length, and an incomplete subtree ends with the tree.
    pub(super) fn range(&mut self, from: u64, to: u64) -> Result<Hash> {
        // Complete subtrees from the left, joined from the right.
        let mut parts = Vec::new();
        let mut at = from;
        while at < to {
            let height = (to - at).ilog2();
            parts.push(self.node(height, at >> height)?);
            at += 1 << height;
        }
        let last = parts.pop().unwrap_or_else(empty_root);
        Ok(parts.iter().rfold(last, |right, left| node_hash(left, &right)))
    }

    /// The hashes of one tile: as many as are complete at this size.
    fn tile(&mut self, level: u32, number: u64) -> Result<&[Hash]> {
        let known = self.tiles.iter().position(|(l, n, _)| (*l, *n) == (level, number));
        let position = match known {
            Some(position) => position,
            None => {
                let from = number * TILE_WIDTH;
                let count = TILE_WIDTH.min((self.size >> (level * TILE_HEIGHT)) - from);
                let hashes = match level {
                    0 => self.source.leaf_hashes(from, count)?,
                    _ => self.source.tile_hashes(level, from, count)?,
                };
                if hashes.len() as u64 != count {
                    return Err(corrupt("hashes of the tree are missing"));
                }
                self.tiles.push((level, number, hashes));
                self.tiles.len() - 1
            }
        };
        Ok(&self.tiles[position].2)
    }
}

/// The root over hashes whose number is a power of two.
fn complete_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [only] => *only,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            node_hash(&complete_root(left), &complete_root(right))
        }
    }
}

fn corrupt(reason: &str) -> CrmError {
    CrmError::new(ErrorKind::Corrupt, "journal.tree.corrupt", reason)
}
