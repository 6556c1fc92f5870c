//! Proofs over the journal's tree: that an entry is in it, and that a later tree only added to an earlier one.
//!
//! Made as in RFC 6962 §2.1.1 and §2.1.2, verified as in RFC 9162 §2.1.3.2 and §2.1.4.2. Verification needs the
//! proof, the leaf hash and the tree heads and nothing else, so it works without the database, and also after the
//! payload of an entry was shredded.
//!
//! A root does not commit to the size of its tree, so a verifier must know both from a place that it trusts: that
//! pair is the [`TreeHead`].

use serde::{Deserialize, Serialize};

use super::tree::{Frontier, Hash, NodeSource, TileReader, empty_root, node_hash};
use crate::error::{CrmError, ErrorKind, Result};

/// The size and the root of a tree at one moment: what a host keeps or publishes to hold the journal to later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TreeHead {
    /// The number of leaves.
    pub size: u64,
    /// The root, 64 lower-case hexadecimal digits in JSON.
    #[serde(with = "hex_hash")]
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub root: Hash,
}

impl From<&Frontier> for TreeHead {
    fn from(tree: &Frontier) -> Self {
        Self { size: tree.size(), root: tree.root() }
    }
}

/// The proof that a leaf stands at a position of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InclusionProof {
    /// The position of the leaf, from 0.
    pub index: u64,
    /// The size of the tree.
    pub size: u64,
    /// The siblings from the leaf up to the root, hexadecimal in JSON.
    #[serde(with = "hex_path")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub path: Vec<Hash>,
}

impl InclusionProof {
    /// Makes the proof for a leaf of the tree of this size.
    ///
    /// # Errors
    /// `journal.proof.range` when the tree has no such leaf; `journal.tree.corrupt` when stored hashes are missing.
    pub fn new(index: u64, size: u64, source: &dyn NodeSource) -> Result<Self> {
        if index >= size {
            return Err(out_of_range("the tree of this size has no such entry"));
        }
        let mut reader = TileReader::new(size, source)?;
        let mut path = Vec::new();
        let (mut from, mut to) = (0, size);
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                path.push(reader.range(middle, to)?);
                to = middle;
            } else {
                path.push(reader.range(from, middle)?);
                from = middle;
            }
        }
        path.reverse();
        Ok(Self { index, size, path })
    }

    /// Verifies that the leaf is in the tree of this head at [`InclusionProof::index`].
    ///
    /// ```
    /// use crm_core::journal::proof::{InclusionProof, TreeHead};
    /// use crm_core::journal::tree::{Frontier, leaf_hash};
    /// let mut tree = Frontier::new();
    /// assert!(tree.push(leaf_hash(b"a")).is_empty());
    /// assert!(tree.push(leaf_hash(b"b")).is_empty());
    /// let proof = InclusionProof { index: 1, size: 2, path: vec![leaf_hash(b"a")] };
    /// assert!(proof.verify(&leaf_hash(b"b"), &TreeHead::from(&tree)).is_ok());
    /// assert!(proof.verify(&leaf_hash(b"x"), &TreeHead::from(&tree)).is_err());
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] with `journal.proof.mismatch` when the proof does not hold.
    pub fn verify(&self, leaf: &Hash, head: &TreeHead) -> Result<()> {
        if self.size != head.size || self.index >= self.size {
            return Err(mismatch());
        }
        let (mut index, mut last) = (self.index, self.size - 1);
        let mut root = *leaf;
        for sibling in &self.path {
            if last == 0 {
                return Err(mismatch());
            }
            if index & 1 == 1 || index == last {
                root = node_hash(sibling, &root);
                // On the right edge a node without a sibling moves up unchanged.
                let up = index.trailing_zeros();
                (index, last) = (index >> up, last >> up);
            } else {
                root = node_hash(&root, sibling);
            }
            (index, last) = (index >> 1, last >> 1);
        }
        if last == 0 && root == head.root { Ok(()) } else { Err(mismatch()) }
    }
}

/// The proof that a tree has an earlier tree as its beginning: nothing was changed or taken out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ConsistencyProof {
    /// The size of the earlier tree.
    pub old_size: u64,
    /// The size of the later tree.
    pub new_size: u64,
    /// The nodes from the bottom up, hexadecimal in JSON. Empty for an empty earlier tree and for equal sizes.
    #[serde(with = "hex_path")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub path: Vec<Hash>,
}

impl ConsistencyProof {
    /// Makes the proof between two sizes of one journal.
    ///
    /// # Errors
    /// `journal.proof.range` when the old size is larger; `journal.tree.corrupt` when stored hashes are missing.
    pub fn new(old_size: u64, new_size: u64, source: &dyn NodeSource) -> Result<Self> {
        if old_size > new_size {
            return Err(out_of_range("the old size is larger than the new one"));
        }
        let mut reader = TileReader::new(new_size, source)?;
        let mut path = Vec::new();
        if old_size > 0 {
            let (mut from, mut to) = (0, new_size);
            while to != old_size {
                let middle = from + split(to - from);
                if old_size <= middle {
                    path.push(reader.range(middle, to)?);
                    to = middle;
                } else {
                    path.push(reader.range(from, middle)?);
                    from = middle;
                }
            }
            // The verifier knows the whole old tree already, but not a right part of it.
            if from > 0 {
                path.push(reader.range(from, to)?);
            }
            path.reverse();
        }
        Ok(Self { old_size, new_size, path })
    }

    /// Verifies that the tree of the new head begins with the tree of the old head.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] with `journal.proof.mismatch` when the proof does not hold.
    pub fn verify(&self, old: &TreeHead, new: &TreeHead) -> Result<()> {
        if (self.old_size, self.new_size) != (old.size, new.size) || old.size > new.size {
            return Err(mismatch());
        }
        if old.size == 0 || old.size == new.size {
            // These proofs are empty, so the roots themselves must fit.
            let expected_old = if old.size == 0 { empty_root() } else { new.root };
            let new_fits = new.size > 0 || new.root == empty_root();
            let holds = self.path.is_empty() && old.root == expected_old && new_fits;
            return if holds { Ok(()) } else { Err(mismatch()) };
        }
        // An old tree of a power of two is a node of the new one, and is left out of the path.
        let known = old.size.is_power_of_two().then_some(&old.root);
        let mut nodes = known.into_iter().chain(&self.path);
        let first = nodes.next().ok_or_else(mismatch)?;
        let (mut index, mut last) = (old.size - 1, new.size - 1);
        let up = index.trailing_ones();
        (index, last) = (index >> up, last >> up);
        let (mut old_root, mut new_root) = (*first, *first);
        for node in nodes {
            if last == 0 {
                return Err(mismatch());
            }
            if index & 1 == 1 || index == last {
                old_root = node_hash(node, &old_root);
                new_root = node_hash(node, &new_root);
                let up = index.trailing_zeros();
                (index, last) = (index >> up, last >> up);
            } else {
                new_root = node_hash(&new_root, node);
            }
            (index, last) = (index >> 1, last >> 1);
        }
        let holds = last == 0 && old_root == old.root && new_root == new.root;
        if holds { Ok(()) } else { Err(mismatch()) }
    }
}

/// The largest power of two below the length, which is at least 2.
fn split(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

fn out_of_range(reason: &str) -> CrmError {
    CrmError::invalid("journal.proof.range", reason)
}

fn mismatch() -> CrmError {
    CrmError::new(ErrorKind::Corrupt, "journal.proof.mismatch", "the proof does not hold for these hashes")
}

/// A hash as 64 lower-case hexadecimal digits.
pub(crate) struct Hex(pub(crate) Hash);

impl Serialize for Hex {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(64);
        for byte in self.0 {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(digit.into(), 16).expect("a half byte is below 16"));
            }
        }
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        parse_hash(&text)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("is not a hash of 64 hexadecimal digits"))
    }
}

fn parse_hash(text: &str) -> Option<Hash> {
    // Only one spelling, so that a proof has one text.
    let digit = |byte: &u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
    let bytes =
        pairs.iter().map(|[high, low]| Some(digit(high)? << 4 | digit(low)?)).collect::<Option<Vec<_>>>()?;
    bytes.try_into().ok()
}

mod hex_hash {
    use super::{Deserialize, Hash, Hex, Serialize};

    pub(super) fn serialize<S: serde::Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
        Hex(*hash).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
        Hex::deserialize(deserializer).map(|hex| hex.0)
    }
}

mod hex_path {
    use super::{Deserialize, Hash, Hex};

    pub(super) fn serialize<S: serde::Serializer>(path: &[Hash], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(path.iter().map(|hash| Hex(*hash)))
    }

    pub(super) fn deserialize<'de, D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Hash>, D::Error> {
        Ok(Vec::<Hex>::deserialize(deserializer)?.into_iter().map(|hex| hex.0).collect())
    }
}
